#include "hinterland/judge/fill_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "hinterland/base/number.hpp"
#include "hinterland/judge/arithmetic.hpp"
#include "hinterland/judge/fill_charts.hpp"
#include "hinterland/judge/fill_others.hpp"
#include "hinterland/judge/hours_block.hpp"
#include "hinterland/judge/verdict_page.hpp"
#include "hinterland/judge/vouchers.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr double kSurely = 0.95;  // a step that pays in fewer draws is named

std::string megawatts(Kilowatts power) { return compact(power.value / kKilowattsPerMegawatt); }

std::string an_hour(const FillPair& pair, const std::optional<Money>& money) {
  return money ? compact((*money / pair.amount.server_hours).value) : "";
}

Words headline(const Atlas& atlas, const FillQuestion& question, const Fill& fill) {
  const Site& site = *fill.site;
  std::string text = fmt::format("{}: {} MW stand idle", site.name, megawatts(fill.idle));
  text += question.idle
              ? " (--idle)"
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
  return {text, fmt::format("{}:{} MW 服务器闲置{};客户原地容量:{}。按每闲置 IT "
                            "千瓦时的空间排序,因为稀缺的是闲置服务器的时间。",
                            site.name_zh, megawatts(fill.idle), question.idle ? "(--idle)" : "",
                            describe_capacity(question.home))};
}

std::string band(const MoneyBand& range, double by) {
  return fmt::format("{} to {}", compact(range.low.value / by), compact(range.high.value / by));
}

TableBlock steps_table(const Atlas& atlas, const FillQuestion& question, const Fill& fill,
                       const FillDoubt* doubt, std::size_t top) {
  const std::string& currency = atlas.country().currency;
  TableBlock table{
      .caption = {fmt::format("What pays, best first: {} a server-hour; {} per idle IT kWh; {} in all",
                              currency, currency, currency),
                  fmt::format("值得承接的业务,从优到劣(每服务器小时、每闲置 IT 千瓦时、合计,{})", currency)},
      .columns = {{{"class", "类别"}}, {{"from", "来自"}}},
      .rows = {}};
  const auto column = [&](const char* english, const char* chinese) {
    table.columns.push_back({{english, chinese}, Align::right});
  };
  const bool rented = question.home.deal.basis == Basis::rented;
  column("floor", "底价");
  if (rented) column("home rented", "原地租用");
  column("home built", "原地新建");
  column("home sunk", "原地已有");
  column("room", "空间");
  if (doubt != nullptr) column("9 draws in 10", "九成抽样");
  column("per kWh", "每千瓦时");
  column("in all", "合计");
  column("IT kW", "IT 千瓦");
  column("idle MW used", "已用闲置兆瓦");
  for (std::size_t i = 0; i < std::min(top, fill.steps.size()); ++i) {
    const FillStep& step = fill.steps[i];
    const FillPair& pair = step.pair;
    std::vector<Words> cells = {pair.workload->id.text, pair.region->id.text, an_hour(pair, pair.floor)};
    if (rented) cells.push_back(an_hour(pair, pair.ceiling));
    cells.push_back(an_hour(pair, pair.if_built));
    cells.push_back(an_hour(pair, pair.if_sunk));
    cells.push_back(an_hour(pair, pair.room()));
    if (doubt != nullptr) cells.push_back(band(doubt->steps[i].room, pair.amount.server_hours.value));
    cells.push_back(compact(pair.room_per_kwh().value));
    cells.push_back(compact(pair.room().value));
    cells.push_back(compact(pair.power.value));
    cells.push_back(step.fits ? megawatts(step.used) : "does not fit");
    table.rows.push_back(std::move(cells));
  }
  return table;
}

// "Film rendering from Shanghai"
std::string name_of(const FillPair& pair) {
  return fmt::format("{} from {}", pair.workload->name, pair.region->name);
}

