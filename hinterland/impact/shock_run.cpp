#include "hinterland/impact/shock_run.hpp"

#include <algorithm>

namespace hinterland {

namespace {

// Capital that a loss destroyed, as it is rebuilt.
struct Ruin {
  const PlacedLoss* loss = nullptr;
  Matrix damage, capital;  // [industry][region]; capital: what there was before
  bool begun = false;
};

class ShockRun {
 public:
  ShockRun(const MultiregionalTable& table, const ArioParameters& parameters, const PlacedShock& shock)
      : table_(table), shock_(shock), model_(table, parameters), day_(usual_day(table)) {
    for (const PlacedLoss& loss : shock.capacity) {
      if (loss.loss->rebuilt == Rebuilt::yes)
        ruins_.push_back({.loss = &loss, .damage = zero(), .capital = zero()});
    }
    course_.by_region.resize(table.regions);
    course_.by_industry.resize(table.industries);
    for (std::size_t k = 0; k < table.industries; ++k) {
      for (std::size_t r = 0; r < table.regions; ++r)
        usual_ += table.added[k] * table.output(k, r) / kDaysPerYear;
    }
  }

  ShockCourse run() {
    for (std::size_t day = 0; day < shock_.days; ++day) {
      begin(static_cast<double>(day));
      model_.step(day_);
      count();
      rebuild();
    }
    for (const Ruin& ruin : ruins_) {
      for (const double left : ruin.damage.values) course_.left_damage += left;
    }
    return std::move(course_);
  }

 private:
  [[nodiscard]] Matrix zero() const { return {table_.industries, table_.regions}; }

  void begin(double day) {
    std::ranges::fill(day_.capacity.values, 1.0);
    std::ranges::fill(day_.exports.values, 1.0);
    std::ranges::fill(day_.imports, 1.0);
    std::ranges::fill(day_.rebuilding.values, 0.0);
    for (const PlacedLoss& loss : shock_.exports) lose(loss, day, day_.exports);
    for (const PlacedLoss& loss : shock_.capacity) {
      if (loss.loss->rebuilt == Rebuilt::no) lose(loss, day, day_.capacity);
    }
    for (const PlacedLoss& loss : shock_.imports) {
      for (const std::size_t k : loss.industries) day_.imports[k] *= 1 - loss.part * loss.loss->at(day);
    }
    for (Ruin& ruin : ruins_) {
      if (!ruin.begun && day >= ruin.loss->loss->from_day) destroy(ruin);
      order_rebuilding(ruin);
    }
    stand_in(shock_.standing_in);
  }

  void stand_in(const StandIn& by) {
    std::vector<double>& left = day_.capacity.values;
    for (std::size_t at = 0; at < by.share.values.size(); ++at)
      left[at] = std::min(1.0, left[at] + by.share.values[at]);
    double missed = 0;
    for (std::size_t at = 0; at < by.power_of_output.values.size(); ++at)
      missed += by.power_of_output.values[at] * (1 - left[at]);
    if (missed <= 0) return;
    const double met = std::min(1.0, by.power / missed);
    for (std::size_t at = 0; at < left.size(); ++at) {
      if (by.power_of_output.values[at] > 0) left[at] += (1 - left[at]) * met;
    }
  }

  static void lose(const PlacedLoss& loss, double day, Matrix& left) {
    const double kept = 1 - loss.part * loss.loss->at(day);
    for (const std::size_t k : loss.industries) {
      for (const std::size_t r : loss.regions) left(k, r) *= kept;
    }
  }

  void destroy(Ruin& ruin) {
    ruin.begun = true;
    for (const std::size_t k : ruin.loss->industries) {
      for (const std::size_t r : ruin.loss->regions) {
        ruin.capital(k, r) = shock_.capital_per_added * table_.added[k] * table_.output(k, r);
        ruin.damage(k, r) = ruin.loss->part * ruin.loss->loss->lost * ruin.capital(k, r);
        course_.damage += ruin.damage(k, r);
      }
    }
  }

  void order_rebuilding(const Ruin& ruin) {
    for (std::size_t r = 0; r < table_.regions; ++r) {
      double damage = 0;
      for (std::size_t k = 0; k < table_.industries; ++k) {
        damage += ruin.damage(k, r);
        if (ruin.capital(k, r) > 0) day_.capacity(k, r) *= 1 - ruin.damage(k, r) / ruin.capital(k, r);
      }
      for (std::size_t k = 0; k < table_.industries; ++k)
        day_.rebuilding(k, r) += shock_.capital_goods[k] * damage / shock_.rebuilding_days;
    }
  }

  // What came of each capital good repairs its part of all damage in the region.
  void rebuild() {
    for (Ruin& ruin : ruins_) {
      for (std::size_t r = 0; r < table_.regions; ++r) {
        double came = 0;
        for (std::size_t k = 0; k < table_.industries; ++k)
          came += shock_.capital_goods[k] * model_.final_delivered(k, r);
        for (std::size_t k = 0; k < table_.industries; ++k)
          ruin.damage(k, r) *= 1 - came / shock_.rebuilding_days;
      }
    }
  }

  void count() {
    double today = 0;
    for (std::size_t k = 0; k < table_.industries; ++k) {
      for (std::size_t r = 0; r < table_.regions; ++r) {
        const double added = table_.added[k] * model_.output(k, r);
        const double lost = table_.added[k] * table_.output(k, r) / kDaysPerYear - added;
        today += added;
        course_.by_region[r] += lost;
        course_.by_industry[k] += lost;
        course_.lost += lost;
        course_.final_unmet += table_.final_use(k, r) / kDaysPerYear * (1 - model_.final_delivered(k, r));
        course_.exports_unmet +=
            table_.exports(k, r) / kDaysPerYear * day_.exports(k, r) * (1 - model_.exports_filled(k, r));
      }
    }
    course_.daily.push_back(today / usual_);
  }

  const MultiregionalTable& table_;
  const PlacedShock& shock_;
  Ario model_;
  ArioDay day_;
  std::vector<Ruin> ruins_;
  double usual_ = 0;
  ShockCourse course_;
};

}  // namespace

StandIn StandIn::scaled(double used) const {
  StandIn part = *this;
  for (double& value : part.share.values) value *= used;
  part.power *= used;
  return part;
}

double ShockCourse::worst_day() const { return *std::ranges::min_element(daily); }

ShockCourse run_shock(const MultiregionalTable& table, const ArioParameters& parameters,
                      const PlacedShock& shock) {
  return ShockRun(table, parameters, shock).run();
}

}  // namespace hinterland
