#include "hinterland/impact/multiregional_table.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hinterland/impact/leontief.hpp"
#include "hinterland/impact/location_quotient.hpp"
#include "hinterland/impact/ras.hpp"

namespace hinterland {

namespace {

constexpr double kMostExported = 0.9;  // of a region's output, unless the whole nation exports more of it
constexpr double kLeastLocal = 0.02, kMostLocal = 0.98;  // a guess of 0 or 1 would bind what RAS may move

double total(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

double share_of(double part, double other) { return part + other > 0 ? part / (part + other) : 0; }

std::vector<double> column_of(const Matrix& matrix, std::size_t column) {
  std::vector<double> values(matrix.rows);
  for (std::size_t i = 0; i < matrix.rows; ++i) values[i] = matrix(i, column);
  return values;
}

void share_inputs(const IoTable& nation, MultiregionalTable& table) {
  const std::size_t n = nation.size();
  table.inputs = table.import_share = Matrix(n, n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      const double all = nation.domestic(i, j) + nation.imported(i, j);
      table.inputs(i, j) = nation.output[j] > 0 ? all / nation.output[j] : 0;
      table.import_share(i, j) = share_of(nation.imported(i, j), nation.domestic(i, j));
    }
  }
  table.added = value_added_per_output(nation);
}

// By weight, but no region more than it can; what is above goes to the others.
std::vector<double> shared_out(double amount, std::vector<double> weights, const std::vector<double>& most) {
  std::vector<double> shares(weights.size());
  while (amount > 0) {
    const double all = total(weights);
    if (all <= 0) break;
    bool filled = false;
    for (std::size_t r = 0; r < weights.size(); ++r) {
      if (weights[r] == 0 || shares[r] + amount * weights[r] / all < most[r]) continue;
      amount -= most[r] - shares[r];
      shares[r] = most[r];
      weights[r] = 0;
      filled = true;
      break;
    }
    if (filled) continue;
    for (std::size_t r = 0; r < weights.size(); ++r) shares[r] += amount * weights[r] / all;
    break;
  }
  return shares;
}

void share_exports(const std::vector<double>& national, const RegionalMix& mix, MultiregionalTable& table) {
  table.exports = Matrix(table.industries, table.regions);
  for (std::size_t k = 0; k < table.industries; ++k) {
    std::vector<double> weights(table.regions), most(table.regions);
    double output = 0;
    for (std::size_t r = 0; r < table.regions; ++r) output += table.output(k, r);
    const double share = output > 0 ? std::max(kMostExported, national[k] / output) : 0;
    for (std::size_t r = 0; r < table.regions; ++r) {
      weights[r] = table.output(k, r) * mix.export_quotients(k, r);
      most[r] = share * table.output(k, r);
    }
    const auto shares = shared_out(national[k], weights, most);
    for (std::size_t r = 0; r < table.regions; ++r) table.exports(k, r) = shares[r];
  }
}

void share_final_use(const IoTable& nation, const RegionalMix& mix, MultiregionalTable& table) {
  table.final_use = Matrix(table.industries, table.regions);
  table.final_import_share.resize(table.industries);
  const double size = total(mix.sizes);
  for (std::size_t k = 0; k < table.industries; ++k) {
    const double home = nation.domestic_use.consumption[k] + nation.domestic_use.capital[k];
    const double abroad = nation.imported_use.consumption[k] + nation.imported_use.capital[k];
    table.final_import_share[k] = share_of(abroad, home);
    for (std::size_t r = 0; r < table.regions; ++r)
      table.final_use(k, r) = (home + abroad) * mix.sizes[r] / size;
  }
}

// The first guess of who delivers how much of `k` to whom: location quotients at home, gravity from elsewhere.
Matrix guessed_trade(std::size_t k, const std::vector<double>& sold, const std::vector<double>& used,
                     const Matrix& local, const RegionalMix& mix) {
  const std::size_t regions = sold.size();
  Matrix guess(regions, regions);
  for (std::size_t s = 0; s < regions; ++s) {
    double pull = 0;
    for (std::size_t r = 0; r < regions; ++r) {
      if (r == s) continue;
      guess(r, s) = sold[r] / std::pow(mix.distance_km(r, s), mix.distance_decay);
      pull += guess(r, s);
    }
    const double own = sold[s] > 0 ? std::clamp(local(k, s), kLeastLocal, kMostLocal) : 0;
    for (std::size_t r = 0; r < regions; ++r) {
      if (r != s) guess(r, s) *= pull > 0 ? (1 - own) * used[s] / pull : 0;
    }
    guess(s, s) = own * used[s];
  }
  return guess;
}

// [industry][region] min(1, SLQ lambda)
Matrix local_supply(const MultiregionalTable& table, const RegionalMix& mix) {
  Matrix local(table.industries, table.regions);
  std::vector<double> nation(table.industries);
  for (std::size_t k = 0; k < table.industries; ++k) {
    for (std::size_t r = 0; r < table.regions; ++r) nation[k] += table.output(k, r);
  }
  for (std::size_t r = 0; r < table.regions; ++r) {
    const auto region = column_of(table.output, r);
    const double weight = size_weight(total(region) / total(nation), mix.delta);
    const auto shares = local_final_shares(simple_quotients(region, nation), weight);
    for (std::size_t k = 0; k < table.industries; ++k) local(k, r) = shares[k];
  }
  return local;
}

void balance_trade(const RegionalMix& mix, MultiregionalTable& table) {
  const std::size_t regions = table.regions;
  const Matrix local = local_supply(table, mix);
  table.trade.assign(table.industries * regions * regions, 0);
  for (std::size_t k = 0; k < table.industries; ++k) {
    std::vector<double> sold(regions), used(regions);
    for (std::size_t r = 0; r < regions; ++r) {
      sold[r] = table.output(k, r) - table.exports(k, r);
      used[r] = table.home_use(k, r);
    }
    Matrix flows = guessed_trade(k, sold, used, local, mix);
    balance(flows, sold, used);
    for (std::size_t r = 0; r < regions; ++r) {
      for (std::size_t s = 0; s < regions; ++s)
        table.trade[(k * regions + r) * regions + s] = used[s] > 0 ? flows(r, s) / used[s] : 0;
    }
  }
}

}  // namespace

Matrix regional_output(const std::vector<double>& national, const RegionalMix& mix) {
  Matrix output(national.size(), mix.sizes.size());
  for (std::size_t k = 0; k < output.rows; ++k) {
    double all = 0;
    for (std::size_t r = 0; r < output.columns; ++r) all += mix.sizes[r] * mix.quotients(k, r);
    for (std::size_t r = 0; r < output.columns; ++r)
      output(k, r) = all > 0 ? national[k] * mix.sizes[r] * mix.quotients(k, r) / all : 0;
  }
  return output;
}

double MultiregionalTable::home_use(std::size_t industry, std::size_t to) const {
  double use = final_use(industry, to) * (1 - final_import_share[industry]);
  for (std::size_t j = 0; j < industries; ++j)
    use += inputs(industry, j) * (1 - import_share(industry, j)) * output(j, to);
  return use;
}

Expected<MultiregionalTable> multiregional_table(const IoTable& nation, const RegionalMix& mix) {
  const auto model = leontief_of(domestic_coefficients(nation), nation.file);
  if (!model) return std::unexpected(model.error());
  MultiregionalTable table;
  table.industries = nation.size();
  table.regions = mix.sizes.size();
  std::vector<double> demand(nation.size());
  const FinalUse& use = nation.domestic_use;
  for (std::size_t k = 0; k < demand.size(); ++k)
    demand[k] = use.consumption[k] + use.capital[k] + use.exports[k];
  share_inputs(nation, table);
  // The nation's output without changes in inventories.
  table.output = regional_output(times(model->inverse, demand), mix);
  share_exports(use.exports, mix, table);
  share_final_use(nation, mix, table);
  balance_trade(mix, table);
  return table;
}

}  // namespace hinterland
