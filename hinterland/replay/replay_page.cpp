#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hinterland/replay/replay_result.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr double kMsPerSecond = 1000, kHundred = 100;

// "+3.1 %", "0 %".
std::string signed_percent(double share) {
  if (share == 0) return "0 %";
  const double value = kHundred * share;
  const std::string size = compact(std::abs(value));
  return (size == "0" ? "" : value < 0 ? "-" : "+") + size + " %";
}
std::string signed_seconds(double seconds) {
  const std::string size = compact(std::abs(seconds));
  return (size == "0" ? "" : seconds < 0 ? "-" : "+") + size;
}
std::string money(std::int64_t millionths) { return compact(from_millionths(millionths)); }
std::string seconds(Duration d) { return compact(static_cast<double>(d.ms) / kMsPerSecond); }

std::string named(const ErrorSpread::One& one) {
  return one.task ? fmt::format("{}/{}", one.job, *one.task) : fmt::format("{}", one.job);
}

Words headline(const ReplayResult& result) {
  const Fidelity& all = result.fidelity;
  if (all.tasks == 0)
    return {"No task has ended yet: there is nothing to hold a simulation against.",
            "尚无任务结束，无可比较。"};
  return {fmt::format("The simulator puts {} of {} where they ran ({}); makespan {}, cost {}, energy {}.",
                      grouped(all.same_pool), counted(all.tasks, "task"), percent(all.agreement()),
                      signed_percent(all.makespan_error()), signed_percent(all.cost_error()),
                      signed_percent(all.energy_error())),
          fmt::format("{} 个任务中有 {} 个被仿真放在实际运行的地点（{}）；总时长 {}，费用 {}，电量 {}。",
                      grouped(all.tasks), grouped(all.same_pool), percent(all.agreement()),
                      signed_percent(all.makespan_error()), signed_percent(all.cost_error()),
                      signed_percent(all.energy_error()))};
}

std::optional<Words> regret_line(const ReplayResult& result) {
  if (!result.regrets || !result.regrets->clairvoyant) return std::nullopt;
  const auto regret = result.regrets->as_it_was.regret(*result.regrets->clairvoyant);
  const double bound = result.regrets->clairvoyant->bound / kMillion;
  if (!regret || result.regrets->tasks == 0) return std::nullopt;
  const std::string share =
      bound > 0 ? fmt::format(" ({} of that)", percent(*regret / kMillion / bound)) : "";
  return Words{fmt::format("Who knew everything would have paid {} {} or more; the regret is at most {}{}.",
                           compact(bound), result.setup->currency, compact(*regret / kMillion), share),
               fmt::format("全知者至少要付 {} {}；遗憾至多为 {}。", compact_zh(bound), result.setup->currency,
                           compact_zh(*regret / kMillion))};
}

FactsBlock facts_of(const ReplayResult& result) {
  const Day& day = *result.day;
  FactsBlock facts;
  facts.facts = {
      {"journal", fmt::format("{}, {}{}", day.journal, counted(static_cast<std::int64_t>(day.steps), "step"),
                              result.live ? ", as it stood while its broker ran" : "")},
      {"tasks",
       fmt::format("{} of {}, from {}; {} held against what was", counted(std::ssize(day.arrivals), "task"),
                   counted(std::ssize(day.state.jobs), "job"), format_civil(day.begin, "UTC"),
                   grouped(result.fidelity.tasks))},
      {"policy", fmt::format("{}, queues {}", result.setup->policy.name, name_of(day.state.rules.queue))},
      {"makespan", fmt::format("{} s; {} s in the simulation", seconds(result.fidelity.makespan),
                               seconds(result.fidelity.makespan_replayed))},
      {"billed", fmt::format("{} {}; {} in the simulation", money(result.fidelity.bill.total()),
                             result.setup->currency, money(result.fidelity.bill_replayed.total()))}};
  if (result.fidelity.compared < result.fidelity.tasks)
    facts.facts.emplace_back("did not end",
                             counted(result.fidelity.tasks - result.fidelity.compared, "task") +
                                 " in the simulation, which ended in the journal");
  if (result.setup->blocked > 0)
    facts.facts.emplace_back("held",
                             counted(result.setup->blocked, "task") +
                                 " that waited for others, or for leave to begin, at the end: not run again");
  if (day.rules_made > 1)
    facts.facts.emplace_back("rules", fmt::format("were made {} times; the last are taken", day.rules_made));
  return facts;
}

