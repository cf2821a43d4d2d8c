#include "hinterland/plan/study_problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "hinterland/base/model_year.hpp"
#include "hinterland/cost/allowed.hpp"
#include "hinterland/cost/site_rates.hpp"
#include "hinterland/cost/transfer.hpp"
#include "hinterland/plan/study_demand.hpp"
#include "hinterland/plan/study_rules.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr std::uint32_t kDay = 24, kBucket = kHoursTogether;
constexpr double kLeastDemand = 1e-3;  // kW; the solver knows no smaller from none
constexpr double kMostDemand = 1e11;   // kW; ten times what the world uses of everything

class Builder {
 public:
  Builder(const Study& study, const Atlas& atlas, const RateYear& rates, const Charges& charges,
          const WorkFolders& folders, const StudyCase& which)
      : study_(study), atlas_(atlas), rates_(rates), charges_(charges), folders_(folders), case_(which) {}

  Expected<StudyProblem> build() {
    find_names();
    load_classes();
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    set_hours();
    for (std::size_t d = 0; d < classes_.size(); ++d) add_demand(d);
    if (errors_.empty() && mean_kw_ < kLeastDemand)
      complain("demand", "no region wants anything, or all together less than a watt",
               "Give demand_mw, or an atlas whose sites have sold something.");
    if (errors_.empty() && !(mean_kw_ <= kMostDemand))
      complain("demand", fmt::format("all regions together want {:.3g} kW in the mean", mean_kw_),
               "Are demand_mw, growth_per_year and years_ahead as meant?");
    if (study_.caps.size() + out_.sites.size() > 2 * std::size_t{kMostSites})
      complain("caps", fmt::format("{} caps for {} sites", study_.caps.size(), out_.sites.size()),
               fmt::format("Keep to {} of both together.", 2 * kMostSites));
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    add_prompt_hours();
    numbers().hubs = hubs_of(study_.windows);
    out_.demand_kwh = demanded(numbers()).kwh;
    if (study_.windows == Windows::both) out_.relaxed_hubs = hubs_of(Windows::relaxed);
    for (SiteIndex s = 0; s < out_.sites.size(); ++s) add_site(s);
    add_columns();
    add_caps(study_, out_);
    add_limits(study_, out_);
    add_survival(study_, atlas_, out_);
    for (const Error& error : check(out_.numbers)) add_error(errors_, error);
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    return std::move(out_);
  }

 private:
  SitingProblem& numbers() { return out_.numbers; }
  void complain(const std::string& field, std::string what, std::string mend) {
    add_error(
        errors_,
        {.what = std::move(what), .where = {.file = study_.file, .field = field}, .mend = std::move(mend)});
  }

  template <class Table, class IdType>
  bool known(const Table& table, const IdType& id, const std::string& field, const char* what) {
    if (table.find(id) != nullptr) return true;
    complain(field, fmt::format("no {} {}", what, in_quotes(id.text)), did_you_mean(id.text, ids_of(table)));
    return false;
  }

  void find_names() {
    if (known(atlas_.servers, study_.server, "server", "server type"))
      server_ = server_terms(atlas_.servers.at(study_.server));
    for (const SiteId& id : study_.only) known(atlas_.sites, id, "only", "site");
    for (const StudySite& site : study_.sites)
      known(atlas_.sites, SiteId{site.key}, "sites." + site.key, "site");
    for (const StudyCap& cap : study_.caps)
      for (const SiteId& id : cap.sites) known(atlas_.sites, id, "caps." + cap.key + ".sites", "site");
    for (const StudyLimit& limit : study_.limits)
      for (const SiteId& id : limit.sites) known(atlas_.sites, id, "limits." + limit.key + ".sites", "site");
    for (const StudyScenario& scenario : study_.scenarios)
      if (!scenario.hazard.empty())
        known(atlas_.hazards, scenario.hazard, "scenarios." + scenario.key + ".hazard", "hazard");
    for (const std::string& name : study_.survive)
      if (name != "all") known(atlas_.hazards, HazardId{name}, "survive", "hazard");
    if (study_.people) known(atlas_.regions, study_.people->to, "people.to", "region");
    if (auto sites = sites_of(study_, atlas_))
      out_.sites = std::move(*sites);
    else
      add_errors(errors_, sites.error());
    out_.unserved_price = study_.unserved.value;
    out_.offer = line_of(atlas_.offers, study_.offer);
    if (out_.offer != nullptr)
      out_.gb_price = gb_price(*out_.offer);
    else
      complain("offer", "no line " + in_quotes(study_.offer), "`hinterland atlas show networks` lists them.");
  }

