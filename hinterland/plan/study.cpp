#include "hinterland/plan/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "hinterland/base/file.hpp"
#include "hinterland/base/section.hpp"
#include "hinterland/base/time.hpp"

namespace hinterland {

namespace {

constexpr std::array<std::string_view, 6> kSections = {"demand", "sites",     "caps",
                                                       "limits", "scenarios", "people"};
constexpr double kMegawatt = kKilowattsPerMegawatt;
constexpr double kMostMegawatts = 1e7;
constexpr double kShareError = 1e-9;  // of a sum of shares, from their decimals

}  // namespace

Fields<Study> study_fields() {
  return {
      field("name", &Study::name).documented("what it is, in a line"),
      field("server", &Study::server).documented("type of server whose capacity is planned"),
      field("start", &Study::start)
          .by_default("01-01")
          .documented("day of the model year with which it begins"),
      field("days", &Study::days)
          .within(1, 365)
          .by_default("365")
          .documented("how long it is; a whole number"),
      choice("windows", &Study::windows, {"day", "kept", "relaxed", "both"})
          .by_default("kept")
          .documented(
              "work that may wait: kept: it runs after it came and before it is due; relaxed: up to 4 h "
              "more (a bound); both: the plan of kept, and what relaxed bounds it by; day: within the day it "
              "came, even before "
              "it (for benchmarks)"),
      field("wait_hours", &Study::wait_hours)
          .within(8, 96)
          .by_default("24")
          .documented("how long classes wait that may wait as long or longer; a multiple of 4. Others are "
                      "served as they come"),
      field("demand_mw", &Study::demand, kMegawatt)
          .above(0, kMostMegawatts)
          .documented("mean IT power of all demand of today; else what the atlas's sites have sold"),
      choice("spread", &Study::spread, {"gdp", "population"})
          .by_default("gdp")
          .documented("how demand is spread over the regions"),
      choice("unreached", &Study::unreached, {"refuse", "nearest"})
          .by_default("refuse")
          .documented(
              "demand that no site reaches in time: refuse the study, or let the nearest site that is "
              "otherwise allowed serve it"),
      choice("users", &Study::users, {"region", "home"})
          .by_default("region")
          .documented(
              "where latency is measured from: the region itself, where it has no metro site of its own; or "
              "the metro site that serves it today, as `simulate` does"),
      field("years_ahead", &Study::years_ahead)
          .within(0, 30)
          .by_default("0")
          .documented("the year that is planned for; demand grows until then"),
      field("filled_from", &Study::filled_from)
          .within(0, 1)
          .by_default("1")
          .documented("share of the demand that is there at the beginning; the rest comes evenly"),
      field("unserved_$_per_kwh", &Study::unserved)
          .above(0, 1e6)
          .by_default("30")
          .documented("what a kWh costs that nobody serves"),
      field("largest_new_mw", &Study::largest_new, kMegawatt)
          .within(0, kMostMegawatts)
          .by_default("1000")
          .documented("largest new building at a site"),
      field("keep_$_per_kw_year", &Study::keep)
          .within(0, 1e6)
          .by_default("0")
          .documented(
              "what keeping an existing kW costs and giving it up saves; what was paid for it is sunk"),
      field("fixed_$_per_year", &Study::fixed)
          .within(0, 1e12)
          .by_default("0")
          .documented("of a new building, whatever its size"),
      field("offer", &Study::offer)
          .optional()
          .documented("line by which bytes move, of the atlas's networks; else the one with the cheapest GB"),
      field("gap", &Study::gap)
          .within(1e-6, 1)
          .by_default("0.0001")
          .documented("certified (objective - bound) / objective that is good enough"),
      field("only", &Study::only)
          .optional()
          .documented("sites that take part, at most 64; else all of the atlas"),
      field("survive", &Study::survive)
          .optional()
          .documented("hazards whose loss critical demand must survive; \"all\": every one of the atlas"),
      choice("hedge", &Study::hedge, {"no", "yes"})
          .by_default("no")
          .documented("yes: one capacity for all scenarios, weighted by their probability"),
  };
}

Fields<StudyDemand> study_demand_fields() {
  return {
      field("class", &StudyDemand::workload).documented("preset or TOML file of a workload"),
      field("share", &StudyDemand::share).within(0, 1).documented("of demand_mw; or give mw or table"),
      field("mw", &StudyDemand::power, kMegawatt)
          .within(0, kMostMegawatts)
          .documented("mean IT power over all regions"),
      field("table", &StudyDemand::table)
          .optional()
          .documented("CSV with the columns region,mw: mean IT power in each"),
      field("model", &StudyDemand::model)
          .optional()
          .documented("trace model whose hours and weekdays it has"),
      field("daily", &StudyDemand::daily)
          .within(0, 1e9)
          .documented("24 numbers from midnight, standard time, the shape of a day at any scale; else flat"),
      field("weekend", &StudyDemand::weekend)
          .within(0, 100)
          .by_default("1")
          .documented("an hour of a Saturday or Sunday against the same hour of a working day"),
      field("growth_per_year", &StudyDemand::growth_per_year)
          .within(-0.99, 10)
          .by_default("0")
          .documented("until the year planned for"),
      choice("critical", &StudyDemand::critical, {"no", "yes"})
          .by_default("no")
          .documented("yes: must be served even when a hazard takes its sites; of work that does not wait"),
  };
}

Fields<StudySite> study_site_fields() {
  return {
      field("existing_mw", &StudySite::existing, kMegawatt)
          .within(0, kMostMegawatts)
          .documented("servers that stand there; else capacity x rack_fill of the atlas"),
      field("empty_racks_mw", &StudySite::empty_racks, kMegawatt)
          .within(0, kMostMegawatts)
          .documented("racks built and empty; else the rest of the atlas's capacity"),
      field("new_mw", &StudySite::largest_new, kMegawatt)
          .within(0, kMostMegawatts)
          .documented("largest new building; else largest_new_mw"),
      field("power_mw", &StudySite::power, kMegawatt)
          .within(0, kMostMegawatts)
          .documented("what the grid gives, cooling included; else no limit"),
      field("availability", &StudySite::availability)
          .within(0, 1)
          .by_default("1")
          .documented("of the capacity, in every hour"),
      field("keep_$_per_kw_year", &StudySite::keep).within(0, 1e6).documented("instead of the study's"),
      field("fixed_$_per_year", &StudySite::fixed).within(0, 1e12).documented("instead of the study's"),
  };
}

Fields<StudyCap> study_cap_fields() {
  return {
      choice("kind", &StudyCap::kind, {"carbon", "water"}).documented("what is capped"),
      field("most", &StudyCap::most)
          .within(0, 1e15)
          .documented("over the study: t of CO2 (location-based, of the energy), m3 of water"),
      field("sites", &StudyCap::sites).optional().documented("whose; else all"),
  };
}

Fields<StudyLimit> study_limit_fields() {
  return {
      choice("of", &StudyLimit::of, {"new", "bought", "all"})
          .by_default("all")
          .documented("what is counted: new buildings; servers for empty racks too; kept servers too"),
      field("sites", &StudyLimit::sites).optional().documented("whose; else all"),
      field("least_mw", &StudyLimit::least, kMegawatt)
          .within(0, kMostMegawatts)
          .documented("these sites have as much"),
      field("most_mw", &StudyLimit::most, kMegawatt)
          .within(0, kMostMegawatts)
          .documented("these sites have no more"),
      field("most_mw_per_year", &StudyLimit::most_per_year, kMegawatt)
          .within(0, kMostMegawatts)
          .documented(
              "a rate of building: no more for each of the years_ahead, of which there is at least one"),
      field("least_share", &StudyLimit::least_share)
          .within(0, 1)
          .documented("of what is counted at all sites, these have as much"),
      field("most_share", &StudyLimit::most_share)
          .within(0, 1)
          .documented("of what is counted at all sites, these have no more"),
  };
}

Fields<StudyScenario> study_scenario_fields() {
  return {
      field("probability", &StudyScenario::probability)
          .within(0, 1)
          .by_default("0")
          .documented("of this year; what is left to 1 is the year as planned"),
      field("demand", &StudyScenario::demand)
          .within(0, 100)
          .by_default("1")
          .documented("factor on all demand"),
      field("filled_from", &StudyScenario::filled_from)
          .within(0, 1)
          .by_default("1")
          .documented("share of the demand that is there at the beginning; the rest comes evenly"),
      field("hazard", &StudyScenario::hazard).optional().documented("of the atlas: whose footprint suffers"),
      field("from", &StudyScenario::from).by_default("07-01").documented("when the hazard comes"),
      field("hours", &StudyScenario::length)
          .within(0, 8760)
          .by_default("0")
          .documented("how long it stays; 0: as long as the atlas says"),
      field("left", &StudyScenario::left)
          .within(0, 1)
          .by_default("1")
          .documented("share of the capacity in the footprint that still runs"),
      field("price_factor", &StudyScenario::price_factor)
          .within(0, 100)
          .by_default("1")
          .documented("on the price of energy in the footprint"),
      field("carbon_price_$_per_t", &StudyScenario::carbon_price)
          .within(0, 1e6)
          .by_default("0")
          .documented("on top of what is charged anyway"),
  };
}

Fields<StudyPeople> study_people_fields() {
  return {
      field("share", &StudyPeople::share)
          .within(0, 1)
          .documented("of the people of every region without a metro site, and of its demand, that moves"),
      field("to", &StudyPeople::to).documented("region they move to"),
      field("cost_$_per_person_year", &StudyPeople::cost)
          .within(0, 1e9)
          .documented("what moving a person costs, as a yearly amount"),
  };
}

namespace {

class WholeCheck {
 public:
  WholeCheck(const Study& study, Errors& errors) : study_(study), errors_(errors) {}

