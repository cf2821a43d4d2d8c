#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "hinterland/base/number.hpp"
#include "hinterland/serve/answers.hpp"
#include "hinterland/serve/listing.hpp"
#include "hinterland/serve/route.hpp"

namespace hinterland {

namespace {

constexpr double kMostHours = 8760;

template <class F>
std::function<void(ApiContext&, const ApiRequest&, Reply)> of_pool(F f) {
  return [f](ApiContext& context, const ApiRequest& asked, const Reply& reply) {
    const State& state = context.service.broker().state();
    const auto found = std::ranges::find(state.pools, asked.text("pool"), &PoolFacts::name);
    if (found == state.pools.end()) return reply(bad(Denial::no_pool));
    f(context, asked, PoolIndex{static_cast<std::size_t>(found - state.pools.begin())}, reply);
  };
}
template <class F>
std::function<void(ApiContext&, const ApiRequest&, Reply)> tells(F event_of) {
  return of_pool([event_of](ApiContext& context, const ApiRequest& asked, PoolIndex pool,
                            const Reply& reply) { context.tell(asked, event_of(pool), answer_with(reply)); });
}

void warn(ApiContext& context, const ApiRequest& asked, PoolIndex pool, const Reply& reply) {
  const Hours hours{parse_number(asked.text("hours")).value()};
  context.tell(asked, event::Warning{.pool = pool, .from = context.service.now() + from_hours(hours)},
               answer_with(reply));
}

// All hosts of the pool that are condemned; answered when the last is pardoned.
void pardon(ApiContext& context, const ApiRequest& asked, PoolIndex pool, const Reply& reply) {
  const std::vector<HostState>& hosts = context.service.broker().state().hosts;
  std::vector<HostIndex> condemned;
  for (std::size_t h = 0; h < hosts.size(); ++h) {
    if (hosts[h].pool == pool && hosts[h].condemned) condemned.emplace_back(h);
  }
  if (condemned.empty()) return reply(bad(409, "None of its hosts is condemned."));
  context.note(asked);
  for (const HostIndex host : condemned)
    context.service.tell(event::Pardon{.host = host}, host == condemned.back()
                                                          ? answer_with(reply)
                                                          : Service::Answer([](const effect::Respond&) {}));
}

Route changing(std::string_view path, std::string_view what,
               std::function<void(ApiContext&, const ApiRequest&, Reply)> handle) {
  return {.method = "POST",
          .path = path,
          .role = Role::operates,
          .reach = Reach::house,
          .what = what,
          .parameters = {},
          .answers = "Done",
          .handle = std::move(handle)};
}

}  // namespace

std::vector<Route> pool_routes() {
  std::vector<Route> table;
  table.push_back({.method = "GET",
                   .path = "/v1/pools",
                   .reach = Reach::all,
                   .what = "The pools: what runs there, and what is wrong with them.",
                   .parameters = {},
                   .answers = "Pools",
                   .handle = [](ApiContext& context, const ApiRequest&, const Reply& reply) {
                     reply(good(pools_json(context.service)));
                   }});
  table.push_back(changing("/v1/pools/{pool}/drain", "Places nothing more there.", tells([](PoolIndex pool) {
                             return event::Drain{.client = 0, .pool = pool, .on = true};
                           })));
  table.push_back(changing("/v1/pools/{pool}/resume", "Places work there again.", tells([](PoolIndex pool) {
                             return event::Drain{.client = 0, .pool = pool, .on = false};
                           })));
  table.push_back(
      changing("/v1/pools/{pool}/down", "It is lost: what it had is placed anew.",
               tells([](PoolIndex pool) { return event::SiteDown{.pool = pool, .down = true}; })));
  table.push_back(changing("/v1/pools/{pool}/up", "It is back.", tells([](PoolIndex pool) {
                             return event::SiteDown{.pool = pool, .down = false};
                           })));
  Route warning =
      changing("/v1/pools/{pool}/warn", "It may be lost: work that would not be done by then goes elsewhere.",
               of_pool(warn));
  warning.parameters = {{.name = "hours",
                         .what = "from now until then",
                         .least = 0,
                         .most = kMostHours,
                         .choices = {},
                         .whole = false,
                         .needed = true}};
  table.push_back(std::move(warning));
  table.push_back(changing("/v1/pools/{pool}/all-clear", "It will not be lost.", tells([](PoolIndex pool) {
                             return event::Warning{.pool = pool, .from = kNever};
                           })));
  table.push_back(
      changing("/v1/pools/{pool}/pardon", "Its hosts that were condemned are mended.", of_pool(pardon)));
  return table;
}

}  // namespace hinterland
