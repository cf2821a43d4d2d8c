#include "hinterland/impact/shock_study.hpp"

#include <algorithm>
#include <numeric>

#include "hinterland/impact/backup_use.hpp"
#include "hinterland/impact/leontief.hpp"
#include "hinterland/impact/shock_model.hpp"

namespace hinterland {

namespace {

constexpr double kStocksMoveTogether = 0.5;  // firms that hold much of one thing hold much of others; assumed

// What was found of a zone or a reserve in one model.
struct KeptOutcome {
  double used = 1, avoided = 0;
  KeptCost cost;
};

struct ShockOutcome {
  bool fits = false;
  double per_year = 0;
  ShockCourse course;
  std::vector<KeptOutcome> kept;  // zones, then reserves
};

ShockOutcome outcome_of(const ShockSetting& setting, const ShockModel& model, std::optional<std::size_t> draw,
                        std::uint64_t seed) {
  ShockOutcome out;
  out.per_year = model.shock.per_year;
  const MultiregionalTable table = setting.table(model, draw, seed);
  const ArioParameters parameters = setting.parameters(model);
  const PlacedShock shock = setting.placed(model);
  if (!fit_parameters(table, parameters, {})) return out;
  for (std::size_t i = 0; i < model.shock.reserves.size(); ++i) {
    if (!fit_parameters(table, setting.parameters(model, i), {})) return out;
  }
  out.fits = true;
  out.course = run_shock(table, parameters, shock);
  for (std::size_t i = 0; i < model.shock.zones.size(); ++i) {
    const StandIn zone = setting.standing_in(model, i);
    const BackupUse use = best_use(table, parameters, shock, zone, out.course.lost);
    out.kept.push_back(
        {.used = use.used, .avoided = use.avoided, .cost = setting.zone_cost(model, i, table)});
  }
  for (std::size_t i = 0; i < model.shock.reserves.size(); ++i) {
    const double lost = run_shock(table, setting.parameters(model, i), shock).lost;
    out.kept.push_back({.avoided = out.course.lost - lost, .cost = setting.reserve_cost(model, i, table)});
  }
  return out;
}

// The bands of the draws whose parameters fit.
class Bands {
 public:
  Bands(const std::vector<const ShockOutcome*>& outcomes, double level)
      : outcomes_(outcomes), level_(level) {}

  template <class Of>
  [[nodiscard]] Band of(const Of& of) const {
    std::vector<double> values;
    for (const ShockOutcome* one : outcomes_) values.push_back(of(*one));
    return band_of(std::move(values), level_);
  }
  template <class Of>
  [[nodiscard]] double share(const Of& of) const {
    const auto count = std::ranges::count_if(outcomes_, [&](const ShockOutcome* one) { return of(*one); });
    return static_cast<double>(count) / static_cast<double>(outcomes_.size());
  }
  // One band a place of a list that each course has.
  [[nodiscard]] std::vector<Band> each(std::vector<double> ShockCourse::* list) const {
    std::vector<Band> bands;
    for (std::size_t i = 0; i < (outcomes_.front()->course.*list).size(); ++i)
      bands.push_back(of([&](const ShockOutcome& one) { return (one.course.*list)[i]; }));
    return bands;
  }