  void run() {
    if (study_.demands.empty()) complain("demand", "no demand", "Add [demand.NAME] with a class.");
    if (study_.days != static_cast<int>(study_.days)) complain("days", "no whole number", "Give whole days.");
    if (static_cast<int>(study_.wait_hours) % 4 != 0 ||
        study_.wait_hours != static_cast<int>(study_.wait_hours))
      complain("wait_hours", "no multiple of 4", "Give 8, 12, 16, 20, 24 ...");
    check_hour("start", study_.start);
    double shares = 0, chances = 0;
    for (const StudyDemand& demand : study_.demands) {
      check(demand);
      shares += demand.share.value_or(0);
    }
    if (shares > 1 + kShareError)
      complain("demand", fmt::format("shares sum to {:.6g}", shares), "Let them sum to 1 at most.");
    for (const StudyLimit& limit : study_.limits) check(limit);
    for (const StudyScenario& scenario : study_.scenarios) {
      check_hour("scenarios." + scenario.key + ".from", scenario.from);
      chances += scenario.probability;
    }
    if (chances > 1 + kShareError)
      complain("scenarios", fmt::format("probabilities sum to {:.6g}", chances),
               "Let them sum to 1 at most.");
    if (study_.hedge == YesNo::yes && chances == 0)
      complain("hedge", "nothing to hedge against: no scenario has a probability",
               "Give [scenarios.NAME] a probability.");
  }

