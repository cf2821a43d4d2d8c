#include "hinterland/render/told_estimate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "hinterland/judge/verdict_page.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

constexpr Hours kDay{24};  // that judge spreads it over where there is no deadline

std::string seconds_text(Duration time) { return compact(static_cast<double>(time.ms) / 1000) + " s"; }

std::string time_text(Duration time) {
  const double s = static_cast<double>(time.ms) / 1000;
  if (s < 120) return fmt::format("{:.0f} s", s);
  if (s < 7200) return fmt::format("{:.0f} min", s / 60);
  return fmt::format("{:.1f} h", s / 3600);
}

Gigabytes gigabytes(double bytes) { return Gigabytes{bytes / 1e9}; }

Duration mean_start_up(const RenderManifest& manifest) {
  if (manifest.tasks.empty()) return {};
  std::int64_t sum = 0;
  for (const RenderedTask& one : manifest.tasks) sum += one.start_up.ms;
  return {sum / static_cast<std::int64_t>(manifest.tasks.size())};
}

std::string range(const std::string& low, const std::string& high) {
  return low == high ? low : low + " to " + high;
}

FactsBlock facts(const ToldEstimate& told, const PricedRender& priced, const ClassPlaces& places) {
  const RenderEstimate& estimate = told.estimate;
  const Forecast& forecast = estimate.forecast;
  FactsBlock block{.caption = {"The rest, from the frames that are rendered", "由已渲染的帧估计其余"},
                   .facts = {}};
  const auto add = [&](const char* name, const char* zh, std::string text) {
    block.facts.emplace_back(Words{name, zh}, Words(std::move(text)));
  };
  add("frames", "帧",
      fmt::format("{} to render; {} {} measured", grouped(static_cast<long long>(forecast.unseen)),
                  forecast.measured, forecast.measured == 1 ? "is" : "are"));
  add("a frame", "每帧",
      fmt::format("{} in the mean, {} the slowest; a task starts up in {}", seconds_text(forecast.frame),
                  seconds_text(forecast.slowest), seconds_text(estimate.start_up)));
  if (!estimate.chunks.empty())
    add("tasks", "任务",
        fmt::format("{}, of {} frames at first and {} at last",
                    grouped(static_cast<long long>(estimate.chunks.size())), estimate.chunks.front().size(),
                    estimate.chunks.back().size()));
  add("server-hours", "服务器·时",
      fmt::format("{} (four times in five: {})", compact(priced.central.value),
                  range(compact(priced.low.value), compact(priced.high.value))));
  add("there in", "完成需时",
      fmt::format("{} ({}) if all {} places take part, which they do where the deadline needs it",
                  time_text(estimate.until.central),
                  range(time_text(estimate.until.low), time_text(estimate.until.high)), places.at_once));
  if (told.price)
    add("price", "价格",
        fmt::format("{} {} at the cheapest site; {} wherever it runs", compact(told.price->central.value),
                    told.currency, range(compact(told.price->low.value), compact(told.price->high.value))));
  return block;
}

// As PricedRender::anywhere(), of both together.
void widen(std::optional<MoneyRange>& all, const std::optional<MoneyRange>& some) {
  if (!all || !some) {
    if (some) all = some;
    return;
  }
  const Money high = std::max(all->high, some->high);
  if (some->central < all->central) all = some;
  all->high = high;
}

// `low` is over the bound: no; `high` is: perhaps.
void hold_against(ToldEstimate& told, const char* flag, double low, double high, double bound,
                  const std::string& what, const char* mend) {
  if (low <= bound && high <= bound) return;
  Errors& errors = low > bound ? told.no : told.perhaps;
  errors.push_back({.what = what, .where = {.file = flag}, .mend = mend});
}

}  // namespace

std::vector<SitesAtDeal> sites_by_deal(const ClassPlaces& places, const SiteId& home,
                                       const std::string& said_home, const std::string& said_away) {
  std::map<std::string, std::vector<SiteId>> at_home, elsewhere;
  for (const auto& [site, deal] : places.deals) {
    const bool is_home = site == home;
    const std::string& said = is_home ? said_home : said_away;
    auto& sites = (is_home ? at_home : elsewhere)[said.empty() ? deal : said];
    if (std::ranges::find(sites, site) == sites.end()) sites.push_back(site);
  }
  if (at_home.empty()) at_home[said_home.empty() ? "built" : said_home];
  if (elsewhere.empty()) elsewhere[said_away.empty() ? "auto" : said_away];
  std::vector<SitesAtDeal> out(std::max(at_home.size(), elsewhere.size()));
  // The side with fewer deals has its first one beside those of the other, and its sites once.
  const auto fill = [&](const auto& deals, std::string SitesAtDeal::* side) {
    auto next = deals.begin();
    for (SitesAtDeal& one : out) {
      one.*side = (next == deals.end() ? deals.begin() : next)->first;
      if (next == deals.end()) continue;
      one.sites.insert(one.sites.end(), next->second.begin(), next->second.end());
      ++next;
    }
  };
  fill(at_home, &SitesAtDeal::home);
  fill(elsewhere, &SitesAtDeal::away);
  return out;
}

