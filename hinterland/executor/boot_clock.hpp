// The clock that leases are told by: it is never set, and goes on while the machine sleeps.
#pragma once
#include <cstdint>
#include <ctime>

namespace hinterland {

// Milliseconds since the machine was started.
inline std::int64_t boot_ms() {
  std::timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace hinterland
