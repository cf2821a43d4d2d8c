#include "hinterland/work/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "hinterland/base/file.hpp"

namespace hinterland {

namespace {

std::string_view first_line(std::string_view text) {
  while (!text.empty() && (text.front() == '\n' || text.front() == '\r')) text.remove_prefix(1);
  return text.substr(0, text.find('\n'));
}

bool has_column(std::string_view header, std::string_view name) {
  const auto at = header.find(name);
  if (at == std::string_view::npos) return false;
  const auto edge = [&](std::size_t i) {
    return i >= header.size() || header[i] == ',' || header[i] == '|' || header[i] == '\r';
  };
  return edge(at + name.size()) && (at == 0 || edge(at - 1));
}

std::size_t numeric_words(std::string_view line) {
  std::size_t words = 0;
  bool inside = false;
  for (const char c : line) {
    if (c == ' ' || c == '\t' || c == '\r') {
      inside = false;
      continue;
    }
    // Columns behind the eighteen may be text (a queue's name).
    if (words < 18 && (c < '0' || c > '9') && c != '-' && c != '.' && c != '+') return 0;
    if (!inside) ++words;
    inside = true;
  }
  return words;
}

std::string format_of(std::string_view text) {
  const std::string_view line = first_line(text);
  if (line.starts_with(';')) return "swf";
  if (line.contains('|') && has_column(line, "JobID")) return "sacct";
  if (has_column(line, "cpu_milli") && has_column(line, "creation_time")) return "gpu-pods";
  if (has_column(line, "gmt_create") && has_column(line, "exec_time_seconds")) return "image-requests";
  const std::size_t words = numeric_words(line.substr(0, 4096));
  if (words == 18) return "swf";
  if (words > 18) return "cerit";
  return {};
}

}  // namespace

bool looks_like_trace(std::string_view text) { return !format_of(text).empty(); }

Expected<Trace> parse_trace(std::string_view text, const std::string& file, const std::string& zone,
                            Progress& progress, BadLines bad_lines) {
  Trace trace;
  trace.file = file;
  trace.format = format_of(text);
  Errors errors;
  if (trace.format == "swf" || trace.format == "cerit") parse_swf(text, trace, errors, progress);
  if (trace.format == "sacct") parse_sacct(text, zone, trace, errors, progress);
  if (trace.format == "gpu-pods") parse_gpu_pods(text, trace, errors, progress);
  if (trace.format == "image-requests") parse_image_requests(text, zone, trace, errors, progress);
  if (trace.format.empty()) {
    return failure(
        {.what = text.empty() ? "the file is empty" : "no known trace format",
         .where = {.file = file, .line = 1},
         .mend = "Known: SWF, `sacct --parsable2`, GPU pods and image requests as CSV (docs/traces.md)."});
  }
  if (trace.interrupted) {
    return failure(
        {.what = "interrupted while reading", .where = {.file = file}, .mend = "Nothing was written."});
  }
  if (errors.empty() && trace.jobs.empty()) {
    add_error(errors, {.what = "holds no job", .where = {.file = file}, .mend = "Give at least one job."});
  }
  // A missing column is wrong with the file as a whole: no line to leave out.
  const bool only_lines = trace.bad_lines > 0 && !trace.jobs.empty();
  if (!errors.empty() && !(only_lines && bad_lines == BadLines::leave_out))
    return std::unexpected(std::move(errors));
  return trace;
}

Expected<Trace> load_trace(const std::string& path, const std::string& zone, Progress& progress,
                           BadLines bad_lines) {
  const auto text = read_text(path);
  if (!text) return std::unexpected(text.error());
  return parse_trace(*text, path, zone, progress, bad_lines);
}

namespace {

// Quantiles by linear interpolation between order statistics (Hyndman and Fan 1996, type 7).
double quantile(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double share = at - static_cast<double>(below);
  return sorted[below] + share * (sorted[above] - sorted[below]);
}

template <class Get>
TraceColumn column(const Trace& trace, std::string name, Get get) {
  std::vector<double> values;
  for (const Job& job : trace.jobs) {
    const double value = get(job);
    if (!std::isnan(value)) values.push_back(value);
  }
  TraceColumn out{.name = std::move(name), .known = static_cast<std::int64_t>(values.size())};
  if (values.empty()) return out;
  std::ranges::sort(values);
  for (const double value : values) out.mean += value / static_cast<double>(values.size());
  out.p10 = quantile(values, 0.1);
  out.median = quantile(values, 0.5);
  out.p90 = quantile(values, 0.9);
  out.most = values.back();
  return out;
}

double seconds(std::int64_t ms) { return ms == kUnknown ? std::nan("") : static_cast<double>(ms) / 1000; }

}  // namespace

Hours span(const Trace& trace) {
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (const Job& job : trace.jobs) {
    const std::int64_t run = std::max<std::int64_t>(job.run_ms, 0) + std::max<std::int64_t>(job.wait_ms, 0);
    first = std::min(first, job.submit_ms);
    last = std::max(last, job.submit_ms + run);
  }
  return std::max(in_hours({last - first}), Hours{1});
}

TraceSummary summarize(const Trace& trace) {
  TraceSummary summary{.jobs = static_cast<std::int64_t>(trace.jobs.size()),
                       .span = span(trace),
                       .users = static_cast<std::int64_t>(trace.users.size()),
                       .columns = {},
                       .outcomes = {}};
  summary.columns = {
      column(trace, "run_s", [](const Job& job) { return seconds(job.run_ms); }),
      column(trace, "requested_s", [](const Job& job) { return seconds(job.requested_ms); }),
      column(trace, "wait_s", [](const Job& job) { return seconds(job.wait_ms); }),
      column(trace, "cores", [](const Job& job) { return static_cast<double>(job.cores); }),
      column(trace, "gpus", [](const Job& job) { return static_cast<double>(job.gpus); }),
      column(trace, "memory_gb", [](const Job& job) { return static_cast<double>(job.memory_gb); }),
      column(trace, "data_gb", [](const Job& job) { return static_cast<double>(job.data_gb); }),
  };
  static constexpr std::array<const char*, 5> kNames = {"unknown", "completed", "failed", "cancelled",
                                                        "running"};
  std::array<std::int64_t, 5> counts{};
  for (const Job& job : trace.jobs) ++counts.at(static_cast<std::size_t>(job.outcome));
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts.at(i) > 0) summary.outcomes.emplace_back(kNames.at(i), counts.at(i));
  }
  return summary;
}

}  // namespace hinterland