std::optional<Forecast> forecast_of(const RenderManifest& manifest, const Frames& left) {
  std::vector<FrameTime> measured;
  for (const RenderedFrame& one : manifest.frames) measured.push_back({.frame = one.frame, .took = one.took});
  // Those that came and are not well are to be rendered again; they are few, and not in it.
  const Frames other = without(gaps(manifest), left);
  return forecast(without(manifest.ask.frames, other), measured);
}

Error deadline_is_past() {
  return {.what = "it has passed, and the rest is not rendered",
          .where = {.file = "--deadline"},
          .mend = "Give another."};
}

Expected<ToldEstimate> tell_estimate(const Atlas& atlas, const RateYear& rates,
                                     const RenderManifest& manifest, const Frames& left,
                                     const Forecast& forecast, const EstimateTerms& terms) {
  const ClassPlaces& places = terms.places;
  ToldEstimate told;
  told.estimate = estimate_render(left, forecast, mean_start_up(manifest), places.at_once, terms.fixed_chunk);
  told.currency = places.currency;
  const bool is_past = terms.left && terms.left->value <= 0;
  double in_bytes = 0, out_bytes = 0;
  for (const RenderInput& one : manifest.ask.inputs) in_bytes += static_cast<double>(one.object.bytes);
  for (const RenderedFrame& one : manifest.frames) out_bytes += static_cast<double>(one.object.bytes);
  const double frame_bytes = out_bytes / static_cast<double>(manifest.frames.size());
  std::vector<PricedRender> priced;
  for (const PricedSites& one : terms.priced) {
    auto some =
        price_render(atlas, rates, told.estimate,
                     {.like = terms.like,
                      .from = {places.from},
                      .at = one.sites,
                      .home = one.home,
                      .away = one.away,
                      .task = terms.task,
                      .in = gigabytes(in_bytes),
                      .out = gigabytes(frame_bytes * static_cast<double>(left.size())),
                      .deadline = is_past ? kDay : terms.left.value_or(kDay),
                      .start = hour_of_model_year(terms.now, standard_offset(atlas.country().time_zone))});
    if (!some) return std::unexpected(some.error());
    widen(told.price, some->anywhere());
    priced.push_back(std::move(*some));
  }
  told.page.blocks.emplace_back(facts(told, priced.front(), places));
  for (const PricedRender& some : priced) {
    for (Block& block : price_blocks(atlas, some.question, some.verdict))
      told.page.blocks.push_back(std::move(block));
  }
  if (is_past)
    told.no.push_back(deadline_is_past());
  else if (terms.left)
    hold_against(told, "--deadline", in_hours(told.estimate.until.low).value,
                 in_hours(told.estimate.until.high).value, terms.left->value,
                 fmt::format("the rest takes {}, and there is {} left",
                             range(time_text(told.estimate.until.low), time_text(told.estimate.until.high)),
                             time_text(from_hours(*terms.left))),
                 "Give it more time, fewer frames, or ask for more cores.");
  if (terms.budget && told.price)
    hold_against(told, "--budget", terms.spent + told.price->low.value, terms.spent + told.price->high.value,
                 *terms.budget,
                 fmt::format("the rest costs {} {}, and {} of {} are spent",
                             range(compact(told.price->low.value), compact(told.price->high.value)),
                             told.currency, compact(terms.spent), compact(*terms.budget)),
                 "Give it more, or fewer frames.");
  if (places.at_once == 0)
    told.no.push_back({.what = fmt::format("no pool that is up has {} cores", terms.task.cores),
                       .where = {.file = "--cores"},
                       .mend = "`hinterland pools` says what they have."});
  return told;
}

Json estimate_json(const ToldEstimate& told) {
  const RenderEstimate& estimate = told.estimate;
  const auto times = [](const TimeRange& range) {
    return Json{{"low_s", static_cast<double>(range.low.ms) / 1000},
                {"central_s", static_cast<double>(range.central.ms) / 1000},
                {"high_s", static_cast<double>(range.high.ms) / 1000}};
  };
  Json json = {{"measured", estimate.forecast.measured},
               {"left", estimate.forecast.unseen},
               {"frame_s", static_cast<double>(estimate.forecast.frame.ms) / 1000},
               {"start_up_s", static_cast<double>(estimate.start_up.ms) / 1000},
               {"tasks", estimate.chunks.size()},
               {"at_once", estimate.at_once},
               {"work", times(estimate.work)},
               {"until", times(estimate.until)}};
  if (told.price)
    json["price"] = {{"low", told.price->low.value},
                     {"central", told.price->central.value},
                     {"high", told.price->high.value},
                     {"currency", told.currency}};
  return json;
}

}  // namespace hinterland
