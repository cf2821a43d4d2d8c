// Progress as a port: a library reports how far it is and asks "stop now?"; the CLI draws the bar, listens
// for Ctrl-C and reads the clock. A library calls step() every few milliseconds at most, never per item of a hot loop.
#pragma once
#include <cstdint>
#include <string_view>

namespace hinterland {

class Progress {
 public:
  Progress() = default;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  virtual ~Progress() = default;

  // `done` of `total` units of `what` are finished (total 0: not known). False: finish what is whole and
  // stop.
  virtual bool step(std::string_view what, std::int64_t done, std::int64_t total) = 0;

  // CPU seconds that the process has used, for whoever says how long its parts took; 0 where nobody counts them.
  [[nodiscard]] virtual double cpu_seconds() const { return 0; }
};

// Reports to nobody and never asks to stop.
class SilentProgress final : public Progress {
 public:
  bool step(std::string_view, std::int64_t, std::int64_t) override { return true; }
};

}  // namespace hinterland
