#include "hinterland/impact/shock_model.hpp"

#include <algorithm>
#include <numeric>

#include "hinterland/atlas/table_list.hpp"
#include "hinterland/base/section.hpp"
#include "hinterland/cost/price.hpp"

namespace hinterland {

namespace {

constexpr double kHoursPerDay = 24;

// What sites of a region have sold, kW.
double sold_power(const Atlas& atlas, const ModelRegion& region) {
  double sold = 0;
  for (const Site& site : atlas.sites) {
    if (std::ranges::find(region.members, site.region) != region.members.end())
      sold += (site.capacity - site.unsold()).value;
  }
  return sold;
}

std::vector<double> goods_of_capital(const IoTable& table) {
  std::vector<double> goods(table.size());
  for (std::size_t k = 0; k < goods.size(); ++k)
    goods[k] = table.domestic_use.capital[k] + table.imported_use.capital[k];
  const double all = std::accumulate(goods.begin(), goods.end(), 0.0);
  for (double& one : goods) one = all > 0 ? one / all : 1 / static_cast<double>(goods.size());
  return goods;
}

}  // namespace

// Looks up the names of a scenario.
class ShockPlacing {
 public:
  ShockPlacing(const Atlas& atlas, const ShockScenario& shock, ShockSetting& setting)
      : atlas_(atlas), shock_(shock), setting_(setting) {}

  Errors run() {
    for (const ShockLoss& loss : shock_.exports) setting_.exports_.push_back(loss_of(loss, "exports"));
    for (const ShockLoss& loss : shock_.imports) setting_.imports_.push_back(loss_of(loss, "imports"));
    for (const ShockLoss& loss : shock_.capacity)
      setting_.capacity_.push_back(loss.site.empty() ? loss_of(loss, "capacity") : site_loss(loss));
    for (const BackupZone& zone : shock_.zones) setting_.zones_.push_back(zone_of(zone));
    for (const ReserveStock& reserve : shock_.reserves)
      setting_.reserves_.push_back(
          {.industries = industries(reserve.industries, "reserves." + reserve.key + ".industries"),
           .regions = regions({}, ""),
           .sold_part = {},
           .sold = {}});
    return std::move(errors_);
  }

 private:
  void complain(const std::string& field, std::string what, std::string mend) {
    add_error(
        errors_,
        {.what = std::move(what), .where = {.file = shock_.file, .field = field}, .mend = std::move(mend)});
  }