  void load_classes() {
    for (const StudyDemand& demand : study_.demands) {
      const std::string at = "demand." + demand.key;
      auto workload = load_workload(demand.workload.text, folders_.presets);
      if (!workload) {
        add_errors(errors_, workload.error());
        continue;
      }
      if (const auto fits = check_workload(atlas_, *workload, workload->file); !fits)
        add_errors(errors_, fits.error());
      if (workload->server != study_.server)
        complain(at + ".class",
                 fmt::format("{} runs on {}, and the study plans {}", workload->id.text,
                             workload->server.text, study_.server.text),
                 "Plan each type of server in a study of its own.");
      if (demand.critical == YesNo::yes && waits(*workload))
        complain(at + ".critical", "work that may wait is never critical",
                 "Leave it out, or let it not wait.");
      classes_.push_back(std::move(*workload));
    }
  }

  bool waits(const Workload& workload) const {
    return !workload.is_service() && workload.deferrable.value >= study_.wait_hours;
  }

  PlannedYear year_of(const StudyScenario* scenario, double weight) const {
    PlannedYear year{.weight = weight, .scenario = scenario, .hazard_length = {}};
    if (scenario == nullptr || scenario->hazard.empty()) return year;
    year.hazard = &atlas_.hazards.at(scenario->hazard);
    year.hazard_from = static_cast<std::size_t>(parse_model_hour(scenario->from)->value);
    year.hazard_length = scenario->length.value > 0 ? scenario->length : year.hazard->duration;
    return year;
  }

  void set_hours() {
    out_.first_hour = static_cast<std::size_t>(parse_model_hour(study_.start)->value);
    hours_ = static_cast<std::uint32_t>(study_.days) * kDay;
    if (study_.hedge == YesNo::yes && case_.scenario == nullptr && case_.hedged) {
      double left = 1;
      for (const StudyScenario& scenario : study_.scenarios) left -= scenario.probability;
      if (left > 1e-12) out_.years.push_back(year_of(nullptr, left));
      for (const StudyScenario& scenario : study_.scenarios)
        if (scenario.probability > 0) out_.years.push_back(year_of(&scenario, scenario.probability));
    } else {
      out_.years.push_back(year_of(case_.scenario, 1));
    }
    numbers().sites = static_cast<std::uint32_t>(out_.sites.size());
    numbers().hours = hours_ * static_cast<std::uint32_t>(out_.years.size());
    const std::size_t cells = std::size_t{numbers().hours} * numbers().sites;
    for (std::vector<double>* list : {&numbers().energy, &out_.carbon, &out_.water, &out_.pue})
      list->assign(cells, 0);
    numbers().availability.assign(cells, 1);
    const bool limited =
        std::ranges::any_of(study_.sites, [](const StudySite& site) { return site.power.has_value(); });
    if (limited) numbers().power_limit.assign(cells, kNoLimit);
  }

  bool people_move() const { return case_.choice == Choice::people || case_.with_people; }

  // Where the users of a region are: its metro site; or where the region itself is.
  Site users_of(const Region& region, const HomeSite& home) const {
    Site users = *home.site;
    if (home.in_region || study_.users == Users::home) return users;
    users.id = SiteId{"region-" + region.id.text};
    users.name = region.name;
    users.name_zh = region.name_zh;
    users.region = region.id;
    users.latitude_deg = region.latitude_deg;
    users.longitude_deg = region.longitude_deg;
    return users;
  }

