// Generated against measured weather: does a drawn year cool a building as a real one does, in its tails too?
//
// Five Chinese cities, hourly 2010 to 2015, and sixteen regions that the generator's constants never saw. Each
// climate is sampled from the very series it is compared with, so what differs is the generator's doing. Annual means
// alone would not tell: a year without any variability passes them. So the last test demands that it fails the tails.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "hinterland/base/csv.hpp"
#include "hinterland/base/number.hpp"
#include "hinterland/base/sample.hpp"
#include "hinterland/facility/climate.hpp"
#include "hinterland/facility/day_shape.hpp"
#include "hinterland/facility/facility_year.hpp"
#include "hinterland/facility/monthly_curve.hpp"
#include "hinterland/facility/psychrometrics.hpp"
#include "hinterland/facility/sample_climate.hpp"
#include "hinterland/facility/weather_csv.hpp"
#include "tests/reference_data.hpp"
#include "tests/reference_plants.hpp"

using namespace hinterland;

namespace {

constexpr std::uint64_t kYears = 60, kSeed = 1;
constexpr std::array kShares{0.01, 0.05, 0.25, 0.50, 0.75, 0.95, 0.99};  // of the wet bulb's quantiles

struct City {
  const char* name;
  const char* wmo;  // the station whose normals give the pressure
  int left_out;     // a year with a gap of weeks; 0: none
};
constexpr std::array<City, 5> kCities{{{"beijing", "54511", 0},
                                       {"shanghai", "58362", 0},
                                       {"guangzhou", "59287", 0},
                                       {"chengdu", "56187", 2013},
                                       {"shenyang", "54342", 0}}};

// What weather does to the two example plants.
struct Effect {
  double airside = 0, evaporative = 0, evaporative_p95 = 0, evaporative_p99 = 0, chiller_share = 0;
  std::array<double, kShares.size()> wet_bulb{};
};

Effect effect_of(const std::vector<WeatherYear>& years) {
  const Plant airside = example_plant(CoolingSystem::airside);
  const Plant evaporative = example_plant(CoolingSystem::evaporative);
  Effect effect;
  std::vector<double> pues, wet_bulbs;
  for (const WeatherYear& weather : years) {
    const FacilityYear air = run_year(airside, weather, 1), water = run_year(evaporative, weather, 1);
    effect.airside += summarize(air).pue_mean / static_cast<double>(years.size());
    effect.chiller_share += air.chiller_hours_share / static_cast<double>(years.size());
    effect.evaporative += summarize(water).pue_mean / static_cast<double>(years.size());
    pues.insert(pues.end(), water.pue.begin(), water.pue.end());
    for (const WeatherHour& hour : weather) {
      wet_bulbs.push_back(wet_bulb(hour.temperature_c, hour.humidity_pct, hour.pressure_pa));
    }
  }
  effect.evaporative_p95 = quantile(pues, 0.95);
  effect.evaporative_p99 = quantile(pues, 0.99);
  for (std::size_t i = 0; i < kShares.size(); ++i) effect.wet_bulb.at(i) = quantile(wet_bulbs, kShares.at(i));
  return effect;
}

// Generated minus measured.
Effect operator-(const Effect& a, const Effect& b) {
  Effect out{.airside = a.airside - b.airside,
             .evaporative = a.evaporative - b.evaporative,
             .evaporative_p95 = a.evaporative_p95 - b.evaporative_p95,
             .evaporative_p99 = a.evaporative_p99 - b.evaporative_p99,
             .chiller_share = a.chiller_share - b.chiller_share,
             .wet_bulb = {}};
  for (std::size_t i = 0; i < kShares.size(); ++i) out.wet_bulb.at(i) = a.wet_bulb.at(i) - b.wet_bulb.at(i);
  return out;
}

// The largest |error| of the wet bulb's quantiles from..to.
double worst_wet_bulb(const Effect& error, std::size_t from, std::size_t to) {
  double worst = 0;
  for (std::size_t i = from; i <= to; ++i) worst = std::max(worst, std::abs(error.wet_bulb.at(i)));
  return worst;
}
double worst_inner(const Effect& error) { return worst_wet_bulb(error, 1, 5); }  // p5..p95
double worst_outer(const Effect& error) {
  return std::max(worst_wet_bulb(error, 0, 0), worst_wet_bulb(error, 6, 6));  // p1, p99
}

constexpr const char* kHead =
    "generated - measured  dAE      dWEC     WEC p95  WEC p99  chiller  wet bulb p1 p5 p25 p50 p75 p95 p99 "
    "(K)";

std::string row_of(const std::string& name, const Effect& e) {
  std::string row = fmt::format("{:20}  {:+.4f}  {:+.4f}  {:+.4f}  {:+.4f}  {:+.4f} ", name, e.airside,
                                e.evaporative, e.evaporative_p95, e.evaporative_p99, e.chiller_share);
  for (const double k : e.wet_bulb) row += fmt::format(" {:+.2f}", k);
  return row;
}

Effect generated_effect(const Climate& raw, std::uint64_t count = kYears) {
  const Climate climate = calibrated(raw);
  std::vector<WeatherYear> years;
  for (std::uint64_t year = 0; year < count; ++year) years.push_back(generate_weather(climate, kSeed, year));
  return effect_of(years);
}

double number(std::string_view text) {
  const auto value = parse_number(text);
  REQUIRE_MESSAGE(value, std::string(text));
  return *value;
}

// Rows of a CSV file by the names of its header.
std::vector<std::map<std::string, std::string>> rows_of(const std::string& text) {
  std::vector<std::map<std::string, std::string>> rows;
  CsvReader reader(text, "reference");
  CsvRow row;
  REQUIRE(*reader.next(row));
  const std::vector<std::string> names(row.cells.begin(), row.cells.end());
  while (*reader.next(row)) {
    auto& out = rows.emplace_back();
    for (std::size_t i = 0; i < names.size(); ++i) out[names[i]] = row.cells.at(i);
  }
  return rows;
}

// The CLIMAT normals of a station.
Climate climat(const std::vector<std::map<std::string, std::string>>& normals, const std::string& wmo) {
  Climate climate{.utc_offset_h = 8, .months = {}};
  for (const auto& row : normals) {
    if (row.at("wmo") != wmo) continue;
    climate.latitude_deg = number(row.at("lat"));
    climate.longitude_deg = number(row.at("lon"));
    climate.months.at(static_cast<std::size_t>(number(row.at("month"))) - 1) = {
        .mean_c = number(row.at("t_mean_c")),
        .daily_sd_c = number(row.at("t_daily_sd_c")),
        .interannual_sd_c = number(row.at("t_interannual_sd_c")),
        .daily_max_c = number(row.at("t_dailymax_mean_c")),
        .daily_min_c = number(row.at("t_dailymin_mean_c")),
        .vapour_pressure_hpa = number(row.at("vapour_pressure_hpa")),
        .station_pressure_hpa = number(row.at("station_pressure_hpa"))};
  }
  return climate;
}

// Station normals by name of the column; empty where the test must skip.
std::vector<std::map<std::string, std::string>> china_normals() {
  const auto text = reference_text("weather/china_climat_normals_2003_2021.csv");
  return text ? rows_of(*text) : std::vector<std::map<std::string, std::string>>{};
}

struct MeasuredCity {
  std::string name;
  Climate climat;  // the normals of the nearest CLIMAT station
  std::vector<WeatherYear> years;
  Climate sampled;  // the normals of `years`
  Effect effect;    // of `years`
};

// The city's hours. Their pressures are reduced to the sea, so the station's come from the CLIMAT normals.
std::vector<WeatherYear> hours_of(const City& city, const std::string& text, const Climate& climat) {
  std::vector<WeatherYear> years;
  WeatherOptions options{.station_pressure_pa = 1e5, .most_gap_h = 12, .drop_leap_days = true};
  for (int year = 2010; year <= 2015; ++year) {
    if (year == city.left_out) continue;
    options.year = year;
    auto record = parse_weather_csv(text, city.name, options);
    REQUIRE_MESSAGE(record, (record ? std::string() : describe(record.error().front())));
    WeatherYear hours = std::move(record->years.at(0).hours);
    for (std::size_t i = 0; i < kYearHours; ++i) {
      hours[i].pressure_pa = 100 * climat.months.at(month_of_hour(i)).station_pressure_hpa;
    }
    years.push_back(std::move(hours));
  }
  return years;
}

// Empty where the test must skip.
const std::vector<MeasuredCity>& measured_cities() {
  static const std::vector<MeasuredCity> kMeasured = [] {
    std::vector<MeasuredCity> cities;
    const auto rows = china_normals();
    if (rows.empty()) return cities;
    for (const City& city : kCities) {
      const auto text = reference_text(fmt::format("weather/uci_hourly_{}_2010_2015.csv.gz", city.name));
      if (!text) return cities;
      MeasuredCity measured{
          .name = city.name, .climat = climat(rows, city.wmo), .years = {}, .sampled = {}, .effect = {}};
      measured.years = hours_of(city, *text, measured.climat);
      measured.sampled =
          sample_climate(measured.years, measured.climat.latitude_deg, measured.climat.longitude_deg, 8);
      measured.effect = effect_of(measured.years);
      cities.push_back(std::move(measured));
    }
    return cities;
  }();
  return kMeasured;
}

// A year as the generator would give it without chance: (35) and (36) with X = Y = 0, G = 1, no correction.
WeatherYear flat_year(const Climate& climate) {
  const auto curve = [&](auto of) {
    Months values{};
    for (std::size_t m = 0; m < 12; ++m) values.at(m) = of(climate.months.at(m));
    return monthly_curve(values, 10);
  };
  const auto mean = curve([](const MonthNormal& m) { return m.mean_c; });
  const auto swing = curve([](const MonthNormal& m) { return 0.835 * (m.daily_max_c - m.daily_min_c); });
  const auto vapour = curve([](const MonthNormal& m) { return 100 * m.vapour_pressure_hpa; });
  const auto pressure = curve([](const MonthNormal& m) { return 100 * m.station_pressure_hpa; });
  const auto shape = day_shape(climate.latitude_deg, climate.longitude_deg, climate.utc_offset_h);
  WeatherYear year;
  for (std::size_t i = 0; i < kYearHours; ++i) {
    const double t = mean[i] + swing[i] * shape[i], e = vapour[i] * std::exp(-0.07 * shape[i]);
    year.push_back({.temperature_c = t,
                    .humidity_pct = std::min(100 * e / saturation_pressure(t), 100.0),
                    .pressure_pa = pressure[i]});
  }
  return year;
}

// The acceptance bounds.
void check_own_normals(const Effect& error) {
  CHECK(std::abs(error.evaporative) <= 0.003);
  CHECK(std::abs(error.airside) <= 0.012);
  CHECK(std::abs(error.evaporative_p95) <= 0.005);
  CHECK(std::abs(error.evaporative_p99) <= 0.012);
  CHECK(std::abs(error.chiller_share) <= 0.045);
  CHECK(worst_inner(error) <= 0.9);
  CHECK(worst_outer(error) <= 1.3);
}

}  // namespace

