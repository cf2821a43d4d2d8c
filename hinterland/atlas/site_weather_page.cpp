#include "hinterland/atlas/site_weather_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "hinterland/base/sample.hpp"
#include "hinterland/facility/psychrometrics.hpp"
#include "hinterland/facility/sample_climate.hpp"
#include "hinterland/report/figure.hpp"
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
  const char *name, *name_zh, *key;
  double MonthNormal::* member;
};
constexpr std::array kMonthValues = {
    MonthValue{"mean C", "均温 ℃", "mean_c", &MonthNormal::mean_c},
    MonthValue{"max C", "最高 ℃", "daily_max_c", &MonthNormal::daily_max_c},
    MonthValue{"min C", "最低 ℃", "daily_min_c", &MonthNormal::daily_min_c},
    MonthValue{"sd K", "标准差 K", "daily_sd_c", &MonthNormal::daily_sd_c},
    MonthValue{"vapour hPa", "水汽压 hPa", "vapour_pressure_hpa", &MonthNormal::vapour_pressure_hpa},
    MonthValue{"air hPa", "气压 hPa", "station_pressure_hpa", &MonthNormal::station_pressure_hpa},
};

TableBlock months_table(const Atlas& atlas, const SiteWeather& weather) {
  const Climate normals = climate_of(atlas, *weather.site), months = months_of(atlas, weather);
  TableBlock table{
      .caption =
          Words(weather.file.empty() ? "Months as drawn, and the station's normals behind them"
                                     : "Months of the file, and the station's normals behind them",
                weather.file.empty() ? "各月生成值与所依据的气象站常年值" : "各月实测值与气象站常年值"),
      .columns = {{Words("month", "月")}},
      .rows = {}};
  for (const MonthValue& value : kMonthValues) {
    table.columns.push_back({Words(value.name, value.name_zh), Align::right});
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

// Why max, min and sd lie apart from the normals beside them.
Words months_note(const SiteWeather& weather) {
  if (!weather.file.empty()) {
    return {
        "max and min are the month's means of each day's warmest and coldest whole hour; the normals are of "
        "readings between the hours too, and of other years.",
        "“最高”“最低”为当月逐日最热、最冷整点气温的平均；常年值取自整点之间的读数，且属另外的年份。"};
  }
  return {
      "A typical year has the normals' means of temperature, vapour and pressure; max and min (the means of "
      "each day's warmest and coldest whole hour) and sd keep the chance of one year, and the normals of max "
      "and min are of readings between the hours too, so some K apart are no error.",
      "典型年的气温、水汽压与气压的月平均等于常年值；“最高”“最低”（逐日最热、最冷整点气温的平均）与标准差"
      "仍带有单独一年的偶然性，而最高、最低的常年值取自整点之间的读数，因此相差几 K 并非错误。"};
}

FactsBlock station_facts(const Atlas& atlas, const SiteWeather& weather) {
  const Site& site = *weather.site;
  const Station& station = atlas.stations.at(site.climate_station);
  const Provenance choice = provenance(atlas, "sites", site.id.text, "climate_station");
  const Provenance who = provenance(atlas, "climate", station.id.text + "-01", "mean_c");
  FactsBlock facts{.caption = Words("Where it comes from", "来源"), .facts = {}};
  const auto fact = [&](const char* name, const char* chinese, Words text) {
    facts.facts.emplace_back(Words(name, chinese), std::move(text));
  };
  fact("hours", "逐时数据", origin_words(atlas, weather));
  if (!weather.notes.empty()) {
    std::vector<std::string> chinese;
    for (const WeatherNote& note : weather.notes) chinese.push_back(note_words(note).zh);
    fact("done to them", "所作处理",
         {fmt::format("{}", fmt::join(english_notes(weather), "; ")),
          fmt::format("{}", fmt::join(chinese, "；"))});
  }
  if (auto note = pressure_note(atlas, weather)) fact("pressure", "气压", std::move(*note));
  const double away = great_circle(site.at(), station.at()).value;
  fact("station", "气象站",
       {fmt::format("{} {} ({}), {:.2f} N {:.2f} E, {:.0f} m above the sea, {:.0f} km from the site",
                    station.name, station.name_zh, station.id.text, station.latitude_deg,
                    station.longitude_deg, station.elevation_m, away),
        fmt::format("{}（{}），北纬 {:.2f}°，东经 {:.2f}°，海拔 {:.0f} 米，距站点 {:.0f} 公里",
                    station.name_zh, station.id.text, station.latitude_deg, station.longitude_deg,
                    station.elevation_m, away)});
  fact("why it", "选用理由",
       choice.note.empty() ? Words(choice.kind) : Words(choice.note, quoted_zh(choice.note)));
  const Source* source = atlas.sources.find({who.source});
  fact("normals", "常年值",
       source == nullptr
           ? Words(who.kind)
           : Words(fmt::format("{}, {} ({}, {})", source->title, source->publisher, who.source, who.kind),
                   fmt::format("{}，{}（{}，{}）", source->title, source->publisher, who.source, who.kind)));
  fact("not shifted", "未作订正",
       {"temperature and pressure are the station's own, whatever the site's height",
        "气温与气压均为气象站本身的数值，未按站点海拔订正"});
  return facts;
}

LinesBlock days_lines(const AllHours& hours) {
  LinesBlock lines{.caption = Words("Days of the year: daily means", "全年日均值"),
                   .x_name = Words("day of the year", "一年中的第几天"),
                   .y_name = Words("C", "℃"),
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

constexpr double kPressureApart = 0.03;  // of the normal; some 250 m of height

}  // namespace

Words origin_words(const Atlas& atlas, const SiteWeather& weather) {
  const std::string english = weather_origin(atlas, weather);
  if (!weather.file.empty())
    return {english, fmt::format("{}，{} 年逐时数据", weather.file, weather.years.size())};
  const Station& station = atlas.stations.at(weather.site->climate_station);
  return {english, fmt::format("{}（{}）的典型年，由其各月常年值随机生成，种子 {}", station.name_zh,
                               station.id.text, weather.seed)};
}

Words note_words(const WeatherNote& note) {
  const std::string count = grouped(static_cast<long long>(note.count));
  switch (note.what) {
    case WeatherNote::What::station:
      return {fmt::format("the file's station is {}, {:.0f} km from the site", note.station, note.away.value),
              fmt::format("文件所记气象站为 {}，距站点 {:.0f} 公里", note.station, note.away.value)};
    case WeatherNote::What::interpolated: return {count + " values interpolated", count + " 个数值经插补"};
    case WeatherNote::What::leap_days_left_out:
      return {count + " hours of 29 February left out", count + " 个小时属 2 月 29 日，已略去"};
    case WeatherNote::What::saturated:
      return {count + " hours of humidity above 100 % taken as 100 %",
              count + " 个小时的相对湿度高于 100 %，按 100 % 计"};
    case WeatherNote::What::wrapped:
      return {count + " hours past the last local year stand for those before the first",
              count + " 个小时在当地最后一年之后，移作第一年之前的小时"};
  }
  return {};
}

std::vector<std::string> english_notes(const SiteWeather& weather) {
  std::vector<std::string> notes;
  for (const WeatherNote& note : weather.notes) notes.push_back(note_words(note).en);
  return notes;
}

std::optional<Words> pressure_note(const Atlas& atlas, const SiteWeather& weather) {
  if (weather.file.empty()) return std::nullopt;
  double sum = 0, normal = 0;
  std::size_t hours = 0;
  for (const WeatherYear& year : weather.years) {
    for (const WeatherHour& hour : year) sum += hour.pressure_pa / 100;
    hours += year.size();
  }
  for (const MonthNormal& month : climate_of(atlas, *weather.site).months)
    normal += month.station_pressure_hpa / 12;
  const double own = sum / static_cast<double>(hours), apart = own / normal - 1;
  if (!(std::abs(apart) > kPressureApart)) return std::nullopt;
  const std::string size = fmt::format("{:.0f} %", 100 * std::abs(apart));
  return Words{
      fmt::format("the file's mean is {:.0f} hPa, {} {} the {:.0f} hPa of the station's normals; if it was "
                  "reduced to the sea's level, --pressure-hpa {:.0f} takes the station's instead",
                  own, size, apart > 0 ? "above" : "below", normal, normal),
      fmt::format("文件的平均气压为 {:.0f} hPa，比气象站常年值 {:.0f} hPa {} {}；若文件所记为海平面气压，"
                  "可用 --pressure-hpa {:.0f} 改取本站气压",
                  own, normal, apart > 0 ? "高" : "低", size, normal)};
}

std::string quoted_zh(const std::string& note) {
  return note.empty() ? "" : fmt::format("（原注，英文）{}", note);
}

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
          fmt::format(
              "{}：年均 {:.1f} ℃，{:.1f} 至 {:.1f} ℃；99 % 的小时湿球温度低于 {:.1f} ℃，最高 {:.1f} ℃。",
              site.name_zh, mean(hours.temperature), coldest, warmest, wettest,
              *std::ranges::max_element(hours.wet_bulb))),
      .strong = true});
  page.blocks.emplace_back(months_table(atlas, weather));
  page.blocks.emplace_back(Paragraph{.text = months_note(weather), .strong = false});
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
                    {"notes", english_notes(weather)},
                    {"temperature_c", spread(hours.temperature)},
                    {"wet_bulb_c", spread(hours.wet_bulb)},
                    {"months", rows}};
  return out.dump(2) + "\n";
}

}  // namespace hinterland
