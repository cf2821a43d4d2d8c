// climate.csv stores what calibrate_vapour gives for each station, so that a verb need not take the time.
//
// When normals or the generator change this test fails, and writes the table as it must be into the system's temporary
// folder; its message names the file, to be copied over data/atlas/china/climate.csv.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/base/csv.hpp"
#include "hinterland/base/file.hpp"
#include "hinterland/base/number.hpp"

using namespace hinterland;

namespace {

const std::string kTable = HINTERLAND_SOURCE_DIR "/data/atlas/china/climate.csv";
constexpr double kStoredTo =
    1e-6;  // six decimals are stored; one ulp of libm does not move them by more than one unit

// The table's text with other values in its last column, vapour_correction.
std::string with_corrections(const std::map<std::string, double>& by_id) {
  const std::string text = read_text(kTable).value();
  std::string out = text.substr(0, text.find('\n') + 1);
  CsvReader reader(text, kTable);
  CsvRow row;
  REQUIRE(reader.next(row).value());
  REQUIRE(row.cells.back() == "vapour_correction");
  while (reader.next(row).value()) {
    for (std::size_t i = 0; i + 1 < row.cells.size(); ++i) out += std::string(row.cells[i]) + ",";
    out += fmt::format("{:.6f}", by_id.at(std::string(row.cells.front()))) + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("the stored vapour corrections are those of the generator") {
  const Atlas china = load_atlas(HINTERLAND_SOURCE_DIR "/data/atlas/china").value();
  std::map<std::string, double> computed;
  double worst = 0;
  for (const Station& station : china.stations) {
    Site site;
    site.climate_station = station.id;
    const auto corrections = calibrate_vapour(climate_of(china, site));
    for (std::size_t month = 0; month < 12; ++month) {
      const std::string id = fmt::format("{}-{:02}", station.id.text, month + 1);
      computed[id] = corrections[month];
      worst = std::max(worst, std::abs(corrections[month] - china.climate.at({id}).vapour_correction));
    }
  }
  if (worst > 2 * kStoredTo) {
    const auto path = std::filesystem::temp_directory_path() / "climate.csv";
    std::ofstream(path) << with_corrections(computed);
    FAIL_CHECK("vapour corrections are off by up to " << worst
                                                      << "; the table as it must be: " << path.string());
  }
  // They do something: without them the generated months would be off by their size.
  double largest = 0;
  for (const ClimateMonth& one : china.climate) largest = std::max(largest, std::abs(one.vapour_correction));
  CHECK(largest > 0.001);
  CHECK(largest < 0.3);
}
