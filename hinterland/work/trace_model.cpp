#include "hinterland/work/trace_model.hpp"

#include <fmt/format.h>

#include <cmath>

#include "hinterland/base/random.hpp"
#include "hinterland/base/record.hpp"
#include "hinterland/base/time.hpp"

namespace hinterland {

Fields<TraceModel> trace_model_fields() {
  return {
      field("name", &TraceModel::name).documented("what is generated"),
      field("jobs_per_day", &TraceModel::jobs_per_day).above(0, 1e9).documented("mean arrivals a day"),
      field("run_median_s", &TraceModel::run_median_s).above(0, 1e9).documented("median run"),
      field("run_mean_s", &TraceModel::run_mean_s).above(0, 1e9).documented("mean run"),
      field("run_most_s", &TraceModel::run_most_s).above(0, 1e9).documented("longest run"),
      field("users", &TraceModel::users).within(1, 1e6).by_default("1").documented("how many users"),
  };
}

Expected<TraceModel> parse_trace_model(std::string_view toml, const std::string& file) {
  const auto table = parse_toml(toml, file);
  if (!table) return std::unexpected(table.error());
  const auto fields = trace_model_fields();
  const auto row = parse_record(*table, descriptions(fields));
  if (!row) return std::unexpected(row.error());
  TraceModel model;
  fill(model, fields, *row);
  if (model.run_mean_s < model.run_median_s || model.run_most_s < model.run_mean_s) {
    return failure({.what = "the runs are not in the order median <= mean <= most",
                    .where = {.file = file, .line = 1, .field = "run_mean_s"},
                    .mend = "A log-normal run has its mean above its median."});
  }
  return model;
}

Expected<std::string> generate_requests(const TraceModel& model, std::int64_t jobs, std::uint64_t seed) {
  static constexpr std::int64_t kStart = 1'704'067'200'000;  // 2024-01-01T00:00:00Z
  static constexpr std::int64_t kEnd = 253'402'300'800'000;  // 10000-01-01T00:00:00Z
  RandomStream arrivals(seed, "arrivals"), runs(seed, "runs"), owners(seed, "users");
  const double sigma = std::sqrt(2 * std::log(model.run_mean_s / model.run_median_s));
  const double gap_ms = 86'400'000 / model.jobs_per_day;
  std::string out = "gmt_create,predict_type,predict_status,exec_time_seconds,groupId\n";
  double at = 0;
  for (std::int64_t i = 0; i < jobs; ++i) {
    at += gap_ms * arrivals.exponential();
    if (!(at < kEnd - kStart)) {
      return failure({.what = fmt::format("job {} of {} would come after the year 9999", i + 1, jobs),
                      .where = {.file = model.name, .field = "jobs_per_day"},
                      .mend = "Ask for fewer jobs, or for more a day."});
    }
    double run = 0;
    do run = model.run_median_s * std::exp(sigma * runs.normal());
    while (run > model.run_most_s);
    const auto user = static_cast<std::int64_t>(owners.uniform() * model.users);
    const std::string when = format_civil({kStart + static_cast<std::int64_t>(at)}, "UTC").substr(0, 19);
    out += fmt::format("{} {},TXT_2_IMG,SUCCEED,{:.1f},G{:04}\n", when.substr(0, 10), when.substr(11), run,
                       user);
  }
  return out;
}

}  // namespace hinterland
