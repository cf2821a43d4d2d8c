#include <nlohmann/json.hpp>

#include "hinterland/journal/quotes_json.hpp"
#include "hinterland/replay/replay_result.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

constexpr double kMsPerSecond = 1000;

double seconds(Duration d) { return static_cast<double>(d.ms) / kMsPerSecond; }

Json spread_json(const ErrorSpread& error) {
  Json worst = Json::array();
  for (const ErrorSpread::One& one : error.largest) {
    Json row{{"job", one.job}};
    if (one.task) row["task"] = *one.task;
    row["recorded"] = one.recorded;
    row["replayed"] = one.replayed;
    worst.push_back(std::move(row));
  }
  return {{"count", error.count}, {"median", error.median}, {"p90", error.p90},
          {"worst", error.worst}, {"mean", error.mean},     {"largest", std::move(worst)}};
}

Json fidelity_json(const Fidelity& all) {
  Json parts = Json::object();
  for (const TimePart part : kTimeParts) {
    const Fidelity::PartError& error = all.parts.at(static_cast<std::size_t>(part));
    parts[std::string(name_of(part))] = {
        {"recorded_s", error.recorded}, {"mean_error_s", error.mean}, {"mean_size_s", error.mean_size}};
  }
  return {{"tasks", all.tasks},
          {"compared", all.compared},
          {"same_pool", all.same_pool},
          {"placement_agreement", all.agreement()},
          {"makespan",
           {{"recorded_s", seconds(all.makespan)},
            {"replayed_s", seconds(all.makespan_replayed)},
            {"error", all.makespan_error()}}},
          {"cost",
           {{"recorded", all.bill.total()},
            {"replayed", all.bill_replayed.total()},
            {"error", all.cost_error()}}},
          {"energy",
           {{"recorded_kwh", all.bill.kwh},
            {"replayed_kwh", all.bill_replayed.kwh},
            {"error", all.energy_error()}}},
          {"start_s", spread_json(all.start)},
          {"finish_s", spread_json(all.finish)},
          {"cost_of_jobs", spread_json(all.cost)},
          {"energy_of_jobs", spread_json(all.energy)},
          {"time_parts", std::move(parts)},
          {"cost_parts", {{"prices", all.by_prices}, {"hours", all.by_hours}, {"bytes", all.by_bytes}}}};
}

Json fits_json(const std::vector<SiteFit>& fitted) {
  Json rows = Json::array();
  for (const SiteFit& one : fitted) {
    Json row{{"site", one.site.text}, {"attempts", one.attempts}};
    if (one.start_up) {
      row["start_up_s"] = seconds(*one.start_up);
      row["start_up_p90_s"] = seconds(one.start_up_p90);
    }
    if (one.speed) row["speed"] = *one.speed;
    row["attempts_of_shared_jobs"] = one.shared;
    if (one.input_mbps) row["input_mbps"] = *one.input_mbps;
    row["moved_bytes"] = one.moved_bytes;
    rows.push_back(std::move(row));
  }
  return rows;
}

Json policy_json(const PolicyDay& day, const std::optional<Clairvoyant>& clairvoyant) {
  Json row{{"policy", day.policy},
           {"bill", day.bill.total()},
           {"energy", day.bill.energy},
           {"capacity", day.bill.capacity},
           {"network", day.bill.network},
           {"carbon", day.bill.carbon},
           {"water", day.bill.water},
           {"kwh", day.bill.kwh},
           {"kg_co2", day.bill.kg},
           {"litres", day.bill.litres},
           {"done", day.done},
           {"late", day.late},
           {"makespan_s", seconds(day.makespan)},
           {"did_all", day.did_all}};
  if (clairvoyant && day.did_all) row["regret"] = *day.regret(*clairvoyant);
  return row;
}

}  // namespace

std::string replay_json(const ReplayResult& result) {
  const Day& day = *result.day;
  Json json{{"journal", day.journal},
            {"steps", day.steps},
            {"live", result.live},
            {"policy", result.setup->policy.name},
            {"queue", name_of(day.state.rules.queue)},
            {"currency", result.setup->currency},
            {"unit", "millionths"},
            {"begin_ms", day.begin.ms},
            {"jobs", day.state.jobs.size()},
            {"tasks", day.arrivals.size()},
            {"fidelity", fidelity_json(result.fidelity)}};
  if (result.before) {
    json["fitted_on"] = result.fitted_on;
    json["fitted"] = fits_json(result.fitted);
    json["before"] = fidelity_json(*result.before);
  }
  if (result.regrets) {
    const Regrets& all = *result.regrets;
    if (all.clairvoyant)
      json["clairvoyant"] = {{"bound", all.clairvoyant->bound},
                             {"each_alone", all.clairvoyant->alone},
                             {"with_scarcity", all.clairvoyant->scarce},
                             {"attempts", all.clairvoyant->work}};
    json["as_it_was"] = policy_json(all.as_it_was, all.clairvoyant);
    Json rows = Json::array();
    for (const PolicyDay& one : all.policies) rows.push_back(policy_json(one, all.clairvoyant));
    json["policies"] = std::move(rows);
  }
  json["quotes"] = quotes_json(day.state, [](ProjectIndex) { return true; });
  return json.dump() + "\n";
}

std::string fit_json(const std::vector<SiteFit>& fitted, const std::string& journal) {
  return Json{{"fitted_on", journal}, {"fitted", fits_json(fitted)}}.dump() + "\n";
}

}  // namespace hinterland
