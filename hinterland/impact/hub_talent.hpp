// A site's skilled people under all that is not known of them: draws of staffing and flows, each a course of talent.hpp.
//
// The hub is a site of the atlas: what runs there is capacity x rack_fill x server_use, what is wanted what stands unsold there,
// or so many MW as somebody says; the people are the region's in its last account. Each figure with a range is drawn from its
// triangle, independently of the others.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/base/progress.hpp"
#include "hinterland/base/spread.hpp"
#include "hinterland/impact/band.hpp"
#include "hinterland/impact/figure_swing.hpp"
#include "hinterland/impact/talent.hpp"

namespace hinterland {

struct HubTalentQuestion {
  SiteId site;
  std::optional<Kilowatts> wanted;
  double years = 5;
  double plan_years = 1;  // over which a plan's ramp has the fill's mean
  double level = kBandLevel;
  std::size_t draws = 2000;
  std::uint64_t seed = 1;
};

// At a time from now.
struct TalentPoint {
  double years = 0;
  Band stock;  // people
  Band staffed_mw;
  Band fill;
  Band pay_that_stays;
};

struct HubTalent {
  const Site* site = nullptr;
  const Region* region = nullptr;
  int year = 0;  // of the people
  HubTalentQuestion question;
  TalentHub hub;
  double inflow = 0, needed = 0;  // people a year; people on the spot for all of it: as the atlas stands
  std::vector<TalentPoint> points;
  Band full_after;   // years; infinity: never
  double never = 0;  // share of the draws
  Band mean_fill;    // over the plan's years
  double central_mean_fill = 0;
  Band filled_from;
  Band mw_per_year;                  // that can be staffed over the plan's years
  Range staff_leakage;               // of the atlas, which `assess plan` takes instead of what the flows say
  std::vector<FigureSwing> drivers;  // of the mean fill over the plan's years; the strongest first
};

// Fails for an unknown site, nothing wanted, where the atlas has no account of the region, no staffing or no flows, and where
// `progress`, which counts the times looked at, asks to stop.
Expected<HubTalent> hub_talent(const Atlas& atlas, const HubTalentQuestion& question, Progress& progress);

std::string hub_talent_json(const HubTalent& result);

}  // namespace hinterland