TEST_CASE("five cities, 60 generated years of each one's own normals against its measured hours") {
  std::string table = kHead;
  for (const MeasuredCity& city : measured_cities()) {
    CAPTURE(city.name);
    const Effect error = generated_effect(city.sampled) - city.effect;
    table += "\n" + row_of(city.name, error);
    check_own_normals(error);
  }
  MESSAGE(table);
}

TEST_CASE("five cities, generated from the CLIMAT normals of the nearest station") {
  std::string table = kHead;
  for (const MeasuredCity& city : measured_cities()) {
    CAPTURE(city.name);
    const Effect error = generated_effect(city.climat) - city.effect;
    table += "\n" + row_of(city.name, error);
    CHECK(std::abs(error.evaporative) <= 0.005);
    CHECK(std::abs(error.airside) <= 0.014);
    CHECK(std::abs(error.evaporative_p95) <= 0.008);
    CHECK(std::abs(error.evaporative_p99) <= 0.012);
    CHECK(worst_wet_bulb(error, 2, 5) <= 0.9);  // p25..p95
  }
  MESSAGE(table);
}

TEST_CASE("a year without variability passes the means and fails the tails, so the bounds can fail") {
  std::string table = kHead;
  double means = 0;
  for (const MeasuredCity& city : measured_cities()) {
    CAPTURE(city.name);
    const Effect error = effect_of({flat_year(city.sampled)}) - city.effect;
    table += "\n" + row_of(city.name, error);
    means += std::abs(error.evaporative) / static_cast<double>(kCities.size());
    CHECK(std::abs(error.evaporative_p99) > 0.012);
    CHECK(worst_outer(error) > 1.3);
  }
  CHECK(means < 0.003);
  MESSAGE(table);
}

