#include "hinterland/judge/doubt_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "hinterland/base/number.hpp"
#include "hinterland/judge/verdict_page.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr std::ptrdiff_t kAnswerRows = 10, kElsewhereRows = 6;

// Four digits that count, in full: 0.5334, 5260000.
std::string figure(double value) {
  if (std::abs(value) < 1e-12) return "0";  // an edge at zero itself
  if (!std::isfinite(value)) return shortest(value);
  const double unit = std::pow(10, 3 - std::floor(std::log10(std::abs(value))));
  return unit >= 1 ? shortest(std::round(value * unit) / unit)
                   : fmt::format("{:.0f}", std::round(value * unit) / unit);
}

Words range_of(const Dial& dial) {
  return dial.cited ? range_words(shortest(dial.cited->low), shortest(dial.cited->high)) : Words();
}

// How far a value lies from the central one: by factor where both have a sign in common, else by size. From nothing
// to something is farther than from anything to anything.
double distance(const Dial& dial, double at) {
  if (at * dial.central > 0) return std::abs(std::log(at / dial.central));
  return dial.central == 0 ? std::numeric_limits<double>::infinity()
                           : std::abs((at - dial.central) / dial.central);
}

// Whether anybody could mean a value: it lies in the range that is cited for the figure, or has the figure's sign
// and lies at most a factor of ten outside that range. Without a range nobody has said what is too far.
bool is_believable(const Dial& dial, double at) {
  static constexpr double kFactor = 10;
  if (!dial.cited) return true;
  if (at >= dial.cited->low && at <= dial.cited->high) return true;
  if (at * dial.central < 0) return false;
  const double low = std::abs(dial.cited->low), high = std::abs(dial.cited->high);
  const bool one_sign = dial.cited->low * dial.cited->high > 0;
  return std::abs(at) <= kFactor * std::max(low, high) &&
         (!one_sign || kFactor * std::abs(at) >= std::min(low, high));
}

using Row = std::vector<Words>;

struct FlipRow {
  const Dial* dial;
  const Flip* flip;
  [[nodiscard]] double far() const { return distance(*dial, flip->at); }
  [[nodiscard]] bool believable() const { return is_believable(*dial, flip->at); }
  [[nodiscard]] bool nearer_than(const FlipRow& other) const {
    return believable() != other.believable() ? believable() : far() < other.far();
  }
};

// The nearer flip of each dial, one that can be believed before one that cannot.
std::vector<FlipRow> nearest(const Doubt& doubt, std::optional<Flip> Flips::* below,
                             std::optional<Flip> Flips::* above) {
  std::vector<FlipRow> rows;
  for (std::size_t i = 0; i < doubt.flips.size(); ++i) {
    std::optional<FlipRow> best;
    for (const auto& side : {below, above}) {
      const auto& flip = doubt.flips[i].*side;
      if (!flip) continue;
      const FlipRow row{.dial = &doubt.dials[i], .flip = &*flip};
      if (!best || row.nearer_than(*best)) best = row;
    }
    if (best) rows.push_back(*best);
  }
  // What its own source thinks possible goes first.
  std::ranges::stable_sort(rows, [](const FlipRow& a, const FlipRow& b) {
    return a.flip->cited != b.flip->cited ? a.flip->cited : a.far() < b.far();
  });
  return rows;
}

Words describe(const Doubt& doubt, const Flip& flip) {
  if (flip.answer != Answer::move) return {name_of(flip.answer), chinese_name_of(flip.answer)};
  const Site& site = *doubt.parties[flip.destination];
  return {"move to " + site.id.text, "迁往" + site.name_zh};
}

Row cells(const Doubt& doubt, const FlipRow& row) {
  const bool below = row.flip->at < row.dial->central;
  const std::string at = figure(row.flip->at);
  return {row.dial->name,
          figure(row.dial->central),
          {fmt::format("{} {}", below ? "below" : "above", at),
           fmt::format("{} {}", below ? "低于" : "高于", at)},
          describe(doubt, *row.flip),
          range_of(*row.dial),
          row.flip->cited   ? Words("inside it", "在范围内")
          : row.dial->cited ? Words("outside it", "在范围外")
                            : Words("no range is given", "未给出范围")};
}

