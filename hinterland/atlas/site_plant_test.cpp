// A site's weather and its plant through it.
#include "hinterland/atlas/site_plant.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "hinterland/atlas/site_weather_page.hpp"
#include "hinterland/base/model_year.hpp"

#include "hinterland/report/month_by_hour.hpp"
#include "tests/china.hpp"

using namespace hinterland;
using Json = nlohmann::json;

namespace {

const Site& site(const char* id) { return china().sites.at({id}); }
const Plant& plant(const char* id) { return china().plants.at({id}); }

std::size_t place_of(const std::vector<SiteRank>& ranking, const char* id) {
  return static_cast<std::size_t>(
      std::ranges::find(ranking, id, [](const SiteRank& one) { return one.site->id.text; }) -
      ranking.begin());
}

std::string all_text(const Page& page) {
  std::string text;
  for (const Block& block : page.blocks) {
    if (const auto* paragraph = std::get_if<Paragraph>(&block)) text += paragraph->text.en + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("the first typical year is the typical year, and another seed draws another") {
  const Climate climate = climate_of(china(), site("guian"));
  const auto years = typical_years(climate, 3, 2);
  const WeatherYear typical = typical_weather(climate, 3);
  REQUIRE(years.size() == 2);
  REQUIRE(typical.size() == kYearHours);
  CHECK(years[0][4000].temperature_c == typical[4000].temperature_c);
  CHECK(years[0][4000].temperature_c != years[1][4000].temperature_c);
  CHECK(drawn_weather(china(), site("guian"), 3).years[0][17].humidity_pct == typical[17].humidity_pct);
  CHECK(drawn_weather(china(), site("guian"), 4).years[0][17].humidity_pct != typical[17].humidity_pct);
}

TEST_CASE("the parts of the overhead add up to the PUE, and those of the water to the WUE") {
  for (const char* id : {"airside", "evaporative", "seawater", "chiller"}) {
    CAPTURE(id);
    const PlantYear year = run_plant(plant(id), drawn_weather(china(), site("metro-shanghai"), 1).years, 0.6);
    CHECK(pue(year.mean) == doctest::Approx(year.summary.pue_mean).epsilon(1e-12));
    CHECK(wue(year.mean) == doctest::Approx(year.summary.wue_mean).epsilon(1e-12));
    CHECK(year.summary.pue_mean > 1);
    CHECK(year.summary.pue_mean <= year.summary.pue_p99);
    const FacilityYear alone =
        run_year(plant(id), drawn_weather(china(), site("metro-shanghai"), 1).years[0], 0.6);
    CHECK(alone.pue == year.hours.pue);
    CHECK(alone.chiller_hours_share == doctest::Approx(year.summary.chiller_hours_share));
  }
}

TEST_CASE("several years are one behind the other") {
  const auto years = typical_years(climate_of(china(), site("guian")), 1, 3);
  const PlantYear all = run_plant(plant("airside"), years, 1);
  CHECK(all.hours.pue.size() == 3 * kYearHours);
  double sum = 0;
  for (const WeatherYear& one : years) sum += run_plant(plant("airside"), {one}, 1).summary.pue_mean;
  CHECK(all.summary.pue_mean == doctest::Approx(sum / 3).epsilon(1e-12));
}

TEST_CASE("the heat map has each month's and hour's mean") {
  std::vector<double> values(2 * kYearHours);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = 100.0 * static_cast<double>(month_of_hour(i % kYearHours)) + static_cast<double>(i % 24);
  const HeatBlock heat = month_by_hour("caption", "unit", values);
  REQUIRE(heat.values.size() == 12 * 24);
  CHECK(heat.rows.size() == 12);
  CHECK(heat.columns.size() == 24);
  for (std::size_t month = 0; month < 12; ++month) {
    for (std::size_t hour = 0; hour < 24; ++hour) {
      CHECK(heat.values[month * 24 + hour] ==
            doctest::Approx(100.0 * static_cast<double>(month) + static_cast<double>(hour)));
    }
  }
}

TEST_CASE(
    "on climate alone Gui'an lies behind Horinger and Zhongwei, in power and in water, whatever the seed") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    CAPTURE(seed);
    const auto ranking = same_plant_everywhere(china(), plant("airside"), 0.5, seed);
    REQUIRE(ranking.size() == china().sites.size());
    const std::size_t guian = place_of(ranking, "guian");
    for (const char* other : {"horinger", "zhongwei"}) {
      CAPTURE(other);
      const std::size_t place = place_of(ranking, other);
      CHECK(place < guian);
      CHECK(ranking[place].summary.wue_mean < ranking[guian].summary.wue_mean);
    }
    CHECK(std::ranges::is_sorted(ranking, {}, [](const SiteRank& one) { return one.summary.pue_mean; }));
  }
}

TEST_CASE("the page says so because the ranking does, with what else is known of the place beside it") {
  const SiteWeather weather = drawn_weather(china(), site("guian"), 1);
  const PlantYear year = run_plant(plant("airside"), weather.years, 0.47);
  auto ranking = same_plant_everywhere(china(), plant("airside"), 0.47, 1);
  const auto stories = climate_stories(ranking);
  REQUIRE(stories.size() == 1);
  CHECK(stories[0].site->site->id.text == "guian");
  CHECK(stories[0].clusters == 10);
  CHECK(stories[0].better.size() >= 2);
  const Page page = pue_page(china(), weather, year, ranking);
  CHECK(all_text(page).contains("The public story names the climate"));
  const auto* facts = std::get_if<FactsBlock>(&page.blocks.back());
  REQUIRE(facts != nullptr);
  CHECK(facts->facts.size() == 4);  // its reasons, its power, the ice storm and the drought
  // A verdict's report says the same of where it sends the work.
  const Page beside{.title = {}, .blocks = climate_blocks(china(), site("guian"), 1)};
  CHECK(beside.blocks.size() == 2);
  CHECK(all_text(beside).contains("The public story names the climate"));
  CHECK(climate_blocks(china(), site("horinger"), 1).empty());
  // In the same words and figures, and in Chinese no less: the sites ahead and the water are there.
  const Words& told = std::get<Paragraph>(beside.blocks[0]).text;
  CHECK(told == std::get<Paragraph>(page.blocks[page.blocks.size() - 2]).text);
  CHECK(told.en.contains("; all of them use less water too."));
  CHECK(told.zh.contains("和林格尔"));
  CHECK(told.zh.contains("它们用水也都更少"));
  for (const auto& [name, value] : facts->facts) {
    CHECK_FALSE(name.zh.empty());
    CHECK_FALSE(value.zh.empty());
  }

  // Were Gui'an the best, nothing would be said against the story.
  for (SiteRank& one : ranking) {
    if (one.site->id.text == "guian") one.summary.pue_mean = 1.01;
  }
  CHECK(climate_stories(ranking).front().better.empty());
  CHECK_FALSE(all_text(pue_page(china(), weather, year, ranking)).contains("The public story"));
}

TEST_CASE("a file's hours are taken as they are, and what was done to them is said") {
  WeatherRecord record;
  record.years = {{.year = 2013, .hours = typical_weather(climate_of(china(), site("guian")), 1)}};
  record.filled_values = 1234;
  record.saturated_hours = 2;
  const SiteWeather weather = measured_weather(site("guian"), "hours.csv", record);
  REQUIRE(weather.notes.size() == 2);
  CHECK(note_words(weather.notes[0]).en == "1,234 values interpolated");
  CHECK(weather_origin(china(), weather) == "hours.csv, 1 year of hours");
  const Json json = Json::parse(weather_json(china(), weather));
  CHECK(json["origin"] == "measured");
  CHECK(json["seed"].is_null());
  CHECK(json["months"].size() == 12);
  CHECK(json["notes"] == Json{"1,234 values interpolated", "2 hours of humidity above 100 % taken as 100 %"});
}

TEST_CASE("a file's notes are said in Chinese too") {
  WeatherRecord record;
  const Coordinates there = site("guian").at();
  record.station = WeatherStation{.name = "Guiyang, Longdongbao",
                                  .latitude_deg = there.latitude_deg + 0.3,
                                  .longitude_deg = there.longitude_deg};
  record.filled_values = 1234;
  record.dropped_hours = record.saturated_hours = record.wrapped_hours = 5;
  const std::vector<WeatherNote> notes = measured_weather(site("guian"), "f", record).notes;
  REQUIRE(notes.size() == 5);
  CHECK(note_words(notes[0]).en == "the file's station is Guiyang, Longdongbao, 33 km from the site");
  CHECK(note_words(notes[0]).zh == "文件所记气象站为 Guiyang, Longdongbao，距站点 33 公里");
  CHECK(note_words(notes[1]).zh == "1,234 个数值经插补");
  CHECK(note_words(notes[2]).zh == "5 个小时属 2 月 29 日，已略去");
  CHECK(note_words(notes[3]).zh == "5 个小时的相对湿度高于 100 %，按 100 % 计");
  CHECK(note_words(notes[4]).zh == "5 个小时在当地最后一年之后，移作第一年之前的小时");
}

TEST_CASE("pressure far from the station's is pointed out, with the way out; a drawn year has none") {
  WeatherRecord record;
  record.years = {{.year = 2013, .hours = typical_weather(climate_of(china(), site("guian")), 1)}};
  CHECK_FALSE(pressure_note(china(), measured_weather(site("guian"), "hours.csv", record)).has_value());
  CHECK_FALSE(pressure_note(china(), drawn_weather(china(), site("guian"), 1)).has_value());
  for (WeatherHour& hour : record.years[0].hours) hour.pressure_pa = 101'325;
  const auto note = pressure_note(china(), measured_weather(site("guian"), "hours.csv", record));
  REQUIRE(note.has_value());
  CHECK(note->en.starts_with("the file's mean is 1013 hPa, 15 % above the 878 hPa"));
  CHECK(note->en.contains("--pressure-hpa 878"));
  CHECK(note->zh.contains("--pressure-hpa 878"));
}

TEST_CASE("a plant by the sea says that its sea is assumed from the air") {
  const SiteWeather weather = drawn_weather(china(), site("guian"), 1);
  const auto seas = [&](const char* id) {
    const Page page = pue_page(china(), weather, run_plant(plant(id), weather.years, 0.5), {});
    return std::ranges::count(std::get<FactsBlock>(page.blocks[1]).facts, std::string("sea"),
                              [](const auto& fact) { return fact.first.en; });
  };
  CHECK(seas("seawater") == 1);
  CHECK(seas("airside") == 0);
}

TEST_CASE("JSON has the keys that others look for") {
  const SiteWeather weather = drawn_weather(china(), site("horinger"), 1);
  const PlantYear year = run_plant(plant("evaporative"), weather.years, 0.5);
  const Json json = Json::parse(
      pue_json(china(), weather, year, same_plant_everywhere(china(), plant("evaporative"), 0.5, 1)));
  CHECK(json["pue"]["mean"] == year.summary.pue_mean);
  CHECK(json["pue"]["p95"] == year.summary.pue_p95);
  CHECK(json["pue"]["p99"] == year.summary.pue_p99);
  CHECK(json["wue"]["mean"] == year.summary.wue_mean);
  CHECK(json["chiller_hours_share"] == year.summary.chiller_hours_share);
  double overhead = 0;
  for (const auto& part : json["overhead_kw_per_kw"]) overhead += part.get<double>();
  CHECK(overhead == doctest::Approx(year.summary.pue_mean - 1).epsilon(1e-9));
}

TEST_CASE("names that are not there are refused with the nearest") {
  CHECK(find_site(china(), {"guain"}, "SITE").error().front().mend == "Did you mean guian?");
  CHECK(find_plant(china(), "airsied", "--system").error().front().mend == "Did you mean airside?");
  CHECK(find_plant(china(), "airside", "--system").value()->system == CoolingSystem::airside);
}
