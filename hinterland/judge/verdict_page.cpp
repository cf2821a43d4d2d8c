#include "hinterland/judge/verdict_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "hinterland/cost/terms.hpp"
#include "hinterland/judge/arithmetic.hpp"
#include "hinterland/judge/carbon_block.hpp"
#include "hinterland/judge/hours_block.hpp"
#include "hinterland/judge/vouchers.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

Words capacity_words(const Capacity& capacity) {
  if (capacity.automatic) return {"auto", "自动"};
  switch (capacity.deal.basis) {
    case Basis::sunk: return {name_of(Basis::sunk), "已沉没"};
    case Basis::built: return {name_of(Basis::built), "新建"};
    case Basis::rented: break;
  }
  return {fmt::format("rented at {} an hour", compact(capacity.deal.rate.value)),
          fmt::format("以每小时 {} 租用", compact_zh(capacity.deal.rate.value))};
}

Words range_words(const std::string& low, const std::string& high) {
  return {fmt::format("{} to {}", low, high), fmt::format("{} 至 {}", low, high)};
}

const char* chinese_name_of(Answer answer) {
  static constexpr std::array<const char*, 3> kNames = {"迁移", "留下", "不可行"};
  return kNames.at(static_cast<std::size_t>(answer));
}

namespace {

// The parts of a price that some row has; the others would be columns of zeros.
struct PartColumn {
  Words title;
  Money Price::* part = nullptr;
  bool always = false;
};
const std::array<PartColumn, 6> kParts = {{{{"energy", "电费"}, &Price::energy, true},
                                           {{"capacity", "容量"}, &Price::capacity, true},
                                           {{"network", "网络"}, &Price::network, true},
                                           {{"carbon", "碳"}, &Price::carbon, false},
                                           {{"water", "水"}, &Price::water, false},
                                           {{"scarcity", "稀缺"}, &Price::scarcity, false}}};

Words id_of(const SiteRow& row) {
  const std::string& id = row.site->id.text;
  return row.is_home ? Words(id + " (home)", id + "（本地）") : Words(id);
}

TableBlock price_table(const Atlas& atlas, const Question& question, const Verdict& verdict) {
  TableBlock table{
      .caption = {fmt::format("The full price, {}; kWh, kg CO2 (location) and litres of running it",
                              atlas.country().currency),
                  fmt::format("全价（{}）；运行所耗千瓦时、CO2 千克（按所在电网）与水升数",
                              atlas.country().currency)},
      .columns = {{{"site", "站点"}}, {""}, {{"basis", "容量依据"}}},
      .rows = {}};
  std::vector<PartColumn> parts;
  for (const PartColumn& column : kParts) {
    const bool used = std::ranges::any_of(
        verdict.rows, [&](const SiteRow& row) { return (row.quote.price.*column.part).value != 0; });
    if (column.always || used) parts.push_back(column);
  }
  for (const PartColumn& column : parts) table.columns.push_back({column.title, Align::right});
  for (const Words& title : {Words{"total", "合计"}, Words{"vs home", "比本地"}, Words{"kWh", "千瓦时"},
                             Words{"kg", "千克"}, Words{"litres", "升"}})
    table.columns.push_back({title, Align::right});
  for (const SiteRow& row : verdict.rows) {
    if (!row.quote.allowed()) continue;
    std::vector<Words> cells = {id_of(row), row.site->name_zh, basis_of(row, question)};
    for (const PartColumn& column : parts) cells.push_back(compact((row.quote.price.*column.part).value));
    cells.push_back(compact(row.quote.price.total().value));
    cells.push_back(
        row.is_home || !verdict.home_row().quote.allowed()
            ? ""
            : fmt::format("{}{}", row.difference.value > 0 ? "+" : "", compact(row.difference.value)));
    cells.push_back(compact(row.energy.value));
    cells.push_back(compact(row.location.value));
    cells.push_back(compact(row.water.value));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

std::optional<TableBlock> refused_table(const Verdict& verdict) {
  TableBlock table{.caption = {"Not allowed", "不可行"},
                   .columns = {{{"site", "站点"}}, {""}, {{"why", "原因"}}},
                   .rows = {}};
  for (const SiteRow& row : verdict.rows) {
    if (!row.quote.allowed()) table.rows.push_back({id_of(row), row.site->name_zh, full_reason(row)});
  }
  if (table.rows.empty()) return std::nullopt;
  return table;
}

}  // namespace

std::vector<Block> price_blocks(const Atlas& atlas, const Question& question, const Verdict& verdict) {
  std::vector<Block> blocks;
  if (std::ranges::any_of(verdict.rows, [](const SiteRow& row) { return row.quote.allowed(); }))
    blocks.emplace_back(price_table(atlas, question, verdict));
  if (auto table = refused_table(verdict)) blocks.emplace_back(std::move(*table));
  return blocks;
}

namespace {

// What a server-hour costs at a server built there and used so much.
MoneyPerHour built_hour(const Atlas& atlas, const Question& question, const SiteRow& row, double use) {
  SiteTerms terms = row.quote.terms;
  terms.server_use = use;
  return hour_rates(server_terms(server_of(atlas, question.workload)), terms,
                    {.basis = Basis::built, .rate = {}}, question.charges)
      .total();
}

// Why no use is the edge. Mostly a server built there is dearer than home however much it is used; but where power is
// priced so far below zero that an idle hour earns more than the server costs, more use makes its hours dearer.
Words no_break_even_use(const Atlas& atlas, const Question& question, const Verdict& verdict) {
  const SiteRow& best = *verdict.best_row();
  const MoneyPerHour full = built_hour(atlas, question, best, 1),
                     half = built_hour(atlas, question, best, 0.5);
  if (half == full)
    return {"none: a server built there costs nothing while it stands idle",
            "无：那里新建的服务器空转时不花钱"};
  if (half > full)
    return {"none: even a fully used server built there is dearer than home",
            "无：那里新建的服务器即使满负荷使用，仍比本地贵"};
  const bool cheaper = verdict.amount.server_hours * full <= *verdict.ceiling;
  if (cheaper)
    return {
        "none: at any use a server built there is no dearer than home, for its idle hours earn by "
        "power prices below zero",
        "无：那里新建的服务器无论利用率多少都不比本地贵，因为电价低于零时空转反而有收入"};
  return {
      "none: its idle hours earn by power prices below zero, so that the less it is used, the "
      "cheaper it is",
      "无：电价低于零时空转反而有收入，所以用得越少越便宜"};
}

// The rule by which a line's monthly bill comes down to a GB (transfer.hpp).
Words how_shared(const Offer& offer) {
  if (offer.mode == OfferMode::courier) return "";
  const bool p95 = offer.mode == OfferMode::p95;
  return {fmt::format(
              "; each GB bears its part of the month's bill, which is for {}, {} of it used in the mean",
              p95 ? "the rate that 5 % of the samples exceed" : "the whole bandwidth", percent(*offer.fill)),
          fmt::format("；每 GB 分摊当月账单，账单按{}计，平均用到其中 {}",
                      p95 ? "有 5 % 采样点超过的速率" : "全部带宽", percent(*offer.fill))};
}

Words operator+(const Words& a, const Words& b) { return {a.en + b.en, a.zh + b.zh}; }

FactsBlock deal(const Atlas& atlas, const Question& question, const Verdict& verdict) {
  const std::string& currency = atlas.country().currency;
  const SiteRow& best = *verdict.best_row();
  FactsBlock block{.caption = {fmt::format("The deal with {}", best.site->name),
                               fmt::format("与{}的交易", best.site->name_zh)},
                   .facts = {}};
  const Hours work = verdict.amount.server_hours;
  const auto both = [&](Money money) {
    const std::string hour = compact((money / work).value);
    return Words(fmt::format("{} {}, {} a server-hour", compact(money.value), currency, hour),
                 fmt::format("{} {}，每服务器·时 {}", compact_zh(money.value), currency, hour));
  };
  block.facts.emplace_back(
      Words{"seller's floor", "卖方底价"},
      both(*verdict.floor) +
          Words(" (everything but capacity, on idle servers)", "（用闲置服务器，除容量外的一切费用）") +
          (*verdict.floor < Money{}
               ? Words(": below zero, for drawing power there earns", "：低于零，因为在那里用电有收入")
               : Words()));
  if (verdict.ceiling) {
    const Money room = *verdict.ceiling - *verdict.floor;
    block.facts.emplace_back(Words{"buyer's ceiling", "买方上限"},
                             both(*verdict.ceiling) + Words(" (what home avoids, less the moving)",
                                                            "（本地省下的费用，减去搬运费）"));
    block.facts.emplace_back(Words{"room between", "议价空间"},
                             both(room) + (room.value > 0 ? Words() : Words(": no deal", "：无法成交")));
    block.facts.emplace_back(
        Words{"break-even server_use", "盈亏平衡的服务器利用率"},
        verdict.break_even_use
            ? Words(fmt::format("{} for a server built there; the atlas says {}",
                                percent(*verdict.break_even_use), percent(best.site->server_use)),
                    fmt::format("那里新建的服务器为 {}；图集给出 {}", percent(*verdict.break_even_use),
                                percent(best.site->server_use)))
            : no_break_even_use(atlas, question, verdict));
    const double gigabytes = (verdict.amount.bytes.in + verdict.amount.bytes.out).value;
    block.facts.emplace_back(Words{"break-even work per byte", "盈亏平衡的单位数据计算量"},
                             verdict.break_even_hours_per_gb
                                 ? Words(fmt::format("{} server-hours per GB; this work has {}",
                                                     compact(verdict.break_even_hours_per_gb->value),
                                                     compact(work.value / gigabytes)),
                                         fmt::format("每 GB {} 服务器·时；这项业务为 {}",
                                                     compact_zh(verdict.break_even_hours_per_gb->value),
                                                     compact_zh(work.value / gigabytes)))
                                 : Words("none: nothing moves, or an hour there costs no less",
                                         "无：没有数据要搬，或那里的服务器·时并不更便宜"));
  }
  if (const Offer* offer = best.quote.transfer.offer) {
    const double gigabytes = (verdict.amount.bytes.in + verdict.amount.bytes.out).value;
    const Transfer& transfer = best.quote.transfer;
    block.facts.emplace_back(
        Words{"the moving", "搬运"},
        Words(fmt::format("{} GB by {} in {} h for {} {}", compact(gigabytes), offer->name,
                          compact(transfer.time.value), compact(transfer.cost.value), currency),
              fmt::format("{} GB，经{}，{} 小时，{} {}", compact_zh(gigabytes), offer->name_zh,
                          compact_zh(transfer.time.value), compact_zh(transfer.cost.value), currency)) +
            how_shared(*offer));
  }
  return block;
}

Words describe_cell(const Cell& cell) {
  if (cell.answer == Answer::move)
    return {fmt::format("move to {}", cell.site->id.text), fmt::format("迁往{}", cell.site->name_zh)};
  return {name_of(cell.answer), chinese_name_of(cell.answer)};
}

TableBlock four_cells(const Verdict& verdict) {
  TableBlock table{
      .caption = {"Who has paid already decides: the verdict by basis", "谁已付过钱决定结论：按容量依据"},
      .columns = {{""}, {{"away sunk", "外地已沉没"}}, {{"away built", "外地新建"}}},
      .rows = {}};
  static const std::array<Words, 2> kHome = {Words{"home sunk", "本地已沉没"},
                                             Words{"home built", "本地新建"}};
  for (std::size_t i = 0; i < 2; ++i) {
    table.rows.push_back(
        {kHome.at(i), describe_cell(verdict.cells.at(i).at(0)), describe_cell(verdict.cells.at(i).at(1))});
  }
  return table;
}

// What the atlas knows of the same instance's list price, beside our arithmetic.
Words market_note(const Atlas& atlas, const Verdict& verdict) {
  const SiteRow* best = verdict.best_row();
  if (best == nullptr) return {};
  for (const MarketRatio& ratio : atlas.market) {
    const Site& site = atlas.sites.at(ratio.site);
    if (site.region == best->site->region && ratio.price_ratio != 1) {
      const Site& reference = atlas.sites.at(ratio.reference_site);
      return {fmt::format(
                  "Market evidence: the same cloud instance is listed in {} at {:.3g} of its price in {}.",
                  site.name, ratio.price_ratio, reference.name),
              fmt::format("市场佐证：同一种云实例在{}的标价是{}的 {:.3g} 倍。", site.name_zh,
                          reference.name_zh, ratio.price_ratio)};
    }
  }
  return {};
}

Words headline(const Atlas& atlas, const Question& question, const Verdict& verdict) {
  const Gigabytes bytes = verdict.amount.bytes.in + verdict.amount.bytes.out;
  const Region& region = atlas.regions.at(question.from);
  const Workload& work = question.workload;
  const Server& server = server_of(atlas, question.workload);
  Words text{
      fmt::format("{} from {}: {} server-hours on {}, {} GB to move", question.workload.name, region.name,
                  compact(verdict.amount.server_hours.value), server.name, compact(bytes.value)),
      fmt::format("{}，{}：{}服务器·时（{}），需搬运 {} GB", region.name_zh,
                  work.name_zh.empty() ? work.name : work.name_zh,
                  compact_zh(verdict.amount.server_hours.value), server.name_zh, compact_zh(bytes.value))};
  if (question.workload.latency) {
    const double most = in_milliseconds(*question.workload.latency);
    text.en += fmt::format(", {:.3g} ms one way", most);
    text.zh += fmt::format("，单向 {:.3g} 毫秒", most);
  }
  const Words home = capacity_words(question.home), away = capacity_words(question.away);
  text.en += fmt::format("; home {}, away {}.", home.en, away.en);
  text.zh += fmt::format("；本地{}，外地{}。", home.zh, away.zh);
  if (!verdict.home.in_region) {
    text.en += fmt::format(" {} has no metro site; {} is the nearest, and latencies are counted from there.",
                           region.name, verdict.home.site->name);
    text.zh += fmt::format("{}没有市区站点；最近的是{}，时延从那里算起。", region.name_zh,
                           verdict.home.site->name_zh);
  }
  return text;
}

}  // namespace

Page verdict_page(const Atlas& atlas, const RateYear& rates, const Question& question,
                  const Verdict& verdict) {
  Page page;
  page.blocks.push_back(Paragraph{.text = {verdict.sentence, verdict.sentence_zh}, .strong = true});
  page.blocks.push_back(Paragraph{.text = headline(atlas, question, verdict)});
  for (Block& block : price_blocks(atlas, question, verdict)) page.blocks.push_back(std::move(block));
  if (verdict.best) page.blocks.push_back(deal(atlas, question, verdict));
  if (verdict.answer != Answer::refused) page.blocks.push_back(hours_block(atlas, rates, verdict));
  if (verdict.best && verdict.home_row().quote.allowed()) page.blocks.push_back(carbon_block(verdict));
  page.blocks.push_back(four_cells(verdict));
  if (verdict.answer != Answer::refused) {
    page.blocks.push_back(arithmetic(atlas, question, verdict));
    page.blocks.push_back(vouchers(atlas, question, verdict));
  }
  if (const Words note = market_note(atlas, verdict); !note.empty())
    page.blocks.push_back(Paragraph{.text = note});
  return page;
}

}  // namespace hinterland
