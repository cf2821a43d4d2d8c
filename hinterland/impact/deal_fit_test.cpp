// Deals: the process's laws, planted rates that come back as often as the bands say, and honesty where nothing is known.
#include "hinterland/impact/deal_fit.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "hinterland/base/random.hpp"
#include "tests/seeds.hpp"

using namespace hinterland;

namespace {

DealFit fit_deals(const DealQuestion& question) {
  SilentProgress silent;
  return hinterland::fit_deals(question, silent);
}

// One deal after another, by exponential times; shares no code with the process.
struct SimulatedDeal {
  double signed_at = 0, started = 0, operating = 0, dropped = 0;  // infinity: never
};

std::vector<SimulatedDeal> simulate(RandomStream& random, const DealRates& rates, double since, double until,
                                    std::size_t deals) {
  constexpr double never = std::numeric_limits<double>::infinity();
  std::vector<SimulatedDeal> out;
  for (std::size_t i = 0; i < deals; ++i) {
    SimulatedDeal deal{.signed_at = since + (until - since) * random.uniform(),
                       .started = never,
                       .operating = never,
                       .dropped = never};
    const double start = deal.signed_at + random.exponential() / rates.start;
    const double give_up = rates.drop > 0 ? deal.signed_at + random.exponential() / rates.drop : never;
    if (give_up < start) {
      deal.dropped = give_up;
    } else {
      deal.started = start;
      const double built = start + random.exponential() / rates.build;
      (give_up < built ? deal.dropped : deal.operating) = std::min(give_up, built);
    }
    out.push_back(deal);
  }
  return out;
}

StageCount count_at(const std::vector<SimulatedDeal>& deals, double year) {
  StageCount out{.year = year, .building = 0, .operating = 0, .dropped = 0};
  for (const SimulatedDeal& deal : deals) {
    if (deal.signed_at > year) continue;
    out.signed_deals += 1;
    if (deal.dropped <= year) {
      *out.dropped += 1;
    } else if (deal.operating <= year) {
      *out.operating += 1;
    } else if (deal.started <= year) {
      *out.building += 1;
    }
  }
  return out;
}

const DealPriors kPriors{.start_years = {0.2, 1, 5},
                         .build_years = {0.3, 1.5, 6},
                         .drop = {0.01, 0.06, 0.4},
                         .since = {2020, 2020, 2020}};

bool holds(const Band& band, double x) { return band.low <= x && x <= band.high; }

// Counts that hold in all rounds but what chance allows: four standard errors.
void check_rate(int held, int rounds, double level) {
  CAPTURE(held);
  CAPTURE(rounds);
  CHECK(std::abs(static_cast<double>(held) / rounds - level) < 4 * std::sqrt(level * (1 - level) / rounds));
}

}  // namespace

TEST_CASE("stages add up to one, begin at signing and end in operation or dropped") {
  for (const DealRates& rates : {DealRates{1, 0.5, 0.1}, DealRates{0.8, 0.8, 0.05}, DealRates{2, 7, 0}}) {
    for (const double years : {0.0, 0.1, 1.0, 5.0, 60.0}) {
      for (const StageShares& shares :
           {stages_after(rates, DealStage::waiting, years), stages_after(rates, DealStage::building, years),
            stages_of_signed_within(rates, years)}) {
        double sum = 0;
        for (const double share : shares) {
          CHECK(share > -1e-9);
          sum += share;
        }
        CHECK(std::abs(sum - 1) < 1e-12);
      }
    }
    CHECK(stages_after(rates, DealStage::waiting, 0)[0] == 1);
    CHECK(stages_after(rates, DealStage::waiting, 200)[2] ==
          doctest::Approx(share_operating_in_the_end(rates)).epsilon(1e-6));
  }
}

TEST_CASE("a step and a step are one step of both lengths") {
  const DealRates rates{1.1, 0.6, 0.07};
  const StageShares one = stages_after(rates, DealStage::waiting, 0.7);
  const StageShares later = stages_after(rates, DealStage::building, 0.4);
  const StageShares waiting = stages_after(rates, DealStage::waiting, 0.4);
  const StageShares both = stages_after(rates, DealStage::waiting, 1.1);
  CHECK(both[1] == doctest::Approx(one[0] * waiting[1] + one[1] * later[1]).epsilon(1e-10));
  CHECK(both[2] == doctest::Approx(one[0] * waiting[2] + one[1] * later[2] + one[2]).epsilon(1e-10));
}

TEST_CASE("deals simulated one by one stand where the process says") {
  RandomStream random(1, "simulated");
  for (const DealRates& rates : {DealRates{1, 0.5, 0.1}, DealRates{0.7, 0.7, 0.05}}) {
    constexpr std::size_t deals_of_each = 40000;
    const auto deals = simulate(random, rates, 0, 3, deals_of_each);
    const StageCount seen = count_at(deals, 3);
    const StageShares said = stages_of_signed_within(rates, 3);
    const auto close = [&](double count, double share) {
      CHECK(std::abs(count / deals_of_each - share) < 4 * std::sqrt(share * (1 - share) / deals_of_each));
    };
    close(*seen.building, said[1]);
    close(*seen.operating, said[2]);
    close(*seen.dropped, said[3]);
  }
}

