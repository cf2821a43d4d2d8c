#include <fmt/format.h>

#include <algorithm>

#include "hinterland/report/figure.hpp"
#include "hinterland/sim/sim_charts.hpp"
#include "hinterland/sim/sim_result.hpp"

namespace hinterland {

namespace {

std::string duration(double ms) {
  const double s = ms / 1000;
  if (s < 1) return "0";
  if (s < 120) return compact(s) + " s";
  if (s < 7200) return compact(s / 60) + " min";
  if (s < 48 * 3600) return compact(s / 3600) + " h";
  return compact(s / 86400) + " d";
}

Words servers_text(const SimPool& pool) {
  return pool.background_servers == 0 ? grouped(pool.servers)
                                      : fmt::format("{} ({} busy with other work)", grouped(pool.servers),
                                                    grouped(pool.background_servers));
}

FactsBlock setup_block(const SimResult& result) {
  const ScenarioWorld& setup = *result.setup;
  FactsBlock block{.caption = {}, .facts = {}};
  const auto& jobs = setup.world.jobs;
  const double days = result.span().value / 24;
  const Words over = result.span() <= Hours{1}
                         ? Words{"within an hour", "一小时内"}
                         : Words{fmt::format("over {} {}", compact(days), days == 1 ? "day" : "days"),
                                 fmt::format("{} 天内", compact(days))};
  block.facts.push_back(
      {{"jobs", "作业"},
       {fmt::format("{} of {} {}, arriving {}", grouped(static_cast<long long>(jobs.count())),
                    setup.world.groups.size(), setup.world.groups.size() == 1 ? "class" : "classes", over.en),
        fmt::format("{} 个，{} 类，{}到达", grouped(static_cast<long long>(jobs.count())),
                    setup.world.groups.size(), over.zh)}});
  const char* discipline = result.scenario->discipline == Discipline::fcfs   ? "first come, first served"
                           : result.scenario->discipline == Discipline::easy ? "EASY backfilling"
                                                                             : "priority with preemption";
  block.facts.push_back({{"queues", "排队"}, discipline});
  block.facts.push_back({{"bytes move by", "数据传输"}, setup.offer});
  for (const ScenarioFault& fault : result.scenario->faults) {
    if (fault.kind != FaultKind::price) continue;
    block.facts.push_back(
        {{"price", "电价"},
         {fmt::format("{}: energy times {} from {} for {} h, which no policy foresees", fault.key,
                      compact(fault.factor), fault.from, compact(fault.length.value)),
          fmt::format("{}：自 {} 起 {} 小时，电价乘以 {}，策略无法预知", fault.key, fault.from,
                      compact(fault.length.value), compact(fault.factor))}});
  }
  for (const Fault& fault : setup.world.faults) {
    if (block.facts.size() > 12) {
      block.facts.push_back(
          {{"and more", "其余"}, fmt::format("{} faults in all", setup.world.faults.size())});
      break;
    }
    block.facts.push_back(
        {{"fault", "故障"},
         fmt::format("{} ({}) from hour {} for {} h", fault.cause, name_of(fault.kind),
                     compact(static_cast<double>(fault.from.ms) * kPerHour),
                     compact(static_cast<double>((fault.until - fault.from).ms) * kPerHour))});
  }
  return block;
}

FactsBlock range_block(const SimResult& result) {
  const SavingRange& range = *result.range;
  const std::string& currency = result.atlas->country().currency;
  FactsBlock block{.caption = {"How sure", "把握"}, .facts = {}};
  block.facts.push_back(
      {{"what moving saves", "迁移节省"},
       {fmt::format("over the run {} {} at the median, 90 % of draws between {} and {}; {} of {} draws save",
                    compact(range.median.value), currency, compact(range.low.value),
                    compact(range.high.value), range.saves, range.draws),
        fmt::format("本次运行中位数 {} {}，90 % 的抽样在 {} 至 {} 之间；{} 次中 {} 次节省",
                    compact_zh(range.median.value), currency, compact_zh(range.low.value),
                    compact_zh(range.high.value), range.draws, range.saves)}});
  const double as_it_stands =
      from_millionths(result.stay->books.total().bill.total() - result.main().books.total().bill.total());
  if (as_it_stands < range.low.value || as_it_stands > range.high.value) {
    const bool below = as_it_stands < range.low.value;
    block.facts.push_back(
        {{"as it stands", "按现值"},
         {fmt::format(
              "{} {} with every figure at its central value, {} the range: within their ranges the figures "
              "favour moving {}",
              compact(as_it_stands), currency, below ? "below" : "above", below ? "more" : "less"),
          fmt::format("所有数值取中心值时为 {} {}，{}该区间：各数值在其区间内{}有利于迁移",
                      compact_zh(as_it_stands), currency, below ? "低于" : "高于", below ? "更" : "较不")}});
  }
  block.facts.push_back(
      {{"drawn", "抽样"},
       {fmt::format("{} figures with a range at once, and both runs done anew each time", range.figures),
        fmt::format("同时抽取 {} 个带区间的数值，每次重新运行两种策略", range.figures)}});
  return block;
}

TableBlock class_table(const SimResult& result) {
  const std::string& currency = result.atlas->country().currency;
  TableBlock table{.caption = {"By class, " + currency, "按业务类别，" + currency},
                   .columns = {{{"class", "类别"}},
                               {{"jobs", "作业"}, Align::right},
                               {{"moved", "迁移"}, Align::right},
                               {{"at home", "留在本地"}, Align::right},
                               {{"bill", "账单"}, Align::right},
                               {{"saved", "节省"}, Align::right},
                               {{"late", "超期"}, Align::right},
                               {{"wait p95", "等待 p95"}, Align::right},
                               {{"why it stays", "为何留下"}}},
                   .rows = {}};
  for (const ClassShift& shift : class_shifts(result, result.main())) {
    const BookCell cell = result.main().books.of_group(shift.group);
    table.rows.push_back({result.setup->world.groups[shift.group].name, grouped(shift.jobs),
                          grouped(shift.moved), result.stay ? compact(shift.at_home.value) : std::string("-"),
                          compact(shift.bill.value),
                          shift.saved ? compact(shift.saved->value) : std::string("-"), grouped(cell.late),
                          duration(cell.wait_ms.quantile(0.95)), shift.why_not});
  }
  return table;
}

TableBlock pool_table(const SimResult& result, const PolicyRun& run) {
  const SimWorld& world = result.setup->world;
  const std::string& currency = result.atlas->country().currency;
  TableBlock table{.caption = {"By pool of servers, " + currency, "按服务器池，" + currency},
                   .columns = {{{"pool", "服务器池"}},
                               {{"servers", "服务器"}, Align::right},
                               {{"use", "利用率"}, Align::right},
                               {{"jobs", "作业"}, Align::right},
                               {{"energy", "能源"}, Align::right},
                               {{"capacity", "容量"}, Align::right},
                               {{"network", "网络"}, Align::right},
                               {"kWh", Align::right},
                               {"kg CO2", Align::right},
                               {{"litres", "升"}, Align::right},
                               {{"GB moved", "传输 GB"}, Align::right},
                               {{"unsold", "未售"}, Align::right}},
                   .rows = {}};
  const double hours = std::max(1.0, static_cast<double>(run.run.end.ms) * kPerHour);
  for (std::size_t p = 0; p < world.pools.size(); ++p) {
    const SimPool& pool = world.pools[p];
    const BookCell cell = run.books.of_pool(p);
    const double use = static_cast<double>(run.books.pools[p].meter.unit_ms) * kPerHour /
                       (static_cast<double>(pool.units_per_server * pool.servers) * hours);
    table.rows.push_back(
        {result.setup->pool_keys[p], servers_text(pool), percent(use), grouped(cell.jobs),
         compact(from_millionths(cell.bill.energy)), compact(from_millionths(cell.bill.capacity)),
         compact(from_millionths(cell.bill.network)), compact(from_millionths(cell.bill.kwh)),
         compact(from_millionths(cell.bill.kg)), compact(from_millionths(cell.bill.litres)),
         compact(cell.moved_gb), compact(from_millionths(run.books.pools[p].unsold.total()))});
  }
  return table;
}

TableBlock policy_table(const SimResult& result) {
  const std::string& currency = result.atlas->country().currency;
  TableBlock table{.caption = {"Policies side by side", "策略对比"},
                   .columns = {{{"policy", "策略"}},
                               {{currency + " in all", "合计 " + currency}, Align::right},
                               {{"energy", "能源"}, Align::right},
                               {{"capacity", "容量"}, Align::right},
                               {{"network", "网络"}, Align::right},
                               {"kg CO2", Align::right},
                               {{"done", "完成"}, Align::right},
                               {{"late", "超期"}, Align::right},
                               {{"wait p95", "等待 p95"}, Align::right}},
                   .rows = {}};
  if (result.scenario->clairvoyant) table.columns.push_back({{"regret", "后悔值"}, Align::right});
  const auto row = [&](const PolicyRun& run) {
    const BookCell total = run.books.total();
    table.rows.push_back(
        {run.policy, compact(from_millionths(total.bill.total())),
         compact(from_millionths(total.bill.energy)), compact(from_millionths(total.bill.capacity)),
         compact(from_millionths(total.bill.network)), compact(from_millionths(total.bill.kg)),
         grouped(total.done + total.cut), grouped(total.late), duration(total.wait_ms.quantile(0.95))});
    if (const auto regret = regret_of(result, run)) table.rows.back().emplace_back(percent(*regret));
  };
  for (const PolicyRun& run : result.runs) row(run);
  if (result.stay) row(*result.stay);
  return table;
}

TableBlock outcome_table(const SimResult& result) {
  const BookCell total = result.main().books.total();
  TableBlock table{
      .caption = {"What became of the jobs", "作业的结局"},
      .columns = {{{"outcome", "结局"}}, {{"jobs", "作业"}, Align::right}, {{"what it means", "含义"}}},
      .rows = {}};
  const auto row = [&](Words name, std::int64_t jobs, Words means) {
    if (jobs > 0) table.rows.push_back({std::move(name), grouped(jobs), std::move(means)});
  };
  row({"done", "完成"}, total.done, {"ran to its end", "正常结束"});
  row({"cut", "截断"}, total.cut, {"ended when its requested time was used up", "用满申请时间而被终止"});
  row({"refused", "拒绝"}, total.refused, {"the policy found no place for it", "策略未找到可用之处"});
  row({"lost", "丢失"}, total.lost,
      {"stopped by faults more often than it may be begun again", "因故障中止次数超过允许的重试"});
  row({"stuck", "滞留"}, total.stuck,
      {"still waiting when nothing more could happen", "再无事件发生时仍在等待"});
  for (std::size_t cause = 0; cause < kLateCauses; ++cause) {
    row({std::string("late: ") + name_of_late_cause(cause),
         std::string("超期：") + name_of_late_cause(cause)},
        total.late_by.at(cause), {"done after its deadline, for this cause", "因此原因超过期限"});
  }
  for (std::size_t kind = 0; kind < kFaultKinds; ++kind) {
    if (total.lost_unit_ms[kind] == 0) continue;
    double hours = 0;
    const SimWorld& world = result.setup->world;
    for (std::size_t p = 0; p < world.pools.size(); ++p) {
      hours += static_cast<double>(result.main().books.of_pool(p).lost_unit_ms[kind]) * kPerHour /
               static_cast<double>(world.pools[p].units_per_server);
    }
    table.rows.push_back({{std::string("lost to ") + name_of(static_cast<FaultKind>(kind)),
                           std::string("损失于 ") + name_of(static_cast<FaultKind>(kind))},
                          compact(hours),
                          {"server-hours of work that had to be done again", "需重做的服务器小时"}});
  }
  return table;
}

Words balance_text(const PolicyRun& run) {
  if (!run.books.imbalances.empty()) {
    return fmt::format("Bills and meters DIFFER ({}): our own bug; please report it.",
                       run.books.imbalances.front().what);
  }
  const std::string gap = compact(run.books.worst_gap / kMillion);
  return {fmt::format(
              "Bills and what was not sold add up to the meters, part by part and pool by pool; the largest "
              "difference is {}, from rounding each bill to a millionth.",
              gap),
          fmt::format("账单与未售部分之和逐项、逐池等于电表读数；最大差额 {}，来自账单逐项舍入到百万分之一。",
                      gap)};
}

}  // namespace

Page sim_page(const SimResult& result) {
  Page page{.title = {result.scenario->name, result.scenario->name}, .blocks = {}};
  page.blocks.emplace_back(Paragraph{sim_sentence(result), true});
  if (result.main().run.interrupted) {
    page.blocks.emplace_back(
        Paragraph{fmt::format("Interrupted: {} of {} jobs had arrived. What follows is about these.",
                              grouped(result.main().run.reached),
                              grouped(static_cast<long long>(result.setup->world.jobs.count()))),
                  true});
  }
  if (result.interrupted && !result.main().run.interrupted)
    page.blocks.emplace_back(Paragraph{
        {"Interrupted: not all that was to be compared is here.", "已中断：部分比较未完成。"}, true});
  page.blocks.emplace_back(setup_block(result));
  if (result.range) page.blocks.emplace_back(range_block(result));
  if (!result.setup->homes.empty()) page.blocks.emplace_back(class_table(result));
  page.blocks.emplace_back(pool_table(result, result.main()));
  if (result.runs.size() > 1 || result.stay) page.blocks.emplace_back(policy_table(result));
  page.blocks.emplace_back(outcome_table(result));
  add_sim_bars(result, page);
  page.blocks.emplace_back(Paragraph{balance_text(result.main())});
  return page;
}

Page sim_report(const SimResult& result) {
  Page page = sim_page(result);
  add_sim_pictures(result, page);
  return page;
}

}  // namespace hinterland
