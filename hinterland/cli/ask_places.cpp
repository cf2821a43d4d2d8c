#include "hinterland/cli/ask_places.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace hinterland {

using Json = nlohmann::ordered_json;

Expected<ClassPlaces> ask_places(const BrokerPlace& broker, const std::string& work, double cores_each) {
  const auto pools = ask_broker_json(broker, "GET", "/v1/pools");
  if (!pools) return std::unexpected(pools.error());
  ClassPlaces out;
  out.currency = pools->at("currency").get<std::string>();
  for (const Json& one : pools->at("classes")) {
    if (!out.workload.empty() || (!work.empty() && one.at("name") != work)) continue;
    out.workload = one.at("workload").get<std::string>();
    out.from = one.at("from").get<std::string>();
  }
  for (const Json& one : pools->at("pools")) {
    const auto cores = one.at("cores").get<std::uint64_t>();
    if (one.at("state") != "up") continue;
    out.at_once += static_cast<std::size_t>(static_cast<double>(cores) / cores_each);
    const SiteId site{one.at("place").get<std::string>()};
    if (site.empty()) continue;
    std::string deal = one.at("basis").get<std::string>();
    if (const auto rate = one.find("rate_per_server_hour"); rate != one.end())
      deal += fmt::format("={}", rate->get<double>());
    out.deals.emplace_back(site, std::move(deal));
  }
  return out;
}

}  // namespace hinterland
