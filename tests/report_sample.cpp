// Writes a report page with every kind of block, names that try to break out of it among them:
// report_sample FILE.html. tests/report_page_test.py looks at it in a browser.
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "hinterland/base/file.hpp"
#include "hinterland/report/html.hpp"

using namespace hinterland;

namespace {

// Ends an element, an attribute, a string, a comment, a JSON text; a browser that runs any of it sets window.hurt.
const std::string kHostile =
    "</script><script>window.hurt=1</script><img src=x "
    "onerror=\"window.hurt=2\">'\"]]>--><!--&amp;</title>\\u0022";

BarsBlock price_bars() {
  return {.caption = {"The full price per server-hour", "每服务器·时的全价"},
          .unit = "CNY",
          .rows = {{"Shanghai metro", "上海市区"}, {"Zhongwei cluster", "中卫集群"}, kHostile},
          .parts = {{.name = {"energy", "电"}, .values = {0.67, 0.23, 0.3}},
                    {.name = {"capacity", "容量"}, .values = {3.26, 0, 1.5}},
                    {.name = kHostile, .values = {0, 0.1, 0.2}}},
          .marks = {{.name = {"floor", "底价"}, .at = {std::nullopt, 0.23, 0.3}},
                    {.name = {"ceiling", "上限价"}, .at = {std::nullopt, 3.9, 3.7}}}};
}

HeatBlock pue_heat() {
  HeatBlock heat{.caption = {"PUE by month and hour", "PUE：按月份与小时"},
                 .unit = "",
                 .rows = {},
                 .columns = {},
                 .values = {}};
  for (int month = 1; month <= 12; ++month) {
    heat.rows.push_back({"month " + std::to_string(month), std::to_string(month) + " 月"});
    for (int hour = 0; hour < 24; ++hour)
      heat.values.push_back(1.16 + 0.1 * std::exp(-0.2 * (month - 7) * (month - 7)) *
                                       (1 + std::sin(0.26 * (hour - 9))));
  }
  for (int hour = 0; hour < 24; ++hour) heat.columns.emplace_back(std::to_string(hour));
  heat.values[5] = std::numeric_limits<double>::quiet_NaN();
  return heat;
}

LinesBlock curves() {
  LinesBlock lines{.caption = {"Load of a day", "一天的负荷"},
                   .x_name = {"hour of the day", "时刻"},
                   .y_name = {"kW", "千瓦"},
                   .x = {},
                   .curves = {{.name = {"East", "东部"}, .y = {}}, {.name = kHostile, .y = {}}}};
  for (int i = 0; i < 240; ++i) {
    lines.x.push_back(i / 10.0);
    lines.curves[0].y.push_back(600 + 200 * std::sin(i / 38.0));
    lines.curves[1].y.push_back(500 + 100 * std::cos(i / 38.0));
  }
  return lines;
}

TornadoBlock tornado() {
  return {
      .caption = {"What the room rests on", "余地取决于什么"},
      .unit = "M CNY",
      .centre = 19.4,
      .bars = {{.name = {"server_use at home", "本地服务器利用率"},
                .at_low = 33,
                .at_high = 15,
                .low_text = "0.4",
                .high_text = "0.8"},
               {.name = {"price of a server", "服务器价格"},
                .at_low = 15.2,
                .at_high = 23.9,
                .low_text = "50k",
                .high_text = "80k"},
               {.name = kHostile, .at_low = 19.6, .at_high = 20.4, .low_text = kHostile, .high_text = "b"}}};
}

MapBlock map() {
  return {
      .caption = {"Where it could run", "可在哪里运行"},
      .outlines = "china",
      .groups = {{.id = "home", .name = {"home", "本地"}}, {.id = "best", .name = {"cheapest", "最便宜"}}},
      .places = {{.name = {"Shanghai metro", "上海市区"},
                  .latitude_deg = 31.2,
                  .longitude_deg = 121.3,
                  .size = 1,
                  .group = "home",
                  .text = "home"},
                 {.name = {"Zhongwei cluster", "中卫集群"},
                  .latitude_deg = 37.5,
                  .longitude_deg = 105.2,
                  .size = 0.4,
                  .group = "best",
                  .text = "1.22M CNY"},
                 {.name = kHostile,
                  .latitude_deg = 26.4,
                  .longitude_deg = 106.5,
                  .size = 0.2,
                  .group = "refused",
                  .text = kHostile}},
      .lines = {{.from = 0,
                 .to = 1,
                 .strong = true,
                 .text = {"250k GB in 283 h for 15k CNY", "250k GB，283 小时，1.5 万元"}}}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: report_sample FILE.html\n");
    return 2;
  }
  MapBlock nowhere = map();
  nowhere.outlines = kHostile;
  nowhere.caption = "A country without outlines";
  HeatBlock flat{.caption = "All alike", .unit = "x", .rows = {"a"}, .columns = {"b", "c"}, .values = {2, 2}};
  const Page page{.title = {"A sample " + kHostile, "样张 " + kHostile},
                  .blocks = {Paragraph{.text = {"Move to Zhongwei cluster: its servers stand idle.",
                                                "应迁往中卫集群：当地服务器闲置。"},
                                       .strong = true},
                             Paragraph{.text = kHostile}, map(), price_bars(),
                             TableBlock{.caption = {"A wide table", "宽表"},
                                        .columns = {{{"site", "站点"}}, {kHostile, Align::right}},
                                        .rows = {{{"Zhongwei", "中卫"}, "1"}, {kHostile, "2"}}},
                             FactsBlock{.caption = kHostile, .facts = {{kHostile, kHostile}}}, pue_heat(),
                             flat, curves(), tornado(), nowhere}};
  const auto written = write_text(argv[1], render_html(page));
  if (!written) std::fprintf(stderr, "%s\n", describe(written.error().front()).c_str());
  return written ? 0 : 3;
}
