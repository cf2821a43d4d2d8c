// The verdict in one sentence, with its biggest reason, in English and in Chinese.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "hinterland/judge/verdict.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

struct Part {
  Words name;
  Money home, away;
  [[nodiscard]] Money saved() const { return home - away; }
};

const Words kCapacity{"capacity", "容量成本"}, kMoving{"moving", "搬运数据"};

std::vector<Part> parts_of(const Price& home, const Price& away) {
  return {{kCapacity, home.capacity, away.capacity},
          {{"power", "电费"}, home.energy, away.energy},
          {{"carbon", "碳费"}, home.carbon, away.carbon},
          {{"water", "水费"}, home.water, away.water},
          {{"scarcity", "稀缺费"}, home.scarcity, away.scarcity},
          {kMoving, home.network, away.network}};
}

Words money(const Atlas& atlas, Money amount) {
  const std::string& currency = atlas.country().currency;
  std::string zh = compact_zh(amount.value);
  // "1712 万元", but "5.2 元" and "1712 万 EUR".
  const bool yuan = currency == "CNY";
  if (!yuan || !(zh.ends_with("万") || zh.ends_with("亿"))) zh += ' ';
  return {fmt::format("{} {}", compact(amount.value), currency), zh + (yuan ? "元" : currency)};
}

// "; moving 250k GB costs 15k CNY", or nothing where nothing moves.
Words moving(const Atlas& atlas, const Verdict& verdict, const SiteRow& row) {
  if (row.quote.transfer.offer == nullptr) return "";
  const double gigabytes = (verdict.amount.bytes.in + verdict.amount.bytes.out).value;
  const Words cost = money(atlas, row.quote.transfer.cost);
  return {fmt::format("; moving {} GB costs {}", compact(gigabytes), cost.en),
          fmt::format("；搬运 {} GB 数据需 {}", compact_zh(gigabytes), cost.zh)};
}

// "power is 0.23 a server-hour there, 0.67 at home"
Words an_hour_of(const Part& part, const Words& there, Hours work) {
  const std::string away = compact((part.away / work).value), home = compact((part.home / work).value);
  return {fmt::format("{} is {} a server-hour {}, {} at home", part.name.en, away, there.en, home),
          fmt::format("每服务器·时的{}在{}为 {}，在本地为 {}", part.name.zh, there.zh, away, home)};
}

Words why_move(const Atlas& atlas, const Verdict& verdict, const Part& biggest) {
  const Words at_home = money(atlas, biggest.home);
  if (biggest.name == kCapacity && verdict.best_row()->quote.sunk_share > 0.5) {
    return {fmt::format("its servers stand idle, while home's capacity would cost {}", at_home.en),
            fmt::format("那里的服务器闲置，而本地的容量成本为 {}", at_home.zh)};
  }
  if (biggest.name == kMoving) {
    return {fmt::format("its data are at hand, while bringing them home would cost {}", at_home.en),
            fmt::format("数据就在那里，运回本地需 {}", at_home.zh)};
  }
  return an_hour_of(biggest, {"there", "那里"}, verdict.amount.server_hours);
}

Words move_sentence(const Atlas& atlas, const Verdict& verdict, const Words& home_name) {
  const SiteRow& home = verdict.home_row();
  const SiteRow& best = *verdict.best_row();
  if (!home.quote.allowed()) {
    const auto allowed =
        std::ranges::count_if(verdict.rows, [](const SiteRow& row) { return row.quote.allowed(); });
    return {
        fmt::format("Move to {}: it may not stay in {} ({}), and of {} allowed sites this is the cheapest.",
                    best.site->name, home_name.en, full_reason(home).en, allowed),
        fmt::format("应迁往{}：不得留在{}（{}），在 {} 个可行站点中此处最便宜。", best.site->name_zh,
                    home_name.zh, chinese_name_of(home.quote.obstacle), allowed)};
  }
  const auto parts = parts_of(home.quote.price, best.quote.price);
  const Part& biggest =
      *std::ranges::max_element(parts, {}, [](const Part& part) { return part.saved().value; });
  const Words why = why_move(atlas, verdict, biggest), moved = moving(atlas, verdict, best);
  const Words saved = money(atlas, Money{} - best.difference);
  const Words total = money(atlas, home.quote.price.total());
  // On idle servers the price is the seller's floor: what is saved is for both sides to share.
  const bool shared = best.quote.sunk_share > 0;
  const bool all =
      Money{} - best.difference <= home.quote.price.total();  // power of a negative price saves more
  return {fmt::format("Move to {}: {}{}; {} {} {} {}.", best.site->name, why.en, moved.en,
                      shared ? "buyer and seller together save" : "it saves", saved.en,
                      all ? "of" : "where home costs", total.en),
          fmt::format("应迁往{}：{}{}；{}节省 {}（留在本地共需 {}）。", best.site->name_zh, why.zh, moved.zh,
                      shared ? "买卖双方合计" : "共", saved.zh, total.zh)};
}