 private:
  void complain(const std::string& field, std::string what, std::string mend) {
    add_error(
        errors_,
        {.what = std::move(what), .where = {.file = study_.file, .field = field}, .mend = std::move(mend)});
  }
  void check_hour(const std::string& field, const std::string& text) {
    if (!parse_model_hour(text))
      complain(field, in_quotes(text) + " is no hour of the year", "Write 07-10 or 07-10T08.");
  }
  void check(const StudyDemand& demand) {
    const std::string at = "demand." + demand.key;
    const int ways = (demand.share ? 1 : 0) + (demand.power ? 1 : 0) + (demand.table.empty() ? 0 : 1);
    if (ways != 1) complain(at, "needs one of share, mw and table", "Give just one of them.");
    if (!demand.daily.empty() && demand.daily.size() != 24)
      complain(at + ".daily", fmt::format("{} numbers where a day has 24 hours", demand.daily.size()),
               "Give one for each hour.");
    if (!demand.daily.empty() && std::ranges::max(demand.daily) == 0)
      complain(at + ".daily", "no hour has any demand", "Give a number above 0.");
    if (!demand.daily.empty() && !demand.model.empty())
      complain(at, "`daily` and `model` both give the shape of a day", "Give one of them.");
  }

  void check(const StudyLimit& limit) {
    const std::string at = "limits." + limit.key;
    const bool shares = limit.least_share || limit.most_share;
    if (!limit.least && !limit.most && !limit.most_per_year && !shares)
      complain(at, "limits nothing", "Give least_mw, most_mw, most_mw_per_year, least_share or most_share.");
    if (shares && limit.sites.empty())
      complain(at, "all sites' share of all is 1", "Name the sites whose share is limited.");
    const auto above = [&](const std::string& least, auto low, const std::string& most, auto high) {
      if (low > high)
        complain(at + "." + least, fmt::format("is more than {} leaves", most), "Let it be less.");
    };
    if (limit.least && limit.most) above("least_mw", *limit.least, "most_mw", *limit.most);
    if (limit.least && limit.most_per_year)
      above("least_mw", *limit.least, "most_mw_per_year", study_.years_to_build() * *limit.most_per_year);
    if (limit.least_share && limit.most_share)
      above("least_share", *limit.least_share, "most_share", *limit.most_share);
  }

