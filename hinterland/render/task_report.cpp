#include "hinterland/render/task_report.hpp"

#include <algorithm>
#include <optional>

#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

constexpr std::int64_t kMostMs = 100LL * 366 * 86'400'000;  // a hundred years
constexpr std::int64_t kMostStatus = 255;

std::optional<std::int64_t> number(std::string_view text, std::int64_t least, std::int64_t most) {
  const auto value = parse_integer(text);
  return value && *value >= least && *value <= most ? value : std::nullopt;
}

// Takes up to the separator off the front, and it too.
std::string_view next(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view first = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return first;
}

}  // namespace

Expected<TaskReport> parse_task_report(std::string_view text, const Chunk& chunk, const std::string& where) {
  long line_number = 0;
  const auto fail = [&](std::string what) {
    return failure({.what = std::move(what),
                    .where = {.file = where, .line = line_number, .column = 0, .field = {}},
                    .mend = "Something at the site has written into the task's folder."});
  };
  TaskReport report;
  std::optional<std::int64_t> all;
  std::int64_t spent = 0;
  while (!text.empty()) {
    std::string_view line = next(text, '\n');
    if (++line_number == 1) {
      if (line != "hinterland-frames 1") return fail("is no report of a task");
      continue;
    }
    const std::string_view first = next(line, ' ');
    if (all) return fail("goes on after its end");
    if (first == "all") {
      all = number(line, 0, kMostMs);
      if (!all) return fail("does not say what the task took");
      continue;
    }
    const auto frame = number(first, -kMostFrameNumber, kMostFrameNumber);
    const auto status = number(next(line, ' '), 0, kMostStatus), took = number(line, 0, kMostMs);
    if (!frame || !status || !took) return fail("does not say how a frame ended");
    const FrameRun run{
        .frame = {static_cast<std::int32_t>(*frame)}, .status = static_cast<int>(*status), .took = {*took}};
    if (report.frames.size() >= chunk.size() || chunk[report.frames.size()] != run.frame)
      return fail("is of a frame that was not this task's turn");
    report.frames.push_back(run);
    spent += *took;
  }
  if (!all) return fail("has no end");
  // Clocks may be set while it runs.
  report.start_up = {std::max<std::int64_t>(*all - spent, 0)};
  return report;
}

}  // namespace hinterland
