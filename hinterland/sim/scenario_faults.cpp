#include "hinterland/sim/scenario_faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hinterland/base/random.hpp"

namespace hinterland {

namespace {

class FaultBuilder {
 public:
  FaultBuilder(const Scenario& scenario, const Atlas& atlas, const ScenarioWorld& setup,
               const SiteLines& lines, Errors& errors)
      : scenario_(scenario), atlas_(atlas), setup_(setup), lines_(lines), errors_(errors) {}

  ScenarioFaults build() {
    add_faults();
    draw_failures();
    refuse_overlaps();
    return std::move(out_);
  }

 private:
  void complain(const std::string& field, std::string what, std::string mend) {
    add_error(errors_, {.what = std::move(what),
                        .where = {.file = scenario_.file, .field = field},
                        .mend = std::move(mend)});
  }

  // An hour of the model year, as time since the start of the run.
  [[nodiscard]] Instant since_start(Hours hour) const {
    const double year = kYear.value;
    const double hours = std::fmod(hour.value - setup_.start.value + year, year);
    return {from_hours({hours}).ms};
  }

  [[nodiscard]] std::vector<PoolIndex> pools_at(const std::vector<SiteId>& sites) const {
    std::vector<PoolIndex> pools;
    for (std::size_t p = 0; p < setup_.world.pools.size(); ++p) {
      if (std::ranges::find(sites, setup_.world.pools[p].site) != sites.end()) pools.emplace_back(p);
    }
    return pools;
  }

  [[nodiscard]] std::vector<SiteId> sites_of(const ScenarioFault& fault) {
    const std::string at = "faults." + fault.key;
    if (fault.kind == FaultKind::hazard) {
      const Hazard* hazard = atlas_.hazards.find(fault.hazard);
      if (hazard != nullptr) return hazard->sites;
      complain(at + ".hazard", "no hazard " + in_quotes(fault.hazard.text),
               did_you_mean(fault.hazard.text, ids_of(atlas_.hazards)));
      return {};
    }
    if (fault.kind == FaultKind::hub) {
      std::vector<SiteId> sites;
      std::vector<std::string> hubs;
      for (const Site& site : atlas_.sites) {
        if (site.hub == fault.hub) sites.push_back(site.id);
        if (!site.hub.empty() && std::ranges::find(hubs, site.hub) == hubs.end()) hubs.push_back(site.hub);
      }
      if (sites.empty())
        complain(at + ".hub", "no hub " + in_quotes(fault.hub), did_you_mean(fault.hub, hubs));
      return sites;
    }
    for (const SiteId& site : fault.sites) {
      if (atlas_.sites.find(site) == nullptr)
        complain(at + ".sites", "no site " + in_quotes(site.text),
                 did_you_mean(site.text, ids_of(atlas_.sites)));
    }
    return fault.sites;
  }

  [[nodiscard]] std::vector<SiteId> sites_with_pools() const {
    std::vector<SiteId> sites;
    for (const SimPool& pool : setup_.world.pools) {
      if (std::ranges::find(sites, pool.site) == sites.end()) sites.push_back(pool.site);
    }
    return sites;
  }

  void add_faults() {
    out_.spikes.resize(setup_.world.pools.size());
    for (const ScenarioFault& fault : scenario_.faults) {
      const std::vector<SiteId> sites = sites_of(fault);
      const std::vector<PoolIndex> pools = pools_at(sites);
      const Instant from = since_start(*parse_model_hour(fault.from));
      const Duration length = from_hours(fault.length);
      if (pools.empty() && !sites.empty() && errors_.empty())
        complain("faults." + fault.key, "none of its sites has a pool",
                 "Name a site at which the scenario has servers.");
      if (fault.kind == FaultKind::price) {
        if (length.ms % kHour.ms != 0)
          complain("faults." + fault.key + ".hours", "is no whole number of hours",
                   "A price holds for whole hours.");
        for (const PoolIndex pool : pools) out_.spikes[pool].push_back({from, from + length, fault.factor});
        continue;
      }
      Fault one{.kind = fault.kind,
                .cause = fault.key,
                .from = from,
                .until = from + length,
                .pools = pools,
                .servers = static_cast<std::int64_t>(fault.servers),
                .left = fault.left,
                .links = {}};
      if (fault.kind == FaultKind::link) {
        one.pools.clear();
        for (const auto& [site, links] : lines_) {
          if (std::ranges::find(sites, site) != sites.end())
            one.links.insert(one.links.end(), links.begin(), links.end());
        }
      }
      out_.faults.push_back(std::move(one));
    }
  }

