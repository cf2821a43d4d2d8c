#include "hinterland/impact/ario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "hinterland/impact/ario_state.hpp"

namespace hinterland {

namespace {

double refill_days(const ArioParameters& parameters, std::size_t product) {
  return std::max(1.0, parameters.refill * parameters.stock_days[product]);
}

Matrix ones(const MultiregionalTable& table) {
  Matrix all(table.industries, table.regions);
  std::ranges::fill(all.values, 1.0);
  return all;
}

// A matrix [industry][region] in lanes, each value times `scale`.
LanesVector in_lanes(const ArioState& state, const Matrix& values, double scale) {
  LanesVector lanes_of(state.blocks * state.industries, lanes(0));
  for (std::size_t k = 0; k < state.industries; ++k) {
    for (std::size_t r = 0; r < state.regions; ++r) state.put(lanes_of, k, r, scale * values(k, r));
  }
  return lanes_of;
}

void set_table(ArioState& state, const MultiregionalTable& table) {
  const std::size_t n = state.industries;
  state.base = in_lanes(state, table.output, 1 / kDaysPerYear);
  state.exports = in_lanes(state, table.exports, 1 / kDaysPerYear);
  state.final_use = in_lanes(state, table.final_use, 1 / kDaysPerYear);
  state.final_import_share = table.final_import_share;
  state.trade.assign(n * state.regions * state.blocks, lanes(0));
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t r = 0; r < state.regions; ++r) {
      for (std::size_t s = 0; s < state.regions; ++s)
        state.trade[(k * state.regions + r) * state.blocks + s / kLanes][s % kLanes] = table.traded(k, r, s);
    }
  }
  state.usual_imports.assign(n, 0);
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t k = 0; k < n; ++k) {
      state.inputs.push_back(table.inputs(k, j));
      state.import_share.push_back(table.import_share(k, j));
    }
  }
}

void set_parameters(ArioState& state) {
  const ArioParameters& by = state.parameters;
  for (std::size_t k = 0; k < state.industries; ++k) {
    state.pull.push_back(by.stock_days[k] / refill_days(by, k));
    state.per_day.push_back(1 / by.stock_days[k]);
    state.floor.push_back(std::min(1 / by.stock_floor, by.stock_days[k]));
  }
}

// Everything as it is in the table: production, stocks and memory at 1, where there is something to produce.
void set_balance(ArioState& state) {
  const std::size_t n = state.industries;
  const LanesVector nothing(state.blocks * n, lanes(0));
  const LanesVector one(state.blocks * n, lanes(1));
  state.per_base = state.produced = nothing;
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t r = 0; r < state.regions; ++r) {
      const double base = state.of(state.base, k, r);
      state.put(state.per_base, k, r, base > 0 ? 1 / base : 0);
      state.put(state.produced, k, r, base > 0 ? 1 : 0);
    }
  }
  state.produced_before = state.remembered = state.remembered_before = state.produced;
  state.alpha = state.filled = state.filled_before = state.usual_filled = one;
  state.industries_filled = state.final_filled = state.delivered = state.final_delivered = one;
  state.limit = state.orders = state.orders_abroad = nothing;
  state.final_asked = state.fixed_part = state.movable_part = state.demand = state.final_demand = nothing;
  state.imported.assign(n, 1);
  state.import_use = state.import_use_before = state.imported;
  state.stock.assign(state.blocks * n * n, lanes(1));
  state.home_part = state.abroad_part = state.home_money = state.abroad_money = state.inputs;
}

}  // namespace

ArioDay usual_day(const MultiregionalTable& table) {
  return {.capacity = ones(table),
          .exports = ones(table),
          .final_use = ones(table),
          .imports = std::vector<double>(table.industries, 1),
          .rebuilding = Matrix(table.industries, table.regions)};
}

double amplification(const MultiregionalTable& table, const ArioParameters& parameters) {
  const std::size_t n = table.industries;
  Matrix gains(n, n);
  for (std::size_t i = 0; i < n; ++i) {
    const double gain = 1 + parameters.stock_days[i] / (refill_days(parameters, i) + parameters.memory_days);
    for (std::size_t j = 0; j < n; ++j)
      gains(i, j) = gain * table.inputs(i, j) * (1 - table.import_share(i, j));
  }
  // Power iteration; Collatz and Wielandt bound the radius from above by the largest growth of any positive vector.
  std::vector<double> wave(n, 1);
  double bound = std::numeric_limits<double>::infinity();
  for (int round = 0; round < 100; ++round) {
    auto next = times(gains, wave);
    double largest = 0, most = 0;
    for (std::size_t i = 0; i < n; ++i) {
      largest = std::max(largest, next[i] / wave[i]);
      most = std::max(most, next[i]);
    }
    bound = std::min(bound, largest);
    if (most == 0) return 0;
    for (std::size_t i = 0; i < n; ++i) wave[i] = std::max(next[i] / most, 1e-9);
  }
  return bound;
}

