// What capacity does to its regions: sums by hand, what each figure pushes, and what must add up.
#include "hinterland/impact/plan_effect.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hinterland/cost/terms.hpp"
#include "tests/china_rates.hpp"
#include "tests/small_economy.hpp"

using namespace hinterland;

namespace {

PlannedCapacity at(const char* site, double filled_kw, double new_kw) {
  return {.name = "",
          .sites = {{.site = {site}, .where = {}, .filled = {filled_kw}, .fresh = {new_kw}, .served = {}}}};
}

Expected<PlanEffect> assess(const SmallEconomy& of, const PlannedCapacity& plan,
                            PlanEffectOptions options = {.draws = 0}) {
  SilentProgress silent;
  return plan_effect(of.atlas, of.economy, rates(), plan, options, silent);
}

// At Gui'an, where one row of the atlas is changed.
const PlannedCapacity kPlan = at("guian", 0, 100e3);

template <class Change>
SiteEffect with(const Change& change) {
  auto small = small_economy(3);
  change(small->atlas);
  return assess(*small, kPlan)->central.all;
}

SiteEffect with_staffing(double Staffing::* member, double value) {
  return with([&](Atlas& atlas) { atlas.staffing.edit({"china"}).*member = value; });
}

SiteEffect with_region(double RegionalEconomy::* member, double value) {
  return with([&](Atlas& atlas) { atlas.regional_economy.edit({"china"}).*member = value; });
}

}  // namespace

TEST_CASE("100 MW at Gui'an by hand") {
  const auto small = small_economy(3);
  const SiteEffect one = assess(*small, at("guian", 20e3, 80e3))->central.all;
  const Site& site = small->atlas.sites.at({"guian"});
  const Server& server = small->atlas.servers.at({"cpu-server"});
  const Staffing& staffing = small->atlas.staffing.rows().front();
  const double servers = 100e3 / server.busy.value * server.price.value;
  CHECK(one.added_mw == 100);
  CHECK(one.filled_mw == 20);
  CHECK(one.building == doctest::Approx(80e3 * site.building_price.value));  // racks that stand need none
  CHECK(one.land == doctest::Approx(80e3 * (small->atlas.country().land * site.land_price).value));
  CHECK(one.servers == doctest::Approx(servers));
  CHECK(one.staff == doctest::Approx(staffing.staff_per_mw * 100));
  CHECK(one.pay.all == doctest::Approx(one.staff * staffing.pay.value));
  CHECK(one.pay.here == doctest::Approx(one.pay.all * (1 - staffing.staff_leakage)));
  CHECK(one.upkeep.all == doctest::Approx(100 * staffing.upkeep.value));
  CHECK(one.it_kwh == doctest::Approx(100e3 * site.power_load * 8760));
  const SiteYear& year = rates().at(site.id);
  const SiteTerms terms = site_terms(small->atlas, site, year, year.means());
  CHECK(one.facility_kwh == doctest::Approx(one.it_kwh * terms.pue));
  CHECK(one.power.all == doctest::Approx(one.facility_kwh * terms.power_price.value));
  CHECK(one.litres == doctest::Approx(one.it_kwh * terms.water.value));
  // What capital earns beyond its wear is below interest on all of it, and above interest on half.
  const double interest = small->atlas.country().interest_per_year;
  CHECK(one.gain.all < interest * one.investment());
  CHECK(one.gain.all > 0.4 * interest * one.investment());
  CHECK(one.building_jobs == doctest::Approx(one.person_years() / (staffing.construction / kYear)));
  CHECK(one.jobs() == doctest::Approx(one.staff + one.suppliers.jobs + one.induced.jobs));
  CHECK(one.made() > one.stays());
  CHECK(one.stays() > 0);
}

TEST_CASE("twice the MW does twice all of it, and sites add up") {
  const auto small = small_economy(4);
  const SiteEffect one = assess(*small, at("guian", 0, 50e3))->central.all;
  const SiteEffect two = assess(*small, at("guian", 0, 100e3))->central.all;
  CHECK(two.jobs() == doctest::Approx(2 * one.jobs()));
  CHECK(two.made() == doctest::Approx(2 * one.made()));
  CHECK(two.person_years() == doctest::Approx(2 * one.person_years()));
  PlannedCapacity both = at("guian", 0, 50e3);
  both.sites.push_back(at("zhongwei", 30e3, 0).sites.front());
  const PlanEffect together = assess(*small, both).value();
  const SiteEffect other = assess(*small, at("zhongwei", 30e3, 0))->central.all;
  CHECK(together.central.all.jobs() == doctest::Approx(one.jobs() + other.jobs()));
  CHECK(together.central.all.stays() == doctest::Approx(one.stays() + other.stays()));
  CHECK(together.central.uses[0].jobs() > 0);
}

TEST_CASE("what leaks, leaks by its own parameter") {
  const auto leaking = [](double share) {
    return with([&](Atlas& atlas) {
      Staffing& row = atlas.staffing.edit({"china"});
      row.owner_leakage = row.staff_leakage = share;
    });
  };
  const SiteEffect none = leaking(0);
  CHECK(none.stays() == doctest::Approx(none.made() - none.wear));
  const SiteEffect all = leaking(1);
  CHECK(all.stays() == doctest::Approx(all.suppliers.added + all.induced.added));
  CHECK(all.induced.jobs < none.induced.jobs);  // pay that goes elsewhere is spent there
  CHECK(all.staff == none.staff);
  const SiteEffect research = with_staffing(&Staffing::research_leakage, 1);
  const SiteEffect local = with_staffing(&Staffing::research_leakage, 0);
  CHECK(research.upkeep.here < local.upkeep.here);
}

