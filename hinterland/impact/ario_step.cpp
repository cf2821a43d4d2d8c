// ARIO's day. What runs through all pairs of industries or regions is compiled with vector registers (lanes.hpp). In its loops
// a number stands beside Lanes as it is: spread by lanes() it takes several instructions where one will do.
#include <algorithm>
#include <limits>

#include "hinterland/impact/ario_state.hpp"

namespace hinterland {

namespace {

constexpr double kNobody = 1e-9;  // filled less than this, nobody could deliver, and no order moves

HINTERLAND_INLINE Lanes ordered_by(Lanes produced, Lanes remembered, Lanes stock, double pull) {
  return larger(lanes(0), produced + (remembered - stock) * pull);
}

}  // namespace

void place_orders(ArioState& state, const ArioDay& day) {
  const auto regions = state.regions;
  state.import_use.swap(state.import_use_before);
  for (std::size_t k = 0; k < state.industries; ++k) {
    const double abroad = state.final_import_share[k] * state.import_use_before[k];
    double imports = 0;
    for (std::size_t b = 0; b < state.blocks; ++b) imports += sum(state.orders_abroad[state.at(b, k)]);
    for (std::size_t r = 0; r < regions; ++r) {
      const double final = state.of(state.final_use, k, r) * day.final_use(k, r) + day.rebuilding(k, r);
      state.put(state.final_asked, k, r, final * (1 - abroad));
      state.put(state.final_demand, k, r, state.of(state.exports, k, r) * day.exports(k, r));
      imports += final * abroad;
    }
    const double available = day.imports[k] * state.usual_imports[k];
    state.imported[k] = day.imports[k] >= 1 || imports <= available ? 1 : available / imports;
    state.import_use[k] = 1 - state.parameters.import_substitution * (1 - std::min(1.0, day.imports[k]));
  }
}

HINTERLAND_LANES void find_demand(ArioState& state) {
  for (std::size_t i = 0; i < state.orders.size(); ++i) {
    const Lanes usual = state.usual_filled[i];
    const Lanes part = usual > lanes(kNobody) ? lanes(state.parameters.substitution) : lanes(0);
    state.fixed_part[i] = lanes(1) - part;
    state.movable_part[i] = part / (usual > lanes(kNobody) ? usual : lanes(1));
  }
  for (std::size_t k = 0; k < state.industries; ++k) {
    for (std::size_t r = 0; r < state.regions; ++r) {
      const Lanes* const trade = &state.trade[(k * state.regions + r) * state.blocks];
      const double filled = state.of(state.filled, k, r);
      Lanes orders = lanes(0), final = lanes(0);
      for (std::size_t b = 0; b < state.blocks; ++b) {
        const std::size_t i = state.at(b, k);
        const Lanes share = trade[b] * (state.fixed_part[i] + filled * state.movable_part[i]);
        orders += share * state.orders[i];
        final += share * state.final_asked[i];
      }
      state.put(state.demand, k, r, sum(orders));
      state.put(state.final_demand, k, r, state.of(state.final_demand, k, r) + sum(final));
    }
  }
}

HINTERLAND_LANES void produce(ArioState& state, const ArioDay& day) {
  const ArioParameters& by = state.parameters;
  const Lanes none = lanes(0), one = lanes(1);
  state.filled.swap(state.filled_before);
  state.produced.swap(state.produced_before);
  for (std::size_t b = 0; b < state.blocks; ++b) {
    for (std::size_t k = 0; k < state.industries; ++k) {
      const std::size_t i = state.at(b, k);
      Lanes capacity = none;
      for (std::size_t r = b * kLanes; r < std::min(state.regions, (b + 1) * kLanes); ++r)
        capacity[r % kLanes] = day.capacity(k, r);
      const Lanes orders = state.demand[i] * state.per_base[i];
      const Lanes final = state.final_demand[i] * state.per_base[i];
      const Lanes demand = orders + final;
      const Lanes wanted = smaller(demand, capacity * state.alpha[i]);
      const Lanes made = smaller(wanted, state.limit[i]);
      state.produced[i] = made;
      state.remembered_before[i] = state.remembered[i];
      state.remembered[i] += (wanted - state.remembered[i]) / lanes(by.memory_days);
      state.filled[i] = demand > none ? made / demand : one;
      const Lanes first = orders + lanes(by.final_weight) * final;
      const Lanes to_industries = first > made ? made / first : one;
      state.industries_filled[i] = to_industries;
      state.final_filled[i] = final > none ? smaller(one, (made - to_industries * orders) / final) : one;
      const Lanes scarce = one - state.filled[i];
      const Lanes rise = (lanes(by.most_overproduction) - state.alpha[i]) * scarce;
      const Lanes fall = larger(one, made) - state.alpha[i];
      state.alpha[i] += (scarce > none ? rise : fall) / lanes(by.overproduction_days);
    }
  }
}

HINTERLAND_LANES void deliver(ArioState& state) {
  for (std::size_t k = 0; k < state.industries; ++k) {
    for (std::size_t b = 0; b < state.blocks; ++b) {
      const std::size_t i = state.at(b, k);
      const Lanes fixed = state.fixed_part[i], movable = state.movable_part[i];
      Lanes usual = lanes(0), to_industries = lanes(0), to_final = lanes(0);
      for (std::size_t r = 0; r < state.regions; ++r) {
        const Lanes trade = state.trade[(k * state.regions + r) * state.blocks + b];
        const Lanes share = trade * (fixed + state.of(state.filled_before, k, r) * movable);
        usual += trade * state.of(state.filled, k, r);
        to_industries += share * state.of(state.industries_filled, k, r);
        to_final += share * state.of(state.final_filled, k, r);
      }
      state.usual_filled[i] = usual;
      state.delivered[i] = to_industries;
      state.final_delivered[i] = to_final;
    }
  }
}

namespace {

// What all regions share of the day.
void split_orders(ArioState& state) {
  const std::size_t n = state.industries;
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t k = 0; k < n; ++k) {
      const std::size_t i = j * n + k;
      const double came = state.import_share[i] * state.import_use_before[k];
      const double goes = state.import_share[i] * state.import_use[k];
      state.home_part[i] = 1 - came;
      state.abroad_part[i] = came * state.imported[k];
      state.home_money[i] = state.inputs[i] * (1 - goes);
      state.abroad_money[i] = state.inputs[i] * goes;
    }
  }
}

}  // namespace

