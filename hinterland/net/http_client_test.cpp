#include "hinterland/net/http_client.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <utility>

namespace hinterland {

namespace {

// Answers one request on a port of loopback: `head`, and then `again` until nobody listens any more, or 200 MB of it.
class Babbler {
 public:
  Babbler(std::string head, std::string again)
      : listener_(::socket(AF_INET, SOCK_STREAM, 0)), head_(std::move(head)), again_(std::move(again)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listener_, 1) == 0);
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { babble(); });
  }
  Babbler(const Babbler&) = delete;
  Babbler& operator=(const Babbler&) = delete;
  ~Babbler() {
    thread_.join();
    ::close(listener_);
  }
  [[nodiscard]] HttpServer server() const {
    return {.url = fmt::format("http://127.0.0.1:{}", port_), .authorities = ""};
  }

 private:
  void babble() {
    const int line = ::accept(listener_, nullptr, nullptr);
    std::string asked(1000, '\0');
    static_cast<void>(::recv(line, asked.data(), asked.size(), 0));
    const auto say = [&](const std::string& words) {
      return ::send(line, words.data(), words.size(), MSG_NOSIGNAL) > 0;
    };
    constexpr std::size_t most = 200'000'000;
    bool heard = head_.empty() || say(head_);
    for (std::size_t said = 0; heard && !again_.empty() && said < most; said += again_.size())
      heard = say(again_);
    ::close(line);
  }

  int listener_;
  int port_ = 0;
  std::string head_, again_;
  std::thread thread_;
};

HttpAsk asking(std::uint64_t most) {
  return {.method = "GET",
          .path = "/",
          .body = "",
          .headers = {},
          .file = {},
          .take = {},
          .progress = {},
          .most_bytes = most};
}

}  // namespace

TEST_CASE("an answer is read up to a size; one without end is none") {
  const std::string good = "HTTP/1.1 200 OK\r\n";
  const std::string much(10'000, 'x');
  struct Case {
    std::string head, again;
    bool is_whole;
  };
  for (const Case& one :
       {Case{good + "Content-Length: 1000\r\n\r\n" + std::string(1000, 'y'), "", true},
        Case{good + "Content-Length: 1001\r\n\r\n" + std::string(1001, 'y'), "", false},
        Case{good + "\r\n", much, false}, Case{"HTTP/1.1 500 No\r\n\r\n", much, false},
        Case{good + "Transfer-Encoding: chunked\r\n\r\n", "2710\r\n" + much + "\r\n", false},
        Case{good, "Name: " + much + "\r\n", false},
        Case{"", "HTTP/1.1 100 Continue\r\nName: " + much + "\r\n\r\n", false}}) {
    CAPTURE(one.head.substr(0, 60));
    const Babbler babbler(one.head, one.again);
    HttpClient client(babbler.server());
    const auto answer = client.ask(asking(1000));
    REQUIRE(answer.has_value() == one.is_whole);
    if (answer) {
      CHECK(answer->body == std::string(1000, 'y'));
      continue;
    }
    CHECK(answer.error().front().outside);
    CHECK(answer.error().front().where.file == babbler.server().url);
    CHECK(answer.error().front().what == "Its answer is longer than it can be, and was not read to its end.");
  }
}

}  // namespace hinterland
