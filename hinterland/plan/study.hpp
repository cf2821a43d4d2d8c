// A study: where capacity is wanted, for which demand, under which rules, as one TOML file.
//
//   name = "Ten clusters and eight metros"
//   server = "cpu-server"            # capacity of one type of server; other types are another study
//   survive = ["drought-2011"]       # hazards of the atlas whose loss critical demand must survive
//
//   [demand.web]                     # one class of work, in every region
//   class = "web.toml"               # a preset, or a workload's TOML file
//   share = 0.3                      # of demand_mw; or mw = 1200; or table = "demand.csv" with region,mw
//   critical = true
//
//   [sites.guian]                    # what differs from the atlas
//   new_mw = 400
//
//   [caps.carbon]
//   kind = "carbon"
//   most = 9e6                       # t over the study; for water m3
//
//   [limits.grid-queue]
//   of = "new"                       # what is counted: new buildings, all that is bought, or all that there is
//   sites = ["guian", "zhongwei"]
//   most_mw_per_year = 300
//
//   [scenarios.drought]              # a year that may come, and how likely it is
//   hazard = "drought-2011"
//   left = 0.4
//   probability = 0.05
//
//   [people]                         # moving people and firms instead
//   share = 0.05
//   to = "guangdong"
//   cost_per_person_year = 12000
//
// Every value can be set from outside: `days=28`, `demand.web.share=0.4`, `sites.guian.new_mw=0`.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/base/record.hpp"

namespace hinterland {

enum class Windows { day, kept, relaxed, both };
enum class Unreached { refuse, nearest };
enum class Users { region, home };
enum class SpreadBy { gdp, population };
enum class YesNo { no, yes };

// One class of work; its mean IT power over the study by region.
struct StudyDemand {
  std::string key;
  WorkloadId workload;
  std::optional<double> share;
  std::optional<Kilowatts> power;
  std::string table, model;
  std::vector<double> daily;  // [24] shape of a day, any scale; empty: flat, or the model's
  double weekend = 1;         // a Saturday's or Sunday's hour against the same of a working day
  double growth_per_year = 0;
  YesNo critical = YesNo::no;
};

// What the study says of a site instead of the atlas.
struct StudySite {
  std::string key;  // the site's id
  std::optional<Kilowatts> existing, empty_racks, largest_new, power;
  double availability = 1;
  std::optional<Money> keep, fixed;
};

enum class CapKind { carbon, water };

struct StudyCap {
  std::string key;
  CapKind kind = CapKind::carbon;
  double most = 0;            // t, m3
  std::vector<SiteId> sites;  // empty: all
};

enum class Counted { fresh, bought, all };

// What some sites may have of capacity, or must.
struct StudyLimit {
  std::string key;
  Counted of = Counted::all;
  std::vector<SiteId> sites;  // empty: all
  std::optional<Kilowatts> least, most, most_per_year;
  std::optional<double> least_share, most_share;  // of what all sites have
};

// A year that may come: what differs in it.
struct StudyScenario {
  std::string key;
  double probability = 0;
  double demand = 1;       // of the study's
  double filled_from = 1;  // share of it that is there at the beginning; the rest comes evenly
  HazardId hazard;
  std::string from = "07-01";
  Hours length;
  double left = 1;          // of the capacity in the footprint
  double price_factor = 1;  // of its energy
  double carbon_price = 0;  // money a tonne, on top
};

struct StudyPeople {
  std::string key;
  double share = 0;
  RegionId to;
  Money cost;  // a person and year
};

struct Study {
  std::string file, name, start = "01-01", offer;
  std::vector<std::string> assignments;
  ServerId server;
  double days = 365;
  Windows windows = Windows::kept;
  double wait_hours = 24;
  std::optional<Kilowatts> demand;
  SpreadBy spread = SpreadBy::gdp;
  Unreached unreached = Unreached::refuse;
  Users users = Users::region;
  double years_ahead = 0;
  double filled_from = 1;
  MoneyPerKwh unserved;
  Kilowatts largest_new;
  Money keep, fixed;
  double gap = 1e-4;
  std::vector<SiteId> only;
  std::vector<std::string> survive;
  YesNo hedge = YesNo::no;
  std::vector<StudyDemand> demands;
  std::vector<StudySite> sites;
  std::vector<StudyCap> caps;
  std::vector<StudyLimit> limits;
  std::vector<StudyScenario> scenarios;
  std::optional<StudyPeople> people;

  // In which what is built until the year planned for can be built: at least one.
  [[nodiscard]] double years_to_build() const { return years_ahead < 1 ? 1 : years_ahead; }
  // Of demand_mw, what the classes' shares leave to none; 0 where no class has a share of it.
  [[nodiscard]] double share_of_no_class() const;
  // Somewhere, whether or not anything is built there.
  [[nodiscard]] bool opening_costs() const;
};

Fields<Study> study_fields();
Fields<StudyDemand> study_demand_fields();
Fields<StudySite> study_site_fields();
Fields<StudyCap> study_cap_fields();
Fields<StudyLimit> study_limit_fields();
Fields<StudyScenario> study_scenario_fields();
Fields<StudyPeople> study_people_fields();

// Reads and checks; all problems are listed. What the atlas has to say comes with study_problem().
Expected<Study> parse_study(std::string_view toml, const std::string& file,
                            const std::vector<std::string>& assignments = {});
// The same from a file; files that it names are looked for beside it first, then in the working folder.
Expected<Study> load_study(const std::string& file, const std::vector<std::string>& assignments = {});

// Whether the assignment is to a value of the study. One to `sites` is the study's if its field is: sites.guian.new_mw.
// One outside any table is, known or not: the atlas has none.
bool is_study_assignment(const std::string& assignment);

}  // namespace hinterland
