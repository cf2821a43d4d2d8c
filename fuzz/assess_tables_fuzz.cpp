// Any bytes as the tables that `assess` is given: an input-output table, places, counts of deals. Promised: what is accepted is in
// balance, no place is worse off than nothing, and counts come in the order of their dates.
#include <algorithm>
#include <cmath>

#include "fuzz/fuzz.hpp"
#include "hinterland/impact/inequality.hpp"
#include "hinterland/impact/io_table.hpp"
#include "hinterland/impact/pipeline.hpp"
#include "hinterland/impact/place_table.hpp"

namespace {

using namespace hinterland;

void read_io_table(std::string_view text) {
  const auto table = parse_io_table(text, "fuzz.csv", 1e4);
  if (!table) return promise_errors(table.error());
  promise(table->size() > 0 && table->output.size() == table->size());
  for (std::size_t of = 0; of < table->size(); ++of) {
    double sold = 0, bought = table->value_added(of);
    for (std::size_t by = 0; by < table->size(); ++by) {
      promise(table->domestic(of, by) >= 0 && table->imported(of, by) >= 0);
      sold += table->domestic(of, by);
      bought += table->domestic(by, of) + table->imported(by, of);
    }
    const FinalUse& use = table->domestic_use;
    sold += use.consumption[of] + use.capital[of] + use.inventories[of] + use.exports[of];
    const double most = 1e-5 * std::max(1.0, table->output[of]);
    promise(std::abs(sold - table->output[of]) <= most && std::abs(bought - table->output[of]) <= most);
  }
}

void read_places_of(std::string_view text, const PlaceColumns& columns) {
  const auto table = parse_places(text, "fuzz.csv", columns);
  if (!table) return promise_errors(table.error());
  promise(!table->places.empty() && table->group_of.size() == table->places.size());
  for (std::size_t k = 0; k < table->places.size(); ++k) {
    const Holding& place = table->places[k];
    promise(place.weight > 0 && place.per_head >= 0 && std::isfinite(place.per_head));
    promise(table->group_of[k] < table->groups.size());
  }
  const Inequality all = inequality_of(table->places);
  promise(all.theil_t >= -1e-12 && all.gini >= -1e-12 && all.gini < 1);
}

void read_deals(std::string_view text) {
  const auto counts = parse_deal_counts(text, "fuzz.csv", 2020);
  if (!counts) return promise_errors(counts.error());
  promise(!counts->empty());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  read_io_table(text);
  read_places_of(text, {.value = "v", .weight = "", .group = ""});
  read_places_of(text, {.value = "v", .weight = "w", .group = "g"});
  read_deals(text);
  return 0;
}
