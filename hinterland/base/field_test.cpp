// Field tables: one description reads and checks cells, tables and TOML records.
#include "hinterland/base/record.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>

using namespace hinterland;

namespace {

enum class Cooling { air, water };

struct Place {
  SiteId id;
  std::string name;
  Kilowatts capacity;
  double fill = 0;
  Cooling cooling = Cooling::air;
  std::vector<Certification> certifications;
  std::optional<Hours> latency;
  double tasks = 0;
};

Fields<Place> place_fields() {
  return {
      field("id", &Place::id).documented("short name"),
      field("name", &Place::name).optional().documented("English name"),
      field("capacity_mw", &Place::capacity, kKilowattsPerMegawatt).above(0, 1e5).documented("IT power"),
      field("fill", &Place::fill).within(0, 1).documented("share"),
      choice("cooling", &Place::cooling, {"air", "water"}).documented("cooling system"),
      field("certifications", &Place::certifications).optional().documented("what for"),
      field("latency_ms", &Place::latency, kHoursPerMillisecond).within(0, 1000).documented("one way"),
      field("tasks", &Place::tasks).above(0).by_default("1").documented("how many"),
  };
}

const Field& described(const std::string& name) {
  static const auto fields = descriptions(place_fields());
  return *std::ranges::find(fields, name, &Field::name);
}

Expected<std::vector<RecordRow>> table(const std::string& text, bool partial = false) {
  return parse_table(text, "places.csv", descriptions(place_fields()), partial);
}

Expected<RecordRow> record(const std::string& text) {
  const auto tree = parse_toml(text, "place.toml");
  REQUIRE(tree.has_value());
  return parse_record(*tree, descriptions(place_fields()));
}

// The message of the only error.
template <class T>
std::string only_error(const Expected<T>& result) {
  REQUIRE_FALSE(result.has_value());
  REQUIRE(result.error().size() == 1);
  return describe(result.error().front());
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

const std::string kHeader = "id,capacity_mw,fill,cooling\n";
const std::string kToml = "id = \"a\"\ncapacity_mw = 2\nfill = 0.5\ncooling = \"air\"\n";

}  // namespace

TEST_CASE("a row fills a record in its canonical units") {
  const auto rows =
      table("id,capacity_mw,fill,cooling,certifications,latency_ms\na,2,0.5,water,mlps3;tpn,3.6\n");
  REQUIRE(rows.has_value());
  Place place;
  fill(place, place_fields(), rows->front());
  CHECK(place.id.text == "a");
  CHECK(place.capacity.value == 2000);
  CHECK(place.fill == 0.5);
  CHECK(place.cooling == Cooling::water);
  CHECK(place.certifications == std::vector<Certification>{{"mlps3"}, {"tpn"}});
  CHECK(in_milliseconds(*place.latency) == doctest::Approx(3.6));
  CHECK(place.tasks == 1);  // the default
}

TEST_CASE("columns may come in any order") {
  const auto rows = table("cooling,fill,id,capacity_mw\nair,0.25,a,1\n");
  REQUIRE(rows.has_value());
  Place place;
  fill(place, place_fields(), rows->front());
  CHECK(place.fill == 0.25);
  CHECK(place.id.text == "a");
}

TEST_CASE("an unknown column names its nearest neighbour") {
  const std::string error = only_error(table("id,capacity_mw,fill,cooling,latncy_ms\na,1,1,air,\n"));
  CHECK(has(error, "places.csv:1: latncy_ms: unknown column. Did you mean latency_ms?"));
}

TEST_CASE("a missing column and a column that stands twice are errors of the header's line") {
  CHECK(
      has(only_error(table("id,capacity_mw,fill\na,1,1\n")), "places.csv:1: cooling: the column is missing"));
  CHECK(has(only_error(table("id,capacity_mw,fill,cooling,fill\na,1,1,air,1\n")),
            "places.csv:1: fill: the column stands twice"));
}

TEST_CASE("a ragged row is an error of its line") {
  CHECK(
      has(only_error(table(kHeader + "a,1,1,air\nb,1,1\n")), "places.csv:3: 3 cells where the header has 4"));
}

TEST_CASE("an empty cell of a required column is an error") {
  CHECK(has(only_error(table(kHeader + "a,,1,air\n")), "places.csv:2: capacity_mw: a value is required"));
}

TEST_CASE("all bad cells of a table are listed together, in its order") {
  const auto rows = table(kHeader + "a,x,2,air\nb,1,1,ice\n");
  REQUIRE_FALSE(rows.has_value());
  REQUIRE(rows.error().size() == 3);
  CHECK(rows.error()[0].where.field == "capacity_mw");
  CHECK(rows.error()[1].where.field == "fill");
  CHECK(rows.error()[2].where.line == 3);
}

TEST_CASE("a table with a header alone has no row, and one without a header is empty") {
  CHECK(table(kHeader).value().empty());
  CHECK(has(only_error(table("")), "the file is empty"));
}

TEST_CASE("a partial table needs the first column only and fills nothing in") {
  const auto rows = table("id,fill\na,0.5\nb,\n", true);
  REQUIRE(rows.has_value());
  const auto fields = descriptions(place_fields());
  for (std::size_t i = 1; i < fields.size(); ++i) {
    CHECK(rows->front().given[i] == (fields[i].name == "fill"));
    CHECK_FALSE(rows->back().given[i]);
    CHECK(std::holds_alternative<std::monostate>(rows->back().values[i]));
  }
  CHECK(has(only_error(table("fill\n0.5\n", true)), "id: the column is missing"));
  CHECK(has(only_error(table("id,fill\n,0.5\n", true)), "places.csv:2: id: the row has no id"));
}

TEST_CASE("bounds are part of a range, and an open bound is not") {
  CHECK(parse_cell(described("fill"), "0", {}).has_value());
  CHECK(parse_cell(described("fill"), "1", {}).has_value());
  CHECK_FALSE(parse_cell(described("fill"), "1.0000001", {}).has_value());
  CHECK_FALSE(parse_cell(described("fill"), "-0.1", {}).has_value());
  CHECK_FALSE(parse_cell(described("capacity_mw"), "0", {}).has_value());
  CHECK(parse_cell(described("capacity_mw"), "100000", {}).has_value());
}

TEST_CASE("percent where a share is meant is recognised") {
  CHECK(has(only_error(parse_cell(described("fill"), "62.7", {})), "62.7 % is 0.627"));
}

TEST_CASE("a unit in the cell, NaN and infinity are no numbers") {
  for (const char* text : {"0.40 yuan", "nan", "inf", "1e999", "0,4", "40%"}) {
    CAPTURE(text);
    CHECK(has(only_error(parse_cell(described("fill"), text, {})), "is not a number"));
  }
}

TEST_CASE("a word that is no choice lists the choices") {
  CHECK(has(only_error(parse_cell(described("cooling"), "Air", {})), "Give one of: air, water."));
}

TEST_CASE("a range is described as mathematicians write it") {
  CHECK(describe_range(described("fill")) == "[0, 1]");
  CHECK(describe_range(described("capacity_mw")) == "(0, 100000]");
  CHECK(describe_range(described("tasks")) == "> 0");
  CHECK(describe_range(described("name")) == "any number");
}

TEST_CASE("a value written as a cell is read as the same value") {
  CHECK(rc::check("numbers", [] {
    const FieldValue value = *rc::gen::inRange(0, 1'000'001) / 1e6;
    RC_ASSERT(parse_cell(described("fill"), cell_text(value), {}).value() == value);
  }));
  CHECK(rc::check("texts", [] {
    const FieldValue value = *rc::gen::nonEmpty<std::string>();
    RC_ASSERT(parse_cell(described("name"), cell_text(value), {}).value() == value);
  }));
  CHECK(rc::check("lists", [] {
    const auto item =
        rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::element('a', '-', '3', ',', '"')));
    const FieldValue value = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(item));
    RC_ASSERT(parse_cell(described("certifications"), cell_text(value), {}).value() == value);
  }));
  CHECK(parse_cell(described("name"), cell_text(FieldValue{}), {}).value() == FieldValue{});
}

