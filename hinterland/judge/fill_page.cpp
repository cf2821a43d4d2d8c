#include "hinterland/judge/fill_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "hinterland/base/number.hpp"
#include "hinterland/judge/arithmetic.hpp"
#include "hinterland/judge/fill_charts.hpp"
#include "hinterland/judge/fill_others.hpp"
#include "hinterland/judge/verdict_page.hpp"
#include "hinterland/judge/vouchers.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

std::string megawatts(Kilowatts power) { return compact(power.value / kKilowattsPerMegawatt); }

std::string an_hour(const FillPair& pair, const std::optional<Money>& money) {
  return money ? compact((*money / pair.amount.server_hours).value) : "";
}

std::string headline(const Atlas& atlas, const FillQuestion& question, const Fill& fill) {
  const Site& site = *fill.site;
  std::string text = fmt::format("{}: {} MW stand idle", site.name, megawatts(fill.idle));
  text += question.idle
              ? " as you say"
              : fmt::format(" ({} MW x {} of the racks filled x {} of their servers' hours unsold)",
                            megawatts(site.capacity), percent(site.rack_fill), percent(1 - site.server_use));
  text += fmt::format(
      "; customers' homes {}. Ranked by room per idle IT kWh, for the idle servers' time is what is scarce.",
      describe_capacity(question.home));
  if (question.servers.empty())
    text += " Which servers stand idle the atlas does not know: --server names their types.";
  const bool below_zero =
      std::ranges::any_of(fill.steps, [](const FillStep& step) { return step.pair.floor < Money{}; });
  if (below_zero) {
    text +=
        " Floors are below zero, for drawing power there earns; whoever can draw it without a customer "
        "counts the "
        "room from 0.";
  }
  for (const Customer& customer : fill.customers) {
    std::vector<std::string> also;
    for (const Region* region : customer.also) also.push_back(region->name);
    if (!also.empty()) {
      text += fmt::format(" {} and {} have the same home, {}, and are counted once.", customer.region->name,
                          fmt::join(also, ", "), customer.home->name);
    } else if (!customer.in_region) {
      text += fmt::format(" {} has no metro site; its home is the nearest, {}.", customer.region->name,
                          customer.home->name);
    }
  }
  for (const Region* region : fill.here) {
    text += fmt::format(" Work of {} has its home at {} already.", region->name, site.name);
  }
  std::vector<std::string> left_out;
  for (const Workload* workload : fill.left_out)
    left_out.push_back(fmt::format("{} ({})", workload->name, atlas.servers.at(workload->server).name));
  if (!left_out.empty())
    text += fmt::format(" Left out, for their servers do not stand idle: {}.", fmt::join(left_out, ", "));
  return text;
}

