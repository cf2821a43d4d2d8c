#include "hinterland/impact/people_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>

#include "hinterland/atlas/path.hpp"
#include "hinterland/atlas/ranged_record.hpp"
#include "hinterland/impact/inequality.hpp"

namespace hinterland {

namespace {

constexpr double kLeastKilometres = 1;

SpatialParameters parameters_of(const SpatialEconomy& row) {
  return {.capital_share = row.capital_share,
          .owners_elsewhere = row.owners_elsewhere,
          .agglomeration = row.agglomeration,
          .trade_elasticity = row.trade_elasticity,
          .housing_share = row.housing_share,
          .housing_elasticity = row.housing_elasticity,
          .migration_elasticity = row.migration_elasticity,
          .barrier_share = row.barrier_share};
}

Expected<SpatialWorld> world_of(const Atlas& atlas, const std::vector<ModelRegion>& regions, int year,
                                const SpatialEconomy& row) {
  const std::size_t n = regions.size();
  SpatialWorld world;
  Matrix distance(n, n);
  for (std::size_t r = 0; r < n; ++r) {
    double people = 0;
    for (const RegionId& member : regions[r].members) people += account_of(atlas, member, year)->people();
    world.people.push_back(people);
    world.product.push_back(regions[r].size * 1e8);
    for (std::size_t s = 0; s < n; ++s)
      distance(r, s) = r == s ? row.home_km
                              : std::max(row.home_km + kLeastKilometres,
                                         great_circle(regions[r].place, regions[s].place).value);
  }
  auto trade = gravity_trade(world.product, distance, row.distance_decay);
  if (!trade) return std::unexpected(trade.error());
  world.trade = std::move(*trade);
  return world;
}

double coast_share(const std::vector<double>& values, const std::vector<bool>& coast) {
  double inside = 0, all = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    all += values[i];
    if (coast[i]) inside += values[i];
  }
  return inside / all;
}

// Capital of the year lies where it earns the same, so in proportion to product.
SpatialPolicy capital_inland(const SpatialWorld& world, const std::vector<bool>& coast, double share) {
  const double at_coast = coast_share(world.product, coast);
  std::vector<double> capital;
  for (const bool there : coast) capital.push_back(there ? 1 - share / at_coast : 1 + share / (1 - at_coast));
  return {.capital = std::move(capital)};
}

PeopleCase case_of(const SpatialWorld& world, const std::vector<bool>& coast, SpatialOutcome outcome) {
  const double everybody = std::accumulate(world.people.begin(), world.people.end(), 0.0);
  std::vector<Holding> places;
  std::vector<std::size_t> group_of;
  for (std::size_t i = 0; i < world.size(); ++i) {
    places.push_back({.weight = outcome.people[i] * everybody,
                      .per_head = world.product[i] / world.people[i] * outcome.income[i]});
    group_of.push_back(coast[i] ? 0 : 1);
  }
  const Decomposition parts = decompose(places, group_of, 2);
  PeopleCase out{.output = outcome.output,
                 .welfare = outcome.welfare,
                 .moved = coast_share(outcome.people, coast) - coast_share(world.people, coast),
                 .ratio = parts.groups[0].own.mean / parts.groups[1].own.mean,
                 .between_t = parts.between_t,
                 .within_t = parts.within_t};
  out.outcome = std::move(outcome);
  return out;
}

// Both ways under one set of figures.
struct BothWays {
  PeopleCase capital, people;
  [[nodiscard]] double lead() const { return people.welfare - capital.welfare; }
};

Expected<BothWays> both_ways(const Atlas& atlas, const PeopleStudy& study, const SpatialEconomy& row) {
  const auto world = world_of(atlas, study.regions, study.year, row);
  if (!world) return std::unexpected(world.error());
  const SpatialParameters parameters = parameters_of(row);
  auto capital =
      spatial_outcome(*world, parameters, capital_inland(*world, study.coast, study.question.share));
  if (!capital) return std::unexpected(capital.error());
  auto people = spatial_outcome(*world, parameters,
                                {.people = PeopleMove{.into = study.coast, .share = study.question.share}});
  if (!people) return std::unexpected(people.error());
  return BothWays{.capital = case_of(*world, study.coast, std::move(*capital)),
                  .people = case_of(*world, study.coast, std::move(*people))};
}

PeopleBands bands_of(const std::vector<BothWays>& draws, PeopleCase BothWays::* way, double level) {
  const auto band = [&](double PeopleCase::* figure) {
    std::vector<double> values;
    for (const BothWays& one : draws) values.push_back(one.*way.*figure);
    return band_of(std::move(values), level);
  };
  return {.output = band(&PeopleCase::output),
          .welfare = band(&PeopleCase::welfare),
          .moved = band(&PeopleCase::moved),
          .ratio = band(&PeopleCase::ratio),
          .between_t = band(&PeopleCase::between_t),
          .within_t = band(&PeopleCase::within_t)};
}

double share_where(const std::vector<BothWays>& draws, const std::function<bool(const BothWays&)>& so) {
  return static_cast<double>(std::ranges::count_if(draws, so)) / static_cast<double>(draws.size());
}

Expected<std::vector<bool>> coast_of(const Atlas& atlas, const std::vector<ModelRegion>& regions,
                                     const std::vector<std::string>& names) {
  const auto places = places_of(atlas, regions, names, {.file = "--coast"});
  if (!places) return std::unexpected(places.error());
  std::vector<bool> coast(regions.size(), false);
  for (const std::size_t at : *places) coast[at] = true;
  const auto inside = static_cast<std::size_t>(std::ranges::count(coast, true));
  if (inside == 0 || inside == regions.size())
    return failure({.what = inside == 0 ? "names no region" : "names all regions, and leaves no inland",
                    .where = {.file = "--coast"},
                    .mend = "Name the regions or groups that people would move to."});
  return coast;
}

void add_drivers(const Atlas& atlas, PeopleStudy& study, const RangedRecord<SpatialEconomy>& ranged) {
  for (const std::string& column : ranged.open_columns()) {
    const Range range = ranged.range(column);
    const auto at_low = both_ways(atlas, study, ranged.with(column, range.low));
    const auto at_high = both_ways(atlas, study, ranged.with(column, range.high));
    if (!at_low || !at_high) continue;  // regions empty there: its draws are counted
    study.drivers.push_back({.column = "spatial_economy." + ranged.central().id.text + "." + column,
                             .low = range.low,
                             .high = range.high,
                             .at_low = at_low->lead(),
                             .at_high = at_high->lead()});
  }
  widest_first(study.drivers);
}

}  // namespace