// All others are refused: the obstacle that most of them meet.
Words alone_sentence(const Verdict& verdict, const Words& home_name) {
  std::map<Obstacle, std::size_t> counts;
  for (const SiteRow& row : verdict.rows) {
    if (!row.is_home) ++counts[row.quote.obstacle];
  }
  if (counts.empty()) {
    return {fmt::format("Stay in {}: no other site was asked.", home_name.en),
            fmt::format("应留在{}：没有询问其他站点。", home_name.zh)};
  }
  const auto most = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
  const auto example = std::ranges::find_if(
      verdict.rows, [&](const SiteRow& row) { return !row.is_home && row.quote.obstacle == most->first; });
  return {fmt::format("Stay in {}: none of the {} other sites is allowed, {} of them by {} ({}: {}).",
                      home_name.en, verdict.rows.size() - 1, most->second, name_of(most->first),
                      example->site->name, example->reason.en),
          fmt::format("应留在{}：其余 {} 个站点均不可行，其中 {} 个因{}（例如{}）。", home_name.zh,
                      verdict.rows.size() - 1, most->second, chinese_name_of(most->first),
                      example->site->name_zh)};
}

Words stay_sentence(const Atlas& atlas, const Verdict& verdict, const Words& home_name) {
  const SiteRow* best = verdict.best_row();
  if (best == nullptr) return alone_sentence(verdict, home_name);
  const SiteRow& home = verdict.home_row();
  const Money network = best->quote.price.network - home.quote.price.network;
  const Money saved = home.quote.price.running() - best->quote.price.running();
  const Hours work = verdict.amount.server_hours;
  if (saved.value > 0) {
    const Gigabytes bytes = verdict.amount.bytes.in + verdict.amount.bytes.out;
    const std::string hours = compact(work.value / bytes.value), times = compact(network / saved);
    return {
        fmt::format(
            "Stay in {}: {} server-hours per GB; moving the bytes costs {} times what running in {} saves.",
            home_name.en, hours, times, best->site->name),
        fmt::format("应留在{}：每 GB 数据仅 {} 服务器·时；搬运数据的费用是在{}运行所省的 {} 倍。",
                    home_name.zh, hours, best->site->name_zh, times)};
  }
  const auto parts = parts_of(home.quote.price, best->quote.price);
  const Part& worst =
      *std::ranges::min_element(parts, {}, [](const Part& part) { return part.saved().value; });
  const std::string away = compact((worst.away / work).value), here = compact((worst.home / work).value);
  const Words more = money(atlas, best->difference);
  if (best->difference.value == 0)
    return {fmt::format("Stay in {}: {}, the cheapest other site, costs as much.", home_name.en,
                        best->site->name),
            fmt::format("应留在{}：最便宜的其他站点{}费用相同。", home_name.zh, best->site->name_zh)};
  return {
      fmt::format("Stay in {}: {} is {} a server-hour in {}, the cheapest other site, and {} at home; moving "
                  "would cost {} more.",
                  home_name.en, worst.name.en, away, best->site->name, here, more.en),
      fmt::format("应留在{}：在最便宜的其他站点{}，每服务器·时的{}为 {}，在本地为 {}；搬迁将多花 {}。",
                  home_name.zh, best->site->name_zh, worst.name.zh, away, here, more.zh)};
}

}  // namespace

const char* chinese_name_of(Obstacle obstacle) {
  switch (obstacle) {
    case Obstacle::none: return "";
    case Obstacle::latency: return "时延超限";
    case Obstacle::residency: return "数据驻留要求";
    case Obstacle::certification: return "缺少资质认证";
    case Obstacle::hazard: return "灾害风险同区";
    case Obstacle::hardware: return "硬件不符";
    case Obstacle::deadline: return "赶不上期限";
    case Obstacle::capacity: return "容量不足";
    case Obstacle::unknown_runtime: return "运行时间未知";
  }
  return "";
}

Words verdict_sentence(const Atlas& atlas, const Question& question, const Verdict& verdict) {
  const Region& region = atlas.regions.at(question.from);
  const Words home_name{region.name, region.name_zh};
  switch (verdict.answer) {
    case Answer::move: return move_sentence(atlas, verdict, home_name);
    case Answer::stay: return stay_sentence(atlas, verdict, home_name);
    case Answer::refused: break;
  }
  return {fmt::format("Refused: no site is allowed, home included ({}: {}).", verdict.home.site->name,
                      full_reason(verdict.home_row()).en),
          fmt::format("不可行：包括本地在内，没有站点获准（{}：{}）。", verdict.home.site->name_zh,
                      chinese_name_of(verdict.home_row().quote.obstacle))};
}

}  // namespace hinterland
