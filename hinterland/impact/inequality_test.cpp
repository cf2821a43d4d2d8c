// The measures' laws on random places, figures worked elsewhere, and the exactness of the decomposition.
#include "hinterland/impact/inequality.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "hinterland/base/random.hpp"

using namespace hinterland;

namespace {

std::vector<Holding> random_places(RandomStream& random, std::size_t count) {
  std::vector<Holding> places(count);
  for (Holding& one : places)
    one = {.weight = random.exponential() + 0.01, .per_head = std::exp(2 * random.normal())};
  return places;
}

void check_same(const Inequality& a, const Inequality& b, double within) {
  CHECK(std::abs(a.theil_t - b.theil_t) < within);
  CHECK(std::abs(*a.theil_l - *b.theil_l) < within);
  CHECK(std::abs(a.gini - b.gini) < within);
  CHECK(std::abs(a.cv - b.cv) < within);
}

}  // namespace

TEST_CASE("two places by hand: a third of the people has two thirds of the total") {
  // y = 1 with weight 2, y = 4 with weight 1: mu = 2, s = (1/3, 2/3).
  const std::vector<Holding> places = {{2, 1}, {1, 4}};
  const Inequality all = inequality_of(places);
  CHECK(all.mean == doctest::Approx(2));
  CHECK(all.theil_t == doctest::Approx(std::log(2) / 3));
  CHECK(*all.theil_l == doctest::Approx(std::log(2) / 3));
  CHECK(all.gini == doctest::Approx(1.0 / 3));
  CHECK(all.cv == doctest::Approx(std::sqrt(0.5)));
}

TEST_CASE("equal places are equal, one that has all is as unequal as can be") {
  const std::vector<Holding> equal = {{3, 7}, {1, 7}, {2, 7}};
  check_same(inequality_of(equal), Inequality{.theil_l = 0}, 1e-15);
  std::vector<Holding> one(10, Holding{1, 0});
  one[3].per_head = 5;
  const Inequality most = inequality_of(one);
  CHECK(most.theil_t == doctest::Approx(std::log(10)));
  CHECK(most.gini == doctest::Approx(0.9));
  CHECK_FALSE(most.theil_l.has_value());
}

TEST_CASE("Gini is half the mean difference over the mean") {
  RandomStream random(3, "gini");
  for (int round = 0; round < 20; ++round) {
    const auto places = random_places(random, 17);
    double weight = 0, difference = 0;
    for (const Holding& a : places) {
      weight += a.weight;
      for (const Holding& b : places) difference += a.weight * b.weight * std::abs(a.per_head - b.per_head);
    }
    const Inequality all = inequality_of(places);
    CHECK(all.gini == doctest::Approx(difference / (2 * weight * weight * all.mean)).epsilon(1e-12));
  }
}

TEST_CASE("scale and replication change nothing, nor does the unit of the weights") {
  RandomStream random(4, "replication");
  for (int round = 0; round < 20; ++round) {
    const auto places = random_places(random, 23);
    const Inequality all = inequality_of(places);
    std::vector<Holding> scaled = places, thrice, split;
    for (Holding& one : scaled) one = {one.weight / 1e4, one.per_head * 7.3};
    for (int k = 0; k < 3; ++k) thrice.insert(thrice.end(), places.begin(), places.end());
    for (const Holding& one : places) {
      split.push_back({0.25 * one.weight, one.per_head});
      split.push_back({0.75 * one.weight, one.per_head});
    }
    check_same(all, inequality_of(scaled), 1e-12);
    check_same(all, inequality_of(thrice), 1e-12);
    check_same(all, inequality_of(split), 1e-12);
  }
}

TEST_CASE("what moves from a richer place to a poorer one that stays so lowers every measure") {
  RandomStream random(5, "transfer");
  int tried = 0;
  while (tried < 200) {
    auto places = random_places(random, 12);
    Holding& a = places[random.next() % 12];
    Holding& b = places[random.next() % 12];
    if (a.per_head >= b.per_head) continue;
    const Inequality before = inequality_of(places);
    // At most until both have the same.
    const double even = (b.per_head - a.per_head) / (1 / a.weight + 1 / b.weight);
    const double moved = (0.1 + 0.9 * random.uniform()) * even;
    a.per_head += moved / a.weight;
    b.per_head -= moved / b.weight;
    const Inequality after = inequality_of(places);
    CHECK(after.theil_t < before.theil_t);
    CHECK(*after.theil_l < *before.theil_l);
    CHECK(after.gini <= before.gini + 1e-15);
    CHECK(after.cv < before.cv);
    CHECK(after.mean == doctest::Approx(before.mean));
    ++tried;
  }
}

TEST_CASE("between and within add up to the whole, whatever the groups, to 1e-12") {
  RandomStream random(6, "groups");
  for (int round = 0; round < 300; ++round) {
    const std::size_t count = 5 + random.next() % 100, groups = 1 + random.next() % 5;
    const auto places = random_places(random, count);
    std::vector<std::size_t> group_of(count);
    for (std::size_t i = 0; i < count; ++i) group_of[i] = i < groups ? i : random.next() % groups;
    const Decomposition parts = decompose(places, group_of, groups);
    CHECK(std::abs(parts.between_t + parts.within_t - parts.all.theil_t) < 1e-12);
    CHECK(std::abs(*parts.between_l + *parts.within_l - *parts.all.theil_l) < 1e-12);
    CHECK(parts.between_t > -1e-15);
    CHECK(parts.within_t > -1e-15);
    double weight = 0, total = 0;
    for (const GroupPart& part : parts.groups) {
      weight += part.weight_share;
      total += part.total_share;
    }
    CHECK(weight == doctest::Approx(1).epsilon(1e-12));
    CHECK(total == doctest::Approx(1).epsilon(1e-12));
  }
}

TEST_CASE("one group has nothing between, groups of one have nothing within") {
  RandomStream random(7, "ends");
  const auto places = random_places(random, 9);
  const std::vector<std::size_t> same(9, 0);
  CHECK(std::abs(decompose(places, same, 1).between_t) < 1e-15);
  std::vector<std::size_t> own(9);
  std::iota(own.begin(), own.end(), std::size_t{0});
  const Decomposition apart = decompose(places, own, 9);
  CHECK(std::abs(apart.within_t) < 1e-15);
  CHECK(apart.between_t == doctest::Approx(apart.all.theil_t));
}

TEST_CASE("the Lorenz curve rises, ever steeper, from nothing to all") {
  RandomStream random(8, "lorenz");
  const auto curve = lorenz_curve(random_places(random, 40));
  REQUIRE(curve.size() == 41);
  CHECK(curve.front() == std::pair(0.0, 0.0));
  CHECK(curve.back() == std::pair(1.0, 1.0));
  double slope = 0;
  for (std::size_t i = 1; i < curve.size(); ++i) {
    const double next = (curve[i].second - curve[i - 1].second) / (curve[i].first - curve[i - 1].first);
    CHECK(next >= slope * (1 - 1e-9));
    slope = next;
  }
}
