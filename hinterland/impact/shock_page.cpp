#include "hinterland/impact/shock_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hinterland/base/number.hpp"
#include "hinterland/impact/band_words.hpp"
#include "hinterland/impact/drivers_page.hpp"
#include "hinterland/impact/shock_words.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kIndustriesTold = 12;
constexpr double kMillion = 1e6;
constexpr double kNothing = 1e-12;  // of a year's value added: less is rounding, and no loss

// Whole millions, so that a difference can be checked by hand.
std::string millions(double value) { return grouped(std::llround(value / kMillion)) + "M"; }

Words share_text(double value, const Band& band, bool drawn) {
  if (!drawn) return percent(value);
  return band_words(percent(value), percent(band.low), percent(band.high));
}

class ShockPage {
 public:
  ShockPage(const Atlas& atlas, const ShockStudy& study)
      : atlas_(atlas), study_(study), drawn_(study.draws > 0), currency_(atlas.country().currency) {}

  Page page() {
    Page page{.title = {"A shock: " + study_.shock.name,
                        study_.shock.name_zh.empty() ? "" : "冲击：" + study_.shock.name_zh},
              .blocks = {}};
    page.blocks.emplace_back(Paragraph{.text = headline(), .strong = true});
    for (const KeptValue& kept : study_.kept)
      page.blocks.emplace_back(Paragraph{.text = kept_sentence(kept)});
    page.blocks.emplace_back(entries());
    page.blocks.emplace_back(sums());
    page.blocks.emplace_back(days());
    page.blocks.emplace_back(by_region());
    page.blocks.emplace_back(by_industry());
    page.blocks.emplace_back(map());
    if (!study_.kept.empty()) {
      page.blocks.emplace_back(kept_table());
      page.blocks.emplace_back(kept_bars());
    }
    if (!study_.drivers.empty())
      page.blocks.emplace_back(drivers_block({"the loss", "损失"}, study_.drivers));
    for (Paragraph& one : limits()) page.blocks.emplace_back(std::move(one));
    return page;
  }

 private:
  [[nodiscard]] std::string level() const { return percent(study_.options.level); }

  // Without what is only rounding.
  [[nodiscard]] double told(double value) const {
    return std::abs(value) < kNothing * study_.added() ? 0 : value;
  }

  // With the currency.
  [[nodiscard]] std::string money(double value) const {
    return fmt::format("{} {}", money_in_words(told(value)).en, currency_);
  }
  [[nodiscard]] std::string money_zh(double value) const {
    return fmt::format("{} {}", compact_zh(told(value)), currency_);
  }

  // "812G", and its band where anything was drawn: "812G (300G to 1.5T)".
  [[nodiscard]] Words money_words(double value, const Band& band) const {
    const auto words = [&](double one) { return Words{compact(told(one)), compact_zh(told(one))}; };
    return drawn_ ? band_words(words(value), words(band.low), words(band.high)) : words(value);
  }

  [[nodiscard]] double usual() const { return study_.added() * study_.shock.days / kDaysPerYear; }

  [[nodiscard]] Words headline() const {
    const double lost = study_.course.lost, share = told(lost) / study_.added();
    const std::string days = shortest(study_.shock.days);
    Words out{fmt::format("In {} days value added of {} is lost, {} of a year's", days, money(lost),
                          percent(share)),
              fmt::format("{} 天内损失增加值 {}，占全年的 {}", days, money_zh(lost), percent(share))};
    if (drawn_) {
      out.en += fmt::format("; in {} of {} draws between {} and {}", level(), study_.draws,
                            money(study_.lost.low), money(study_.lost.high));
      out.zh += fmt::format("；{} 次抽样中 {} 介于 {} 与 {} 之间", study_.draws, level(),
                            money_zh(study_.lost.low), money_zh(study_.lost.high));
    }
    out.en += '.';
    out.zh += "。";
    return out;
  }

