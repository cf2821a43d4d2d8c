#include "hinterland/siting/median_search.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/textbook_location.hpp"

namespace hinterland {

namespace {

double cost_of(const Medians& problem, const std::vector<std::size_t>& medians) {
  double sum = 0;
  for (std::size_t i = 0; i < problem.nodes; ++i) {
    double least = 1e300;
    for (const std::size_t j : medians) least = std::min(least, problem.distance[i * problem.nodes + j]);
    sum += least;
  }
  return sum;
}

const auto kGoOn = [] { return true; };

}  // namespace

TEST_CASE("medians found are HiGHS's optimum, and proven") {
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    CAPTURE(seed);
    const Medians problem = medians_in_plane(20 + 3 * (seed % 5), 2 + seed % 6, seed, seed % 2 == 0);
    const LocationAnswer found = search_medians(problem, 0, kGoOn);
    CHECK(found.objective == doctest::Approx(by_textbook(problem).objective).epsilon(1e-9));
    CHECK(found.bound == doctest::Approx(found.objective).epsilon(1e-9));
    CHECK(found.bound <= found.objective);
    CHECK(found.open.size() == problem.medians);
    CHECK(cost_of(problem, found.open) == doctest::Approx(found.objective).epsilon(1e-12));
  }
}

TEST_CASE("stopped anywhere, or content with less: the bound is no more than the optimum, the cost no less") {
  const Medians problem = medians_in_plane(60, 5, 3, false);
  const double best = search_medians(problem, 0, kGoOn).objective;
  for (int most = 0; most < 400; most += 7) {
    CAPTURE(most);
    int asked = 0;
    const LocationAnswer stopped = search_medians(problem, 0, [&] { return ++asked <= most; });
    CHECK(stopped.bound <= best * (1 + 1e-12));
    CHECK(stopped.objective >= best * (1 - 1e-12));
    CHECK(cost_of(problem, stopped.open) == doctest::Approx(stopped.objective).epsilon(1e-12));
  }
  for (const double gap : {0.3, 0.1, 0.03, 0.01, 0.001}) {
    CAPTURE(gap);
    const LocationAnswer content = search_medians(problem, gap, kGoOn);
    CHECK(content.bound <= best * (1 + 1e-12));
    CHECK(content.objective - content.bound <= gap * content.objective * (1 + 1e-9));
  }
}

TEST_CASE("as many medians as nodes, one of one, and nodes on top of each other") {
  CHECK(search_medians(medians_in_plane(7, 7, 1, true), 0, kGoOn).objective == 0);
  CHECK(search_medians(medians_in_plane(1, 1, 1, true), 0, kGoOn).open == std::vector<std::size_t>{0});
  const Medians same{.nodes = 5, .medians = 2, .distance = std::vector<double>(25)};
  CHECK(search_medians(same, 0, kGoOn).objective == 0);
  CHECK(search_medians(same, 0, kGoOn).open.size() == 2);
}

}  // namespace hinterland
