#include "hinterland/sim/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "hinterland/base/file.hpp"
#include "hinterland/base/number.hpp"
#include "hinterland/base/section.hpp"

namespace hinterland {

Fields<Scenario> scenario_fields() {
  return {
      field("name", &Scenario::name).documented("what it is, in a line"),
      field("policy", &Scenario::policy).by_default("cheapest").documented("placement policy"),
      choice("discipline", &Scenario::discipline, {"fcfs", "easy", "priority"})
          .by_default("easy")
          .documented("queue discipline of all pools"),
      field("trace", &Scenario::trace)
          .optional()
          .documented("CSV of jobs that name their pool by its place: id,arrival_s,duration_s,cores,site"),
      field("start", &Scenario::start)
          .optional()
          .documented(
              "hour of the model year at which the run starts (07-15, 07-15T08); else the first job's"),
      field("offer", &Scenario::offer)
          .optional()
          .documented("way of moving bytes, of the atlas's networks; else the line with the cheapest GB"),
      field("scarcity", &Scenario::scarcity)
          .optional()
          .documented("policy shadow: CSV with a column a pool, money a server-hour in each of 8,760 hours "
                      "of the model year"),
      field("clairvoyant_$", &Scenario::clairvoyant)
          .above(0, 1e15)
          .documented("what no policy can pay less than, by a plan: regret is shown against it"),
      field("late_job_$", &Scenario::late_job)
          .within(0, 1e15)
          .by_default("0")
          .documented("what the plan would have paid for a job not served in time; counts in regret alone"),
      choice("staging", &Scenario::staging, {"none", "line", "shared"})
          .by_default("line")
          .documented("none: bytes cost and take no time; line: each transfer alone; shared: fair flows"),
      field("site_gbps", &Scenario::site_gbps)
          .above(0, 1e6)
          .by_default("100")
          .documented("staging shared: the line of each site, out and in"),
      field("cache_gb", &Scenario::cache)
          .within(0, 1e9)
          .by_default("0")
          .documented("shared data a pool keeps"),
      field("seed", &Scenario::seed)
          .within(0, 1e15)
          .by_default("1")
          .documented("of models, failures, broken servers"),
  };
}

Fields<ScenarioWork> scenario_work_fields() {
  return {
      field("class", &ScenarioWork::workload).documented("preset or TOML file of a workload"),
      field("from", &ScenarioWork::from).documented("region of the users"),
      field("trace", &ScenarioWork::trace)
          .optional()
          .documented("file of jobs (SWF, sacct ...); or give model"),
      field("model", &ScenarioWork::model).optional().documented("trace model: a preset or a TOML file"),
      field("zone", &ScenarioWork::zone)
          .by_default("UTC")
          .documented("time zone of civil times in the trace"),
      choice("bad_lines", &ScenarioWork::bad_lines, {"refuse", "leave_out"})
          .by_default("refuse")
          .documented("a trace with wrong lines: refuse it, or leave them out"),
      field("jobs", &ScenarioWork::jobs).within(1, 1e9).documented("how many jobs the model gives"),
      field("days", &ScenarioWork::days).above(0, 36500).documented("or how many days of them"),
      field("request_factor", &ScenarioWork::request_factor)
          .within(1, 1e6)
          .by_default("2")
          .documented("asked for / needed, where the trace does not say"),
      field("priority", &ScenarioWork::priority).within(0, 7).by_default("0").documented("7 is the highest"),
      field("retries", &ScenarioWork::retries)
          .within(0, 1e6)
          .by_default("10")
          .documented("how often a job that a fault stopped is begun again"),
      field("late_$_per_hour", &ScenarioWork::late)
          .within(0, 1e12)
          .by_default("10")
          .documented("what policies fear for each hour past the deadline; never billed"),
      field("deadline_hours", &ScenarioWork::deadline)
          .above(0, 1e6)
          .documented("from arrival until all is done; else the class's"),
      field("interruptible", &ScenarioWork::interruptible)
          .within(0, 1)
          .documented("1: may be stopped and go on later; else 1 where the class has checkpoints"),
      field("checkpoint_write_s", &ScenarioWork::checkpoint_write, 1 / 3600.0)
          .within(0, 1e6)
          .by_default("0")
          .documented("time that writing a checkpoint takes"),
      field("restore_s", &ScenarioWork::restore, 1 / 3600.0)
          .within(0, 1e6)
          .by_default("0")
          .documented("time that beginning again takes"),
      field("shared_gb", &ScenarioWork::shared)
          .within(0, 1e9)
          .by_default("0")
          .documented("data that all its jobs read beside their own; a pool may keep them (cache_gb)"),
      field("weight", &ScenarioWork::weight)
          .within(0.001, 1000)
          .by_default("1")
          .documented("staging shared: a transfer's share of a line, against those of other classes"),
      field("most_gbps", &ScenarioWork::most_gbps)
          .above(0, 1e6)
          .documented("staging shared: what all its transfers may have of a site's line, out and in"),
  };
}

Fields<ScenarioPool> scenario_pool_fields() {
  return {
      field("site", &ScenarioPool::site).documented("site of the atlas"),
      field("server", &ScenarioPool::server).by_default("cpu-server").documented("server type of the atlas"),
      field("servers", &ScenarioPool::servers).within(1, 1e6).documented("how many; or load, or of_demand"),
      field("load", &ScenarioPool::load)
          .above(0, 10)
          .documented("as many as give this load if the work whose home this is stays"),
      field("of_demand", &ScenarioPool::of_demand)
          .above(0, 1e6)
          .documented("so many times what all work for this server type keeps busy in the mean"),
      field("background", &ScenarioPool::background)
          .within(0, 0.99)
          .by_default("0")
          .documented("share that is busy with other work all the time"),
      choice("basis", &ScenarioPool::basis,
             {name_of(Basis::sunk), name_of(Basis::built), name_of(Basis::rented)})
          .by_default("built")
          .documented("who has paid for the servers"),
      field("rate_$_per_server_hour", &ScenarioPool::rate)
          .within(0, 1e9)
          .documented("basis rented: what an hour costs"),
  };
}

Fields<ScenarioFault> scenario_fault_fields() {
  return {
      choice("kind", &ScenarioFault::kind, {kFaultNames.begin(), kFaultNames.end()})
          .documented("what happens"),
      field("from", &ScenarioFault::from).documented("hour of the model year: 07-10, 07-10T08"),
      field("hours", &ScenarioFault::length).above(0, 1e6).documented("how long"),
      field("sites", &ScenarioFault::sites).optional().documented("where"),
      field("hub", &ScenarioFault::hub).optional().documented("kind hub: all its sites at once"),
      field("hazard", &ScenarioFault::hazard)
          .optional()
          .documented("kind hazard: all sites of its footprint"),
      field("servers", &ScenarioFault::servers)
          .within(1, 1e6)
          .by_default("1")
          .documented("kind server: how many break"),
      field("left", &ScenarioFault::left)
          .within(0, 1)
          .by_default("0")
          .documented("kinds curtailment and link: the share of capacity that is left"),
      field("factor", &ScenarioFault::factor)
          .within(-100, 1000)
          .by_default("1")
          .documented("kind price: energy times this"),
  };
}

Fields<ScenarioFailures> scenario_failures_fields() {
  return {
      choice("kind", &ScenarioFailures::kind, {"server", "site"}).documented("what fails"),
      field("sites", &ScenarioFailures::sites)
          .optional()
          .documented("where; not given: at every site with a pool"),
      field("between_hours", &ScenarioFailures::between)
          .above(0, 1e9)
          .documented("mean time between failures, a site"),
      field("repair_hours", &ScenarioFailures::repair).above(0, 1e6).documented("mean time to repair"),
      field("servers", &ScenarioFailures::servers)
          .within(1, 1e6)
          .by_default("1")
          .documented("kind server: how many break"),
  };
}

namespace {

constexpr std::array<std::string_view, 4> kSections = {"work", "pools", "faults", "failures"};

// What says the same thing in another way goes when one of them is set from outside.
void drop_alternatives(TomlTable& table) {
  static constexpr std::array<std::array<std::string_view, 3>, 2> kWays = {
      {{"servers", "load", "of_demand"}, {"jobs", "days", ""}}};
  for (const auto& ways : kWays) {
    const auto is_way = [&](const TomlEntry& entry) {
      return std::ranges::find(ways, entry.key) != ways.end();
    };
    const auto is_set = [&](const TomlEntry& entry) { return is_way(entry) && entry.where.file == "--set"; };
    if (std::ranges::none_of(table.entries, is_set)) continue;
    std::erase_if(table.entries, [&](const TomlEntry& entry) { return is_way(entry) && !is_set(entry); });
  }
  for (TomlEntry& entry : table.entries) {
    if (auto* inner = std::get_if<TomlTable>(&entry.value)) drop_alternatives(*inner);
  }
}

class WholeCheck {
 public:
  WholeCheck(const Scenario& scenario, Errors& errors) : scenario_(scenario), errors_(errors) {}

