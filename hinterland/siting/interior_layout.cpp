#include "hinterland/siting/interior_layout.hpp"

#include <algorithm>

namespace hinterland {

namespace {

constexpr std::uint32_t kClosed = 0xffffffff;
constexpr double kTraceOfDemand = 1e-5, kTraceOfRoom = 1e-7;

// [group x open sites + site] from [hour x sites + site].
LanesVector in_lanes(const InteriorLayout& layout, const std::vector<double>& cells) {
  LanesVector out(std::size_t{layout.groups} * layout.sites);
  for (std::uint32_t g = 0; g < layout.groups; ++g)
    for (std::uint32_t s = 0; s < layout.sites; ++s)
      for (std::uint32_t lane = 0; lane < kHoursTogether; ++lane)
        out[layout.cell(g, s)][lane] = cells[layout.problem->at(g * kHoursTogether + lane, layout.site[s])];
  return out;
}

// An interior needs some room everywhere; the certificate counts what there really is.
void raise_to_trace(LanesVector& room) {
  double most = 0;
  for (const Lanes& four : room)
    for (int lane = 0; lane < kLanes; ++lane) most = std::max(most, four[lane]);
  for (Lanes& four : room) four = larger(four, lanes(kTraceOfRoom * most));
}

void place_arcs(InteriorLayout& layout, const std::vector<std::uint32_t>& here) {
  layout.first_arc.push_back(0);
  for (const PromptDemand& demand : layout.problem->prompt) {
    for (std::size_t k = 0; k < demand.sites.size(); ++k)
      if (here[demand.sites[k]] != kClosed) {
        layout.arc_site.push_back(here[demand.sites[k]]);
        layout.arc_network.push_back(demand.network[k]);
      }
    layout.first_arc.push_back(static_cast<std::uint32_t>(layout.arc_site.size()));
    layout.unserved.push_back(demand.unserved);
  }
  layout.arcs = static_cast<std::uint32_t>(layout.arc_site.size());
}

void place_hubs(InteriorLayout& layout, const std::vector<std::uint32_t>& here) {
  for (const DeferrableDemand& demand : layout.problem->deferrable)
    for (const SiteIndex s : layout.site) layout.inflow_network.push_back(demand.network[s]);
  for (const Hub& hub : layout.problem->hubs) {
    InteriorLayout::HubPlace place{.first_group = hub.first_hour / kHoursTogether,
                                   .past_group = hub.past_hour / kHoursTogether,
                                   .sites = {},
                                   .first_outflow = layout.outflows,
                                   .first_deferral = layout.deferrals,
                                   .block = 0,
                                   .past_reach = 0};
    for (const SiteIndex s : hub.sites)
      if (here[s] != kClosed) place.sites.push_back(here[s]);
    layout.outflows += std::size_t{place.past_group - place.first_group} * layout.sites;
    layout.deferrals += hub.deferrals.size();
    for (const Deferral& deferral : hub.deferrals) {
      layout.deferral_demand.push_back(deferral.demand);
      layout.kwh.push_back(std::max(1e-6, deferral.kwh));
    }
    layout.hubs.push_back(std::move(place));
  }
}

bool fit_in_a_block(const InteriorLayout::HubPlace& one, const InteriorLayout::HubPlace& other) {
  return one.first_group == other.first_group && one.past_group == other.past_group &&
         std::ranges::find_first_of(one.sites, other.sites) == one.sites.end();
}

void gather_blocks(InteriorLayout& layout) {
  const auto count = static_cast<std::uint32_t>(layout.hubs.size());
  for (std::uint32_t b = 0; b < count; ++b) {
    bool fits = b > 0;
    for (std::uint32_t other = fits ? layout.block_first.back() : b; fits && other < b; ++other)
      fits = fit_in_a_block(layout.hubs[other], layout.hubs[b]);
    if (!fits) layout.block_first.push_back(b);
    layout.hubs[b].block = static_cast<std::uint32_t>(layout.block_first.size() - 1);
  }
  layout.block_first.push_back(count);
}

// Which hubs share hours, and which reach a group.
void find_reach(InteriorLayout& layout) {
  const auto count = static_cast<std::uint32_t>(layout.hubs.size());
  layout.first_hub.assign(layout.groups, count);
  layout.past_hub.assign(layout.groups, 0);
  std::uint32_t past = 0;
  for (std::uint32_t b = 0; b < count; ++b) {
    InteriorLayout::HubPlace& hub = layout.hubs[b];
    while (past < count && layout.hubs[past].first_group < hub.past_group) ++past;
    hub.past_reach = past;
    layout.band = std::max(layout.band, layout.hubs[past - 1].block - hub.block);
    for (std::uint32_t g = hub.first_group; g < hub.past_group; ++g) {
      layout.first_hub[g] = std::min(layout.first_hub[g], b);
      layout.past_hub[g] = std::max(layout.past_hub[g], b + 1);
    }
  }
}

void fill_rooms(InteriorLayout& layout) {
  const SitingProblem& problem = *layout.problem;
  layout.energy = in_lanes(layout, problem.energy);
  layout.availability = in_lanes(layout, problem.availability);
  raise_to_trace(layout.availability);
  for (const Cap& cap : problem.caps) {
    layout.intensity.push_back(in_lanes(layout, cap.intensity));
    const double use = most_use(problem, cap);
    layout.cap_most.push_back(use > 0 ? std::min(cap.most, 2 * use) : cap.most);
  }
  if (problem.power_limit.empty()) return;
  // A limit that capacity keeps anyway needs no number beyond it.
  const double best = *std::ranges::max_element(problem.availability);
  std::vector<double> most(layout.sites);
  for (std::size_t k = 0; k < layout.column.size(); ++k)
    most[layout.column_site[k]] += 2 * best * problem.columns[layout.column[k]].most;
  layout.power_limit = in_lanes(layout, problem.power_limit);
  for (std::size_t c = 0; c < layout.power_limit.size(); ++c)
    layout.power_limit[c] = smaller(layout.power_limit[c], lanes(most[c % layout.sites]));
  raise_to_trace(layout.power_limit);
}

// Some demand everywhere, for the reason that there is some room.
void fill_demands(InteriorLayout& layout) {
  const SitingProblem& problem = *layout.problem;
  std::vector<double> least(layout.demands);
  for (std::size_t k = 0; k < problem.prompt_kw.size(); ++k)
    least[k % layout.demands] += kTraceOfDemand * problem.prompt_kw[k] / problem.hours;
  layout.prompt_kw.resize(std::size_t{layout.groups} * layout.demands);
  for (std::uint32_t g = 0; g < layout.groups; ++g)
    for (std::uint32_t i = 0; i < layout.demands; ++i)
      for (std::uint32_t lane = 0; lane < kHoursTogether; ++lane)
        layout.prompt_kw[std::size_t{g} * layout.demands + i][lane] = std::max(
            {1e-6, least[i], problem.prompt_kw[std::size_t{g * kHoursTogether + lane} * layout.demands + i]});
}

}  // namespace

InteriorLayout::InteriorLayout(const SitingProblem& given, const std::vector<bool>& open)
    : problem(&given),
      groups(given.hours / kHoursTogether),
      demands(static_cast<std::uint32_t>(given.prompt.size())),
      caps(static_cast<std::uint32_t>(given.caps.size())) {
  std::vector<std::uint32_t> here(given.sites, kClosed);
  for (std::uint32_t k = 0; k < given.columns.size(); ++k)
    if (open[k] && given.columns[k].most > 0) {
      column.push_back(k);
      here[given.columns[k].site] = 0;
    }
  for (SiteIndex s = 0; s < given.sites; ++s)
    if (here[s] != kClosed) {
      here[s] = sites++;
      site.push_back(s);
    }
  border = sites + caps;
  rows = (sites + kLanes - 1) / kLanes * kLanes;
  for (const std::uint32_t k : column) column_site.push_back(here[given.columns[k].site]);
  place_arcs(*this, here);
  place_hubs(*this, here);
  gather_blocks(*this);
  find_reach(*this);
  fill_rooms(*this);
  fill_demands(*this);
}

}  // namespace hinterland
