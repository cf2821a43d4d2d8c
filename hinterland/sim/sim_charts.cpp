#include "hinterland/sim/sim_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

Words name_of_pool(const SimResult& result, std::size_t pool) {
  const Site& site = result.atlas->sites.at(result.setup->world.pools[pool].site);
  const std::string& key = result.setup->pool_keys[pool];
  return {fmt::format("{} ({})", site.name, key), fmt::format("{}（{}）", site.name_zh, key)};
}

BarsBlock cost_bars(const SimResult& result) {
  BarsBlock block{.caption = {"What was billed, by pool", "各服务器池的账单"},
                  .unit = result.atlas->country().currency,
                  .rows = {},
                  .parts = {{.name = {"energy", "能源"}, .values = {}},
                            {.name = {"capacity", "容量"}, .values = {}},
                            {.name = {"network", "网络"}, .values = {}},
                            {.name = {"carbon and water", "碳与水"}, .values = {}}},
                  .marks = {}};
  for (std::size_t pool = 0; pool < result.setup->world.pools.size(); ++pool) {
    const Bill bill = result.main().books.of_pool(pool).bill;
    block.rows.push_back(name_of_pool(result, pool));
    block.parts[0].values.push_back(from_millionths(bill.energy));
    block.parts[1].values.push_back(from_millionths(bill.capacity));
    block.parts[2].values.push_back(from_millionths(bill.network));
    block.parts[3].values.push_back(from_millionths(bill.carbon + bill.water));
  }
  return block;
}

BarsBlock policy_bars(const SimResult& result) {
  BarsBlock block{.caption = {"The whole bill, by policy", "各策略的总账单"},
                  .unit = result.atlas->country().currency,
                  .rows = {},
                  .parts = {{.name = {"energy", "能源"}, .values = {}},
                            {.name = {"capacity", "容量"}, .values = {}},
                            {.name = {"network", "网络"}, .values = {}}},
                  .marks = {}};
  const auto add = [&](const PolicyRun& run) {
    const Bill bill = run.books.total().bill;
    block.rows.emplace_back(run.policy);
    block.parts[0].values.push_back(from_millionths(bill.energy));
    block.parts[1].values.push_back(from_millionths(bill.capacity));
    block.parts[2].values.push_back(from_millionths(bill.network));
  };
  for (const PolicyRun& run : result.runs) add(run);
  if (result.stay) add(*result.stay);
  return block;
}

// What is billed as a share of the pool's servers (past 1 where jobs that hold cores and jobs that hold memory share them), in stretches of time: 400 points at most.
LinesBlock load_lines(const SimResult& result) {
  static constexpr std::size_t kPoints = 400;
  LinesBlock block{.caption = {"Load of each pool", "各服务器池的负载"},
                   .x_name = {"day of the run", "运行日"},
                   .y_name = {"share of capacity in use", "容量使用占比"},
                   .x = {},
                   .curves = {}};
  const SimWorld& world = result.setup->world;
  std::vector<std::vector<std::int64_t>> busy;
  std::size_t hours = 1;
  for (const LoadMeter& meter : result.main().run.meters) {
    busy.push_back(meter.busy());
    hours = std::max(hours, busy.back().size());
  }
  const std::size_t step = (hours + kPoints - 1) / kPoints;
  for (std::size_t at = 0; at < hours; at += step) block.x.push_back(static_cast<double>(at) / 24);
  for (std::size_t pool = 0; pool < world.pools.size(); ++pool) {
    LinesBlock::Curve curve{.name = name_of_pool(result, pool), .y = {}};
    const double units = static_cast<double>(world.pools[pool].servers * world.pools[pool].units_per_server);
    for (std::size_t at = 0; at < hours; at += step) {
      double sum = 0;
      for (std::size_t hour = at; hour < std::min(at + step, busy[pool].size()); ++hour)
        sum += static_cast<double>(busy[pool][hour]) * kPerHour;
      curve.y.push_back(sum / (units * static_cast<double>(std::min(step, hours - at))));
    }
    block.curves.push_back(std::move(curve));
  }
  return block;
}