TEST_CASE("a field gives back what was set, in its own unit") {
  CHECK(rc::check([] {
    Place place;
    for (const auto& one : place_fields()) {
      if (one.name != "capacity_mw" && one.name != "tasks") continue;
      const double number = *rc::gen::inRange(1, 100'000);
      one.set(place, number);
      RC_ASSERT(std::get<double>(one.get(place)) == doctest::Approx(number).epsilon(1e-14));
    }
  }));
}

TEST_CASE("a TOML record may say how sure it is of a value") {
  const auto row = record(
      "id = \"a\"\ncooling = \"air\"\ncapacity_mw = 2\n"
      "fill = {value = 0.5, low = 0.4, high = 0.6, source = \"assumed\", note = \"why\"}\n");
  REQUIRE(row.has_value());
  CHECK(row->values[3] == FieldValue{0.5});
  CHECK(row->evidence[3].low == 0.4);
  CHECK(row->evidence[3].high == 0.6);
  CHECK(row->evidence[3].source == "assumed");
  CHECK(row->evidence[3].note == "why");
  CHECK(row->values[7] == FieldValue{1.0});  // the default
  CHECK_FALSE(row->given[7]);
}

TEST_CASE("a value outside its own low and high is refused") {
  const std::string head = "id = \"a\"\ncooling = \"air\"\ncapacity_mw = 2\n";
  CHECK(has(only_error(record(head + "fill = {value = 0.5, low = 0.6}\n")), "outside its own low and high"));
  CHECK(has(only_error(record(head + "fill = {value = 0.5, high = 0.4}\n")), "place.toml:4"));
}

TEST_CASE("low and high are finite numbers") {
  const std::string head = "id = \"a\"\ncooling = \"air\"\ncapacity_mw = 2\n";
  for (const char* bad : {"nan", "inf", "-inf", "\"0.1\""}) {
    CAPTURE(bad);
    CHECK(has(only_error(record(head + "fill = {value = 0.5, low = " + bad + "}\n")), "'low'"));
  }
}

TEST_CASE("an unknown key, a wrong kind and a missing value are errors at their keys") {
  CHECK(has(only_error(record(kToml + "coling = \"air\"\n")), "coling: unknown key. Did you mean cooling?"));
  CHECK(has(only_error(record("id = \"a\"\ncapacity_mw = \"2\"\nfill = 0\ncooling = \"air\"\n")),
            "place.toml:2:15: capacity_mw: '2' is text, not a number"));
  CHECK(
      has(only_error(record("id = 7\ncapacity_mw = 2\nfill = 0\ncooling = \"air\"\n")), "Put it in quotes."));
  CHECK(has(only_error(record("id = [\"a\"]\ncapacity_mw = 2\nfill = 0\ncooling = \"air\"\n")),
            "a list stands"));
  CHECK(has(only_error(record(kToml + "certifications = \"mlps3\"\n")), "Write [\"mlps3\"]."));
  CHECK(has(only_error(record(kToml + "latency_ms = {low = 1}\n")), "the value itself is missing"));
  CHECK(has(only_error(record(kToml + "latency_ms = true\n")), "this kind of value has no meaning"));
  CHECK(has(only_error(record("id = \"a\"\nfill = 0\ncooling = \"air\"\n")),
            "capacity_mw: a value is required"));
}

TEST_CASE("NaN and infinity are no numbers in TOML either") {
  for (const char* bad : {"nan", "inf", "-inf", "+nan"}) {
    CAPTURE(bad);
    CHECK(has(only_error(record(kToml + "tasks = " + bad + "\n")), "not finite"));
  }
}

TEST_CASE("more than a hundred bad cells are counted, not kept") {
  std::string text = kHeader;
  for (int i = 0; i < 250; ++i) text += fmt::format("p{},1,x,air\n", i);
  const auto rows = table(text);
  REQUIRE_FALSE(rows.has_value());
  REQUIRE(rows.error().size() == kMostErrors + 1);
  CHECK(has(describe(rows.error().back()), "150 more"));
}

namespace {

struct Grid {
  std::vector<double> shares;
};

Fields<Grid> grid_fields() { return {field("shares", &Grid::shares, 2).within(0, 1).documented("x")}; }

Expected<RecordRow> grid_record(const std::string& text) {
  return parse_record(parse_toml(text, "g.toml").value(), descriptions(grid_fields()));
}

}  // namespace

TEST_CASE("a list of numbers is read from TOML and from a cell, and fills its member in the canonical unit") {
  const auto row = grid_record("shares = [0, 0.25, 1]\n");
  REQUIRE(row.has_value());
  CHECK(row->values[0] == FieldValue{std::vector<double>{0, 0.25, 1}});
  CHECK(parse_cell(grid_fields()[0], "0;0.25;1", {}).value() == row->values[0]);
  CHECK(cell_text(row->values[0]) == "0;0.25;1");
  Grid grid;
  fill(grid, grid_fields(), *row);
  CHECK(grid.shares == std::vector<double>{0, 0.5, 2});
  CHECK(grid_fields()[0].get(grid) == row->values[0]);
  CHECK(grid_record("shares = []\n").has_value());
  CHECK(grid_record("")->values[0] == FieldValue{});
}

TEST_CASE("a figure is shown as somebody wrote it, not as its unit's factor left it") {
  CHECK(cell_text(30.0 / 3.6e6 * 3.6e6) == "30");
  CHECK(cell_text(29.999999999999996) == "30");
  CHECK(cell_text(0.1 + 0.2) == "0.3");
  CHECK(cell_text(0.123456789012345) == "0.123456789012345");
}

TEST_CASE("each number of a list is held to the field's range") {
  CHECK(has(only_error(grid_record("shares = [0.5, 1.5]\n")), "g.toml:1:10: shares: 1.5 is out of range"));
  CHECK(has(only_error(grid_record("shares = [0.5, nan]\n")), "a number of the list is not finite"));
  CHECK(has(only_error(grid_record("shares = 0.5\n")), "Write [0.5]."));
  CHECK(has(only_error(grid_record("shares = \"0.5\"\n")), "stands where a list of numbers is meant"));
  CHECK(
      has(only_error(grid_record("shares = [\"0.5\"]\n")), "a list of texts stands where numbers are meant"));
  CHECK(has(only_error(record(kToml + "tasks = [1, 2]\n")), "a list of numbers stands where something else"));
  CHECK_FALSE(parse_cell(grid_fields()[0], "0.5;x", {}).has_value());
}
