// Solves small siting problems and prints every digit of the answers; tests/lanes_test.py compares what it prints with and
// without vector registers.
#include <cstdio>

#include "hinterland/siting/solve_siting.hpp"
#include "tests/direct_arcs.hpp"

namespace hinterland {

namespace {

void print(const char* what, const std::vector<double>& values) {
  std::printf("%s", what);
  for (const double value : values) std::printf(" %a", value);
  std::puts("");
}

}  // namespace

int siting_sample() {
  const SmallKind kinds[]{
      {}, {.power_limits = true}, {.over_midnight = true}, {.capped = true}, {.limited = true}};
  for (const SmallKind& kind : kinds)
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const SitingAnswer answer = solve_siting(small_problem(seed, kind), {.gap = 1e-6});
      print("plan", {answer.plan.objective, answer.plan.bound});
      print("columns", answer.plan.columns);
      print("load", answer.plan.dispatch.load);
      std::printf("iterations %d\n", answer.iterations);
    }
  return 0;
}

}  // namespace hinterland

int main() { return hinterland::siting_sample(); }
