#include "hinterland/serve/shell.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <csignal>
#include <filesystem>
#include <list>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace hinterland {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Local = asio::local::stream_protocol;
using Trouble = boost::system::error_code;

constexpr std::uint64_t kMostBody = 64U << 20U;
constexpr std::size_t kMostConnections = 1000;
constexpr std::int64_t kAcceptAgain = 100;  // ms: no descriptor is free

// A quarter of what this process may have open: the rest is the journal's and the pools'.
std::size_t most_connections() {
  rlimit descriptors{};
  if (getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return kMostConnections;
  return std::clamp<std::size_t>(descriptors.rlim_cur / 4, 1, kMostConnections);
}

class AsioLoop final : public Loop {
 public:
  void post(std::function<void()> work) override { asio::post(context, std::move(work)); }
  void after(std::int64_t ms, std::function<void()> work) override {
    auto timer = std::make_shared<asio::steady_timer>(context, std::chrono::milliseconds(ms));
    timer->async_wait([timer, work = std::move(work)](const Trouble& trouble) {
      if (!trouble) work();
    });
  }
  void when_readable(int file, std::function<void()> work) override {
    auto watched = std::make_shared<asio::posix::stream_descriptor>(context, ::dup(file));
    watch(watched, std::make_shared<std::function<void()>>(std::move(work)));
  }
  void stop() override { context.stop(); }

  asio::io_context context{1};

 private:
  static void watch(const std::shared_ptr<asio::posix::stream_descriptor>& file,
                    const std::shared_ptr<std::function<void()>>& work) {
    file->async_wait(asio::posix::stream_descriptor::wait_read, [file, work](const Trouble& trouble) {
      if (trouble) return;
      (*work)();
      watch(file, work);
    });
  }
};

class Session;
// Connections, those that wait for their client in the order in which they began to wait. If there are too many,
// who has waited longest has to go: who only holds a connection must not keep others out.
struct Sessions {
  std::list<Session*> idle;
  std::size_t count = 0;
  std::size_t most = most_connections();
};

// One connection, its requests one after the other.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Local::socket socket, Service& service, Sessions& sessions)
      : socket_(std::move(socket)), service_(service), sessions_(sessions) {
    ++sessions_.count;
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    stop_waiting();
    --sessions_.count;
  }

  void close() {
    stop_waiting();
    Trouble ignored;
    ignored = socket_.close(ignored);
  }
  void read() {
    wait();
    parser_.emplace();
    parser_->body_limit(kMostBody);
    http::async_read(
        socket_, buffer_, *parser_, [self = shared_from_this()](const Trouble& trouble, std::size_t) {
          self->stop_waiting();
          if (!trouble) return self->answer();
          if (trouble == http::error::body_limit) return self->refuse(413, "It is larger than 64 MB.");
          const bool garbled = trouble.category() == make_error_code(http::error::bad_method).category() &&
                               trouble != http::error::end_of_stream &&
                               trouble != http::error::partial_message;
          if (garbled) self->refuse(400, "This is no HTTP request: " + trouble.message() + ".");
        });
  }

 private:
  void wait() { place_ = sessions_.idle.insert(sessions_.idle.end(), this); }
  void stop_waiting() {
    if (place_) sessions_.idle.erase(*place_);
    place_.reset();
  }
  // And that is the end of the connection: where the next request begins, nobody can tell.
  void refuse(int status, const std::string& what) {
    const nlohmann::ordered_json error = {{"error", {{"what", what}, {"mend", ""}}}};
    write({.status = status, .body = error.dump() + "\n"}, false);
  }
  void answer() {
    if (!service_.acts()) return close();
    const auto& request = parser_->get();
    const auto text = [](boost::beast::string_view view) { return std::string(view.data(), view.size()); };
    const ApiRequest asked{.method = text(request.method_string()),
                           .target = text(request.target()),
                           .body = request.body(),
                           .key = text(request["Idempotency-Key"])};
    handle(service_, asked, [self = shared_from_this()](ApiResponse response) {
      self->write(std::move(response), self->parser_->get().keep_alive());
    });
  }
  void write(ApiResponse answer, bool goes_on) {
    response_ = {};
    response_.version(11);
    response_.result(static_cast<unsigned>(answer.status));
    response_.set(http::field::content_type, answer.type);
    response_.keep_alive(goes_on);
    response_.body() = std::move(answer.body);
    response_.prepare_payload();
    wait();  // for somebody who may never read it
    http::async_write(socket_, response_, [self = shared_from_this()](const Trouble& trouble, std::size_t) {
      self->stop_waiting();
      if (!trouble && self->response_.keep_alive()) self->read();
    });
  }

  Local::socket socket_;
  Service& service_;
  Sessions& sessions_;
  std::optional<std::list<Session*>::iterator> place_;  // while it waits
  boost::beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
};

}  // namespace

