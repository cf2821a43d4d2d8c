// Where people and capital go: what must not move, what is known by hand, and which way each figure pushes.
#include "hinterland/impact/spatial_model.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

using namespace hinterland;

namespace {

// Trade without distance.
SpatialWorld free_world(std::vector<double> product, std::vector<double> people) {
  const std::size_t n = product.size();
  Matrix distance(n, n);
  for (double& one : distance.values) one = 1;
  Matrix trade = gravity_trade(product, distance, 0).value();
  return {.product = std::move(product), .people = std::move(people), .trade = std::move(trade)};
}

SpatialWorld far_world(std::vector<double> product, std::vector<double> people, double km, double home) {
  const std::size_t n = product.size();
  Matrix distance(n, n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) distance(i, j) = i == j ? home : km;
  Matrix trade = gravity_trade(product, distance, 1).value();
  return {.product = std::move(product), .people = std::move(people), .trade = std::move(trade)};
}

// Rich and small beside poor and large.
SpatialWorld coast_and_inland() { return far_world({60, 40}, {40, 60}, 1000, 200); }

SpatialPolicy capital_inland(const SpatialWorld& world, double share) {
  const double all = world.product[0] + world.product[1];
  return {.capital =
              std::vector<double>{1 - share * all / world.product[0], 1 + share * all / world.product[1]}};
}

SpatialPolicy people_to_coast(double share) {
  return {.people = PeopleMove{.into = {true, false}, .share = share}};
}

SpatialOutcome run(const SpatialWorld& world, const SpatialParameters& parameters,
                   const SpatialPolicy& policy) {
  return spatial_outcome(world, parameters, policy).value();
}

double inland_log_move(const SpatialWorld& world, const SpatialOutcome& out) {
  const double before = world.people[1] / (world.people[0] + world.people[1]);
  return std::log(out.people[1] / before) - std::log(out.people[0] / (1 - before));
}

}  // namespace

TEST_CASE("without a policy nothing moves, whatever the regions are") {
  const SpatialOutcome out = run(coast_and_inland(), {.agglomeration = 0.05}, {});
  CHECK(out.people[0] == doctest::Approx(0.4).epsilon(1e-9));
  CHECK(std::abs(out.output) < 1e-9);
  CHECK(std::abs(out.welfare) < 1e-9);
  for (const double one : out.income) CHECK(one == doctest::Approx(1).epsilon(1e-9));
}

TEST_CASE("between equal regions nothing moves, and capital that is shared out as it was changes nothing") {
  const SpatialWorld world = far_world({1, 1, 1, 1}, {5, 5, 5, 5}, 700, 150);
  const SpatialParameters parameters{.agglomeration = 0.05};
  for (const SpatialPolicy& policy :
       {SpatialPolicy{}, SpatialPolicy{.capital = std::vector<double>{1, 1, 1, 1}}}) {
    const SpatialOutcome out = run(world, parameters, policy);
    for (const double share : out.people) CHECK(share == doctest::Approx(0.25).epsilon(1e-9));
    CHECK(std::abs(out.welfare) < 1e-9);
  }
  for (const double barrier : barriers_of(world, {.barrier_share = 1})) CHECK(std::abs(barrier) < 1e-12);
}

TEST_CASE("shares of people sum to 1 and columns of trade do, products are sold") {
  const SpatialWorld world = far_world({3, 2, 1, 4}, {1, 2, 3, 1}, 900, 120);
  for (std::size_t m = 0; m < 4; ++m) {
    double column = 0;
    for (std::size_t k = 0; k < 4; ++k) column += world.trade(k, m);
    CHECK(column == doctest::Approx(1).epsilon(1e-12));
  }
  for (std::size_t k = 0; k < 4; ++k) {
    double sold = 0;
    for (std::size_t m = 0; m < 4; ++m) sold += world.trade(k, m) * world.product[m];
    CHECK(sold == doctest::Approx(world.product[k]).epsilon(1e-9));
  }
  const SpatialOutcome out = run(world, {.agglomeration = 0.05},
                                 {.people = PeopleMove{.into = {true, true, false, false}, .share = 0.05}});
  CHECK(std::accumulate(out.people.begin(), out.people.end(), 0.0) == doctest::Approx(1).epsilon(1e-12));
  CHECK(out.people[0] + out.people[1] == doctest::Approx(3.0 / 7 + 0.05).epsilon(1e-9));
}

// With free trade prices are the same everywhere and all is linear in logarithms of one region over the other:
//   x = th ((1 - a + g) l + a k),  th = theta / (1 + theta);   l = kappa ((1 - s)(x - l) - s l)
TEST_CASE("two regions with free trade and capital moved: the answer by hand") {
  const double a = 0.45, g = 0.03, theta = 3, share = 0.3, eta = 2, kappa = 1.7;
  const SpatialWorld world = free_world({60, 40}, {40, 60});
  const SpatialParameters parameters{.capital_share = a,
                                     .agglomeration = g,
                                     .trade_elasticity = theta,
                                     .housing_share = share,
                                     .housing_elasticity = eta,
                                     .migration_elasticity = kappa};
  const SpatialPolicy policy = capital_inland(world, 0.05);
  const double k = std::log((*policy.capital)[1] / (*policy.capital)[0]);
  const double th = theta / (1 + theta), s = share / (1 + eta);
  const double l = kappa * (1 - s) * th * a * k / (1 + kappa * ((1 - s) * (1 - th * (1 - a + g)) + s));
  CHECK(inland_log_move(world, run(world, parameters, policy)) == doctest::Approx(l).epsilon(1e-8));
}

