#include "hinterland/impact/ario.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>

#include "hinterland/impact/leontief.hpp"
#include "tests/naive_ario.hpp"
#include "tests/random_io_table.hpp"
#include "tests/random_regions.hpp"
#include "tests/seeds.hpp"

using namespace hinterland;

namespace {

struct Economy {
  MultiregionalTable table;
  ArioParameters parameters;
};

// Any economy that does not amplify.
Economy economy(std::uint64_t seed) {
  RandomStream draw(seed, "economy");
  const auto industries = 1 + static_cast<std::size_t>(6 * draw.uniform());
  const auto regions = 1 + static_cast<std::size_t>(6 * draw.uniform());
  Economy one{.table = multiregional_table(random_io_table(seed, industries),
                                           random_regions(seed, industries, regions))
                           .value(),
              .parameters = {}};
  for (std::size_t k = 0; k < industries; ++k) one.parameters.stock_days.push_back(1 + 30 * draw.uniform());
  one.parameters.stock_floor = 0.5 + 0.5 * draw.uniform();
  one.parameters.final_weight = draw.uniform() < 0.2 ? 0 : 0.45 * draw.uniform();
  one.parameters.refill = 1 + draw.uniform();
  one.parameters.memory_days = 30 + 100 * draw.uniform();
  one.parameters.most_overproduction = 1 + 0.5 * draw.uniform();
  one.parameters.overproduction_days = 20 + 300 * draw.uniform();
  one.parameters.substitution = draw.uniform() < 0.3 ? 0 : draw.uniform();
  one.parameters.import_substitution = draw.uniform();
  while (amplification(one.table, one.parameters) >= 1) one.parameters.memory_days *= 2;
  return one;
}

// Losses of capacity, exports, final use and imports, some of them whole, and rebuilding, for some weeks.
ArioDay disturbed_day(const Economy& economy, std::uint64_t seed, int day) {
  ArioDay outside = usual_day(economy.table);
  if (day < 3 || day > 60) return outside;
  RandomStream draw(seed, "disturbance");
  const auto hit = [&](double& value) {
    if (draw.uniform() < 0.3) value = draw.uniform() < 0.2 ? 0 : draw.uniform();
  };
  std::ranges::for_each(outside.capacity.values, hit);
  std::ranges::for_each(outside.exports.values, hit);
  std::ranges::for_each(outside.final_use.values, hit);
  std::ranges::for_each(outside.imports, hit);
  for (std::size_t at = 0; at < outside.rebuilding.values.size(); ++at)
    outside.rebuilding.values[at] =
        draw.uniform() < 0.2 ? 0.1 * economy.table.output.values[at] / kDaysPerYear : 0;
  return outside;
}

// What a unit of the economy is, for relative errors: a day's whole output.
double size_of(const MultiregionalTable& table) {
  double all = 0;
  for (const double output : table.output.values) all += output / kDaysPerYear;
  return all;
}

}  // namespace

TEST_CASE("without a shock nothing changes for ten years") {
  for (std::uint64_t seed = 1; seed <= seeds(12); ++seed) {
    const Economy one = economy(seed);
    Ario model(one.table, one.parameters);
    const ArioDay usual = usual_day(one.table);
    double worst = 0;
    for (int day = 0; day < 3650; ++day) {
      model.step(usual);
      for (std::size_t k = 0; k < one.table.industries; ++k) {
        for (std::size_t r = 0; r < one.table.regions; ++r) {
          const double before = one.table.output(k, r) / kDaysPerYear;
          worst = std::max(worst, std::abs(model.output(k, r) - before) / std::max(before, 1e-9));
          worst = std::max(worst, std::abs(model.overproduction(k, r) - 1));
        }
      }
    }
    CAPTURE(seed);
    CHECK(worst < 1e-9);
  }
}

