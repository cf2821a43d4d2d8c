// The sceptic's question over an atlas: capital and jobs inland, people to the coast, or neither?
//
// One share of the nation's capital is taken from the coast and placed inland, pro rata to what is there; or as many of the
// nation's people move to the coast because barriers around it fall (spatial_model.hpp). Both are held against the year of the
// accounts, in which nothing is moved. What the model assumes is drawn from its ranges; a draw in which regions empty is left
// out and counted.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/base/in_parallel.hpp"
#include "hinterland/impact/band.hpp"
#include "hinterland/impact/figure_swing.hpp"
#include "hinterland/impact/model_regions.hpp"
#include "hinterland/impact/spatial_model.hpp"

namespace hinterland {

inline constexpr double kMostMovedShare = 0.1;    // beyond, changes are no small ones
inline constexpr double kLeastMovedShare = 1e-4;  // below, changes drown in what the solver leaves open

struct PeopleQuestion {
  std::string grouping = kEachRegion;          // of the model's regions
  std::vector<std::string> coast = {"coast"};  // regions of the model, or groups made of whole ones
  double share = 0.01;                         // of the nation's capital, or of its people; from 1e-4 on
  double level = kBandLevel;
  std::size_t draws = 300;
  std::uint64_t seed = 1;
  std::size_t threads = kAllCores;
};

// What one way comes to. Inequality is Theil T of real income a head over the model's regions, taken apart by coast and inland.
struct PeopleCase {
  double output = 0, welfare = 0;  // changes, as shares
  double moved = 0;                // change of the coast's share of the people
  double ratio = 0;                // income a head, coast over inland
  double between_t = 0, within_t = 0;
  SpatialOutcome outcome;
};

struct PeopleBands {
  Band output, welfare, moved, ratio, between_t, within_t;
};

struct PeopleWay {
  std::string id, name, name_zh;  // "capital-inland", "people-to-coast"
  PeopleCase central;
  PeopleBands bands;
};

struct PeopleStudy {
  PeopleQuestion question;
  int year = 0;
  std::vector<ModelRegion> regions;
  std::vector<bool> coast;  // [region]
  SpatialWorld world;
  SpatialEconomy economy;  // as it stands
  PeopleCase before;
  PeopleWay capital, people;
  std::size_t draws = 0, left_out = 0;  // made; of these, left out
  bool interrupted = false;             // fewer were made than asked for
  // Shares of the draws in which ...
  double people_output = 0,
         people_welfare = 0;  // people to the coast gives more output, more welfare than capital inland
  double people_gain = 0, capital_gain = 0;  // the way raises welfare above that of the year
  double neither = 0;                        // neither does
  double lead = 0;                           // welfare of people over capital, as the figures stand
  std::vector<FigureSwing> drivers;          // of the lead; the strongest first
};

// Fails, naming the flag or table: no accounts, no row of spatial_economy, an unknown grouping or name, a coast that is all or
// nothing, a share too small to tell or beyond what the coast has, and a model that comes to no rest as the figures stand.
Expected<PeopleStudy> people_study(const Atlas& atlas, const PeopleQuestion& question, Progress& progress);

std::string people_json(const PeopleStudy& study);

}  // namespace hinterland