  // Sites that may serve; the nearest that is otherwise allowed where none is in time and the study says so.
  std::vector<SiteIndex> allowed(const Workload& workload, const Site& users) const {
    std::vector<SiteIndex> out;
    std::optional<SiteIndex> nearest;
    Hours least;
    for (SiteIndex s = 0; s < out_.sites.size(); ++s) {
      const Obstacle obstacle = obstacle_to(atlas_, workload, users, *out_.sites[s]);
      if (obstacle == Obstacle::none) out.push_back(s);
      if (obstacle != Obstacle::latency) continue;
      Workload patient = workload;
      patient.latency.reset();
      if (obstacle_to(atlas_, patient, users, *out_.sites[s]) != Obstacle::none) continue;
      const Hours takes = expected_latency(atlas_, users, *out_.sites[s]);
      if (!nearest || takes < least) nearest = s, least = takes;
    }
    if (out.empty() && nearest && study_.unreached == Unreached::nearest) out.push_back(*nearest);
    return out;
  }

  void add_demand(std::size_t d) {
    const StudyDemand& demand = study_.demands[d];
    const Workload& workload = classes_[d];
    auto levels = demand_levels(study_, demand, atlas_, case_.today);
    const auto week = week_shape(demand, folders_.models);
    if (!levels) add_errors(errors_, levels.error());
    if (!week) add_errors(errors_, week.error());
    if (!levels || !week) return;
    shapes_.push_back(hourly_shape(*week, out_.first_hour, hours_));
    if (people_move()) move_people(*levels, d == 0);
    const double kwh =
        (server_hours(workload, server_shape(atlas_.servers.at(study_.server))) * server_.busy).value;
    const double gb = kwh > 0 ? (workload.data_in + workload.data_out).value / kwh : 0;
    std::vector<std::string> nowhere;
    for (std::size_t r = 0; r < levels->size(); ++r) {
      if ((*levels)[r] <= 0) continue;
      const Region& region = atlas_.regions.rows()[r];
      const auto home = home_of(atlas_, region.id);
      if (!home) return add_errors(errors_, home.error());
      const Site users = users_of(region, *home);
      const DemandOf of{.demand = d, .region = &region, .home = home->site};
      std::vector<SiteIndex> sites = allowed(workload, users);
      if (case_.choice == Choice::stay || case_.choice == Choice::people) stay_home(sites, *home->site);
      if (sites.empty()) {
        nowhere.push_back(region.id.text);
        continue;
      }
      const auto network = [&](SiteIndex s) { return out_.sites[s] == home->site ? 0 : gb * out_.gb_price; };
      mean_kw_ += (*levels)[r];
      if (waits(workload)) {
        DeferrableDemand one{.network = {}, .unserved = out_.unserved_price};
        for (SiteIndex s = 0; s < out_.sites.size(); ++s) one.network.push_back(network(s));
        numbers().deferrable.push_back(std::move(one));
        out_.deferrable.push_back(of);
        patterns_[sites].push_back(numbers().deferrable.size() - 1);
        deferrable_levels_.push_back((*levels)[r]);
      } else {
        PromptDemand one{.sites = sites, .network = {}, .unserved = out_.unserved_price};
        for (const SiteIndex s : sites) one.network.push_back(network(s));
        numbers().prompt.push_back(std::move(one));
        out_.prompt.push_back(of);
        prompt_levels_.push_back((*levels)[r]);
      }
    }
    if (nowhere.empty()) return;
    complain("demand." + demand.key,
             fmt::format("no site may serve {} from {}", workload.id.text, names_text(nowhere)),
             "Change the class or the sites; unreached = \"nearest\" lets the nearest serve what is merely "
             "too far.");
  }

  // The nearest metro site alone; where it takes no part, whoever may.
  void stay_home(std::vector<SiteIndex>& sites, const Site& home) const {
    const auto at = std::ranges::find(out_.sites, &home);
    if (at != out_.sites.end()) sites = {static_cast<SiteIndex>(at - out_.sites.begin())};
  }

  void move_people(std::vector<double>& levels, bool first) {
    if (!study_.people) return;
    std::size_t to = 0;
    for (std::size_t r = 0; r < levels.size(); ++r)
      if (atlas_.regions.rows()[r].id == study_.people->to) to = r;
    for (std::size_t r = 0; r < levels.size(); ++r) {
      const Region& region = atlas_.regions.rows()[r];
      if (r == to || home_of(atlas_, region.id)->in_region) continue;
      const double moves = study_.people->share * levels[r];
      levels[r] -= moves;
      levels[to] += moves;
      if (first)
        out_.people_cost += study_.people->share * region.population_1e4 * 1e4 * study_.people->cost.value *
                            study_.days / 365;
    }
  }