TEST_CASE("every stock and flow is what the equations say, cell by cell") {
  for (std::uint64_t seed = 1; seed <= seeds(40); ++seed) {
    const Economy one = economy(seed);
    Ario model(one.table, one.parameters);
    NaiveArio naive(one.table, one.parameters);
    const double size = size_of(one.table);
    double worst = 0;
    for (int day = 0; day < 120; ++day) {
      const ArioDay outside = disturbed_day(one, seed, day);
      model.step(outside);
      naive.step(outside);
      for (std::size_t k = 0; k < one.table.industries; ++k) {
        for (std::size_t r = 0; r < one.table.regions; ++r) {
          const double final =
              one.table.final_use(k, r) / kDaysPerYear * outside.final_use(k, r) + outside.rebuilding(k, r);
          worst = std::max({worst, std::abs(model.output(k, r) - naive.output(k, r)),
                            std::abs(final * model.final_delivered(k, r) - naive.final_delivered(k, r))});
          for (std::size_t i = 0; i < one.table.industries; ++i)
            worst = std::max(worst, std::abs(model.stock(i, k, r) - naive.stock(i, k, r)));
        }
      }
    }
    CAPTURE(seed);
    CHECK(worst < 1e-9 * size);
  }
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): checks count as branches
TEST_CASE("after a shock nothing is below zero and every day's balances close") {
  double all_from_abroad = 0;
  for (std::uint64_t seed = 1; seed <= seeds(40); ++seed) {
    const Economy one = economy(seed);
    const MultiregionalTable& table = one.table;
    Ario model(table, one.parameters);
    const double size = size_of(table);
    double least = 0, gap = 0, from_abroad = 0;
    Matrix before(table.industries, table.regions),
        after = before;  // [product] all industries' stocks in a region
    const auto stocks = [&](Matrix& held) {
      for (std::size_t i = 0; i < table.industries; ++i) {
        for (std::size_t r = 0; r < table.regions; ++r) {
          held(i, r) = 0;
          for (std::size_t k = 0; k < table.industries; ++k) {
            held(i, r) += model.stock(i, k, r);
            least = std::min(least, model.stock(i, k, r));
          }
        }
      }
    };
    stocks(before);
    for (int day = 0; day < 200; ++day) {
      const ArioDay outside = disturbed_day(one, seed, day);
      Matrix ordered(table.industries, table.regions), abroad = ordered;
      for (std::size_t k = 0; k < table.industries; ++k) {
        for (std::size_t r = 0; r < table.regions; ++r) {
          ordered(k, r) = model.ordered(k, r);
          abroad(k, r) = model.ordered_abroad(k, r);
        }
      }
      model.step(outside);
      stocks(after);
      for (std::size_t k = 0; k < table.industries; ++k) {
        // What home's industries made of k went to industries, final users and abroad ...
        double made = 0, went = 0;
        for (std::size_t r = 0; r < table.regions; ++r) {
          made += model.output(k, r);
          least = std::min({least, model.output(k, r), model.filled(k, r), 1 - model.filled(k, r)});
          went += table.exports(k, r) / kDaysPerYear * outside.exports(k, r) * model.exports_filled(k, r);
          went += ordered(k, r) * model.delivered(k, r);
          const double substituted =
              day == 0 ? 1
                       : 1 - one.parameters.import_substitution *
                                 (1 - std::min(1.0, disturbed_day(one, seed, day - 1).imports[k]));
          const double final =
              table.final_use(k, r) / kDaysPerYear * outside.final_use(k, r) + outside.rebuilding(k, r);
          went +=
              final * (1 - table.final_import_share[k] * substituted) * model.final_delivered_at_home(k, r);
        }
        gap = std::max(gap, std::abs(made - went));
        // ... and what industries got, from home and from abroad, and did not use lies in their stocks.
        for (std::size_t r = 0; r < table.regions; ++r) {
          double used = 0;
          for (std::size_t j = 0; j < table.industries; ++j) used += table.inputs(k, j) * model.output(j, r);
          const double got = ordered(k, r) * model.delivered(k, r) + abroad(k, r) * model.imported(k);
          gap = std::max(gap, std::abs(after(k, r) - before(k, r) - got + used));
          from_abroad += abroad(k, r);
        }
      }
      std::swap(before, after);
    }
    CAPTURE(seed);
    CHECK(least >= -1e-9);
    CHECK(gap < 1e-9 * size);
    all_from_abroad += from_abroad / size;
  }
  CHECK(all_from_abroad > 1);  // rows with imports are checked too
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): the same
TEST_CASE("a lasting change of demand converges to Leontief's answer, down and up") {
  for (std::uint64_t seed = 1; seed <= seeds(12); ++seed) {
    for (const double factor : {0.6, 1.08}) {
      Economy one = economy(seed);
      const MultiregionalTable& table = one.table;
      one.parameters.most_overproduction = 1.5;
      one.parameters.overproduction_days = 1;
      ArioDay changed = usual_day(table);
      for (std::size_t k = 0; k < table.industries; k += 2) {
        for (std::size_t r = 0; r < table.regions; ++r) changed.final_use(k, r) = factor;
      }
      // Leontief of all industries in all regions, with trade in the coefficients.
      const std::size_t n = table.industries * table.regions;
      Matrix coefficients(n, n);
      std::vector<double> final(n);
      for (std::size_t k = 0; k < table.industries; ++k) {
        for (std::size_t r = 0; r < table.regions; ++r) {
          final[k * table.regions + r] = table.exports(k, r);
          for (std::size_t s = 0; s < table.regions; ++s) {
            final[k * table.regions + r] += table.traded(k, r, s) * table.final_use(k, s) *
                                            (1 - table.final_import_share[k]) * changed.final_use(k, s);
            for (std::size_t j = 0; j < table.industries; ++j)
              coefficients(k * table.regions + r, j * table.regions + s) =
                  table.traded(k, r, s) * table.inputs(k, j) * (1 - table.import_share(k, j));
          }
        }
      }
      const auto expected = times(leontief_of(coefficients, "regions").value().inverse, final);
      Ario model(table, one.parameters);
      for (int day = 0; day < 40'000; ++day) model.step(changed);
      double worst = 0;
      for (std::size_t k = 0; k < table.industries; ++k) {
        for (std::size_t r = 0; r < table.regions; ++r)
          worst =
              std::max(worst, std::abs(model.output(k, r) * kDaysPerYear - expected[k * table.regions + r]));
      }
      CAPTURE(seed);
      CAPTURE(factor);
      CHECK(worst < 1e-6 * size_of(table) * kDaysPerYear);
    }
  }
}

TEST_CASE("once a shock is over the economy comes back to where it was, from whatever was left of it") {
  for (std::uint64_t seed = 1; seed <= seeds(24); ++seed) {
    const Economy one = economy(seed);
    Ario model(one.table, one.parameters);
    for (int day = 0; day < 20'000; ++day) model.step(disturbed_day(one, seed, day));
    double worst = 0;
    for (std::size_t k = 0; k < one.table.industries; ++k) {
      for (std::size_t r = 0; r < one.table.regions; ++r)
        worst = std::max(worst, std::abs(model.output(k, r) * kDaysPerYear - one.table.output(k, r)));
    }
    CAPTURE(seed);
    CHECK(worst < 1e-6 * size_of(one.table) * kDaysPerYear);
  }
}

TEST_CASE("parameters under which orders grow, or an economy without stocks stays without, are refused") {
  const Economy one = economy(4);
  const Location where{.file = "shock.toml", .line = 3};
  CHECK(fit_parameters(one.table, one.parameters, where));
  ArioParameters growing = one.parameters;
  std::ranges::fill(growing.stock_days, 4000.0);
  growing.refill = 0.01;
  CHECK(describe(fit_parameters(one.table, growing, where).error().front())
            .starts_with("shock.toml:3: with these stocks orders would grow"));
  ArioParameters starved = one.parameters;
  starved.final_weight = 1;
  starved.refill = 1;
  CHECK(describe(fit_parameters(one.table, starved, where).error().front())
            .contains("an economy without stocks would stay without"));
}

TEST_CASE("stocks that would pass a wave on larger than it came are known beforehand") {
  Economy one = economy(4);
  std::ranges::fill(one.parameters.stock_days, 1.0);
  const double short_stocks = amplification(one.table, one.parameters);
  std::ranges::fill(one.parameters.stock_days, 400.0);
  const double long_stocks = amplification(one.table, one.parameters);
  CHECK(short_stocks < 1);
  CHECK(long_stocks > short_stocks);
  // With nothing to amplify it is the radius of A itself: here by its largest growth of a positive vector.
  Matrix loop(1, 1);
  loop.values = {0.5};
  MultiregionalTable alone;
  alone.industries = alone.regions = 1;
  alone.inputs = loop;
  alone.import_share = Matrix(1, 1);
  // g = 1 + 60 / (60 + 60)
  CHECK(amplification(alone, {.stock_days = {60}, .refill = 1, .memory_days = 60}) == doctest::Approx(0.75));
}
