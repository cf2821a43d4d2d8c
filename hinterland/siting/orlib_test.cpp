#include "hinterland/siting/orlib.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <numeric>

#include "hinterland/base/file.hpp"

namespace hinterland {

namespace {

const std::string kFile = "build-orlib-test.txt";

Expected<OrLibraryProblem> read(const std::string& text) {
  REQUIRE(write_text(kFile, text));
  Expected<OrLibraryProblem> out = read_orlib(kFile);
  std::remove(kFile.c_str());
  return out;
}

}  // namespace

TEST_CASE("two warehouses for three customers") {
  const auto problem = read("2 3\n10 4\n10 5.\n6 6 12\n6 12 6\n4 4 8\n");
  REQUIRE(problem);
  // One warehouse holds 10 of 16: both open (9), 6 + 6, and of the last all at the first: 4.
  const LocationAnswer answer = solve(*problem->warehouses);
  CHECK(answer.objective == doctest::Approx(25));
  CHECK(answer.bound == doctest::Approx(25));
  CHECK(answer.open == std::vector<std::size_t>{0, 1});
}

TEST_CASE("a median of a path, and the last of two edges counts") {
  const auto path = read("5 5 1\n1 2 9\n2 3 1\n3 4 1\n4 5 1\n2 1 1\n");
  REQUIRE(path);
  CHECK(solve(*path->medians).objective == doctest::Approx(6));
  CHECK(solve(*path->medians).open == std::vector<std::size_t>{2});
  const auto two = read("5 4 2\n1 2 1\n2 3 1\n3 4 1\n4 5 1\n");
  CHECK(solve(*two->medians).objective == doctest::Approx(3));
  const auto all = read("5 4 5\n1 2 1\n2 3 1\n3 4 1\n4 5 1\n");
  CHECK(solve(*all->medians).objective == doctest::Approx(0));
}

TEST_CASE("no demand, and no edges") {
  const auto nothing = read("2 2\n8 35\n9 20\n0\n4 7\n0\n3 3\n");
  REQUIRE(nothing);
  CHECK(solve(*nothing->warehouses).objective == doctest::Approx(20 + 10));
  CHECK(solve(*nothing->warehouses).open == std::vector<std::size_t>{1});
  const auto alone = read("3 0 3\n");
  REQUIRE(alone);
  CHECK(solve(*alone->medians).objective == 0);
}

TEST_CASE("a graph in pieces needs a median in each") {
  const std::string edges = "5 3 {}\n1 2 2\n2 3 3\n4 5 1\n";
  const auto two = read(fmt::format(fmt::runtime(edges), 2));
  REQUIRE(two);
  CHECK(solve(*two->medians).objective == doctest::Approx(6));
  CHECK(solve(*two->medians).bound == doctest::Approx(6));
  const auto one = read(fmt::format(fmt::runtime(edges), 1));
  REQUIRE(one);
  CHECK(solve(*one->medians).end == ProgramEnd::infeasible);
  CHECK(solve(*one->medians, 0.6).end == ProgramEnd::infeasible);
  for (const double gap : {0.0, 0.5, 0.9}) CHECK(solve(*two->medians, gap).objective < 16);
  const LocationAnswer stopped = solve(*two->medians, 0, [] { return false; });
  CHECK(stopped.bound <= 6);
  CHECK((stopped.objective < 16 || stopped.open.empty()));
}

TEST_CASE("medians of small graphs are what trying all of them finds") {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 4 + seed % 5, p = 1 + seed % 3;
    std::string text = fmt::format("{} {} {}\n", n, 2 * n, p);
    for (std::size_t k = 0; k < 2 * n; ++k)
      text += fmt::format("{} {} {}\n", k % n + 1, k < n ? (k + 1) % n + 1 : (k * seed) % n + 1,
                          1 + k * seed * 7 % 11);
    const auto problem = read(text);
    REQUIRE(problem);
    const Medians& medians = *problem->medians;
    double best = 1e300;
    for (unsigned set = 0; set < 1U << n; ++set) {
      if (static_cast<std::size_t>(__builtin_popcount(set)) != p) continue;
      double cost = 0;
      for (std::size_t i = 0; i < n; ++i) {
        double least = 1e300;
        for (std::size_t j = 0; j < n; ++j)
          if ((set >> j & 1U) != 0) least = std::min(least, medians.distance[i * n + j]);
        cost += least;
      }
      best = std::min(best, cost);
    }
    CHECK(solve(medians).objective == doctest::Approx(best));
  }
}

TEST_CASE("wrong files say where") {
  const auto says = [](const std::string& text, const std::string& what) {
    const auto problem = read(text);
    REQUIRE_FALSE(problem);
    CHECK_MESSAGE(describe(problem.error().front()).find(what) != std::string::npos,
                  describe(problem.error().front()));
  };
  says("", "the first line has 0 numbers");
  says("2 3\n10 4\n10 x\n", ":3:4: fixed cost: 'x' is no number");
  says("2 3\n10 4\n10 5\n6 6", "the file ends before");
  says("2 1\n10 4\n10 5\n6 6 6\n9", ":5:");
  says("2 1\n10 4\n-1 5\n6 6 6\n", "capacity: '-1' is too small");
  says("2 1\ncapacity 4\n", "no capacity is given here");
  says("3 1 1\n1 4 1\n", "node: 4 is no whole number up to 3");
  says("3 1 4\n1 2 1\n", "4 medians of 3 nodes");
  says("1000000 1 4\n1 2 1\n", "number of nodes: 1000000 is no whole number up to");
}

}  // namespace hinterland
