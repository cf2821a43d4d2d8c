#include "hinterland/impact/talent.hpp"

#include <algorithm>
#include <cmath>

namespace hinterland {

TalentCourse::TalentCourse(const TalentHub& hub, const TalentCase& with)
    : hub_(hub),
      flows_(with.flows),
      staff_per_kw_(with.staff_per_mw / kKilowattsPerMegawatt),
      here_per_kw_(staff_per_kw_ * flows_.skilled_share * (1 - flows_.remote_share)),
      inflow_(hub.people / 1e4 * (flows_.graduates_per_1e4 * flows_.retention + flows_.returners_per_1e4) *
              flows_.hired_share),
      leaving_(flows_.leaving_per_year),
      begin_(here_per_kw_ * hub.present.value) {}

double TalentCourse::stock(double years) const {
  return stock_in_the_end() + (begin_ - stock_in_the_end()) * std::exp(-leaving_ * years);
}

Kilowatts TalentCourse::staffed(double years) const {
  if (here_per_kw_ <= 0) return hub_.present + hub_.wanted;
  return std::min(hub_.present + hub_.wanted, Kilowatts{stock(years) / here_per_kw_});
}

double TalentCourse::fill(double years) const {
  return std::clamp((staffed(years) - hub_.present) / hub_.wanted, 0.0, 1.0);
}

std::optional<double> TalentCourse::full_after() const {
  if (here_per_kw_ <= 0) return 0;
  const double needed = here_per_kw_ * (hub_.present + hub_.wanted).value;
  if (stock_in_the_end() <= needed) return std::nullopt;
  return std::log((stock_in_the_end() - begin_) / (stock_in_the_end() - needed)) / leaving_;
}

double TalentCourse::mean_fill(double years) const {
  if (here_per_kw_ <= 0) return 1;
  if (stock_in_the_end() <= begin_) return 0;
  // While it fills, the fill is the stock's growth over what is needed.
  const double filling = std::min(years, full_after().value_or(years));
  const double growth =
      (stock_in_the_end() - begin_) * (filling + std::expm1(-leaving_ * filling) / leaving_);
  return (growth / (here_per_kw_ * hub_.wanted.value) + (years - filling)) / years;
}

double TalentCourse::pay_that_stays(double years) const {
  const Kilowatts runs = staffed(years);
  const double skilled = staff_per_kw_ * flows_.skilled_share * runs.value;
  const double others = staff_per_kw_ * (1 - flows_.skilled_share) * runs.value;
  const double here = std::min(skilled, stock(years));
  const double pay = flows_.skilled_pay_ratio * skilled + others;
  if (pay <= 0) return 1;
  return (flows_.skilled_pay_ratio * here + others) / pay;
}

double filled_from_of(double mean_fill) { return std::clamp(2 * mean_fill - 1, 0.0, 1.0); }

}  // namespace hinterland