TableBlock error_table(const Fidelity& all) {
  TableBlock table{.caption = {"Error: simulated less recorded", "误差：仿真减记录"},
                   .columns = {{"of"},
                               {"median", Align::right},
                               {"90 % below", Align::right},
                               {"worst", Align::right},
                               {"mean", Align::right},
                               {"the worst", Align::left}},
                   .rows = {}};
  const auto row = [&](const char* name, const ErrorSpread& error, bool share) {
    const auto size = [&](double value) { return share ? percent(value) : compact(value) + " s"; };
    std::string worst;
    for (const ErrorSpread::One& one : error.largest)
      if (one.replayed != one.recorded) worst += fmt::format("{}{}", worst.empty() ? "" : ", ", named(one));
    table.rows.push_back({name, size(error.median), size(error.p90), size(error.worst),
                          share ? signed_percent(error.mean) : signed_seconds(error.mean) + " s",
                          worst.empty() ? "-" : worst});
  };
  row("start of a task", all.start, false);
  row("end of a task", all.finish, false);
  row("cost of a job", all.cost, true);
  row("energy of a job", all.energy, true);
  return table;
}

TableBlock parts_table(const Fidelity& all) {
  TableBlock table{
      .caption = {"Where the model is wrong: seconds of a task", "模型偏差所在：每个任务的秒数"},
      .columns = {{"part"}, {"was", Align::right}, {"error", Align::right}, {"size of it", Align::right}},
      .rows = {}};
  for (const TimePart part : kTimeParts) {
    const Fidelity::PartError& error = all.parts.at(static_cast<std::size_t>(part));
    table.rows.push_back({std::string(name_of(part)), compact(error.recorded), signed_seconds(error.mean),
                          compact(error.mean_size)});
  }
  return table;
}

FactsBlock money_errors(const ReplayResult& result) {
  const Fidelity& all = result.fidelity;
  const auto line = [&](std::int64_t error) {
    const double was = static_cast<double>(all.bill.total());
    return fmt::format("{} {}{}", money(error), result.setup->currency,
                       was == 0 ? "" : ", " + signed_percent(static_cast<double>(error) / std::abs(was)));
  };
  return {.caption = {"Where the bill is wrong", "费用偏差所在"},
          .facts = {{"prices", line(all.by_prices) + ": the same hours at this atlas's rates"},
                    {"hours and places", line(all.by_hours)},
                    {"bytes", line(all.by_bytes)}}};
}

std::optional<TableBlock> went_table(const ReplayResult& result) {
  const std::size_t pools = result.setup->world.pools.size();
  if (result.fidelity.same_pool == result.fidelity.compared || pools > 12) return std::nullopt;
  TableBlock table{.caption = {"Where tasks ran (rows), and where the simulator puts them",
                               "任务实际运行地点（行）与仿真地点"},
                   .columns = {{"pool"}},
                   .rows = {}};
  for (const PoolFacts& pool : result.day->state.pools) table.columns.push_back({pool.name, Align::right});
  for (std::size_t from = 0; from < pools; ++from) {
    std::vector<Words> row = {result.day->state.pools[from].name};
    for (std::size_t to = 0; to < pools; ++to)
      row.emplace_back(grouped(result.fidelity.went[from * pools + to]));
    table.rows.push_back(std::move(row));
  }
  return table;
}

TableBlock policies_table(const ReplayResult& result) {
  const Regrets& all = *result.regrets;
  TableBlock table{
      .caption = {"The same day under every policy, " + result.setup->currency, "同一天在各策略下"},
      .columns = {{"policy"},
                  {"bill", Align::right},
                  {"regret", Align::right},
                  {"of the bound", Align::right},
                  {"energy", Align::right},
                  {"network", Align::right},
                  {"kWh", Align::right},
                  {"kg CO2", Align::right},
                  {"done", Align::right},
                  {"late", Align::right},
                  {"makespan, s", Align::right}},
      .rows = {}};
  const auto row = [&](const PolicyDay& day) {
    std::string regret = "-", share = "-";
    if (all.clairvoyant && day.did_all) {
      const double value = *day.regret(*all.clairvoyant);
      regret = compact(value / kMillion);
      if (all.clairvoyant->bound > 0) share = percent(value / all.clairvoyant->bound);
    }
    table.rows.push_back({day.policy.empty() ? "as it was" : day.policy, money(day.bill.total()), regret,
                          share, money(day.bill.energy), money(day.bill.network), money(day.bill.kwh),
                          money(day.bill.kg), grouped(day.done), grouped(day.late), seconds(day.makespan)});
  };
  row(all.as_it_was);
  for (const PolicyDay& day : all.policies) row(day);
  return table;
}