// What the page leaves out, what did not fit, and what may not pay after all.
std::string rest(const Fill& fill, const FillDoubt* doubt, std::size_t top) {
  std::vector<std::string> sentences;
  if (fill.steps.size() > top)
    sentences.push_back(fmt::format("{} more pay and are not listed (--top {}).", fill.steps.size() - top,
                                    fill.steps.size()));
  const std::size_t not_fitting = fill.steps.size() - fill.fitting();
  if (not_fitting > 0) {
    const FillStep& first = *std::ranges::find(fill.steps, false, &FillStep::fits);
    sentences.push_back(fmt::format(
        "{} that pay do not fit beside the better ones, the first of them {}: it wants {} MW and {} MW are "
        "left.",
        not_fitting, name_of(first.pair), megawatts(first.pair.power), megawatts(fill.idle - first.used)));
  }
  std::vector<std::string> doubtful;
  for (std::size_t i = 0; doubt != nullptr && i < fill.steps.size(); ++i) {
    if (doubt->steps[i].pays < kSurely)
      doubtful.push_back(fmt::format("{} ({})", name_of(fill.steps[i].pair), percent(doubt->steps[i].pays)));
  }
  if (!doubtful.empty())
    sentences.push_back(fmt::format("In fewer than {} of the draws do these pay: {}.", percent(kSurely),
                                    fmt::join(doubtful, ", ")));
  return fmt::format("{}", fmt::join(sentences, " "));
}

// "13 of 30": of the regions, the longest way.
std::string latency_text(const Fill& fill, const Workload& workload) {
  if (!workload.latency) return "";
  Hours longest;
  for (const FillStep& step : fill.steps) {
    if (step.pair.workload == &workload) longest = std::max(longest, step.pair.latency.central);
  }
  return fmt::format("{} of {}", compact(in_milliseconds(longest)),
                     compact(in_milliseconds(*workload.latency)));
}

// One row a class: its best pair stands for it.
TableBlock needs_table(const Fill& fill) {
  TableBlock table{.caption = {"What each class takes and requires (its best pair; the longest latency)",
                               "各类业务的占用与要求(最优来源;最长时延)"},
                   .columns = {{{"class", "类别"}},
                               {{"server", "服务器"}},
                               {{"servers", "台数"}, Align::right},
                               {{"hours", "小时"}, Align::right},
                               {{"GB", "GB"}, Align::right},
                               {{"Gb/s at least", "至少 Gb/s"}, Align::right},
                               {{"moved by", "传输方式"}},
                               {{"in hours", "小时"}, Align::right},
                               {{"ms one way", "单程毫秒"}, Align::right},
                               {{"certified for", "资质"}}},
                   .rows = {}};
  std::vector<const Workload*> done;
  for (const auto& [pair, fits, used] : fill.steps) {
    const Workload& workload = *pair.workload;
    if (std::ranges::find(done, &workload) != done.end()) continue;
    done.push_back(&workload);
    std::vector<std::string> certified;
    for (const Certification& one : workload.certifications) certified.push_back(one.text + " (held)");
    const Transfer& transfer = pair.quote.transfer;
    const bool moves = transfer.offer != nullptr;
    table.rows.push_back(
        {workload.id.text, workload.server.text, compact(pair.quote.servers), compact(pair.busy.value),
         compact(pair.bytes().value), moves ? compact(pair.bandwidth.value / kGbPerHourPerGbps) : "",
         moves ? transfer.offer->id.text : "nothing moves", moves ? compact(transfer.time.value) : "",
         latency_text(fill, workload), fmt::format("{}", fmt::join(certified, ", "))});
  }
  return table;
}

