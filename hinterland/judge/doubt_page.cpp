#include "hinterland/judge/doubt_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "hinterland/base/number.hpp"
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

std::string range_of(const Dial& dial) {
  return dial.cited ? fmt::format("{} to {}", shortest(dial.cited->low), shortest(dial.cited->high)) : "";
}

// How far a value lies from the central one: by factor where both have a sign in common, else by size. From nothing
// to something is farther than from anything to anything.
double distance(const Dial& dial, double at) {
  if (at * dial.central > 0) return std::abs(std::log(at / dial.central));
  return dial.central == 0 ? std::numeric_limits<double>::infinity()
                           : std::abs((at - dial.central) / dial.central);
}

using Row = std::vector<Words>;

struct FlipRow {
  const Dial* dial;
  const Flip* flip;
  [[nodiscard]] double far() const { return distance(*dial, flip->at); }
};

// The nearer flip of each dial.
std::vector<FlipRow> nearest(const Doubt& doubt, std::optional<Flip> Flips::* below,
                             std::optional<Flip> Flips::* above) {
  std::vector<FlipRow> rows;
  for (std::size_t i = 0; i < doubt.flips.size(); ++i) {
    std::optional<FlipRow> best;
    for (const auto& side : {below, above}) {
      const auto& flip = doubt.flips[i].*side;
      if (!flip) continue;
      const FlipRow row{.dial = &doubt.dials[i], .flip = &*flip};
      if (!best || row.far() < best->far()) best = row;
    }
    if (best) rows.push_back(*best);
  }
  // What its own source thinks possible goes first.
  std::ranges::stable_sort(rows, [](const FlipRow& a, const FlipRow& b) {
    return a.flip->cited != b.flip->cited ? a.flip->cited : a.far() < b.far();
  });
  return rows;
}

std::string describe(const Doubt& doubt, const Flip& flip) {
  return flip.answer == Answer::move ? "move to " + doubt.parties[flip.destination]->id.text
                                     : name_of(flip.answer);
}

Row cells(const Doubt& doubt, const FlipRow& row) {
  const bool below = row.flip->at < row.dial->central;
  return {row.dial->name,
          figure(row.dial->central),
          fmt::format("{} {}", below ? "below" : "above", figure(row.flip->at)),
          describe(doubt, *row.flip),
          range_of(*row.dial),
          row.flip->cited   ? "inside it"
          : row.dial->cited ? "outside it"
                            : "no range is given"};
}

void add_flips(const Doubt& doubt, std::vector<Block>& blocks) {
  if (doubt.flips.empty()) return;
  const auto answers = nearest(doubt, &Flips::below, &Flips::above);
  auto elsewhere = nearest(doubt, &Flips::elsewhere_below, &Flips::elsewhere_above);
  std::erase_if(elsewhere, [](const FlipRow& row) { return !row.flip->cited; });
  TableBlock table{
      .caption = "What flips the verdict, each figure alone",
      .columns = {{"value"}, {"now", Align::right}, {"flips", Align::left}, {"to"}, {"range"}, {""}},
      .rows = {}};
  // First all that may well be so, then what would have to be otherwise than anybody says.
  const auto inside = std::ranges::count_if(answers, [](const FlipRow& row) { return row.flip->cited; });
  std::vector<FlipRow> shown(answers.begin(), answers.begin() + std::min(inside, kAnswerRows));
  shown.insert(shown.end(), elsewhere.begin(),
               elsewhere.begin() + std::min(std::ssize(elsewhere), kElsewhereRows));
  shown.insert(shown.end(), answers.begin() + std::min(inside, kAnswerRows),
               answers.begin() + std::min(std::ssize(answers), kAnswerRows));
  for (const FlipRow& row : shown) table.rows.push_back(cells(doubt, row));
  std::string said = fmt::format(
      "Of {} figures that this verdict reads, {} within the range that is given for it, {} only beyond it, "
      "and {} "
      "nowhere that its field allows.",
      doubt.read(),
      inside == 0 ? "none flips the answer"
                  : fmt::format("{} flip{} the answer", inside, inside == 1 ? "s" : ""),
      static_cast<std::ptrdiff_t>(answers.size()) - inside, doubt.read() - answers.size());
  if (!elsewhere.empty())
    said += fmt::format(" {} would send it to another site within {} range.", elsewhere.size(),
                        elsewhere.size() == 1 ? "its" : "their");
  if (!table.rows.empty()) blocks.emplace_back(std::move(table));
  blocks.emplace_back(Paragraph{.text = std::move(said)});
}

