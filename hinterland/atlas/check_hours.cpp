// check_hours: climate, tariffs and curves are whole.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "hinterland/atlas/consistency.hpp"
#include "hinterland/base/number.hpp"
#include "hinterland/facility/psychrometrics.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kHalfHours = 48;

// Rows of months by their owner: each month once; all of them, or none where that is allowed.
template <class Month, class OwnerId>
void check_months(const Table<Month>& rows, OwnerId Month::* owner, const std::vector<std::string>& owners,
                  bool none_allowed, const std::string& file, Errors& errors) {
  std::map<std::string, std::array<int, 12>> seen;
  for (const Month& row : rows) {
    if (row.month != std::floor(row.month)) {
      add_error(errors, {.what = fmt::format("{}: {} is no month", row.id.text, shortest(row.month)),
                         .where = {.file = file, .field = "month"},
                         .mend = "Give 1 to 12."});
      return;
    }
    ++seen[(row.*owner).text].at(static_cast<std::size_t>(row.month) - 1);
  }
  for (const std::string& one : owners) {
    const auto found = seen.find(one);
    if (found == seen.end() && none_allowed) continue;
    for (std::size_t month = 1; month <= 12; ++month) {
      const int times = found == seen.end() ? 0 : found->second.at(month - 1);
      if (times == 1) continue;
      add_error(errors, {.what = times == 0 ? fmt::format("{} has no row of month {}", one, month)
                                            : fmt::format("{} has month {} {} times", one, month, times),
                         .where = {.file = file, .field = "month"},
                         .mend = none_allowed ? "Give each of the twelve months one row, or none at all."
                                              : "Give each of the twelve months one row."});
    }
  }
}

// No month's mean of the air's weight is farther off that of the standard atmosphere (ISO 2533).
constexpr double kPressureAway = 0.08;

double standard_hpa(double elevation_m) { return 1013.25 * std::pow(1 - 2.25577e-5 * elevation_m, 5.25588); }

void check_climate(const Atlas& atlas, const std::string& file, Errors& errors) {
  check_months(atlas.climate, &ClimateMonth::station, ids_of(atlas.stations), false, file, errors);
  for (const ClimateMonth& one : atlas.climate) {
    const auto complain = [&](const std::string& what, const char* field, const char* mend) {
      add_error(errors,
                {.what = one.id.text + ": " + what, .where = {.file = file, .field = field}, .mend = mend});
    };
    if (!(one.daily_min_c <= one.mean_c && one.mean_c <= one.daily_max_c))
      complain("minimum, mean and maximum are out of order", "mean_c",
               "Order them daily_min_c, mean_c, daily_max_c.");
    const double most = saturation_pressure(one.daily_max_c) / 100;
    if (one.vapour_pressure_hpa > most)
      complain(fmt::format("{} hPa where air of its daily maximum, {} degC, holds {:.1f}",
                           shortest(one.vapour_pressure_hpa), shortest(one.daily_max_c), most),
               "vapour_pressure_hpa", "Give the mean vapour pressure in hPa.");
    const Station* station = atlas.stations.find(one.station);
    const double usual = station == nullptr ? one.station_pressure_hpa : standard_hpa(station->elevation_m);
    if (std::abs(one.station_pressure_hpa - usual) > kPressureAway * usual)
      complain(fmt::format("{} hPa where air at {} m has about {:.0f}", shortest(one.station_pressure_hpa),
                           shortest(station->elevation_m), usual),
               "station_pressure_hpa", "Give the pressure at the station, not reduced to the sea, in hPa.");
  }
}

// The ratio behind a letter, and its column.
struct Ratio {
  char letter;
  const char* column;
  std::optional<double> Tariff::* member;
};
constexpr std::array kRatios = {
    Ratio{'S', "sharp_ratio", &Tariff::sharp},
    Ratio{'P', "peak_ratio", &Tariff::peak},
    Ratio{'V', "valley_ratio", &Tariff::valley},
    Ratio{'D', "deep_ratio", &Tariff::deep},
};

void check_tariffs(const Atlas& atlas, const std::string& folder, Errors& errors) {
  const std::string file = folder + "/tariff_periods.csv";
  check_months(atlas.tariff_months, &TariffMonth::tariff, ids_of(atlas.tariffs), true, file, errors);
  for (const TariffMonth& one : atlas.tariff_months) {
    if (one.periods.size() == kHalfHours && one.periods.find_first_not_of("SPFVD") == std::string::npos)
      continue;
    add_error(errors, {.what = fmt::format("{}: {} is not {} letters of S, P, F, V, D", one.id.text,
                                           in_quotes(one.periods), kHalfHours),
                       .where = {.file = file, .field = "periods"},
                       .mend = "Give one letter for each half hour from midnight."});
  }
  for (const Tariff& tariff : atlas.tariffs) {
    for (const Ratio& ratio : kRatios) {
      const auto runs = std::ranges::any_of(atlas.tariff_months, [&](const TariffMonth& one) {
        return one.tariff == tariff.id && one.periods.contains(ratio.letter);
      });
      if (!runs || tariff.*ratio.member) continue;
      add_error(errors, {.what = fmt::format("{}: its periods name {}, of which it has no ratio",
                                             tariff.id.text, ratio.letter),
                         .where = {.file = folder + "/tariffs.csv", .field = ratio.column},
                         .mend = "Give the price of that period / the price of the flat period."});
    }
  }
}

void check_curves(const Atlas& atlas, const std::string& file, Errors& errors) {
  std::map<std::pair<SiteId, CurveQuantity>, const Curve*> seen;
  for (const Curve& curve : atlas.curves) {
    const auto [first, fresh] = seen.try_emplace({curve.site, curve.quantity}, &curve);
    if (fresh) continue;
    add_error(errors,
              {.what = fmt::format("{} is of the same site and quantity as {}", curve.id.text,
                                   first->second->id.text),
               .where = {.file = file},
               .mend = fmt::format("Give the row the id {}, or remove one.", first->second->id.text)});
  }
}

}  // namespace

void check_hours(const Atlas& atlas, const std::string& folder, Errors& errors) {
  check_climate(atlas, folder + "/climate.csv", errors);
  check_tariffs(atlas, folder, errors);
  check_curves(atlas, folder + "/curves.csv", errors);
}

}  // namespace hinterland
