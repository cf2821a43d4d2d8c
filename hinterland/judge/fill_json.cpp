#include <array>
#include <nlohmann/json.hpp>

#include "hinterland/judge/fill_others.hpp"
#include "hinterland/judge/fill_page.hpp"
#include "hinterland/judge/verdict_page.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

Json number(const std::optional<Money>& value) { return value ? Json(value->value) : Json(nullptr); }

Json band_of(const MoneyBand& band) { return {{"low", band.low.value}, {"high", band.high.value}}; }

Json names(const auto& list) {
  Json out = Json::array();
  for (const auto& one : list) out.push_back(one.text);
  return out;
}

Json ids(const auto& list) {
  Json out = Json::array();
  for (const auto* one : list) out.push_back(one->id.text);
  return out;
}

Json latency_of(const FillPair& pair) {
  const auto& bound = pair.workload->latency;
  return {{"central", in_milliseconds(pair.latency.central)},
          {"low", in_milliseconds(pair.latency.low)},
          {"high", in_milliseconds(pair.latency.high)},
          {"published", pair.latency.published},
          {"allowed", bound ? Json(in_milliseconds(*bound)) : Json(nullptr)}};
}

Json pair_of(const FillPair& pair) {
  const Transfer& transfer = pair.quote.transfer;
  Json out = {{"workload", pair.workload->id.text},
              {"from", pair.region->id.text},
              {"home", pair.home->id.text},
              {"floor", pair.floor.value},
              {"ceiling", number(pair.ceiling)},
              {"ceiling_if_built", number(pair.if_built)},
              {"ceiling_if_sunk", number(pair.if_sunk)},
              {"rival", pair.rival != nullptr ? Json(pair.rival->id.text) : Json(nullptr)},
              {"against_rival", number(pair.against_rival)},
              {"room", pair.ceiling ? Json(pair.room().value) : Json(nullptr)},
              {"room_per_server_hour",
               pair.ceiling ? Json((pair.room() / pair.amount.server_hours).value) : Json(nullptr)},
              {"room_per_it_kwh", pair.ceiling ? Json(pair.room_per_kwh().value) : Json(nullptr)},
              {"home_reason", pair.home_reason.en},
              {"server_hours", pair.amount.server_hours.value},
              {"servers", pair.quote.servers},
              {"it_kw", pair.power.value},
              {"hours", pair.busy.value},
              {"it_kwh", pair.idle_energy.value}};
  out["requires"] = {{"server", pair.workload->server.text},
                     {"certifications", names(pair.workload->certifications)},
                     {"latency_ms", latency_of(pair)},
                     {"data_gb", pair.bytes().value},
                     {"gbps_at_least", pair.bandwidth.value / kGbPerHourPerGbps}};
  out["transfer"] = transfer.offer == nullptr ? Json(nullptr)
                                              : Json{{"offer", transfer.offer->id.text},
                                                     {"hours", transfer.time.value},
                                                     {"cost", transfer.cost.value}};
  return out;
}

Json pairs_of(const std::vector<FillPair>& pairs) {
  Json out = Json::array();
  for (const FillPair& pair : pairs) out.push_back(pair_of(pair));
  return out;
}

}  // namespace

std::string fill_json(const Atlas& atlas, const FillQuestion& question, const Fill& fill,
                      const FillDoubt* doubt, bool interrupted) {
  Json out = {{"answer", fill.anything() ? "fill" : "nothing"},
              {"sentence", fill.sentence.en},
              {"site", fill.site->id.text},
              {"currency", atlas.country().currency},
              {"home", {{"basis", capacity_words(question.home).en}}},
              {"idle_kw", fill.idle.value},
              {"idle_given", question.idle.has_value()}};
  out["customers"] = Json::array();
  for (const Customer& customer : fill.customers) {
    out["customers"].push_back({{"region", customer.region->id.text},
                                {"home", customer.home->id.text},
                                {"in_region", customer.in_region},
                                {"counted_with_it", ids(customer.also)}});
  }
  out["here"] = ids(fill.here);
  out["left_out"] = ids(fill.left_out);
  out["steps"] = Json::array();
  for (std::size_t i = 0; i < fill.steps.size(); ++i) {
    const FillStep& step = fill.steps[i];
    Json one = pair_of(step.pair);
    one["fits"] = step.fits;
    one["used_kw"] = step.used.value;
    one["room_band"] = doubt != nullptr ? band_of(doubt->steps[i].room) : Json(nullptr);
    one["pays_share"] = doubt != nullptr ? Json(doubt->steps[i].pays) : Json(nullptr);
    out["steps"].push_back(std::move(one));
  }
  out["no_room"] = pairs_of(fill.no_room);
  out["no_ceiling"] = pairs_of(fill.no_ceiling);
  out["refused"] = Json::array();
  for (const RefusedClass& refusal : refusals(fill)) {
    out["refused"].push_back({{"workload", refusal.workload->id.text},
                              {"obstacle", name_of(refusal.obstacle)},
                              {"from", ids(refusal.regions)},
                              {"missing_certifications", refusal.missing},
                              {"reason", refusal.example->reason.en}});
  }
  out["year"] = {{"each_once", fill.year.once.value},
                 {"each_once_it_kwh", fill.year.once_energy.value},
                 {"each_all_year", fill.year.all_year.value}};
  out["year"]["each_once_band"] = doubt != nullptr ? band_of(doubt->once) : Json(nullptr);
  out["year"]["each_all_year_band"] = doubt != nullptr ? band_of(doubt->all_year) : Json(nullptr);
  out["draws"] = doubt != nullptr ? doubt->draws : 0;
  out["interrupted"] = interrupted;
  out["seed"] = doubt != nullptr ? Json(doubt->seed) : Json(nullptr);
  return out.dump(2) + "\n";
}

}  // namespace hinterland
