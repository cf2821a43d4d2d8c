#include "hinterland/judge/hours_block.hpp"

#include <fmt/format.h>

#include <cmath>

#include "hinterland/base/model_year.hpp"
#include "hinterland/cost/terms.hpp"
#include "hinterland/judge/verdict_page.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

// "15 July 08:00" of an hour of the model year.
Words date_of(Hours at) {
  static constexpr std::array kNames = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
  const auto hour = static_cast<std::size_t>(std::fmod(at.value, kYear.value));
  const std::size_t month = month_of_hour(hour);
  const std::size_t day = 1 + (hour - first_hour(month)) / 24;
  return {fmt::format("{} {} {:02}:00", day, kNames.at(month), hour % 24),
          fmt::format("{} 月 {} 日 {:02}:00", month + 1, day, hour % 24)};
}

Words signed_percent(double share) {
  if (std::abs(share) < 5e-5) return {"no more and no less", "不多不少"};
  const std::string size = percent(std::abs(share));
  return {fmt::format("{} {}", size, share > 0 ? "more" : "less"),
          fmt::format("{} {}", share > 0 ? "多" : "少", size)};
}

Words site_line(const Atlas& atlas, const RateYear& rates, const SiteRow& row) {
  const SiteTerms& hours = row.quote.terms;
  const SiteYear& year = rates.at(row.site->id);
  const SiteYear flat = year.flattened();
  const SiteTerms means = site_terms(atlas, *row.site, flat, flat.means());
  const double said = means.pue * means.power_price.value, is = hours.pue * hours.power_price.value;
  const std::string& currency = atlas.country().currency;
  Words line{fmt::format("PUE {:.4f} and {:.4f} {} a kWh at the meter; annual means say {:.4f} x {:.4f}",
                         hours.pue, hours.power_price.value, currency, means.pue, means.power_price.value),
             fmt::format("PUE {:.4f}，电表处每千瓦时 {:.4f} {}；按年均值为 {:.4f} × {:.4f}", hours.pue,
                         hours.power_price.value, currency, means.pue, means.power_price.value)};
  if (is > 0) {
    const Words more = signed_percent(said / is - 1);
    line.en += ": " + more.en + " for its power";
    line.zh += "：电费" + more.zh;
  }
  return line;
}

// By how much the saving by annual means differs from ours; where three digits tell them apart, both.
Words compared(const Atlas& atlas, Money by_means, Money ours) {
  static constexpr double kSame = 1e-3;
  const std::string& currency = atlas.country().currency;
  const Money more = by_means - ours;
  if (compact(by_means.value) != compact(ours.value))
    return {fmt::format("they would have put the saving at {} instead of {} {}", compact(by_means.value),
                        compact(ours.value), currency),
            fmt::format("所得节省额为 {} {}，而非 {} {}", compact_zh(by_means.value), currency,
                        compact_zh(ours.value), currency)};
  if (std::abs(more.value) <= kSame * std::abs(ours.value))
    return {"the saving they give is the same to within 0.1 %", "所得节省额相差不超过 0.1 %"};
  const std::string size = compact(std::abs(more.value)), size_zh = compact_zh(std::abs(more.value));
  return {fmt::format("they would have put the saving {} {} {} than the hours do", size, currency,
                      more.value > 0 ? "higher" : "lower"),
          fmt::format("所得节省额比按小时计算{} {} {}", more.value > 0 ? "多" : "少", size_zh, currency)};
}

Words means_line(const Atlas& atlas, const Verdict& verdict) {
  const MeansOnly& means = verdict.by_means;
  if (means.answer != verdict.answer)
    return {fmt::format("would have misled: the answer would have been {}", name_of(means.answer)),
            fmt::format("会误导：结论会变成“{}”", chinese_name_of(means.answer))};
  const SiteRow* best = verdict.best_row();
  if (best == nullptr || !means.home || !means.away) return {"the same answer", "结论相同"};
  Words line{"the same answer", "结论相同"};
  if (means.best != best->site) {
    line.en += ", to " + means.best->id.text;
    line.zh += "，但迁往" + means.best->name_zh;
  }
  const Words more = compared(atlas, *means.home - *means.away, Money{} - best->difference);
  return {line.en + "; " + more.en, line.zh + "；" + more.zh};
}

}  // namespace

Words describe_run(const Run& run, const SiteYear& year) {
  const std::string length = compact(run.length.value), wait = compact(run.wait.value);
  const std::string hours = compact_zh(run.length.value), patience = compact_zh(run.wait.value);
  if (run.length >= kYear) return {"all hours of the year", "全年所有小时"};
  if (run.start) {
    const Words begun = date_of(year.cheapest_start(*run.start, run.wait, run.length));
    Words text{fmt::format("{} h, begun at {}", length, begun.en),
               fmt::format("{} 小时，始于 {}", hours, begun.zh)};
    if (run.wait.value <= 0) return text;
    return {fmt::format("{}, the cheapest start of the {} h it may wait", text.en, wait),
            fmt::format("{}，是可等待的 {} 小时中最便宜的起点", text.zh, patience)};
  }
  Words ready{"ready in any hour of the year", "一年中任一小时就绪"};
  if (run.ready_hour) {
    const int hour = static_cast<int>(*run.ready_hour) % 24;
    ready = {fmt::format("ready at {:02}:00 on any day", hour), fmt::format("任一天 {:02}:00 就绪", hour)};
  }
  if (run.wait.value <= 0)
    return {fmt::format("{} h, {}", length, ready.en), fmt::format("{} 小时，{}", hours, ready.zh)};
  return {fmt::format("{} h, {}, begun in the cheapest of the {} h it may wait", length, ready.en, wait),
          fmt::format("{} 小时，{}，在可等待的 {} 小时中最便宜的时刻开始", hours, ready.zh, patience)};
}

FactsBlock hours_block(const Atlas& atlas, const RateYear& rates, const Verdict& verdict) {
  FactsBlock block{.caption = Words("The hours in which it runs", "运行时段"), .facts = {}};
  for (const SiteRow* row : {&verdict.home_row(), verdict.best_row()}) {
    if (row == nullptr || !row->quote.allowed()) continue;
    block.facts.emplace_back(row->site->id.text, describe_run(row->quote.run, rates.at(row->site->id)));
    block.facts.emplace_back("", site_line(atlas, rates, *row));
  }
  block.facts.emplace_back(Words("by annual means", "按年均值"), means_line(atlas, verdict));
  return block;
}

}  // namespace hinterland
