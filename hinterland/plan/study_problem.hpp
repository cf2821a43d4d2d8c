// A study and an atlas as numbers: the siting problem that is solved, and what its indices mean.
//
//   energy        what `cost` says a busy kW of the study's server costs at the site in that hour: power, carbon and water at
//                 their charges, capacity not (sunk); money per IT kWh. A server that serves nothing is switched off.
//   capacity      of a site in up to three columns, each with its largest size:
//                   kept    servers that stand there, at what keeping them costs; their price is sunk
//                   filled  servers bought for racks that stand empty: the annuity of the servers
//                   new     servers and a building for them: annuities of both and interest on land (cost/price.hpp)
//   network       GB per kWh of the class x price of a GB; 0 at home, where the data are
//   allowed       latency, residency, certification, hazard: cost/allowed.hpp. A region without a metro site of its own is
//                 measured from its own coordinates
//   demand        share x mean power x region's share x shape of the hour; classes that may wait go to hubs
//
// Weekdays: the model year begins with a Monday.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "hinterland/cost/price.hpp"
#include "hinterland/cost/rate_year.hpp"
#include "hinterland/plan/study.hpp"
#include "hinterland/siting/survival.hpp"
#include "hinterland/work/workload.hpp"

namespace hinterland {

enum class ColumnKind { kept, filled, fresh };

// Which demand an index stands for.
struct DemandOf {
  std::size_t demand = 0;  // of the study
  const Region* region = nullptr;
  const Site* home = nullptr;  // where it is served today
};

// One row of a limit; `rule` is the field of the study that asks for it.
struct LimitRow {
  StudyLimit limit;
  std::string rule;
  double asked = 0;  // kW, or a share
  bool is_share = false;
};

// As the study has it, or one of its scenarios. Its demand and availability count by its weight.
struct PlannedYear {
  double weight = 1;
  const StudyScenario* scenario = nullptr;
  const Hazard* hazard = nullptr;  // of the scenario
  std::size_t hazard_from = 0;     // hour of the model year
  Hours hazard_length;
};

// Points into the atlas and the study, which must outlive it.
struct StudyProblem {
  SitingProblem numbers;
  Survival survival;
  std::vector<const Hazard*> hazards;  // [group of survival]
  std::vector<const Site*> sites;      // [site]
  std::vector<ColumnKind> kinds;       // [column]
  std::vector<DemandOf> prompt, deferrable;
  std::vector<StudyCap> caps;     // [cap]
  std::vector<LimitRow> limits;   // [row] of the numbers, which are the first
  std::vector<Hub> relaxed_hubs;  // windows both: those of relaxed, instead of the numbers'
  std::vector<PlannedYear>
      years;                   // one after another, equally many hours each; more than one only in a hedge
  std::size_t first_hour = 0;  // of the model year
  std::vector<double> carbon, water;  // [hour x sites + site] kg, litres per IT kWh
  std::vector<double> pue;            // [hour x sites + site] facility kWh per IT kWh
  double demand_kwh = 0;              // all that is asked for; of a hedge, in the mean of its years
  double demand_peak_kw = 0;
  const Offer* offer = nullptr;  // the line that bytes take
  double gb_price = 0;           // money, by that line
  double unserved_price = 0;     // money per kWh that nobody serves
  double people_cost = 0;        // of moving them, where that is asked; part of no column

  [[nodiscard]] const Hazard& hazard(std::size_t group) const { return *hazards[group]; }
  [[nodiscard]] std::uint32_t year_hours() const {
    return numbers.hours / static_cast<std::uint32_t>(years.size());
  }
  [[nodiscard]] const PlannedYear& year_of(std::uint32_t hour) const { return years[hour / year_hours()]; }
};

// Where demand may be served and what may be used, of all that the study allows.
enum class Choice { free, stay, fill, build, people };

struct StudyCase {
  Choice choice = Choice::free;
  bool with_people = false;                 // free: people move too
  const StudyScenario* scenario = nullptr;  // instead of the year as planned
  bool today = false;                       // demand of today, not of the year planned for
  bool hedged = true;                       // false: the year as planned alone, whatever the study says
};

// The sites that take part. Fails where they are more than kMostSites.
Expected<std::vector<const Site*>> sites_of(const Study& study, const Atlas& atlas);

// All that is wrong with the study for this atlas is listed: unknown names, no demand, a class that no site may serve.
Expected<StudyProblem> study_problem(const Study& study, const Atlas& atlas, const RateYear& rates,
                                     const Charges& charges, const WorkFolders& folders,
                                     const StudyCase& which = {});

}  // namespace hinterland
