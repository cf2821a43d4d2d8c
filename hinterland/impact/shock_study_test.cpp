#include "hinterland/impact/shock_study.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "hinterland/impact/leontief.hpp"
#include "hinterland/impact/shock_model.hpp"
#include "tests/reference_data.hpp"
#include "tests/small_economy.hpp"

using namespace hinterland;

namespace {

constexpr const char* kShock =
    "name = \"all kinds\"\ndays = 120\nper_year = {value = 0.1, low = 0.05, high = 0.2, source = "
    "\"assumed\"}\n"
    "[exports.orders]\nindustries = [\"1\"]\nregions = [\"coast\"]\n"
    "lost = {value = 0.5, low = 0.2, high = 0.8, source = \"assumed\"}\nfrom_day = 5\ndays = 60\n"
    "[imports.parts]\nindustries = [\"5\"]\nlost = 0.3\nfrom_day = 5\ndays = 60\n"
    "[capacity.halls]\nsite = \"metro-shanghai\"\nlost = 1\nfrom_day = 5\ndays = 40\n"
    "[zones.guian]\nsite = \"guian\"\nmw = 400\nregions = [\"coast\"]\n"
    "[zones.mills]\nindustries = [\"1\"]\nregions = [\"hinterland\"]\nshare = 0.1\n"
    "[reserves.parts]\nindustries = [\"5\"]\nextra_days = 5\n";

Expected<ShockStudy> study(const SmallEconomy& of, const std::vector<std::string>& set,
                           ShockOptions options) {
  SilentProgress silent;
  return study_shock(of.atlas, of.economy, parse_shock(kShock, "shock.toml", set).value(), options, silent);
}

bool same(const Band& a, const Band& b) { return a.low == b.low && a.median == b.median && a.high == b.high; }

}  // namespace

TEST_CASE("bands do not depend on how many threads draw, and do on the seed") {
  const auto small = small_economy(3);
  const ShockStudy one = study(*small, {}, {.draws = 24, .threads = 1}).value();
  const ShockStudy many = study(*small, {}, {.draws = 24, .threads = 4}).value();
  const ShockStudy other = study(*small, {}, {.draws = 24, .seed = 2, .threads = 2}).value();
  CHECK(one.draws + one.left_out == 24);
  CHECK(one.draws > 0);
  CHECK(one.drawn_figures > 20);
  CHECK(same(one.lost, many.lost));
  CHECK(same(one.kept[0].worth_band, many.kept[0].worth_band));
  CHECK_FALSE(same(one.lost, other.lost));
  CHECK(one.course.lost == other.course.lost);  // nothing is drawn in it
  CHECK(one.lost.low <= one.lost.median);
  CHECK(one.lost.median <= one.lost.high);
  CHECK(one.daily.size() == 120);
  CHECK(one.by_region.size() == 2);
  CHECK(one.by_industry.size() == 6);
}

TEST_CASE("what it is worth to keep a zone or a reserve follows from its parts") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto small = small_economy(seed);
    const ShockStudy found = study(*small, {}, {.draws = 0}).value();
    REQUIRE(found.kept.size() == 3);
    CHECK(found.kept[0].zone);
    CHECK_FALSE(found.kept[2].zone);
    for (const KeptValue& kept : found.kept) {
      CAPTURE(kept.key);
      CHECK(total(kept.cost) > 0);
      CHECK(kept.worth(0.1) == doctest::Approx(0.1 * kept.avoided - total(kept.cost)));
    }
  }
}

TEST_CASE(
    "a site takes with it what depends on its share of the region's computing, and a zone gives that back") {
  const auto small = small_economy(2);
  const std::vector<std::string> only = {"exports.orders.lost=0", "imports.parts.lost=0"};
  auto with = only;
  with.emplace_back("zones.guian.mw=100000");  // more than all the coast has sold
  const ShockStudy lost = study(*small, only, {.draws = 0}).value();
  const ShockStudy met = study(*small, with, {.draws = 0}).value();
  CHECK(lost.course.lost > 0);
  CHECK(met.kept[0].avoided == doctest::Approx(met.course.lost).epsilon(1e-6));
  CHECK(lost.kept[0].avoided < met.kept[0].avoided);
  CHECK(lost.kept[0].avoided > 0);
  // Twice the part that depends on it is about twice the loss.
  auto doubled = small_economy(2);
  doubled->atlas.supply_chains.edit({"china"}).computing_dependence *= 2;
  const ShockStudy twice = study(*doubled, only, {.draws = 0}).value();
  CHECK(twice.course.lost > 1.5 * lost.course.lost);
}

