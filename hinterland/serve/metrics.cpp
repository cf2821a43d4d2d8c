#include "hinterland/serve/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "hinterland/cost/bill.hpp"

namespace hinterland {

namespace {

using Labels = std::vector<std::pair<const char*, std::string>>;

// As a label's value: what would end it is escaped.
std::string label(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out;
}

class Text {
 public:
  void family(const char* name, const char* type, const char* help) {
    name_ = name;
    text_ += fmt::format("# HELP hinterland_{} {}\n# TYPE hinterland_{} {}\n", name, help, name, type);
  }
  void sample(const Labels& labels, double value) {
    std::string inside;
    for (const auto& [key, text] : labels)
      inside += fmt::format("{}{}=\"{}\"", inside.empty() ? "" : ",", key, label(text));
    text_ += fmt::format("hinterland_{}{} {}\n", name_, inside.empty() ? "" : "{" + inside + "}", value);
  }
  std::string take() { return std::move(text_); }

 private:
  const char* name_ = "";
  std::string text_;
};

double whole(std::size_t count) { return static_cast<double>(count); }

void tell_jobs(Text& text, const State& state) {
  std::map<JobPhase, std::size_t> jobs;
  for (const JobPhase phase : {JobPhase::queued, JobPhase::held, JobPhase::running, JobPhase::done,
                               JobPhase::failed, JobPhase::cancelled})
    jobs[phase] = 0;
  for (const JobState& job : state.jobs) ++jobs[phase_of(job)];
  text.family("jobs", "gauge", "Jobs by state.");
  for (const auto& [phase, count] : jobs) text.sample({{"state", name_of(phase)}}, whole(count));
  text.family("tasks_open", "gauge", "Tasks that are not over.");
  text.sample({}, whole(state.live));
  text.family("attempts_total", "counter", "Attempts that were begun.");
  text.sample({}, static_cast<double>(state.attempts_begun));
}

void tell_pools(Text& text, const Service& service) {
  const State& state = service.broker().state();
  const auto pools = service.broker().pools().states();
  std::vector<std::size_t> running(state.pools.size());
  for (const auto& [id, attempt] : state.attempts) ++running[attempt.pool];
  const auto each = [&](const char* name, const char* help, auto value_of) {
    text.family(name, "gauge", help);
    for (std::size_t p = 0; p < state.pools.size(); ++p)
      text.sample({{"pool", state.pools[p].name}}, value_of(p));
  };
  each("pool_up", "1 if work may begin there.", [&](std::size_t p) { return pools[p].up ? 1.0 : 0.0; });
  each("pool_cores", "Cores that its work may have.",
       [&](std::size_t p) { return static_cast<double>(pools[p].total.cores); });
  each("pool_free_cores", "Cores that are free.",
       [&](std::size_t p) { return static_cast<double>(std::max<std::int64_t>(0, pools[p].free.cores)); });
  each("pool_attempts", "Attempts that run.", [&](std::size_t p) { return whole(running[p]); });
}

// Only of pools whose inputs are moved to them.
void tell_paths(Text& text, const Service& service) {
  const State& state = service.broker().state();
  std::map<std::size_t, PathNow> paths;
  for (std::size_t p = 0; p < state.pools.size(); ++p) {
    if (auto path = service.path_of(PoolIndex{p})) paths.emplace(p, std::move(*path));
  }
  if (paths.empty()) return;
  const auto each = [&](const char* name, const char* type, const char* help, auto value_of) {
    text.family(name, type, help);
    for (const auto& [p, path] : paths) text.sample({{"pool", state.pools[p].name}}, value_of(path));
  };
  each("pool_moved_bytes_total", "counter", "Bytes of inputs that were moved there.",
       [](const PathNow& path) { return static_cast<double>(path.moved); });
  each("pool_fetched_bytes_total", "counter",
       "Bytes of outputs that were moved back, where they are counted.",
       [](const PathNow& path) { return static_cast<double>(path.fetched); });
  each("pool_kept_bytes", "gauge", "Bytes of inputs that are kept there.",
       [](const PathNow& path) { return static_cast<double>(path.cached); });
  each("pool_staging_attempts", "gauge", "Attempts whose inputs are on their way there.",
       [](const PathNow& path) { return whole(path.attempts.size()); });
  each("pool_fetching_attempts", "gauge", "Attempts whose outputs are on their way back.",
       [](const PathNow& path) { return whole(path.fetching); });
}

void tell_money(Text& text, const Service& service) {
  const State& state = service.broker().state();
  const std::string& currency = service.served().currency;
  text.family("project_spent_total", "counter", "What its ended attempts were billed.");
  for (const ProjectState& project : state.projects)
    text.sample({{"project", project.name}, {"currency", currency}}, from_millionths(project.spent));
  text.family("project_reserved", "gauge", "What its running attempts may cost at most.");
  for (const ProjectState& project : state.projects)
    text.sample({{"project", project.name}, {"currency", currency}}, from_millionths(project.reserved));
  std::vector<Bill> bills(state.pools.size());
  for (const auto& [key, metered] : state.metered) {
    Bill& bill = bills[key.pool];
    bill.kwh += metered.bill.kwh;
    bill.kg += metered.bill.kg;
    bill.litres += metered.bill.litres;
  }
  const auto each = [&](const char* name, const char* help, std::int64_t Bill::* part) {
    text.family(name, "counter", help);
    for (std::size_t p = 0; p < state.pools.size(); ++p)
      text.sample({{"pool", state.pools[p].name}}, from_millionths(bills[p].*part));
  };
  each("energy_kilowatt_hours_total", "Energy that ended attempts used.", &Bill::kwh);
  each("co2_kilograms_total", "What that emitted.", &Bill::kg);
  each("water_litres_total", "Water that they used.", &Bill::litres);
}

}  // namespace

std::string metrics_text(const Service& service) {
  Text text;
  tell_jobs(text, service.broker().state());
  tell_pools(text, service);
  tell_paths(text, service);
  tell_money(text, service);
  return text.take();
}

}  // namespace hinterland