MapBlock flow_map(const SimResult& result) {
  const SimWorld& world = result.setup->world;
  MapBlock block{
      .caption = {"Where work ran and bytes went", "作业与数据的去向"},
      .outlines = result.atlas->country().id.text,
      .groups = {{"home", {"homes of the work", "业务所在地"}}, {"best", {"other sites", "其他站点"}}},
      .places = {},
      .lines = {}};
  std::map<SiteId, std::size_t> place_of;
  std::int64_t most = 1;
  for (std::size_t pool = 0; pool < world.pools.size(); ++pool)
    most = std::max(most, result.main().books.of_pool(pool).unit_ms);
  for (std::size_t pool = 0; pool < world.pools.size(); ++pool) {
    const Site& site = result.atlas->sites.at(world.pools[pool].site);
    const BookCell cell = result.main().books.of_pool(pool);
    if (place_of.contains(site.id)) continue;
    place_of[site.id] = block.places.size();
    const bool home = std::ranges::find(result.setup->homes, PoolIndex{pool}) != result.setup->homes.end();
    block.places.push_back({.name = {site.name, site.name_zh},
                            .latitude_deg = site.latitude_deg,
                            .longitude_deg = site.longitude_deg,
                            .size = static_cast<double>(cell.unit_ms) / static_cast<double>(most),
                            .group = home ? "home" : "best",
                            .text = {fmt::format("{}: {} jobs", site.name, grouped(cell.jobs)),
                                     fmt::format("{}：{} 个作业", site.name_zh, grouped(cell.jobs))}});
  }
  for (std::size_t from = 0; from < world.pools.size(); ++from) {
    for (std::size_t to = 0; to < world.pools.size(); ++to) {
      const double gb = result.main().run.moved_gb[from * world.pools.size() + to];
      if (gb <= 0) continue;
      block.lines.push_back({.from = place_of[world.pools[from].site],
                             .to = place_of[world.pools[to].site],
                             .strong = true,
                             .text = {fmt::format("{} GB from {} to {}", compact(gb),
                                                  world.pools[from].site.text, world.pools[to].site.text),
                                      fmt::format("{} GB，{} 至 {}", compact(gb), world.pools[from].site.text,
                                                  world.pools[to].site.text)}});
    }
  }
  return block;
}

// A Gantt of the first busy pool that is nobody's home (or of the first): the first 24 jobs that ran there, as shares of each
// hour in which they ran.
HeatBlock gantt(const SimResult& result, std::size_t pool) {
  static constexpr std::size_t kRows = 24, kColumns = 48;
  const Ledger ledger(result.setup->world, result.main().run);
  const SimWorld& world = result.setup->world;
  HeatBlock block{
      .caption = {fmt::format("The first jobs at {}: when they waited (0.3) and ran (1)",
                              world.pools[pool].site.text),
                  fmt::format("{} 的首批作业：等待（0.3）与运行（1）", world.pools[pool].site.text)},
      .unit = "",
      .rows = {},
      .columns = {},
      .values = {},
      .low = 0,
      .high = 1};
  std::vector<JobAccount> accounts;
  std::vector<Instant> arrivals;
  for (std::size_t job = 0;
       job < static_cast<std::size_t>(result.main().run.reached) && accounts.size() < kRows; ++job) {
    if (result.main().run.outcome.pool[job] != PoolIndex{pool}) continue;
    const JobAccount account = ledger.account(JobIndex{job});
    if (!account.ended()) continue;
    accounts.push_back(account);
    arrivals.push_back(world.jobs.arrival[job]);
    block.rows.emplace_back(fmt::format("{} {}", world.groups[world.jobs.group[job]].name, job + 1));
  }
  if (accounts.empty()) return block;
  const Instant from = *std::ranges::min_element(arrivals);
  Instant until = from;
  for (const JobAccount& account : accounts) until = std::max(until, account.finish);
  const double step = std::max(1.0, static_cast<double>((until - from).ms) / kColumns);
  for (std::size_t column = 0; column < kColumns; ++column)
    block.columns.emplace_back(compact(static_cast<double>(column) * step * kPerHour) + " h");
  for (std::size_t row = 0; row < accounts.size(); ++row) {
    for (std::size_t column = 0; column < kColumns; ++column) {
      const double at = static_cast<double>(from.ms) + (static_cast<double>(column) + 0.5) * step;
      const auto within = [&](Instant a, Instant b) {
        return at + step / 2 >= static_cast<double>(a.ms) && at - step / 2 < static_cast<double>(b.ms);
      };
      const bool runs = within(accounts[row].start, accounts[row].finish),
                 waits = within(arrivals[row], accounts[row].start);
      block.values.push_back(runs ? 1 : waits ? 0.3 : 0);
    }
  }
  return block;
}

}  // namespace

void add_sim_bars(const SimResult& result, Page& page) {
  page.blocks.emplace_back(cost_bars(result));
  if (result.runs.size() > 1 || result.stay) page.blocks.emplace_back(policy_bars(result));
  page.blocks.emplace_back(load_lines(result));
}

void add_sim_pictures(const SimResult& result, Page& page) {
  page.blocks.emplace_back(flow_map(result));
  std::size_t shown = 0;
  const std::size_t pools = result.setup->world.pools.size();
  for (std::size_t pool = 0; pool < pools; ++pool) {
    const bool home = std::ranges::find(result.setup->homes, PoolIndex{pool}) != result.setup->homes.end();
    if (!home && result.main().books.of_pool(pool).jobs > result.main().books.of_pool(shown).jobs)
      shown = pool;
  }
  HeatBlock chart = gantt(result, shown);
  if (!chart.rows.empty()) page.blocks.emplace_back(std::move(chart));
}

}  // namespace hinterland