TEST_CASE(
    "what a zone costs a year is drawn where it is given with a range, and has its parts where it is not") {
  const auto small = small_economy(6);
  std::string text = kShock;
  text.replace(text.find("share = 0.1\n"), 12,
               "share = 0.1\ncost_per_year = {value = 5e9, low = 1e9, high = 9e9, source = \"assumed\"}\n");
  SilentProgress silent;
  const ShockStudy found = study_shock(small->atlas, small->economy,
                                       parse_shock(text, "shock.toml", {}).value(), {.draws = 40}, silent)
                               .value();
  const KeptValue &halls = found.kept[0], &mills = found.kept[1];
  CHECK(halls.cost.size() == 5);
  REQUIRE(mills.cost.size() == 1);
  CHECK(mills.cost.front().of == CostOf::given);
  CHECK(total(mills.cost) == 5e9);
  CHECK(mills.cost_band.low >= 1e9);
  CHECK(mills.cost_band.low < 4e9);
  CHECK(mills.cost_band.high > 6e9);
  CHECK(mills.cost_band.high <= 9e9);
}

TEST_CASE("every region for itself adds up to the same nation") {
  const auto small = small_economy(4);
  const ShockStudy two = study(*small, {}, {.draws = 0}).value();
  const ShockStudy each = study(*small, {"regions=each"}, {.draws = 0}).value();
  CHECK(each.regions.size() == 31);
  CHECK(each.added() == doctest::Approx(two.added()).epsilon(1e-9));
  // A group is known where it is made of whole regions.
  const auto four = study(*small, {"exports.orders.regions=hub-guizhou"}, {.draws = 0});
  REQUIRE_FALSE(four);
  CHECK(study(*small, {"regions=each", "exports.orders.regions=hub-guizhou"}, {.draws = 0}));
}

TEST_CASE("how far a zone of computing reaches does not depend on how finely the map is cut") {
  const auto small = small_economy(2);
  const Site& stopped = small->atlas.sites.at({"metro-shanghai"});
  const double sold_mw = (stopped.capacity - stopped.unsold()).value / 1000;
  const auto avoided_part = [&](const std::string& regions, double mw) {
    const KeptValue* kept = nullptr;
    const ShockStudy found = study(*small,
                                   {"regions=" + regions, "exports.orders.lost=0", "imports.parts.lost=0",
                                    "zones.guian.mw=" + std::to_string(mw)},
                                   {.draws = 0})
                                 .value();
    kept = &found.kept[0];
    CHECK(found.course.lost > 0);
    return kept->avoided / found.course.lost;
  };
  for (const char* regions : {"two", "each"}) {
    CAPTURE(regions);
    CHECK(avoided_part(regions, 1.001 * sold_mw) == doctest::Approx(1).epsilon(1e-6));
    CHECK(avoided_part(regions, 0.99 * sold_mw) < 1);
  }
  CHECK(avoided_part("each", sold_mw / 2) == doctest::Approx(avoided_part("two", sold_mw / 2)).epsilon(0.1));
}

TEST_CASE("names that nobody knows are said where they stand") {
  const auto small = small_economy(1);
  const auto complaints = [&](const std::vector<std::string>& set) {
    const auto found = study(*small, set, {.draws = 0});
    std::string all;
    if (!found) {
      for (const Error& error : found.error()) all += describe(error) + "\n";
    }
    return all;
  };
  CHECK(complaints({"exports.orders.industries=99"})
            .contains("exports.orders.industries: '99' is no industry"));
  CHECK(complaints({"exports.orders.regions=cost"})
            .contains("exports.orders.regions: 'cost' is no region of this model, nor a group of whole ones. "
                      "Did you mean coast?"));
  CHECK(complaints({"capacity.halls.site=metro-shangai"}).contains("capacity.halls.site"));
  CHECK(complaints({"zones.guian.site=guain"}).contains("zones.guian.site"));
  CHECK(complaints({"zones.guian.server=none"}).contains("zones.guian.server: 'none' is no server type"));
  CHECK(complaints({"regions=three"}).contains("shock.toml: regions:"));
}

TEST_CASE("parameters that do not fit are refused where they stand") {
  const auto small = small_economy(1);
  small->atlas.supply_chains.edit({"china"}).final_weight = 1;
  small->atlas.supply_chains.edit({"china"}).refill = 2;
  const auto found = study(*small, {}, {.draws = 0});
  REQUIRE_FALSE(found);
  CHECK(describe(found.error().front()).contains("supply_chains.csv: final_weight x refill is 2"));
}

TEST_CASE("an atlas without the tables says which it lacks") {
  const auto small = small_economy(1);
  small->atlas.supply_chains = {};
  small->atlas.staffing = {};
  const auto found = study(*small, {}, {.draws = 0});
  REQUIRE_FALSE(found);
  CHECK(found.error().size() == 2);
  CHECK(describe(found.error().front()).contains("staffing.csv: the atlas has no such table"));
  Atlas none = china();
  none.io_tables = {};
  CHECK(describe(national_economy(none, "").error().front()).contains("the atlas has no input-output table"));
  CHECK(describe(national_economy(china(), "/nowhere").error().front())
            .contains("is neither there nor in the folder of large data /nowhere"));
}

