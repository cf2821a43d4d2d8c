#include <nlohmann/json.hpp>

#include "hinterland/sim/sim_result.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

Json bill_of(const Bill& bill) {
  return {{"total", from_millionths(bill.total())},     {"energy", from_millionths(bill.energy)},
          {"capacity", from_millionths(bill.capacity)}, {"network", from_millionths(bill.network)},
          {"carbon", from_millionths(bill.carbon)},     {"water", from_millionths(bill.water)},
          {"kwh", from_millionths(bill.kwh)},           {"kg_co2", from_millionths(bill.kg)},
          {"litres", from_millionths(bill.litres)}};
}

Json quantiles(const Histogram& histogram, double scale) {
  return {{"mean", histogram.mean() * scale},
          {"p50", histogram.quantile(0.5) * scale},
          {"p95", histogram.quantile(0.95) * scale},
          {"p99", histogram.quantile(0.99) * scale},
          {"max", histogram.quantile(1) * scale}};
}

Json cell_of(const BookCell& cell, double units_per_server) {
  Json lost = Json::object(), late = Json::object();
  for (std::size_t cause = 0; cause < kLateCauses; ++cause) {
    if (cell.late_by.at(cause) > 0) late[name_of_late_cause(cause)] = cell.late_by.at(cause);
  }
  for (std::size_t kind = 0; kind < kFaultKinds; ++kind) {
    if (cell.lost_unit_ms[kind] > 0)
      lost[name_of(static_cast<FaultKind>(kind))] =
          static_cast<double>(cell.lost_unit_ms[kind]) * kPerHour / units_per_server;
  }
  if (cell.preempted_unit_ms > 0)
    lost["preemption"] = static_cast<double>(cell.preempted_unit_ms) * kPerHour / units_per_server;
  return {{"jobs", cell.jobs},
          {"done", cell.done},
          {"cut", cell.cut},
          {"refused", cell.refused},
          {"lost", cell.lost},
          {"stuck", cell.stuck},
          {"late", cell.late},
          {"late_by", late},
          {"server_hours", static_cast<double>(cell.unit_ms) * kPerHour / units_per_server},
          {"server_hours_done_twice", lost},
          {"wait_s", quantiles(cell.wait_ms, 1e-3)},
          {"bounded_slowdown", quantiles(cell.slowdown_thousandth, 1e-3)},
          {"moved_gb", cell.moved_gb},
          {"bill", bill_of(cell.bill)}};
}

Json pool_of(const SimResult& result, const PolicyRun& run, std::size_t pool) {
  const SimWorld& world = result.setup->world;
  const SimPool& built = world.pools[pool];
  const PoolBooks& books = run.books.pools[pool];
  const auto units = static_cast<double>(built.units_per_server);
  const double hours = static_cast<double>(run.run.end.ms) * kPerHour;
  Json out = {{"pool", result.setup->pool_keys[pool]},
              {"site", built.site.text},
              {"server", built.server.text},
              {"basis", name_of(result.setup->basis[pool])},
              {"servers", built.servers},
              {"background_servers", built.background_servers},
              {"use", hours > 0 ? static_cast<double>(books.meter.unit_ms) * kPerHour /
                                      (units * static_cast<double>(built.servers) * hours)
                                : 0.0}};
  out.update(cell_of(run.books.of_pool(pool), units));
  out["unsold"] = bill_of(books.unsold);
  out["meter"] = {{"energy", books.meter.energy / kMillion},
                  {"capacity", books.meter.capacity / kMillion},
                  {"kwh", books.meter.kwh / kMillion},
                  {"kg_co2", books.meter.kg / kMillion},
                  {"litres", books.meter.litres / kMillion}};
  Json busy = Json::array();
  for (const std::int64_t unit_ms : run.run.meters[pool].busy())
    busy.push_back(std::round(static_cast<double>(unit_ms) * kPerHour / units * 1000) / 1000);
  out["busy_servers_by_hour"] = std::move(busy);
  return out;
}

Json shifts_of(const SimResult& result, const PolicyRun& run) {
  Json out = Json::array();
  if (!result.stay) return out;
  for (const ClassShift& shift : class_shifts(result, run)) {
    out.push_back({{"class", result.setup->world.groups[shift.group].name},
                   {"jobs", shift.jobs},
                   {"moved", shift.moved},
                   {"at_home", shift.at_home.value},
                   {"bill", shift.bill.value},
                   {"saved", shift.saved ? Json(shift.saved->value) : Json(nullptr)},
                   {"why_it_stays", shift.why_not.empty() ? Json(nullptr) : Json(shift.why_not)}});
  }
  return out;
}

