#include "hinterland/impact/plan_effect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "hinterland/atlas/table_list.hpp"
#include "hinterland/cost/terms.hpp"

#include "hinterland/impact/location_quotient.hpp"

namespace hinterland {

namespace {

// All that may be drawn.
struct PlanModel {
  Table<IndustryMix> mix;
  Table<Spending> spending;
  Table<Site> sites;
  Table<Server> servers;
  RegionalEconomy economy;
  Staffing staffing;
  Country country;
};

LocalEffect sum(LocalEffect a, const LocalEffect& b) {
  a.direct += b.direct;
  a.indirect += b.indirect;
  a.induced += b.induced;
  return a;
}

Spent sum(const Spent& a, const Spent& b) { return {.all = a.all + b.all, .here = a.here + b.here}; }

double column_sum(const Matrix& matrix, std::size_t column) {
  double all = 0;
  for (std::size_t i = 0; i < matrix.rows; ++i) all += matrix(i, column);
  return all;
}

std::vector<double> column_of(const Matrix& matrix, std::size_t column) {
  std::vector<double> values(matrix.rows);
  for (std::size_t i = 0; i < matrix.rows; ++i) values[i] = matrix(i, column);
  return values;
}

// What stays from draw to draw, and how one model is worked out.
class PlanSetting {
 public:
  PlanSetting(const Atlas& atlas, const NationalEconomy& economy, const RateYear& rates,
              const PlannedCapacity& plan, const PlanEffectOptions& options)
      : atlas_(atlas),
        economy_(economy),
        rates_(rates),
        plan_(plan),
        options_(options),
        nation_(national_rates(economy)) {}

  Errors open() {
    Errors errors;
    const auto regional = only_row(atlas_, atlas_.regional_economy, "regional_economy");
    const auto staffing = only_row(atlas_, atlas_.staffing, "staffing");
    if (!regional) add_errors(errors, regional.error());
    if (!staffing) add_errors(errors, staffing.error());
    check_spending(errors);
    check_capacity(errors);
    if (!errors.empty()) return errors;
    regions_ = *model_regions(atlas_, kEachRegion, static_cast<int>(economy_.source->year), "regions");
    mixer_.emplace(economy_.table, regions_, atlas_.industry_mix);
    central_ = {.mix = atlas_.industry_mix,
                .spending = atlas_.spending,
                .sites = {},
                .servers = {},
                .economy = **regional,
                .staffing = **staffing,
                .country = atlas_.country()};
    for (const SiteCapacity& one : plan_.sites) {
      central_.sites.put(atlas_.sites.at(one.site));
      region_of_.push_back(place_of(regions_, atlas_.sites.at(one.site).region));
    }
    central_.servers.put(atlas_.servers.at(options_.server));
    for (const Spending& row : atlas_.spending) {
      const bool known =
          row.on != SpendingOn::other || std::ranges::find(uses_, row.use, &OtherUse::name) != uses_.end();
      if (!known) uses_.push_back({.name = row.use, .name_zh = row.use_zh});
    }
    collect_dials();
    return errors;
  }

  [[nodiscard]] const PlanModel& central() const { return central_; }
  [[nodiscard]] const std::vector<OtherUse>& uses() const { return uses_; }
  Dials<PlanModel>& dials() { return dials_; }

  Expected<PlanOutcome> outcome(const PlanModel& model, std::optional<std::size_t> draw) const {
    const Matrix off = draw ? drawn_factors(regions_, economy_.table.size(), model.economy.quotient_factor,
                                            options_.seed, *draw)
                            : Matrix{};
    const RegionalMix mix = mixer_->mix(model.mix, model.economy, off);
    const Matrix output = regional_output(economy_.table.output, mix);
    std::map<std::size_t, LocalEconomy> local;
    for (const std::size_t r : region_of_) {
      if (local.contains(r)) continue;
      const double all = total(economy_.table.output);
      auto made = LocalEconomy::of(nation_, simple_quotients(column_of(output, r), economy_.table.output),
                                   size_weight(column_sum(output, r) / all, mix.delta),
                                   model.economy.households_spend);
      if (!made) return std::unexpected(made.error());
      local.emplace(r, std::move(*made));
    }
    PlanOutcome out{.sites = {}, .all = {}, .uses = std::vector<UseEffect>(uses_.size())};
    for (std::size_t i = 0; i < plan_.sites.size(); ++i) {
      const LocalEconomy& region = local.at(region_of_[i]);
      out.sites.push_back(site_effect(model, plan_.sites[i], region));
      out.all += out.sites.back();
      for (std::size_t u = 0; u < uses_.size(); ++u)
        add_use(model, uses_[u], out.sites.back().investment(), region, out.uses[u]);
    }
    return out;
  }

