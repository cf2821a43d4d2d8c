// Published figures, and the one row of the spatial economy.
#include "hinterland/atlas/published_figure.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "hinterland/atlas/check.hpp"
#include "hinterland/base/file.hpp"
#include "tests/china.hpp"

using namespace hinterland;

namespace {

Expected<Atlas> with_books(const std::string& table, const std::string& rows) {
  const std::string folder = std::filesystem::temp_directory_path() / "hinterland-figure-test";
  std::filesystem::create_directories(folder);
  REQUIRE(write_text(folder + "/" + table + ".csv", rows).has_value());
  auto atlas = load_atlas(HINTERLAND_SOURCE_DIR "/data/atlas/china", folder);
  std::filesystem::remove_all(folder);
  return atlas;
}

}  // namespace

TEST_CASE("a figure that nobody gave needs no source, and one that somebody gave does") {
  std::size_t open = 0;
  for (const PublishedFigure& one : china().figures) {
    CAPTURE(one.id.text);
    const Provenance who = provenance(china(), "figures", one.id.text, "value");
    CHECK(who.kind.empty() == !one.value.has_value());
    if (!one.value) ++open;
  }
  CHECK(open > 0);
  CHECK(check_atlas(china()).honest());
}

TEST_CASE("books give a figure that was open") {
  const auto atlas = with_books("figures", "id,value\nguizhou-internet-2016,0.43\n");
  REQUIRE(atlas.has_value());
  CHECK(atlas->figures.at({"guizhou-internet-2016"}).value == 0.43);
  CHECK(provenance(*atlas, "figures", "guizhou-internet-2016", "value").kind == "yours");
}

TEST_CASE("there is one spatial economy, each figure of it assumed with a range") {
  REQUIRE(china().spatial_economy.size() == 1);
  for (const auto& field : spatial_economy_fields()) {
    if (!field.is_fact) continue;
    CAPTURE(field.name);
    const Provenance who = provenance(china(), "spatial_economy", "china", field.name);
    CHECK(who.kind == kAssumed);
    REQUIRE((who.low && who.high));
    CHECK(*who.low < *who.high);
  }
  const auto two = with_books(
      "spatial_economy",
      "id,capital_share,owners_elsewhere,agglomeration,trade_elasticity,distance_decay,home_km,housing_share,"
      "housing_elasticity,migration_elasticity,barrier_share\nother,0.5,0.5,0.05,4,1,150,0.2,1,1.5,0.5\n");
  REQUIRE_FALSE(two.has_value());
  CHECK(describe(two.error().front()).find("2 rows where one holds for all") != std::string::npos);
}