  // The sum that says what it is worth.
  [[nodiscard]] Words kept_sentence(const KeptValue& kept) const {
    const double times = study_.shock.per_year, cost = total(kept.cost), worth = kept.worth(times);
    Words out{
        fmt::format("{} {}: {} a year x {} of loss avoided = {} a year, less {} a year to keep it, is {} a "
                    "year",
                    kept.zone ? "Zone" : "Reserve", kept.key, shortest(times), money(kept.avoided),
                    money(times * kept.avoided), money(cost), money(worth)),
        fmt::format("{} {}：每年 {} 次 × 避免损失 {} = 每年 {}，减去每年保有成本 {}，得每年 {}",
                    kept.zone ? "备份区" : "储备", kept.key, shortest(times), money_zh(kept.avoided),
                    money_zh(times * kept.avoided), money_zh(cost), money_zh(worth))};
    if (drawn_) {
      out.en += fmt::format("; {} of the draws find it worth more than it costs", percent(kept.worth_share));
      out.zh += fmt::format("；{} 的抽样认为其价值高于成本", percent(kept.worth_share));
    }
    out.en += '.';
    out.zh += "。";
    return out;
  }

  [[nodiscard]] TableBlock entries() const {
    TableBlock block{.caption = {"What is lost, as the scenario says it", "情景所述的损失"},
                     .columns = {{{"entry", "条目"}},
                                 {{"of", "对象"}},
                                 {{"share lost", "损失份额"}, Align::right},
                                 {{"from day", "起始日"}, Align::right},
                                 {{"days", "天数"}, Align::right},
                                 {{"then fading in", "随后恢复"}, Align::right}},
                     .rows = {}};
    const auto add = [&](const char* section, const std::vector<ShockLoss>& losses) {
      for (const ShockLoss& one : losses)
        block.rows.push_back(
            {section + ("." + one.key), object_words(atlas_, one), lost_text(one), shortest(one.from_day),
             one.rebuilt == Rebuilt::yes ? Words{"until rebuilt", "直至重建"} : Words{shortest(one.days)},
             shortest(one.recovery_days)});
    };
    add("exports", study_.shock.exports);
    add("imports", study_.shock.imports);
    add("capacity", study_.shock.capacity);
    return block;
  }

  [[nodiscard]] FactsBlock sums() const {
    const ShockCourse& course = study_.course;
    const double made = usual() - course.lost;
    FactsBlock block{.caption = {fmt::format("The sum, {}; as the figures stand{}", currency_,
                                             drawn_ ? ", with " + level() + " bands" : ""),
                                 fmt::format("算式，{}；按现有数值{}", currency_,
                                             drawn_ ? "，附 " + level() + " 区间" : "")},
                     .facts = {}};
    const auto add = [&](Words name, Words text) {
      block.facts.emplace_back(std::move(name), std::move(text));
    };
    add({fmt::format("value added in {} days before", shortest(study_.shock.days)),
         fmt::format("冲击前 {} 天的增加值", shortest(study_.shock.days))},
        {fmt::format("{} x {} / 365 = {}", millions(study_.added()), shortest(study_.shock.days),
                     millions(usual())),
         fmt::format("{} × {} / 365 = {}", millions(study_.added()), shortest(study_.shock.days),
                     millions(usual()))});
    add({"less what is still made", "减：仍然产出的"}, millions(made));
    add({"is", "得"}, millions(course.lost));
    add({"value added lost, with its band", "损失的增加值及区间"}, money_words(course.lost, study_.lost));
    add({"worst day, of a usual one", "最差一日，占平日"},
        share_text(course.worst_day(), study_.worst_day, drawn_));
    add({"final use asked for and not met", "未满足的最终使用"},
        money_words(course.final_unmet, study_.final_unmet));
    add({"exports asked for and not met", "未满足的出口"},
        money_words(course.exports_unmet, study_.exports_unmet));
    if (course.damage > 0) {
      add({"capital destroyed, beside all this", "另计：毁损资本"},
          {compact(course.damage), compact_zh(course.damage)});
      add({"of it not rebuilt at the end", "其中期末未重建"},
          {compact(course.left_damage), compact_zh(course.left_damage)});
    }
    return block;
  }