TableBlock fitted_table(const std::vector<SiteFit>& fitted, const std::string& journal) {
  TableBlock table{.caption = {"What " + journal + " says of the sites", "由 " + journal + " 估计的站点参数"},
                   .columns = {{"site"},
                               {"attempts", Align::right},
                               {"start-up, s", Align::right},
                               {"90 % below", Align::right},
                               {"speed", Align::right},
                               {"inputs, Mb/s", Align::right}},
                   .rows = {}};
  for (const SiteFit& one : fitted)
    table.rows.push_back({one.site.text, grouped(one.attempts), one.start_up ? seconds(*one.start_up) : "-",
                          one.start_up ? seconds(one.start_up_p90) : "-",
                          one.speed ? compact(*one.speed) : "-",
                          one.input_mbps ? compact(*one.input_mbps) : "-"});
  return table;
}

TableBlock before_and_after(const ReplayResult& result) {
  TableBlock table{.caption = {"Error before and after, on a journal that nothing was fitted on",
                               "拟合前后的误差（未用于拟合的日志）"},
                   .columns = {{"of"}, {"before", Align::right}, {"after", Align::right}},
                   .rows = {}};
  const Fidelity &before = *result.before, &after = result.fidelity;
  const auto row = [&](const char* name, const std::string& first, const std::string& second) {
    table.rows.push_back({name, first, second});
  };
  row("tasks in the same pool", percent(before.agreement()), percent(after.agreement()));
  row("makespan", signed_percent(before.makespan_error()), signed_percent(after.makespan_error()));
  row("cost", signed_percent(before.cost_error()), signed_percent(after.cost_error()));
  row("energy", signed_percent(before.energy_error()), signed_percent(after.energy_error()));
  row("start of a task, median s", compact(before.start.median), compact(after.start.median));
  row("end of a task, median s", compact(before.finish.median), compact(after.finish.median));
  row("end of a task, 90 % below, s", compact(before.finish.p90), compact(after.finish.p90));
  return table;
}

std::optional<TableBlock> quotes_table(const ReplayResult& result) {
  const auto bands = quote_bands(result.day->state, [](ProjectIndex) { return true; });
  if (bands.empty()) return std::nullopt;
  TableBlock table{
      .caption =
          {"Quotes: bills below p50, from p50 to p90, above (a half, two fifths, a tenth if they hold)",
           "报价校准"},
      .columns = {{"class"},
                  {"seen before", Align::right},
                  {"jobs", Align::right},
                  {"below", Align::right},
                  {"within", Align::right},
                  {"above", Align::right},
                  {"above most", Align::right}},
      .rows = {}};
  for (const QuoteBand& band : bands) {
    const auto share = [&](std::int64_t count) {
      return percent(static_cast<double>(count) / static_cast<double>(band.jobs));
    };
    table.rows.push_back({result.day->state.places[band.places], fmt::format("{} or more", band.seen_from),
                          grouped(band.jobs), share(band.below), share(band.within), share(band.above),
                          share(band.above_most)});
  }
  return table;
}

