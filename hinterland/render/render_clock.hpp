// Time as a render needs it: how long something took, and waiting a while.
#pragma once
#include "hinterland/base/time.hpp"

namespace hinterland {

class RenderClock {
 public:
  RenderClock() = default;
  RenderClock(const RenderClock&) = delete;
  RenderClock& operator=(const RenderClock&) = delete;
  virtual ~RenderClock() = default;

  // Since some moment; never goes back.
  virtual Duration now() = 0;
  virtual void wait(Duration time) = 0;
};

}  // namespace hinterland