  // Times between failures and to repair are exponential; a site does not fail again while it is down.
  void draw_failures() {
    const SimJobs& jobs = setup_.world.jobs;
    if (jobs.count() == 0) return;
    const double end = static_cast<double>(jobs.arrival.back().ms);
    for (const ScenarioFailures& model : scenario_.failures) {
      for (const SiteId& site : sites_with_pools()) {
        if (!model.sites.empty() && std::ranges::find(model.sites, site) == model.sites.end()) continue;
        RandomStream random(static_cast<std::uint64_t>(scenario_.seed),
                            "failures." + model.key + "." + site.text);
        const auto ms = [&](Hours mean) {
          return mean.value * random.exponential() * static_cast<double>(kHour.ms);
        };
        for (double at = ms(model.between); at < end;) {
          const double until = at + std::max(1.0, ms(model.repair));
          out_.faults.push_back({.kind = model.kind,
                                 .cause = model.key,
                                 .from = {std::llround(at)},
                                 .until = {std::llround(until)},
                                 .pools = pools_at({site}),
                                 .servers = static_cast<std::int64_t>(model.servers),
                                 .left = 0,
                                 .links = {}});
          at = until + ms(model.between);
        }
      }
    }
    std::ranges::stable_sort(out_.faults, {}, &Fault::from);
  }

  // Two faults of one kind at one pool, or two prices, would say two things of the same hours.
  void refuse_overlaps() {
    const auto overlap = [](const auto& a, const auto& b) { return a.from < b.until && b.from < a.until; };
    const std::vector<Fault>& faults = out_.faults;
    for (std::size_t a = 0; a < faults.size(); ++a) {
      for (std::size_t b = a + 1; b < faults.size() && faults[b].from < faults[a].until; ++b) {
        const bool meet = std::ranges::any_of(faults[a].pools, [&](PoolIndex pool) {
          return std::ranges::find(faults[b].pools, pool) != faults[b].pools.end();
        });
        const bool same_links = std::ranges::any_of(faults[a].links, [&](LinkIndex link) {
          return std::ranges::find(faults[b].links, link) != faults[b].links.end();
        });
        if (faults[a].kind == faults[b].kind && (meet || same_links) && overlap(faults[a], faults[b]))
          complain("faults", fmt::format("{} and {} overlap", faults[a].cause, faults[b].cause),
                   "Let one end before the other begins.");
      }
    }
    for (std::size_t p = 0; p < out_.spikes.size(); ++p) {
      for (std::size_t a = 0; a < out_.spikes[p].size(); ++a) {
        for (std::size_t b = a + 1; b < out_.spikes[p].size(); ++b) {
          if (overlap(out_.spikes[p][a], out_.spikes[p][b]))
            complain("faults", "two prices for the same hours at " + setup_.world.pools[p].site.text,
                     "Let one end before the other begins.");
        }
      }
    }
  }

  const Scenario& scenario_;
  const Atlas& atlas_;
  const ScenarioWorld& setup_;
  const SiteLines& lines_;
  Errors& errors_;
  ScenarioFaults out_;
};

}  // namespace

ScenarioFaults scenario_faults(const Scenario& scenario, const Atlas& atlas, const ScenarioWorld& setup,
                               const SiteLines& lines, Errors& errors) {
  return FaultBuilder(scenario, atlas, setup, lines, errors).build();
}

}  // namespace hinterland