// What the table leaves out, and how many figures flip nothing.
Words flips_said(const Doubt& doubt, const std::vector<FlipRow>& answers, std::size_t elsewhere) {
  const auto count = [&](auto holds) {
    return static_cast<std::size_t>(std::ranges::count_if(answers, holds));
  };
  const std::size_t inside = count([](const FlipRow& row) { return row.flip->cited; }),
                    without = count([](const FlipRow& row) { return !row.dial->cited; }),
                    left_out = count([](const FlipRow& row) { return !row.believable(); }),
                    beyond = answers.size() - inside - without, never = doubt.read() - answers.size();
  Words inside_said{"none flips the answer", "没有一个在给出的范围内会改变结论"}, hidden, unranged;
  if (inside > 0)
    inside_said = {fmt::format("{} flip{} the answer", inside, inside == 1 ? "s" : ""),
                   fmt::format("{} 个在给出的范围内就会改变结论", inside)};
  if (left_out > 0)
    hidden = {fmt::format(" ({} not shown: of another sign, or more than ten times outside it)", left_out),
              fmt::format("（其中 {} 个未列出：符号相反，或超出范围十倍以上）", left_out)};
  if (without > 0)
    unranged = {fmt::format(" {} without a range somewhere,", without),
                fmt::format("{} 个未给出范围，取某些值时会改变结论；", without)};
  Words said{
      fmt::format("Of {} figures that this verdict reads, {} within the range that is given for it, "
                  "{} only beyond it{},{} and {} nowhere that {} field allows.",
                  doubt.read(), inside_said.en, beyond, hidden.en, unranged.en, never,
                  never == 1 ? "its" : "their"),
      fmt::format("这个结论读取 {} 个数值：{}；{} 个仅在范围之外才会改变结论{}；{}其余 {} 个在字段允许的"
                  "任何取值下都不改变结论。",
                  doubt.read(), inside_said.zh, beyond, hidden.zh, unranged.zh, never)};
  if (elsewhere > 0) {
    said.en += fmt::format(" {} would send it to another site within {} range.", elsewhere,
                           elsewhere == 1 ? "its" : "their");
    said.zh += fmt::format("另有 {} 个在其范围内会使业务改往其他站点。", elsewhere);
  }
  return said;
}

void add_flips(const Doubt& doubt, std::vector<Block>& blocks) {
  if (doubt.flips.empty()) return;
  const auto all = nearest(doubt, &Flips::below, &Flips::above);
  auto answers = all;
  std::erase_if(answers, [](const FlipRow& row) { return !row.believable(); });
  auto elsewhere = nearest(doubt, &Flips::elsewhere_below, &Flips::elsewhere_above);
  std::erase_if(elsewhere, [](const FlipRow& row) { return !row.flip->cited; });
  TableBlock table{
      .caption = {"What flips the verdict, each figure alone", "什么会改变结论（每次只变一个数值）"},
      .columns = {{{"value", "数值"}},
                  {{"now", "现值"}, Align::right},
                  {{"flips", "改变于"}},
                  {{"to", "变为"}},
                  {{"range", "范围"}},
                  {""}},
      .rows = {}};
  // First all that may well be so, then what would have to be otherwise than anybody says.
  const auto inside = std::ranges::count_if(answers, [](const FlipRow& row) { return row.flip->cited; });
  std::vector<FlipRow> shown(answers.begin(), answers.begin() + std::min(inside, kAnswerRows));
  shown.insert(shown.end(), elsewhere.begin(),
               elsewhere.begin() + std::min(std::ssize(elsewhere), kElsewhereRows));
  shown.insert(shown.end(), answers.begin() + std::min(inside, kAnswerRows),
               answers.begin() + std::min(std::ssize(answers), kAnswerRows));
  for (const FlipRow& row : shown) table.rows.push_back(cells(doubt, row));
  Words said = flips_said(doubt, all, elsewhere.size());
  if (!table.rows.empty()) blocks.emplace_back(std::move(table));
  blocks.emplace_back(Paragraph{.text = std::move(said)});
}

// Some are never "0 %", and all but some never "100 %".
std::string share_of(std::int64_t part, std::int64_t all) {
  std::string text = percent(static_cast<double>(part) / static_cast<double>(all));
  if (part > 0 && text == percent(0)) return "< 0.1 %";
  if (part < all && text == percent(1)) return "> 99.9 %";
  return text;
}

