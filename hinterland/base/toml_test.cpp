// TOML as a plain tree, with the place of each entry.
#include "hinterland/base/toml.hpp"

#include <doctest/doctest.h>

using namespace hinterland;

namespace {

Error first_error(std::string_view text) {
  const auto table = parse_toml(text, "t.toml");
  REQUIRE_FALSE(table.has_value());
  return table.error().front();
}

}  // namespace

TEST_CASE("each kind of value that field tables use is kept") {
  const auto table = parse_toml(
      "flag = true\nwhole = 3\nhalf = 0.5\ntext = \"贵安\"\nlist = [\"a\", \"b\"]\n"
      "inner = {value = 1}\nnumbers = [1, 2.5, -3]\nnone = []\n",
      "t.toml");
  REQUIRE(table.has_value());
  CHECK(std::get<bool>(table->find("flag")->value));
  CHECK(std::get<double>(table->find("whole")->value) == 3);
  CHECK(std::get<double>(table->find("half")->value) == 0.5);
  CHECK(std::get<std::string>(table->find("text")->value) == "贵安");
  CHECK(std::get<std::vector<std::string>>(table->find("list")->value) == std::vector<std::string>{"a", "b"});
  CHECK(std::get<double>(std::get<TomlTable>(table->find("inner")->value).find("value")->value) == 1);
  CHECK(std::get<std::vector<double>>(table->find("numbers")->value) == std::vector<double>{1, 2.5, -3});
  CHECK(std::get<std::vector<std::string>>(table->find("none")->value).empty());
  CHECK(table->find("nothing") == nullptr);
}

TEST_CASE("entries come in the order of the file and know their place") {
  const auto table = parse_toml("zebra = 1\n\n  apple = 2\n", "t.toml");
  REQUIRE(table.has_value());
  REQUIRE(table->entries.size() == 2);
  CHECK(table->entries[0].key == "zebra");
  CHECK(table->entries[1].key == "apple");
  CHECK(table->entries[1].where.file == "t.toml");
  CHECK(table->entries[1].where.line == 3);
  CHECK(table->entries[1].where.field == "apple");
}

TEST_CASE("text that is no TOML is located") {
  const Error error = first_error("a = 1\nb = = 2\n");
  CHECK(error.where.file == "t.toml");
  CHECK(error.where.line == 2);
  CHECK(error.what.find("not TOML") != std::string::npos);
}

TEST_CASE("a key that stands twice is an error at its second place") {
  CHECK(first_error("a = 1\nb = 2\na = 3\n").where.line == 3);
}

TEST_CASE("dates have no meaning here") {
  const Error error = first_error("a = 1\nday = 2024-02-29\n");
  CHECK(error.where.line == 2);
  CHECK(error.where.field == "day");
}

TEST_CASE("a list holds texts only, or numbers only") {
  CHECK(first_error("a = [\"x\", 1]\n").where.field == "a");
  CHECK(first_error("a = [1, \"x\"]\n").where.field == "a");
  CHECK(first_error("a = [true]\n").where.field == "a");
  CHECK(first_error("a = [[\"x\"]]\n").where.field == "a");
}

TEST_CASE("all entries without meaning are listed together") {
  const auto table = parse_toml("a = 2024-01-01\nb = [[1]]\nc = 12:00:00\n", "t.toml");
  REQUIRE_FALSE(table.has_value());
  CHECK(table.error().size() == 3);
}

TEST_CASE("deep nesting is refused and does not break the stack") {
  CHECK(first_error("a = " + std::string(10'000, '[')).what.find("not TOML") != std::string::npos);
  std::string tables = "a = ";
  for (int i = 0; i < 10'000; ++i) tables += "{a = ";
  CHECK(first_error(tables).what.find("not TOML") != std::string::npos);
}

TEST_CASE("a key of very many parts is refused and does not break the stack") {
  std::string key = "a";
  for (int i = 0; i < 50'000; ++i) key += ".a";
  CHECK_FALSE(parse_toml(key + " = 1\n", "t.toml").has_value());
  CHECK_FALSE(parse_toml("[" + key + "]\n", "t.toml").has_value());
}

TEST_CASE("a document within the limits may be as crooked as it likes and is still refused calmly") {
  std::string key = "a";
  for (int i = 0; i < 3900; ++i) key += ".a";
  CHECK(first_error(key + " = 1\n").what.find("too deeply") != std::string::npos);
}

TEST_CASE("an empty document is an empty table") {
  const auto table = parse_toml("", "t.toml");
  REQUIRE(table.has_value());
  CHECK(table->entries.empty());
}
