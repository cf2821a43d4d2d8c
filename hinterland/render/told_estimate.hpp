// What the rest of a render costs and when it is there (estimate.hpp), as its user is told: from the frames that came, at the places
// that the broker has, with what speaks against it.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hinterland/render/estimate.hpp"
#include "hinterland/render/manifest.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// What the broker says of a class's places, for those who price it.
struct ClassPlaces {
  std::string workload, from, currency;
  std::vector<std::pair<SiteId, std::string>> deals;  // of each pool, as --home and --away name them
  std::size_t at_once = 0;                            // tasks
};

// Sites that are priced at once: that at home by one deal, all others by another, each as --home and --away name them.
struct SitesAtDeal {
  std::vector<SiteId> sites;
  std::string home, away;
};

// Each pool is priced by what is paid for it, and not by what pools have in common: so there are as many of these as there are deals on
// the side that has more. A site is in several where its pools differ. `said`: by the user, for all pools there; empty: nothing.
// Where no pool is, a price stands only beside the others: "built" at home, "auto" elsewhere, as judge has it.
std::vector<SitesAtDeal> sites_by_deal(const ClassPlaces& places, const SiteId& home,
                                       const std::string& said_home, const std::string& said_away);

struct PricedSites {
  std::vector<SiteId> sites;
  Capacity home, away;
};

struct ToldEstimate {
  RenderEstimate estimate;
  Page page;
  std::optional<MoneyRange>
      price;  // of all that is priced: the cheapest site's low and central, the dearest one's high
  std::string currency;
  Errors no;       // why it is not to be rendered so: it cannot be in time, or costs more than the budget
  Errors perhaps;  // what may come to that
};

// Of `left`, from what came. None: too few came for anything to be said.
std::optional<Forecast> forecast_of(const RenderManifest& manifest, const Frames& left);

struct EstimateTerms {
  ClassPlaces places;
  Workload like;
  std::vector<PricedSites> priced;  // not empty
  TaskSize task;
  std::size_t fixed_chunk = 0;  // as estimate_render() has it
  Instant now;
  std::optional<Hours> left;  // until the deadline; less than 0 where it is past
  std::optional<double> budget;
  double spent = 0;  // of it
};

// Why nothing is rendered then.
Error deadline_is_past();

// Fails as price_render() does.
Expected<ToldEstimate> tell_estimate(const Atlas& atlas, const RateYear& rates,
                                     const RenderManifest& manifest, const Frames& left,
                                     const Forecast& forecast, const EstimateTerms& terms);

nlohmann::ordered_json estimate_json(const ToldEstimate& told);

}  // namespace hinterland
