#include "hinterland/cli/render_terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <iostream>

#include "hinterland/base/number.hpp"
#include "hinterland/cli/ask_places.hpp"
#include "hinterland/cli/bases.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

bool is_confirmed(const std::string& question) {
  fmt::print(stderr, "{} [y/N] ", question);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "yes";
}

}  // namespace

Instant wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

bool RenderTerminal::step(std::string_view what, std::int64_t done, std::int64_t total) {
  return progress_->step(what, done, total);
}

void RenderTerminal::say(const std::string& line) {
  progress_.reset();
  fmt::print(stderr, "hinterland: {}\n", line);
  progress_.emplace();
}

void RenderTerminal::say_beside(const std::string& detail) { progress_->say(detail); }

bool RenderTerminal::close() {
  const bool interrupted = progress_ && progress_->interrupted();
  progress_.reset();
  return interrupted;
}

Expected<std::optional<ToldEstimate>> RenderTerminal::estimate_rest(const RenderManifest& manifest,
                                                                    const Frames& rest, double spent) const {
  const auto forecast = forecast_of(manifest, rest);
  if (!forecast) return std::optional<ToldEstimate>();
  auto places = ask_places(options_.broker, options_.work, prepared_.task.cores);
  if (!places) return std::unexpected(places.error());
  if (!options_.as.empty()) places->workload = options_.as;
  if (!options_.from.empty()) places->from = options_.from;
  auto workload = load_workload(places->workload, presets_folder());
  if (!workload) {
    workload.error().front().mend = "The broker's class is not known here: name one with --as.";
    return std::unexpected(workload.error());
  }
  const auto home_site = home_of(atlas_, {places->from});
  if (!home_site) return std::unexpected(home_site.error());
  std::vector<PricedSites> priced;
  for (SitesAtDeal& one : sites_by_deal(*places, home_site->site->id, options_.home, options_.away)) {
    const auto home = parse_capacity(one.home, "--home", false),
               away = parse_capacity(one.away, "--away", true);
    if (!home || !away) return std::unexpected(home ? away.error() : home.error());
    priced.push_back({.sites = std::move(one.sites), .home = *home, .away = *away});
  }
  const auto chunk =
      options_.chunk == "auto" ? 0 : static_cast<std::size_t>(parse_integer(options_.chunk).value_or(1));
  auto told = tell_estimate(atlas_, open_rates(atlas_, kWeatherSeed), manifest, rest, *forecast,
                            {.places = std::move(*places),
                             .like = std::move(*workload),
                             .priced = std::move(priced),
                             .task = prepared_.task,
                             .fixed_chunk = chunk,
                             .now = wall_clock(),
                             .left = time_left(),
                             .budget = options_.budget,
                             .spent = spent});
  if (!told) return std::unexpected(told.error());
  return std::optional(std::move(*told));
}

std::optional<Hours> RenderTerminal::time_left() const {
  if (!deadline_) return std::nullopt;
  return in_hours(*deadline_ - wall_clock());
}

RestAnswer::Kind RenderTerminal::decide(const ToldEstimate& told, std::size_t frames) const {
  using Kind = RestAnswer::Kind;
  if (!options_.json) print(told.page);
  report(told.perhaps);
  if (!told.no.empty()) return report(told.no), Kind::no;
  if (options_.estimate) return Kind::only_told;
  if (options_.yes) return Kind::render;
  if (isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0)
    return report({{.what = "the rest is not rendered until somebody says so",
                    .where = {.file = "--yes"},
                    .mend = "Give it, or say the same on a terminal."}}),
           Kind::no;
  if (is_confirmed(fmt::format("Render the other {}?", counted(static_cast<long long>(frames), "frame"))))
    return Kind::render;
  fmt::print(stderr, "hinterland: not rendered. What is here stays.\n");
  return Kind::no;
}

Expected<RestAnswer> RenderTerminal::ask_for_rest(const RenderManifest& manifest, const Frames& rest,
                                                  double spent) {
  progress_.reset();
  auto told = estimate_rest(manifest, rest, spent);
  RestAnswer answer{.kind = RestAnswer::Kind::not_enough, .chunks = {}, .hours = {}, .deadline = {}};
  if (told && *told) {
    estimate_ = std::move(**told);
    answer.kind = decide(*estimate_, rest.size());
    answer.chunks = estimate_->estimate.chunks;
    answer.hours = hours_for(estimate_->estimate, answer.chunks.front().size());
    answer.deadline = time_left();
    if (answer.kind == RestAnswer::Kind::render && answer.deadline && answer.deadline->value <= 0) {
      report({deadline_is_past()});  // while the question stood
      answer.kind = RestAnswer::Kind::no;
    }
  }
  progress_.emplace();
  if (!told) return std::unexpected(told.error());
  return answer;
}

}  // namespace hinterland
