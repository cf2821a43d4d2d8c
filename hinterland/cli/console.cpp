#include "hinterland/cli/console.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "hinterland/report/terminal.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kPlainWidth = 118;  // of output that goes to a file or a pipe

volatile std::sig_atomic_t interrupted_by_user = 0;

void on_interrupt(int) {
  interrupted_by_user = 1;
  // A second Ctrl-C ends the program at once.
  std::signal(SIGINT, SIG_DFL);
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
  for (const Error& error : errors) fmt::print(stderr, "hinterland: {}\n", describe(error));
  return kBadInput;
}

int report(const Errors& errors, const TerminalProgress& progress) {
  report(errors);
  return progress.interrupted() ? kInterrupted : kBadInput;
}

bool TerminalProgress::interrupted() const { return interrupted_by_user != 0; }

TerminalProgress::TerminalProgress()
    : terminal_(isatty(STDERR_FILENO) != 0), began_(std::chrono::steady_clock::now()), last_(began_) {
  std::signal(SIGINT, on_interrupt);
}

TerminalProgress::~TerminalProgress() {
  if (drawn_) fmt::print(stderr, "\r\033[K");
  std::signal(SIGINT, SIG_DFL);
}

double TerminalProgress::cpu_seconds() const { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

bool TerminalProgress::step(std::string_view what, std::int64_t done, std::int64_t total) {
  using namespace std::chrono_literals;
  const auto now = std::chrono::steady_clock::now();
  if (phase_ != what) {
    phase_ = what;
    began_ = now;
  }
  if (terminal_ && now - last_ > 100ms && total > 0) {
    last_ = now;
    drawn_ = true;
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const double spent = std::chrono::duration<double>(now - began_).count();
    const int left = share > 0 ? static_cast<int>(spent / share - spent) : 0;
    fmt::print(stderr, "\r\033[K{} {:3.0f} %  {} s left  {}", what, 100 * share, left, detail_);
    std::fflush(stderr);
  }
  return !interrupted();
}

}  // namespace hinterland
