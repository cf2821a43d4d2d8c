// The broker's process: a loop on one thread, and HTTP on a Unix socket.
#pragma once
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
  // Answers requests until SIGINT, SIGTERM or loop().stop().
  void run(Service& service);

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace hinterland
