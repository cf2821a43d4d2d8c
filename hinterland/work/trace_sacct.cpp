// `sacct --parsable2`: the accounting of a Slurm cluster (https://slurm.schedmd.com/sacct.html).
//
//   sacct -a -X --parsable2
//   --format=JobID,User,Submit,Start,ElapsedRaw,TimelimitRaw,AllocCPUS,AllocTRES,ReqMem,State
//
// Required: JobID, Submit, and ElapsedRaw (s) or Elapsed ([days-]hh:mm:ss). GPUs come from AllocTRES (gres/gpu=n, or of each
// type gres/gpu:TYPE=n), memory from AllocTRES (mem=nG) or ReqMem, the wait from Start - Submit, the limit from TimelimitRaw
// (minutes).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "hinterland/base/number.hpp"
#include "hinterland/work/trace_csv.hpp"

namespace hinterland {

namespace {

// "1-02:03:04", "02:03:04", "03:04" as seconds. Days ask for hours, and minutes and seconds stay below 60:
// "1-99" could be a day and 99 of anything.
std::optional<double> parse_elapsed(std::string_view text) {
  const auto dash = text.find('-');
  const bool has_days = dash != std::string_view::npos;
  const auto days = has_days ? parse_integer(text.substr(0, dash)) : 0;
  if (!days || *days < 0 || *days > 1'000'000) return std::nullopt;
  if (has_days) text.remove_prefix(dash + 1);
  std::int64_t seconds = 0;
  for (int parts = 1; parts <= 3; ++parts) {
    const auto colon = text.find(':');
    const auto part = parse_integer(text.substr(0, colon));
    const std::int64_t most = parts > 1 ? 59 : has_days ? 23 : 1'000'000;
    if (!part || *part < 0 || *part > most) return std::nullopt;
    seconds = seconds * 60 + *part;
    if (colon == std::string_view::npos) {
      if (parts < (has_days ? 3 : 2)) return std::nullopt;
      return static_cast<double>(*days * 86'400 + seconds);
    }
    text.remove_prefix(colon + 1);
  }
  return std::nullopt;
}

// "512M", "4G", "2.5T", "1000K" as GB (sacct's units are powers of 1,024); a trailing c or n (per core, per
// node) is of old Slurm and refused, because the total is then not known.
std::optional<double> parse_memory(std::string_view text) {
  if (text.empty()) return std::nullopt;
  double unit = 1024.0 * 1024.0;  // no letter: MB
  static constexpr std::array<std::pair<char, double>, 5> kUnits = {{{'K', 1024.0},
                                                                     {'M', 1048576.0},
                                                                     {'G', 1073741824.0},
                                                                     {'T', 1099511627776.0},
                                                                     {'P', 1125899906842624.0}}};
  for (const auto& [letter, bytes] : kUnits) {
    if (text.back() == letter) {
      unit = bytes;
      text.remove_suffix(1);
      break;
    }
  }
  const auto number = parse_number(text);
  if (!number || *number < 0 || *number > kMostSeconds) return std::nullopt;
  return *number * unit / 1e9;
}

// The value of `name` in "billing=4,cpu=4,gres/gpu=2,mem=8G,node=1"; empty if it is not there.
std::string_view tres(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    const std::string_view item = list.substr(0, comma);
    if (item.size() > name.size() && item.starts_with(name) && item[name.size()] == '=')
      return item.substr(name.size() + 1);
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return {};
}

// GPUs of a list: what it says of all, or else of each type ("gres/gpu:a100=4"); 0 where it names none.
double gpus_of(NamedRow& row, std::string_view list) {
  if (const auto all = tres(list, "gres/gpu"); !all.empty()) return row.number("AllocTRES", all).value_or(0);
  double sum = 0;
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(','));
    const auto equals = item.find('=');
    if (item.starts_with("gres/gpu:") && equals != std::string_view::npos)
      sum += row.number("AllocTRES", item.substr(equals + 1)).value_or(0);
    list.remove_prefix(std::min(list.size(), item.size() + 1));
  }
  return sum;
}

Outcome outcome_of(std::string_view state) {
  if (state.starts_with("COMPLETED")) return Outcome::completed;
  if (state.starts_with("CANCELLED")) return Outcome::cancelled;
  if (state.starts_with("RUNNING") || state.starts_with("PENDING")) return Outcome::running;
  if (state.empty()) return Outcome::unknown;
  return Outcome::failed;
}

std::optional<Instant> parse_instant(NamedRow& row, std::string_view name, const std::string& zone) {
  const std::string_view text = row.cell(name);
  if (text.empty() || text == "Unknown" || text == "None") return std::nullopt;
  const auto at = parse_civil(text, zone);
  if (at) return *at;
  row.complain(name, at.error().front().what, at.error().front().mend);
  return std::nullopt;
}

std::optional<double> parse_run(NamedRow& row) {
  if (!row.cell("ElapsedRaw").empty()) return row.number("ElapsedRaw");
  const std::string_view text = row.cell("Elapsed");
  if (text.empty()) return std::nullopt;
  const auto seconds = parse_elapsed(text);
  if (!seconds) row.complain("Elapsed", in_quotes(text) + " is no duration", "sacct prints [days-]hh:mm:ss.");
  return seconds;
}

void read_sizes(NamedRow& row, Job& job) {
  const std::string_view list = row.cell("AllocTRES");
  job.cores = as_size(row.number("AllocCPUS"));
  if (std::isnan(job.cores)) job.cores = as_size(row.number("AllocTRES", tres(list, "cpu")));
  if (!list.empty()) {
    job.gpus = as_size(gpus_of(row, list));
  }
  auto memory = parse_memory(tres(list, "mem"));
  const std::string_view asked = row.cell("ReqMem");
  if (!memory && !asked.empty() && asked != "0") {
    memory = parse_memory(asked);
    if (!memory) {
      row.complain("ReqMem", in_quotes(asked) + " is no memory of a whole job",
                   "Use AllocTRES, or a Slurm that prints totals (21.08 on).");
    }
  }
  if (memory && *memory > 0) job.memory_gb = static_cast<float>(*memory);
}

}  // namespace

