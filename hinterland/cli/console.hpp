// The program's edges: where it prints, how it says that something went wrong, and how it is interrupted.
#pragma once
#include <chrono>
#include <string>

#include "hinterland/base/error.hpp"
#include "hinterland/base/progress.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// Exit codes of every verb.
inline constexpr int kDone = 0;           // judge: move
inline constexpr int kAnswerIsNo = 1;     // stay, refused, not honest
inline constexpr int kBadInput = 2;       // usage or input
inline constexpr int kOutsideFailed = 3;  // a full disk, a closed pipe
inline constexpr int kOwnBug = 70;
inline constexpr int kInterrupted = 130;  // 128 + SIGINT, as shells have it

// Prints a page or a text to standard output; a full disk or a closed pipe ends the program with
// kOutsideFailed.
void print(const Page& page);
void print(const std::string& text);

// Prints each error on its line to standard error; returns kBadInput, or kOutsideFailed if one is Error::outside.
int report(const Errors& errors);

// Ctrl-C, SIGTERM and SIGHUP end the program at once, as they would anyway, but leave no half-written file. While a
// TerminalProgress lives, the first Ctrl-C only tells it.
void watch_signals();

// Whether that first one has come: for what waits and has no bar of its own to ask.
bool was_interrupted();

// For --timing.
class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

class TerminalProgress;
// The same; kInterrupted if it was Ctrl-C that stopped the work.
int report(const Errors& errors, const TerminalProgress& progress);

// A bar on standard error if that is a terminal, silent otherwise; Ctrl-C makes step() answer false.
class TerminalProgress final : public Progress {
 public:
  TerminalProgress();
  ~TerminalProgress() override;
  bool step(std::string_view what, std::int64_t done, std::int64_t total) override;
  [[nodiscard]] double cpu_seconds() const override;
  // What stands behind the bar from now on.
  void say(std::string detail) { detail_ = std::move(detail); }
  [[nodiscard]] bool interrupted() const;
  // From now on Ctrl-C ends the program at once: for what cannot ask in between. False: it has come before.
  [[nodiscard]] bool stop_asking() const;

 private:
  bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point began_, last_;
  std::int64_t first_ = 0;  // of this phase: what was done when it began
  std::string phase_, detail_;
};

}  // namespace hinterland
