#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hinterland/atlas/site_weather.hpp"
#include "hinterland/base/sample.hpp"
#include "hinterland/facility/psychrometrics.hpp"
#include "hinterland/facility/sample_climate.hpp"
#include "hinterland/report/month_by_hour.hpp"

namespace hinterland {

namespace {

// All hours of all years, one behind the other.
struct AllHours {
  std::vector<double> temperature, wet_bulb;
};

AllHours hours_of(const SiteWeather& weather) {
  AllHours hours;
  for (const WeatherYear& year : weather.years) {
    for (const WeatherHour& hour : year) {
      hours.temperature.push_back(hour.temperature_c);
      hours.wet_bulb.push_back(wet_bulb(hour.temperature_c, hour.humidity_pct, hour.pressure_pa));
    }
  }
  return hours;
}

// The years' own monthly statistics, as a CLIMAT report would give them.
Climate months_of(const Atlas& atlas, const SiteWeather& weather) {
  const Climate normals = climate_of(atlas, *weather.site);
  return sample_climate(weather.years, normals.latitude_deg, normals.longitude_deg, normals.utc_offset_h);
}

// A column of the monthly table and of JSON: its name, and the member it shows.
struct MonthValue {
  const char *name, *key;
  double MonthNormal::* member;
};
constexpr std::array kMonthValues = {
    MonthValue{"mean C", "mean_c", &MonthNormal::mean_c},
    MonthValue{"max C", "daily_max_c", &MonthNormal::daily_max_c},
    MonthValue{"min C", "daily_min_c", &MonthNormal::daily_min_c},
    MonthValue{"sd K", "daily_sd_c", &MonthNormal::daily_sd_c},
    MonthValue{"vapour hPa", "vapour_pressure_hpa", &MonthNormal::vapour_pressure_hpa},
    MonthValue{"air hPa", "station_pressure_hpa", &MonthNormal::station_pressure_hpa},
};

TableBlock months_table(const Atlas& atlas, const SiteWeather& weather) {
  const Climate normals = climate_of(atlas, *weather.site), months = months_of(atlas, weather);
  TableBlock table{
      .caption = Words(weather.file.empty() ? "Months as drawn, and the station's normals behind them"
                                            : "Months of the file, and the station's normals behind them",
                       "各月统计与气象站常年值"),
      .columns = {{Words("month", "月")}},
      .rows = {}};
  for (const MonthValue& value : kMonthValues) {
    table.columns.push_back({value.name, Align::right});
    table.columns.push_back({Words("normal", "常年值"), Align::right});
  }
  for (std::size_t month = 0; month < 12; ++month) {
    auto& row = table.rows.emplace_back();
    row.emplace_back(std::to_string(month + 1));
    for (const MonthValue& value : kMonthValues) {
      row.emplace_back(fmt::format("{:.1f}", months.months[month].*value.member));
      row.emplace_back(fmt::format("{:.1f}", normals.months[month].*value.member));
    }
  }
  return table;
}

FactsBlock station_facts(const Atlas& atlas, const SiteWeather& weather) {
  const Site& site = *weather.site;
  const Station& station = atlas.stations.at(site.climate_station);
  const Provenance choice = provenance(atlas, "sites", site.id.text, "climate_station");
  const Provenance who = provenance(atlas, "climate", station.id.text + "-01", "mean_c");
  FactsBlock facts{.caption = Words("Where it comes from", "来源"), .facts = {}};
  facts.facts.emplace_back("hours", weather_origin(atlas, weather));
  if (!weather.notes.empty())
    facts.facts.emplace_back("done to them", fmt::format("{}", fmt::join(weather.notes, "; ")));
  facts.facts.emplace_back(
      "station",
      fmt::format("{} {} ({}), {:.2f} N {:.2f} E, {:.0f} m above the sea, {:.0f} km from the site",
                  station.name, station.name_zh, station.id.text, station.latitude_deg, station.longitude_deg,
                  station.elevation_m, great_circle(site.at(), station.at()).value));
  facts.facts.emplace_back("why it", choice.note.empty() ? choice.kind : choice.note);
  const Source* source = atlas.sources.find({who.source});
  facts.facts.emplace_back("normals", source == nullptr
                                          ? who.kind
                                          : fmt::format("{}, {} ({}, {})", source->title, source->publisher,
                                                        who.source, who.kind));
  facts.facts.emplace_back("not shifted",
                           "temperature and pressure are the station's own, whatever the site's height");
  return facts;
}

LinesBlock days_lines(const AllHours& hours) {
  LinesBlock lines{.caption = Words("Days of the year: daily means", "全年日均值"),
                   .x_name = "day of the year",
                   .y_name = "C",
                   .x = {},
                   .curves = {}};
  const auto curve = [&](Words name, const std::vector<double>& values) {
    LinesBlock::Curve one{.name = std::move(name), .y = std::vector<double>(kYearHours / 24)};
    const double weight = static_cast<double>(kYearHours) / (24 * static_cast<double>(values.size()));
    for (std::size_t i = 0; i < values.size(); ++i) one.y[i % kYearHours / 24] += values[i] * weight;
    lines.curves.push_back(std::move(one));
  };
  for (std::size_t day = 1; day <= kYearHours / 24; ++day) lines.x.push_back(static_cast<double>(day));
  curve(Words("dry bulb", "干球温度"), hours.temperature);
  curve(Words("wet bulb", "湿球温度"), hours.wet_bulb);
  return lines;
}

}  // namespace

Page weather_page(const Atlas& atlas, const SiteWeather& weather) {
  const AllHours hours = hours_of(weather);
  const Site& site = *weather.site;
  const auto [coldest, warmest] = std::ranges::minmax(hours.temperature);
  const double wettest = quantile(hours.wet_bulb, 0.99);
  Page page{.title = Words(fmt::format("Weather of {}", site.name), fmt::format("{}的天气", site.name_zh)),
            .blocks = {}};
  page.blocks.emplace_back(Paragraph{
      .text = Words(
          fmt::format("{}: {:.1f} C in the mean, from {:.1f} to {:.1f}; wet bulb below {:.1f} C in 99 % of "
                      "the hours, {:.1f} at most.",
                      site.name, mean(hours.temperature), coldest, warmest, wettest,
                      *std::ranges::max_element(hours.wet_bulb)),
          fmt::format("{}：年均 {:.1f} ℃，{:.1f} 至 {:.1f} ℃；99 % 的小时湿球温度低于 {:.1f} ℃。",
                      site.name_zh, mean(hours.temperature), coldest, warmest, wettest)),
      .strong = true});
  page.blocks.emplace_back(months_table(atlas, weather));
  page.blocks.emplace_back(
      month_by_hour(Words("Temperature by month and hour", "各月各时温度"), "C", hours.temperature));
  page.blocks.emplace_back(days_lines(hours));
  page.blocks.emplace_back(station_facts(atlas, weather));
  return page;
}

std::string weather_json(const Atlas& atlas, const SiteWeather& weather) {
  using Json = nlohmann::ordered_json;
  const AllHours hours = hours_of(weather);
  const Station& station = atlas.stations.at(weather.site->climate_station);
  const Climate normals = climate_of(atlas, *weather.site), months = months_of(atlas, weather);
  const auto spread = [](const std::vector<double>& values) {
    const auto [least, most] = std::ranges::minmax(values);
    return Json{{"mean", mean(values)},
                {"min", least},
                {"p1", quantile(values, 0.01)},
                {"p99", quantile(values, 0.99)},
                {"max", most}};
  };
  Json rows = Json::array();
  for (std::size_t month = 0; month < 12; ++month) {
    Json row = {{"month", month + 1}}, normal = Json::object();
    for (const MonthValue& value : kMonthValues) {
      row[value.key] = months.months[month].*value.member;
      normal[value.key] = normals.months[month].*value.member;
    }
    row["normal"] = normal;
    rows.push_back(row);
  }
  const Json out = {{"site", weather.site->id.text},
                    {"station",
                     {{"id", station.id.text},
                      {"name", station.name},
                      {"elevation_m", station.elevation_m},
                      {"distance_km", great_circle(weather.site->at(), station.at()).value},
                      {"source", provenance(atlas, "climate", station.id.text + "-01", "mean_c").source}}},
                    {"origin", weather.file.empty() ? "drawn" : "measured"},
                    {"file", weather.file.empty() ? Json(nullptr) : Json(weather.file)},
                    {"seed", weather.file.empty() ? Json(weather.seed) : Json(nullptr)},
                    {"years", weather.years.size()},
                    {"notes", weather.notes},
                    {"temperature_c", spread(hours.temperature)},
                    {"wet_bulb_c", spread(hours.wet_bulb)},
                    {"months", rows}};
  return out.dump(2) + "\n";
}

}  // namespace hinterland
