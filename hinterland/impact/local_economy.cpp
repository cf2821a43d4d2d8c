#include "hinterland/impact/local_economy.hpp"

#include "hinterland/impact/location_quotient.hpp"

namespace hinterland {

namespace {

std::vector<double> shares(const std::vector<double>& home, const std::vector<double>& abroad) {
  std::vector<double> out(home.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double all = home[i] + abroad[i];
    out[i] = all > 0 ? home[i] / all : 0;
  }
  return out;
}

Effect difference(const Effect& all, const Effect& part) {
  return {.output = all.output - part.output, .added = all.added - part.added, .jobs = all.jobs - part.jobs};
}

}  // namespace

NationalRates national_rates(const NationalEconomy& economy) {
  const IoTable& table = economy.table;
  const std::vector<double> ones(table.size(), 1);
  NationalRates rates{.file = table.file,
                      .coefficients = domestic_coefficients(table),
                      .added = value_added_per_output(table),
                      .jobs = per_output(table, economy.jobs),
                      .compensation = per_output(table, table.compensation),
                      .consumption = table.domestic_use.consumption,
                      .home_input = shares(times(table.domestic, ones), times(table.imported, ones)),
                      .home_capital = shares(table.domestic_use.capital, table.imported_use.capital),
                      .capital = per_output(table, table.depreciation)};
  double bought = 0;
  for (std::size_t i = 0; i < table.size(); ++i)
    bought += table.domestic_use.consumption[i] + table.imported_use.consumption[i];
  for (double& one : rates.consumption) one = bought > 0 ? one / bought : 0;
  return rates;
}

Expected<LocalEconomy> LocalEconomy::of(const NationalRates& nation, const std::vector<double>& quotients,
                                        double weight, double households_spend) {
  LocalEconomy made;
  made.nation_ = &nation;
  made.local_ = local_final_shares(quotients, weight);
  const Matrix coefficients = regional_coefficients(nation.coefficients, quotients, weight);
  std::vector<double> bought(made.local_.size());
  for (std::size_t i = 0; i < bought.size(); ++i)
    bought[i] = households_spend * nation.consumption[i] * made.local_[i];
  auto open = leontief_of(coefficients, nation.file);
  if (!open) return std::unexpected(open.error());
  auto closed = leontief_of(with_households(coefficients, nation.compensation, bought), nation.file);
  if (!closed) return std::unexpected(closed.error());
  made.open_ = std::move(open->inverse);
  made.closed_ = std::move(closed->inverse);
  return made;
}

Effect LocalEconomy::effect(const std::vector<double>& output) const {
  Effect sum;
  for (std::size_t i = 0; i < local_.size(); ++i)
    sum +=
        {.output = output[i], .added = nation_->added[i] * output[i], .jobs = nation_->jobs[i] * output[i]};
  return sum;
}

LocalEffect LocalEconomy::of_demand(const std::vector<double>& demand) const {
  std::vector<double> with_pay = demand;
  with_pay.push_back(0);
  const Effect direct = effect(demand), open = effect(times(open_, demand)),
               closed = effect(times(closed_, with_pay));
  return {.direct = direct, .indirect = difference(open, direct), .induced = difference(closed, open)};
}

Effect LocalEconomy::of_pay(double pay) const {
  std::vector<double> earned(local_.size() + 1);
  earned.back() = pay;
  return effect(times(closed_, earned));
}

}  // namespace hinterland