TEST_CASE("China's economy, left alone, is after ten years where it was") {
  if (!reference_text("regional/china_io_2020_42_1e4cny.csv.gz")) return;
  const NationalEconomy economy = national_economy(china(), std::getenv("HINTERLAND_DATA")).value();
  const ShockScenario calm =
      parse_shock(
          "name = \"calm\"\ndays = 3650\nper_year = 0.1\n[capacity.none]\nindustries = [\"20\"]\nregions = "
          "[\"coast\"]\nlost = 0\nfrom_day = 5\ndays = 300\n",
          "calm.toml", {})
          .value();
  SilentProgress silent;
  const ShockStudy found = study_shock(china(), economy, calm, {.draws = 0}, silent).value();
  REQUIRE(found.course.daily.size() == 3650);
  CHECK(std::abs(found.course.lost) < 1e-9 * found.added());
  for (const double day : found.course.daily) CHECK(std::abs(day - 1) < 1e-9);
}

TEST_CASE("with the shipped figures too, a lasting change of demand ends where Leontief has it") {
  if (!reference_text("regional/china_io_2020_42_1e4cny.csv.gz")) return;
  const NationalEconomy economy = national_economy(china(), std::getenv("HINTERLAND_DATA")).value();
  const ShockScenario nothing =
      parse_shock(
          "name = \"nothing\"\ndays = 10\nper_year = 0.1\nregions = \"two\"\n[capacity.none]\n"
          "industries = [\"20\"]\nregions = [\"coast\"]\nlost = 0\ndays = 1\n",
          "nothing.toml", {})
          .value();
  const ShockSetting setting = ShockSetting::of(china(), economy, nothing).value();
  const MultiregionalTable table = setting.table(setting.central(), std::nullopt, 1);
  const ArioParameters parameters = setting.parameters(setting.central());
  REQUIRE(parameters.overproduction_days == 365);
  const std::size_t n = table.industries * table.regions;
  for (const double factor : {0.9, 1.05}) {
    ArioDay changed = usual_day(table);
    for (std::size_t k = 0; k < table.industries; ++k)
      for (std::size_t r = 0; r < table.regions; ++r) changed.exports(k, r) = factor;
    Matrix coefficients(n, n);
    std::vector<double> final(n);
    for (std::size_t k = 0; k < table.industries; ++k) {
      for (std::size_t r = 0; r < table.regions; ++r) {
        const std::size_t row = k * table.regions + r;
        final[row] = table.exports(k, r) * factor;
        for (std::size_t s = 0; s < table.regions; ++s) {
          final[row] += table.traded(k, r, s) * table.final_use(k, s) * (1 - table.final_import_share[k]);
          for (std::size_t j = 0; j < table.industries; ++j)
            coefficients(row, j * table.regions + s) =
                table.traded(k, r, s) * table.inputs(k, j) * (1 - table.import_share(k, j));
        }
      }
    }
    const auto expected = times(leontief_of(coefficients, "regions").value().inverse, final);
    Ario model(table, parameters);
    const double largest = *std::ranges::max_element(expected);
    std::vector<double> away;  // from Leontief's answer, after one year, twenty and a hundred
    int day = 0;
    for (const int years : {1, 20, 100}) {
      for (; day < years * 365; ++day) model.step(changed);
      double worst = 0;
      for (std::size_t k = 0; k < table.industries; ++k)
        for (std::size_t r = 0; r < table.regions; ++r)
          worst = std::max(
              worst, std::abs(model.output(k, r) * kDaysPerYear - expected[k * table.regions + r]) / largest);
      away.push_back(worst);
    }
    CAPTURE(factor);
    CAPTURE(away[0]);
    CAPTURE(away[1]);
    CAPTURE(away[2]);
    // A rise is met slowly, for overproduction builds up over a year of scarcity, and scarcity fades with it.
    CHECK(away[1] < 2e-3);
    CHECK(away[1] < 0.5 * away[0]);
    CHECK(away[2] < 1e-5);
  }
}

TEST_CASE("China's economy has its people, and its table's industries their rows") {
  if (!reference_text("regional/china_io_2020_42_1e4cny.csv.gz")) return;
  const NationalEconomy economy = national_economy(china(), std::getenv("HINTERLAND_DATA")).value();
  CHECK(economy.employment_year == 2018);
  double all = 0, counted = 0;
  for (const double jobs : economy.jobs) all += jobs;
  for (const Employment& one : china().employment) {
    if (one.year == 2018 && one.section.text != "T") counted += one.employed_1e4 * 1e4;
  }
  CHECK(all == doctest::Approx(counted));
  // A section of one industry has all its people.
  const std::size_t construction = place_of(economy.table, {"27"});
  CHECK(economy.jobs[construction] ==
        doctest::Approx(employment_of(china(), {"E"}, 2018)->employed_1e4 * 1e4));
}
