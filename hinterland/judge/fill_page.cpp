#include "hinterland/judge/fill_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "hinterland/base/number.hpp"
#include "hinterland/judge/arithmetic.hpp"
#include "hinterland/judge/fill_charts.hpp"
#include "hinterland/judge/fill_others.hpp"
#include "hinterland/judge/fill_sentence.hpp"
#include "hinterland/judge/verdict_page.hpp"
#include "hinterland/judge/vouchers.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr double kSurely = 0.95;  // a step that pays in fewer draws is named

// Texts in both languages, one behind the other; only English needs a space between sentences.
void add(Words& text, const Words& more) {
  text.en += text.en.empty() ? more.en : " " + more.en;
  text.zh += more.zh;
}

std::string chinese_names(const std::vector<const Region*>& regions) {
  std::vector<std::string> names;
  for (const Region* region : regions) names.push_back(region->name_zh);
  return fmt::format("{}", fmt::join(names, "、"));
}

// Which regions stand behind a home.
Words customer_note(const Customer& customer) {
  std::vector<std::string> also;
  for (const Region* region : customer.also) also.push_back(region->name);
  if (!also.empty()) {
    return {fmt::format("{} and {} have the same home, {}, and are counted once.", customer.region->name,
                        fmt::join(also, ", "), customer.home->name),
            fmt::format("{}与{}的本地同为{}，只计一次。", customer.region->name_zh,
                        chinese_names(customer.also), customer.home->name_zh)};
  }
  if (customer.in_region) return {};
  return {
      fmt::format("{} has no metro site; its home is the nearest, {}.", customer.region->name,
                  customer.home->name),
      fmt::format("{}没有城区站点，以最近的{}为本地。", customer.region->name_zh, customer.home->name_zh)};
}

Words left_out_note(const Atlas& atlas, const Fill& fill) {
  std::vector<std::string> names, chinese;
  for (const Workload* workload : fill.left_out) {
    const Server& server = atlas.servers.at(workload->server);
    names.push_back(fmt::format("{} ({})", workload->name, server.name));
    chinese.push_back(fmt::format("{}（{}）", chinese_name_of(*workload), server.name_zh));
  }
  return {fmt::format("Left out, for their servers do not stand idle: {}.", fmt::join(names, ", ")),
          fmt::format("以下类别所用的服务器并不闲置，未计入：{}。", fmt::join(chinese, "、"))};
}

Words headline(const Atlas& atlas, const FillQuestion& question, const Fill& fill) {
  const Site& site = *fill.site;
  const std::string idle = megawatts(fill.idle), built = megawatts(site.capacity),
                    filled = percent(site.rack_fill), unsold = percent(1 - site.server_use);
  const Words home = capacity_words(question.home);
  const Words origin =
      question.idle
          ? Words{"(--idle)", "（--idle）"}
          : Words{fmt::format("({} MW x {} of the racks filled x {} of their servers' hours unsold)", built,
                              filled, unsold),
                  fmt::format("（{} MW × 机架上架率 {} × 服务器时间未售出 {}）", built, filled, unsold)};
  Words text{
      fmt::format("{}: {} MW stand idle {}; customers' homes {}. Ranked by room per idle IT kWh, for "
                  "the idle servers' time is what is scarce.",
                  site.name, idle, origin.en, home.en),
      fmt::format("{}：{} MW 服务器闲置{}；客户本地容量：{}。按每闲置 IT 千瓦时的空间排序，因为稀缺的是"
                  "闲置服务器的时间。",
                  site.name_zh, idle, origin.zh, home.zh)};
  if (question.servers.empty())
    add(text, {"Which servers stand idle the atlas does not know: --server names their types.",
               "闲置的是哪类服务器，图集并不知道：可用 --server 指明类型。"});
  if (std::ranges::any_of(fill.steps, [](const FillStep& step) { return step.pair.floor < Money{}; }))
    add(text, {"Floors are below zero, for drawing power there earns; whoever can draw it without a customer "
               "counts the room from 0.",
               "底价低于零，因为在那里用电反而有收入；没有客户也能用掉这些电的，空间应从 0 算起。"});
  for (const Customer& customer : fill.customers) {
    if (const Words note = customer_note(customer); !note.empty()) add(text, note);
  }
  for (const Region* region : fill.here) {
    add(text, {fmt::format("Work of {} has its home at {} already.", region->name, site.name),
               fmt::format("{}的业务本来就以{}为本地。", region->name_zh, site.name_zh)});
  }
  if (!fill.left_out.empty()) add(text, left_out_note(atlas, fill));
  return text;
}

