#include "hinterland/sim/sim_result.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hinterland/base/csv.hpp"
#include "hinterland/policy/server_size.hpp"
#include "hinterland/report/figure.hpp"
#include "hinterland/work/trace.hpp"

namespace hinterland {

namespace {

// Why a class that may move does not, in the words of whoever bars it, or of its price.
std::string why_it_stays(const SimResult& result, std::size_t group) {
  const ScenarioWorld& setup = *result.setup;
  const auto& options = setup.world.options_of(GroupIndex{group}, setup.homes[group]);
  if (options.size() > 1) return "no other site was up and cheaper when its jobs came";
  for (const Barred& barred : setup.barred) {
    if (barred.group == group && barred.pool != setup.homes[group]) return barred.why;
  }
  return "no other site has servers for it";
}

constexpr std::size_t kNamed = 4;  // of a list in a sentence; of more, how many more there are

Words enumerated(const std::vector<Words>& names, const char* comma) {
  Words out;
  for (std::size_t i = 0; i < std::min(names.size(), kNamed); ++i) {
    out.en += (i > 0 ? comma : "") + names[i].en;
    out.zh += (i > 0 ? comma : "") + names[i].zh;
  }
  if (names.size() > kNamed) {
    out.en += fmt::format(" and {} more", names.size() - kNamed);
    out.zh += fmt::format(" 等 {} 类", names.size());
  }
  return out;
}

Words late_jobs(const BookCell& run, const BookCell& home) {
  Words out;
  const bool none_stays = home.done + home.cut == 0;
  if (run.late > 0 || home.late > 0)
    out = {fmt::format("{} of {} jobs come late", grouped(run.late), grouped(run.jobs)) +
               (none_stays ? "" : fmt::format(", {} if all stay", grouped(home.late))),
           fmt::format("{} 个作业中 {} 个超过期限", grouped(run.jobs), grouped(run.late)) +
               (none_stays ? "" : fmt::format("（全部留在本地时 {} 个）", grouped(home.late)))};
  if (home.refused > 0) {
    const bool first = out.en.empty();
    out.en += fmt::format("{}{} of {} have no place at home", first ? "" : "; ", grouped(home.refused),
                          grouped(home.jobs));
    out.zh += fmt::format("{}{} 个作业中 {} 个在本地无处可运行", first ? "" : "；", grouped(home.jobs),
                          grouped(home.refused));
  }
  return out;
}

// The range of what is said: what is saved, or what it costs.
Words band_of(const SimResult& result, double saved, double a_year) {
  if (!result.range || result.range->draws == 0) return {};
  const SavingRange& range = *result.range;
  const double low = a_year * (saved >= 0 ? range.low.value : -range.high.value);
  const double high = a_year * (saved >= 0 ? range.high.value : -range.low.value);
  return {
      fmt::format(" ({} to {} in 90 % of {} draws)", compact(low), compact(high), range.draws),
      fmt::format("（{} 次抽样的 90 % 在 {} 至 {} 之间）", range.draws, compact_zh(low), compact_zh(high))};
}

// Where nothing is moved that to stay is compared with.
Words without_staying(const std::vector<Words>& moving, double bill, const std::string& currency) {
  return {
      fmt::format("{} {} away, all for {} {}, and at home could not do the same", enumerated(moving, ", ").en,
                  moving.size() == 1 ? "runs" : "run", compact(bill), currency),
      fmt::format("{} 在异地运行，共 {} {}，在本地无法完成同样的作业", enumerated(moving, "、").zh,
                  compact_zh(bill), currency)};
}

// Nobody is asked what staying would cost.
Words of_one_policy(const PolicyRun& run, const std::string& currency, const Words& small) {
  const BookCell total = run.books.total();
  const double bill = from_millionths(total.bill.total());
  return {fmt::format("{} under the policy {}: {} {}, {} of them late{}{}.", counted(total.jobs, "job"),
                      run.policy, compact(bill), currency, grouped(total.late), small.en.empty() ? "" : "; ",
                      small.en),
          fmt::format("按策略 {} 运行 {} 个作业：{} {}，其中 {} 个超过期限{}{}。", run.policy,
                      grouped(total.jobs), compact_zh(bill), currency, grouped(total.late),
                      small.zh.empty() ? "" : "；", small.zh)};
}

constexpr double kToldRounding = 0.01;  // of what the meters say, and the headline does too

Words too_small_to_bill(const Books& books) {
  const double share = books.lost_by_rounding();
  if (share <= kToldRounding) return {};
  const std::string size = percent(share);
  return {
      fmt::format("bills, each rounded to a millionth, differ from the meters by {}: so small are the jobs",
                  size),
      fmt::format("作业过小：账单逐项舍入到百万分之一，与电表相差 {}", size)};
}

}  // namespace

Hours SimResult::span() const {
  const SimJobs& jobs = setup->world.jobs;
  if (jobs.count() == 0) return {1};
  return {std::max(1.0, static_cast<double>((jobs.arrival.back() - jobs.arrival.front()).ms) * kPerHour)};
}

bool SimResult::tells_a_year() const {
  constexpr Hours a_year{kYear.value - 24};  // whose last job comes some time on its last day
  return span() >= (scenario->faults.empty() ? kLeastSpan : a_year);
}

PolicyRun run_policy(const SimWorld& world, const PolicyEntry& policy, Progress& progress) {
  const double began = progress.cpu_seconds();
  PolicyRun out{
      .policy = std::string(policy.name), .run = simulate(world, policy.choose, progress), .books = {}};
  out.books = keep_books(world, out.run);
  out.run_s = progress.cpu_seconds() - began;
  return out;
}

std::vector<ClassShift> class_shifts(const SimResult& result, const PolicyRun& run) {
  std::vector<ClassShift> shifts;
  const SimWorld& world = result.setup->world;
  for (std::size_t group = 0; group < world.groups.size(); ++group) {
    ClassShift shift{.group = group, .why_not = {}};
    const BookCell all = run.books.of_group(group);
    shift.jobs = all.jobs;
    shift.bill = {from_millionths(all.bill.total())};
    std::int64_t at_home = all.refused;
    for (std::size_t pool = 0; pool < world.pools.size(); ++pool) {
      if (world.pools[pool].site == world.pools[result.setup->homes[group]].site)
        at_home += run.books.cells[group * world.pools.size() + pool].jobs -
                   run.books.cells[group * world.pools.size() + pool].refused;
    }
    shift.moved = shift.jobs - at_home;
    if (result.stay) {
      const BookCell stayed = result.stay->books.of_group(group);
      shift.at_home = {from_millionths(stayed.bill.total())};
      // Only the same work can be compared.
      if (stayed.done + stayed.cut == all.done + all.cut) shift.saved = shift.at_home - shift.bill;
    }
    shift.home_allowed = std::ranges::find(world.options_of(GroupIndex{group}, result.setup->homes[group]),
                                           result.setup->homes[group], &Option::pool) !=
                         world.options_of(GroupIndex{group}, result.setup->homes[group]).end();
    if (2 * shift.moved < shift.jobs) shift.why_not = why_it_stays(result, group);
    shifts.push_back(shift);
  }
  return shifts;
}

Words sim_sentence(const SimResult& result) {
  const PolicyRun& run = result.main();
  const BookCell total = run.books.total();
  const std::string& currency = result.atlas->country().currency;
  const bool tells_a_year = result.tells_a_year();
  const double a_year = tells_a_year ? kYear / result.span() : 1;
  const std::string over = tells_a_year ? " a year" : "", over_zh = tells_a_year ? "每年" : "";
  const Words small = too_small_to_bill(run.books);
  if (!result.stay) return of_one_policy(run, currency, small);
  std::vector<Words> moving, leaving, staying;
  double saved = 0, base = 0;
  bool compared = false;  // anything: what has no place at home costs nothing there
  for (const ClassShift& shift : class_shifts(result, run)) {
    const std::string& name = result.setup->world.groups[shift.group].name;
    if (shift.saved) saved += shift.saved->value;
    compared = compared || (shift.saved && shift.moved > 0);
    base += shift.at_home.value;
    if (!shift.home_allowed) {
      leaving.emplace_back(name);
    } else if (shift.moved > 0) {
      const bool most = 2 * shift.moved >= shift.jobs;
      moving.push_back(most ? Words(name) : Words("part of " + name, "部分 " + name));
    } else {
      staying.emplace_back(fmt::format("{} should stay, because {}", name, shift.why_not),
                           name + " 应留在本地");
    }
  }
  const Words band = band_of(result, saved, a_year);
  Words out;
  const auto say = [&](const std::string& text, const std::string& text_zh) {
    if (text.empty()) return;
    out.en += (out.en.empty() ? "" : "; ") + text;
    out.zh += (out.zh.empty() ? "" : "；") + text_zh;
  };
  if (!moving.empty() && !compared) {
    const Words runs = without_staying(moving, from_millionths(total.bill.total()), currency);
    say(runs.en, runs.zh);
  } else if (!moving.empty()) {
    say(fmt::format("Moving {} {} {} {}{}{} of {}", enumerated(moving, " and ").en,
                    saved >= 0 ? "saves" : "costs", compact(std::abs(saved) * a_year), currency, over,
                    band.en, compact(base * a_year)),
        fmt::format("迁移 {} {}{} {} {}{}（共 {}）", enumerated(moving, "、").zh, over_zh,
                    saved >= 0 ? "节省" : "多花", compact_zh(std::abs(saved) * a_year), currency, band.zh,
                    compact_zh(base * a_year)));
  } else if (leaving.empty()) {
    say("Nothing should move", "无业务应当迁移");
  }
  if (!leaving.empty())
    say(fmt::format("{} must leave home, which is not allowed", enumerated(leaving, ", ").en),
        fmt::format("{} 须离开本地（本地不可用）", enumerated(leaving, "、").zh));
  if (!staying.empty()) say(enumerated(staying, "; ").en, enumerated(staying, "，").zh);
  const Words late = late_jobs(total, result.stay->books.total());
  say(late.en, late.zh);
  say(small.en, small.zh);
  out.en += '.';
  out.zh += "。";
  return out;
}

void write_job_rows(const ScenarioWorld& setup, const Ledger& ledger, std::size_t from, std::size_t until,
                    std::string& csv) {
  const SimWorld& world = setup.world;
  if (from == 0) {
    csv +=
        "job,class,home,site,end,arrival_s,start_s,end_s,delivered_s,cores,gpus,memory_gb,energy,capacity,"
        "carbon,water,"
        "network,kwh,kg_co2,litres,moved_gb,late\n";
  }
  const auto seconds = [](Instant t) {
    return t >= kNever ? std::string{} : fmt::format("{:.3f}", static_cast<double>(t.ms) / 1000);
  };
  for (std::size_t job = from; job < until; ++job) {
    const JobAccount account = ledger.account(JobIndex{job});
    const Size& size = world.sizes[world.jobs.size[job]].size;
    const Bill& bill = account.bill;
    csv += fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{},{},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{},{}\n",
        job + 1, csv_cell(world.groups[world.jobs.group[job]].name),
        world.pools[world.jobs.home[job]].site.text, world.pools[account.pool].site.text,
        name_of(account.end), seconds(world.jobs.arrival[job]), seconds(account.start),
        seconds(account.finish), seconds(account.delivered), size.cores,
        static_cast<double>(size.gpus) / kGpuParts, size.memory_gb, from_millionths(bill.energy),
        from_millionths(bill.capacity), from_millionths(bill.carbon), from_millionths(bill.water),
        from_millionths(bill.network), from_millionths(bill.kwh), from_millionths(bill.kg),
        from_millionths(bill.litres), account.moved_gb, account.late ? 1 : 0);
  }
}

std::optional<double> regret_of(const SimResult& result, const PolicyRun& run) {
  if (!result.scenario->clairvoyant) return std::nullopt;
  const BookCell total = run.books.total();
  const double paid =
      from_millionths(total.bill.total()) + static_cast<double>(total.late) * result.scenario->late_job.value;
  return paid / result.scenario->clairvoyant->value - 1;
}

}  // namespace hinterland
