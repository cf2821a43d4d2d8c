#include "hinterland/serve/client.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cerrno>
#include <utility>

namespace hinterland {

namespace {

namespace http = boost::beast::http;
using Local = boost::asio::local::stream_protocol;

constexpr std::uint64_t kMostBody = 4ULL << 30U;
constexpr int kPatience = 60'000;  // ms

bool answers(int socket) {
  pollfd readable{.fd = socket, .events = POLLIN, .revents = 0};
  int ready = 0;
  while ((ready = ::poll(&readable, 1, kPatience)) < 0 && errno == EINTR) {
  }
  return ready != 0;
}

}  // namespace

struct Client::Body {
  std::string name;
  boost::asio::io_context context;
  Local::socket socket{context};
  boost::beast::flat_buffer buffer;
};

Client::Client(std::unique_ptr<Body> body) : body_(std::move(body)) {}
Client::Client(Client&&) noexcept = default;
Client::~Client() = default;

Expected<Client> Client::open(const std::string& socket) {
  auto body = std::make_unique<Body>();
  body->name = socket;
  boost::system::error_code trouble;
  if (socket.size() < sizeof(sockaddr_un::sun_path)) {
    trouble = body->socket.connect(Local::endpoint(socket), trouble);
  } else {
    trouble = make_error_code(boost::system::errc::filename_too_long);
  }
  if (trouble) {
    return failure(
        {.what = fmt::format("No broker answers there ({}).", trouble.message()),
         .where = {.file = socket},
         .mend =
             "Start one with `hinterland broker`, or name its socket, or https://HOST:PORT, with --broker or "
             "HINTERLAND_BROKER.",
         .outside = true});
  }
  return Client(std::move(body));
}

Expected<ClientReply> Client::ask(const std::string& method, const std::string& target,
                                  const std::string& body) {
  http::request<http::string_body> request;
  request.method_string(method);
  request.target(target);
  request.version(11);
  request.set(http::field::host, "localhost");
  request.body() = body;
  request.prepare_payload();
  boost::system::error_code trouble;
  http::write(body_->socket, request, trouble);
  http::response_parser<http::string_body> response;
  response.body_limit(kMostBody);
  if (!trouble && !answers(body_->socket.native_handle()))
    return failure(
        {.what = fmt::format("The broker has not answered for {} s: what was asked may happen or not.",
                             kPatience / 1000),
         .where = {.file = body_->name},
         .mend = "See whether it is stopped, or what its machine is busy with.",
         .outside = true});
  if (!trouble) http::read(body_->socket, body_->buffer, response, trouble);
  if (trouble) {
    return failure(
        {.what = fmt::format(
             "The broker went away before it answered ({}): what was asked may have happened or not.",
             trouble.message()),
         .where = {.file = body_->name},
         .mend = "Ask it again; a submission with the same --key is taken once.",
         .outside = true});
  }
  return ClientReply{.status = static_cast<int>(response.get().result_int()),
                     .body = std::move(response.get().body())};
}

}  // namespace hinterland
