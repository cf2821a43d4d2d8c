#include "hinterland/serve/served_world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/atlas/path.hpp"
#include "hinterland/base/model_year.hpp"
#include "hinterland/base/section.hpp"
#include "hinterland/cost/allowed.hpp"
#include "hinterland/cost/site_rates.hpp"
#include "hinterland/cost/transfer.hpp"
#include "hinterland/policy/server_size.hpp"
namespace hinterland {

namespace {

class Builder {
 public:
  Builder(const SitesFile& sites, const Atlas& atlas, const RateYear& rates, const Charges& charges,
          const std::string& presets)
      : sites_(sites), atlas_(atlas), rates_(rates), charges_(charges), presets_(presets) {}

  Expected<ServedWorld> build(const State& state, Instant now) {
    const auto policy = find_policy(sites_.policy, "policy");
    if (!policy) {
      Errors wrong = policy.error();
      for (Error& error : wrong) error.where = {.file = sites_.file, .field = "policy"};
      add_errors(errors_, wrong);
    } else {
      out_.world.policy = policy->choose;
    }
    offer_ = line_of(atlas_.offers, sites_.offer);
    if (offer_ == nullptr)
      complain("offer", "no line " + in_quotes(sites_.offer), "`hinterland atlas show offers` lists them.");
    out_.world.queue = sites_.queue;
    out_.world.told = {.policy = sites_.policy,
                       .queue = sites_.queue,
                       .carbon_per_kg = charges_.carbon.value,
                       .water_per_litre = charges_.water.value};
    out_.world.rules.lease = from_hours(sites_.lease);
    out_.world.rules.lost_after = from_hours(std::max(sites_.lost_after, sites_.lease));
    out_.currency = atlas_.country().currency;
    add_pools(state, now);
    add_work(state);
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    return std::move(out_);
  }

 private:
  void complain(const std::string& field, std::string what, std::string mend) {
    add_error(
        errors_,
        {.what = std::move(what), .where = {.file = sites_.file, .field = field}, .mend = std::move(mend)});
  }

  // Those that the journal knows in its order, then what is new in the file's.
  template <class Record>
  static std::vector<std::pair<std::string, const Record*>> in_order(const std::vector<std::string>& known,
                                                                     const std::vector<Record>& records) {
    std::vector<std::pair<std::string, const Record*>> out;
    for (const std::string& name : known) {
      const auto found = std::ranges::find(records, name, &Record::key);
      out.emplace_back(name, found == records.end() ? nullptr : &*found);
    }
    for (const Record& record : records) {
      if (std::ranges::find(known, record.key) == known.end()) out.emplace_back(record.key, &record);
    }
    return out;
  }

  void add_pools(const State& state, Instant now) {
    std::vector<std::string> known;
    for (const PoolFacts& pool : state.pools) known.push_back(pool.name);
    const Hours offset = standard_offset(atlas_.country().time_zone);
    const auto year = static_cast<std::int64_t>(kYearHours);
    const std::int64_t since_epoch = (now.ms / kHour.ms) % year;
    const auto of_year = static_cast<std::int64_t>(std::floor(hour_of_model_year(now, offset).value));
    const auto start = static_cast<std::size_t>((of_year - since_epoch + year) % year);
    out_.world.told.first_hour = static_cast<std::int64_t>(start);
    for (const auto& [name, pool] : in_order(known, sites_.pools)) add_pool(name, pool, start);
  }