  [[nodiscard]] LinesBlock days() const {
    LinesBlock block{.caption = {"Value added of each day, of a usual one", "每日增加值，占平日"},
                     .x_name = {"day", "日"},
                     .y_name = {"share", "占比"},
                     .x = std::vector<double>(study_.course.daily.size()),
                     .curves = {{.name = {"as the figures stand", "按现有数值"}, .y = study_.course.daily}}};
    std::iota(block.x.begin(), block.x.end(), 0.0);
    if (!drawn_) return block;
    const auto curve = [&](Words name, double Band::* end) {
      auto& added = block.curves.emplace_back();
      added.name = std::move(name);
      for (const Band& one : study_.daily) added.y.push_back(one.*end);
    };
    curve({"low", "低"}, &Band::low);
    curve({"median", "中位"}, &Band::median);
    curve({"high", "高"}, &Band::high);
    return block;
  }

  [[nodiscard]] static std::vector<Column> loss_columns(Words what, const std::string& currency) {
    return {{std::move(what)},
            {{"value added a year, " + currency, "年增加值，" + currency}, Align::right},
            {{"lost, " + currency, "损失，" + currency}, Align::right},
            {{"of a year's", "占全年"}, Align::right}};
  }

  [[nodiscard]] std::vector<Words> loss_row(Words name, double added, double lost, const Band& band) const {
    return {std::move(name),
            {compact(added), compact_zh(added)},
            money_words(lost, band),
            added > 0 ? percent(told(lost) / added) : std::string("-")};
  }

  [[nodiscard]] Band band_at(const std::vector<Band>& bands, std::size_t i) const {
    return drawn_ ? bands[i] : Band{};
  }

  [[nodiscard]] TableBlock by_region() const {
    TableBlock block{.caption = {"Lost by region", "分地区损失"},
                     .columns = loss_columns({"region", "地区"}, currency_),
                     .rows = {}};
    for (std::size_t r = 0; r < study_.regions.size(); ++r)
      block.rows.push_back(loss_row({study_.regions[r].name, study_.regions[r].name_zh},
                                    study_.region_added[r], study_.course.by_region[r],
                                    band_at(study_.by_region, r)));
    return block;
  }