// "zhongwei 55.8 %, guian 30 %, stay 14.2 %", the most frequent first.
Words destinations(const Doubt& doubt) {
  const Sureness& sure = doubt.sureness;
  std::vector<std::pair<std::int64_t, Words>> counts;
  for (const auto& [party, count] : sure.by_destination) {
    const Site& site = *doubt.parties[party];
    counts.emplace_back(count, party == 0 ? Words(name_of(Answer::stay), chinese_name_of(Answer::stay))
                                          : Words(site.id.text, site.name_zh));
  }
  if (sure.refused > 0)
    counts.emplace_back(sure.refused, Words(name_of(Answer::refused), chinese_name_of(Answer::refused)));
  std::ranges::stable_sort(counts, [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> en, zh;
  for (const auto& [count, name] : counts) {
    const std::string share = share_of(count, sure.draws);
    en.push_back(name.en + " " + share);
    zh.push_back(name.zh + " " + share);
  }
  return {fmt::format("{}", fmt::join(en, ", ")), fmt::format("{}", fmt::join(zh, "，"))};
}

// Where fewer than half of the draws that move go to the site that the verdict names: that this is open.
std::optional<Words> which_site(const Doubt& doubt) {
  if (doubt.standing.answer != Answer::move) return std::nullopt;
  const std::size_t named = doubt.standing.destination();
  std::int64_t moving = 0, to_named = 0, most = 0;
  std::size_t favourite = named;
  for (const auto& [party, count] : doubt.sureness.by_destination) {
    if (party == 0) continue;
    moving += count;
    if (party == named) to_named = count;
    if (count > most || (count == most && party == named)) {
      most = count;
      favourite = party;
    }
  }
  if (moving == 0 || 2 * to_named >= moving) return std::nullopt;
  const Site &site = *doubt.parties[named], &other = *doubt.parties[favourite];
  const std::string share = share_of(to_named, moving), largest = share_of(most, moving);
  if (favourite == named)
    return Words(fmt::format("open: {} is the most frequent, yet with {} of the draws that move; which of "
                             "the close ones is best, the figures do not settle",
                             site.name, share),
                 fmt::format("未定：{}最常见，但只占迁移抽样的 {}；相近的几处中哪一处最好，这些数值不能定论",
                             site.name_zh, share));
  return Words(
      fmt::format("open: of the draws that move, {} go to {}, the most frequent, and {} to {}, which "
                  "the verdict names; which of the close ones is best, the figures do not settle",
                  largest, other.name, share, site.name),
      fmt::format("未定：迁移的抽样中，{} 去往最常见的{}，{} 去往结论所称的{}；相近的几处中哪一处"
                  "最好，这些数值不能定论",
                  largest, other.name_zh, share, site.name_zh));
}

Words agreement(const Doubt& doubt) {
  const Sureness& sure = doubt.sureness;
  const std::string agree = share_of(sure.agree, sure.draws);
  Words text{
      fmt::format("{} of {} draws say {} too", agree, grouped(sure.draws), name_of(doubt.standing.answer)),
      fmt::format("{} 次抽样中有 {} 同样得出“{}”", grouped(sure.draws), agree,
                  chinese_name_of(doubt.standing.answer))};
  if (doubt.standing.answer != Answer::move) return text;
  const Site& site = *doubt.parties[doubt.standing.destination()];
  const std::string same = share_of(sure.same_place, sure.draws);
  text.en += fmt::format(", {} to {} too", same, site.name);
  text.zh += fmt::format("，其中同样迁往{}的占全部抽样的 {}", site.name_zh, same);
  return text;
}

// Requires draws that allow home and another site.
Words saving_drawn(const Atlas& atlas, const Sureness& sure) {
  const std::string& currency = atlas.country().currency;
  const double median = sure.saving_at(0.5)->value, low = sure.saving_at(0.05)->value,
               high = sure.saving_at(0.95)->value;
  Words text{fmt::format("{} {} at the median, 90 % of draws between {} and {}", compact(median), currency,
                         compact(low), compact(high)),
             fmt::format("中位数为 {} {}，90 % 的抽样在 {} 与 {} 之间", compact_zh(median), currency,
                         compact_zh(low), compact_zh(high))};
  if (const auto drawn = std::ssize(sure.savings); drawn < sure.draws) {
    const std::string share = share_of(drawn, sure.draws);
    text.en += fmt::format("; in the {} that allow home and another site", share);
    text.zh += fmt::format("；只计本地与另一站点都可行的 {}", share);
  }
  return text;
}

void add_sureness(const Atlas& atlas, const Doubt& doubt, std::vector<Block>& blocks) {
  const Sureness& sure = doubt.sureness;
  if (sure.draws == 0) return;
  FactsBlock block{.caption = {"How sure", "有多大把握"}, .facts = {}};
  block.facts.emplace_back(Words("the answer", "结论"), agreement(doubt));
  block.facts.emplace_back(Words("by destination", "按去向"), destinations(doubt));
  if (auto which = which_site(doubt))
    block.facts.emplace_back(Words("which site", "哪个站点"), std::move(*which));
  if (sure.saving_at(0.5))
    block.facts.emplace_back(Words("what moving saves", "迁移节省"), saving_drawn(atlas, sure));
  block.facts.emplace_back(
      Words("drawn", "抽样方式"),
      Words(
          fmt::format("all {} figures with a range at once; triangles from low over central to high, on the "
                      "logarithm from a factor of ten; seed {}",
                      doubt.plan.dials.size(), doubt.asked.seed),
          fmt::format("全部 {} 个有范围的数值同时抽取；由低值经现值到高值的三角分布，高低相差十倍起取对数；"
                      "种子 {}",
                      doubt.plan.dials.size(), doubt.asked.seed)));
  const std::string power = shortest(kPowerPriceCorrelation), use = shortest(kClusterUseCorrelation);
  block.facts.emplace_back(
      Words("move together", "同向变动"),
      Words(fmt::format("power prices of sites in one neighbourhood (r = {}), use of clusters (r = {}); both "
                        "coefficients are assumed",
                        power, use),
            fmt::format("相邻站点的电价（r = {}），各集群的利用率（r = {}）；两个系数均为假定", power, use)));
  block.facts.emplace_back(
      Words("not drawn", "未抽取"),
      Words("figures without a range, what was set by hand, and errors of the model itself",
            "没有范围的数值、手动设定的数值，以及模型本身的误差"));
  blocks.emplace_back(std::move(block));
}

// An end of a range, and whether a side refuses there.
Words end_of(double value, const std::optional<Money>& saving) {
  const std::string text = shortest(value);
  return saving ? Words(text) : Words(text + " (refused)", text + "（不可行）");
}

void add_tornado(const Atlas& atlas, const Doubt& doubt, std::vector<Block>& blocks) {
  if (doubt.swings.empty()) return;
  const double centre = doubt.standing.saving->value;
  TornadoBlock tornado{
      .caption = {"What carries the doubt: what moving saves, with one figure at either end of its range",
                  "不确定性从何而来：某一数值取其范围两端时迁移的节省额"},
      .unit = atlas.country().currency,
      .centre = centre,
      .bars = {}};
  for (const Swing& swing : doubt.swings) {
    const Dial& dial = doubt.dials[swing.dial];
    tornado.bars.push_back({.name = dial.name,
                            .at_low = swing.at_low ? swing.at_low->value : centre,
                            .at_high = swing.at_high ? swing.at_high->value : centre,
                            .low_text = end_of(dial.cited->low, swing.at_low),
                            .high_text = end_of(dial.cited->high, swing.at_high)});
  }
  blocks.emplace_back(std::move(tornado));
}

// Rounded first, so that there is no "-0".
std::string share_text(double share, double error) {
  return fmt::format("{} ± {} %", std::lround(100 * share), std::lround(100 * error));
}

// Fewer rows than this and the shares' own errors are no longer to be trusted.
constexpr std::int64_t kLeastShareRows = 400;

void add_shares(const Doubt& doubt, std::vector<Block>& blocks) {
  if (doubt.share_rows < kLeastShareRows) {
    if (!doubt.swings.empty())
      blocks.emplace_back(Paragraph{
          .text = {
              "Which figures carry the doubt when all of them are drawn (Sobol shares) takes more draws: "
              "--draws 5000.",
              "若要知道所有数值同时抽取时各自占多少不确定性（Sobol 份额），需要更多抽样：--draws 5000。"}});
    return;
  }
  TableBlock table{
      .caption = Words(
          fmt::format("Shares of its variance when all figures are drawn (Sobol indices of {} independent "
                      "rows, ± standard error)",
                      doubt.share_rows),
          fmt::format("所有数值同时抽取时各自所占的方差份额（{} 行独立样本的 Sobol 指数，± 标准误）",
                      doubt.share_rows)),
      .columns = {{{"value", "数值"}},
                  {{"alone", "单独"}, Align::right},
                  {{"with others", "连同交互"}, Align::right}},
      .rows = {}};
  for (const Swing& swing : doubt.swings) {
    if (!swing.share) continue;
    table.rows.push_back({doubt.dials[swing.dial].name,
                          share_text(swing.share->first, swing.share->first_error),
                          share_text(swing.share->total, swing.share->total_error)});
  }
  if (!table.rows.empty()) blocks.emplace_back(std::move(table));
}

}  // namespace

std::vector<Block> doubt_blocks(const Atlas& atlas, const Doubt& doubt) {
  std::vector<Block> blocks;
  add_flips(doubt, blocks);
  add_sureness(atlas, doubt, blocks);
  add_tornado(atlas, doubt, blocks);
  add_shares(doubt, blocks);
  if (doubt.interrupted)
    blocks.emplace_back(Paragraph{.text = {"Interrupted: the doubt about this verdict is not all worked out.",
                                           "已中断：这个结论的不确定性没有全部算完。"}});
  return blocks;
}

}  // namespace hinterland