  void run() {
    if (scenario_.pools.empty()) complain("pools", "no pool of servers", "Add [pools.NAME] with a site.");
    if (scenario_.work.empty() == scenario_.trace.empty()) {
      complain("work", scenario_.work.empty() ? "no work" : "stands beside `trace`, and both bring the jobs",
               "Give [work.NAME] tables, or one `trace` whose jobs name their pools.");
    }
    for (const ScenarioWork& work : scenario_.work) check(work);
    for (const ScenarioPool& pool : scenario_.pools) check(pool);
    for (const ScenarioFault& fault : scenario_.faults) check(fault);
  }

 private:
  void complain(const std::string& field, std::string what, std::string mend) {
    add_error(errors_, {.what = std::move(what),
                        .where = {.file = scenario_.file, .field = field},
                        .mend = std::move(mend)});
  }
  void check(const ScenarioWork& work) {
    const std::string at = "work." + work.key;
    if (work.trace.empty() == work.model.empty())
      complain(at, "needs a trace or a model, and not both", "Give `trace` or `model`.");
    if (!work.model.empty() && work.jobs.has_value() == work.days.has_value())
      complain(at, "does not say how much of the model", "Give `jobs` or `days`.");
    if (!work.trace.empty() && (work.jobs || work.days))
      complain(at, "`jobs` and `days` are for models", "Leave them out: a trace is taken whole.");
  }
  void check(const ScenarioPool& pool) {
    const int sizes = (pool.servers ? 1 : 0) + (pool.load ? 1 : 0) + (pool.of_demand ? 1 : 0);
    const std::string at = "pools." + pool.key;
    if (sizes != 1) complain(at, "needs one of servers, load and of_demand", "Give just one of them.");
    if ((pool.basis == Basis::rented) != pool.rate.has_value())
      complain(at, "basis rented and rate_per_server_hour go together", "Give both or neither.");
  }
  void check(const ScenarioFault& fault) {
    const std::string at = "faults." + fault.key;
    const bool named = fault.kind == FaultKind::hub      ? !fault.hub.empty()
                       : fault.kind == FaultKind::hazard ? !fault.hazard.empty()
                                                         : !fault.sites.empty();
    if (!named) complain(at, "does not say where", "Give `sites`; for kinds hub and hazard that name.");
    if (!parse_model_hour(fault.from))
      complain(at + ".from", in_quotes(fault.from) + " is no hour of the year", "Write 07-10 or 07-10T08.");
    if (fault.kind == FaultKind::link && scenario_.staging != Staging::Mode::shared)
      complain(at, "a link can only fail where links are shared", "Set staging = \"shared\".");
  }

