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
  if (auto known = check_zone(zone); !known) return std::unexpected(known.error());
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

Hours span(std::span<const Job> jobs) {
  if (jobs.empty()) return Hours{1};
  const auto [first, last] = std::ranges::minmax_element(jobs, {}, &Job::submit_ms);
  return std::max(in_hours({last->submit_ms - first->submit_ms}), Hours{1});
}

}  // namespace hinterland