Expected<PeopleStudy> people_study(const Atlas& atlas, const PeopleQuestion& question, Progress& progress) {
  const auto years = account_years(atlas);
  if (years.empty())
    return failure({.what = "in no year has every region an account",
                    .where = {.file = atlas.directory + "/accounts.csv"},
                    .mend = "Give each region its people and GDP of one year at least."});
  if (atlas.spatial_economy.empty())
    return failure({.what = "has no row, so nothing is known of why people move",
                    .where = {.file = atlas.directory + "/spatial_economy.csv"},
                    .mend = "Give its figures, with ranges in citations.csv."});
  PeopleStudy study{.question = question, .year = years.back()};
  auto regions = model_regions(atlas, question.grouping, study.year, "--model");
  if (!regions) return std::unexpected(regions.error());
  study.regions = std::move(*regions);
  auto coast = coast_of(atlas, study.regions, question.coast);
  if (!coast) return std::unexpected(coast.error());
  study.coast = std::move(*coast);

  const RangedRecord<SpatialEconomy> ranged(atlas, "spatial_economy", spatial_economy_fields(),
                                            atlas.spatial_economy.rows().front());
  study.economy = ranged.central();
  auto world = world_of(atlas, study.regions, study.year, study.economy);
  if (!world) return std::unexpected(world.error());
  study.world = std::move(*world);
  const double room = std::min(coast_share(study.world.product, study.coast),
                               1 - coast_share(study.world.people, study.coast));
  const double most = std::min(kMostMovedShare, 0.9 * room);
  if (!(question.share >= kLeastMovedShare) || question.share > most)
    return failure(
        {.what =
             question.share > most
                 ? fmt::format("{:g} is no small share of what the coast and the inland have", question.share)
                 : fmt::format("{:g} is too small a share to tell its changes from rounding", question.share),
         .where = {.file = "--share"},
         .mend = fmt::format("Give {:g} at least and at most {:.3f}.", kLeastMovedShare, most)});
  auto still = spatial_outcome(study.world, parameters_of(study.economy), {});
  if (!still) return std::unexpected(still.error());
  study.before = case_of(study.world, study.coast, std::move(*still));
  auto central = both_ways(atlas, study, study.economy);
  if (!central) return std::unexpected(central.error());
  study.lead = central->lead();

  RandomStream random(question.seed, "people");
  std::vector<SpatialEconomy> rows;
  for (std::size_t i = 0; i < question.draws; ++i) rows.push_back(ranged.drawn(random));
  std::vector<std::optional<BothWays>> drawn(question.draws);
  study.draws = in_parallel(question.draws, question.threads, "draws", progress, [&](std::size_t i) {
    if (auto ways = both_ways(atlas, study, rows[i])) drawn[i] = std::move(*ways);
  });
  study.interrupted = study.draws < question.draws;
  drawn.resize(study.draws);
  std::vector<BothWays> draws;
  for (auto& one : drawn) {
    if (one) draws.push_back(std::move(*one));
  }
  study.left_out = study.draws - draws.size();
  if (draws.empty()) draws.push_back(*central);  // no draws were asked for, or none came to rest
  study.people_output =
      share_where(draws, [](const BothWays& one) { return one.people.output > one.capital.output; });
  study.people_welfare = share_where(draws, [](const BothWays& one) { return one.lead() > 0; });
  study.people_gain = share_where(draws, [](const BothWays& one) { return one.people.welfare > 0; });
  study.capital_gain = share_where(draws, [](const BothWays& one) { return one.capital.welfare > 0; });
  study.neither = share_where(
      draws, [](const BothWays& one) { return one.people.welfare <= 0 && one.capital.welfare <= 0; });
  study.capital = {.id = "capital-inland",
                   .name = "capital and jobs inland",
                   .name_zh = "资本与岗位内迁",
                   .central = central->capital,
                   .bands = bands_of(draws, &BothWays::capital, question.level)};
  study.people = {.id = "people-to-coast",
                  .name = "people to the coast",
                  .name_zh = "人口东移",
                  .central = central->people,
                  .bands = bands_of(draws, &BothWays::people, question.level)};
  if (question.draws > 0) add_drivers(atlas, study, ranged);
  return study;
}

}  // namespace hinterland
