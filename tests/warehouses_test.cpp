#include "hinterland/siting/warehouse_search.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "hinterland/base/random.hpp"
#include "tests/textbook_location.hpp"

namespace hinterland {

namespace {

const auto kGoOn = [] { return true; };

}  // namespace

TEST_CASE("warehouses found are HiGHS's optimum, and proven") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    const Warehouses problem =
        warehouses_in_plane(6 + seed % 7, 15 + seed % 11, 0.2 + 0.1 * static_cast<double>(seed % 8),
                            seed % 5 == 0 ? 0 : 4.0 * static_cast<double>(seed % 6), seed);
    const LocationAnswer found = search_warehouses(problem, 0, kGoOn);
    CHECK(found.end == ProgramEnd::solved);
    CHECK(found.objective == doctest::Approx(by_textbook(problem).objective).epsilon(1e-7));
    CHECK(found.bound == doctest::Approx(found.objective).epsilon(1e-9));
    CHECK(found.bound <= found.objective);
    CHECK(by_textbook(problem, 1e30, &found.open).objective ==
          doctest::Approx(found.objective).epsilon(1e-7));
  }
}

TEST_CASE("small ones of whole numbers, far from any plane, are HiGHS's optimum too") {
  // In the first three rounding once let a site beyond the one that is open in part make the price.
  std::vector<std::uint64_t> seeds{3005, 4641, 5041};
  for (std::uint64_t seed = 1; seed <= 200; ++seed) seeds.push_back(seed);
  for (const std::uint64_t seed : seeds) {
    CAPTURE(seed);
    RandomStream random(seed, "whole numbers");
    const auto whole = [&](double least, double most) {
      return std::floor(least + (most - least + 1) * random.uniform());
    };
    Warehouses problem;
    const std::size_t sites = 5 + seed % 8, customers = 8 + seed % 12;
    double all = 0, capacity = 0;
    for (std::size_t i = 0; i < customers; ++i) all += problem.demand.emplace_back(whole(5, 60));
    for (std::size_t j = 0; j < sites; ++j) {
      capacity += problem.capacity.emplace_back(whole(20, 600));
      problem.fixed.push_back(whole(50, 1500));
    }
    if (capacity < all) problem.capacity.back() += all - capacity;
    for (std::size_t k = 0; k < sites * customers; ++k) problem.cost.push_back(whole(100, 9999) / 50);
    const LocationAnswer found = search_warehouses(problem, 0, kGoOn);
    CHECK(found.end == ProgramEnd::solved);
    CHECK(found.objective == doctest::Approx(by_textbook(problem).objective).epsilon(1e-7));
  }
}

TEST_CASE("stopped anywhere, or content with less: the bound is no more than the optimum, the cost no less") {
  const Warehouses problem = warehouses_in_plane(14, 40, 0.35, 12, 5);
  const double best = search_warehouses(problem, 0, kGoOn).objective;
  for (int most = 0; most < 300; most += 11) {
    CAPTURE(most);
    int asked = 0;
    const LocationAnswer stopped = search_warehouses(problem, 0, [&] { return ++asked <= most; });
    CHECK(stopped.bound <= best * (1 + 1e-7));
    CHECK(stopped.objective >= best * (1 - 1e-7));
  }
  for (const double gap : {0.3, 0.1, 0.03, 0.01, 0.001}) {
    CAPTURE(gap);
    const LocationAnswer content = search_warehouses(problem, gap, kGoOn);
    CHECK(content.bound <= best * (1 + 1e-7));
    CHECK(content.objective - content.bound <= gap * content.objective * (1 + 1e-9));
  }
}

TEST_CASE("where opening or all costs nothing, nobody tries every choice") {
  Warehouses problem = warehouses_in_plane(40, 30, 0.3, 0, 2);
  CHECK(search_warehouses(problem, 0, kGoOn).objective ==
        doctest::Approx(by_textbook(problem).objective).epsilon(1e-7));
  std::ranges::fill(problem.cost, 0.0);
  CHECK(search_warehouses(problem, 0, kGoOn).objective == 0);
}

TEST_CASE("too little capacity is infeasible, just enough is not") {
  Warehouses problem = warehouses_in_plane(5, 12, 1, 3, 2);
  CHECK(search_warehouses(problem, 0, kGoOn).open.size() == 5);
  problem.demand[3] *= 1.01;
  CHECK(search_warehouses(problem, 0, kGoOn).end == ProgramEnd::infeasible);
}

}  // namespace hinterland
