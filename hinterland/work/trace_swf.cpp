// Standard Workload Format 2.2 (Chapin et al. 1999;
// https://www.cs.huji.ac.il/labs/parallel/workload/swf.html).
//
// Columns used, from 1: 2 submit s, 3 wait s, 4 run s, 5 processors allocated, 7 memory used KB a processor,
// 8 processors requested, 9 time requested s, 10 memory requested KB a processor, 11 status, 12 user.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <unordered_map>

#include "hinterland/base/csv.hpp"
#include "hinterland/base/number.hpp"
#include "hinterland/work/trace.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kColumns = 18;
constexpr double kMostMemory = 1e15;  // KB or bytes: a node of CERIT's has 5e11
constexpr std::size_t kProgressBytes = 1U << 20U;
constexpr std::array<const char*, kColumns> kNames = {"job",
                                                      "submit",
                                                      "wait",
                                                      "run",
                                                      "allocated processors",
                                                      "cpu time",
                                                      "used memory",
                                                      "requested processors",
                                                      "requested time",
                                                      "requested memory",
                                                      "status",
                                                      "user",
                                                      "group",
                                                      "executable",
                                                      "queue",
                                                      "partition",
                                                      "preceding job",
                                                      "think time"};

using Columns = std::array<double, kColumns>;

// The 18 numbers of a line; false, with an error, if it has fewer or one is bad.
bool parse_line(std::string_view line, const Location& where, Columns& out, Errors& errors) {
  const auto complain = [&](std::size_t i, std::string what, std::string mend) {
    Location at = where;
    at.field = kNames.at(i);
    add_error(errors, {.what = std::move(what), .where = std::move(at), .mend = std::move(mend)});
    return false;
  };
  std::size_t at = 0;
  for (std::size_t i = 0; i < kColumns; ++i) {
    while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
    std::size_t end = at;
    while (end < line.size() && line[end] != ' ' && line[end] != '\t') ++end;
    if (end == at)
      return complain(i, fmt::format("the line has {} of 18 columns", i), "Write -1 for what is not known.");
    const auto number = parse_number(line.substr(at, end - at));
    if (!number) {
      return complain(
          i, fmt::format("'{}' is not a number", line.substr(at, std::min<std::size_t>(end - at, 40))),
          "Write a plain number, or -1 if it is not known.");
    }
    if (*number < 0 && *number != -1) {
      return complain(i, fmt::format("{} is negative", shortest(*number)),
                      "Only -1 may be negative: not known.");
    }
    const bool memory = i == 6 || i == 9;
    if (*number > (memory ? kMostMemory : kMostSeconds))
      return complain(i, fmt::format("{} is too large", shortest(*number)), "Check the column's unit.");
    if (*number < 0 && i == 1)
      return complain(i, "the submission is not known", "A job needs its time of submission.");
    out.at(i) = *number;
    at = end;
  }
  return true;
}

std::int64_t milliseconds_or_unknown(double seconds) {
  return seconds < 0 ? kUnknown : std::llround(seconds * 1000);
}

Outcome outcome_of(double status) {
  if (status == 1) return Outcome::completed;
  if (status == 0) return Outcome::failed;
  if (status == 5) return Outcome::cancelled;
  return Outcome::unknown;
}

// 0 if not known. Kilobytes a processor by the standard; bytes of the whole job in CERIT's logs (their
// largest is just the 512 GiB of a node, and their column 7 is a constant).
double memory_gb(const Columns& column, double processors, bool cerit) {
  if (cerit) return column[9] / 1e9;
  const double kilobytes = column[6] > 0 ? column[6] : column[9];
  return kilobytes > 0 && processors > 0 ? kilobytes * 1024 * processors / 1e9 : 0;
}

Job job_of(const Columns& column, std::int64_t start_ms, bool cerit) {
  Job job;
  const double processors = column[4] > 0 ? column[4] : column[7];
  const double memory = memory_gb(column, processors, cerit);
  job.submit_ms = start_ms + std::llround(column[1] * 1000);
  job.wait_ms = milliseconds_or_unknown(column[2]);
  job.run_ms = milliseconds_or_unknown(column[3]);
  job.requested_ms = milliseconds_or_unknown(column[8]);
  if (processors > 0) job.cores = static_cast<float>(processors);
  if (memory > 0) job.memory_gb = static_cast<float>(memory);
  job.outcome = outcome_of(column[10]);
  return job;
}

// "; UnixStartTime: 749458803" dates the trace.
void read_comment(std::string_view line, Trace& trace, std::int64_t& start_ms) {
  static constexpr std::string_view kStart = "UnixStartTime:";
  const auto at = line.find(kStart);
  if (at == std::string_view::npos) return;
  std::string_view value = line.substr(at + kStart.size());
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  const auto seconds = parse_integer(value);
  if (!seconds || *seconds <= 0 || static_cast<double>(*seconds) > kMostSeconds) return;
  start_ms = *seconds * 1000;
  trace.dated = true;
}

}  // namespace

void parse_swf(std::string_view text, Trace& trace, Errors& errors, Progress& progress) {
  std::unordered_map<std::int64_t, std::uint32_t> users;
  const bool cerit = trace.format == "cerit";
  trace.dated = cerit;
  std::int64_t start_ms = 0;
  std::size_t at = 0, reported = 0;
  Columns column{};
  for (long number = 1; at < text.size(); ++number) {
    const auto end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto ink = line.find_first_not_of(" \t");
    if (ink == std::string_view::npos) continue;
    if (line[ink] == ';') {
      read_comment(line, trace, start_ms);
      continue;
    }
    const Location where{.file = trace.file, .line = number};
    if (line.size() > kMostLineBytes) {
      add_error(errors, {.what = fmt::format("the line is longer than {} bytes", kMostLineBytes),
                         .where = where,
                         .mend = "Is this the right file?"});
      ++trace.bad_lines;
      continue;
    }
    if (!parse_line(line, where, column, errors)) {
      ++trace.bad_lines;
      continue;
    }
    Job job = job_of(column, start_ms, cerit);
    job.line = static_cast<std::uint32_t>(number);
    if (column[11] >= 0) {
      const auto [known, fresh] = users.try_emplace(static_cast<std::int64_t>(column[11]),
                                                    static_cast<std::uint32_t>(users.size() + 1));
      if (fresh) trace.users.push_back(shortest(column[11]));
      job.user = known->second;
    }
    trace.jobs.push_back(job);
    if (at - reported > kProgressBytes) {
      reported = at;
      if (!progress.step("reading", static_cast<std::int64_t>(at), static_cast<std::int64_t>(text.size()))) {
        trace.interrupted = true;
        return;
      }
    }
  }
}

}  // namespace hinterland