Words band(const MoneyBand& range, double by) {
  return range_words(compact(range.low.value / by), compact(range.high.value / by));
}

TableBlock steps_table(const Atlas& atlas, const FillQuestion& question, const Fill& fill,
                       const FillDoubt* doubt, std::size_t top) {
  const std::string& currency = atlas.country().currency;
  TableBlock table{
      .caption = {fmt::format("What pays, best first: floor, ceilings and room in {0} a server-hour, per kWh "
                              "in {0} of room per idle IT kWh, in all in {0} of room",
                              currency),
                  fmt::format(
                      "值得承接的业务，从优到劣：底价、各上限与空间为每服务器·时 {0}；“每千瓦时”为每闲置 "
                      "IT 千瓦时的空间，{0}；“合计”为全部空间，{0}",
                      currency)},
      .columns = {{{"class", "类别"}}, {{"from", "来自"}}},
      .rows = {}};
  const auto column = [&](const char* english, const char* chinese) {
    table.columns.push_back({{english, chinese}, Align::right});
  };
  const bool rented = question.home.deal.basis == Basis::rented;
  column("floor", "底价");
  if (rented) column("ceiling, home rented", "上限（本地租用）");
  column("ceiling, home built", "上限（本地新建）");
  column("ceiling, home sunk", "上限（本地已沉没）");
  column("next idle site", "其他闲置站点");
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
    cells.push_back(pair.rival == nullptr ? "-"
                                          : an_hour(pair, pair.against_rival) + " " + pair.rival->id.text);
    cells.push_back(an_hour(pair, pair.room()));
    if (doubt != nullptr) cells.push_back(band(doubt->steps[i].room, pair.amount.server_hours.value));
    cells.push_back(compact(pair.room_per_kwh().value));
    cells.push_back(compact(pair.room().value));
    cells.push_back(compact(pair.power.value));
    cells.push_back(step.fits ? Words{megawatts(step.used)} : Words{"does not fit", "容纳不下"});
    table.rows.push_back(std::move(cells));
  }
  return table;
}

// What the page leaves out, what did not fit, and what may not pay after all.
Words rest(const Fill& fill, const FillDoubt* doubt, std::size_t top) {
  Words text;
  const std::size_t all = fill.steps.size();
  if (all > top)
    add(text, {fmt::format("{} more pay and are not listed (--top {}).", all - top, all),
               fmt::format("另有 {} 项值得承接，未列出（--top {}）。", all - top, all)});
  const std::size_t not_fitting = all - fill.fitting();
  if (not_fitting > 0) {
    const FillStep& first = *std::ranges::find(fill.steps, false, &FillStep::fits);
    const Words name = name_of(first.pair);
    const std::string wanted = megawatts(first.pair.power), left = megawatts(fill.idle - first.used);
    add(text,
        {fmt::format("{} that pay do not fit beside the better ones, the first of them {}: it wants {} MW "
                     "and {} MW are left.",
                     not_fitting, name.en, wanted, left),
         fmt::format("{} 项值得承接，但排在前面的占去容量后已容纳不下；首先是{}：需要 {} MW，只剩 {} MW。",
                     not_fitting, name.zh, wanted, left)});
  }
  std::vector<std::string> doubtful, chinese;
  for (std::size_t i = 0; doubt != nullptr && i < all; ++i) {
    if (doubt->steps[i].pays >= kSurely) continue;
    const Words name = name_of(fill.steps[i].pair);
    doubtful.push_back(fmt::format("{} ({})", name.en, percent(doubt->steps[i].pays)));
    chinese.push_back(fmt::format("{}（{}）", name.zh, percent(doubt->steps[i].pays)));
  }
  if (!doubtful.empty())
    add(text, {fmt::format("In fewer than {} of the draws do these pay: {}.", percent(kSurely),
                           fmt::join(doubtful, ", ")),
               fmt::format("以下业务只在不到 {} 的抽样中值得承接：{}。", percent(kSurely),
                           fmt::join(chinese, "、"))});
  return text;
}

