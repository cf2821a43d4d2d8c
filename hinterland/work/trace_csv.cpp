#include "hinterland/work/trace_csv.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hinterland/base/number.hpp"

namespace hinterland {

std::string_view NamedRow::cell(std::string_view name) const {
  const auto found = std::ranges::find(names_, name);
  return found == names_.end() ? std::string_view{}
                               : row_.cells[static_cast<std::size_t>(found - names_.begin())];
}

void NamedRow::complain(std::string_view name, std::string what, std::string mend) {
  good_ = false;
  add_error(errors_, {.what = std::move(what),
                      .where = {.file = file_, .line = row_.line, .field = std::string(name)},
                      .mend = std::move(mend)});
}

std::optional<double> NamedRow::number(std::string_view name, std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto value = parse_number(text);
  if (!value || *value < 0 || *value > kMostSeconds) {
    complain(name, in_quotes(text) + " is not a number >= 0",
             "Give a plain number, or nothing if it is not known.");
    return std::nullopt;
  }
  return value;
}

void read_named_rows(CsvReader& reader, std::size_t bytes, Trace& trace, Errors& errors, Progress& progress,
                     const std::vector<std::string>& required,
                     const std::function<std::optional<Job>(NamedRow&)>& job_of) {
  static constexpr std::size_t kProgressRows = 4096;
  CsvRow row;
  const auto header = reader.next(row);
  if (!header) {
    add_errors(errors, header.error());
    return;
  }
  const std::vector<std::string> names(row.cells.begin(), row.cells.end());
  for (const std::string& name : required) {
    if (std::ranges::find(names, name) != names.end()) continue;
    add_error(errors, {.what = "the column is missing",
                       .where = {.file = trace.file, .line = 1, .field = name},
                       .mend = "Export it too; docs/traces.md lists what each format needs."});
  }
  if (!errors.empty()) return;
  for (std::size_t count = 1;; ++count) {
    const auto more = reader.next(row);
    if (!more) {
      add_errors(errors, more.error());
      ++trace.bad_lines;
      continue;
    }
    if (!*more) return;
    if (row.cells.size() != names.size()) {
      add_error(errors,
                {.what = fmt::format("{} cells where the header has {}", row.cells.size(), names.size()),
                 .where = {.file = trace.file, .line = row.line},
                 .mend = "Is the line cut off, or a separator unquoted?"});
      ++trace.bad_lines;
      continue;
    }
    NamedRow named(row, names, trace.file, errors);
    auto job = job_of(named);
    if (!named.good()) ++trace.bad_lines;
    if (job && named.good()) {
      job->line = static_cast<std::uint32_t>(row.line);
      trace.jobs.push_back(*job);
    }
    if (count % kProgressRows == 0 && !progress.step("reading", static_cast<std::int64_t>(reader.offset()),
                                                     static_cast<std::int64_t>(bytes))) {
      trace.interrupted = true;
      return;
    }
  }
}

std::uint32_t UserIndex::of(std::string_view name) {
  if (name.empty()) return 0;
  const auto [known, fresh] =
      known_.try_emplace(std::string(name), static_cast<std::uint32_t>(known_.size() + 1));
  if (fresh) trace_.users.emplace_back(name);
  return known->second;
}

std::int64_t as_ms(std::optional<double> value, double scale) {
  return value ? std::llround(*value * scale) : kUnknown;
}

float as_size(std::optional<double> value, double scale) {
  return value ? static_cast<float>(*value * scale) : kUnknownSize;
}

}  // namespace hinterland
