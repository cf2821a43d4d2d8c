// A quote: what a given amount of work costs at one site, or why it cannot run there.
//
// How many servers it needs follows from its time: a service spreads its server-hours over its length, a
// batch over what the deadline leaves once its bytes have moved and it has waited, but no sooner than one task
// runs; a single task takes just its run. A class that may wait (deferrable_hours) keeps that much of its deadline,
// at most half of what is left, for choosing the cheapest hours to run in.
//
// Power, carbon and water are those of the hours in which it runs (site_year.hpp).
//
// Capacity bases:
//   sunk, built, rented  as named (price.hpp)
//   automatic            sunk as far as the site's idle servers go, built beyond. A server bought because
//                        the idle ones ran out is used as one at home would be, the work being the same: its
//                        price does not depend on how full this site is, so a fuller site is never cheaper
//                        for being fuller.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hinterland/cost/allowed.hpp"
#include "hinterland/cost/price.hpp"
#include "hinterland/cost/rate_year.hpp"
#include "hinterland/cost/terms.hpp"
#include "hinterland/cost/transfer.hpp"

namespace hinterland {

struct Capacity {
  bool automatic = false;
  Deal deal;  // when not automatic
};

// How much work there is.
struct Amount {
  Hours server_hours;
  Hours task;           // what one task runs; nothing can be done sooner (0: the work can be cut at will)
  bool single = false;  // the work is one task: it takes just that time
  Bytes bytes;
  Hours deadline;
  bool service = false;
  Hours deferrable;                  // how long its start may wait
  std::optional<Hours> start;        // hour of the model year in which it is submitted; none: any
  std::optional<double> ready_hour;  // hour of the day in which it is submitted; none: any
};

Amount amount_of(const Workload& workload, const ServerShape& server);

struct Quote {
  Obstacle obstacle = Obstacle::none;
  Price price;      // all zero when there is an obstacle
  HourRates rates;  // per server-hour, as blended
  SiteTerms terms;  // of the hours in which it runs
  Run run;          // when it runs
  Transfer transfer;
  double servers = 0;     // busy at once
  double sunk_share = 0;  // of the servers, on idle metal
  [[nodiscard]] bool allowed() const { return obstacle == Obstacle::none; }
};

// Quotes any amount of one class at one site; what does not depend on the amount is worked out once.
class Quoter {
 public:
  // `home` is where the users are, and how servers bought beyond the site's idle ones are used. Atlas, rates,
  // workload and sites must outlive the quoter.
  Quoter(const Atlas& atlas, const RateYear& rates, const Workload& workload, const Site& home,
         const Site& site, const Capacity& capacity, const Charges& charges);

  [[nodiscard]] const Site& site() const { return *site_; }
  [[nodiscard]] Obstacle obstacle() const { return obstacle_; }  // whatever the amount

  // The cheapest quote over all ways of moving the bytes that are worth a look (transfer.hpp); they are the same at every
  // site, so whoever asks many sites finds them once.
  [[nodiscard]] Quote quote(const Amount& amount) const;
  [[nodiscard]] Quote quote(const Amount& amount, std::span<const Transfer> ways) const;

  // The quote for one way of moving them (nullopt: none is in time). For an amount with a run time of its
  // own, or a service, cheapest_transfer() is the best way at every site.
  [[nodiscard]] Quote quote(const Amount& amount, const std::optional<Transfer>& transfer) const;

  // Why not, in words, for an obstacle that quote() gave.
  [[nodiscard]] Words reason(const Amount& amount, const Quote& quote) const;

 private:
  [[nodiscard]] Kilowatts room() const;

  const Atlas* atlas_;
  const SiteYear* year_;
  const Workload* workload_;
  const Site* home_;
  const Site* site_;
  Obstacle obstacle_;
  bool is_home_;
  bool bytes_move_;
  Capacity capacity_;
  Charges charges_;
  SiteLevels levels_;
  Kilowatts busy_;
  ServerHour sunk_, beyond_;  // when automatic
  ServerHour named_;          // when not
};

// The time left for moving bytes: the deadline, less a job's own run.
Hours time_to_move(const Amount& amount);

}  // namespace hinterland