  const Scenario& scenario_;
  Errors& errors_;
};

}  // namespace

bool is_scenario_assignment(const std::string& assignment) { return is_assignment_to(assignment, kSections); }

Expected<Scenario> parse_scenario(std::string_view toml, const std::string& file,
                                  const std::vector<std::string>& assignments) {
  auto table = parse_toml(toml, file);
  if (!table) return std::unexpected(table.error());
  Errors errors;
  put_assignments(*table, assignments);
  drop_alternatives(*table);
  Scenario scenario;
  scenario.file = file;
  read_record(top_of(*table, kSections), without_currency(scenario_fields()), scenario, errors);
  read_section(*table, "work", scenario_work_fields(), scenario.work, errors);
  read_section(*table, "pools", scenario_pool_fields(), scenario.pools, errors);
  read_section(*table, "faults", scenario_fault_fields(), scenario.faults, errors);
  read_section(*table, "failures", scenario_failures_fields(), scenario.failures, errors);
  if (errors.empty()) WholeCheck(scenario, errors).run();
  if (scenario.seed != std::floor(scenario.seed))
    add_error(errors, {.what = fmt::format("{} is no whole number", shortest(scenario.seed)),
                       .where = {.file = file, .field = "seed"},
                       .mend = "Give a whole number from 0."});
  if (!scenario.start.empty() && !parse_model_hour(scenario.start)) {
    add_error(errors, {.what = in_quotes(scenario.start) + " is no hour of the year",
                       .where = {.file = file, .field = "start"},
                       .mend = "Write 07-15 or 07-15T08."});
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return scenario;
}

Expected<Scenario> load_scenario(const std::string& file, const std::vector<std::string>& assignments) {
  const auto text = read_text(file);
  if (!text) return std::unexpected(text.error());
  auto scenario = parse_scenario(*text, file, assignments);
  if (!scenario) return scenario;
  look_beside(file, scenario->trace);
  look_beside(file, scenario->scarcity);
  for (ScenarioWork& work : scenario->work) {
    for (std::string* path : {&work.trace, &work.model, &work.workload.text}) look_beside(file, *path);
  }
  return scenario;
}

}  // namespace hinterland