TEST_CASE("sixteen regions of the world that the constants never saw, a single year of each") {
  static constexpr std::array<std::string_view, 9> kMidLatitude{
      "JP-TK", "KR", "DE-LU", "GB", "CA-ON", "US-NY-NYIS", "US-MIDA-PJM", "US-TEX-ERCO", "US-CAL-CISO"};
  const auto regions = reference_text("world/regions.csv");
  if (!regions) return;
  std::string table = kHead;
  double airside = 0, evaporative = 0;  // mean errors over all regions
  const auto rows = rows_of(*regions);
  for (const auto& row : rows) {
    const std::string& name = row.at("region");
    CAPTURE(name);
    const double offset = number(row.at("utc_offset_s")) / 3600;
    // The standard atmosphere's pressure at the station's height.
    const double pressure = 101325 * std::pow(1 - 2.25577e-5 * number(row.at("elev_m")), 5.25588);
    const auto text = reference_text(fmt::format("world/{}_2023.csv.gz", name));
    REQUIRE(text);
    const auto record =
        parse_weather_csv(*text, name, {.station_pressure_pa = pressure, .utc_offset_h = offset});
    REQUIRE_MESSAGE(record, (record ? std::string() : describe(record.error().front())));
    CHECK(record->wrapped_hours == static_cast<std::size_t>(std::abs(std::floor(offset))));
    const std::vector<WeatherYear> years{record->years.at(0).hours};
    const Climate climate = sample_climate(years, number(row.at("lat")), number(row.at("lon")), offset);
    const Effect error = generated_effect(climate, kYears / 2) - effect_of(years);
    const bool mid_latitude = std::ranges::find(kMidLatitude, name) != kMidLatitude.end();
    table += "\n" + row_of(name + (mid_latitude ? "" : " (south or tropics)"), error);
    airside += std::abs(error.airside) / static_cast<double>(rows.size());
    evaporative += std::abs(error.evaporative) / static_cast<double>(rows.size());
    if (!mid_latitude) continue;
    CHECK(std::abs(error.airside) <= 0.012);
    CHECK(std::abs(error.evaporative) <= 0.005);
    CHECK(std::abs(error.evaporative_p95) <= 0.018);
    CHECK(std::abs(error.evaporative_p99) <= 0.05);
    CHECK(std::abs(error.chiller_share) <= 0.045);
  }
  CHECK(rows.size() == 16);
  CHECK(airside <= 0.006);
  CHECK(evaporative <= 0.003);
  MESSAGE(table << fmt::format("\nmean of 16            {:.4f}   {:.4f}", airside, evaporative));
}