// "13 of 30": of the regions, the longest way.
Words latency_text(const Fill& fill, const Workload& workload) {
  if (!workload.latency) return "";
  Hours longest;
  for (const FillStep& step : fill.steps) {
    if (step.pair.workload == &workload) longest = std::max(longest, step.pair.latency.central);
  }
  const std::string takes = compact(in_milliseconds(longest)),
                    allowed = compact(in_milliseconds(*workload.latency));
  return {fmt::format("{} of {}", takes, allowed), fmt::format("{}（允许 {}）", takes, allowed)};
}

// One row a class: its best pair stands for it.
TableBlock needs_table(const Fill& fill) {
  TableBlock table{.caption = {"What each class takes and requires (its best pair; the longest latency)",
                               "各类业务的占用与要求（最优来源；最长时延）"},
                   .columns = {{{"class", "类别"}},
                               {{"server", "服务器"}},
                               {{"servers", "台数"}, Align::right},
                               {{"hours", "小时"}, Align::right},
                               {{"GB", "GB"}, Align::right},
                               {{"Gb/s at least", "至少 Gb/s"}, Align::right},
                               {{"moved by", "传输方式"}},
                               {{"in hours", "传输小时"}, Align::right},
                               {{"ms one way", "单程毫秒"}, Align::right},
                               {{"certified for", "资质"}}},
                   .rows = {}};
  std::vector<const Workload*> done;
  for (const auto& [pair, fits, used] : fill.steps) {
    const Workload& workload = *pair.workload;
    if (std::ranges::find(done, &workload) != done.end()) continue;
    done.push_back(&workload);
    std::vector<std::string> certified, chinese;
    for (const Certification& one : workload.certifications) {
      certified.push_back(one.text + " (held)");
      chinese.push_back(one.text + "（已具备）");
    }
    const Transfer& transfer = pair.quote.transfer;
    const bool moves = transfer.offer != nullptr;
    table.rows.push_back(
        {workload.id.text, workload.server.text, compact(pair.quote.servers), compact(pair.busy.value),
         compact(pair.bytes().value), moves ? compact(pair.bandwidth.value / kGbPerHourPerGbps) : "",
         moves ? Words{transfer.offer->id.text} : Words{"nothing moves", "无需搬运"},
         moves ? compact(transfer.time.value) : "", latency_text(fill, workload),
         Words{fmt::format("{}", fmt::join(certified, ", ")), fmt::format("{}", fmt::join(chinese, "、"))}});
  }
  return table;
}