 private:
  const std::vector<const ShockOutcome*>& outcomes_;
  double level_;
};

void band_kept(const Bands& bands, std::size_t i, KeptValue& value) {
  const auto worth = [i](const ShockOutcome& one) {
    return one.per_year * one.kept[i].avoided - total(one.kept[i].cost);
  };
  value.avoided_band = bands.of([i](const ShockOutcome& one) { return one.kept[i].avoided; });
  value.yearly_band = bands.of([i](const ShockOutcome& one) { return one.per_year * one.kept[i].avoided; });
  value.cost_band = bands.of([i](const ShockOutcome& one) { return total(one.kept[i].cost); });
  value.worth_band = bands.of(worth);
  value.worth_share = bands.share([&](const ShockOutcome& one) { return worth(one) > 0; });
  value.unused_share = bands.share([i](const ShockOutcome& one) { return one.kept[i].used < 1; });
}

void band_study(const std::vector<ShockOutcome>& outcomes, ShockStudy& study) {
  std::vector<const ShockOutcome*> fitting;
  for (const ShockOutcome& one : outcomes) {
    if (one.fits) fitting.push_back(&one);
  }
  study.draws = fitting.size();
  study.left_out = outcomes.size() - fitting.size();
  if (fitting.empty()) return;
  const Bands bands(fitting, study.options.level);
  study.lost = bands.of([](const ShockOutcome& one) { return one.course.lost; });
  study.final_unmet = bands.of([](const ShockOutcome& one) { return one.course.final_unmet; });
  study.exports_unmet = bands.of([](const ShockOutcome& one) { return one.course.exports_unmet; });
  study.worst_day = bands.of([](const ShockOutcome& one) { return one.course.worst_day(); });
  study.by_region = bands.each(&ShockCourse::by_region);
  study.by_industry = bands.each(&ShockCourse::by_industry);
  study.daily = bands.each(&ShockCourse::daily);
  for (std::size_t i = 0; i < study.kept.size(); ++i) band_kept(bands, i, study.kept[i]);
}

void find_drivers(const Dials<ShockModel>& dials, const std::vector<ShockOutcome>& outcomes,
                  ShockStudy& study) {
  std::vector<std::size_t> draws;
  std::vector<double> lost;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (!outcomes[i].fits) continue;
    draws.push_back(i);
    lost.push_back(outcomes[i].course.lost);
  }
  study.drivers = drivers_of(dials, draws, lost);
}

void take_central(const MultiregionalTable& table, ShockOutcome outcome, ShockStudy& study) {
  study.region_added.resize(table.regions);
  study.industry_added.resize(table.industries);
  for (std::size_t k = 0; k < table.industries; ++k) {
    for (std::size_t r = 0; r < table.regions; ++r) {
      study.region_added[r] += table.added[k] * table.output(k, r);
      study.industry_added[k] += table.added[k] * table.output(k, r);
    }
  }
  study.course = std::move(outcome.course);
  for (std::size_t i = 0; i < outcome.kept.size(); ++i) {
    const std::size_t zones = study.shock.zones.size();
    study.kept.push_back({.key = i < zones ? study.shock.zones[i].key : study.shock.reserves[i - zones].key,
                          .zone = i < zones,
                          .used = outcome.kept[i].used,
                          .avoided = outcome.kept[i].avoided,
                          .cost = outcome.kept[i].cost});
  }
}

}  // namespace

double ShockStudy::added() const { return std::accumulate(region_added.begin(), region_added.end(), 0.0); }

Expected<ShockStudy> study_shock(const Atlas& atlas, const NationalEconomy& economy,
                                 const ShockScenario& shock, const ShockOptions& options,
                                 Progress& progress) {
  if (const auto model = leontief_of(domestic_coefficients(economy.table), economy.table.file); !model)
    return std::unexpected(model.error());
  auto setting = ShockSetting::of(atlas, economy, shock);
  if (!setting) return std::unexpected(setting.error());
  const MultiregionalTable table = setting->table(setting->central(), std::nullopt, options.seed);
  Errors errors;
  const Location where{.file = atlas.directory + "/supply_chains.csv"};
  if (const auto fits = fit_parameters(table, setting->parameters(setting->central()), where); !fits)
    add_errors(errors, fits.error());
  for (std::size_t i = 0; i < shock.reserves.size() && errors.empty(); ++i) {
    const Location reserve{.file = shock.file, .field = "reserves." + shock.reserves[i].key};
    const auto fits = fit_parameters(table, setting->parameters(setting->central(), i), reserve);
    if (!fits) add_errors(errors, fits.error());
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  ShockStudy study{.shock = shock, .options = options, .regions = setting->regions(), .economy = &economy};
  take_central(table, outcome_of(*setting, setting->central(), std::nullopt, options.seed), study);
  if (options.draws == 0) return study;
  setting->dials().draw(atlas, options.seed, options.draws,
                        {{.table = "industries", .field = "stock_days", .correlation = kStocksMoveTogether}});
  study.drawn_figures = setting->dials().dials().size();
  std::vector<ShockOutcome> outcomes(options.draws);
  const std::size_t done = in_parallel(options.draws, options.threads, "draws", progress, [&](std::size_t i) {
    outcomes[i] = outcome_of(*setting, setting->dials().drawn(setting->central(), i), i, options.seed);
  });
  study.interrupted = done < options.draws;
  outcomes.resize(done);
  band_study(outcomes, study);
  find_drivers(setting->dials(), outcomes, study);
  return study;
}

}  // namespace hinterland
