#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "hinterland/atlas/site_plant.hpp"
#include "hinterland/atlas/site_weather_page.hpp"
#include "hinterland/base/number.hpp"
#include "hinterland/report/figure.hpp"
#include "hinterland/report/month_by_hour.hpp"

namespace hinterland {

namespace {

// The overhead as people ask for it: each a sum of the plant's parts, kW per kW of IT.
struct Overhead {
  const char *key, *name, *name_zh;
  double (*of)(const PlantHour&);
};
const std::array kOverheads = {
    Overhead{"power_path", "UPS, distribution, light", "配电与照明",
             [](const PlantHour& h) { return h.power_path; }},
    Overhead{"room_fans", "room fans", "机房风机", [](const PlantHour& h) { return h.room_fans; }},
    Overhead{"chiller", "chiller", "冷水机组", [](const PlantHour& h) { return h.chiller; }},
    Overhead{
        "pumps", "pumps", "水泵",
        [](const PlantHour& h) { return h.chilled_pump + h.economiser_pump + h.tower_pump + h.sea_pump; }},
    Overhead{"tower_fans", "tower fans", "冷却塔风机", [](const PlantHour& h) { return h.tower_fans; }},
    Overhead{"humidifier", "humidifier", "加湿", [](const PlantHour& h) { return h.humidifier; }},
};

std::string three(double value) { return fmt::format("{:.3f}", value); }
std::string two(double value) { return fmt::format("{:.2f}", value); }

Paragraph answer(const SiteWeather& weather, const PlantYear& year) {
  const Site& site = *weather.site;
  const YearSummary& sum = year.summary;
  return {
      .text = Words(
          fmt::format("{}, {}: PUE {} over the year, below {} in 95 % of the hours and {} in 99 %; {} L a "
                      "kWh of IT; a chiller runs in {} of the hours.",
                      site.name, year.plant->id.text, three(sum.pue_mean), three(sum.pue_p95),
                      three(sum.pue_p99), two(sum.wue_mean), percent(sum.chiller_hours_share)),
          fmt::format(
              "{}（{}）：全年 PUE {}，95 % 的小时低于 {}，99 % 低于 {}；WUE {} L/kWh；{} 的小时需开冷机。",
              site.name_zh, year.plant->name_zh, three(sum.pue_mean), three(sum.pue_p95), three(sum.pue_p99),
              two(sum.wue_mean), percent(sum.chiller_hours_share))),
      .strong = true};
}

FactsBlock setting(const Atlas& atlas, const SiteWeather& weather, const PlantYear& year) {
  const Site& site = *weather.site;
  FactsBlock facts{.caption = Words("What was computed", "计算条件"), .facts = {}};
  const bool own = year.plant->id == site.cooling;
  const auto fact = [&](Words name, Words text) {
    facts.facts.emplace_back(std::move(name), std::move(text));
  };
  Words plant{year.plant->name, year.plant->name_zh};
  if (!own) {
    plant.en += fmt::format("; the site's own is {}", site.cooling.text);
    plant.zh += fmt::format("；站点自己的是{}", atlas.plants.at(site.cooling).name_zh);
  }
  fact({"plant", "设备"}, std::move(plant));
  Words load{fmt::format("{} of the design IT power", percent(year.load)),
             fmt::format("设计 IT 功率的 {}", percent(year.load))};
  if (year.load != site.power_load) {
    load.en += "; the atlas says " + percent(site.power_load);
    load.zh += "；图集为 " + percent(site.power_load);
  }
  fact({"load", "负载"}, std::move(load));
  fact({"weather", "天气"}, origin_words(atlas, weather));
  for (const WeatherNote& note : weather.notes) fact("", note_words(note));
  if (auto note = pressure_note(atlas, weather)) fact({"pressure", "气压"}, std::move(*note));
  if (year.plant->system == CoolingSystem::seawater) {
    fact({"sea", "海水"},
         {"assumed from the air: the mean of its temperature over 30 days around the hour; "
          "whether there is a sea in reach of the site the atlas does not know",
          "海水温度由气温假定：取该小时前后 30 天气温的平均；站点附近有没有海，图集并不知道"});
  }
  if (site.pue_reported) {
    const Provenance who = provenance(atlas, "sites", site.id.text, "pue_reported");
    const bool ends = who.low && who.high;
    const std::string low = ends ? shortest(*who.low) : "", high = ends ? shortest(*who.high) : "";
    fact({"PUE of a year", "全年 PUE"},
         {fmt::format("{} ({}{}): verdicts and rates scale the overhead of these hours to it",
                      two(*site.pue_reported), who.source.empty() ? "nobody" : who.source,
                      ends ? fmt::format(", {} to {}", low, high) : ""),
          fmt::format("{}（{}{}）：判断与费率把这些小时的额外能耗按它缩放", two(*site.pue_reported),
                      who.source.empty() ? "无出处" : who.source,
                      ends ? fmt::format("，{} 至 {}", low, high) : "")});
  }
  fact({"PUE a rule allows", "规定的 PUE 上限"}, two(site.pue_limit));
  return facts;
}

TableBlock overhead_table(const PlantYear& year) {
  TableBlock table{.caption = Words("What the overhead is made of, kW a kW of IT in the mean",
                                    "额外能耗的构成（每千瓦 IT 的平均千瓦数）"),
                   .columns = {{Words("part", "部分")},
                               {Words("kW", "千瓦"), Align::right},
                               {Words("share", "占比"), Align::right}},
                   .rows = {}};
  const double overhead = year.summary.pue_mean - 1;
  for (const Overhead& part : kOverheads) {
    const double kw = part.of(year.mean);
    if (kw < 5e-5) continue;  // nothing of four decimals
    table.rows.push_back({Words(part.name, part.name_zh), fmt::format("{:.4f}", kw), percent(kw / overhead)});
  }
  return table;
}

TableBlock ranking_table(const Atlas& atlas, const Site& asked, const PlantYear& year,
                         const std::vector<SiteRank>& ranking) {
  TableBlock table{
      .caption = Words(fmt::format("The same plant ({}, {} load) through typical years of every site",
                                   year.plant->id.text, percent(year.load)),
                       fmt::format("同一套设备（{}，负载 {}）置于各站点的典型年", year.plant->id.text,
                                   percent(year.load))),
      .columns = {{Words("site", "站点")},
                  {Words("station", "气象站")},
                  {Words("km", "公里"), Align::right},
                  {"PUE", Align::right},
                  {"p95", Align::right},
                  {"p99", Align::right},
                  {Words("L/kWh", "升/千瓦时"), Align::right},
                  {Words("chiller hours", "冷机时间"), Align::right}},
      .rows = {}};
  for (const SiteRank& one : ranking) {
    const Station& station = atlas.stations.at(one.site->climate_station);
    table.rows.push_back({one.site->id.text + (one.site->id == asked.id ? " *" : ""),
                          Words(station.name, station.name_zh),
                          fmt::format("{:.0f}", great_circle(one.site->at(), station.at()).value),
                          three(one.summary.pue_mean), three(one.summary.pue_p95), three(one.summary.pue_p99),
                          two(one.summary.wue_mean), percent(one.summary.chiller_hours_share)});
  }
  return table;
}

BarsBlock ranking_bars(const std::vector<SiteRank>& ranking) {
  BarsBlock bars{.caption = Words("Overhead of the same plant at every site", "同一套设备在各地的额外能耗"),
                 .unit = "kW / kW IT",
                 .rows = {},
                 .parts = {},
                 .marks = {}};
  for (const SiteRank& one : ranking) bars.rows.emplace_back(one.site->name, one.site->name_zh);
  for (const Overhead& part : kOverheads) {
    BarsBlock::Part values{.name = Words(part.name, part.name_zh), .values = {}};
    for (const SiteRank& one : ranking) values.values.push_back(part.of(one.mean));
    bars.parts.push_back(std::move(values));
  }
  return bars;
}

Words listed(const std::vector<const SiteRank*>& sites) {
  std::vector<std::string> texts, chinese;
  for (const SiteRank* one : sites) {
    const std::string pue = three(one->summary.pue_mean), litres = two(one->summary.wue_mean);
    texts.push_back(fmt::format("{} ({}, {} L)", one->site->id.text, pue, litres));
    chinese.push_back(fmt::format("{}（{}，{} 升）", one->site->name_zh, pue, litres));
  }
  return {fmt::format("{}", fmt::join(texts, ", ")), fmt::format("{}", fmt::join(chinese, "、"))};
}

// Of the `all` sites ahead, how many use less water too.
Words less_water(std::size_t thriftier, std::size_t all) {
  if (thriftier == 0) {
    return {all == 1 ? "it uses no less water" : "none of them uses less water",
            all == 1 ? "它用水并不更少" : "它们用水都不更少"};
  }
  if (thriftier == all) {
    return {all == 1 ? "it uses less water too" : "all of them use less water too",
            all == 1 ? "它用水也更少" : "它们用水也都更少"};
  }
  return {fmt::format("{} of them {} less water too", thriftier, thriftier == 1 ? "uses" : "use"),
          fmt::format("其中 {} 个用水也更少", thriftier)};
}

Paragraph story_text(const Atlas& atlas, const ClimateStory& story) {
  const Site& site = *story.site->site;
  const Provenance who = provenance(atlas, "sites", site.id.text, "public_reasons");
  const auto thriftier = std::ranges::count_if(story.better, [&](const SiteRank* other) {
    return other->summary.wue_mean < story.site->summary.wue_mean;
  });
  const Words water = less_water(static_cast<std::size_t>(thriftier), story.better.size()),
              ahead = listed(story.better);
  const std::string pue = three(story.site->summary.pue_mean), litres = two(story.site->summary.wue_mean);
  return {
      .text = Words(
          fmt::format("The public story names the climate as a reason for {} ({}). On climate alone, by "
                      "the same plant, it is "
                      "number {} of {} clusters: PUE {} and {} L a kWh, behind {}; {}.",
                      site.name, who.source, story.better.size() + 1, story.clusters, pue, litres, ahead.en,
                      water.en),
          fmt::format(
              "公开说法把气候列为选择{}的理由（{}）。仅论气候，用同一套设备，它在 {} 个集群中排第 {}：PUE "
              "{}，每千瓦时用水 {} 升；排在它前面的是{}；{}。",
              site.name_zh, who.source, story.clusters, story.better.size() + 1, pue, litres, ahead.zh,
              water.zh)),
      .strong = false};
}

// Reasons that public stories give, as sites.csv names them; another stands as it is.
std::string chinese_reason(const std::string& reason) {
  static const std::map<std::string, std::string> kReasons = {
      {"climate", "气候"}, {"hydropower", "水电"}, {"power-price", "电价"}};
  const auto known = kReasons.find(reason);
  return known == kReasons.end() ? reason : known->second;
}

// What else is known of the place: its power, and what takes it down.
FactsBlock story_facts(const Atlas& atlas, const Site& site) {
  FactsBlock facts{.caption = Words(fmt::format("Beside the climate of {}", site.name),
                                    fmt::format("{}：气候之外", site.name_zh)),
                   .facts = {}};
  const std::string note = provenance(atlas, "sites", site.id.text, "public_reasons").note;
  std::vector<std::string> reasons;
  for (const std::string& reason : site.public_reasons) reasons.push_back(chinese_reason(reason));
  facts.facts.emplace_back(Words("public reasons", "公开说法的理由"),
                           Words(fmt::format("{}: {}", fmt::join(site.public_reasons, ", "), note),
                                 fmt::format("{}。{}", fmt::join(reasons, "、"), quoted_zh(note))));
  const Grid& grid = atlas.grids.at(site.grid);
  const auto cleaner =
      std::ranges::count_if(atlas.grids, [&](const Grid& other) { return other.location < grid.location; });
  const std::string source = provenance(atlas, "grids", grid.id.text, "location_kg_per_kwh").source;
  facts.facts.emplace_back(
      Words("its power", "电力"),
      Words(fmt::format("{} kg CO2 a kWh, the grid's average ({}); {} of {} grids have less",
                        grid.location.value, source, cleaner, atlas.grids.size()),
            fmt::format("每千瓦时 {} 千克 CO2，为电网平均（{}）；{} 个电网中有 {} 个更低",
                        grid.location.value, source, atlas.grids.size(), cleaner)));
  for (const Hazard& hazard : atlas.hazards) {
    if (!hazard.takes(site.id)) continue;
    const Provenance chance = provenance(atlas, "hazards", hazard.id.text, "probability_per_year");
    const Provenance length = provenance(atlas, "hazards", hazard.id.text, "duration_days");
    const std::string share = percent(hazard.probability_per_year),
                      days = fmt::format("{:.0f}", hazard.duration.value / 24),
                      who = provenance(atlas, "hazards", hazard.id.text, "kind").source;
    facts.facts.emplace_back(
        Words(hazard.id.text, hazard.id.text),
        Words(fmt::format("{}, {} a year, {} days: {}; {} ({})", hazard.name, share, days, chance.note,
                          length.note, who),
              fmt::format("{}，每年 {}，{} 天（{}）。{}", hazard.name_zh, share, days, who,
                          quoted_zh(fmt::format("{}; {}", chance.note, length.note)))));
  }
  return facts;
}

void add_story(const Atlas& atlas, const ClimateStory& story, std::vector<Block>& blocks) {
  if (story.better.empty()) return;
  blocks.emplace_back(story_text(atlas, story));
  blocks.emplace_back(story_facts(atlas, *story.site->site));
}

}  // namespace

std::vector<Block> climate_blocks(const Atlas& atlas, const Site& site, std::uint64_t seed) {
  std::vector<Block> blocks;
  const auto& reasons = site.public_reasons;
  if (std::ranges::find(reasons, "climate") == reasons.end()) return blocks;
  const auto ranking = same_plant_everywhere(atlas, atlas.plants.at(site.cooling), site.power_load, seed);
  for (const ClimateStory& story : climate_stories(ranking)) {
    if (story.site->site->id == site.id) add_story(atlas, story, blocks);
  }
  return blocks;
}

Page pue_page(const Atlas& atlas, const SiteWeather& weather, const PlantYear& year,
              const std::vector<SiteRank>& ranking) {
  const Site& site = *weather.site;
  Page page{.title = Words(fmt::format("PUE of {}", site.name), fmt::format("{}的 PUE", site.name_zh)),
            .blocks = {}};
  page.blocks.emplace_back(answer(weather, year));
  page.blocks.emplace_back(setting(atlas, weather, year));
  page.blocks.emplace_back(overhead_table(year));
  page.blocks.emplace_back(month_by_hour(Words("PUE by month and hour", "各月各时 PUE"), "", year.hours.pue));
  page.blocks.emplace_back(ranking_table(atlas, site, year, ranking));
  page.blocks.emplace_back(Paragraph{
      .text = Words(
          fmt::format(
              "Means of {} typical years, drawn; km: from the station to the site, whose height is not "
              "allowed for. `hinterland atlas show sites ID` says why a station stands for a site.",
              kRankingYears),
          fmt::format(
              "{} "
              "个典型年（随机生成）的均值；公里数为气象站到站点的距离，未作海拔订正。某站为何代表某站点，见 "
              "`hinterland atlas show sites ID`。",
              kRankingYears))});
  page.blocks.emplace_back(ranking_bars(ranking));
  for (const ClimateStory& story : climate_stories(ranking)) add_story(atlas, story, page.blocks);
  return page;
}

std::string pue_json(const Atlas& atlas, const SiteWeather& weather, const PlantYear& year,
                     const std::vector<SiteRank>& ranking) {
  using Json = nlohmann::ordered_json;
  const auto summary = [](const YearSummary& sum) {
    return Json{{"pue", {{"mean", sum.pue_mean}, {"p95", sum.pue_p95}, {"p99", sum.pue_p99}}},
                {"wue", {{"mean", sum.wue_mean}}},
                {"chiller_hours_share", sum.chiller_hours_share}};
  };
  const Site& site = *weather.site;
  Json out = {{"site", site.id.text},
              {"plant", year.plant->id.text},
              {"load", year.load},
              {"weather",
               {{"origin", weather.file.empty() ? "drawn" : "measured"},
                {"file", weather.file.empty() ? Json(nullptr) : Json(weather.file)},
                {"seed", weather.file.empty() ? Json(weather.seed) : Json(nullptr)},
                {"station", weather.file.empty() ? Json(site.climate_station.text) : Json(nullptr)},
                {"years", weather.years.size()},
                {"notes", english_notes(weather)}}}};
  out.update(summary(year.summary));
  out["overhead_kw_per_kw"] = Json::object();
  for (const Overhead& part : kOverheads) out["overhead_kw_per_kw"][part.key] = part.of(year.mean);
  out["pue_reported"] = site.pue_reported ? Json(*site.pue_reported) : Json(nullptr);
  out["pue_limit"] = site.pue_limit;
  out["same_plant"] = Json::array();
  for (const SiteRank& one : ranking) {
    Json row = {{"site", one.site->id.text}, {"station", one.site->climate_station.text}};
    row.update(summary(one.summary));
    out["same_plant"].push_back(row);
  }
  out["climate_stories"] = Json::array();
  for (const ClimateStory& story : climate_stories(ranking)) {
    Json better = Json::array();
    for (const SiteRank* other : story.better) better.push_back(other->site->id.text);
    out["climate_stories"].push_back(
        {{"site", story.site->site->id.text},
         {"source", provenance(atlas, "sites", story.site->site->id.text, "public_reasons").source},
         {"rank", story.better.size() + 1},
         {"clusters", story.clusters},
         {"less_pue", better}});
  }
  return out.dump(2) + "\n";
}

}  // namespace hinterland
