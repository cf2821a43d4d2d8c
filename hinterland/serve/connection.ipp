// One connection, its requests one after the other.
//
// g++ 12 destroys some temporaries of co_await expressions twice: what goes into a coroutine here is a name, and by
// reference. Included by shell.cpp alone, for Beast takes long to compile.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <chrono>
#include <limits>
#include <list>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "hinterland/serve/answers.hpp"
#include "hinterland/serve/api.hpp"

namespace hinterland {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Local = asio::local::stream_protocol;
using Trouble = boost::system::error_code;
using Plain = beast::basic_stream<asio::generic::stream_protocol>;
using Tls = beast::ssl_stream<Plain>;
using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

constexpr std::size_t kMostConnections = 4000;
constexpr std::uint32_t kMostHeader = 16'384;
constexpr std::size_t kChunk = 128 << 10U;
constexpr std::uint32_t kNobody = 65534;
constexpr seconds kIdle{120}, kHeader{10}, kGrace{30}, kLinger{2};
constexpr std::uint64_t kSlowest = 16'384;  // bytes/s
constexpr std::uint64_t kDrained =
    4'000'000;  // bytes of a refused body that are read for the sake of the answer

// A third of what this process may have open: the rest is the journal's and the pools'.
inline std::size_t most_connections() {
  rlimit descriptors{};
  if (getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return kMostConnections;
  return std::clamp<std::size_t>(descriptors.rlim_cur / 3, 1, kMostConnections);
}

// Those that wait for their client, in the order in which they began to wait.
struct Connections {
  struct Idle {
    std::function<void()> close;
    bool closing = false;
  };
  std::list<Idle> idle, closing;  // those that were closed, until they notice
  std::size_t count = 0;
  std::size_t most = most_connections();

  void make_room() {
    if (count < most || idle.empty()) return;
    idle.front().closing = true;
    closing.splice(closing.end(), idle, idle.begin());
    closing.back().close();
  }
};

struct Peer {
  bool from_socket = true;
  std::uint32_t uid = 0;
  std::string address;
};

template <class Stream>
class Connection {
 public:
  Connection(Stream stream, Api& api, Connections& all, Peer peer,
             std::shared_ptr<asio::ssl::context> tls = {})
      : tls_(std::move(tls)), stream_(std::move(stream)), api_(api), all_(all), peer_(std::move(peer)) {
    ++all_.count;
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { --all_.count; }

  asio::awaitable<void> serve() {
    if constexpr (std::is_same_v<Stream, Tls>) {
      const Waits waits(*this);
      low().expires_after(kHeader);
      co_await stream_.async_handshake(asio::ssl::stream_base::server, token());
      if (trouble_) co_return;
    }
    // g++ 12 makes a trap of co_await in a loop's condition.
    for (bool goes_on = true; goes_on;) goes_on = co_await one_request();
    low().expires_after(kLinger);
    if constexpr (std::is_same_v<Stream, Tls>) co_await stream_.async_shutdown(token());
  }

 private:
  using Parser = http::request_parser<http::buffer_body>;

  // While this lives it may be closed for others' sake.
  class Waits {
   public:
    explicit Waits(Connection& connection) : all_(connection.all_) {
      place_ = all_.idle.insert(all_.idle.end(), {.close = [&connection] {
                                  connection.low().close();
                                  if (connection.waiting_ != nullptr) connection.waiting_->cancel();
                                }});
    }
    Waits(const Waits&) = delete;
    Waits& operator=(const Waits&) = delete;
    ~Waits() { (place_->closing ? all_.closing : all_.idle).erase(place_); }

   private:
    Connections& all_;
    std::list<Connections::Idle>::iterator place_;
  };

  Plain& low() { return beast::get_lowest_layer(stream_); }
  auto token() { return asio::redirect_error(asio::use_awaitable, trouble_); }
  // What has moved `bytes` since then may go on for so long.
  void allow(Clock::time_point since, std::uint64_t bytes) {
    low().expires_at(since + kGrace + seconds(bytes / kSlowest));
  }

  // Whether another may follow.
  asio::awaitable<bool> one_request() {
    if (buffer_.size() == 0) {
      const Waits waits(*this);
      low().expires_after(kIdle);
      buffer_.commit(co_await stream_.async_read_some(buffer_.prepare(kMostHeader), token()));
      if (trouble_) co_return false;
    }
    Parser parser;
    parser.header_limit(kMostHeader);
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());  // the API has its own, by route
    {
      const Waits waits(*this);
      low().expires_after(kHeader);
      co_await http::async_read_header(stream_, buffer_, parser, token());
    }
    if (trouble_) co_return co_await refuse_garbled();
    if (!api_.service().acts()) co_return false;
    const bool keeps = parser.get().keep_alive();
    // What stands between may read these otherwise, and so see other requests than we do.
    const auto encoding = parser.get()[http::field::transfer_encoding];
    const bool is_odd = (!encoding.empty() && !beast::iequals(encoding, "chunked")) ||
                        (parser.get().version() >= 11 && parser.get().count(http::field::host) != 1) ||
                        parser.get().count(http::field::authorization) > 1 ||
                        parser.get().count("Idempotency-Key") > 1;
    if (is_odd) {
      api_.note_garbled(peer_.address, peer_.from_socket, 400, now_ms());
      ApiResponse answer = bad(
          400,
          "Transfer-Encoding is `chunked` or none; there is one Host, and one Authorization and one "
          "Idempotency-Key at most.");
      co_return co_await write(answer, false, false);
    }
    auto begun = api_.begin(head_of(parser), now_ms());
    if (auto* const answer = std::get_if<ApiResponse>(&begun)) {
      co_return co_await refuse(*answer, parser, keeps);
    }
    auto& exchange = std::get<Api::Exchange>(begun);
    std::optional<ApiResponse> refused = co_await read_body(parser, exchange);
    if (refused) co_return co_await refuse(*refused, parser, keeps);
    if (trouble_) co_return false;
    ApiResponse answer = co_await answer_of(exchange);
    if (!api_.service().acts()) co_return false;
    co_return co_await write(answer, parser.get().method() == http::verb::head, keeps);
  }

  static std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch()).count();
  }