void parse_sacct(std::string_view text, const std::string& zone, Trace& trace, Errors& errors,
                 Progress& progress) {
  CsvReader reader(text, trace.file, '|', Quotes::none);
  UserIndex users(trace);
  trace.dated = true;
  const auto job_of = [&](NamedRow& row) -> std::optional<Job> {
    const std::string_view id = row.cell("JobID");
    if (id.empty()) row.complain("JobID", "is empty", "Export whole rows.");
    if (id.contains('.')) {
      ++trace.skipped_steps;
      return std::nullopt;
    }
    const auto submit = parse_instant(row, "Submit", zone);
    if (!submit && row.good())
      row.complain("Submit", "is not known", "Leave out jobs that were never submitted.");
    const auto start = parse_instant(row, "Start", zone);
    const auto run = parse_run(row);
    const auto limit =
        row.cell("TimelimitRaw") == "UNLIMITED" || row.cell("TimelimitRaw") == "Partition_Limit"
            ? std::nullopt
            : row.number("TimelimitRaw");
    Job job;
    read_sizes(row, job);
    if (!row.good()) return std::nullopt;
    job.submit_ms = submit->ms;
    job.run_ms = as_ms(run);
    job.requested_ms = as_ms(limit, 60'000);
    if (start && start->ms >= submit->ms) job.wait_ms = start->ms - submit->ms;
    job.user = users.of(row.cell("User"));
    job.outcome = outcome_of(row.cell("State"));
    return job;
  };
  const std::string_view header = text.substr(0, text.find('\n'));
  const std::string elapsed = header.contains("ElapsedRaw") ? "ElapsedRaw" : "Elapsed";
  read_named_rows(reader, text.size(), trace, errors, progress, {"JobID", "Submit", elapsed}, job_of);
}

}  // namespace hinterland
