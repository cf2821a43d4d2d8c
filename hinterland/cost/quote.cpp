#include "hinterland/cost/quote.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hinterland/cost/terms.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

Amount amount_of(const Workload& workload, const ServerShape& server) {
  return {.server_hours = server_hours(workload, server),
          .task = workload.runtime.value_or(Hours{}),
          .single = workload.runtime && workload.tasks == 1,
          .bytes = {workload.data_in, workload.data_out},
          .deadline = workload.deadline,
          .service = workload.is_service()};
}

Hours time_to_move(const Amount& amount) {
  if (amount.service) return amount.deadline;
  return amount.deadline - amount.task;
}

Quoter::Quoter(const Atlas& atlas, const Workload& workload, const Site& home, const Site& site,
               const Capacity& capacity, const Charges& charges)
    : atlas_(&atlas),
      workload_(&workload),
      home_(&home),
      site_(&site),
      obstacle_(obstacle_to(atlas, workload, home, site)),
      is_home_(site.id == home.id),
      bytes_move_(data_site(atlas, workload, home).id != site.id),
      capacity_(capacity) {
  const ServerTerms server = server_terms(server_of(atlas, workload));
  const SiteTerms terms = site_terms(atlas, site);
  busy_ = server.busy;
  if (capacity.automatic) {
    sunk_ = hour_rates(server, terms, {.basis = Basis::sunk, .rate = {}}, charges);
    beyond_ = hour_rates(server, used_as(terms, home), {.basis = Basis::built, .rate = {}}, charges);
  } else {
    named_ = hour_rates(server, terms, capacity.deal, charges);
  }
}

// What may still be taken: at home what runs there already has its place.
Kilowatts Quoter::room() const { return is_home_ ? site_->capacity : site_->unsold(); }

Quote Quoter::quote(const Amount& amount) const {
  if (!bytes_move_ || (amount.bytes.in.value <= 0 && amount.bytes.out.value <= 0))
    return quote(amount, Transfer{});
  // A slower way leaves less time, so needs more servers and may outgrow the idle ones: the cheapest way of
  // moving is not always in the cheapest whole.
  Quote best = quote(amount, std::nullopt);
  for (const Offer& offer : atlas_->offers) {
    if (amount.service && offer.mode == OfferMode::courier) continue;
    const Transfer transfer = move_bytes(offer, amount.bytes);
    if (transfer.time > time_to_move(amount)) continue;
    const Quote one = quote(amount, transfer);
    const bool better = one.allowed() ? !best.allowed() || one.price.total() < best.price.total()
                                      : best.obstacle == Obstacle::deadline;
    if (better) best = one;
  }
  return best;
}

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
  const Hours busy_time = amount.single ? amount.task : left;
  if (left.value <= 0 || amount.task > left) {
    quote.obstacle = Obstacle::deadline;
    return quote;
  }
  quote.servers = busy_time.value > 0 ? amount.server_hours / busy_time : 0;
  const Kilowatts needed = quote.servers * busy_;
  if (needed > room()) {
    quote.obstacle = Obstacle::capacity;
    return quote;
  }
  if (capacity_.automatic) {
    quote.sunk_share = needed.value > 0 ? std::min(1.0, site_->idle() / needed) : 1;
    quote.rates = blend(sunk_, beyond_, quote.sunk_share);
  } else {
    quote.sunk_share = capacity_.deal.basis == Basis::sunk ? 1 : 0;
    quote.rates = named_;
  }
  quote.price = full_price(quote.rates, amount.server_hours, quote.transfer.cost);
  return quote;
}

std::string Quoter::reason(const Amount& amount, const Quote& quote) const {
  if (quote.obstacle == obstacle_) return why_refused(obstacle_, *atlas_, *workload_, *home_, *site_);
  if (quote.obstacle == Obstacle::capacity) {
    const auto megawatts = [](Kilowatts power) { return compact(power.value / kKilowattsPerMegawatt); };
    return fmt::format("{} MW wanted, {} MW free", megawatts(quote.servers * busy_), megawatts(room()));
  }
  const Hours moving =
      bytes_move_ ? fastest_transfer(atlas_->offers.rows(), amount.bytes, amount.service) : Hours{0};
  const std::string run =
      amount.task.value > 0 ? fmt::format(" and a run {} h", compact(amount.task.value)) : "";
  return fmt::format("moving {} GB takes {} h at best{}, {} h allowed",
                     compact((amount.bytes.in + amount.bytes.out).value), compact(moving.value), run,
                     compact(amount.deadline.value));
}

}  // namespace hinterland