  HttpHead head_of(Parser& parser) const {
    const auto& request = parser.get();
    const auto text = [](beast::string_view view) { return std::string(view.data(), view.size()); };
    HttpHead head{.method = text(request.method_string()),
                  .target = text(request.target()),
                  .host = text(request[http::field::host]),
                  .authorization = text(request[http::field::authorization]),
                  .key = text(request["Idempotency-Key"]),
                  .range = text(request[http::field::range]),
                  .content_range = text(request[http::field::content_range]),
                  .last_event = text(request["Last-Event-ID"]),
                  .origin = text(request[http::field::origin]),
                  .fetch_site = text(request["Sec-Fetch-Site"]),
                  .length = {},
                  .from_socket = peer_.from_socket,
                  .uid = peer_.uid,
                  .address = peer_.address};
    if (const auto length = parser.content_length()) head.length = *length;
    return head;
  }

  asio::awaitable<bool> refuse_garbled() {
    const bool is_http = trouble_.category() == make_error_code(http::error::bad_method).category();
    const bool is_late = trouble_ == beast::error::timeout;  // and closed: nothing can be said to it
    if (is_late) api_.note_garbled(peer_.address, peer_.from_socket, 408, now_ms());
    if (!is_http || trouble_ == http::error::end_of_stream || trouble_ == http::error::partial_message)
      co_return false;
    const bool is_long = trouble_ == http::error::header_limit || trouble_ == http::error::buffer_overflow;
    ApiResponse answer = is_long ? bad(431, "Its header is longer than 16 KB.")
                                 : bad(400, "This is no HTTP request: " + trouble_.message() + ".");
    api_.note_garbled(peer_.address, peer_.from_socket, answer.status, now_ms());
    co_return co_await write(answer, false, false);
  }