 private:
  static double total(const std::vector<double>& values) {
    double all = 0;
    for (const double one : values) all += one;
    return all;
  }

  void check_spending(Errors& errors) const {
    static constexpr std::pair<SpendingOn, const char*> kNeeded[] = {
        {SpendingOn::building, "building"}, {SpendingOn::servers, "servers"}, {SpendingOn::upkeep, "upkeep"}};
    for (const auto& [on, name] : kNeeded) {
      if (std::ranges::find(atlas_.spending, on, &Spending::on) != atlas_.spending.end()) continue;
      add_error(errors, {.what = fmt::format("nothing says what money for {} buys", name),
                         .where = {.file = atlas_.directory + "/spending.csv"},
                         .mend = fmt::format("Give rows with on = {}.", name)});
    }
  }

  void check_capacity(Errors& errors) const {
    for (const SiteCapacity& one : plan_.sites) {
      if (atlas_.sites.find(one.site) != nullptr) continue;
      add_error(errors, {.what = in_quotes(one.site.text) + " is no site of the atlas",
                         .where = one.where,
                         .mend = did_you_mean(one.site.text, ids_of(atlas_.sites))});
    }
    if (atlas_.servers.find(options_.server) == nullptr)
      add_error(errors, {.what = in_quotes(options_.server.text) + " is no server type of the atlas",
                         .where = {.file = "--server"},
                         .mend = did_you_mean(options_.server.text, ids_of(atlas_.servers))});
  }

  template <class Record>
  void add_rows(const std::string& table, Fields<Record> fields, const Table<Record>& rows,
                Table<Record> PlanModel::* member) {
    for (auto& one : fields) one.name = in_currency(std::move(one.name), atlas_.country().currency);
    for (const Record& row : rows)
      dials_.add<Record>(atlas_, table, fields, row, [member, id = row.id](PlanModel& model) -> Record& {
        return (model.*member).edit(id);
      });
  }

  template <class Record>
  void add_one(const std::string& table, Fields<Record> fields, const Record& row,
               Record PlanModel::* member) {
    for (auto& one : fields) one.name = in_currency(std::move(one.name), atlas_.country().currency);
    dials_.add<Record>(atlas_, table, fields, row,
                       [member](PlanModel& model) -> Record& { return model.*member; });
  }

  void collect_dials() {
    add_rows("industry_mix", industry_mix_fields(), central_.mix, &PlanModel::mix);
    add_rows("spending", spending_fields(), central_.spending, &PlanModel::spending);
    add_rows("sites", site_fields(), central_.sites, &PlanModel::sites);
    add_rows("servers", server_fields(), central_.servers, &PlanModel::servers);
    add_one("regional_economy", regional_economy_fields(), central_.economy, &PlanModel::economy);
    add_one("staffing", staffing_fields(), central_.staffing, &PlanModel::staffing);
    Fields<Country> country = country_fields();
    std::erase_if(country, [](const auto& one) {
      return one.name != "interest_per_year" && one.name != "land_m2_per_kw";
    });
    add_one("atlas", country, central_.country, &PlanModel::country);
  }

  // The part of `money` that is demand for each of the region's industries.
  void spend(const PlanModel& model, SpendingOn on, double money, const std::vector<double>& home,
             const LocalEconomy& region, std::vector<double>& demand) const {
    double weights = 0;
    for (const Spending& row : model.spending) weights += row.on == on ? row.weight : 0;
    for (const Spending& row : model.spending) {
      if (row.on != on) continue;
      const std::size_t i = place_of(economy_.table, row.industry);
      const bool research = atlas_.industries.at(row.industry).role == IndustryRole::research;
      demand[i] += money * row.weight / weights * home[i] * region.local_shares()[i] *
                   (research ? 1 - model.staffing.research_leakage : 1);
    }
  }

