#include "hinterland/plan/study_demand.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "hinterland/base/file.hpp"
#include "hinterland/base/model_year.hpp"
#include "hinterland/work/trace_model.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kDay = 24, kWeek = 168, kWorkingDays = 5;

struct TableRow {
  RegionId region;
  Kilowatts power;
};

Expected<std::vector<double>> levels_from_table(const StudyDemand& demand, const Atlas& atlas) {
  const auto text = read_text(demand.table);
  if (!text) return std::unexpected(text.error());
  const Fields<TableRow> fields = {
      field("region", &TableRow::region).documented("of the atlas"),
      field("mw", &TableRow::power, kKilowattsPerMegawatt).within(0, 1e7).documented("mean IT power"),
  };
  const auto rows = parse_table(*text, demand.table, descriptions(fields), false);
  if (!rows) return std::unexpected(rows.error());
  std::vector<double> out(atlas.regions.rows().size());
  std::vector<bool> seen(out.size());
  Errors errors;
  for (const RecordRow& row : *rows) {
    TableRow one;
    fill(one, fields, row);
    const Region* region = atlas.regions.find(one.region);
    if (region == nullptr) {
      add_error(errors, {.what = "no region " + in_quotes(one.region.text),
                         .where = row.where,
                         .mend = did_you_mean(one.region.text, ids_of(atlas.regions))});
      continue;
    }
    const auto at = static_cast<std::size_t>(region - atlas.regions.rows().data());
    if (seen[at])
      add_error(errors, {.what = fmt::format("the region {} stands twice", one.region.text),
                         .where = row.where,
                         .mend = "Add the two up, or remove one."});
    seen[at] = true;
    out[at] = one.power.value;
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return out;
}

}  // namespace

Kilowatts sold(const Atlas& atlas) {
  Kilowatts out;
  for (const Site& site : atlas.sites) out += site.rack_fill * site.server_use * site.capacity;
  return out;
}

Expected<std::vector<double>> demand_levels(const Study& study, const StudyDemand& demand, const Atlas& atlas,
                                            bool today) {
  std::vector<double> out;
  if (!demand.table.empty()) {
    auto read = levels_from_table(demand, atlas);
    if (!read) return read;
    out = std::move(*read);
  } else {
    double weights = 0;
    for (const Region& region : atlas.regions) {
      out.push_back(study.spread == SpreadBy::gdp ? region.gdp_1e8 : region.population_1e4);
      weights += out.back();
    }
    const double total =
        demand.power ? demand.power->value : *demand.share * study.demand.value_or(sold(atlas)).value;
    for (double& level : out) level *= weights > 0 ? total / weights : 0;
  }
  const double grown = today ? 1 : std::pow(1 + demand.growth_per_year, study.years_ahead);
  for (double& level : out) level *= grown;
  return out;
}

Expected<WeekShape> week_shape(const StudyDemand& demand, const std::string& models) {
  WeekShape week{};
  if (!demand.model.empty()) {
    const auto model = load_trace_model(demand.model, models);
    if (!model) return std::unexpected(model.error());
    for (std::size_t h = 0; h < kWeek; ++h) {
      const ArrivalModel& arrivals = model->arrivals;
      week.at(h) = (arrivals.hours.empty() ? 1 : arrivals.hours[h % kDay]) *
                   (arrivals.weekdays.empty() ? 1 : arrivals.weekdays[h / kDay]);
    }
    return week;
  }
  for (std::size_t h = 0; h < kWeek; ++h)
    week.at(h) =
        (demand.daily.empty() ? 1 : demand.daily[h % kDay]) * (h / kDay < kWorkingDays ? 1 : demand.weekend);
  return week;
}

std::vector<double> hourly_shape(const WeekShape& week, std::size_t first_hour, std::size_t hours) {
  std::vector<double> out;
  for (std::size_t t = 0; t < hours; ++t) out.push_back(week.at((first_hour + t) % kYearHours % kWeek));
  const double mean = std::accumulate(out.begin(), out.end(), 0.0) / static_cast<double>(hours);
  if (mean > 0)
    for (double& hour : out) hour /= mean;
  return out;
}

}  // namespace hinterland
