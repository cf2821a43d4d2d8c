#include "hinterland/judge/trace_verdict_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "hinterland/judge/verdict_page.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

std::string trace_sentence(const Atlas& atlas, const Question& question, const TraceVerdict& verdict) {
  const std::string& home = atlas.regions.at(question.from).name;
  const std::string stopped =
      verdict.interrupted ? " (interrupted: the jobs after these were not judged)" : "";
  if (verdict.moved == 0) {
    return fmt::format("None of {} jobs should leave {}: {} stay, {} are refused{}.", grouped(verdict.jobs),
                       home, grouped(verdict.stayed), grouped(verdict.refused), stopped);
  }
  return fmt::format("{} of {} jobs should leave {}, saving {} {} a year of {}; {} stay, {} are refused{}.",
                     grouped(verdict.moved), grouped(verdict.jobs), home,
                     compact(verdict.saved_per_year().value), atlas.country().currency,
                     compact(((kYear / verdict.span) * verdict.home_price).value), grouped(verdict.stayed),
                     grouped(verdict.refused), stopped);
}

Page trace_verdict_page(const Atlas& atlas, const Question& question, const Trace& trace,
                        const TraceVerdict& verdict) {
  Page page;
  page.blocks.emplace_back(Paragraph{.text = trace_sentence(atlas, question, verdict), .strong = true});
  page.blocks.emplace_back(Paragraph{
      .text = fmt::format("{} ({}), {} jobs over {:.4g} days, judged as {}; home {} ({}), away {}.",
                          trace.file, trace.format, grouped(static_cast<long long>(trace.jobs.size())),
                          verdict.span.value / 24, question.workload.id.text, verdict.home.site->name,
                          describe_capacity(question.home), describe_capacity(question.away))});
  if (trace.bad_lines > 0) {
    page.blocks.emplace_back(
        Paragraph{.text = fmt::format("{} bad lines were left out, as asked.", grouped(trace.bad_lines))});
  }
  TableBlock table{.caption = fmt::format("By answer and reason ({})", atlas.country().currency),
                   .columns = {{"answer"},
                               {"where"},
                               {"why"},
                               {"jobs", Align::right},
                               {"server-hours", Align::right},
                               {"mean servers", Align::right},
                               {"idle there", Align::right},
                               {"at home", Align::right},
                               {"saved", Align::right}},
                   .rows = {}};
  const Kilowatts busy = server_of(atlas, question.workload).busy;
  for (const TraceGroup& group : verdict.groups) {
    table.rows.push_back({name_of(group.answer), group.site == nullptr ? "" : group.site->id.text,
                          group.reason, grouped(group.jobs), compact(group.server_hours.value),
                          compact(group.server_hours / verdict.span),
                          group.site == nullptr ? "" : compact(group.site->idle() / busy),
                          compact(group.home_price.value), compact(group.saved.value)});
  }
  page.blocks.emplace_back(std::move(table));
  page.blocks.emplace_back(
      Paragraph{.text = "Each job is judged alone: compare the servers kept busy with those idle there. On "
                        "idle servers the price "
                        "is the seller's floor, so what is saved is for buyer and seller to share."});
  FactsBlock taken{
      .caption = fmt::format("Not in the trace, so taken from the class {}", question.workload.id.text),
      .facts = {}};
  for (const auto& [name, jobs] : verdict.from_class) {
    taken.facts.emplace_back(
        name, name == "data" ? fmt::format("{} jobs, in proportion to their server-hours", grouped(jobs))
                             : fmt::format("{} jobs", grouped(jobs)));
  }
  taken.facts.emplace_back("rules",
                           "deadline, latency bound, residency, certifications and hazards, for all jobs");
  page.blocks.emplace_back(std::move(taken));
  return page;
}

}  // namespace hinterland