HINTERLAND_LANES void restock(ArioState& state) {
  split_orders(state);
  const std::size_t n = state.industries;
  std::ranges::fill(state.orders, lanes(0));
  std::ranges::fill(state.orders_abroad, lanes(0));
  for (std::size_t b = 0; b < state.blocks; ++b) {
    const Lanes* const delivered = &state.delivered[state.at(b, 0)];
    Lanes* const orders = &state.orders[state.at(b, 0)];
    Lanes* const abroad = &state.orders_abroad[state.at(b, 0)];
    for (std::size_t j = 0; j < n; ++j) {
      const std::size_t i = state.at(b, j);
      const Lanes before = state.produced_before[i], now = state.produced[i];
      const Lanes remembered_before = state.remembered_before[i], remembered = state.remembered[i];
      const Lanes base = state.base[i];
      const double* const inputs = &state.inputs[j * n];
      const double* const home_part = &state.home_part[j * n];
      const double* const abroad_part = &state.abroad_part[j * n];
      const double* const home_money = &state.home_money[j * n];
      const double* const abroad_money = &state.abroad_money[j * n];
      Lanes* const stocks = &state.stock[i * n];
      Lanes limit = lanes(std::numeric_limits<double>::infinity());
      for (std::size_t k = 0; k < n; ++k) {
        if (inputs[k] == 0) continue;
        const Lanes got = delivered[k] * home_part[k] + abroad_part[k];
        const Lanes received = ordered_by(before, remembered_before, stocks[k], state.pull[k]) * got;
        const Lanes stock = stocks[k] + (received - now) * state.per_day[k];
        const Lanes order = ordered_by(now, remembered, stock, state.pull[k]) * base;
        stocks[k] = stock;
        orders[k] += order * home_money[k];
        abroad[k] += order * abroad_money[k];
        limit = smaller(limit, stock * state.floor[k]);
      }
      state.limit[i] = limit;
    }
  }
}

}  // namespace hinterland
