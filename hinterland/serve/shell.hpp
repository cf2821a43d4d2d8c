// The broker's process: a loop on one thread, and HTTP on a Unix socket and on the network.
//
// Who holds a connection keeps nobody out: a header must come whole within 10 s and be no longer than 16 KB, bodies and
// answers must move at 16 KB/s at least after 30 s, and when there are too many connections, who has waited longest
// for the next request has to go.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "hinterland/serve/api.hpp"
#include "hinterland/serve/loop.hpp"

namespace hinterland {

// "127.0.0.1:8443", "[::1]:8443", "0.0.0.0:8443"; the port 0 is one that is free.
struct NetworkAddress {
  std::string host;
  std::uint16_t port = 0;
  [[nodiscard]] bool is_loopback() const;
  static Expected<NetworkAddress> parse(const std::string& text);
};
// PEM files; both or none. They are read again when they have changed, for connections that come after.
struct TlsFiles {
  std::string certificate, key;
  // Fails, located, where they are no certificate and its key, or the certificate has ended.
  [[nodiscard]] Expected<void> check() const;
};

class Shell {
 public:
  Shell();
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;
  ~Shell();

  [[nodiscard]] Loop& loop();
  // A socket file that only this user may use. One that nobody listens on is replaced; fails, located, where somebody
  // does, and where it cannot be made.
  Expected<void> listen(const std::string& socket);
  // Returns the port. Fails, located, where it is taken or the files are no certificate and key. `say` is told if they become
  // wrong later: the last that were good are still shown.
  Expected<std::uint16_t> listen(const NetworkAddress& address, const TlsFiles& tls,
                                 std::function<void(const Errors&)> say);
  // Asks again and again whether something is there: true; SIGINT and SIGTERM end that: false.
  static bool wait(std::int64_t every_ms, const std::function<bool()>& there);
  // Answers requests until SIGINT, SIGTERM or loop().stop().
  void run(Api& api);

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace hinterland
