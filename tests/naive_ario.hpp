// ARIO as its equations stand in hinterland/impact/ario.hpp, in money, cell by cell, with every delivery on its own:
// slow, and without a line of what it is compared with.
#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include "hinterland/impact/ario.hpp"

namespace hinterland {

class NaiveArio {
 public:
  NaiveArio(const MultiregionalTable& table, const ArioParameters& by)
      : table_(table), by_(by), n_(table.industries), regions_(table.regions) {
    usual_imports_.assign(n_, 0);
    import_use_.assign(n_, 1);
    for (std::size_t k = 0; k < n_; ++k) {
      for (std::size_t r = 0; r < regions_; ++r) {
        const double output = table.output(k, r) / 365;
        made_.push_back(output);
        memory_.push_back(output > 0 ? 1 : 0);
        alpha_.push_back(1);
        filled_.push_back(1);
        usual_imports_[k] += table.final_use(k, r) / 365 * table.final_import_share[k];
        for (std::size_t i = 0; i < n_; ++i) {
          const double use = table.inputs(i, k) * output;
          stock_.push_back(by.stock_days[i] * use);
          order_.push_back(use);
          usual_imports_[i] += use * table.import_share(i, k);
        }
      }
    }
  }

  void step(const ArioDay& day) {
    const auto before = filled_, import_use = import_use_;
    received_ = std::vector<double>(stock_.size());
    std::vector<double> demand(made_.size()), final_demand(made_.size());
    struct Delivery {
      std::size_t from, order;  // order: that of a stock; or behind these, of final use
      double amount;
    };
    std::vector<Delivery> deliveries;
    std::vector<double> abroad(n_);
    const auto order_at_home = [&](std::size_t product, std::size_t to, double amount, std::size_t order) {
      double could = 0;
      for (std::size_t q = 0; q < regions_; ++q)
        could += table_.traded(product, q, to) * before[at(product, q)];
      for (std::size_t r = 0; r < regions_; ++r) {
        double share = table_.traded(product, r, to);
        if (could > 1e-9) share *= 1 - by_.substitution + by_.substitution * before[at(product, r)] / could;
        (order < stock_.size() ? demand : final_demand)[at(product, r)] += share * amount;
        deliveries.push_back({at(product, r), order, share * amount});
      }
    };
    for (std::size_t j = 0; j < n_; ++j) {
      for (std::size_t s = 0; s < regions_; ++s) {
        for (std::size_t i = 0; i < n_; ++i) {
          const double imported = order_[cell(j, s, i)] * table_.import_share(i, j) * import_use[i];
          order_at_home(i, s, order_[cell(j, s, i)] - imported, cell(j, s, i));
          abroad[i] += imported;
        }
      }
    }
    for (std::size_t k = 0; k < n_; ++k) {
      for (std::size_t s = 0; s < regions_; ++s) {
        const double wanted = table_.final_use(k, s) / 365 * day.final_use(k, s) + day.rebuilding(k, s);
        const double imported = wanted * table_.final_import_share[k] * import_use[k];
        order_at_home(k, s, wanted - imported, stock_.size() + at(k, s));
        abroad[k] += imported;
        final_demand[at(k, s)] += table_.exports(k, s) / 365 * day.exports(k, s);
      }
    }
    const auto stock_before = stock_;
    wanted_.assign(made_.size(), 0);
    std::vector<double> to_industries(made_.size(), 1), to_final(made_.size(), 1);
    for (std::size_t k = 0; k < n_; ++k) {
      for (std::size_t r = 0; r < regions_; ++r) {
        const double base = table_.output(k, r) / 365;
        const double orders = demand[at(k, r)], final = final_demand[at(k, r)], all = orders + final;
        const double wanted = std::min(all, day.capacity(k, r) * alpha_[at(k, r)] * base);
        double made = wanted;
        for (std::size_t i = 0; i < n_; ++i) {
          const double use = table_.inputs(i, k) * base, target = by_.stock_days[i] * use;
          if (use == 0) continue;
          made = std::min(made, base * stock_before[cell(k, r, i)] / target *
                                    std::min(1 / by_.stock_floor, by_.stock_days[i]));
        }
        wanted_[at(k, r)] = wanted;
        made_[at(k, r)] = made;
        filled_[at(k, r)] = all > 0 ? made / all : 1;
        if (orders + by_.final_weight * final > 0)
          to_industries[at(k, r)] = std::min(1.0, made / (orders + by_.final_weight * final));
        if (final > 0) to_final[at(k, r)] = (made - to_industries[at(k, r)] * orders) / final;
      }
    }
    final_.assign(made_.size(), 0);
    for (const Delivery& one : deliveries) {
      if (one.order < stock_.size()) {
        received_[one.order] += one.amount * to_industries[one.from];
      } else {
        final_[one.order - stock_.size()] += one.amount * to_final[one.from];
      }
    }
    for (std::size_t k = 0; k < n_; ++k) {
      const double available = day.imports[k] * usual_imports_[k];
      const double came = day.imports[k] >= 1 || abroad[k] <= available ? 1 : available / abroad[k];
      for (std::size_t s = 0; s < regions_; ++s) {
        final_[at(k, s)] += came * table_.final_import_share[k] * import_use[k] *
                            (table_.final_use(k, s) / 365 * day.final_use(k, s) + day.rebuilding(k, s));
        for (std::size_t j = 0; j < n_; ++j)
          received_[cell(j, s, k)] +=
              came * order_[cell(j, s, k)] * table_.import_share(k, j) * import_use[k];
      }
      import_use_[k] = 1 - by_.import_substitution * (1 - std::min(1.0, day.imports[k]));
    }
    for (std::size_t k = 0; k < n_; ++k) {
      for (std::size_t r = 0; r < regions_; ++r) end_of_day(k, r);
    }
  }