FactsBlock year(const Atlas& atlas, const Fill& fill, const FillDoubt* doubt) {
  const std::string& currency = atlas.country().currency;
  const YearWorth& worth = fill.year;
  const auto with_range = [&](Money money, MoneyBand FillDoubt::* range) {
    const std::string text = fmt::format("{} {}", compact(money.value), currency);
    if (doubt == nullptr) return Words{text, text};
    const Words ends = band(doubt->*range, 1);
    return Words{fmt::format("{} ({})", text, ends.en), fmt::format("{}（{}）", text, ends.zh)};
  };
  FactsBlock block{
      .caption = {"What a year is worth, to seller and customers together", "一年的价值（买卖双方合计）"},
      .facts = {}};
  const auto fact = [&](const char* name, const char* chinese, const std::string& text,
                        const std::string& chinese_text) {
    block.facts.emplace_back(Words{name, chinese}, Words{text, chinese_text});
  };
  const Words once = with_range(worth.once, &FillDoubt::once),
              again = with_range(worth.all_year, &FillDoubt::all_year);
  const std::string share = percent(worth.once_energy / (fill.idle * kYear));
  fact("each once", "每项一次",
       fmt::format("{}: one piece of each of the {} that fit; it takes {} of the year's idle time", once.en,
                   fill.fitting(), share),
       fmt::format("{}：容纳得下的 {} 项各做一次，占全年闲置时间的 {}", once.zh, fill.fitting(), share));
  const std::string a_kilowatt = compact((worth.all_year / fill.idle).value);
  fact("each all year", "全年反复",
       fmt::format("{} if each came again as soon as it is done; {} for each idle kW", again.en, a_kilowatt),
       fmt::format("{}，假设每项一做完就再来一次；折合每闲置千瓦 {}", again.zh, a_kilowatt));
  const FillPair& best = std::ranges::find(fill.steps, true, &FillStep::fits)->pair;
  const std::string full = compact((best.room_per_kwh() * kYear).value),
                    per_kwh = compact(best.room_per_kwh().value);
  fact("an idle kW, all year", "每闲置千瓦全年",
       fmt::format("{} {}: {} x 8,760 h, if work like the best that fits ({}) filled it", full, currency,
                   per_kwh, name_of(best).en),
       fmt::format("{} {}：{} × 8,760 小时，假设全年都是容纳得下的最优业务（{}）", full, currency, per_kwh,
                   name_of(best).zh));
  if (doubt != nullptr) {
    const std::string draws = grouped(doubt->draws);
    fact("ranges", "范围",
         fmt::format("what 9 of 10 draws lie in: {} draws of every cited range of both sides (seed {}); the "
                     "pieces of work stay as described, and which of them fit stays too",
                     draws, doubt->seed),
         fmt::format("十次抽样中有九次落在其中：对双方所有有出处的区间抽样 {} 次（种子 "
                     "{}）；各项业务及其能否容纳保持不变",
                     draws, doubt->seed));
  }
  fact("assumed", "假设",
       "a class is one piece of work and each region has one; how much more there is nobody has said. All of "
       "them at once; of the servers that each needs, enough stand idle",
       "每类业务为一项，每个地区各有一项；此外还有多少，没有人说过。各项同时进行；每项所需的服务器都有足够的"
       "数量闲置");
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
                  fmt::format("手算：{}（{}，{}）", chinese_name_of(*pair.workload), pair.region->name_zh,
                              currency)},
      .facts = {}};
  const auto fact = [&](const char* name, const char* chinese, const std::string& text,
                        const std::string& chinese_text) {
    block.facts.emplace_back(Words{name, chinese}, Words{text, chinese_text});
  };
  const std::string hours = exact(work.value), floor = exact(pair.floor.value),
                    ceiling = exact(pair.ceiling->value), room = exact(pair.room().value),
                    at_home = exact(home.quote.price.total().value),
                    moving = exact(pair.quote.transfer.cost.value),
                    home_rate = fmt::format("{:.4f}", home.quote.rates.total().value),
                    floor_rate = fmt::format("{:.4f}", pair.quote.rates.floor().value);
  const Words basis = capacity_words(question.home);
  Words bringing;
  if (home.quote.price.network.value != 0) {
    const std::string network = exact(home.quote.price.network.value);
    bringing = {fmt::format(", and {} to bring the data", network),
                fmt::format("，另加数据运入 {}", network)};
  }
  fact("ceiling", "上限",
       fmt::format("{} at home ({} h x {}, {}{}) - {} moving = {}", at_home, hours, home_rate, basis.en,
                   bringing.en, moving, ceiling),
       fmt::format("本地 {}（{} 小时 × {}，{}{}）- 搬运 {} = {}", at_home, hours, home_rate, basis.zh,
                   bringing.zh, moving, ceiling));
  fact("floor", "底价", fmt::format("{} h x {} = {}", hours, floor_rate, floor),
       fmt::format("{} 小时 × {} = {}", hours, floor_rate, floor));
  const std::string each = an_hour(pair, pair.room());
  fact("room", "空间", fmt::format("{} - {} = {}, {} a server-hour", ceiling, floor, room, each),
       fmt::format("{} - {} = {}，每服务器·时 {}", ceiling, floor, room, each));
  const std::string busy_kw = shortest(server.busy.value), energy = exact(pair.idle_energy.value),
                    per_kwh = exact(pair.room_per_kwh().value), busy = exact(pair.busy.value),
                    servers = exact(pair.quote.servers), power = exact(pair.power.value);
  fact("idle time", "闲置时间",
       fmt::format("{} h x {} kW busy = {} IT kWh, so {} per IT kWh", hours, busy_kw, energy, per_kwh),
       fmt::format("{} 小时 × 满载 {} 千瓦 = {} IT 千瓦时，即每 IT 千瓦时 {}", hours, busy_kw, energy,
                   per_kwh));
  fact("idle power", "闲置功率",
       fmt::format("{} h / {} h = {} servers x {} kW = {} kW", hours, busy, servers, busy_kw, power),
       fmt::format("{} 小时 ÷ {} 小时 = {} 台 × {} 千瓦 = {} 千瓦", hours, busy, servers, busy_kw, power));
  return block;
}

}  // namespace

