#include "hinterland/siting/interior_layout.hpp"

#include <algorithm>

namespace hinterland {

namespace {

constexpr std::uint32_t kClosed = 0xffffffff;

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
  constexpr double kTrace = 1e-7;
  double most = 0;
  for (const Lanes& four : room)
    for (int lane = 0; lane < kLanes; ++lane) most = std::max(most, four[lane]);
  for (Lanes& four : room) four = larger(four, lanes(kTrace * most));
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
  for (const std::uint32_t k : column) column_site.push_back(here[given.columns[k].site]);

  first_arc.push_back(0);
  for (const PromptDemand& demand : given.prompt) {
    for (std::size_t k = 0; k < demand.sites.size(); ++k)
      if (here[demand.sites[k]] != kClosed) {
        arc_site.push_back(here[demand.sites[k]]);
        arc_network.push_back(demand.network[k]);
      }
    first_arc.push_back(static_cast<std::uint32_t>(arc_site.size()));
    unserved.push_back(demand.unserved);
  }
  arcs = static_cast<std::uint32_t>(arc_site.size());

  for (const DeferrableDemand& demand : given.deferrable)
    for (const SiteIndex s : site) inflow_network.push_back(demand.network[s]);
  for (const Hub& hub : given.hubs) {
    HubPlace place{.first_group = hub.first_hour / kHoursTogether,
                   .past_group = hub.past_hour / kHoursTogether,
                   .sites = {},
                   .first_outflow = outflows,
                   .first_deferral = deferrals,
                   .past_reach = 0};
    for (const SiteIndex s : hub.sites)
      if (here[s] != kClosed) place.sites.push_back(here[s]);
    outflows += std::size_t{place.past_group - place.first_group} * sites;
    deferrals += hub.deferrals.size();
    for (const Deferral& deferral : hub.deferrals) {
      deferral_demand.push_back(deferral.demand);
      kwh.push_back(std::max(1e-6, deferral.kwh));
    }
    hubs.push_back(std::move(place));
  }
  first_hub.assign(groups, static_cast<std::uint32_t>(hubs.size()));
  past_hub.assign(groups, 0);
  std::uint32_t past = 0;
  for (std::uint32_t b = 0; b < hubs.size(); ++b) {
    while (past < hubs.size() && hubs[past].first_group < hubs[b].past_group) ++past;
    hubs[b].past_reach = past;
    band = std::max(band, past - b - 1);
    for (std::uint32_t g = hubs[b].first_group; g < hubs[b].past_group; ++g) {
      first_hub[g] = std::min(first_hub[g], b);
      past_hub[g] = std::max(past_hub[g], b + 1);
    }
  }

  energy = in_lanes(*this, given.energy);
  availability = in_lanes(*this, given.availability);
  if (!given.power_limit.empty()) power_limit = in_lanes(*this, given.power_limit);
  raise_to_trace(availability);
  std::vector<double> most(sites);
  const double best = given.availability.empty() ? 0 : *std::ranges::max_element(given.availability);
  for (const std::uint32_t k : column) most[here[given.columns[k].site]] += given.columns[k].most;
  // A limit that capacity keeps anyway needs no number beyond it.
  for (std::size_t c = 0; c < power_limit.size(); ++c)
    power_limit[c] = smaller(power_limit[c], lanes(2 * best * most[c % sites]));
  raise_to_trace(power_limit);
  for (const Cap& cap : given.caps) intensity.push_back(in_lanes(*this, cap.intensity));

  // Some demand everywhere, for the same reason.
  constexpr double kTrace = 1e-5;
  std::vector<double> least(demands);
  for (std::size_t k = 0; k < given.prompt_kw.size(); ++k)
    least[k % demands] += kTrace * given.prompt_kw[k] / given.hours;
  prompt_kw.resize(std::size_t{groups} * demands);
  for (std::uint32_t g = 0; g < groups; ++g)
    for (std::uint32_t i = 0; i < demands; ++i)
      for (std::uint32_t lane = 0; lane < kHoursTogether; ++lane)
        prompt_kw[std::size_t{g} * demands + i][lane] =
            std::max({1e-6, least[i], given.prompt_kw[std::size_t{g * kHoursTogether + lane} * demands + i]});
}

}  // namespace hinterland