  [[nodiscard]] double output(std::size_t k, std::size_t r) const { return made_[at(k, r)]; }
  [[nodiscard]] double stock(std::size_t i, std::size_t k, std::size_t r) const {
    return stock_[cell(k, r, i)];
  }
  [[nodiscard]] double final_delivered(std::size_t k, std::size_t s) const {
    return final_[at(k, s)];
  }  // money

 private:
  [[nodiscard]] std::size_t at(std::size_t k, std::size_t r) const { return k * regions_ + r; }
  [[nodiscard]] std::size_t cell(std::size_t k, std::size_t r, std::size_t i) const {
    return at(k, r) * n_ + i;
  }

  void end_of_day(std::size_t k, std::size_t r) {
    const std::size_t one = at(k, r);
    const double base = table_.output(k, r) / 365;
    if (base == 0) return;
    memory_[one] += (wanted_[one] / base - memory_[one]) / by_.memory_days;
    const double scarce = 1 - filled_[one];
    alpha_[one] += (scarce > 0 ? (by_.most_overproduction - alpha_[one]) * scarce
                               : std::max(1.0, made_[one] / base) - alpha_[one]) /
                   by_.overproduction_days;
    for (std::size_t i = 0; i < n_; ++i) {
      const double use = table_.inputs(i, k) * base, days = by_.stock_days[i];
      stock_[cell(k, r, i)] += received_[cell(k, r, i)] - table_.inputs(i, k) * made_[one];
      const double refill = std::max(1.0, by_.refill * days);
      order_[cell(k, r, i)] = std::max(0.0, table_.inputs(i, k) * made_[one] +
                                                (memory_[one] * days * use - stock_[cell(k, r, i)]) / refill);
    }
  }

  const MultiregionalTable& table_;
  ArioParameters by_;
  std::size_t n_, regions_;
  std::vector<double> usual_imports_, import_use_;
  std::vector<double> made_, wanted_, memory_, alpha_, filled_, final_;  // [industry][region]
  std::vector<double> stock_, order_, received_;                         // [industry][region][product]
};

}  // namespace hinterland
