#include "hinterland/plan/study.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "hinterland/cost/terms.hpp"
#include "hinterland/plan/study_demand.hpp"
#include "tests/small_study.hpp"

namespace hinterland {

TEST_CASE("a study is read with its sections, and set from outside") {
  const Study study =
      small_study({"demand_mw=500", "sites.guian.new_mw=7", "demand.web.share=0.25", "days=2"});
  CHECK(study.demand->value == 500'000);
  CHECK(study.days == 2);
  REQUIRE(study.demands.size() == 2);
  CHECK(study.demands[0].share == 0.25);
  CHECK(study.demands[0].critical == YesNo::yes);
  REQUIRE(study.sites.size() == 1);
  CHECK(study.sites[0].largest_new->value == 7000);
  CHECK(study.people->to == RegionId{"guangdong"});
  CHECK(is_study_assignment("sites.guian.new_mw=7"));
  CHECK(is_study_assignment("dayz=0.5"));
  CHECK_FALSE(is_study_assignment("sites.guian.server_use=0.5"));
  CHECK_FALSE(is_study_assignment("servers.cpu-server.price_cny=1"));
}

TEST_CASE("what no class has of the demand is told from shares alone") {
  const auto left = [](const std::string& demand) {
    return parse_study("name = \"x\"\nserver = \"cpu-server\"\n" + demand, "s.toml")
        .value()
        .share_of_no_class();
  };
  const std::string a = "[demand.a]\nclass = \"b\"\n", c = "[demand.c]\nclass = \"b\"\n";
  CHECK(left(a + "share = 0.3\n" + c + "share = 0.25\n") == doctest::Approx(0.45));
  CHECK(left(a + "share = 0.9\n" + c + "share = 0.1\n") == 0);
  CHECK(left(a + "mw = 3\n") == 0);
}

TEST_CASE("all that is wrong with a study is listed") {
  const auto study = parse_study(
      "name = \"x\"\nserver = \"cpu-server\"\nwait_hours = 10\ndays = 1.5\n[demand.a]\nclass = \"b\"\n"
      "[demand.c]\nclass = \"d\"\nshare = 0.7\nmw = 3\n",
      "bad.toml");
  REQUIRE_FALSE(study);
  CHECK(study.error().size() == 4);
}

TEST_CASE("demand is spread over regions and hours, and grows") {
  Study study = small_study();
  const auto sum = [](const std::vector<double>& list) {
    return std::accumulate(list.begin(), list.end(), 0.0);
  };
  const auto levels = demand_levels(study, study.demands[0], china(), false);
  REQUIRE(levels);
  CHECK(sum(*levels) == doctest::Approx(450'000));
  const Region& guangdong = china().regions.at({"guangdong"});
  double gdp = 0;
  for (const Region& region : china().regions) gdp += region.gdp_1e8;
  CHECK((*levels)[static_cast<std::size_t>(&guangdong - china().regions.rows().data())] ==
        doctest::Approx(450'000 * guangdong.gdp_1e8 / gdp));
  study.years_ahead = 2;
  study.demands[0].growth_per_year = 0.1;
  CHECK(sum(*demand_levels(study, study.demands[0], china(), false)) == doctest::Approx(450'000 * 1.21));
  CHECK(sum(*demand_levels(study, study.demands[0], china(), true)) == doctest::Approx(450'000));

  study.demands[0].weekend = 0.5;
  const auto week = week_shape(study.demands[0], "");
  REQUIRE(week);
  const std::vector<double> hours = hourly_shape(*week, 0, 8760);
  CHECK(sum(hours) == doctest::Approx(8760));
  CHECK(hours[5 * 24 + 12] == doctest::Approx(0.5 * hours[12]));  // the first Saturday
  CHECK(hours[20] / hours[3] == doctest::Approx(1.5 / 0.3));
}

TEST_CASE("energy and capacity cost what `cost` says") {
  const Study study = small_study();
  const StudyProblem setup = numbers_of(study).value();
  const ServerTerms server = server_terms(china().servers.at({"cpu-server"}));
  for (SiteIndex s = 0; s < setup.sites.size(); ++s) {
    const Site& site = *setup.sites[s];
    const SiteLevels levels = site_levels(china(), site, rates().at(site.id));
    const SiteTerms terms = site_terms(levels, rates().at(site.id).over(Hours{30}, Hours{1}));
    const HourRates hour = hour_rates(server, terms, Deal{.basis = Basis::sunk, .rate = {}}, {});
    CHECK(setup.numbers.energy[setup.numbers.at(30, s)] ==
          doctest::Approx(hour.energy.value / server.busy.value).epsilon(1e-9));
    CHECK(setup.pue[setup.numbers.at(30, s)] == doctest::Approx(terms.pue).epsilon(1e-9));
  }
  for (std::size_t k = 0; k < setup.kinds.size(); ++k) {
    const CapacityColumn& column = setup.numbers.columns[k];
    const Site& site = *setup.sites[column.site];
    const Ownership own = ownership(server, site_levels(china(), site, rates().at(site.id)).terms);
    const double a_server = own.server.value * 72 / server.busy.value;
    if (setup.kinds[k] == ColumnKind::kept) {
      CHECK(column.cost == 0);
      CHECK(column.most == doctest::Approx((site.rack_fill * site.capacity).value));
    } else if (setup.kinds[k] == ColumnKind::filled) {
      CHECK(column.cost == doctest::Approx(a_server));
      CHECK(column.most == doctest::Approx(((1 - site.rack_fill) * site.capacity).value));
    } else {
      CHECK(column.cost == doctest::Approx(a_server + own.housing.value * 72 / server.busy.value));
      CHECK(column.most == 500'000);
    }
  }
}

}  // namespace hinterland