  [[nodiscard]] SiteEffect site_effect(const PlanModel& model, const SiteCapacity& capacity,
                                       const LocalEconomy& region) const {
    const Site& site = model.sites.at(capacity.site);
    const Staffing& staffing = model.staffing;
    SiteEffect out{.added_mw = capacity.added().value / kKilowattsPerMegawatt,
                   .filled_mw = capacity.filled.value / kKilowattsPerMegawatt,
                   .idle_mw = capacity.idle.value / kKilowattsPerMegawatt};
    invest(model, capacity, site, out);
    const std::size_t industries = economy_.table.size();
    std::vector<double> built(industries), equipped(industries), yearly(industries);
    spend(model, SpendingOn::building, out.building, nation_.home_capital, region, built);
    spend(model, SpendingOn::servers, out.servers, nation_.home_capital, region, equipped);
    out.built = region.of_demand(built);
    out.equipped = region.of_demand(equipped);
    out.building_jobs = out.person_years() / (staffing.construction / kYear);

    run(capacity, site, out);
    out.upkeep.all = out.added_mw * staffing.upkeep.value;
    spend(model, SpendingOn::upkeep, out.upkeep.all, nation_.home_input, region, yearly);
    out.upkeep.here = total(yearly);
    if (const auto power = std::ranges::find(atlas_.industries, IndustryRole::power, &Industry::role);
        power != atlas_.industries.end()) {
      const std::size_t i = place_of(economy_.table, power->id);
      out.power.here = out.power.all * nation_.home_input[i] * region.local_shares()[i];
      yearly[i] += out.power.here;
    }
    out.staff = staffing.staff_per_mw * out.added_mw;
    out.idle_staff = staffing.staff_per_mw * out.idle_mw;
    out.pay.all = out.staff * staffing.pay.value;
    out.pay.here = out.pay.all * (1 - staffing.staff_leakage);
    const LocalEffect bought = region.of_demand(yearly);
    out.suppliers = bought.direct;
    out.suppliers += bought.indirect;
    out.induced = bought.induced;
    out.induced += region.of_pay(out.pay.here);
    return out;
  }

  // What is bought, and what it earns its owners a year.
  void invest(const PlanModel& model, const SiteCapacity& capacity, const Site& site, SiteEffect& out) const {
    const Server& server = model.servers.at(options_.server);
    const double interest = model.country.interest_per_year;
    const Money building = site.lease ? Money{} : capacity.fresh * site.building_price;
    const Money land = site.lease ? Money{} : capacity.fresh * (model.country.land * site.land_price);
    const Money servers = (capacity.added() / server.busy) * server.price;
    out.building = building.value;
    out.land = land.value;
    out.servers = servers.value;
    const MoneyPerHour capital = annuity(building, site.building_life, 0, interest) +
                                 annuity(servers, server.life, server.resale_share, interest);
    out.wear = building.value / (site.building_life / kYear) +
               servers.value * (1 - server.resale_share) / (server.life / kYear);
    out.gain.all = (capital * kYear).value - out.wear + interest * land.value;
    out.gain.here = out.gain.all * (1 - model.staffing.owner_leakage);
  }

  // Energy, water, and the power bill.
  void run(const SiteCapacity& capacity, const Site& site, SiteEffect& out) const {
    const SiteYear& year = rates_.at(site.id);
    const SiteTerms terms = site_terms(atlas_, site, year, year.means());
    const double used = capacity.used().value, part = used > 0 ? capacity.added().value / used : 0;
    const KilowattHours it =
        capacity.served ? part * *capacity.served : site.power_load * capacity.added() * kYear;
    out.it_kwh = it.value;
    out.facility_kwh = it.value * terms.pue;
    out.litres = (it * terms.water).value;
    out.power.all = out.facility_kwh * terms.power_price.value;
  }

