#include "hinterland/judge/fill.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hinterland/base/number.hpp"
#include "hinterland/cost/terms.hpp"

namespace hinterland {

namespace {

constexpr Capacity kIdle{.automatic = false, .deal = {.basis = Basis::sunk, .rate = {}}};
constexpr Capacity kBuilt{.automatic = false, .deal = {.basis = Basis::built, .rate = {}}};

void check_classes(const Atlas& atlas, const FillQuestion& question, Errors& errors) {
  std::vector<std::string> seen;
  for (const Workload& workload : question.classes) {
    if (const auto checked = check_workload(atlas, workload, workload.file); !checked)
      add_errors(errors, checked.error());
    if (std::ranges::find(seen, workload.id.text) != seen.end()) {
      add_error(errors,
                {.what = in_quotes(workload.id.text) + " is there twice, so it would be counted twice",
                 .where = {.file = "--class"},
                 .mend = "Name each class once; give another file an id of its own."});
    }
    seen.push_back(workload.id.text);
  }
  for (const ServerId& id : question.servers) {
    if (atlas.servers.find(id) != nullptr) continue;
    add_error(errors, {.what = in_quotes(id.text) + " is no server type of this atlas",
                       .where = {.file = "--server"},
                       .mend = did_you_mean(id.text, ids_of(atlas.servers))});
  }
}

Expected<const Site*> checked_site(const Atlas& atlas, const FillQuestion& question) {
  Errors errors;
  const auto site = find_site(atlas, question.site, "SITE");
  if (!site) {
    add_errors(errors, site.error());
  } else if (question.idle && *question.idle > (*site)->capacity) {
    add_error(errors, {.what = fmt::format("{} MW cannot stand idle where {} MW were built",
                                           shortest(question.idle->value / kKilowattsPerMegawatt),
                                           shortest((*site)->capacity.value / kKilowattsPerMegawatt)),
                       .where = {.file = "--idle"},
                       .mend = fmt::format("Give less, or set sites.{}.capacity_mw.", (*site)->id.text)});
  }
  check_classes(atlas, question, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return site;
}

// One for each home, in the order in which the regions are named.
Expected<std::vector<Customer>> customers_of(const Atlas& atlas, const std::vector<RegionId>& from) {
  std::vector<Customer> customers;
  Errors errors;
  const auto add = [&](const RegionId& id, bool only_its_own) {
    const auto home = home_of(atlas, id);
    if (!home) return add_errors(errors, home.error());
    if (only_its_own && !home->in_region) return;
    const Region* region = &atlas.regions.at(id);
    const auto same = std::ranges::find(customers, home->site, &Customer::home);
    if (same == customers.end()) {
      customers.push_back({.region = region, .home = home->site, .in_region = home->in_region, .also = {}});
    } else if (same->region != region && std::ranges::find(same->also, region) == same->also.end()) {
      // The work of one home is one customer, by the name of the region that it stands in.
      if (home->in_region) {
        std::swap(region, same->region);
        same->in_region = true;
      }
      same->also.push_back(region);
    }
  };
  if (from.empty()) {
    for (const Region& region : atlas.regions) add(region.id, true);
  }
  for (const RegionId& id : from) add(id, false);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return customers;
}

// What its home would charge by each basis, less the moving.
void add_ceilings(const Atlas& atlas, const RateYear& rates, const FillQuestion& question, FillPair& pair) {
  const auto ceiling = [&](const Capacity& basis) -> std::optional<Money> {
    const Quoter home(atlas, rates, *pair.workload, *pair.home, *pair.home, basis, question.charges);
    const Quote quote = home.quote(pair.amount);
    if (quote.allowed()) return quote.price.total() - pair.quote.transfer.cost;
    pair.home_reason = with_name(quote.obstacle, home.reason(pair.amount, quote));
    return std::nullopt;
  };
  pair.if_sunk = ceiling(kIdle);
  pair.if_built = ceiling(kBuilt);
  pair.ceiling = ceiling(question.home);
}

void add_rival(const Atlas& atlas, const RateYear& rates, const FillQuestion& question, const Site& site,
               FillPair& pair) {
  for (const Site& other : atlas.sites) {
    if (&other == &site || &other == pair.home || other.idle() <= Kilowatts{}) continue;
    const Quoter seller(atlas, rates, *pair.workload, *pair.home, other, kIdle, question.charges);
    const Quote quote = seller.quote(pair.amount);
    if (!quote.allowed()) continue;
    const Money here =
        pair.amount.server_hours * quote.rates.floor() + quote.transfer.cost - pair.quote.transfer.cost;
    if (pair.against_rival && here >= *pair.against_rival) continue;
    pair.rival = &other;
    pair.against_rival = here;
  }
}

FillPair pair_of(const Atlas& atlas, const RateYear& rates, const FillQuestion& question,
                 const Workload& workload, const Customer& customer, const Site& site) {
  const Server& server = server_of(atlas, workload);
  FillPair pair{.workload = &workload,
                .region = customer.region,
                .home = customer.home,
                .amount = amount_of(workload, server_shape(server)),
                .latency = one_way_latency(atlas, *customer.home, site)};
  const Quoter seller(atlas, rates, workload, *customer.home, site, kIdle, question.charges);
  pair.quote = seller.quote(pair.amount);
  if (!pair.quote.allowed()) {
    pair.reason = seller.reason(pair.amount, pair.quote);
    return pair;
  }
  pair.floor = pair.amount.server_hours * pair.quote.rates.floor();
  add_ceilings(atlas, rates, question, pair);
  if (pair.ceiling && pair.room() > Money{}) add_rival(atlas, rates, question, site, pair);
  pair.power = pair.quote.servers * server.busy;
  pair.busy = pair.amount.server_hours / pair.quote.servers;
  pair.idle_energy = pair.amount.server_hours * server.busy;
  if (pair.quote.transfer.offer != nullptr) pair.bandwidth = pair.bytes() / time_to_move(pair.amount);
  return pair;
}

void sort_pair(FillPair pair, Fill& fill) {
  if (!pair.quote.allowed()) return fill.refused.push_back(std::move(pair));
  if (!pair.ceiling) return fill.no_ceiling.push_back(std::move(pair));
  if (pair.room() > Money{}) return fill.steps.push_back({.pair = std::move(pair)});
  fill.no_room.push_back(std::move(pair));
}

// Down the ranking, each step takes its power while enough is idle.
void take(Fill& fill) {
  Kilowatts used;
  for (FillStep& step : fill.steps) {
    step.fits = used + step.pair.power <= fill.idle;
    if (step.fits) {
      used += step.pair.power;
      fill.year.once += step.pair.room();
      fill.year.once_energy += step.pair.idle_energy;
      fill.year.all_year +=
          times_a_year(step.pair.amount.server_hours, step.pair.quote.servers) * step.pair.room();
    }
    step.used = used;
  }
}

}  // namespace

std::size_t Fill::fitting() const {
  return static_cast<std::size_t>(std::ranges::count_if(steps, &FillStep::fits));
}

Question to_judge(const FillQuestion& question, const FillPair& pair) {
  return {.workload = *pair.workload,
          .from = pair.region->id,
          .to = {question.site},
          .home = question.home,
          .away = kIdle,
          .charges = question.charges};
}

Expected<Fill> fill_site(const Atlas& atlas, const RateYear& rates, const FillQuestion& question) {
  const auto site = checked_site(atlas, question);
  auto customers = customers_of(atlas, question.from);
  Errors errors;
  if (!site) add_errors(errors, site.error());
  if (!customers) add_errors(errors, customers.error());
  if (!errors.empty()) return std::unexpected(std::move(errors));

  Fill fill{.site = *site, .idle = question.idle.value_or((*site)->idle())};
  for (Customer& customer : *customers) {
    if (customer.home != fill.site) {
      fill.customers.push_back(std::move(customer));
      continue;
    }
    fill.here.push_back(customer.region);
    fill.here.insert(fill.here.end(), customer.also.begin(), customer.also.end());
  }
  for (const Workload& workload : question.classes) {
    const bool stands_idle = question.servers.empty() ||
                             std::ranges::find(question.servers, workload.server) != question.servers.end();
    if (!stands_idle) {
      fill.left_out.push_back(&workload);
      continue;
    }
    for (const Customer& customer : fill.customers)
      sort_pair(pair_of(atlas, rates, question, workload, customer, *fill.site), fill);
  }
  std::ranges::stable_sort(fill.steps, [](const FillStep& a, const FillStep& b) {
    return a.pair.room_per_kwh() > b.pair.room_per_kwh();
  });
  std::ranges::stable_sort(
      fill.no_room, [](const FillPair& a, const FillPair& b) { return a.room_per_kwh() > b.room_per_kwh(); });
  take(fill);
  fill.sentence = fill_sentence(atlas, fill);
  return fill;
}

}  // namespace hinterland
