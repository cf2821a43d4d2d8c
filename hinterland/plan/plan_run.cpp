#include "hinterland/plan/plan_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "hinterland/base/model_year.hpp"
#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

constexpr double kGoldenRatio = 0.6180339887498949;  // phases that never fall together
constexpr double kSecondsPerHour = 3600;
constexpr double kPatience =
    2;  // hours until a job that waits for nothing else is done: one runs, one is room for rounding
constexpr double kNoKw = 1;

// A TOML basic string is a JSON string.
std::string toml_text(const std::string& text) { return nlohmann::json(text).dump(); }

class Writer {
 public:
  Writer(const Study& study, const Atlas& atlas, const StudyPlan& plan, double jobs)
      : study_(study),
        plan_(plan),
        server_(atlas.servers.at(study.server)),
        scale_(jobs * server_.busy.value / plan.setup.demand_kwh) {}

  PlanRun write() {
    scenario_ = fmt::format(
        "name = {}\npolicy = \"shadow\"\ndiscipline = \"fcfs\"\nstart = \"{}\"\nscarcity = "
        "\"scarcity.csv\"\nclairvoyant = {}\nlate_job = {}\n",
        toml_text(study_.name), study_.start, shortest(plan_.plan.dispatch.cost * scale_),
        shortest(study_.unserved.value * server_.busy.value));
    for (std::size_t i = 0; i < plan_.setup.prompt.size(); ++i)
      add_work(plan_.setup.prompt[i], prompt_kw(i), kPatience);
    for (std::size_t j = 0; j < plan_.setup.deferrable.size(); ++j)
      add_work(plan_.setup.deferrable[j], deferrable_kw(j), study_.wait_hours);
    add_pools();
    out_.files.insert(out_.files.begin(), {"scenario.toml", scenario_});
    return std::move(out_);
  }

 private:
  std::vector<double> prompt_kw(std::size_t i) const {
    const SitingProblem& numbers = plan_.setup.numbers;
    std::vector<double> out;
    for (std::uint32_t t = 0; t < numbers.hours; ++t)
      out.push_back(numbers.prompt_kw[t * numbers.prompt.size() + i]);
    return out;
  }
  // A bucket's work comes evenly over its hours.
  std::vector<double> deferrable_kw(std::size_t j) const {
    std::vector<double> out;
    for (const Hub& hub : plan_.setup.numbers.hubs)
      for (const Deferral& deferral : hub.deferrals)
        if (deferral.demand == j) {
          const std::uint32_t hours = study_.windows == Windows::day ? 24 : kHoursTogether;
          for (std::uint32_t t = 0; t < hours; ++t) out.push_back(deferral.kwh / hours);
        }
    return out;
  }

  void add_work(const DemandOf& of, const std::vector<double>& kw, double deadline) {
    const std::string key = study_.demands[of.demand].key + "-" + of.region->id.text;
    std::string text = "; Version: 2.2\n";
    double carry = std::fmod(static_cast<double>(out_.files.size()) * kGoldenRatio, 1.0);
    std::size_t count = 0;
    for (std::size_t t = 0; t < kw.size(); ++t) {
      carry += kw[t] * scale_ / server_.busy.value;
      const auto now = static_cast<std::size_t>(carry);
      carry -= static_cast<double>(now);
      for (std::size_t n = 0; n < now; ++n) {
        const double at = kSecondsPerHour * (static_cast<double>(t) +
                                             (static_cast<double>(n) + 0.5) / static_cast<double>(now));
        text += fmt::format("{} {:.0f} -1 3600 {:.0f} -1 -1 {:.0f} 3600 -1 1 1 -1 -1 -1 -1 -1 -1\n", ++count,
                            at, server_.cores, server_.cores);
      }
    }
    if (count == 0) return;
    out_.jobs += count;
    std::string trace = fmt::format("{}-{}.swf", out_.files.size() + 1, key);
    std::ranges::replace(trace, '/', '-');
    out_.files.emplace_back(trace, std::move(text));
    std::string file = study_.demands[of.demand].workload.text;
    if (file.contains('/')) file = std::filesystem::absolute(file).string();
    scenario_ += fmt::format(
        "\n[work.{}]\nclass = {}\nfrom = \"{}\"\ntrace = {}\ndeadline_hours = {}\nlate_per_hour = {}\n",
        toml_text(key), toml_text(file), of.region->id.text, toml_text(trace), shortest(deadline),
        shortest(study_.unserved.value * server_.busy.value));
  }

  void add_pools() {
    const SitingProblem& numbers = plan_.setup.numbers;
    const std::vector<double> capacity = capacity_of(numbers, plan_.plan.columns);
    std::vector<SiteIndex> pools;
    for (SiteIndex s = 0; s < numbers.sites; ++s) {
      const bool home =
          std::ranges::any_of(plan_.setup.prompt,
                              [&](const DemandOf& of) { return of.home == plan_.setup.sites[s]; }) ||
          std::ranges::any_of(plan_.setup.deferrable,
                              [&](const DemandOf& of) { return of.home == plan_.setup.sites[s]; });
      if (capacity[s] < kNoKw && !home) continue;
      pools.push_back(s);
      const double servers = std::max(1.0, std::ceil(capacity[s] * scale_ / server_.busy.value));
      scenario_ += fmt::format(
          "\n[pools.{0}]\nsite = \"{0}\"\nserver = \"{1}\"\nservers = {2:.0f}\nbasis = \"sunk\"\n",
          plan_.setup.sites[s]->id.text, study_.server.text, servers);
    }
    std::string text;
    for (std::size_t k = 0; k < pools.size(); ++k)
      text += (k == 0 ? "" : ",") + plan_.setup.sites[pools[k]]->id.text;
    text += '\n';
    for (std::size_t hour = 0; hour < kYearHours; ++hour) {
      const auto t = static_cast<std::uint32_t>((hour + kYearHours - plan_.setup.first_hour) % kYearHours);
      for (std::size_t k = 0; k < pools.size(); ++k)
        text +=
            (k == 0 ? "" : ",") +
            shortest(std::max(0.0, plan_.plan.prices.capacity[numbers.at(t, pools[k])]) * server_.busy.value);
      text += '\n';
    }
    out_.files.emplace_back("scarcity.csv", std::move(text));
  }

  const Study& study_;
  const StudyPlan& plan_;
  const Server& server_;
  double scale_;
  PlanRun out_;
  std::string scenario_;
};

}  // namespace

Expected<void> runnable(const Study& study, const StudyProblem& problem) {
  const auto refuse = [&](const char* field, std::string what, std::string mend) {
    return failure(
        {.what = std::move(what), .where = {.file = study.file, .field = field}, .mend = std::move(mend)});
  };
  if (problem.numbers.hours != kYearHours || problem.years.size() > 1)
    return refuse("days", "scarcity prices are those of a model year", "Plan 365 days, and no hedge.");
  if (study.users != Users::home)
    return refuse("users", "the simulator measures latency from the metro site that serves a region today",
                  "Set users = \"home\".");
  for (const auto* demands : {&problem.prompt, &problem.deferrable})
    for (const DemandOf& of : *demands)
      if (std::ranges::find(problem.sites, of.home) == problem.sites.end())
        return refuse("only",
                      "the home of " + of.region->id.text + ", " + of.home->id.text + ", takes no part",
                      "Add it to `only`: the simulator begins every job at its home.");
  return {};
}

PlanRun plan_run(const Study& study, const Atlas& atlas, const StudyPlan& plan, double jobs) {
  return Writer(study, atlas, plan, jobs).write();
}

}  // namespace hinterland
