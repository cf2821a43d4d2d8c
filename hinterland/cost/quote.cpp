#include "hinterland/cost/quote.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hinterland/cost/terms.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

Amount amount_of(const Workload& workload, const ServerShape& server) {
  return {.server_hours = server_hours(workload, server),
          .task = workload.runtime.value_or(Hours{}),
          .single = workload.runtime && workload.tasks == 1,
          .bytes = {workload.data_in, workload.data_out},
          .deadline = workload.deadline,
          .service = workload.is_service(),
          .deferrable = workload.deferrable,
          .start = {},
          .ready_hour = workload.ready_hour};
}

Hours time_to_move(const Amount& amount) {
  if (amount.service) return amount.deadline;
  return amount.deadline - amount.task;
}

Quoter::Quoter(const Atlas& atlas, const RateYear& rates, const Workload& workload, const Site& home,
               const Site& site, const Capacity& capacity, const Charges& charges)
    : atlas_(&atlas),
      year_(&rates.at(site.id)),
      workload_(&workload),
      home_(&home),
      site_(&site),
      obstacle_(obstacle_to(atlas, workload, home, site)),
      is_home_(site.id == home.id),
      bytes_move_(data_site(atlas, workload, home).id != site.id),
      capacity_(capacity),
      charges_(charges) {
  const ServerTerms server = server_terms(server_of(atlas, workload));
  levels_ = site_levels(atlas, site, *year_);
  const SiteTerms& terms = levels_.terms;  // capacity does not ask for the hour
  const auto on = [&](const SiteTerms& used, const Deal& deal) { return server_hour(server, used, deal); };
  busy_ = server.busy;
  if (capacity.automatic) {
    sunk_ = on(terms, {.basis = Basis::sunk, .rate = {}});
    beyond_ = on(used_as(terms, home), {.basis = Basis::built, .rate = {}});
  } else {
    named_ = on(terms, capacity.deal);
  }
}

// What may still be taken: at home what runs there already has its place.
Kilowatts Quoter::room() const { return is_home_ ? site_->capacity : site_->unsold(); }

Quote Quoter::quote(const Amount& amount) const {
  return quote(amount, worthwhile_transfers(atlas_->offers.rows(), amount.bytes, amount.service));
}

Quote Quoter::quote(const Amount& amount, std::span<const Transfer> ways) const {
  if (!bytes_move_ || (amount.bytes.in.value <= 0 && amount.bytes.out.value <= 0))
    return quote(amount, Transfer{});
  // A slower way leaves less time, so needs more servers and may outgrow the idle ones: the cheapest way of
  // moving is not always in the cheapest whole.
  Quote best = quote(amount, std::nullopt);
  for (const Transfer& transfer : ways) {
    if (transfer.time > time_to_move(amount)) continue;
    const Quote one = quote(amount, transfer);
    const bool better = one.allowed() ? !best.allowed() || one.price.total() < best.price.total()
                                      : best.obstacle == Obstacle::deadline;
    if (better) best = one;
  }
  return best;
}

namespace {

// When the work runs, if `left` hours remain once its bytes are there.
Run run_of(const Amount& amount, Hours left, const Transfer& transfer) {
  const Hours spare = amount.single ? left - amount.task : std::min(left - amount.task, 0.5 * left);
  Run run{.length = {}, .wait = {}, .start = amount.start, .ready_hour = amount.ready_hour};
  if (!amount.service) run.wait = std::max(Hours{}, std::min(amount.deferrable, spare));
  run.length = amount.single ? amount.task : left - run.wait;
  if (!amount.service) {
    if (run.start) run.start = *run.start + transfer.time;
    if (run.ready_hour) run.ready_hour = std::fmod(*run.ready_hour + transfer.time.value, 24);
  }
  return run;
}

}  // namespace

Quote Quoter::quote(const Amount& amount, const std::optional<Transfer>& transfer) const {
  Quote quote;
  quote.obstacle = obstacle_;
  if (!quote.allowed()) return quote;

  if (bytes_move_) {
    if (!transfer) {
      quote.obstacle = Obstacle::deadline;
      return quote;
    }
    quote.transfer = *transfer;
  }
  const Hours left = amount.service ? amount.deadline : amount.deadline - quote.transfer.time;
  if (left.value <= 0 || amount.task > left) {
    quote.obstacle = Obstacle::deadline;
    return quote;
  }
  quote.run = run_of(amount, left, quote.transfer);
  const Hours busy_time = quote.run.length;
  quote.servers = busy_time.value > 0 ? amount.server_hours / busy_time : 0;
  const Kilowatts needed = quote.servers * busy_;
  if (needed > room()) {
    quote.obstacle = Obstacle::capacity;
    return quote;
  }
  if (capacity_.automatic) {
    quote.sunk_share = needed.value > 0 ? std::min(1.0, site_->idle() / needed) : 1;
  } else {
    quote.sunk_share = capacity_.deal.basis == Basis::sunk ? 1 : 0;
  }
  const ServerHour hour = capacity_.automatic ? blend(sunk_, beyond_, quote.sunk_share) : named_;
  quote.terms = site_terms(levels_, year_->over(quote.run));
  quote.rates = hour_rates(hour, quote.terms, charges_);
  quote.price = full_price(quote.rates, amount.server_hours, quote.transfer.cost);
  return quote;
}

Words Quoter::reason(const Amount& amount, const Quote& quote) const {
  if (quote.obstacle == obstacle_) return why_refused(obstacle_, *atlas_, *workload_, *home_, *site_);
  if (quote.obstacle == Obstacle::capacity) {
    const std::string wanted = megawatts(quote.servers * busy_), free = megawatts(room());
    return {fmt::format("{} MW wanted, {} MW free", wanted, free),
            fmt::format("需要 {} MW，可用 {} MW", wanted, free)};
  }
  const Hours moving =
      bytes_move_ ? fastest_transfer(atlas_->offers.rows(), amount.bytes, amount.service) : Hours{0};
  Words run;
  if (amount.task.value > 0)
    run = {fmt::format(" and a run {} h", compact(amount.task.value)),
           fmt::format("，运行一次需 {} 小时", compact_zh(amount.task.value))};
  const double gigabytes = (amount.bytes.in + amount.bytes.out).value;
  return {fmt::format("moving {} GB takes {} h at best{}, {} h allowed", compact(gigabytes),
                      compact(moving.value), run.en, compact(amount.deadline.value)),
          fmt::format("搬运 {} GB 至少需 {} 小时{}，允许 {} 小时", compact_zh(gigabytes),
                      compact_zh(moving.value), run.zh, compact_zh(amount.deadline.value))};
}

}  // namespace hinterland