  [[nodiscard]] TableBlock by_industry() const {
    const auto& industries = study_.economy->table.industries;
    std::vector<std::size_t> order(industries.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater(),
                             [&](std::size_t k) { return study_.course.by_industry[k]; });
    const std::size_t told = std::min(kIndustriesTold, order.size());
    TableBlock block{.caption = {"Lost by industry: the largest losses", "分行业损失：损失最大的行业"},
                     .columns = loss_columns({"industry", "行业"}, currency_),
                     .rows = {}};
    double added = 0, lost = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::size_t k = order[i];
      added += i < told ? 0 : study_.industry_added[k];
      lost += i < told ? 0 : study_.course.by_industry[k];
      if (i < told)
        block.rows.push_back(loss_row(industry_words(atlas_, {industries[k].code}), study_.industry_added[k],
                                      study_.course.by_industry[k], band_at(study_.by_industry, k)));
    }
    if (told < order.size())
      block.rows.push_back({{fmt::format("the other {}", order.size() - told), "其余"},
                            {compact(added), compact_zh(added)},
                            {compact(lost), compact_zh(lost)},
                            added > 0 ? percent(lost / added) : std::string("-")});
    return block;
  }

  // Each region of the model at its place, its loss as the mark's area.
  [[nodiscard]] MapBlock map() const {
    MapBlock map{
        .caption = {"Value added lost, of a region's own year: a mark's area",
                    "损失占本地区全年增加值：圆点面积"},
        .outlines = atlas_.country().id.text,
        .groups = {{.id = "lost", .name = {"loses", "受损"}}, {.id = "gains", .name = {"gains", "增产"}}},
        .places = {},
        .lines = {},
        .note = {}};
    const auto share = [&](std::size_t r) {
      return study_.region_added[r] > 0 ? told(study_.course.by_region[r]) / study_.region_added[r] : 0;
    };
    double most = 0;
    for (std::size_t r = 0; r < study_.regions.size(); ++r) most = std::max(most, std::abs(share(r)));
    for (std::size_t r = 0; r < study_.regions.size(); ++r) {
      const ModelRegion& region = study_.regions[r];
      map.places.push_back(
          {.name = {region.name, region.name_zh},
           .latitude_deg = region.place.latitude_deg,
           .longitude_deg = region.place.longitude_deg,
           .size = most > 0 ? std::abs(share(r)) / most : 0,
           .group = share(r) < 0 ? "gains" : "lost",
           .text = {
               fmt::format("{} lost, {} of its year", money(study_.course.by_region[r]), percent(share(r))),
               fmt::format("损失 {}，占全年 {}", money_zh(study_.course.by_region[r]), percent(share(r)))}});
    }
    return map;
  }

  [[nodiscard]] TableBlock kept_table() const {
    TableBlock block{
        .caption = {fmt::format("What is kept against it, {} a year; {} such shocks a year{}", currency_,
                                shortest(study_.shock.per_year), drawn_ ? "; " + level() + " bands" : ""),
                    fmt::format("备份与储备，每年 {}；每年发生 {} 次{}", currency_,
                                shortest(study_.shock.per_year), drawn_ ? "；" + level() + " 区间" : "")},
        .columns = {{{"kept", "保有"}},
                    {{"avoided in one", "一次避免"}, Align::right},
                    {{"avoided a year", "每年避免"}, Align::right},
                    {{"costs a year", "每年成本"}, Align::right},
                    {{"worth a year", "每年净值"}, Align::right},
                    {{"how it is used, and what it costs", "使用与成本构成"}}},
        .rows = {}};
    const double times = study_.shock.per_year;
    for (const KeptValue& kept : study_.kept)
      block.rows.push_back({fmt::format("{}.{}", kept.zone ? "zones" : "reserves", kept.key),
                            money_words(kept.avoided, kept.avoided_band),
                            money_words(times * kept.avoided, kept.yearly_band),
                            money_words(total(kept.cost), kept.cost_band),
                            money_words(kept.worth(times), kept.worth_band), cost_words(kept)});
    return block;
  }

  [[nodiscard]] Words cost_words(const KeptValue& kept) const {
    Words out;
    for (const CostPart& part : kept.cost) {
      const Words name = words_of(part.of);
      out.en += fmt::format("{}{} {}", out.en.empty() ? "" : " + ", name.en, compact(part.per_year));
      out.zh += fmt::format("{}{} {}", out.zh.empty() ? "" : " + ", name.zh, compact_zh(part.per_year));
    }
    if (!kept.zone) return out;
    const std::string used = percent(kept.used);
    out.en = fmt::format("{} of it switched on; {}", used, out.en);
    out.zh = fmt::format("启用 {}；{}", used, out.zh);
    if (drawn_ && kept.unused_share > 0) {
      out.en += fmt::format("; in {} of the draws less than all", percent(kept.unused_share));
      out.zh += fmt::format("；{} 的抽样中未全部启用", percent(kept.unused_share));
    }
    return out;
  }

  // Loss avoided a year beside the cost.
  [[nodiscard]] BarsBlock kept_bars() const {
    BarsBlock bars{.caption = {"What keeping it costs a year; the mark: loss avoided a year",
                               "每年保有成本；标记：每年避免的损失"},
                   .unit = currency_,
                   .rows = {},
                   .parts = {},
                   .marks = {{.name = {"loss avoided", "避免的损失"}, .at = {}}}};
    for (std::size_t i = 0; i < study_.kept.size(); ++i) {
      const KeptValue& kept = study_.kept[i];
      bars.rows.emplace_back(kept.key);
      bars.marks.front().at.emplace_back(told(study_.shock.per_year * kept.avoided));
      for (const CostPart& part : kept.cost) {
        auto found = std::ranges::find(bars.parts, words_of(part.of), &BarsBlock::Part::name);
        if (found == bars.parts.end())
          found = bars.parts.insert(
              found, {.name = words_of(part.of), .values = std::vector<double>(study_.kept.size())});
        found->values[i] = part.per_year;
      }
    }
    return bars;
  }

  [[nodiscard]] std::vector<Paragraph> limits() const {
    std::vector<Paragraph> out;
    if (study_.interrupted)
      out.push_back({.text = {fmt::format("Interrupted: {} of {} draws were made.",
                                          study_.draws + study_.left_out, study_.options.draws),
                              fmt::format("已中断：{} 次抽样中完成 {} 次。", study_.options.draws,
                                          study_.draws + study_.left_out)}});
    if (study_.left_out > 0)
      out.push_back(
          {.text = {
               fmt::format("{} draws were left out: with their figures orders would grow from tier to tier.",
                           study_.left_out),
               fmt::format("舍去 {} 次抽样：其参数会使订单逐级放大。", study_.left_out)}});
    if (std::ranges::any_of(study_.kept, [](const KeptValue& one) { return one.avoided < 0; }))
      out.push_back(
          {.text = {
               "A reserve that avoids less than nothing: when demand falls, whoever holds more runs more "
               "down, and orders less for so long. It helps where something does not come.",
               "储备避免的损失为负：需求下降时，存量大者去库存更多，订单减少更久。储备只在缺货时有用。"}});
    const IoSource& source = *study_.economy->source;
    out.push_back(
        {.text = {fmt::format(
                      "Model: ARIO (Hallegatte 2008, 2014), a day at a time, {} industries x {} regions from "
                      "the input-output table {}; people at work as of {}. {} figures have a range and are "
                      "drawn at once.",
                      study_.economy->table.size(), study_.regions.size(), source.id.text,
                      study_.economy->employment_year, study_.drawn_figures),
                  fmt::format("模型：ARIO（Hallegatte 2008、2014），逐日，{} 个行业 × {} 个地区，投入产出表 "
                              "{}；就业为 {} 年。{} 个带区间的数值同时抽取。",
                              study_.economy->table.size(), study_.regions.size(), source.id.text,
                              study_.economy->employment_year, study_.drawn_figures)}});
    out.push_back(
        {.text = {
             "What it does not say. Prices do not move, nobody is short of money, households ask for what "
             "they asked before, and no product stands in for another; so it says what is missing, not "
             "what GDP will be. Regions are the nation's table split by assumed location quotients: no "
             "regional table was surveyed. What a stopped site takes depends on the computing output of its "
             "region of the model, which follows gross product and not where sites stand: a finer map gives "
             "another loss. A loss that outlasts the run is counted to its last day. A zone "
             "is used with hindsight, as far as it helps; how soon it can take over is not in it. What a "
             "zone or a reserve is worth is no more certain than how often the shock comes, which is "
             "whoever wrote the scenario's to say; calm, safety and lives have no price here.",
             "未说明的：价格不变，无人缺钱，居民需求如前，产品互不替代；因此只说缺什么，不预测生产总值。"
             "地区由全国表按假定的区位商拆分，并无调查的地区表。停运站点的损失取决于其模型地区的计算产出，后"
             "者按生产总值而非站点位置"
             "分摊：地区划分不同，损失也不同。持续到期末之后的损失只计到最后一天。备份"
             "区按事后最优启用，未计切换所需时间。备份与储备的价值不比冲击频率更确定，而频率由情景作者给"
             "定；安定、安全与生命未计价。"}});
    return out;
  }

  const Atlas& atlas_;
  const ShockStudy& study_;
  bool drawn_;
  const std::string& currency_;
};

}  // namespace

Page shock_page(const Atlas& atlas, const ShockStudy& study) { return ShockPage(atlas, study).page(); }

}  // namespace hinterland