  std::vector<std::size_t> industries(const std::vector<IndustryId>& named, const std::string& field) {
    const IoTable& table = setting_.economy_->table;
    std::vector<std::size_t> places;
    for (const IndustryId& one : named) {
      const std::size_t place = place_of(table, one);
      if (place < table.size()) {
        places.push_back(place);
      } else {
        complain(field, in_quotes(one.text) + " is no industry of the input-output table",
                 did_you_mean(one.text, ids_of(atlas_.industries)));
      }
    }
    std::ranges::sort(places);
    places.erase(std::ranges::unique(places).begin(), places.end());
    if (!named.empty()) return places;
    places.resize(table.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    return places;
  }

  std::vector<std::size_t> regions(const std::vector<std::string>& named, const std::string& field) {
    if (named.empty()) {
      std::vector<std::size_t> all(setting_.regions().size());
      std::iota(all.begin(), all.end(), std::size_t{0});
      return all;
    }
    auto places = places_of(atlas_, setting_.regions(), named, {.file = shock_.file, .field = field});
    if (places) return std::move(*places);
    add_errors(errors_, places.error());
    return {};
  }

  ShockPlace loss_of(const ShockLoss& loss, const std::string& section) {
    const std::string at = section + "." + loss.key;
    return {.industries = industries(loss.industries, at + ".industries"),
            .regions = regions(loss.regions, at + ".regions"),
            .sold_part = {},
            .sold = {}};
  }

  std::vector<std::size_t> computing(const std::string& field) {
    const auto found = std::ranges::find(atlas_.industries, IndustryRole::computing, &Industry::role);
    if (found != atlas_.industries.end()) return {place_of(setting_.economy_->table, found->id)};
    complain(field, "the atlas says of no industry that data centres belong to it",
             "Give one of industries.csv the role computing.");
    return {};
  }

  const Site* site(const SiteId& id, const std::string& field) {
    const auto found = find_site(atlas_, id, field);
    if (found) return *found;
    Errors unknown = found.error();
    unknown.front().where = {.file = shock_.file, .field = field};
    add_errors(errors_, unknown);
    return nullptr;
  }

  ShockPlace site_loss(const ShockLoss& loss) {
    const std::string at = "capacity." + loss.key + ".site";
    const Site* const stopped = site(loss.site, at);
    if (stopped == nullptr) return {};
    const std::size_t region = place_of(setting_.regions(), stopped->region);
    ShockPlace place{.industries = computing(at), .regions = {region}, .sold_part = {}, .sold = {}};
    const double all = sold_power(atlas_, setting_.regions()[region]);
    place.sold_part = all > 0 ? (stopped->capacity - stopped->unsold()).value / all : 0;
    return place;
  }

  ShockPlace zone_of(const BackupZone& zone) {
    const std::string at = "zones." + zone.key;
    ShockPlace place{
        .industries = {}, .regions = regions(zone.regions, at + ".regions"), .sold_part = {}, .sold = {}};
    if (!zone.mw) {
      place.industries = industries(zone.industries, at + ".industries");
      return place;
    }
    place.industries = computing(at + ".mw");
    site(zone.site, at + ".site");
    if (atlas_.servers.find(zone.server) == nullptr)
      complain(at + ".server", in_quotes(zone.server.text) + " is no server type of the atlas",
               did_you_mean(zone.server.text, ids_of(atlas_.servers)));
    for (const std::size_t r : place.regions) place.sold.push_back(sold_power(atlas_, setting_.regions()[r]));
    if (std::ranges::all_of(place.sold, [](double sold) { return sold <= 0; }))
      complain(at + ".regions", "no site of the atlas sells computing there", "Name regions with sites.");
    return place;
  }

  const Atlas& atlas_;
  const ShockScenario& shock_;
  ShockSetting& setting_;
  Errors errors_;
};

Expected<ShockSetting> ShockSetting::of(const Atlas& atlas, const NationalEconomy& economy,
                                        const ShockScenario& shock) {
  ShockSetting setting;
  setting.economy_ = &economy;
  const auto regional = only_row(atlas, atlas.regional_economy, "regional_economy");
  const auto staffing = only_row(atlas, atlas.staffing, "staffing");
  const auto chain = only_row(atlas, atlas.supply_chains, "supply_chains");
  auto regions = model_regions(atlas, shock.grouping, static_cast<int>(economy.source->year), "regions");
  Errors errors;
  if (!regional) add_errors(errors, regional.error());
  if (!staffing) add_errors(errors, staffing.error());
  if (!chain) add_errors(errors, chain.error());
  if (!regions) {
    for (Error& error : regions.error()) error.where = {.file = shock.file, .field = "regions"};
    add_errors(errors, regions.error());
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  setting.regions_ = std::make_unique<std::vector<ModelRegion>>(std::move(*regions));
  setting.mixer_ = std::make_unique<RegionalMixer>(economy.table, *setting.regions_, atlas.industry_mix);
  setting.capital_goods_ = goods_of_capital(economy.table);
  if (errors = ShockPlacing(atlas, shock, setting).run(); !errors.empty())
    return std::unexpected(std::move(errors));
  setting.central_ = {.industries = atlas.industries,
                      .mix = atlas.industry_mix,
                      .sites = {},
                      .servers = {},
                      .economy = **regional,
                      .staffing = **staffing,
                      .chain = **chain,
                      .country = atlas.country(),
                      .shock = shock};
  for (const BackupZone& zone : shock.zones) {
    if (!zone.mw) continue;
    setting.central_.sites.put(atlas.sites.at(zone.site));
    setting.central_.servers.put(atlas.servers.at(zone.server));
  }
  setting.collect_dials(atlas);
  return setting;
}

namespace {

// Entries of the scenario, found again in any model.
template <class Record>
void add_entries(Dials<ShockModel>& dials, const std::string& section, const Fields<Record>& fields,
                 const std::vector<Record>& entries, std::vector<Record> ShockScenario::* member) {
  for (std::size_t i = 0; i < entries.size(); ++i)
    dials.add<Record>(section, fields, entries[i],
                      [member, i](ShockModel& model) -> Record& { return (model.shock.*member)[i]; });
}

template <class Record>
void add_rows(Dials<ShockModel>& dials, const Atlas& atlas, const std::string& table, Fields<Record> fields,
              const Table<Record>& rows, Table<Record> ShockModel::* member) {
  for (auto& one : fields) one.name = in_currency(std::move(one.name), atlas.country().currency);
  for (const Record& row : rows)
    dials.add<Record>(atlas, table, fields, row, [member, id = row.id](ShockModel& model) -> Record& {
      return (model.*member).edit(id);
    });
}

}  // namespace

void ShockSetting::collect_dials(const Atlas& atlas) {
  add_rows(dials_, atlas, "industries", industry_fields(), central_.industries, &ShockModel::industries);
  add_rows(dials_, atlas, "industry_mix", industry_mix_fields(), central_.mix, &ShockModel::mix);
  dials_.add<RegionalEconomy>(atlas, "regional_economy", regional_economy_fields(), central_.economy,
                              [](ShockModel& model) -> RegionalEconomy& { return model.economy; });
  dials_.add<SupplyChain>(atlas, "supply_chains", supply_chain_fields(), central_.chain,
                          [](ShockModel& model) -> SupplyChain& { return model.chain; });
  add_entries(dials_, "exports", shock_loss_fields(), central_.shock.exports, &ShockScenario::exports);
  add_entries(dials_, "imports", shock_loss_fields(), central_.shock.imports, &ShockScenario::imports);
  add_entries(dials_, "capacity", capacity_loss_fields(), central_.shock.capacity, &ShockScenario::capacity);
  add_entries(dials_, "zones", without_currency(backup_zone_fields()), central_.shock.zones,
              &ShockScenario::zones);
  add_entries(dials_, "reserves", reserve_stock_fields(), central_.shock.reserves, &ShockScenario::reserves);
  dials_.add<ShockScenario>("shock", shock_fields(), central_.shock,
                            [](ShockModel& model) -> ShockScenario& { return model.shock; });
  Fields<Country> interest = country_fields();
  std::erase_if(interest, [](const auto& one) { return one.name != "interest_per_year"; });
  dials_.add<Country>(atlas, "atlas", interest, central_.country,
                      [](ShockModel& model) -> Country& { return model.country; });
  if (central_.sites.empty()) return;  // the rest is read by zones of computing alone
  add_rows(dials_, atlas, "sites", site_fields(), central_.sites, &ShockModel::sites);
  add_rows(dials_, atlas, "servers", server_fields(), central_.servers, &ShockModel::servers);
  auto staffing = staffing_fields();
  for (auto& one : staffing) one.name = in_currency(std::move(one.name), atlas.country().currency);
  dials_.add<Staffing>(atlas, "staffing", staffing, central_.staffing,
                       [](ShockModel& model) -> Staffing& { return model.staffing; });
}

MultiregionalTable ShockSetting::table(const ShockModel& model, std::optional<std::size_t> draw,
                                       std::uint64_t seed) const {
  const Matrix off =
      draw ? drawn_factors(*regions_, economy_->table.size(), model.economy.quotient_factor, seed, *draw)
           : Matrix{};
  // The nation's table was inverted when the study began, so that this cannot fail.
  return multiregional_table(economy_->table, mixer_->mix(model.mix, model.economy, off)).value();
}

ArioParameters ShockSetting::parameters(const ShockModel& model) const {
  ArioParameters by;
  for (const IoTable::Industry& industry : economy_->table.industries)
    by.stock_days.push_back(model.industries.at({industry.code}).stock_days);
  const SupplyChain& chain = model.chain;
  by.stock_floor = chain.stock_floor;
  by.final_weight = chain.final_weight;
  by.refill = chain.refill;
  by.memory_days = chain.memory.value / kHoursPerDay;
  by.most_overproduction = chain.most_overproduction;
  by.overproduction_days = chain.overproduction.value / kHoursPerDay;
  by.substitution = chain.substitution;
  by.import_substitution = chain.import_substitution;
  return by;
}

ArioParameters ShockSetting::parameters(const ShockModel& model, std::size_t reserve) const {
  ArioParameters by = parameters(model);
  for (const std::size_t k : reserves_[reserve].industries)
    by.stock_days[k] += model.shock.reserves[reserve].extra_days;
  return by;
}

PlacedShock ShockSetting::placed(const ShockModel& model) const {
  PlacedShock shock;
  shock.days = static_cast<std::size_t>(model.shock.days);
  shock.rebuilding_days = model.chain.rebuilding.value / kHoursPerDay;
  shock.capital_per_added = model.economy.capital_per_added;
  shock.capital_goods = capital_goods_;
  const auto place = [&](const std::vector<ShockLoss>& losses, const std::vector<ShockPlace>& places,
                         std::vector<PlacedLoss>& placed) {
    for (std::size_t i = 0; i < losses.size(); ++i)
      placed.push_back(
          {.loss = &losses[i],
           .industries = places[i].industries,
           .regions = places[i].regions,
           .part = places[i].sold_part ? *places[i].sold_part * model.chain.computing_dependence : 1});
  };
  place(model.shock.exports, exports_, shock.exports);
  place(model.shock.imports, imports_, shock.imports);
  place(model.shock.capacity, capacity_, shock.capacity);
  return shock;
}

StandIn ShockSetting::standing_in(const ShockModel& model, std::size_t zone) const {
  const ShockPlace& place = zones_[zone];
  const BackupZone& kept = model.shock.zones[zone];
  Matrix given(economy_->table.size(), regions_->size());
  if (!kept.mw) {
    for (const std::size_t k : place.industries) {
      for (const std::size_t r : place.regions) given(k, r) = kept.share.value_or(0);
    }
    return {.share = std::move(given), .power = 0, .power_of_output = {}};
  }
  // What a site sells carries `dependence` of its region's output; without any, computing elsewhere gives nothing back.
  const double dependence = model.chain.computing_dependence;
  for (const std::size_t k : place.industries) {
    for (std::size_t i = 0; i < place.regions.size() && dependence > 0; ++i)
      given(k, place.regions[i]) = place.sold[i] / dependence;
  }
  return {.share = {}, .power = *kept.mw * kKilowattsPerMegawatt, .power_of_output = std::move(given)};
}

KeptCost ShockSetting::zone_cost(const ShockModel& model, std::size_t zone,
                                 const MultiregionalTable& table) const {
  const BackupZone& kept = model.shock.zones[zone];
  const double interest = model.country.interest_per_year;
  if (kept.cost) return {{.of = CostOf::given, .per_year = kept.cost->value}};
  if (kept.mw) {
    const Site& site = model.sites.at(kept.site);
    const Server& server = model.servers.at(kept.server);
    const Kilowatts power{*kept.mw * kKilowattsPerMegawatt};
    const Money building = power * site.building_price;
    const Money land = power * (model.country.land * site.land_price);
    const Money servers = (power / server.busy) * server.price;
    const Staffing& staffing = model.staffing;
    return {
        {.of = CostOf::building,
         .per_year = (annuity(building, site.building_life, 0, interest) * kYear).value},
        {.of = CostOf::servers,
         .per_year = (annuity(servers, server.life, server.resale_share, interest) * kYear).value},
        {.of = CostOf::land, .per_year = interest * land.value},
        {.of = CostOf::staff, .per_year = *kept.mw * staffing.staff_per_mw * staffing.pay.value},
        {.of = CostOf::upkeep, .per_year = *kept.mw * staffing.upkeep.value},
    };
  }
  double cost = 0;
  const IoTable& nation = economy_->table;
  for (const std::size_t k : zones_[zone].industries) {
    for (const std::size_t r : zones_[zone].regions) {
      const double per_output = nation.output[k] > 0 ? nation.depreciation[k] / nation.output[k] : 0;
      const Hours life = model.economy.capital_life;
      const Money capital{*kept.share * table.output(k, r) * per_output * (life / kYear)};
      cost += (annuity(capital, life, 0, interest) * kYear).value;
    }
  }
  return {{.of = CostOf::capital, .per_year = cost}};
}

KeptCost ShockSetting::reserve_cost(const ShockModel& model, std::size_t reserve,
                                    const MultiregionalTable& table) const {
  double worth = 0;
  for (const std::size_t i : reserves_[reserve].industries) {
    for (std::size_t k = 0; k < table.industries; ++k) {
      for (std::size_t r = 0; r < table.regions; ++r)
        worth +=
            model.shock.reserves[reserve].extra_days * table.inputs(i, k) * table.output(k, r) / kDaysPerYear;
    }
  }
  return {{.of = CostOf::holding, .per_year = model.chain.holding_cost_per_year * worth}};
}

}  // namespace hinterland