  void add_use(const PlanModel& model, const OtherUse& use, double money, const LocalEconomy& region,
               UseEffect& out) const {
    const auto is_of = [&](const Spending& row) {
      return row.on == SpendingOn::other && row.use == use.name;
    };
    double weights = 0;
    for (const Spending& row : model.spending) weights += is_of(row) ? row.weight : 0;
    std::vector<double> output(economy_.table.size());
    for (const Spending& row : model.spending) {
      if (!is_of(row)) continue;
      const std::size_t i = place_of(economy_.table, row.industry);
      const double capital = nation_.capital[i] * (model.economy.capital_life / kYear);
      if (capital > 0) output[i] += money * row.weight / weights / capital;
    }
    const LocalEffect made = region.of_demand(output);
    out.direct += made.direct;
    out.indirect += made.indirect;
    out.induced += made.induced;
  }

  const Atlas& atlas_;
  const NationalEconomy& economy_;
  const RateYear& rates_;
  const PlannedCapacity& plan_;
  const PlanEffectOptions& options_;
  NationalRates nation_;
  std::vector<ModelRegion> regions_;
  std::optional<RegionalMixer> mixer_;
  std::vector<std::size_t> region_of_;  // [site of the plan]
  std::vector<OtherUse> uses_;
  PlanModel central_;
  Dials<PlanModel> dials_;
};

}  // namespace

SiteEffect& SiteEffect::operator+=(const SiteEffect& more) {
  added_mw += more.added_mw;
  filled_mw += more.filled_mw;
  idle_mw += more.idle_mw;
  building += more.building;
  land += more.land;
  servers += more.servers;
  built = sum(built, more.built);
  equipped = sum(equipped, more.equipped);
  building_jobs += more.building_jobs;
  it_kwh += more.it_kwh;
  facility_kwh += more.facility_kwh;
  litres += more.litres;
  power = sum(power, more.power);
  upkeep = sum(upkeep, more.upkeep);
  pay = sum(pay, more.pay);
  gain = sum(gain, more.gain);
  wear += more.wear;
  staff += more.staff;
  idle_staff += more.idle_staff;
  suppliers += more.suppliers;
  induced += more.induced;
  return *this;
}

Band PlanEffect::band(const std::function<double(const PlanOutcome&)>& of) const {
  std::vector<double> values;
  for (const PlanOutcome& one : drawn) values.push_back(of(one));
  return band_of(std::move(values), options.level);
}

Expected<PlanEffect> plan_effect(const Atlas& atlas, const NationalEconomy& economy, const RateYear& rates,
                                 const PlannedCapacity& plan, const PlanEffectOptions& options,
                                 Progress& progress) {
  PlanEffect out{.plan = plan, .options = options, .economy = &economy};

  std::erase_if(out.plan.sites,
                [](const SiteCapacity& one) { return one.added().value <= 0 && one.idle.value <= 0; });
  if (const auto nation = leontief_of(domestic_coefficients(economy.table), economy.table.file); !nation)
    return std::unexpected(nation.error());
  PlanSetting setting(atlas, economy, rates, out.plan, out.options);
  if (Errors errors = setting.open(); !errors.empty()) return std::unexpected(std::move(errors));

  auto central = setting.outcome(setting.central(), std::nullopt);
  if (!central) return std::unexpected(central.error());
  out.central = std::move(*central);
  out.staffing = setting.central().staffing;
  out.regional = setting.central().economy;
  out.uses = setting.uses();
  if (options.draws == 0) return out;
  setting.dials().draw(atlas, options.seed, options.draws);
  out.drawn_figures = setting.dials().dials().size();
  std::vector<std::optional<PlanOutcome>> outcomes(options.draws);
  const std::size_t done = in_parallel(options.draws, options.threads, "draws", progress, [&](std::size_t i) {
    auto found = setting.outcome(setting.dials().drawn(setting.central(), i), i);
    if (found) outcomes[i] = std::move(*found);
  });
  out.interrupted = done < options.draws;
  outcomes.resize(done);
  std::vector<std::size_t> draws;
  std::vector<double> jobs;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (!outcomes[i]) continue;
    draws.push_back(i);
    jobs.push_back(outcomes[i]->all.jobs());
    out.drawn.push_back(std::move(*outcomes[i]));
  }
  out.drivers = drivers_of(setting.dials(), draws, jobs);
  out.left_out = done - out.drawn.size();
  return out;
}

}  // namespace hinterland
