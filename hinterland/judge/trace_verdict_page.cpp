#include "hinterland/judge/trace_verdict_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "hinterland/judge/verdict_page.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr double kMuch = 0.05;  // share of the work that a headline must not pass over

// Why a group of jobs has its answer: one of judge_trace()'s own texts, or an obstacle's name.
Words reason_in_words(const std::string& reason) {
  static const std::array<Words, 6> kReasons = {
      Words{"did not run", "未运行"},
      Words{"cheaper there", "那里更便宜"},
      Words{"home is not allowed", "本地不可行"},
      Words{"no other site is allowed", "没有其他可行站点"},
      Words{"moving the bytes costs more than it saves", "搬运数据的费用超过节省"},
      Words{"no cheaper elsewhere", "别处并不更便宜"}};
  const auto found = std::ranges::find(kReasons, reason, &Words::en);
  if (found != kReasons.end()) return *found;
  for (int i = 0; i <= static_cast<int>(Obstacle::unknown_runtime); ++i) {
    const auto obstacle = static_cast<Obstacle>(i);
    if (reason == name_of(obstacle)) return {reason, chinese_name_of(obstacle)};
  }
  return reason;
}

// What of the work is refused, and mostly why, where it is much of it.
Words why_refused(const TraceVerdict& verdict) {
  Hours refused;
  const TraceGroup* most = nullptr;
  for (const TraceGroup& group : verdict.groups) {
    if (group.answer != Answer::refused) continue;
    refused += group.server_hours;
    if (most == nullptr || group.server_hours > most->server_hours) most = &group;
  }
  if (most == nullptr || refused < kMuch * verdict.server_hours) return {};
  const double share = 100 * (refused / verdict.server_hours);
  const Words reason = reason_in_words(most->reason);
  return {fmt::format(", {:.0f} % of the server-hours, mostly for {}", share, reason.en),
          fmt::format("（占服务器·时的 {:.0f} %，主要因{}）", share, reason.zh)};
}

}  // namespace

std::string trace_sentence(const Atlas& atlas, const Question& question, const TraceVerdict& verdict) {
  const std::string& home = atlas.regions.at(question.from).name;
  const std::string refused =
      fmt::format("{} are refused{}", grouped(verdict.refused), why_refused(verdict).en);
  const std::string stopped =
      verdict.interrupted ? " (interrupted: the jobs after these were not judged)" : "";
  std::int64_t idle = 0;  // of those that stay
  for (const TraceGroup& group : verdict.groups) idle += group.reason == "did not run" ? group.jobs : 0;
  const std::string stayed =
      idle > 0 ? fmt::format("{} stay ({} of them did not run)", grouped(verdict.stayed), grouped(idle))
               : fmt::format("{} stay", grouped(verdict.stayed));
  if (verdict.moved == 0) {
    return fmt::format("None of {} should leave {}: {}, {}{}.", counted(verdict.jobs, "job"), home, stayed,
                       refused, stopped);
  }
  const std::string a_year =
      verdict.tells_a_year() ? fmt::format(" ({} a year)", compact(verdict.saved_per_year().value)) : "";
  const bool short_trace = verdict.span < Hours{24};
  return fmt::format("{} of {} should leave {}, saving {} of {} {} in {:.3g} {}{}; {}, {}{}.",
                     grouped(verdict.moved), counted(verdict.jobs, "job"), home, compact(verdict.saved.value),
                     compact(verdict.home_price.value), atlas.country().currency,
                     short_trace ? verdict.span.value : verdict.span.value / 24,
                     short_trace ? "hours" : "days", a_year, stayed, refused, stopped);
}

std::string chinese_trace_sentence(const Atlas& atlas, const Question& question,
                                   const TraceVerdict& verdict) {
  const std::string& home = atlas.regions.at(question.from).name_zh;
  const std::string stopped = verdict.interrupted ? "（已中断：其后的作业未判断）" : "";
  if (verdict.moved == 0) {
    return fmt::format("{} 个作业都不应离开{}：{} 个留下，{} 个不可行{}{}。", grouped(verdict.jobs), home,
                       grouped(verdict.stayed), grouped(verdict.refused), why_refused(verdict).zh, stopped);
  }
  const std::string& currency = atlas.country().currency;
  const std::string a_year =
      verdict.tells_a_year() ? fmt::format("，合每年 {}", compact_zh(verdict.saved_per_year().value)) : "";
  return fmt::format(
      "{} 个作业中有 {} 个应离开{}，{:.3g} 天内节省 {} {}（共需 {}{}）；{} 个留下，{} 个不可行{}{}。",
      grouped(verdict.jobs), grouped(verdict.moved), home, verdict.span.value / 24,
      compact_zh(verdict.saved.value), currency, compact_zh(verdict.home_price.value), a_year,
      grouped(verdict.stayed), grouped(verdict.refused), why_refused(verdict).zh, stopped);
}

