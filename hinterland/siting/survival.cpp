#include "hinterland/siting/survival.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "hinterland/siting/cheapest_columns.hpp"

namespace hinterland {

namespace {

constexpr int kMostRounds = 20;

// Demands that the same sites may serve are one.
struct Patterns {
  Patterns(const SitingProblem& problem, const Survival& survival) {
    std::map<std::vector<SiteIndex>, std::size_t> known;
    for (const std::uint32_t demand : survival.critical) {
      std::vector<SiteIndex> allowed = problem.prompt[demand].sites;
      std::ranges::sort(allowed);
      const auto [at, added] = known.try_emplace(allowed, sites.size());
      if (added) {
        sites.push_back(allowed);
        demands.emplace_back();
      }
      demands[at->second].push_back(demand);
    }
  }

  double kw(const SitingProblem& problem, std::size_t pattern, std::uint32_t hour) const {
    double total = 0;
    for (const std::uint32_t demand : demands[pattern])
      total += problem.prompt_kw[std::size_t{hour} * problem.prompt.size() + demand];
    return total;
  }

  std::vector<std::vector<SiteIndex>> sites;  // [pattern]
  std::vector<std::vector<std::uint32_t>> demands;
};

// A maximum flow from patterns to sites, by greedy filling and then the shortest ways to room.
class HourFlow {
 public:
  HourFlow(const Patterns& patterns, std::uint32_t sites)
      : patterns_(patterns), sites_(sites), flow_(patterns.sites.size() * sites), from_(sites) {}

  // What of `kw` [pattern] does not fit into `room` [site]. After that the cut's sides are in `pattern_side` and
  // `site_side`.
  double lacking(const std::vector<double>& kw, std::vector<double> room, double tolerance) {
    std::ranges::fill(flow_, 0.0);
    double lacks = 0, all = 0;
    std::vector<double> left = kw;
    for (std::size_t p = 0; p < left.size(); ++p) {
      all += left[p];
      for (const SiteIndex s : patterns_.sites[p]) {
        const double fits = std::min(left[p], room[s]);
        flow_[p * sites_ + s] = fits;
        room[s] -= fits;
        left[p] -= fits;
      }
    }
    const double nothing = tolerance * all;
    for (std::size_t p = 0; p < left.size(); ++p)
      while (left[p] > nothing) {
        const double moved = augment(p, left[p], room, nothing * 1e-6);
        if (moved == 0) break;
        left[p] -= moved;
      }
    pattern_side.assign(left.size(), false);
    site_side.assign(sites_, false);
    for (std::size_t p = 0; p < left.size(); ++p)
      if (left[p] > nothing) {
        lacks += left[p];
        reach(p, nothing * 1e-6);
      }
    return lacks;
  }

  std::vector<bool> pattern_side, site_side;

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  // Breadth first from a pattern over sites that are full, taking back what others put there.
  double augment(std::size_t pattern, double most, std::vector<double>& room, double nothing) {
    std::ranges::fill(from_, kNone);
    std::vector<std::pair<std::size_t, SiteIndex>> came(patterns_.sites.size(),
                                                        {kNone, 0});  // [pattern] from this site's pattern
    std::vector<std::size_t> ahead{pattern};
    std::vector<bool> seen(patterns_.sites.size());
    seen[pattern] = true;
    for (std::size_t at = 0; at < ahead.size(); ++at)
      for (const SiteIndex s : patterns_.sites[ahead[at]]) {
        if (from_[s] != kNone) continue;
        from_[s] = ahead[at];
        if (room[s] > nothing) return move(pattern, s, std::min(most, room[s]), came, room);
        for (std::size_t other = 0; other < seen.size(); ++other)
          if (!seen[other] && flow_[other * sites_ + s] > nothing) {
            seen[other] = true;
            came[other] = {ahead[at], s};
            ahead.push_back(other);
          }
      }
    return 0;
  }

