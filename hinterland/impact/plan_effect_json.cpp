#include <cmath>
#include <nlohmann/json.hpp>

#include "hinterland/impact/drivers_page.hpp"
#include "hinterland/impact/plan_effect_page.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;
using OfOutcome = std::function<double(const PlanOutcome&)>;
using PickSite = std::function<const SiteEffect&(const PlanOutcome&)>;

// A ratio to no job is infinite, and null here.
Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(); }

class PlanEffectJson {
 public:
  PlanEffectJson(const Atlas& atlas, const PlanEffect& effect) : atlas_(atlas), effect_(effect) {}

  Json json() {
    const IoSource& source = *effect_.economy->source;
    Json out{{"name", effect_.plan.name},
             {"currency", atlas_.country().currency},
             {"table", source.id.text},
             {"table_year", static_cast<int>(source.year)},
             {"server", effect_.options.server.text},
             {"level", effect_.options.level},
             {"seed", effect_.options.seed},
             {"draws_asked", effect_.options.draws},
             {"draws", effect_.drawn.size()},
             {"left_out", effect_.left_out},
             {"drawn_figures", effect_.drawn_figures},
             {"interrupted", effect_.interrupted},
             {"staff_per_mw", effect_.staffing.staff_per_mw},
             {"construction_years", effect_.staffing.construction / kYear},
             {"owner_leakage", effect_.staffing.owner_leakage},
             {"staff_leakage", effect_.staffing.staff_leakage},
             {"research_leakage", effect_.staffing.research_leakage},
             {"flegg_delta", effect_.regional.flegg_delta}};
    out["all"] = effect([](const PlanOutcome& one) -> const SiteEffect& { return one.all; });
    Json& sites = out["sites"] = Json::array();
    for (std::size_t i = 0; i < effect_.plan.sites.size(); ++i) {
      Json site{{"id", effect_.plan.sites[i].site.text},
                {"region", atlas_.sites.at(effect_.plan.sites[i].site).region.text}};
      site.update(effect([i](const PlanOutcome& one) -> const SiteEffect& { return one.sites[i]; }));
      sites.push_back(std::move(site));
    }
    Json& uses = out["other_uses"] = Json::array();
    for (std::size_t u = 0; u < effect_.uses.size(); ++u) uses.push_back(use(u));
    out["drivers"] = drivers_json(effect_.drivers);
    return out;
  }

 private:
  [[nodiscard]] Json figure(const OfOutcome& of) const {
    Json out{
        {"value", finite(of(effect_.central))}, {"low", nullptr}, {"median", nullptr}, {"high", nullptr}};
    if (effect_.drawn.empty()) return out;
    const Band band = effect_.band(of);
    out["low"] = finite(band.low);
    out["median"] = finite(band.median);
    out["high"] = finite(band.high);
    return out;
  }

  [[nodiscard]] Json effect(const PickSite& pick) const {
    const auto number = [&](double (*of)(const SiteEffect&)) {
      return figure([of, pick](const PlanOutcome& one) { return of(pick(one)); });
    };
    const auto flow = [&](Spent SiteEffect::* member) {
      return Json{
          {"all", figure([member, pick](const PlanOutcome& one) { return (pick(one).*member).all; })},
          {"here", figure([member, pick](const PlanOutcome& one) { return (pick(one).*member).here; })}};
    };
    const SiteEffect& central = pick(effect_.central);
    return {
        {"added_mw", central.added_mw},
        {"filled_mw", central.filled_mw},
        {"idle_mw", central.idle_mw},
        {"investment", number([](const SiteEffect& one) { return one.investment(); })},
        {"building", number([](const SiteEffect& one) { return one.building; })},
        {"land", number([](const SiteEffect& one) { return one.land; })},
        {"servers", number([](const SiteEffect& one) { return one.servers; })},
        {"building_person_years",
         {{"direct", number([](const SiteEffect& one) { return one.built.direct.jobs; })},
          {"indirect", number([](const SiteEffect& one) { return one.built.indirect.jobs; })},
          {"induced", number([](const SiteEffect& one) { return one.built.induced.jobs; })}}},
        {"equipping_person_years",
         number([](const SiteEffect& one) { return one.equipping_person_years(); })},
        {"building_jobs", number([](const SiteEffect& one) { return one.building_jobs; })},
        {"permanent_jobs",
         {{"all", number([](const SiteEffect& one) { return one.jobs(); })},
          {"direct", number([](const SiteEffect& one) { return one.staff; })},
          {"indirect", number([](const SiteEffect& one) { return one.suppliers.jobs; })},
          {"induced", number([](const SiteEffect& one) { return one.induced.jobs; })}}},
        {"idle_staff", number([](const SiteEffect& one) { return one.idle_staff; })},
        {"it_kwh_per_year", number([](const SiteEffect& one) { return one.it_kwh; })},
        {"facility_kwh_per_year", number([](const SiteEffect& one) { return one.facility_kwh; })},
        {"water_litres_per_year", number([](const SiteEffect& one) { return one.litres; })},
        {"power", flow(&SiteEffect::power)},
        {"upkeep", flow(&SiteEffect::upkeep)},
        {"pay", flow(&SiteEffect::pay)},
        {"return", flow(&SiteEffect::gain)},
        {"wear", number([](const SiteEffect& one) { return one.wear; })},
        {"suppliers_value_added", number([](const SiteEffect& one) { return one.suppliers.added; })},
        {"induced_value_added", number([](const SiteEffect& one) { return one.induced.added; })},
        {"made_per_year", number([](const SiteEffect& one) { return one.made(); })},
        {"stays_per_year", number([](const SiteEffect& one) { return one.stays(); })},
        {"investment_per_job", number([](const SiteEffect& one) { return one.investment() / one.jobs(); })}};
  }

  [[nodiscard]] Json use(std::size_t u) const {
    const auto jobs = [&](double (*of)(const UseEffect&)) {
      return figure([of, u](const PlanOutcome& one) { return of(one.uses[u]); });
    };
    return {{"name", effect_.uses[u].name},
            {"permanent_jobs",
             {{"all", jobs([](const UseEffect& one) { return one.jobs(); })},
              {"direct", jobs([](const UseEffect& one) { return one.direct.jobs; })},
              {"indirect", jobs([](const UseEffect& one) { return one.indirect.jobs; })},
              {"induced", jobs([](const UseEffect& one) { return one.induced.jobs; })}}},
            {"investment_per_job",
             figure([u](const PlanOutcome& one) { return one.all.investment() / one.uses[u].jobs(); })}};
  }

  const Atlas& atlas_;
  const PlanEffect& effect_;
};

}  // namespace

std::string plan_effect_json(const Atlas& atlas, const PlanEffect& effect) {
  return PlanEffectJson(atlas, effect).json().dump(2) + "\n";
}

}  // namespace hinterland