TEST_CASE("each figure pushes the way it should") {
  const SiteEffect before = with([](Atlas&) {});
  CHECK(with_staffing(&Staffing::staff_per_mw, 12).staff == doctest::Approx(2 * before.staff));
  CHECK(with_staffing(&Staffing::staff_per_mw, 0).staff == 0);
  // A small region supplies less of its needs the larger delta is.
  CHECK(with_region(&RegionalEconomy::flegg_delta, 0.4).suppliers.jobs <
        with_region(&RegionalEconomy::flegg_delta, 0.1).suppliers.jobs);
  CHECK(with_region(&RegionalEconomy::households_spend, 0).induced.jobs == doctest::Approx(0));
  CHECK(with([](Atlas& atlas) { atlas.sites.edit({"guian"}).power_load = 0.9; }).facility_kwh >
        before.facility_kwh);
}

TEST_CASE("the same money makes less of another use whose capital lives longer") {
  auto small = small_economy(6);
  const PlannedCapacity plan = at("guian", 0, 100e3);
  const PlanEffect before = assess(*small, plan).value();
  REQUIRE(before.uses.size() == 1);
  CHECK(before.uses.front().name == "mills");
  // By hand: output = money x weight / (depreciation / output x life).
  const IoTable& table = small->economy.table;
  const double life = small->atlas.regional_economy.rows().front().capital_life / kYear;
  double jobs = 0, weights = 0;
  for (std::size_t i = 4; i < table.size(); ++i) weights += 1 + static_cast<double>(i);
  for (std::size_t i = 4; i < table.size(); ++i) {
    const double money = before.central.all.investment() * (1 + static_cast<double>(i)) / weights;
    const double output = money / (table.depreciation[i] / table.output[i] * life);
    jobs += output * small->economy.jobs[i] / table.output[i];
  }
  CHECK(before.central.uses[0].direct.jobs == doctest::Approx(jobs));
  small->atlas.regional_economy.edit({"china"}).capital_life = 30 * kYear;
  CHECK(assess(*small, plan)->central.uses[0].direct.jobs == doctest::Approx(jobs / 2));
}

TEST_CASE("what a plan serves says its energy, and servers no longer kept their staff") {
  auto small = small_economy(2);
  PlannedCapacity plan = at("guian", 0, 30e3);
  plan.sites.front().kept = Kilowatts{10e3};
  plan.sites.front().served = KilowattHours{4e6};
  plan.sites.push_back({.site = {"metro-beijing"}, .where = {}, .idle = {50e3}, .served = KilowattHours{0}});
  const PlanEffect found = assess(*small, plan).value();
  CHECK(found.central.all.it_kwh == doctest::Approx(3e6));  // 30 of 40 MW
  CHECK(found.central.sites[1].added_mw == 0);
  CHECK(found.central.all.idle_staff ==
        doctest::Approx(50 * small->atlas.staffing.rows().front().staff_per_mw));
}

TEST_CASE("a plan that adds nothing gives nothing, and says what is no longer kept") {
  const auto small = small_economy(2);
  PlannedCapacity plan = at("guian", 0, 0);
  plan.sites.front().idle = Kilowatts{20e3};
  const PlanEffect found = assess(*small, plan, {.draws = 20}).value();
  CHECK(found.central.all.investment() == 0);
  CHECK(found.central.all.jobs() == 0);
  CHECK(found.central.all.made() == 0);
  CHECK(found.central.all.idle_mw == 20);
  CHECK(found.band([](const PlanOutcome& of) { return of.all.jobs(); }).high == 0);
}

TEST_CASE("bands hold the figures as they stand, and do not depend on how many threads draw") {
  const auto small = small_economy(3);
  const PlannedCapacity plan = at("guian", 0, 100e3);
  const PlanEffect one = assess(*small, plan, {.draws = 200, .threads = 1}).value();
  const PlanEffect many = assess(*small, plan, {.draws = 200, .threads = 3}).value();
  const PlanEffect other = assess(*small, plan, {.draws = 200, .seed = 2}).value();
  const auto jobs = [](const PlanOutcome& of) { return of.all.jobs(); };
  CHECK(one.drawn.size() + one.left_out == 200);
  CHECK(one.drawn_figures > 20);
  CHECK(one.band(jobs).low == many.band(jobs).low);
  CHECK(one.band(jobs).high == many.band(jobs).high);
  CHECK(one.band(jobs).low != other.band(jobs).low);
  CHECK(one.band(jobs).low < jobs(one.central));
  CHECK(jobs(one.central) < one.band(jobs).high);
  const Band staff = one.band([](const PlanOutcome& of) { return of.all.staff; });
  CHECK(staff.low >= 0.5 * 100);
  CHECK(staff.high <= 15 * 100);
}

TEST_CASE("names that nobody knows and tables that are missing are said") {
  const auto small = small_economy(1);
  const auto said = [&](const PlannedCapacity& plan, const PlanEffectOptions& options = {.draws = 0}) {
    const auto found = assess(*small, plan, options);
    std::string all;
    if (!found) {
      for (const Error& error : found.error()) all += describe(error) + "\n";
    }
    return all;
  };
  CHECK(said(at("guain", 0, 1e3)).contains("'guain' is no site of the atlas. Did you mean guian?"));
  CHECK(said(at("guian", 0, 1e3), {.server = {"none"}, .draws = 0})
            .contains("--server: 'none' is no server type"));

  small->atlas.spending = {};
  small->atlas.staffing = {};
  const std::string missing = said(at("guian", 0, 1e3));
  CHECK(missing.contains("staffing.csv: the atlas has no such table"));
  CHECK(missing.contains("spending.csv: nothing says what money for building buys"));
}