  // What is there of the demand planned for, at an hour of a block.
  double filled(const PlannedYear& block, std::uint32_t hour) const {
    const double there = static_cast<double>(hour) / hours_;
    double out = study_.filled_from + (1 - study_.filled_from) * there;
    if (block.scenario != nullptr)
      out *=
          block.scenario->demand * (block.scenario->filled_from + (1 - block.scenario->filled_from) * there);
    return out;
  }

  void add_prompt_hours() {
    for (const PlannedYear& block : out_.years)
      for (std::uint32_t t = 0; t < hours_; ++t) {
        double sum = 0;
        const double factor = block.weight * filled(block, t);
        for (std::size_t i = 0; i < out_.prompt.size(); ++i) {
          numbers().prompt_kw.push_back(factor * prompt_levels_[i] * shapes_[out_.prompt[i].demand][t]);
          sum += numbers().prompt_kw.back() / block.weight;
        }
        for (std::size_t j = 0; j < out_.deferrable.size(); ++j)
          sum += filled(block, t) * deferrable_levels_[j] * shapes_[out_.deferrable[j].demand][t];
        out_.demand_peak_kw = std::max(out_.demand_peak_kw, sum);
      }
  }

  std::vector<Hub> hubs_of(Windows windows) const {
    std::vector<Hub> out;
    const bool days = windows == Windows::day, relaxed = windows == Windows::relaxed;
    const auto wait = static_cast<std::uint32_t>(study_.wait_hours);
    const std::uint32_t bucket = days ? kDay : kBucket;
    const std::uint32_t begins = days || relaxed ? 0 : kBucket;
    const std::uint32_t ends = days ? kDay : relaxed ? wait + kBucket : wait;
    for (std::uint32_t b = 0; b < out_.years.size(); ++b)
      for (std::uint32_t from = 0; from < hours_; from += bucket)
        for (const auto& [sites, demands] : patterns_) {
          const std::uint32_t block = b * hours_;
          Hub hub{.first_hour = block + std::min(from + begins, hours_ - kHoursTogether),
                  .past_hour = block + std::min(from + ends, hours_),
                  .sites = sites,
                  .deferrals = {}};
          for (const std::size_t j : demands) {
            double kwh = 0;
            for (std::uint32_t t = from; t < from + bucket; ++t)
              kwh += filled(out_.years[b], t) * shapes_[out_.deferrable[j].demand][t];
            hub.deferrals.push_back({.demand = static_cast<std::uint32_t>(j),
                                     .kwh = out_.years[b].weight * deferrable_levels_[j] * kwh});
          }
          out.push_back(std::move(hub));
        }
    return out;
  }

  const StudySite* said_of(const Site& site) const {
    const auto at = std::ranges::find(study_.sites, site.id.text, &StudySite::key);
    return at == study_.sites.end() ? nullptr : &*at;
  }

  // Whether the year's hazard is there in that hour of the study.
  bool there(const PlannedYear& block, std::uint32_t hour) const {
    const std::size_t since = (out_.first_hour + hour + kYearHours - block.hazard_from) % kYearHours;
    return static_cast<double>(since) < block.hazard_length.value;
  }