// Capital follows: k = x, so x = th (1 - a + g) l / (1 - th a), and the easing e closes l = kappa ((1 - s)(x - l) - s l + e).
TEST_CASE("two regions with free trade and people moved: the easing by hand") {
  const double a = 0.45, g = 0.03, theta = 3, share = 0.3, eta = 2, kappa = 1.7, moved = 0.02;
  const SpatialWorld world = free_world({60, 40}, {40, 60});
  const SpatialOutcome out = run(world,
                                 {.capital_share = a,
                                  .agglomeration = g,
                                  .trade_elasticity = theta,
                                  .housing_share = share,
                                  .housing_elasticity = eta,
                                  .migration_elasticity = kappa},
                                 people_to_coast(moved));
  const double th = theta / (1 + theta), s = share / (1 + eta);
  const double l = std::log(0.42 / 0.58) - std::log(0.4 / 0.6);
  const double x = th * (1 - a + g) * l / (1 - th * a);
  CHECK(out.people[0] == doctest::Approx(0.42).epsilon(1e-9));
  CHECK(out.easing == doctest::Approx(l / kappa - (1 - s) * (x - l) + s * l).epsilon(1e-7));
}

TEST_CASE("which way each figure pushes") {
  const SpatialWorld world = coast_and_inland();
  const SpatialParameters base{.agglomeration = 0.04};
  const auto moved_by_capital = [&](const SpatialParameters& one) {
    return inland_log_move(world, run(world, one, capital_inland(world, 0.02)));
  };
  const auto by_people = [&](const SpatialParameters& one) { return run(world, one, people_to_coast(0.02)); };
  const auto with = [&](double SpatialParameters::* figure, double value) {
    SpatialParameters one = base;
    one.*figure = value;
    return one;
  };
  CHECK(moved_by_capital(base) > 0);
  // People who move more easily follow capital in greater numbers, and need less easing.
  CHECK(moved_by_capital(with(&SpatialParameters::migration_elasticity, 3)) > moved_by_capital(base));
  CHECK(by_people(with(&SpatialParameters::migration_elasticity, 3)).easing < by_people(base).easing);
  // Homes that follow their rents, or matter less, fend off fewer.
  CHECK(by_people(with(&SpatialParameters::housing_elasticity, 3)).easing < by_people(base).easing);
  CHECK(by_people(with(&SpatialParameters::housing_share, 0.1)).easing < by_people(base).easing);
  // Owners who live elsewhere take the return with them, and fewer follow.
  CHECK(moved_by_capital(with(&SpatialParameters::owners_elsewhere, 1)) < moved_by_capital(base));
  // What capital makes more of, draws more people.
  CHECK(moved_by_capital(with(&SpatialParameters::capital_share, 0.6)) > moved_by_capital(base));
  // Goods that replace each other more sell more of what a place makes more of.
  CHECK(moved_by_capital(with(&SpatialParameters::trade_elasticity, 8)) > moved_by_capital(base));
  // People who make more of each other make moving to the rich place worth more, as they are more there.
  CHECK(by_people(with(&SpatialParameters::agglomeration, 0.1)).easing < by_people(base).easing);
  // The more of the gap is a barrier, the more is gained by going over it.
  CHECK(by_people(with(&SpatialParameters::barrier_share, 1)).welfare > by_people(base).welfare);
  CHECK(by_people(base).welfare > by_people(with(&SpatialParameters::barrier_share, 0)).welfare);
}

TEST_CASE("the farther trade decays, the more a region buys of itself") {
  const std::vector<double> product{3, 2};
  Matrix distance(2, 2);
  distance.values = {100, 1000, 1000, 100};
  const auto home = [&](double decay) { return gravity_trade(product, distance, decay).value()(0, 0); };
  CHECK(home(0) == doctest::Approx(0.6).epsilon(1e-9));
  CHECK(home(1) > home(0.5));
  CHECK(home(2) > home(1));
}

TEST_CASE("nobody gains by being moved where no barrier stands and nobody makes anything of others") {
  const SpatialWorld world = far_world({50, 50}, {50, 50}, 1000, 200);
  const double welfare =
      run(world, {.agglomeration = 0, .housing_share = 0, .barrier_share = 0}, people_to_coast(0.02)).welfare;
  CHECK(welfare < 0);
  CHECK(welfare > -1e-2);  // of the second order
}

TEST_CASE("output is the people's incomes") {
  const SpatialWorld world = coast_and_inland();
  const SpatialOutcome out = run(world, {.agglomeration = 0.04}, people_to_coast(0.02));
  double after = 0;
  for (std::size_t i = 0; i < 2; ++i)
    after += out.people[i] * 100 * world.product[i] / world.people[i] * out.income[i];
  CHECK(out.output == doctest::Approx(after / 100 - 1).epsilon(1e-12));
}

TEST_CASE("where regions empty, or no rest is come to, it is said with the figures") {
  const SpatialWorld world = coast_and_inland();
  const SpatialParameters wild{
      .agglomeration = 0.5, .trade_elasticity = 50, .housing_share = 0, .migration_elasticity = 50};
  const auto empty = spatial_outcome(world, wild, capital_inland(world, 0.02));
  REQUIRE_FALSE(empty.has_value());
  CHECK(empty.error().front().where.field == "agglomeration");
  CHECK(empty.error().front().what.find("regions empty") != std::string::npos);
  const auto restless = spatial_outcome(world, {}, capital_inland(world, 0.02), 3);
  REQUIRE_FALSE(restless.has_value());
  CHECK(restless.error().front().what.find("no rest within 3 rounds") != std::string::npos);
}
