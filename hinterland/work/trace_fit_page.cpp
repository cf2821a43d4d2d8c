#include "hinterland/work/trace_fit_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

// Above this ratio the last third is said to differ from what came before it.
constexpr double kChanged = 1.25;

std::string error_text(const FitError& error) {
  return error.relative ? fmt::format("{:+.3g} %", 100 * error.value) : fmt::format("{:+.3g}", error.value);
}

TableBlock quality_table(const TraceFit& fit) {
  TableBlock table{.caption = "How it does on the last third, which it has not seen",
                   .columns = {{"figure"},
                               {"last third", Align::right},
                               {"before it", Align::right},
                               {"model", Align::right},
                               {"off by", Align::right},
                               {"baseline", Align::right},
                               {"off by", Align::right},
                               {"nearer"}},
                   .rows = {}};
  for (const FitRow& row : fit_rows(fit.model.fit)) {
    if (row.figures->empty()) continue;
    const std::vector<double>& figures = *row.figures;
    const std::size_t first = row.is_distance() ? 0 : 1;  // a distance has no figure of the last third
    const FitError model = fit_error(row, first + 1), baseline = fit_error(row, first + 2);
    table.rows.push_back(
        {row.name, row.is_distance() ? std::string{} : compact(figures[0]), compact(figures[first]),
         compact(figures[first + 1]), error_text(model), compact(figures[first + 2]), error_text(baseline),
         std::abs(baseline.value) < std::abs(model.value) ? std::string("baseline") : std::string("model")});
  }
  return table;
}

// Which figures of the last third are not those of the past.
std::string changes(const FitRecord& fit) {
  std::vector<std::string> out;
  for (const FitRow& row : fit_rows(fit)) {
    if (row.is_distance() || row.figures->size() < 2) continue;
    const double now = (*row.figures)[0], before = (*row.figures)[1];
    const double ratio = now > 0 && before > 0 ? now / before : 1;
    if (ratio > kChanged || ratio < 1 / kChanged) out.push_back(fmt::format("{} x {:.3g}", row.name, ratio));
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

std::string form_of(const Marginal& marginal) {
  if (!marginal.values.empty()) return fmt::format("{} values", marginal.values.size());
  return fmt::format("{} quantiles, {} to {}", marginal.quantiles.size(), compact(marginal.quantiles.front()),
                     compact(marginal.quantiles.back()));
}

FactsBlock model_facts(const TraceFit& fit) {
  const TraceModel& m = fit.model;
  FactsBlock facts{.caption = "The model, fitted to all jobs", .facts = {}};
  const auto add = [&](const char* name, std::string text) {
    facts.facts.emplace_back(name, std::move(text));
  };
  std::string by = "the same at all hours";
  if (!m.arrivals.hours.empty()) {
    by = m.arrivals.weekdays.empty() ? "by hour of the day" : "by hour of the day and weekday";
    by += m.calendar == TraceCalendar::dated ? " (" + m.zone + ")" : ", counted from the trace's start";
  }
  add("arrivals", fmt::format("{} jobs a day, {}", compact(m.arrivals.jobs_per_day), by));
  add("bursts", m.arrivals.burst == 0
                    ? std::string("none beyond chance")
                    : fmt::format("log rate swings by {:.3g} from hour to hour, {:.3g} of it remembered",
                                  m.arrivals.burst, m.arrivals.burst_memory));
  add("batches",
      m.batches.sizes.empty()
          ? std::string("none: each job comes alone")
          : fmt::format("jobs of one user at most {:.4g} s apart; {} come alone, the largest has {:.0f}",
                        m.fit.batch_gap_s, percent(m.batches.single), m.batches.sizes.back()));
  const std::array<const Marginal*, 4> sizes = {&m.run_s, &m.cores, &m.gpus, &m.memory_gb};
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const auto& [name, share] = fit.known[i];
    if (!sizes.at(i)->given()) continue;
    std::string text = form_of(*sizes.at(i));
    if (share < 1) text += fmt::format("; {} of the jobs know it", percent(share));
    add(name.c_str(), std::move(text));
  }
  std::string users =
      m.users.count > 0 ? grouped(static_cast<long long>(m.users.count)) : "not named, taken as one";
  if (m.cores.given() || m.gpus.given() || m.memory_gb.given())
    users += fmt::format("; {} of jobs have the size of their user's job before", percent(m.users.repeats));
  add("users", std::move(users));
  return facts;
}

}  // namespace

Page trace_fit_page(const TraceFit& fit) {
  Page page;
  const TraceQuality& q = fit.quality;
  page.blocks.emplace_back(
      Paragraph{.text = fmt::format("{}: a model of {} jobs, {} to {}.", fit.model.fit.trace,
                                    grouped(static_cast<long long>(fit.model.fit.jobs)), fit.model.fit.first,
                                    fit.model.fit.last),
                .strong = true});
  page.blocks.emplace_back(quality_table(fit));
  page.blocks.emplace_back(Paragraph{
      .text = fmt::format(
          "Model and baseline (Poisson arrivals, log-normal runs) know the first {} jobs and are compared "
          "with the last {}, averaged over {} generated traces; a KS distance is to the last third.",
          grouped(q.past_jobs), grouped(q.held_out_jobs), q.samples)});
  if (const std::string changed = changes(fit.model.fit); !changed.empty()) {
    page.blocks.emplace_back(Paragraph{
        .text = fmt::format("The last third is not what came before: {}. No model of the past can know.",
                            changed)});
  }
  page.blocks.emplace_back(model_facts(fit));
  return page;
}

}  // namespace hinterland