  asio::awaitable<std::optional<ApiResponse>> read_body(Parser& parser, Api::Exchange& exchange) {
    if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
      http::response<http::empty_body> go_on(http::status::continue_, 11);
      co_await http::async_write(stream_, go_on, token());
      if (trouble_) co_return std::nullopt;
    }
    const auto began = Clock::now();
    std::uint64_t bytes = 0;
    std::vector<char> chunk(parser.is_done() ? 0 : kChunk);
    while (!parser.is_done()) {
      parser.get().body().data = chunk.data();
      parser.get().body().size = chunk.size();
      {
        const Waits waits(*this);
        allow(began, bytes);
        co_await http::async_read_some(stream_, buffer_, parser, token());
      }
      if (trouble_ == http::error::need_buffer) trouble_ = {};
      if (trouble_ == beast::error::timeout) co_return exchange.give_up(bad(408, "It comes too slowly."));
      if (trouble_) {
        if (trouble_.category() == make_error_code(http::error::bad_method).category() &&
            trouble_ != http::error::partial_message)
          co_return exchange.give_up(bad(400, "Its body is garbled: " + trouble_.message() + "."));
        co_return std::nullopt;
      }
      const std::size_t got = chunk.size() - parser.get().body().size;
      bytes += got;
      if (auto refused = exchange.take({chunk.data(), got})) co_return refused;
    }
    co_return std::nullopt;
  }

  asio::awaitable<ApiResponse> answer_of(Api::Exchange& exchange) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer there(executor, Clock::time_point::max());
    auto answer = std::make_shared<std::optional<ApiResponse>>();
    try {
      exchange.finish([answer, &there](ApiResponse response) {
        *answer = std::move(response);
        there.cancel();
      });
    } catch (const std::exception& fault) {  // whoever asks gets an answer all the same
      if (!*answer) *answer = bad(500, fmt::format("It is the broker's own fault: {}.", fault.what()), "Please report it.");
    }
    if (!*answer) co_await there.async_wait(token());
    trouble_ = {};
    co_return std::move(**answer);
  }

  // Before its body was read. A small one is read for the sake of what follows it; else the connection ends, but not
  // before its client had time to see the answer.
  asio::awaitable<bool> refuse(ApiResponse& answer, Parser& parser, bool keeps) {
    trouble_ = {};
    const bool only_head = parser.get().method() == http::verb::head;
    if (parser.is_done()) co_return co_await write(answer, only_head, keeps);
    co_await write(answer, only_head, false);
    if (trouble_) co_return false;
    std::vector<char> chunk(kChunk);
    low().expires_after(kLinger);
    for (std::uint64_t bytes = 0; !trouble_ && bytes < kDrained;)
      bytes += co_await stream_.async_read_some(asio::buffer(chunk), token());
    co_return false;
  }

  template <class Body>
  void fill(http::response<Body>& response, const ApiResponse& answer, bool keeps) {
    response.version(11);
    response.result(static_cast<unsigned>(answer.status));
    response.set(http::field::content_type, answer.type);
    response.set("X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : answer.headers) response.set(name, value);
    response.keep_alive(keeps);
  }

  asio::awaitable<bool> write(ApiResponse& answer, bool only_head, bool keeps) {
    trouble_ = {};
    const Waits waits(*this);  // for somebody who may never read it
    const auto began = Clock::now();
    allow(began, 0);
    if (answer.events) co_return co_await write_events(answer);
    if (answer.file || only_head) {
      http::response<http::empty_body> response;
      fill(response, answer, keeps);
      response.content_length(answer.file ? answer.file->bytes : answer.body.size());
      http::response_serializer<http::empty_body> serializer(response);
      co_await http::async_write_header(stream_, serializer, token());
      if (answer.file && !only_head) co_await write_file(*answer.file, began);
      co_return !trouble_ && keeps;
    }
    http::response<http::string_body> response;
    fill(response, answer, keeps);
    response.body() = std::move(answer.body);
    response.prepare_payload();
    allow(began, response.body().size());
    co_await http::async_write(stream_, response, token());
    co_return !trouble_ && keeps;
  }

  asio::awaitable<void> write_file(const FilePart& part, Clock::time_point began) {
    std::vector<char> chunk(kChunk);
    for (std::uint64_t done = 0; !trouble_ && done < part.bytes;) {
      const std::size_t wanted = std::min<std::uint64_t>(chunk.size(), part.bytes - done);
      const ssize_t got =
          ::pread(part.file->get(), chunk.data(), wanted, static_cast<off_t>(part.from + done));
      if (got <= 0) {  // its client sees that it is cut off
        trouble_ = asio::error::eof;
        co_return;
      }
      done += static_cast<std::uint64_t>(got);
      allow(began, done);
      co_await asio::async_write(stream_, asio::buffer(chunk.data(), static_cast<std::size_t>(got)), token());
    }
  }

  // Until its client goes away, or there will be no more.
  asio::awaitable<bool> write_events(const ApiResponse& answer) {
    http::response<http::empty_body> response;
    fill(response, answer, false);
    http::response_serializer<http::empty_body> serializer(response);
    co_await http::async_write_header(stream_, serializer, token());
    const auto executor = co_await asio::this_coro::executor;
    while (!trouble_) {
      asio::steady_timer there(executor, Clock::time_point::max());
      auto text = std::make_shared<std::optional<std::optional<std::string>>>();
      answer.events->next([text, &there](std::optional<std::string> some) {
        *text = std::move(some);
        there.cancel();
      });
      waiting_ = &there;
      if (!*text) co_await there.async_wait(token());
      waiting_ = nullptr;
      trouble_ = {};
      if (!*text || !**text) break;  // it had to go; or there is no more
      allow(Clock::now(), (**text)->size());
      co_await asio::async_write(stream_, asio::buffer(***text), token());
    }
    co_return false;
  }

  std::shared_ptr<asio::ssl::context> tls_;
  Stream stream_;
  Api& api_;
  Connections& all_;
  Peer peer_;
  Trouble trouble_;
  asio::steady_timer* waiting_ = nullptr;  // for an event
  beast::flat_buffer buffer_{kMostHeader +
                             kChunk};  // it bounds what is no body too: chunks may have extensions
};

}  // namespace hinterland
