#include "hinterland/impact/pipeline_page.hpp"

#include <fmt/format.h>

#include <cmath>

#include "hinterland/base/number.hpp"
#include "hinterland/impact/band_words.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

std::string whole(double value) { return grouped(std::llround(value)); }

Words deals_text(const Band& band) {
  return band_words(whole(band.median), whole(band.low), whole(band.high));
}

Words band_text(const Band& band, int digits) {
  const auto text = [&](double value) { return fmt::format("{:.{}f}", value, digits); };
  return band_words(text(band.median), text(band.low), text(band.high));
}

Words counted_text(const std::optional<double>& count) {
  return count ? Words{whole(*count)} : Words{"not said", "未说明"};
}

Words headline(const Pipeline& result) {
  const DealCount& last = result.counts.back();
  const DealForecast& end = result.fit.ahead.back();
  const std::string level = percent(result.question.level);
  Words out;
  if (last.operating && last.signed_deals > 0) {
    const std::string share = percent(*last.operating / last.signed_deals);
    out = {fmt::format("By {} {} deals were signed and {} of them operated, {}.", last.date,
                       whole(last.signed_deals), whole(*last.operating), share),
           fmt::format("截至 {}，签约 {} 项，其中 {} 项投产，占 {}。", last.date, whole(last.signed_deals),
                       whole(*last.operating), share)};
  } else if (last.signed_deals == 0) {
    out = {fmt::format("By {} no deal was signed.", last.date), fmt::format("截至 {}，无签约。", last.date)};
  } else {
    out = {fmt::format("By {} {} deals were signed; how many operated is not said.", last.date,
                       whole(last.signed_deals)),
           fmt::format("截至 {}，签约 {} 项；投产多少未说明。", last.date, whole(last.signed_deals))};
  }
  const bool begins = end.year == std::floor(end.year);
  const Band& operating = end.operating;
  out.en += fmt::format(" By {}{}, {} of {} ({} band {} to {}) will operate.", begins ? "early " : "",
                        calendar_text(end.year), whole(operating.median), whole(end.signed_deals), level,
                        whole(operating.low), whole(operating.high));
  out.zh += fmt::format("{} 年{}，{} 项中将有 {} 项投产（{} 区间 {} 至 {}）。", calendar_text(end.year),
                        begins ? "初" : "", whole(end.signed_deals), whole(operating.median), level,
                        whole(operating.low), whole(operating.high));
  return out;
}

TableBlock counts_block(const Pipeline& result) {
  TableBlock block{.caption = {"What was counted", "统计"},
                   .columns = {{{"by", "截至"}},
                               {{"signed", "签约"}, Align::right},
                               {{"building", "在建"}, Align::right},
                               {{"operating", "投产"}, Align::right},
                               {{"dropped", "放弃"}, Align::right}},
                   .rows = {}};
  for (const DealCount& one : result.counts)
    block.rows.push_back({one.date, whole(one.signed_deals), counted_text(one.building),
                          counted_text(one.operating), counted_text(one.dropped)});
  return block;
}

TableBlock learnt_block(const Pipeline& result) {
  TableBlock block{.caption = {fmt::format("What the counts teach: medians and {} bands, before and after",
                                           percent(result.question.level)),
                               fmt::format("统计带来的认识：中位数与 {} 区间，之前与之后",
                                           percent(result.question.level))},
                   .columns = {{{"quantity", "量"}},
                               {{"before any count", "统计之前"}, Align::right},
                               {{"with the counts", "统计之后"}, Align::right},
                               {{"of the width, left", "宽度余"}, Align::right}},
                   .rows = {}};
  const auto add = [&](Words name, const LearntBand& one, int digits) {
    const bool fixed = one.prior.high <= one.prior.low;
    block.rows.push_back({std::move(name), band_text(one.prior, digits), band_text(one.posterior, digits),
                          fixed ? "-" : percent(one.left())});
  };
  add({"years from signing to construction", "签约至开工，年"}, result.fit.start_years, 2);
  add({"years from construction to operation", "开工至投产，年"}, result.fit.build_years, 2);
  add({"dropped a year, of those not operating", "每年放弃率"}, result.fit.drop, 3);
  add({"first deal signed", "首个签约"}, result.fit.since, 1);
  add({"share that operates in the end", "最终投产占比"}, result.fit.operating_in_the_end, 2);
  return block;
}

TableBlock ahead_block(const Pipeline& result) {
  TableBlock block{.caption = {"Where the deals stand, and where they will", "项目所处阶段与预测"},
                   .columns = {{{"at", "时点"}},
                               {{"signed", "签约"}, Align::right},
                               {{"not begun", "未开工"}, Align::right},
                               {{"building", "在建"}, Align::right},
                               {{"operating", "投产"}, Align::right},
                               {{"dropped", "放弃"}, Align::right}},
                   .rows = {}};
  const auto add = [&](const DealForecast& one) {
    block.rows.push_back({calendar_text(one.year), whole(one.signed_deals), deals_text(one.waiting),
                          deals_text(one.building), deals_text(one.operating), deals_text(one.dropped)});
  };
  add(result.fit.now);
  for (const DealForecast& one : result.fit.ahead) add(one);
  return block;
}