struct Shell::Body {
  Sessions sessions;  // outlives what the loop still holds
  AsioLoop loop;
  std::optional<asio::signal_set> signals;
  std::optional<Local::acceptor> acceptor;
  std::string socket;

  void accept(Service& service) {
    acceptor->async_accept([this, &service](const Trouble& trouble, Local::socket one) {
      if (sessions.count >= sessions.most && !sessions.idle.empty()) sessions.idle.front()->close();
      if (trouble) return loop.after(kAcceptAgain, [this, &service] { accept(service); });
      std::make_shared<Session>(std::move(one), service, sessions)->read();
      accept(service);
    });
  }
};

Shell::Shell() : body_(std::make_unique<Body>()) {}
Shell::~Shell() {
  if (body_->socket.empty()) return;
  std::error_code ignored;
  std::filesystem::remove(body_->socket, ignored);
}
Loop& Shell::loop() { return body_->loop; }

Expected<void> Shell::listen(const std::string& socket) {
  const auto fail = [&](std::string what, std::string mend, bool outside) {
    return failure(
        {.what = std::move(what), .where = {.file = socket}, .mend = std::move(mend), .outside = outside});
  };
  if (socket.size() >= sizeof(sockaddr_un::sun_path))
    return fail("The name is too long for a socket.", "Name a shorter one with --socket.", false);
  std::error_code ignored;
  if (std::filesystem::exists(socket, ignored)) {
    if (!std::filesystem::is_socket(socket, ignored))
      return fail("It is there, and no socket.", "Name another with --socket.", false);
    Local::socket other(body_->loop.context);
    Trouble trouble;
    if (other.connect(Local::endpoint(socket), trouble) != asio::error::connection_refused)
      return fail("Another broker listens there.", "Stop that one, or name another socket with --socket.",
                  false);
    std::filesystem::remove(socket, ignored);
  }
  const mode_t before = ::umask(0077);
  Trouble trouble;
  body_->acceptor.emplace(body_->loop.context);
  trouble = body_->acceptor->open(Local(), trouble);
  if (!trouble) trouble = body_->acceptor->bind(Local::endpoint(socket), trouble);
  if (!trouble) trouble = body_->acceptor->listen(asio::socket_base::max_listen_connections, trouble);
  ::umask(before);
  if (trouble) return fail(trouble.message() + ".", "", true);
  body_->socket = socket;
  return {};
}

bool Shell::wait(std::int64_t every_ms, const std::function<bool()>& there) {
  asio::io_context context{1};
  asio::signal_set signals(context, SIGINT, SIGTERM);
  bool stopped = false;
  signals.async_wait([&](const Trouble& trouble, int) {
    stopped = !trouble;
    context.stop();
  });
  asio::steady_timer timer(context);
  const std::function<void(const Trouble&)> look = [&](const Trouble& trouble) {
    if (trouble || there()) return context.stop();
    timer.expires_after(std::chrono::milliseconds(every_ms));
    timer.async_wait(look);
  };
  asio::post(context, [&] { look({}); });
  context.run();
  return !stopped;
}

void Shell::run(Service& service) {
  body_->signals.emplace(body_->loop.context, SIGINT, SIGTERM);  // until now they interrupt what is read
  body_->signals->async_wait([this](const Trouble& trouble, int) {
    if (!trouble) body_->loop.stop();
  });
  if (body_->acceptor) body_->accept(service);
  body_->loop.context.run();
}

}  // namespace hinterland
