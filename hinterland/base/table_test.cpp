// Tables keep the order of their file and find a record by its id.
#include "hinterland/base/table.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>

#include "hinterland/base/id.hpp"

using namespace hinterland;

namespace {

struct Row {
  SiteId id;
  int value = 0;
};

}  // namespace

TEST_CASE("an id that is not there is found as nothing") {
  Table<Row> table;
  CHECK(table.empty());
  table.put({.id = {"guian"}, .value = 1});
  CHECK(table.find({"zhongwei"}) == nullptr);
  CHECK(table.find({""}) == nullptr);
}

TEST_CASE("a record with a known id takes the old one's place") {
  Table<Row> table;
  table.put({.id = {"a"}, .value = 1});
  table.put({.id = {"b"}, .value = 2});
  table.put({.id = {"a"}, .value = 3});
  CHECK(table.size() == 2);
  CHECK(table.rows().front().id.text == "a");
  CHECK(table.at({"a"}).value == 3);
}

TEST_CASE("a copy of a table is a table of its own") {
  Table<Row> one;
  one.put({.id = {"a"}, .value = 1});
  Table<Row> two = one;
  two.put({.id = {"a"}, .value = 2});
  CHECK(one.at({"a"}).value == 1);
  CHECK(two.at({"a"}).value == 2);
}

TEST_CASE("a table answers as a map that remembers the order of first appearance") {
  CHECK(rc::check([](const std::vector<std::pair<std::uint8_t, int>>& puts) {
    Table<Row> table;
    std::map<std::string, int> model;
    std::vector<std::string> order;
    for (const auto& [key, value] : puts) {
      const std::string id = std::to_string(key % 16);
      if (!model.contains(id)) order.push_back(id);
      model[id] = value;
      table.put({.id = {id}, .value = value});
    }
    RC_ASSERT(table.size() == model.size());
    std::vector<std::string> found;
    for (const Row& row : table) {
      found.push_back(row.id.text);
      RC_ASSERT(row.value == model.at(row.id.text));
      RC_ASSERT(table.find(row.id) == &row);
    }
    RC_ASSERT(found == order);
  }));
}
