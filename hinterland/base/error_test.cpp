// Errors: how they read, how many are kept, which name was meant.
#include "hinterland/base/error.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace hinterland;

namespace {

Error numbered(long line) {
  return {.what = "wrong", .where = {.file = "f", .line = line}, .mend = "Mend it."};
}

Errors many(long count) {
  Errors errors;
  for (long i = 1; i <= count; ++i) add_error(errors, numbered(i));
  return errors;
}

}  // namespace

TEST_CASE("an error names file, line, column and field, and ends with what mends it") {
  const Error error{.what = "'abc' is no number",
                    .where = {.file = "sites.csv", .line = 7, .column = 12, .field = "fill"},
                    .mend = "Give a plain number."};
  CHECK(describe(error) == "sites.csv:7:12: fill: 'abc' is no number. Give a plain number.");
}

TEST_CASE("what is not known of a place is left out") {
  CHECK(describe({.what = "wrong", .where = {.file = "f"}, .mend = "Mend it."}) == "f: wrong. Mend it.");
  CHECK(describe({.what = "wrong", .where = {.file = "f", .line = 3}, .mend = ""}) == "f:3: wrong");
  CHECK(describe({.what = "wrong", .where = {}, .mend = "Mend it."}) == "wrong. Mend it.");
}

TEST_CASE("a sentence that has its full stop gets no second one") {
  CHECK(describe({.what = "Wrong.", .where = {}, .mend = "Mend it."}) == "Wrong. Mend it.");
}

TEST_CASE("a hundred problems are kept, and the rest are counted in one line") {
  CHECK(many(100).size() == kMostErrors);
  const Errors errors = many(157);
  REQUIRE(errors.size() == kMostErrors + 1);
  CHECK(errors[kMostErrors - 1].where.line == 100);
  CHECK(describe(errors.back()).starts_with("f: 57 more"));
}

TEST_CASE("a list of problems that overflowed keeps its count when it is added to another") {
  Errors all = many(30);
  for (const Error& error : many(150)) add_error(all, error);
  REQUIRE(all.size() == kMostErrors + 1);
  CHECK(describe(all.back()).starts_with("f: 80 more"));  // 30 + 150 - 100
}

TEST_CASE("a field that a file calls ' more' is a field") {
  Errors errors = many(100);
  add_error(errors, {.what = "Not a number.", .where = {.file = "f", .field = " more"}, .mend = ""});
  CHECK(describe(errors.back()).starts_with("f: 1 more"));
  CHECK(describe({.what = "x.", .where = {.file = "f", .field = " more"}, .mend = ""}) == "f:  more: x.");
}

TEST_CASE("however two lists are joined, what is kept and what is counted is all") {
  CHECK(rc::check("kept + counted = all, the count last", [] {
    const auto first = *rc::gen::inRange<long>(0, 250), second = *rc::gen::inRange<long>(0, 250);
    Errors all = many(first);
    for (const Error& error : many(second)) add_error(all, error);
    const long total = first + second;
    RC_ASSERT(static_cast<long>(all.size()) == std::min(total, 101L));
    if (total > 100) {
      RC_ASSERT(describe(all.back()).starts_with("f: " + std::to_string(total - 100) + " more"));
    }
  }));
}

TEST_CASE("the nearest name is the one with the fewest slips") {
  const std::vector<std::string> known = {"guian", "zhongwei", "horinger"};
  CHECK(nearest_name("guain", known) == "guian");
  CHECK(nearest_name("zongwei", known) == "zhongwei");
  CHECK(nearest_name("horinger", known) == "horinger");
}

TEST_CASE("no name is offered when none is near") {
  CHECK(nearest_name("atlantis", {"guian", "zhongwei"}).empty());
  CHECK(nearest_name("guian", {}).empty());
  CHECK(nearest_name(std::string(100'000, 'x'), {"guian"}).empty());
}

TEST_CASE("an unknown name among none is told that there is none") {
  CHECK(did_you_mean("x", {}) == "There is none.");
  CHECK(did_you_mean("x", {"abcdef", "ghijkl"}) == "Known: abcdef, ghijkl.");
}

TEST_CASE("a known name with up to two slips is always found again") {
  CHECK(rc::check("drop one byte and replace one", [] {
    const std::vector<std::string> known = {"power_price_cny_per_kwh", "building_life_years", "rack_fill"};
    const std::string name = *rc::gen::elementOf(known);
    std::string wrong = name;
    wrong.erase(*rc::gen::inRange<std::size_t>(0, wrong.size()), 1);
    wrong[*rc::gen::inRange<std::size_t>(0, wrong.size())] = 'q';
    RC_ASSERT(nearest_name(wrong, known) == name);
  }));
}
