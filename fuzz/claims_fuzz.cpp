// Any bytes as a file of claims. Promised: one that is accepted names computations and numbers that there are, and held against
// an atlas it comes to a verdict each, or to located errors.
#include <algorithm>

#include "fuzz/fuzz.hpp"
#include "hinterland/claims/check.hpp"

namespace {

// The least that check_claims() asks: a country, a figure with and one without a value.
hinterland::Atlas small_atlas() {
  using namespace hinterland;
  Atlas atlas;
  atlas.countries.put({.id = {"x"}, .currency = "CNY"});
  atlas.regions.put({.id = {"r"}, .population_1e4 = 1, .gdp_1e8 = 1});
  atlas.accounts.put({.id = {"r-2024"}, .region = {"r"}, .year = 2024, .population_1e4 = 2, .gdp_1e8 = 3});
  atlas.groups.put({.id = {"all"}, .grouping = "one", .regions = {{"r"}}});
  atlas.figures.put({.id = {"a"}, .name = "a", .unit = "u", .value = 2});
  atlas.figures.put({.id = {"b"}, .name = "b", .unit = "u"});
  return atlas;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  static const Atlas atlas = small_atlas();
  const auto file = parse_claims(text_of(data, size), "fuzz.toml");
  if (!file) {
    promise_errors(file.error());
    return 0;
  }
  promise(!file->claims.empty());
  for (const Claim& claim : file->claims) {
    for (const ClaimNumber& number : claim.numbers) {
      const Computation* known = computation_of(number.computation);
      promise(known != nullptr && known->takes(number.operands.size()));
    }
  }
  const auto check = check_claims(atlas, *file, {});
  if (!check) {
    promise_errors(check.error());
    return 0;
  }
  promise(check->claims.size() == file->claims.size() && check->shown.size() == check->claims.size());
  for (std::size_t i = 0; i < check->claims.size(); ++i) {
    promise(check->claims[i].tests.size() == file->claims[i].tests.size());
    promise(!check->claims[i].tests.empty() || check->claims[i].verdict == ClaimVerdict::unchecked);
    promise(!check->claims[i].sentence.empty() || !file->claims[i].print.empty());
  }
  promise(!claims_json(*check).empty());
  return 0;
}