TableBlock steps_table(const Atlas& atlas, const FillQuestion& question, const Fill& fill, std::size_t top) {
  const bool rented = question.home.deal.basis == Basis::rented;
  TableBlock table{
      .caption = {fmt::format("What pays, best first: {} a server-hour; {} per idle IT kWh; {} in all",
                              atlas.country().currency, atlas.country().currency, atlas.country().currency),
                  fmt::format("值得承接的业务,从优到劣(每服务器小时、每闲置 IT 千瓦时、合计,{})",
                              atlas.country().currency)},
      .columns = {{{"class", "类别"}}, {{"from", "来自"}}, {{"floor", "底价"}, Align::right}},
      .rows = {}};
  if (rented) table.columns.push_back({{"home rented", "原地租用"}, Align::right});
  for (const Words& title :
       {Words{"home built", "原地新建"}, Words{"home sunk", "原地已有"}, Words{"room", "空间"},
        Words{"per kWh", "每千瓦时"}, Words{"in all", "合计"}, Words{"servers", "服务器"},
        Words{"IT kW", "IT 千瓦"}, Words{"hours", "小时"}, Words{"idle MW used", "已用闲置兆瓦"}})
    table.columns.push_back({title, Align::right});
  for (const FillStep& step : fill.steps) {
    if (table.rows.size() == top) break;
    const FillPair& pair = step.pair;
    std::vector<Words> cells = {pair.workload->id.text, pair.region->id.text, an_hour(pair, pair.floor)};
    if (rented) cells.push_back(an_hour(pair, pair.ceiling));
    for (const std::string& cell :
         {an_hour(pair, pair.if_built), an_hour(pair, pair.if_sunk), an_hour(pair, pair.room()),
          compact(pair.room_per_kwh().value), compact(pair.room().value), compact(pair.quote.servers),
          compact(pair.power.value), compact(pair.busy.value),
          step.fits ? megawatts(step.used) : std::string("does not fit")})
      cells.push_back(cell);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

// What the page leaves out, and what did not fit.
std::string rest(const Fill& fill, std::size_t top) {
  std::string text;
  if (fill.steps.size() > top)
    text += fmt::format("{} more pay and are not listed (--top {}). ", fill.steps.size() - top,
                        fill.steps.size());
  const std::size_t not_fitting = fill.steps.size() - fill.fitting();
  if (not_fitting > 0) {
    const auto first = std::ranges::find(fill.steps, false, &FillStep::fits);
    text += fmt::format(
        "{} that pay do not fit beside the better ones, the first of them {} from {}: it wants {} MW and "
        "{} MW are left.",
        not_fitting, first->pair.workload->name, first->pair.region->name, megawatts(first->pair.power),
        megawatts(fill.idle - first->used));
  }
  return text;
}

std::string requirement_of(const FillPair& pair) {
  if (!pair.workload->latency) return "";
  return fmt::format("{} of {}", compact(in_milliseconds(pair.latency.central)),
                     compact(in_milliseconds(*pair.workload->latency)));
}

// By class; of the regions, the one whose latency is the longest.
TableBlock needs_table(const Atlas& atlas, const Fill& fill) {
  TableBlock table{.caption = {"What each class requires", "各类业务的要求"},
                   .columns = {{{"class", "类别"}},
                               {{"server", "服务器"}},
                               {{"GB to move", "数据量 GB"}, Align::right},
                               {{"Gb/s at least", "至少 Gb/s"}, Align::right},
                               {{"moved by", "传输方式"}},
                               {{"in hours", "小时"}, Align::right},
                               {{"ms one way", "单程毫秒"}, Align::right},
                               {{"certified for", "资质"}}},
                   .rows = {}};
  std::vector<const Workload*> done;
  for (const FillStep& step : fill.steps) {
    const Workload* workload = step.pair.workload;
    if (std::ranges::find(done, workload) != done.end()) continue;
    done.push_back(workload);
    const FillPair* farthest = &step.pair;
    for (const FillStep& other : fill.steps) {
      if (other.pair.workload == workload && other.pair.latency.central > farthest->latency.central)
        farthest = &other.pair;
    }
    std::vector<std::string> certified;
    for (const Certification& one : workload->certifications) certified.push_back(one.text + " (held)");
    const Transfer& transfer = step.pair.quote.transfer;
    const bool moves = transfer.offer != nullptr;
    table.rows.push_back(
        {workload->id.text, atlas.servers.at(workload->server).name, compact(step.pair.bytes().value),
         moves ? compact(step.pair.bandwidth.value / kGbPerHourPerGbps) : "",
         moves ? transfer.offer->name : "nothing moves", moves ? compact(transfer.time.value) : "",
         requirement_of(*farthest), fmt::format("{}", fmt::join(certified, ", "))});
  }
  return table;
}

FactsBlock year(const Atlas& atlas, const Fill& fill) {
  const std::string& currency = atlas.country().currency;
  const YearWorth& worth = fill.year;
  const KilowattHours idle = fill.idle * kYear;
  FactsBlock block{
      .caption = {"What a year is worth, to seller and customers together", "一年的价值(买卖双方合计)"},
      .facts = {}};
  block.facts.emplace_back(
      "each once",
      fmt::format("{} {}: one piece of each of the {} that fit; it takes {} of the year's idle time",
                  compact(worth.once.value), currency, fill.fitting(), percent(worth.once_energy / idle)));
  block.facts.emplace_back(
      "each all year",
      fmt::format("{} {} if each came again as soon as it is done: {} for each idle kW",
                  compact(worth.all_year.value), currency, compact((worth.all_year / fill.idle).value)));
  const FillPair& best = std::ranges::find(fill.steps, true, &FillStep::fits)->pair;
  block.facts.emplace_back(
      "an idle kW, all year",
      fmt::format("{} {}: {} x 8,760 h, if work like the best that fits ({} from {}) filled it",
                  compact((best.room_per_kwh() * kYear).value), currency, compact(best.room_per_kwh().value),
                  best.workload->name, best.region->name));
  block.facts.emplace_back(
      "assumed",
      "a class is one piece of work and each region has one; how much more there is nobody has "
      "said. All of them at once; of the servers that each needs, enough stand idle");
  return block;
}

// Digits enough to check a sum by hand.
std::string exact(double value) {
  const double size = std::abs(value);
  if (size > 1e15) return compact(value);
  return size < 1000 ? fmt::format("{:.6g}", value) : grouped(std::llround(value));
}

FactsBlock by_hand(const Atlas& atlas, const FillQuestion& question, const FillPair& pair,
                   const SiteRow& home) {
  const std::string& currency = atlas.country().currency;
  const Hours work = pair.amount.server_hours;
  const Server& server = atlas.servers.at(pair.workload->server);
  FactsBlock block{
      .caption = {fmt::format("By hand: {} from {} ({})", pair.workload->name, pair.region->name, currency),
                  fmt::format("手算:{}({},{})", pair.workload->name_zh, pair.region->name_zh, currency)},
      .facts = {}};
  block.facts.emplace_back(
      "ceiling",
      fmt::format("{} at home ({} h x {:.4f}, {}{}) - {} moving = {}", exact(home.quote.price.total().value),
                  exact(work.value), home.quote.rates.total().value, describe_capacity(question.home),
                  home.quote.price.network.value != 0
                      ? fmt::format(", and {} to bring the data", exact(home.quote.price.network.value))
                      : "",
                  exact(pair.quote.transfer.cost.value), exact(pair.ceiling->value)));
  block.facts.emplace_back("floor", fmt::format("{} h x {:.4f} = {}", exact(work.value),
                                                pair.quote.rates.floor().value, exact(pair.floor.value)));
  block.facts.emplace_back(
      "room", fmt::format("{} - {} = {}, {} a server-hour", exact(pair.ceiling->value),
                          exact(pair.floor.value), exact(pair.room().value), an_hour(pair, pair.room())));
  block.facts.emplace_back("idle time",
                           fmt::format("{} h x {} kW busy = {} IT kWh, so {} per IT kWh", exact(work.value),
                                       shortest(server.busy.value), exact(pair.idle_energy.value),
                                       exact(pair.room_per_kwh().value)));
  block.facts.emplace_back(
      "idle power",
      fmt::format("{} h / {} h = {} servers x {} kW = {} kW", exact(work.value), exact(pair.busy.value),
                  exact(pair.quote.servers), shortest(server.busy.value), exact(pair.power.value)));
  return block;
}

}  // namespace

Page fill_page(const Atlas& atlas, const RateYear& rates, const FillQuestion& question, const Fill& fill,
               std::size_t top) {
  Page page{.title = {fmt::format("What could fill {}", fill.site->name),
                      fmt::format("什么能填满{}", fill.site->name_zh)},
            .blocks = {}};
  const auto add = [&](auto block) { page.blocks.push_back(std::move(block)); };
  add(Paragraph{.text = fill.sentence, .strong = true});
  add(Paragraph{.text = headline(atlas, question, fill)});
  if (!fill.steps.empty()) {
    add(steps_table(atlas, question, fill, top));
    if (const std::string text = rest(fill, top); !text.empty()) add(Paragraph{.text = text});
    add(fill_bars(atlas, fill, top));
    add(needs_table(atlas, fill));
    if (fill.anything()) add(year(atlas, fill));
  }
  for (TableBlock& table : fill_others(atlas, fill)) add(std::move(table));
  if (!fill.customers.empty()) add(fill_map(atlas, fill));
  const FillPair* shown = !fill.steps.empty()     ? &fill.steps.front().pair
                          : !fill.no_room.empty() ? &fill.no_room.front()
                                                  : nullptr;
  if (shown == nullptr) return page;
  const Question pair = to_judge(question, *shown);
  if (const auto verdict = judge(atlas, rates, pair)) {
    add(by_hand(atlas, question, *shown, verdict->home_row()));
    add(arithmetic(atlas, pair, *verdict));
    add(vouchers(atlas, pair, *verdict));
  }
  return page;
}

}  // namespace hinterland