  void add_site(SiteIndex s) {
    const Site& site = *out_.sites[s];
    const StudySite* said = said_of(site);
    const SiteYear& year = rates_.at(site.id);
    const UnitRates rates =
        unit_rates(server_, site_levels(atlas_, site, year), year, Deal{.basis = Basis::sunk, .rate = {}},
                   charges_, server_.busy.value, out_.first_hour);
    for (std::uint32_t b = 0; b < out_.years.size(); ++b) {
      const PlannedYear& block = out_.years[b];
      const bool in_footprint = block.hazard != nullptr && block.hazard->takes(site.id);
      for (std::uint32_t t = 0; t < hours_; ++t) {
        const UnitRow& row = rates.rows()[t % kYearHours];
        const std::size_t cell = numbers().at(b * hours_ + t, s);
        const bool hit = in_footprint && there(block, t);
        double energy = row.energy * (hit ? block.scenario->price_factor : 1);
        energy += row.kg * charges_.carbon.value + row.litres * charges_.water.value;
        if (block.scenario != nullptr) energy += row.kg * block.scenario->carbon_price / kKilogramsPerTonne;
        numbers().energy[cell] = energy / kMillion;
        out_.carbon[cell] = row.kg / kMillion;
        out_.water[cell] = row.litres / kMillion;
        out_.pue[cell] = row.kwh / kMillion;
        numbers().availability[cell] =
            block.weight * (said == nullptr ? 1 : said->availability) * (hit ? block.scenario->left : 1);
        if (said != nullptr && said->power)
          numbers().power_limit[cell] = block.weight * said->power->value / out_.pue[cell];
      }
    }
  }

  void add_columns() {
    const double years = static_cast<double>(hours_) / kYearHours;
    for (SiteIndex s = 0; s < out_.sites.size(); ++s) {
      const Site& site = *out_.sites[s];
      const StudySite* said = said_of(site);
      const auto value_of = [&](auto member, double otherwise) {
        return said != nullptr && said->*member ? (said->*member)->value : otherwise;
      };
      const Ownership own = ownership(server_, site_levels(atlas_, site, rates_.at(site.id)).terms);
      const double server = own.server.value * hours_ / server_.busy.value,
                   housing = own.housing.value * hours_ / server_.busy.value;
      const double built = site.capacity.value;
      const double stands = value_of(&StudySite::existing, built * site.rack_fill);
      const bool metro = site.kind == SiteKind::metro, fill = case_.choice == Choice::fill,
                 build = case_.choice == Choice::build && !metro;
      const auto add = [&](ColumnKind kind, double cost, double most, double fixed) {
        // New ones of no size stay: whether that is what is in the way is asked of them.
        if (most <= 0 && kind != ColumnKind::fresh) return;
        numbers().columns.push_back({.site = s, .cost = cost, .most = most, .fixed = most > 0 ? fixed : 0});
        out_.kinds.push_back(kind);
      };
      if (!build) {
        add(ColumnKind::kept, value_of(&StudySite::keep, study_.keep.value) * years, stands, 0);
        if (!fill)
          add(ColumnKind::filled, server, value_of(&StudySite::empty_racks, std::max(0.0, built - stands)),
              0);
      }
      if (!fill)
        add(ColumnKind::fresh, server + housing, value_of(&StudySite::largest_new, study_.largest_new.value),
            value_of(&StudySite::fixed, study_.fixed.value) * years);
    }
  }

  const Study& study_;
  const Atlas& atlas_;
  const RateYear& rates_;
  const Charges& charges_;
  const WorkFolders& folders_;
  const StudyCase& case_;
  StudyProblem out_;
  Errors errors_;
  double mean_kw_ = 0;  // of all demand planned for
  ServerTerms server_;
  std::vector<Workload> classes_;  // [demand]
  std::vector<std::vector<double>> shapes_;
  std::vector<double> prompt_levels_, deferrable_levels_;
  std::map<std::vector<SiteIndex>, std::vector<std::size_t>> patterns_;  // deferrable demands by their sites
  std::uint32_t hours_ = 0;
};

}  // namespace

Expected<std::vector<const Site*>> sites_of(const Study& study, const Atlas& atlas) {
  std::vector<const Site*> out;
  for (const Site& site : atlas.sites)
    if (study.only.empty() || std::ranges::find(study.only, site.id) != study.only.end())
      out.push_back(&site);
  if (out.size() <= kMostSites) return out;
  return failure({.what = fmt::format("{} sites take part", out.size()),
                  .where = {.file = study.file, .field = "only"},
                  .mend = fmt::format("Name {} at most: the planner holds no more.", kMostSites)});
}

Expected<StudyProblem> study_problem(const Study& study, const Atlas& atlas, const RateYear& rates,
                                     const Charges& charges, const WorkFolders& folders,
                                     const StudyCase& which) {
  return Builder(study, atlas, rates, charges, folders, which).build();
}

}  // namespace hinterland
