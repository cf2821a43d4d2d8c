#include "hinterland/work/trace_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

std::string first_submission(const Trace& trace, const TraceSummary& summary) {
  return trace.dated ? format_civil(summary.first, "UTC") : "";
}

}  // namespace

Page trace_page(const Trace& trace, const TraceSummary& summary) {
  Page page;
  page.blocks.emplace_back(
      Paragraph{.text = fmt::format("{}: {} jobs over {:.4g} days, {} format{}.", trace.file,
                                    grouped(summary.jobs), summary.span.value / 24, trace.format,
                                    trace.dated ? ", first submitted " + first_submission(trace, summary)
                                                : ", without a date"),
                .strong = true});
  TableBlock table{.caption = "What it knows of its jobs",
                   .columns = {{"field"},
                               {"known", Align::right},
                               {"share", Align::right},
                               {"10 %", Align::right},
                               {"median", Align::right},
                               {"mean", Align::right},
                               {"90 %", Align::right},
                               {"most", Align::right}},
                   .rows = {}};
  std::vector<std::string> missing;
  for (const TraceColumn& column : summary.columns) {
    if (column.known == 0) {
      missing.push_back(column.name);
      continue;
    }
    table.rows.push_back({column.name, grouped(column.known),
                          percent(static_cast<double>(column.known) / static_cast<double>(summary.jobs)),
                          compact(column.p10), compact(column.median), compact(column.mean),
                          compact(column.p90), compact(column.most)});
  }
  page.blocks.emplace_back(std::move(table));
  FactsBlock facts{.caption = "", .facts = {}};
  std::vector<std::string> outcomes;
  for (const auto& [name, count] : summary.outcomes)
    outcomes.push_back(fmt::format("{} {}", grouped(count), name));
  facts.facts.emplace_back("outcomes", fmt::format("{}", fmt::join(outcomes, ", ")));
  facts.facts.emplace_back("users", grouped(summary.users));
  if (trace.skipped_steps > 0)
    facts.facts.emplace_back("left out", fmt::format("{} steps of jobs", grouped(trace.skipped_steps)));
  if (trace.bad_lines > 0)
    facts.facts.emplace_back("bad lines", fmt::format("{} left out", grouped(trace.bad_lines)));
  facts.facts.emplace_back(
      "missing", missing.empty()
                     ? "nothing"
                     : fmt::format("{}: `hinterland judge {} --as CLASS` takes these from a class you name",
                                   fmt::join(missing, ", "), trace.file));
  page.blocks.emplace_back(std::move(facts));
  return page;
}

std::string trace_json(const Trace& trace, const TraceSummary& summary) {
  using Json = nlohmann::ordered_json;
  Json columns = Json::object(), outcomes = Json::object();
  for (const TraceColumn& column : summary.columns) {
    Json one = {{"known", column.known}};
    if (column.known > 0) {
      one.update({{"p10", column.p10},
                  {"median", column.median},
                  {"mean", column.mean},
                  {"p90", column.p90},
                  {"most", column.most}});
    }
    columns[column.name] = one;
  }
  for (const auto& [name, count] : summary.outcomes) outcomes[name] = count;
  const Json out = {
      {"trace", trace.file},
      {"format", trace.format},
      {"jobs", summary.jobs},
      {"span_hours", summary.span.value},
      {"first_submission", trace.dated ? Json(first_submission(trace, summary)) : Json(nullptr)},
      {"users", summary.users},
      {"skipped_steps", trace.skipped_steps},
      {"bad_lines", trace.bad_lines},
      {"columns", columns},
      {"outcomes", outcomes}};
  return out.dump(2) + "\n";
}

}  // namespace hinterland
