#include "hinterland/judge/verdict_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "hinterland/cost/rates_page.hpp"
#include "hinterland/cost/terms.hpp"
#include "hinterland/judge/verdict_page.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

Words name_of(const Site& site) { return {site.name, site.name_zh}; }

std::string group_of(const SiteRow& row, const Verdict& verdict) {
  if (row.is_home) return "home";
  if (&row == verdict.best_row()) return "best";
  return row.quote.allowed() ? "allowed" : "refused";
}

// What a pointer over the site is told.
Words told(const Atlas& atlas, const Verdict& verdict, const SiteRow& row) {
  if (!row.quote.allowed()) return full_reason(row);
  const std::string& currency = atlas.country().currency;
  const Money total = row.quote.price.total();
  const std::string hour = compact((total / verdict.amount.server_hours).value);
  return {fmt::format("{} {} in all, {} a server-hour", compact(total.value), currency, hour),
          fmt::format("共 {} {}，每服务器·时 {}", compact_zh(total.value), currency, hour)};
}

Words moving_told(const Atlas& atlas, const Verdict& verdict, const Transfer& transfer) {
  if (transfer.offer == nullptr) return {"nothing moves", "无需搬运"};
  const double gigabytes = (verdict.amount.bytes.in + verdict.amount.bytes.out).value;
  const std::string hours = compact(transfer.time.value);
  const std::string& currency = atlas.country().currency;
  return {fmt::format("{} GB by {} in {} h for {} {}", compact(gigabytes), transfer.offer->name, hours,
                      compact(transfer.cost.value), currency),
          fmt::format("{} GB，经{}，{} 小时，{} {}", compact_zh(gigabytes), transfer.offer->name_zh, hours,
                      compact_zh(transfer.cost.value), currency)};
}

struct HourPart {
  Words name;
  MoneyPerHour HourRates::* rate = nullptr;  // null: network, which is no rate
  bool always = false;
};
const std::array<HourPart, 6> kHourParts = {{{{"energy", "电费"}, &HourRates::energy, true},
                                             {{"capacity", "容量"}, &HourRates::capacity, true},
                                             {{"carbon", "碳"}, &HourRates::carbon, false},
                                             {{"water", "水"}, &HourRates::water, false},
                                             {{"scarcity", "稀缺"}, &HourRates::scarcity, false},
                                             {{"network", "网络"}, nullptr, true}}};

}  // namespace

MapBlock verdict_map(const Atlas& atlas, const Verdict& verdict) {
  MapBlock map{.caption = {"Where it could run", "可在哪里运行"},
               .outlines = atlas.country().id.text,
               .groups = {{.id = "home", .name = {"home", "本地"}},
                          {.id = "best", .name = {"cheapest away", "外地最便宜"}},
                          {.id = "allowed", .name = {"allowed", "可行"}},
                          {.id = "refused", .name = {"not allowed", "不可行"}}},
               .places = {},
               .lines = {}};
  Kilowatts largest;
  for (const SiteRow& row : verdict.rows) largest = std::max(largest, row.site->capacity);
  for (const SiteRow& row : verdict.rows) {
    map.places.push_back({.name = name_of(*row.site),
                          .latitude_deg = row.site->latitude_deg,
                          .longitude_deg = row.site->longitude_deg,
                          .size = largest.value > 0 ? row.site->capacity / largest : 0,
                          .group = group_of(row, verdict),
                          .text = told(atlas, verdict, row)});
  }
  if (verdict.best) {
    map.lines.push_back({.from = 0,
                         .to = *verdict.best,
                         .strong = verdict.answer == Answer::move,
                         .text = moving_told(atlas, verdict, verdict.best_row()->quote.transfer)});
  }
  return map;
}

BarsBlock price_bars(const Atlas& atlas, const Question& question, const Verdict& verdict) {
  BarsBlock bars{.caption = {"What a server-hour costs, and what it may cost", "每服务器·时的价格与可议范围"},
                 .unit = atlas.country().currency,
                 .rows = {},
                 .parts = {},
                 .marks = {{.name = {"seller's floor", "卖方底价"}, .at = {}},
                           {.name = {"buyer's ceiling", "买方上限"}, .at = {}}}};
  std::vector<const SiteRow*> rows;
  for (const SiteRow& row : verdict.rows) {
    if (row.quote.allowed()) rows.push_back(&row);
  }
  const Hours work = verdict.amount.server_hours;
  const SiteRow& home = verdict.home_row();
  for (const SiteRow* row : rows) {
    Words name = name_of(*row->site);
    if (row->is_home) name = {name.en + " (home)", name.zh + "（本地）"};
    bars.rows.push_back(std::move(name));
    std::optional<double>&floor = bars.marks[0].at.emplace_back(), &ceiling = bars.marks[1].at.emplace_back();
    if (row->is_home) continue;
    floor = floor_of(atlas, question, *row).value;
    if (home.quote.allowed()) ceiling = ((home.quote.price.total() - row->quote.transfer.cost) / work).value;
  }
  for (const HourPart& part : kHourParts) {
    BarsBlock::Part values{.name = part.name, .values = {}};
    for (const SiteRow* row : rows) {
      values.values.push_back(part.rate != nullptr ? (row->quote.rates.*part.rate).value
                                                   : (row->quote.price.network / work).value);
    }
    if (part.always || std::ranges::any_of(values.values, [](double value) { return value != 0; }))
      bars.parts.push_back(std::move(values));
  }
  return bars;
}

Page verdict_report(const Atlas& atlas, const RateYear& rates, const Question& question,
                    const Verdict& verdict) {
  Page page = verdict_page(atlas, rates, question, verdict);
  const Region& region = atlas.regions.at(question.from);
  const Workload& work = question.workload;
  page.title = {fmt::format("{} from {}", work.name, region.name),
                fmt::format("{}：{}", region.name_zh, work.name_zh.empty() ? work.name : work.name_zh)};
  // The charts follow the sentence and what was asked.
  std::vector<Block> charts = {verdict_map(atlas, verdict)};
  if (std::ranges::any_of(verdict.rows, [](const SiteRow& row) { return row.quote.allowed(); })) {
    charts.emplace_back(price_bars(atlas, question, verdict));
    charts.emplace_back(Paragraph{
        .text = {"Floor and ceiling are without the moving: they compare with a bar without its "
                 "network part. A deal exists where the floor lies below the ceiling.",
                 "底价与上限均不含搬运费，应与条形中除网络外的部分相比。底价低于上限时，交易成立。"}});
  }
  for (const SiteRow* row : {&verdict.home_row(), verdict.best_row()}) {
    if (row == nullptr) continue;
    const SiteYear& year = rates.at(row->site->id);
    page.blocks.emplace_back(pue_map(atlas, *row->site, year));
    page.blocks.emplace_back(price_map(atlas, *row->site, year));
    page.blocks.emplace_back(carbon_map(atlas, *row->site, year));
  }
  const auto after = page.blocks.begin() + std::min<std::ptrdiff_t>(2, std::ssize(page.blocks));
  page.blocks.insert(after, std::make_move_iterator(charts.begin()), std::make_move_iterator(charts.end()));
  return page;
}

}  // namespace hinterland