  void add_pool(const std::string& name, const SitesPool* pool, std::size_t start) {
    out_.world.pools.push_back({.name = name, .size = {}, .server = {}, .units = 0});
    out_.units_per_server.push_back(1);
    out_.server.emplace_back();
    out_.site.push_back(pool != nullptr ? pool->site.text : "");
    places_.push_back(nullptr);
    records_.push_back(pool);
    const UnitRates nothing(std::vector<UnitRow>(kYearHours), {});
    const Site* site = pool != nullptr ? atlas_.sites.find(pool->site) : nullptr;
    const Server* server = pool != nullptr ? atlas_.servers.find(pool->server) : nullptr;
    if (pool != nullptr && site == nullptr)
      complain("pools." + name + ".site", "no site " + in_quotes(pool->site.text),
               did_you_mean(pool->site.text, ids_of(atlas_.sites)));
    if (pool != nullptr && server == nullptr)
      complain("pools." + name + ".server", "no server type " + in_quotes(pool->server.text),
               did_you_mean(pool->server.text, ids_of(atlas_.servers)));
    const Size whole_server = server != nullptr ? server_size(*server) : Size{};
    const auto units = units_per_server(whole_server);
    if (server != nullptr && !units)
      complain("pools." + name + ".server", "the server's memory cannot be cut into few enough equal parts",
               "Round its memory_gb.");
    if (site == nullptr || server == nullptr || !units) {
      out_.world.forecast.push_back(nothing);
      out_.world.actual.push_back(nothing);
      return;
    }
    const auto number = [](double value) { return static_cast<std::int64_t>(value); };
    Size size{.cores = number(pool->cores),
              .gpus = kGpuParts * number(pool->gpus),
              .memory_gb = number(pool->memory_gb)};
    if (size.memory_gb == 0)
      size.memory_gb = std::max<std::int64_t>(
          1, size.cores * whole_server.memory_gb / std::max<std::int64_t>(1, whole_server.cores));
    if (size.gpus > 0 && whole_server.gpus == 0)
      complain("pools." + name + ".gpus", fmt::format("{} has none", pool->server.text),
               "Name a server type that has.");
    BrokerPool& out = out_.world.pools.back();
    out.size = out.server = size;
    out.units = units_of(size, whole_server, *units);
    out.deal = {.owner = pool->owner,
                .carrier = pool->carrier,
                .site = site->id.text,
                .currency = out_.currency,
                .server_units = *units};
    out.pricing = {.server = server->id.text,
                   .basis = pool->basis,
                   .rate = nearest_whole(kMillion * pool->rate.value_or(Money{}).value)};
    out_.units_per_server.back() = *units;
    out_.server.back() = whole_server;
    places_.back() = site;
    const Deal deal{.basis = pool->basis, .rate = MoneyPerHour{pool->rate.value_or(Money{}).value}};
    const SiteYear& year = rates_.at(site->id);
    const UnitRates rates = unit_rates(server_terms(*server), site_levels(atlas_, *site, year), year, deal,
                                       charges_, static_cast<double>(*units), start);
    out_.world.forecast.push_back(rates);
    out_.world.actual.push_back(rates);
  }

  void add_work(const State& state) {
    for (const auto& [name, work] : in_order(state.places, sites_.work)) {
      out_.world.places.push_back({.name = name, .home = PoolIndex{0}, .options = {}});
      if (work == nullptr) continue;
      out_.classes.push_back({.name = name, .workload = work->workload.text, .from = work->from.text});
      add_options(name, *work, out_.world.places.back());
    }
  }

  void add_options(const std::string& name, const SitesWork& work, BrokerPlaces& places) {
    const std::string at = "work." + name;
    auto workload = load_workload(work.workload.text, presets_);
    const auto home = home_of(atlas_, work.from);
    if (!workload) add_errors(errors_, workload.error());
    if (!home) add_errors(errors_, home.error());
    if (!workload || !home || offer_ == nullptr) return;
    if (const auto known = check_workload(atlas_, *workload, workload->file); !known)
      return add_errors(errors_, known.error());
    const Site& from = *home->site;
    const double gb = kMillion * gb_price(*offer_);
    const double ms_per_gb = static_cast<double>(kHour.ms) / offer_->bandwidth.value_or(GbPerHour{1e9}).value;
    std::string barred;
    for (std::size_t p = 0; p < places_.size(); ++p) {
      const Site* site = places_[p];
      if (site == nullptr) continue;
      const bool other_server = records_[p]->server != workload->server;
      const Obstacle obstacle = other_server ? Obstacle::none : obstacle_to(atlas_, *workload, from, *site);
      if (other_server || obstacle != Obstacle::none) {
        barred += fmt::format("{}{}: {}", barred.empty() ? "" : "; ", records_[p]->key,
                              other_server ? "its servers are " + records_[p]->server.text +
                                                 ", and the class needs " + workload->server.text
                                           : why_refused(obstacle, atlas_, *workload, from, *site).en);
        continue;
      }
      const bool moves = site != &from;
      // A path of the pool's own is no faster than its sites file says.
      constexpr double ms_per_gb_at_mbps = 8e6;
      const double link = records_[p]->link_mbps ? ms_per_gb_at_mbps / *records_[p]->link_mbps : 0;
      const double km = moves ? great_circle(from.at(), site->at()).value : 0;
      places.options.push_back(
          {PoolIndex{p}, moves ? gb : 0, std::max(link, moves ? ms_per_gb : 0), km, !moves});
      if (!moves) places.home = PoolIndex{p};
    }
    if (places.options.empty())
      complain(at, fmt::format("may run in no pool ({})", barred), "Add a pool that may run it.");
    else if (!std::ranges::any_of(places.options, [](const Option& option) { return option.at_home; }))
      places.home = places.options.front().pool;
  }

  const SitesFile& sites_;
  const Atlas& atlas_;
  const RateYear& rates_;
  const Charges& charges_;
  const std::string& presets_;
  const Offer* offer_ = nullptr;
  std::vector<const Site*> places_;        // by pool
  std::vector<const SitesPool*> records_;  // by pool
  ServedWorld out_;
  Errors errors_;
};

}  // namespace

Expected<ServedWorld> served_world(const SitesFile& sites, const Atlas& atlas, const RateYear& rates,
                                   const Charges& charges, const std::string& presets, const State& state,
                                   Instant now) {
  return Builder(sites, atlas, rates, charges, presets).build(state, now);
}

}  // namespace hinterland