// The public story names climate as Guizhou's reason. By climate alone, one plant everywhere, it is the last of three.
TEST_CASE(
    "Guiyang needs more power than Hohhot and Yinchuan with any plant, and with outside air more water too") {
  const auto rows = china_normals();
  if (rows.empty()) return;
  std::map<std::string, std::vector<WeatherYear>> drawn;
  for (const char* wmo : {"57816", "53463", "53614"}) {
    const Climate climate = calibrated(climat(rows, wmo));
    for (std::uint64_t year = 0; year < 10; ++year)
      drawn[wmo].push_back(generate_weather(climate, kSeed, year));
  }
  std::string table = "PUE, L/kWh, share of hours with a chiller";
  for (const auto system : {CoolingSystem::airside, CoolingSystem::evaporative, CoolingSystem::chiller}) {
    Plant plant;
    plant.system = system;
    std::map<std::string, YearSummary> means;
    for (const auto& [wmo, years] : drawn) {
      YearSummary& mean = means[wmo] = {.pue_mean = 0};
      for (const WeatherYear& year : years) {
        const YearSummary one = summarize(run_year(plant, year, 1));
        mean.pue_mean += one.pue_mean / 10;
        mean.wue_mean += one.wue_mean / 10;
        mean.chiller_hours_share += one.chiller_hours_share / 10;
      }
      table += fmt::format("\n{} plant {}: {:.4f} {:.3f} {:.3f}", wmo, static_cast<int>(system),
                           mean.pue_mean, mean.wue_mean, mean.chiller_hours_share);
    }
    for (const char* northern : {"53463", "53614"}) {
      CHECK(means["57816"].pue_mean > means[northern].pue_mean);
      CHECK(means["57816"].chiller_hours_share >= means[northern].chiller_hours_share);
      // A tower evaporates more in dry air, so with one the north's water comes near Guiyang's.
      if (system == CoolingSystem::airside) CHECK(means["57816"].wue_mean > 2 * means[northern].wue_mean);
    }
  }
  MESSAGE(table);
}