Json run_of(const SimResult& result, const PolicyRun& run) {
  const SimWorld& world = result.setup->world;
  // Totals are in servers of the first pool's type where there is but one, else each cell has its own.
  const auto units = static_cast<double>(world.pools.front().units_per_server);
  Json classes = Json::array(), pools = Json::array(), cells = Json::array(), laws = Json::array();
  for (std::size_t group = 0; group < world.groups.size(); ++group) {
    const std::size_t home = result.setup->homes.empty() ? 0 : std::size_t{result.setup->homes[group]};
    Json one = {{"class", world.groups[group].name}};
    if (!result.setup->regions.empty()) one["from"] = result.setup->regions[group];
    one.update(cell_of(run.books.of_group(group), static_cast<double>(world.pools[home].units_per_server)));
    classes.push_back(std::move(one));
    for (std::size_t pool = 0; pool < world.pools.size(); ++pool) {
      const BookCell& cell = run.books.cells[group * world.pools.size() + pool];
      if (cell.jobs == 0 && cell.unit_ms == 0) continue;
      Json part = {{"class", world.groups[group].name}, {"pool", result.setup->pool_keys[pool]}};
      part.update(cell_of(cell, static_cast<double>(world.pools[pool].units_per_server)));
      cells.push_back(std::move(part));
    }
  }
  for (std::size_t pool = 0; pool < world.pools.size(); ++pool) pools.push_back(pool_of(result, run, pool));
  for (const Imbalance& one : run.books.imbalances)
    laws.push_back({{"what", one.what}, {"difference", one.difference}, {"allowed", one.allowed}});
  Json out = {
      {"policy", run.policy},
      {"total", cell_of(run.books.total(), units)},
      {"classes", std::move(classes)},
      {"pools", std::move(pools)},
      {"cells", std::move(cells)},
      {"shifts", shifts_of(result, run)},
      {"end_s", static_cast<double>(run.run.end.ms) / 1000},
      {"sum_completion_s", run.books.sum_completion_ms / 1000},
      {"interrupted", run.run.interrupted},
      {"bills_against_meters", {{"worst_gap_millionths", run.books.worst_gap}, {"broken", std::move(laws)}}}};
  if (const auto regret = regret_of(result, run)) out["regret"] = *regret;
  return out;
}

}  // namespace

std::string sim_json(const SimResult& result) {
  const ScenarioWorld& setup = *result.setup;
  Json barred = Json::array(), more = Json::array();
  for (const Barred& one : setup.barred)
    barred.push_back({{"class", setup.world.groups[one.group].name},
                      {"site", setup.world.pools[one.pool].site.text},
                      {"why", one.why}});
  for (std::size_t i = 1; i < result.runs.size(); ++i) more.push_back(run_of(result, result.runs[i]));
  const PolicyRun& main = result.main();
  Json out = {{"scenario", result.scenario->name},
              {"incomplete", result.interrupted},
              {"sentence", sim_sentence(result).en},
              {"currency", result.atlas->country().currency},
              {"discipline", result.scenario->discipline == Discipline::fcfs   ? "fcfs"
                             : result.scenario->discipline == Discipline::easy ? "easy"
                                                                               : "priority"},
              {"start_hour", setup.start.value},
              {"offer", setup.offer},
              {"span_h", result.span().value},
              {"jobs", setup.world.jobs.count()},
              {"sum_completion_s", main.books.sum_completion_ms / 1000},
              {"jobs_per_s", main.run_s > 0 ? static_cast<double>(setup.world.jobs.count()) / main.run_s : 0},
              {"trace_s", setup.trace_s},
              {"peak_bytes_per_job", result.bytes_per_job},
              {"barred", std::move(barred)}};
  out.update(run_of(result, main));
  if (result.range) {
    out["saving_range"] = {{"draws", result.range->draws},         {"saves", result.range->saves},
                           {"figures", result.range->figures},     {"low", result.range->low.value},
                           {"median", result.range->median.value}, {"high", result.range->high.value}};
  }
  if (result.stay) out["stay"] = run_of(result, *result.stay);
  if (!more.empty()) out["other_policies"] = std::move(more);
  return out.dump(2) + "\n";
}

}  // namespace hinterland
