#include <nlohmann/json.hpp>
#include <utility>

#include "hinterland/serve/answers.hpp"
#include "hinterland/serve/events.hpp"
#include "hinterland/serve/listing.hpp"
#include "hinterland/serve/metrics.hpp"
#include "hinterland/serve/openapi.hpp"
#include "hinterland/serve/route.hpp"

namespace hinterland {

namespace {

constexpr double kMostStep = 9'007'199'254'740'991.0;

void says_ok(ApiContext&, const ApiRequest&, const Reply& reply) {
  ApiResponse response;
  response.body = "ok\n";
  response.type = "text/plain; charset=utf-8";
  reply(std::move(response));
}

void show_metrics(ApiContext& context, const ApiRequest&, const Reply& reply) {
  ApiResponse response;
  response.body = metrics_text(context.service);
  response.type = "text/plain; version=0.0.4; charset=utf-8";
  reply(std::move(response));
}

void show_openapi(ApiContext&, const ApiRequest&, const Reply& reply) {
  ApiResponse response;
  response.body = openapi_text();
  reply(std::move(response));
}

void listen(ApiContext& context, const ApiRequest& asked, const Reply& reply) {
  auto after = asked.number<std::uint64_t>("after");
  if (!asked.head.last_event.empty()) {
    std::uint64_t last = 0;
    const std::string& text = asked.head.last_event;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), last);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size())
      return reply(bad(400, "The Last-Event-ID is no number of a step."));
    after = last;
  }
  ApiResponse response;
  response.type = "text/event-stream";
  response.headers = {{"Cache-Control", "no-store"}};
  response.events = context.events.open(asked.caller, after);
  reply(std::move(response));
}

Route showing(std::string_view path, Role role, std::string_view what, std::string_view answers,
              std::function<void(ApiContext&, const ApiRequest&, Reply)> handle) {
  return {.method = "GET",
          .path = path,
          .role = role,
          .reach = Reach::all,
          .what = what,
          .parameters = {},
          .answers = answers,
          .handle = std::move(handle)};
}

}  // namespace

std::vector<Route> house_routes() {
  std::vector<Route> table;
  table.push_back(showing("/v1/cost", Role::views, "What was metered and billed, by project, class and pool.",
                          "Cost", [](ApiContext& context, const ApiRequest& asked, const Reply& reply) {
                            reply(good(cost_json(context.service, asked.caller)));
                          }));
  table.back().reach = Reach::theirs;
  table.push_back(showing("/v1/events", Role::views,
                          "What happens, as server-sent events, one a step of the journal.",
                          "text/event-stream", listen));
  table.back().reach = Reach::theirs;
  table.back().parameters = {{.name = "after",
                              .what = "what came after that step; else what comes from now on",
                              .least = 0,
                              .most = kMostStep,
                              .choices = {}}};
  table.push_back(showing("/v1/health", Role::views, "How the broker is.", "Health",
                          [](ApiContext& context, const ApiRequest&, const Reply& reply) {
                            reply(good(health_json(context.service)));
                          }));
  table.push_back(showing("/metrics", Role::views, "For Prometheus.", "text/plain", show_metrics));
  table.back().reach = Reach::house;
  table.push_back(showing("/healthz", Role::anybody, "It answers.", "text/plain", says_ok));
  // One that does not lead, or has not recovered, does not listen.
  table.push_back(showing("/readyz", Role::anybody, "It takes submissions.", "text/plain", says_ok));
  table.push_back(showing("/openapi.json", Role::anybody, "This table.", "Table", show_openapi));
  return table;
}

}  // namespace hinterland
