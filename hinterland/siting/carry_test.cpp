#include "hinterland/siting/carry.hpp"

#include <doctest/doctest.h>

namespace hinterland {

namespace {

SitingProblem three_days() {
  SitingProblem out;
  out.sites = 1;
  out.hours = 72;
  out.energy.assign(72, 0.5);
  out.availability.assign(72, 1);
  out.deferrable = {{.network = {0}, .unserved = 10}, {.network = {0}, .unserved = 10}};
  for (std::uint32_t hour = 0; hour < 72; hour += 8)
    out.hubs.push_back({.first_hour = hour,
                        .past_hour = std::min(hour + 20, 72U),
                        .sites = {0},
                        .deferrals = {{.demand = 0, .kwh = 100}, {.demand = 1, .kwh = 10.0 + hour}}});
  out.columns = {{.site = 0, .cost = 1, .most = 1000}};
  return out;
}

}  // namespace

TEST_CASE("cuts lie at midnights that windows cross") {
  SitingProblem problem = three_days();
  CHECK(cut_spacing(problem) == 24);
  CHECK(cut_in(problem.hubs[0], 24) == 0);   // 0 to 20
  CHECK(cut_in(problem.hubs[1], 24) == 24);  // 8 to 28
  CHECK(cut_in(problem.hubs[3], 24) == 0);   // 24 to 44: begins at one
  CHECK(cut_in({.first_hour = 4, .past_hour = 24, .sites = {}, .deferrals = {}}, 24) == 0);
  problem.hubs[2].past_hour = problem.hubs[2].first_hour + 28;
  CHECK(cut_spacing(problem) == 48);
}

TEST_CASE("a cut problem is a problem, with the same work in it, and no window crosses") {
  const SitingProblem problem = three_days();
  Carried carried(problem.hubs.size());
  for (std::size_t b = 0; b < carried.size(); ++b)
    if (cut_in(problem.hubs[b], 24) > 0) carried[b] = {0.25, 1};
  const SitingProblem parts = cut(problem, carried);
  CHECK(check(parts).empty());
  CHECK(parts.hubs.size() > problem.hubs.size());
  double whole = 0, sum = 0, before_first = 0;
  for (const Hub& hub : problem.hubs)
    for (const Deferral& deferral : hub.deferrals) whole += deferral.kwh;
  for (const Hub& hub : parts.hubs) {
    CHECK(hub.first_hour / 24 == (hub.past_hour - 1) / 24);
    for (const Deferral& deferral : hub.deferrals) {
      sum += deferral.kwh;
      if (hub.past_hour <= 24 && deferral.demand == 0) before_first += deferral.kwh;
    }
  }
  CHECK(sum == doctest::Approx(whole));
  CHECK(before_first == doctest::Approx(100 + 75 + 75));
}

}  // namespace hinterland