LinesBlock operating_lines(const Pipeline& result) {
  LinesBlock block{.caption = {"Deals in operation", "投产项目"},
                   .x_name = {"year", "年"},
                   .y_name = {"deals", "项"},
                   .x = {},
                   .curves = {{.name = {"low", "低"}, .y = {}},
                              {.name = {"median", "中位"}, .y = {}},
                              {.name = {"high", "高"}, .y = {}}},
                   .calendar = true};
  const auto add = [&](const DealForecast& one) {
    block.x.push_back(one.year);
    block.curves[0].y.push_back(one.operating.low);
    block.curves[1].y.push_back(one.operating.median);
    block.curves[2].y.push_back(one.operating.high);
  };
  add(result.fit.now);
  for (const DealForecast& one : result.fit.ahead) add(one);
  return block;
}

std::string money_text(double value) {
  return value >= 1e9 ? fmt::format("{:.4g} billion", value / 1e9)
                      : fmt::format("{:.4g} million", value / 1e6);
}
std::string money_text_zh(double value) { return fmt::format("{:.4g} 亿", value / 1e8); }

// What the sum alone leaves open: of which deals, and whether any of it was paid.
std::vector<Paragraph> worth_words(const DealWorth& worth) {
  Words sums{fmt::format("The deals are said to be worth {} {}: {} {} a deal if all {} signed are meant",
                         money_text(worth.worth), worth.currency, money_text(worth.per_deal()),
                         worth.currency, whole(worth.signed_deals)),
             fmt::format("据称总额 {}{}：若指全部签约的 {} 项，每项 {}{}", money_text_zh(worth.worth),
                         worth.currency, whole(worth.signed_deals), money_text_zh(worth.per_deal()),
                         worth.currency)};
  if (const auto each = worth.per_operating()) {
    sums.en += fmt::format(", {} {} if the {} operating are", money_text(*each), worth.currency,
                           whole(*worth.operating));
    sums.zh += fmt::format("；若指投产的 {} 项，每项 {}{}", whole(*worth.operating), money_text_zh(*each),
                           worth.currency);
  }
  sums.en += ". Which, the figure cannot tell.";
  sums.zh += "。数字本身无法说明是哪一种。";
  return {{.text = std::move(sums)},
          {.text = {"Nor whether the sum was pledged or paid, over how many years, by whom, and whether it "
                    "would have come "
                    "anyway.",
                    "也无法说明是承诺额还是实付额、分几年、由谁出资，以及没有该计划是否也会到来。"}}};
}

std::vector<Paragraph> limits(const Pipeline& result) {
  std::vector<Paragraph> out;
  if (result.fit.draws < result.question.draws)
    out.push_back(
        {.text = {
             fmt::format("Interrupted: {} of {} draws were made.", result.fit.draws, result.question.draws),
             fmt::format("已中断：{} 次抽样中完成 {} 次。", result.question.draws, result.fit.draws)}});
  if (result.counts.size() == 1)
    out.push_back({.text = {"One date says how many deals got through, not how fast: when they were signed "
                            "is assumed, so a short way "
                            "from a late signing and a long way from an early one look alike. A second date "
                            "would part them.",
                            "单一时点只能说明有多少项目走完流程，不能说明多快：签约时间为假定，晚签而快与早签"
                            "而慢看来一样。再有一个时点"
                            "即可区分。"}});
  out.push_back(
      {.text = {
           fmt::format(
               "Model: constant rates from signed to building to operating, and of being dropped before "
               "that; "
               "deals signed evenly between two counts; what operates stays. A word such as operating may "
               "mean begun to be built. Deals count alike, large or small. {:.0f} effective draws of {}.",
               result.fit.effective_draws, result.fit.draws),
           fmt::format("模型：签约、开工、投产之间及其前的放弃均为恒定速率；两次统计之间均匀签约；投产者不退"
                       "出。所谓投产或"
                       "仅指开工。项目不分大小。{} 次抽样，有效 {:.0f} 次。",
                       result.fit.draws, result.fit.effective_draws)}});
  return out;
}

}  // namespace

Page pipeline_page(const Pipeline& result) {
  Page page{.title = {result.name + ": deals", result.name_zh.empty() ? "" : result.name_zh + "：项目"},
            .blocks = {}};
  page.blocks.emplace_back(Paragraph{.text = headline(result), .strong = true});
  if (result.worth)
    for (Paragraph& one : worth_words(*result.worth)) page.blocks.emplace_back(std::move(one));
  page.blocks.emplace_back(counts_block(result));
  page.blocks.emplace_back(learnt_block(result));
  page.blocks.emplace_back(ahead_block(result));
  page.blocks.emplace_back(operating_lines(result));
  for (Paragraph& one : limits(result)) page.blocks.emplace_back(std::move(one));
  return page;
}

}  // namespace hinterland