  const Study& study_;
  Errors& errors_;
};

template <class Record>
bool has_field(const Fields<Record>& fields, std::string_view name) {
  return std::ranges::find(fields, name, &Field::name) != fields.end();
}

}  // namespace

double Study::share_of_no_class() const {
  double shares = 0;
  for (const StudyDemand& one : demands) shares += one.share.value_or(0);
  const double left = 1 - shares;
  return shares > 0 && left > kShareError ? left : 0;
}

bool Study::opening_costs() const {
  return fixed.value > 0 || std::ranges::any_of(sites, [](const StudySite& site) {
           return site.fixed && site.fixed->value > 0;
         });
}

bool is_study_assignment(const std::string& assignment) {
  if (!is_assignment_to(assignment, kSections)) return false;
  if (!assignment.starts_with("sites.")) return true;
  const std::string path = assignment.substr(0, assignment.find('='));
  return has_field(without_currency(study_site_fields()), path.substr(path.rfind('.') + 1));
}

Expected<Study> parse_study(std::string_view toml, const std::string& file,
                            const std::vector<std::string>& assignments) {
  auto table = parse_toml(toml, file);
  if (!table) return std::unexpected(table.error());
  put_assignments(*table, assignments);
  Errors errors;
  Study study;
  study.file = file;
  study.assignments = assignments;
  read_record(top_of(*table, kSections), without_currency(study_fields()), study, errors);
  read_section(*table, "demand", study_demand_fields(), study.demands, errors);
  read_section(*table, "sites", study_site_fields(), study.sites, errors);
  read_section(*table, "caps", study_cap_fields(), study.caps, errors);
  read_section(*table, "limits", study_limit_fields(), study.limits, errors);
  read_section(*table, "scenarios", study_scenario_fields(), study.scenarios, errors);
  if (const TomlEntry* people = table->find("people")) {
    const auto* inner = std::get_if<TomlTable>(&people->value);
    if (inner == nullptr) {
      add_error(errors, {.what = "is no table", .where = people->where, .mend = "Write [people]."});
    } else {
      study.people.emplace();
      read_record(*inner, without_currency(study_people_fields()), *study.people, errors);
    }
  }
  if (errors.empty()) WholeCheck(study, errors).run();
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return study;
}

Expected<Study> load_study(const std::string& file, const std::vector<std::string>& assignments) {
  const auto text = read_text(file);
  if (!text) return std::unexpected(text.error());
  auto study = parse_study(*text, file, assignments);
  if (!study) return study;
  for (StudyDemand& demand : study->demands) {
    for (std::string* path : {&demand.workload.text, &demand.table, &demand.model}) look_beside(file, *path);
  }
  return study;
}

}  // namespace hinterland
