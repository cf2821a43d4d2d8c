#include "hinterland/render/estimate.hpp"

#include <algorithm>
#include <cmath>

#include "hinterland/cost/terms.hpp"

namespace hinterland {

namespace {

constexpr std::int64_t kPatience = 4;  // times what the slowest frame took
constexpr Duration kLeastLimit{60'000};

}  // namespace

RenderEstimate estimate_render(const Frames& left, const Forecast& forecast, Duration start_up,
                               std::size_t at_once, std::size_t fixed_chunk) {
  RenderEstimate out{
      .forecast = forecast, .start_up = start_up, .at_once = std::max<std::size_t>(at_once, 1)};
  out.chunks =
      fixed_chunk > 0
          ? chunks_of(left, fixed_chunk)
          : chunks_by_times(left, {.start_up = start_up, .frame = forecast.frame, .at_once = out.at_once});
  const auto tasks = static_cast<std::int64_t>(out.chunks.size());
  const auto work = [&](Duration frames) { return Duration{frames.ms + tasks * start_up.ms}; };
  out.work = {work(forecast.rest.low), work(forecast.rest.central), work(forecast.rest.high)};
  if (tasks == 0) return out;
  const bool all_at_once = tasks <= static_cast<std::int64_t>(out.at_once);
  const auto until = [&](Duration all) {
    const auto sum = static_cast<double>(all.ms);
    return Duration{std::llround(sum / static_cast<double>(tasks) +
                                 (all_at_once ? 0 : sum / static_cast<double>(out.at_once)))};
  };
  out.until = {until(out.work.low), until(out.work.central), until(out.work.high)};
  return out;
}

Hours hours_for(const RenderEstimate& estimate, std::size_t frames) {
  const std::int64_t ms =
      estimate.start_up.ms +
      static_cast<std::int64_t>(frames) * std::max(estimate.forecast.slowest.ms, estimate.forecast.frame.ms);
  return in_hours({std::max(kPatience * ms, kLeastLimit.ms)});
}

std::optional<MoneyRange> PricedRender::anywhere() const {
  if (sites.empty()) return std::nullopt;
  const auto cheapest =
      std::ranges::min_element(sites, {}, [](const SitePrice& one) { return one.price.central; });
  const auto dearest =
      std::ranges::max_element(sites, {}, [](const SitePrice& one) { return one.price.high; });
  return MoneyRange{
      .low = cheapest->price.low, .central = cheapest->price.central, .high = dearest->price.high};
}

Expected<PricedRender> price_render(const Atlas& atlas, const RateYear& rates, const RenderEstimate& estimate,
                                    const RenderPricing& pricing) {
  PricedRender out;
  Question& question = out.question;
  question.workload = pricing.like;
  question.from = pricing.from;
  question.to = pricing.at;
  question.home = pricing.home;
  question.away = pricing.away;
  question.start = pricing.start;
  Workload& work = question.workload;
  // This much of the class: a batch, all at once, ready now.
  work.tasks = 1;
  work.runtime.reset();
  work.latency.reset();
  work.ready_hour.reset();
  work.deferrable = {};
  work.data_in = pricing.in;
  work.data_out = pricing.out;
  work.deadline = pricing.deadline;
  const auto home = home_of(atlas, pricing.from);
  if (!home) return std::unexpected(home.error());
  if (const auto known = check_workload(atlas, work, work.file); !known)
    return std::unexpected(known.error());
  // Home is judged anyway.
  std::erase(question.to, home->site->id);
  const ServerShape server = server_shape(server_of(atlas, work));
  const auto judged = [&](Duration time, Hours& hours) {
    hours = server_hours(in_hours(time), pricing.task.cores, 0, pricing.task.memory_gb, server);
    work.server_hours = hours;
    return judge(atlas, rates, question);
  };
  const auto low = judged(estimate.work.low, out.low), high = judged(estimate.work.high, out.high);
  auto central = judged(estimate.work.central, out.central);
  if (!central) return std::unexpected(central.error());
  if (!low || !high) return std::unexpected(low ? high.error() : low.error());
  out.verdict = std::move(*central);
  const auto price = [](const Verdict& verdict, const Site* site) {
    return std::ranges::find(verdict.rows, site, &SiteRow::site)->quote.price.total();
  };
  for (const SiteRow& row : out.verdict.rows) {
    const bool wanted = std::ranges::find(pricing.at, row.site->id) != pricing.at.end();
    if (wanted && row.quote.allowed())
      out.sites.push_back({.site = row.site,
                           .price = {.low = price(*low, row.site),
                                     .central = row.quote.price.total(),
                                     .high = price(*high, row.site)}});
  }
  return out;
}

}  // namespace hinterland
