// The broker's process: a loop on one thread, and HTTP on a Unix socket.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "hinterland/serve/api.hpp"
#include "hinterland/serve/loop.hpp"

namespace hinterland {

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
  // Asks again and again whether something is there: true; SIGINT and SIGTERM end that: false.
  static bool wait(std::int64_t every_ms, const std::function<bool()>& there);
  // Answers requests until SIGINT, SIGTERM or loop().stop().
  void run(Service& service);

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace hinterland