  double move(std::size_t source, SiteIndex end, double most,
              const std::vector<std::pair<std::size_t, SiteIndex>>& came, std::vector<double>& room) {
    for (std::size_t p = from_[end]; p != source; p = came[p].first)
      most = std::min(most, flow_[p * sites_ + came[p].second]);
    room[end] -= most;
    SiteIndex s = end;
    for (std::size_t p = from_[end];; p = came[p].first) {
      flow_[p * sites_ + s] += most;
      if (p == source) return most;
      s = came[p].second;
      flow_[p * sites_ + s] -= most;
    }
  }

  void reach(std::size_t pattern, double nothing) {
    if (pattern_side[pattern]) return;
    pattern_side[pattern] = true;
    for (const SiteIndex s : patterns_.sites[pattern]) {
      if (site_side[s]) continue;
      site_side[s] = true;
      for (std::size_t other = 0; other < pattern_side.size(); ++other)
        if (flow_[other * sites_ + s] > nothing) reach(other, nothing);
    }
  }

  const Patterns& patterns_;
  std::uint32_t sites_;
  std::vector<double> flow_;       // [pattern x sites + site]
  std::vector<std::size_t> from_;  // [site] the pattern it was reached from
};

bool can_be_saved(const std::vector<SiteIndex>& sites, const std::vector<SiteIndex>& lost) {
  return std::ranges::any_of(sites, [&](SiteIndex s) { return std::ranges::count(lost, s) == 0; });
}

SurvivalCut cut_of(const SitingProblem& problem, const Survival& survival, const HourFlow& flow,
                   std::size_t group, std::uint32_t hour, const std::vector<double>& capacity) {
  std::vector<SiteIndex> sites, limited;
  double room = 0;
  for (SiteIndex s = 0; s < problem.sites; ++s) {
    if (!flow.site_side[s] || std::ranges::count(survival.groups[group], s) != 0) continue;
    const std::size_t cell = problem.at(hour, s);
    const double here = problem.room(cell, capacity[s]);
    room += here;
    sites.push_back(s);
    // More capacity than the power limit helps nobody: there the row counts on the limit, and elsewhere on capacity.
    if (here < problem.availability[cell] * capacity[s]) limited.push_back(s);
  }
  SurvivalCut out = cut_of_sites(problem, survival, group, hour, std::move(sites), std::move(limited));
  out.lacks = out.kw - room;
  return out;
}

}  // namespace

std::vector<double> beyond_saving(const SitingProblem& problem, const Survival& survival) {
  const Patterns patterns(problem, survival);
  std::vector<double> out;
  for (const std::vector<SiteIndex>& lost : survival.groups) {
    double most = 0;
    for (std::uint32_t t = 0; t < problem.hours; ++t) {
      double total = 0;
      for (std::size_t p = 0; p < patterns.sites.size(); ++p)
        if (!can_be_saved(patterns.sites[p], lost)) total += patterns.kw(problem, p, t);
      most = std::max(most, total);
    }
    out.push_back(most);
  }
  return out;
}

SurvivalCut cut_of_sites(const SitingProblem& problem, const Survival& survival, std::size_t group,
                         std::uint32_t hour, std::vector<SiteIndex> sites, std::vector<SiteIndex> limited) {
  SurvivalCut out{.group = group,
                  .hour = hour,
                  .demands = {},
                  .sites = std::move(sites),
                  .limited = std::move(limited),
                  .kw = 0,
                  .lacks = 0,
                  .row = {.weight = std::vector<double>(problem.columns.size()), .least = 0}};
  const std::vector<SiteIndex>& lost = survival.groups[group];
  const auto inside = [&](SiteIndex s) {
    return std::ranges::count(lost, s) != 0 || std::ranges::count(out.sites, s) != 0;
  };
  for (const std::uint32_t demand : survival.critical) {
    const std::vector<SiteIndex>& allowed = problem.prompt[demand].sites;
    if (!can_be_saved(allowed, lost) || !std::ranges::all_of(allowed, inside)) continue;
    out.demands.push_back(demand);
    out.kw += problem.prompt_kw[std::size_t{hour} * problem.prompt.size() + demand];
  }
  out.row.least = out.kw;
  for (const SiteIndex s : out.limited) out.row.least -= problem.power_limit[problem.at(hour, s)];
  for (std::size_t k = 0; k < problem.columns.size(); ++k)
    out.row.weight[k] = counts_for(problem, out, problem.columns[k].site);
  return out;
}

double counts_for(const SitingProblem& problem, const SurvivalCut& cut, SiteIndex site) {
  const bool counts = std::ranges::count(cut.sites, site) != 0 && std::ranges::count(cut.limited, site) == 0;
  return counts ? problem.availability[problem.at(cut.hour, site)] : 0;
}

std::vector<SurvivalCut> broken_cuts(const SitingProblem& problem, const Survival& survival,
                                     const std::vector<double>& capacity, double tolerance) {
  const Patterns patterns(problem, survival);
  HourFlow flow(patterns, problem.sites);
  std::vector<SurvivalCut> out;
  for (std::size_t g = 0; g < survival.groups.size(); ++g) {
    std::map<std::vector<SiteIndex>, SurvivalCut> worst;
    std::vector<bool> saved;
    for (const std::vector<SiteIndex>& sites : patterns.sites)
      saved.push_back(can_be_saved(sites, survival.groups[g]));
    for (std::uint32_t t = 0; t < problem.hours; ++t) {
      std::vector<double> kw(patterns.sites.size()), room(problem.sites);
      for (std::size_t p = 0; p < kw.size(); ++p) kw[p] = saved[p] ? patterns.kw(problem, p, t) : 0;
      for (SiteIndex s = 0; s < problem.sites; ++s) room[s] = problem.room(problem.at(t, s), capacity[s]);
      for (const SiteIndex s : survival.groups[g]) room[s] = 0;
      if (flow.lacking(kw, room, tolerance) == 0) continue;
      SurvivalCut cut = cut_of(problem, survival, flow, g, t, capacity);
      if (cut.lacks <= tolerance * cut.kw) continue;
      const auto [at, added] = worst.try_emplace(cut.sites, cut);
      if (!added && cut.lacks > at->second.lacks) at->second = std::move(cut);
    }
    for (auto& [sites, cut] : worst) out.push_back(std::move(cut));
  }
  return out;
}

SurvivingAnswer solve_surviving(SitingProblem problem, const Survival& survival,
                                const SitingOptions& options) {
  SurvivingAnswer out{.answer = {}, .problem = std::move(problem), .cuts = {}};
  const std::vector<bool> open =
      options.open.empty() ? std::vector<bool>(out.problem.columns.size(), true) : options.open;
  const auto add = [&](const std::vector<SurvivalCut>& cuts) {
    for (const SurvivalCut& cut : cuts) {
      out.problem.rows.push_back(cut.row);
      out.cuts.push_back(cut);
    }
  };
  for (; out.rounds < kMostRounds; ++out.rounds) {
    out.answer = solve_siting(out.problem, options);
    if (out.answer.plan.bound > options.give_up_above) return out;
    std::vector<SurvivalCut> broken =
        broken_cuts(out.problem, survival, capacity_of(out.problem, out.answer.plan.columns));
    out.survives = broken.empty() && out.answer.plan.keeps_rows();
    if (broken.empty() || out.answer.stopped) return out;
    add(broken);
    // What else would break once these are kept: cheap to ask now, for only capacity moves.
    for (int round = 0; round < kMostRounds; ++round) {
      const std::vector<double> columns =
          cheapest_columns(out.problem, open, capacity_of(out.problem, out.answer.plan.columns));
      if (columns.empty()) break;
      broken = broken_cuts(out.problem, survival, capacity_of(out.problem, columns));
      if (broken.empty()) break;
      add(broken);
    }
  }
  return out;
}

}  // namespace hinterland
