#include "hinterland/journal/quotes_json.hpp"

#include <nlohmann/json.hpp>

namespace hinterland {

nlohmann::ordered_json quotes_json(const State& state, const std::function<bool(ProjectIndex)>& takes) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const QuoteBand& band : quote_bands(state, takes))
    rows.push_back({{"class", state.places[band.places]},
                    {"seen_from", band.seen_from},
                    {"jobs", band.jobs},
                    {"below", band.below},
                    {"within", band.within},
                    {"above", band.above},
                    {"above_most", band.above_most}});
  return rows;
}

}  // namespace hinterland