namespace {

Words what_was_judged(const Question& question, const Trace& trace, const TraceVerdict& verdict) {
  const std::string jobs = grouped(static_cast<long long>(trace.jobs.size()));
  const double days = verdict.span.value / 24;
  const std::string& work = question.workload.id.text;
  const Site& site = *verdict.home.site;
  const Words home = capacity_words(question.home), away = capacity_words(question.away);
  return {fmt::format("{} ({}), {} jobs over {:.4g} days, judged as {}; home {} ({}), away {}.", trace.file,
                      trace.format, jobs, days, work, site.name, home.en, away.en),
          fmt::format("{}（{}），{:.4g} 天内 {} 个作业，按 {} 类判断；本地{}（{}），外地{}。", trace.file,
                      trace.format, days, jobs, work, site.name_zh, home.zh, away.zh)};
}

TableBlock group_table(const Atlas& atlas, const TraceVerdict& verdict) {
  const std::string& currency = atlas.country().currency;
  TableBlock table{.caption = {fmt::format("By answer and reason ({})", currency),
                               fmt::format("按结论与原因（{}）", currency)},
                   .columns = {{{"answer", "结论"}},
                               {{"where", "去向"}},
                               {{"why", "原因"}},
                               {{"jobs", "作业"}, Align::right},
                               {{"server-hours", "服务器·时"}, Align::right},
                               {{"mean servers", "平均服务器数"}, Align::right},
                               {{"idle there", "那里闲置"}, Align::right},
                               {{"at home", "本地费用"}, Align::right},
                               {{"saved", "节省"}, Align::right}},
                   .rows = {}};
  for (const TraceGroup& group : verdict.groups) {
    const Site* site = group.site;
    table.rows.push_back(
        {Words(name_of(group.answer), chinese_name_of(group.answer)),
         site == nullptr ? Words() : Words(site->id.text, site->name_zh), reason_in_words(group.reason),
         grouped(group.jobs), compact(group.server_hours.value), compact(group.server_hours / verdict.span),
         site == nullptr ? "" : compact(site->idle().value * group.server_hours.value / group.kwh),
         compact(group.home_price.value), compact(group.saved.value)});
  }
  return table;
}

FactsBlock from_class(const Question& question, const TraceVerdict& verdict) {
  const std::string& work = question.workload.id.text;
  FactsBlock taken{.caption = {fmt::format("Not in the trace, so taken from the class {}", work),
                               fmt::format("记录中没有、因而取自类别 {} 的数值", work)},
                   .facts = {}};
  for (const TraceServer& one : verdict.servers)
    taken.facts.emplace_back(Words("server", "服务器"),
                             Words(fmt::format("{}: {} jobs, {} server-hours", one.server->name,
                                               grouped(one.jobs), compact(one.server_hours.value)),
                                   fmt::format("{}：{} 个作业，{} 服务器·时", one.server->name_zh,
                                               grouped(one.jobs), compact_zh(one.server_hours.value))));
  for (const auto& [name, jobs] : verdict.from_class) {
    const std::string count = grouped(jobs);
    if (name == "data") {
      taken.facts.emplace_back(Words(name, "数据量"),
                               Words(fmt::format("{} jobs, in proportion to their server-hours", count),
                                     fmt::format("{} 个作业，按其服务器·时折算", count)));
    } else {
      taken.facts.emplace_back(name, Words(fmt::format("{} jobs", count), fmt::format("{} 个作业", count)));
    }
  }
  taken.facts.emplace_back(
      Words("rules", "规则"),
      Words("deadline, latency bound, residency, certifications and hazards, for all jobs",
            "期限、时延上限、数据驻留、资质认证与灾害要求，适用于所有作业"));
  return taken;
}

}  // namespace

Page trace_verdict_page(const Atlas& atlas, const Question& question, const Trace& trace,
                        const TraceVerdict& verdict) {
  Page page;
  page.blocks.emplace_back(Paragraph{
      .text = {trace_sentence(atlas, question, verdict), chinese_trace_sentence(atlas, question, verdict)},
      .strong = true});
  page.blocks.emplace_back(Paragraph{.text = what_was_judged(question, trace, verdict)});
  if (trace.bad_lines > 0) {
    const std::string lines = grouped(trace.bad_lines);
    page.blocks.emplace_back(Paragraph{.text = {fmt::format("{} bad lines were left out, as asked.", lines),
                                                fmt::format("已按要求略去 {} 个坏行。", lines)}});
  }
  page.blocks.emplace_back(group_table(atlas, verdict));
  page.blocks.emplace_back(Paragraph{
      .text = {
          "Each job is judged alone: compare the servers kept busy with those idle there. On idle servers "
          "the price is the seller's floor, so what is saved is for buyer and seller to share.",
          "每个作业单独判断：请把占用的服务器数与那里闲置的相比。使用闲置服务器时价格即卖方底价，"
          "因此节省额由买卖双方分享。"}});
  page.blocks.emplace_back(from_class(question, verdict));
  return page;
}

}  // namespace hinterland