double starvation(const ArioParameters& parameters) {
  double worst = 0;
  for (std::size_t i = 0; i < parameters.stock_days.size(); ++i)
    worst = std::max(worst, parameters.final_weight * refill_days(parameters, i) / parameters.stock_days[i]);
  return worst;
}

Expected<void> fit_parameters(const MultiregionalTable& table, const ArioParameters& parameters,
                              const Location& where) {
  if (const double grows = amplification(table, parameters); !(grows < 1))
    return failure(
        {.what = fmt::format("with these stocks orders would grow {:.3g}-fold from tier to tier", grows),
         .where = where,
         .mend = "Shorten stock_days, or lengthen refill or memory_days."});
  if (const double starved = starvation(parameters); !(starved < 1))
    return failure(
        {.what = fmt::format("final_weight x refill is {:.3g}: an economy without stocks would stay without",
                             starved),
         .where = where,
         .mend = "Keep final_weight x refill below 1."});
  return {};
}

Ario::Ario(const MultiregionalTable& table, const ArioParameters& parameters)
    : state_(std::make_unique<ArioState>()) {
  ArioState& state = *state_;
  state.industries = table.industries;
  state.regions = table.regions;
  state.blocks = (table.regions + kLanes - 1) / kLanes;
  state.parameters = parameters;
  set_table(state, table);
  set_parameters(state);
  set_balance(state);
  restock(state);  // the orders of the first day
  for (std::size_t k = 0; k < state.industries; ++k) {
    for (std::size_t b = 0; b < state.blocks; ++b)
      state.usual_imports[k] += sum(state.orders_abroad[state.at(b, k)]);
    for (std::size_t r = 0; r < state.regions; ++r)
      state.usual_imports[k] += state.of(state.final_use, k, r) * state.final_import_share[k];
  }
}

Ario::~Ario() = default;

void Ario::step(const ArioDay& day) {
  ArioState& state = *state_;
  place_orders(state, day);
  find_demand(state);
  produce(state, day);
  deliver(state);
  restock(state);
}

double Ario::output(std::size_t industry, std::size_t region) const {
  return state_->of(state_->produced, industry, region) * state_->of(state_->base, industry, region);
}

double Ario::filled(std::size_t industry, std::size_t region) const {
  return state_->of(state_->filled, industry, region);
}

double Ario::exports_filled(std::size_t industry, std::size_t region) const {
  return state_->of(state_->final_filled, industry, region);
}

double Ario::delivered(std::size_t industry, std::size_t region) const {
  return state_->of(state_->delivered, industry, region);
}

double Ario::final_delivered_at_home(std::size_t industry, std::size_t region) const {
  return state_->of(state_->final_delivered, industry, region);
}

double Ario::imported(std::size_t industry) const { return state_->imported[industry]; }

double Ario::final_delivered(std::size_t industry, std::size_t region) const {
  const double abroad = state_->final_import_share[industry] * state_->import_use_before[industry];
  return (1 - abroad) * final_delivered_at_home(industry, region) + abroad * imported(industry);
}

double Ario::overproduction(std::size_t industry, std::size_t region) const {
  return state_->of(state_->alpha, industry, region);
}

double Ario::stock(std::size_t product, std::size_t industry, std::size_t region) const {
  const ArioState& state = *state_;
  const Lanes held = state.stock[state.at(region / kLanes, industry) * state.industries + product];
  return held[region % kLanes] * state.parameters.stock_days[product] *
         state.inputs[industry * state.industries + product] * state.of(state.base, industry, region);
}

double Ario::ordered(std::size_t product, std::size_t region) const {
  return state_->of(state_->orders, product, region);
}

double Ario::ordered_abroad(std::size_t product, std::size_t region) const {
  return state_->of(state_->orders_abroad, product, region);
}

}  // namespace hinterland