TEST_CASE("planted rates lie in their bands as often as the bands say, and so does the year ahead") {
  RandomStream random(2, "coverage");
  const auto rounds = static_cast<int>(seeds(240));
  const DealRates rates{1.1, 0.6, 0.08};
  int start = 0, build = 0, drop = 0, ahead = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto deals = simulate(random, rates, 2020, 2025, 400);
    DealQuestion question{.priors = kPriors, .ahead = {2026}, .draws = 800};
    // Half-yearly, with stages of which nothing was said.
    for (double year = 2021; year < 2025.1; year += 0.5) {
      StageCount count = count_at(deals, year);
      if (year < 2023) count.building.reset();
      if (year < 2024) count.dropped.reset();
      question.counts.push_back(count);
    }
    question.seed = static_cast<std::uint64_t>(round);
    const DealFit fit = fit_deals(question);
    start += holds(fit.start_years.posterior, 1 / rates.start) ? 1 : 0;
    build += holds(fit.build_years.posterior, 1 / rates.build) ? 1 : 0;
    drop += holds(fit.drop.posterior, rates.drop) ? 1 : 0;
    ahead += holds(fit.ahead.front().operating, *count_at(deals, 2026).operating) ? 1 : 0;
    CHECK(fit.start_years.left() < 0.4);  // much was learnt
  }
  check_rate(start, rounds, 0.9);
  check_rate(build, rounds, 0.9);
  check_rate(drop, rounds, 0.9);
  check_rate(ahead, rounds, 0.9);
}

TEST_CASE("rates drawn from the prior lie in the bands of a single count as often as the bands say") {
  RandomStream random(3, "calibration");
  const auto rounds = static_cast<int>(seeds(240));
  int start = 0, build = 0, drop = 0;
  const auto drawn = [&](const Range& range) {
    return range.central * std::exp(random.normal() * std::log(range.high / range.low) / (2 * 1.6448536));
  };
  for (int round = 0; round < rounds; ++round) {
    const DealRates rates{1 / drawn(kPriors.start_years), 1 / drawn(kPriors.build_years),
                          drawn(kPriors.drop)};
    StageCount count = count_at(simulate(random, rates, 2020, 2025, 300), 2025);
    count.building.reset();
    count.dropped.reset();
    const DealFit fit = fit_deals(
        {.counts = {count}, .priors = kPriors, .draws = 1500, .seed = static_cast<std::uint64_t>(round)});
    start += holds(fit.start_years.posterior, 1 / rates.start) ? 1 : 0;
    build += holds(fit.build_years.posterior, 1 / rates.build) ? 1 : 0;
    drop += holds(fit.drop.posterior, rates.drop) ? 1 : 0;
  }
  check_rate(start, rounds, 0.9);
  check_rate(build, rounds, 0.9);
  check_rate(drop, rounds, 0.9);
}

TEST_CASE("signed alone says nothing of the rates: the prior comes back") {
  const DealFit fit = fit_deals({.counts = {{.year = 2025, .signed_deals = 298}}, .priors = kPriors});
  for (const LearntBand& band : {fit.start_years, fit.build_years, fit.drop}) {
    CHECK(band.left() == doctest::Approx(1).epsilon(0.1));
    CHECK(band.posterior.median == doctest::Approx(band.prior.median).epsilon(0.1));
  }
}

TEST_CASE("more operating deals at the same date mean quicker or fewer dropped ones") {
  const auto with = [](double operating) {
    return fit_deals(
        {.counts = {{.year = 2025, .signed_deals = 298, .operating = operating}}, .priors = kPriors});
  };
  const DealFit few = with(60), many = with(250);
  CHECK(many.start_years.posterior.median < few.start_years.posterior.median);
  CHECK(many.build_years.posterior.median < few.build_years.posterior.median);
  CHECK(many.operating_in_the_end.posterior.median > few.operating_in_the_end.posterior.median);
  CHECK(std::abs(few.now.operating.median - 60) < 1);
}

TEST_CASE("ahead, operating and dropped only grow, and stages stay within what was signed") {
  const DealFit fit = fit_deals({.counts = {{.year = 2025, .signed_deals = 298, .operating = 190}},
                                 .priors = kPriors,
                                 .ahead = {2026, 2028, 2035}});
  double operating = fit.now.operating.median, dropped = fit.now.dropped.median;
  for (const DealForecast& one : fit.ahead) {
    CHECK(one.operating.median >= operating - 2);
    CHECK(one.dropped.median >= dropped - 2);
    CHECK(one.operating.high <= 298);
    operating = one.operating.median;
    dropped = one.dropped.median;
  }
  const DealFit signing = fit_deals({.counts = {{.year = 2025, .signed_deals = 298, .operating = 190}},
                                     .priors = kPriors,
                                     .ahead = {2035},
                                     .signing_per_year = 50});
  CHECK(signing.ahead.front().signed_deals == doctest::Approx(798));
  CHECK(signing.ahead.front().operating.median > operating);
}

TEST_CASE("the same seed gives the same bands") {
  const DealQuestion question{.counts = {{.year = 2025, .signed_deals = 298, .operating = 190}},
                              .priors = kPriors};
  CHECK(fit_deals(question).drop.posterior.high == fit_deals(question).drop.posterior.high);
}
