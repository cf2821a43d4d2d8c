// Hourly curves of price and carbon.
#include "hinterland/atlas/curve.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/atlas/check.hpp"

using namespace hinterland;
namespace fs = std::filesystem;

namespace {

const std::string kChina = HINTERLAND_SOURCE_DIR "/data/atlas/china";

// A header and `rows` rows, each as `row` has it.
std::string table(const std::string& header, std::size_t rows,
                  const std::function<std::string(std::size_t)>& row) {
  std::string text = header + "\n";
  for (std::size_t i = 0; i < rows; ++i) text += row(i) + "\n";
  return text;
}
std::string prices(std::size_t rows) {
  return table("value_cny_per_kwh", rows,
               [](std::size_t i) { return fmt::format("{}", 0.2 + 0.01 * double(i % 24)); });
}

Expected<std::vector<double>> parse(const std::string& text, CurveUse use = CurveUse::level,
                                    CurveQuantity quantity = CurveQuantity::power_price) {
  Curve curve;
  curve.quantity = quantity;
  curve.use = use;
  return parse_curve(text, "c.csv", curve, "CNY");
}

std::string first_error(const Expected<std::vector<double>>& result) {
  REQUIRE_FALSE(result.has_value());
  return describe(result.error().front());
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Books {
  fs::path path =
      fs::temp_directory_path() /
      ("hinterland-curves-" +
       std::to_string(std::hash<std::string>{}(doctest::getContextOptions()->currentTest->m_name)));
  Books() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Books() { fs::remove_all(path); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path / name) << text; }
};

}  // namespace

TEST_CASE("a year of prices is read as it stands, negative ones too") {
  const auto hours = parse(table("hour,value_cny_per_kwh", 8760, [](std::size_t i) {
    return fmt::format("{},{}", i, i == 5 ? "-0.08" : "0.3");
  }));
  REQUIRE(hours.has_value());
  CHECK(hours->size() == 8760);
  CHECK((*hours)[5] == -0.08);
  CHECK((*hours)[6] == 0.3);
}

TEST_CASE("the column says the unit, or the file is refused") {
  CHECK(has(first_error(parse(table("value", 8760, [](auto) { return "1"; }))),
            "c.csv:1: value: unknown column"));
  CHECK(has(first_error(parse(prices(8760), CurveUse::shape)), "c.csv:1: value_cny_per_kwh: unknown column"));
  CHECK(has(first_error(parse(prices(8760), CurveUse::level, CurveQuantity::carbon_location)),
            "Give value_kg_per_kwh"));
  CHECK(parse(table("value_kg_per_kwh", 8760, [](auto) { return "0.5"; }), CurveUse::level,
              CurveQuantity::carbon_marginal)
            .has_value());
  CHECK(parse(table("value", 8760, [](auto) { return "3"; }), CurveUse::shape).has_value());
  CHECK(has(first_error(parse("id,name\na,b\n")), "unknown column"));
  CHECK(has(first_error(parse("")), "c.csv: the file is empty"));
}

TEST_CASE("a file that is no year is refused: short, long, leap, half hours, quarters") {
  CHECK(has(first_error(parse(prices(8759))), "8759 rows where a year has 8760"));
  CHECK(has(first_error(parse(prices(8784))), "Leave out the 24 hours of 29 February"));
  CHECK(has(first_error(parse(prices(17520))), "two half hours"));
  CHECK(has(first_error(parse(prices(35040))), "four quarters"));
  CHECK(has(first_error(parse(prices(200000))), "at least 35136 rows"));
}

TEST_CASE("bad hours are located, and none is filled in") {
  const auto with = [](std::size_t at, const std::string& cell) {
    return table("value_cny_per_kwh", 8760, [&](std::size_t i) { return i == at ? cell : "0.3"; });
  };
  CHECK(has(first_error(parse(with(10, "nan"))), "c.csv:12: value_cny_per_kwh: 'nan' is not a number"));
  CHECK(has(first_error(parse(with(10, "0.3,1"))), "c.csv:12: 2 cells where the header has 1"));
  CHECK(has(first_error(parse(with(10, "2000000"))), "c.csv:12: value_cny_per_kwh: 2000000 is out of range"));
  CHECK(parse(with(10, "6173")).has_value());  // won a kWh, in a spike
  CHECK(has(first_error(parse(with(10, "\"\""))), "c.csv:12: value_cny_per_kwh: a value is required"));
  // A missing hour, with and without a count of the hours.
  const auto hole = parse(table("hour,value_cny_per_kwh", 8759,
                                [](std::size_t i) { return fmt::format("{},0.3", i < 100 ? i : i + 1); }));
  CHECK(has(first_error(hole), "c.csv:102: hour: '101' stands where hour 100 is meant"));
  CHECK(hole.error().size() == 2);  // and that the rows are too few
  CHECK(has(first_error(parse(table("value", 8760, [](auto) { return "0"; }), CurveUse::shape)),
            "no proportions"));
  CHECK(has(first_error(parse(table("value_kg_per_kwh", 8760, [](auto) { return "-1"; }), CurveUse::level,
                              CurveQuantity::carbon_location)),
            "out of range"));
}

TEST_CASE("a contract's hourly price comes with the books") {
  const Books books;
  books.write("curves.csv", "id,site,quantity,use,file\nmy-contract,guian,power_price,level,contract.csv\n");
  CHECK_FALSE(load_atlas(kChina, books.path.string()).has_value());  // the file is not there
  books.write("contract.csv", prices(8760));
  const auto atlas = load_atlas(kChina, books.path.string());
  REQUIRE(atlas.has_value());
  const Curve* curve = curve_of(*atlas, {"guian"}, CurveQuantity::power_price);
  REQUIRE(curve != nullptr);
  CHECK(curve->hours.size() == 8760);
  CHECK(curve->hours[1] == doctest::Approx(0.21));
  CHECK(curve_of(*atlas, {"guian"}, CurveQuantity::carbon_location) == nullptr);
  CHECK(curve_of(*atlas, {"zhongwei"}, CurveQuantity::power_price) == nullptr);
  CHECK(provenance(*atlas, "curves", "my-contract", "file").kind == "yours");
  CHECK(check_atlas(*atlas).honest());

  books.write("curves.csv",
              "id,site,quantity,use,file\nmy-contract,guian,power_price,level,contract.csv\n"
              "again,guian,power_price,level,contract.csv\n");
  CHECK(has(describe(load_atlas(kChina, books.path.string()).error().front()), "same site and quantity"));
  books.write("curves.csv",
              "id,site,quantity,use,file\nmy-contract,atlantis,power_price,level,contract.csv\n");
  CHECK_FALSE(load_atlas(kChina, books.path.string()).has_value());
}

TEST_CASE("--set of a curve reads it again") {
  const Books books;
  books.write("curves.csv", "id,site,quantity,use,file\nmine,guian,power_price,level,contract.csv\n");
  books.write("contract.csv", prices(8760));
  Atlas atlas = load_atlas(kChina, books.path.string()).value();
  REQUIRE(set_value(atlas, "curves.mine.site=zhongwei").has_value());
  CHECK(curve_of(atlas, {"zhongwei"}, CurveQuantity::power_price)->hours.size() == 8760);
  CHECK_FALSE(set_value(atlas, "curves.mine.use=shape").has_value());  // its column has a unit
}
