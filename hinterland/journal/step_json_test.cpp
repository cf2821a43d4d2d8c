#include "hinterland/journal/step_json.hpp"

#include <doctest/doctest.h>

#include "hinterland/journal/codec.hpp"
#include "hinterland/journal/test_facts.hpp"
#include "tests/seeds.hpp"

namespace hinterland {

namespace {

std::string trouble(std::string_view line) {
  const auto facts = parse_step(line, 3, {.file = "steps.jsonl", .line = 3});
  if (facts) return "none";
  const Error& error = facts.error().front();
  CHECK(error.where.file == "steps.jsonl");
  CHECK(error.where.line == 3);
  return error.what;
}

}  // namespace

TEST_CASE("every fact comes back from JSON as it was") {
  for (std::uint64_t seed = 0; seed < seeds(200); ++seed) {
    test::Chance chance(seed);
    const Facts facts = one_of_each(chance);
    const auto again = parse_step(step_json(seed, facts), seed, {});
    REQUIRE_MESSAGE(again, describe(again.error().front()));
    CHECK(encode(*again) == encode(facts));
  }
}

TEST_CASE("a step reads as documented") {
  CHECK(step_json(3, {fact::HoldSet{JobNumber{0}, true}}) ==
        R"({"step":3,"facts":[{"fact":"hold set","job":0,"held":true}]})");
  CHECK(step_json(1, {fact::PoolNamed{"\xff\x01"}}) ==
        R"({"step":1,"facts":[{"fact":"pool named","name":{"hex":"ff01"}}]})");
}

TEST_CASE("what is no step is said, with its fact and member") {
  CHECK(trouble(R"({"step":3,"facts":[]})") == "none");
  CHECK(trouble("") == "This is no step of a journal.");
  CHECK(trouble("[") == "This is no step of a journal.");
  CHECK(trouble(R"({"step":4,"facts":[]})") == "This is step 4, and step 3 is next.");
  CHECK(trouble(R"({"step":3,"facts":[{"fact":"dance"}]})") == "Fact 1: fact 'dance' is not known.");
  CHECK(trouble(R"({"step":3,"facts":[{"fact":"done","task":1},{"fact":"done"}]})") ==
        "Fact 2: task is missing.");
  CHECK(trouble(R"({"step":3,"facts":[{"fact":"done","task":-1}]})") == "Fact 1: task is out of range.");
  CHECK(trouble(R"({"step":3,"facts":[{"fact":"done","task":"1"}]})") == "Fact 1: task is no whole number.");
  CHECK(trouble(R"({"step":3,"facts":[{"fact":"done","task":1,"more":2}]})") ==
        "Fact 1: it has a member that is not known.");
  CHECK(trouble(R"({"step":3,"facts":[{"fact":"refused","task":1,"why":"tired"}]})") ==
        "Fact 1: why is not one of its words.");
  CHECK(trouble(R"({"step":3,"facts":[{"fact":"pool named","name":{"hex":"f"}}]})") ==
        "Fact 1: name is no hex.");
}

}  // namespace hinterland
