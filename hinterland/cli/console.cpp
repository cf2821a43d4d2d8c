#include "hinterland/cli/console.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "hinterland/base/partial_name.hpp"
#include "hinterland/report/terminal.hpp"
#include "hinterland/report/terminal_text.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kPlainWidth = 118;  // of output that goes to a file or a pipe

volatile std::sig_atomic_t interrupted_by_user = 0;
volatile std::sig_atomic_t somebody_asks = 0;

void end_at_once(int signal) {
  remove_partial_files();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void on_interrupt(int signal) {
  // A second Ctrl-C ends the program at once.
  if (somebody_asks == 0 || interrupted_by_user != 0) return end_at_once(signal);
  interrupted_by_user = 1;
}

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) return size.ws_col;
  return kPlainWidth;
}

}  // namespace

void print(const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!written || std::fflush(stdout) != 0) {
    std::perror("hinterland: standard output");
    std::_Exit(kOutsideFailed);
  }
}

void print(const Page& page) {
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  const bool colour = terminal && std::getenv("NO_COLOR") == nullptr;
  print(render_terminal(page, {.width = terminal ? terminal_width() : kPlainWidth, .colour = colour}));
}

int report(const Errors& errors) {
  for (const Error& error : errors) fmt::print(stderr, "hinterland: {}\n", printable(describe(error)));
  return std::ranges::any_of(errors, &Error::outside) ? kOutsideFailed : kBadInput;
}

bool was_interrupted() { return interrupted_by_user != 0; }

int report(const Errors& errors, const TerminalProgress& progress) {
  const int code = report(errors);
  return progress.interrupted() ? kInterrupted : code;
}

// What is ignored stays so (nohup), but for Ctrl-C: by `kill -INT` a script asks what it runs beside it for an answer.
void watch_signals() {
  std::signal(SIGINT, on_interrupt);
  for (const int signal : {SIGTERM, SIGHUP}) {
    if (std::signal(signal, end_at_once) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

bool TerminalProgress::interrupted() const { return was_interrupted(); }

bool TerminalProgress::stop_asking() const {
  somebody_asks = 0;
  return !interrupted();
}

TerminalProgress::TerminalProgress()
    : terminal_(isatty(STDERR_FILENO) != 0), began_(std::chrono::steady_clock::now()), last_(began_) {
  somebody_asks = 1;
}

TerminalProgress::~TerminalProgress() {
  if (drawn_) fmt::print(stderr, "\r\033[K");
  somebody_asks = 0;
}

double TerminalProgress::cpu_seconds() const { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

bool TerminalProgress::step(std::string_view what, std::int64_t done, std::int64_t total) {
  using namespace std::chrono_literals;
  const auto now = std::chrono::steady_clock::now();
  if (phase_ != what) {
    phase_ = what;
    began_ = now;
    first_ = done;
  }
  if (terminal_ && now - last_ > 100ms && total > 0) {
    last_ = now;
    drawn_ = true;
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    // What was there already when it began says nothing of how fast the rest comes.
    const double each = std::chrono::duration<double>(now - began_).count() /
                        static_cast<double>(std::max<std::int64_t>(1, done - first_));
    const std::string left =
        done > first_ ? fmt::format("  {:.0f} s left", each * static_cast<double>(total - done)) : "";
    fmt::print(stderr, "\r\033[K{} {:3.0f} %{}  {}", what, 100 * share, left, detail_);
    std::fflush(stderr);
  }
  return !interrupted();
}

}  // namespace hinterland
