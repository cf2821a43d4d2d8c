// Time and readiness as a port: one thread calls everything that is asked for here, one thing after the other.
#pragma once
#include <cstdint>
#include <functional>

namespace hinterland {

class Loop {
 public:
  Loop() = default;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  virtual ~Loop() = default;

  virtual void post(std::function<void()> work) = 0;  // from any thread
  virtual void after(std::int64_t ms, std::function<void()> work) = 0;
  virtual void when_readable(int file, std::function<void()> work) = 0;  // again and again
  virtual void stop() = 0;                                               // the thread leaves the loop
};

}  // namespace hinterland