Page fill_page(const Atlas& atlas, const RateYear& rates, const FillQuestion& question, const Fill& fill,
               const FillDoubt* doubt, std::size_t top, bool interrupted) {
  Page page{.title = {fmt::format("What could fill {}", fill.site->name),
                      fmt::format("什么能填满{}", fill.site->name_zh)},
            .blocks = {}};
  const auto put = [&](auto block) { page.blocks.push_back(std::move(block)); };
  put(Paragraph{.text = fill.sentence, .strong = true});
  if (interrupted)
    put(Paragraph{.text = {"Interrupted: the ranges of what it is worth are not worked out.",
                           "已中断：价值的范围没有算完。"},
                  .strong = true});
  put(Paragraph{.text = headline(atlas, question, fill)});
  if (!fill.steps.empty()) {
    put(steps_table(atlas, question, fill, doubt, top));
    if (const Words text = rest(fill, doubt, top); !text.empty()) put(Paragraph{.text = text});
    put(fill_bars(atlas, fill, top));
    HeatBlock hours = fill_hours(atlas, rates, question, fill);
    put(Paragraph{.text = hours_text(atlas, hours)});
    put(std::move(hours));
    put(needs_table(fill));
    if (fill.anything()) put(year(atlas, fill, doubt));
  }
  for (TableBlock& table : fill_others(atlas, fill)) put(std::move(table));
  if (!fill.customers.empty()) put(fill_map(atlas, fill));
  const FillPair* shown = !fill.steps.empty()     ? &fill.steps.front().pair
                          : !fill.no_room.empty() ? &fill.no_room.front()
                                                  : nullptr;
  if (shown == nullptr) return page;
  const Question pair = to_judge(question, *shown);
  if (const auto verdict = judge(atlas, rates, pair)) {
    put(by_hand(atlas, question, *shown, verdict->home_row()));
    put(arithmetic(atlas, pair, *verdict));
    put(vouchers(atlas, pair, *verdict));
  }
  return page;
}

}  // namespace hinterland