FactsBlock year(const Atlas& atlas, const Fill& fill, const FillDoubt* doubt) {
  const std::string& currency = atlas.country().currency;
  const YearWorth& worth = fill.year;
  const auto with_range = [&](Money money, MoneyBand FillDoubt::* range) {
    std::string text = fmt::format("{} {}", compact(money.value), currency);
    if (doubt != nullptr) text += fmt::format(" ({})", band(doubt->*range, 1));
    return text;
  };
  FactsBlock block{
      .caption = {"What a year is worth, to seller and customers together", "一年的价值(买卖双方合计)"},
      .facts = {}};
  block.facts.emplace_back(
      Words{"each once", "每项一次"},
      fmt::format("{}: one piece of each of the {} that fit; it takes {} of the year's idle time",
                  with_range(worth.once, &FillDoubt::once), fill.fitting(),
                  percent(worth.once_energy / (fill.idle * kYear))));
  block.facts.emplace_back(Words{"each all year", "全年反复"},
                           fmt::format("{} if each came again as soon as it is done; {} for each idle kW",
                                       with_range(worth.all_year, &FillDoubt::all_year),
                                       compact((worth.all_year / fill.idle).value)));
  const FillPair& best = std::ranges::find(fill.steps, true, &FillStep::fits)->pair;
  block.facts.emplace_back(Words{"an idle kW, all year", "每闲置千瓦全年"},
                           fmt::format("{} {}: {} x 8,760 h, if work like the best that fits ({}) filled it",
                                       compact((best.room_per_kwh() * kYear).value), currency,
                                       compact(best.room_per_kwh().value), name_of(best)));
  if (doubt != nullptr) {
    block.facts.emplace_back(
        Words{"ranges", "范围"},
        fmt::format("what 9 of 10 draws lie in: {} draws of every cited range of both sides (seed {}); the "
                    "pieces of work stay as described, and which of them fit stays too",
                    grouped(doubt->draws), doubt->seed));
  }
  block.facts.emplace_back(
      Words{"assumed", "假设"},
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
      Words{"ceiling", "上限"},
      fmt::format("{} at home ({} h x {:.4f}, {}{}) - {} moving = {}", exact(home.quote.price.total().value),
                  exact(work.value), home.quote.rates.total().value, describe_capacity(question.home),
                  home.quote.price.network.value != 0
                      ? fmt::format(", and {} to bring the data", exact(home.quote.price.network.value))
                      : "",
                  exact(pair.quote.transfer.cost.value), exact(pair.ceiling->value)));
  block.facts.emplace_back(Words{"floor", "底价"},
                           fmt::format("{} h x {:.4f} = {}", exact(work.value),
                                       pair.quote.rates.floor().value, exact(pair.floor.value)));
  block.facts.emplace_back(
      Words{"room", "空间"},
      fmt::format("{} - {} = {}, {} a server-hour", exact(pair.ceiling->value), exact(pair.floor.value),
                  exact(pair.room().value), an_hour(pair, pair.room())));
  block.facts.emplace_back(Words{"idle time", "闲置时间"},
                           fmt::format("{} h x {} kW busy = {} IT kWh, so {} per IT kWh", exact(work.value),
                                       shortest(server.busy.value), exact(pair.idle_energy.value),
                                       exact(pair.room_per_kwh().value)));
  block.facts.emplace_back(
      Words{"idle power", "闲置功率"},
      fmt::format("{} h / {} h = {} servers x {} kW = {} kW", exact(work.value), exact(pair.busy.value),
                  exact(pair.quote.servers), shortest(server.busy.value), exact(pair.power.value)));
  return block;
}

}  // namespace

Page fill_page(const Atlas& atlas, const RateYear& rates, const FillQuestion& question, const Fill& fill,
               const FillDoubt* doubt, std::size_t top) {
  Page page{.title = {fmt::format("What could fill {}", fill.site->name),
                      fmt::format("什么能填满{}", fill.site->name_zh)},
            .blocks = {}};
  const auto add = [&](auto block) { page.blocks.push_back(std::move(block)); };
  add(Paragraph{.text = fill.sentence, .strong = true});
  add(Paragraph{.text = headline(atlas, question, fill)});
  if (!fill.steps.empty()) {
    add(steps_table(atlas, question, fill, doubt, top));
    if (const std::string text = rest(fill, doubt, top); !text.empty()) add(Paragraph{.text = text});
    add(fill_bars(atlas, fill, top));
    add(price_map(atlas, rates, *fill.site));  // the floor by hour: each kW of a server pays it
    add(needs_table(fill));
    if (fill.anything()) add(year(atlas, fill, doubt));
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