std::string share_of(std::int64_t part, std::int64_t all) {
  return percent(static_cast<double>(part) / static_cast<double>(all));
}

// "zhongwei 55.8 %, guian 30 %, stay 14.2 %", the most frequent first.
std::string destinations(const Doubt& doubt) {
  const Sureness& sure = doubt.sureness;
  std::vector<std::pair<std::int64_t, std::string>> counts;
  for (const auto& [party, count] : sure.by_destination)
    counts.emplace_back(count, party == 0 ? "stay" : doubt.parties[party]->id.text);
  if (sure.refused > 0) counts.emplace_back(sure.refused, "refused");
  std::ranges::stable_sort(counts, [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> texts;
  for (const auto& [count, name] : counts)
    texts.push_back(fmt::format("{} {}", name, share_of(count, sure.draws)));
  return fmt::format("{}", fmt::join(texts, ", "));
}

void add_sureness(const Atlas& atlas, const Doubt& doubt, std::vector<Block>& blocks) {
  const Sureness& sure = doubt.sureness;
  if (sure.draws == 0) return;
  FactsBlock block{.caption = "How sure", .facts = {}};
  std::string agree = fmt::format("{} of {} draws say {} too", share_of(sure.agree, sure.draws),
                                  grouped(sure.draws), name_of(doubt.standing.answer));
  if (doubt.standing.answer == Answer::move)
    agree += fmt::format(", {} to {} too", share_of(sure.same_place, sure.draws),
                         doubt.parties[doubt.standing.destination()]->name);
  block.facts.emplace_back("the answer", agree);
  block.facts.emplace_back("by destination", destinations(doubt));
  if (sure.saving_at(0.5)) {
    const auto money = [&](double q) { return compact(sure.saving_at(q)->value); };
    const auto drawn = static_cast<std::int64_t>(sure.savings.size());
    block.facts.emplace_back(
        "what moving saves",
        fmt::format("{} {} at the median, 90 % of draws between {} and {}{}", money(0.5),
                    atlas.country().currency, money(0.05), money(0.95),
                    drawn < sure.draws ? fmt::format("; in the {} that allow home and another site",
                                                     share_of(drawn, sure.draws))
                                       : ""));
  }
  block.facts.emplace_back("drawn",
                           fmt::format("all {} figures with a range at once; triangles from low over central "
                                       "to high, on the logarithm from a factor of ten; seed {}",
                                       doubt.plan.dials.size(), doubt.asked.seed));
  block.facts.emplace_back(
      "move together",
      fmt::format("power prices of sites in one neighbourhood (r = {}), use of clusters (r = {}); "
                  "both coefficients are assumed",
                  shortest(kPowerPriceCorrelation), shortest(kClusterUseCorrelation)));
  block.facts.emplace_back("not drawn",
                           "figures without a range, what was set by hand, and errors of the model itself");
  blocks.emplace_back(std::move(block));
}

void add_tornado(const Atlas& atlas, const Doubt& doubt, std::vector<Block>& blocks) {
  if (doubt.swings.empty()) return;
  const double centre = doubt.standing.saving->value;
  TornadoBlock tornado{
      .caption = "What carries the doubt: what moving saves, with one figure at either end of its range",
      .unit = atlas.country().currency,
      .centre = centre,
      .bars = {}};
  for (const Swing& swing : doubt.swings) {
    const Dial& dial = doubt.dials[swing.dial];
    tornado.bars.push_back({.name = dial.name,
                            .at_low = swing.at_low ? swing.at_low->value : centre,
                            .at_high = swing.at_high ? swing.at_high->value : centre,
                            .low_text = shortest(dial.cited->low) + (swing.at_low ? "" : " (refused)"),
                            .high_text = shortest(dial.cited->high) + (swing.at_high ? "" : " (refused)")});
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
          .text = "Which figures carry the doubt when all of them are drawn (Sobol shares) takes more draws: "
                  "--draws 5000."});
    return;
  }
  TableBlock table{.caption = Words(fmt::format(
                       "Shares of its variance when all figures are drawn (Sobol indices of {} independent "
                       "rows, ± standard error)",
                       doubt.share_rows)),
                   .columns = {{"value"}, {"alone", Align::right}, {"with others", Align::right}},
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
    blocks.emplace_back(
        Paragraph{.text = "Interrupted: the doubt about this verdict is not all worked out."});
  return blocks;
}

}  // namespace hinterland