// Tasks that were over by a time, in the journal and in the simulation.
std::optional<LinesBlock> progress_chart(const ReplayResult& result) {
  constexpr std::size_t points = 120;
  if (result.fidelity.compared == 0) return std::nullopt;
  std::vector<Instant> was, is;
  for (std::size_t k = 0; k < result.recorded.size(); ++k) {
    if (!result.recorded[k].ended || !result.replayed[k].ended) continue;
    was.push_back(result.recorded[k].finish);
    is.push_back(result.replayed[k].finish);
  }
  std::ranges::sort(was);
  std::ranges::sort(is);
  const std::int64_t span =
      std::max<std::int64_t>(1, (std::max(was.back(), is.back()) - result.day->begin).ms);
  LinesBlock chart{
      .caption = {"Tasks that were over", "已结束的任务"},
      .x_name = {"minutes since the first came", "自首个任务到达的分钟"},
      .y_name = {"tasks", "任务"},
      .x = {},
      .curves = {{.name = {"recorded", "记录"}, .y = {}}, {.name = {"simulated", "仿真"}, .y = {}}}};
  for (std::size_t k = 0; k <= points; ++k) {
    const Duration since{span * static_cast<std::int64_t>(k) / static_cast<std::int64_t>(points)};
    const Instant at = result.day->begin + since;
    const auto by = [&](const std::vector<Instant>& ends) {
      return static_cast<double>(std::ranges::upper_bound(ends, at) - ends.begin());
    };
    chart.x.push_back(in_hours(since).value * 60);
    chart.curves[0].y.push_back(by(was));
    chart.curves[1].y.push_back(by(is));
  }
  return chart;
}

std::optional<BarsBlock> bills_chart(const ReplayResult& result) {
  if (!result.regrets) return std::nullopt;
  BarsBlock bars{.caption = {"The whole bill, by policy", "各策略的总费用"},
                 .unit = result.setup->currency,
                 .rows = {},
                 .parts = {{.name = {"energy", "电费"}, .values = {}},
                           {.name = {"capacity", "算力"}, .values = {}},
                           {.name = {"network", "网络"}, .values = {}},
                           {.name = {"carbon and water", "碳与水"}, .values = {}}},
                 .marks = {}};
  BarsBlock::Mark bound{.name = {"who knew everything", "全知者"}, .at = {}};
  const auto row = [&](const PolicyDay& day) {
    bars.rows.emplace_back(day.policy.empty() ? "as it was" : day.policy);
    bars.parts[0].values.push_back(from_millionths(day.bill.energy));
    bars.parts[1].values.push_back(from_millionths(day.bill.capacity));
    bars.parts[2].values.push_back(from_millionths(day.bill.network));
    bars.parts[3].values.push_back(from_millionths(day.bill.carbon + day.bill.water));
    bound.at.push_back(result.regrets->clairvoyant && day.did_all
                           ? std::optional(result.regrets->clairvoyant->bound / kMillion)
                           : std::nullopt);
  };
  row(result.regrets->as_it_was);
  for (const PolicyDay& day : result.regrets->policies) row(day);
  bars.marks.push_back(std::move(bound));
  return bars;
}

Page page_of(const ReplayResult& result, bool pictures) {
  Page page{.title = {"The day run again", "复盘"}, .blocks = {}};
  page.blocks.emplace_back(Paragraph{headline(result), true});
  if (auto line = regret_line(result)) page.blocks.emplace_back(Paragraph{std::move(*line), true});
  page.blocks.emplace_back(facts_of(result));
  if (result.before) {
    page.blocks.emplace_back(fitted_table(result.fitted, result.fitted_on));
    page.blocks.emplace_back(before_and_after(result));
  }
  if (result.fidelity.compared > 0) {
    page.blocks.emplace_back(error_table(result.fidelity));
    page.blocks.emplace_back(parts_table(result.fidelity));
    page.blocks.emplace_back(money_errors(result));
  }
  if (auto table = went_table(result)) page.blocks.emplace_back(std::move(*table));
  if (result.regrets) page.blocks.emplace_back(policies_table(result));
  if (auto chart = bills_chart(result)) page.blocks.emplace_back(std::move(*chart));
  if (auto table = quotes_table(result)) page.blocks.emplace_back(std::move(*table));
  if (auto chart = pictures ? progress_chart(result) : std::nullopt)
    page.blocks.emplace_back(std::move(*chart));
  return page;
}

}  // namespace

Page replay_page(const ReplayResult& result) { return page_of(result, false); }
Page replay_report(const ReplayResult& result) { return page_of(result, true); }

Page fit_page(const std::vector<SiteFit>& fitted, const std::string& journal) {
  return {.title = {"Fit", "拟合"}, .blocks = {fitted_table(fitted, journal)}};
}

}  // namespace hinterland
