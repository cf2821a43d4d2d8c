// Claims files: what is read, and what is refused where it stands.
#include <doctest/doctest.h>

#include <string>

#include "hinterland/claims/claim.hpp"
#include "hinterland/claims/sentence.hpp"

using namespace hinterland;

namespace {

const std::string kHead = "[texts.a]\nwords = \"a text\"\n[claims.C1]\nwords = \"it grew\"\ntext = \"a\"\n";

// All that is said against the file, as one text.
std::string refusal(const std::string& rest) {
  const auto file = parse_claims(kHead + rest, "c.toml");
  std::string said;
  if (!file) {
    for (const Error& error : file.error()) said += describe(error) + "\n";
  }
  return said;
}

bool contains(const std::string& text, const char* part) {
  CAPTURE(text);
  CAPTURE(part);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a claim is read with its numbers, tests and sentences") {
  const auto file =
      parse_claims(kHead +
                       "says.growth = { value = 0.5, unit = \"%\", digits = 0 }\n"
                       "numbers.growth = { growth = [\"figures.x.value\", \"figures.y.value\"], unit = "
                       "\"%\", label = \"grown\" }\n"
                       "tests.so = { left = \"growth\", is = \"equals\", right = \"says.growth\", within = "
                       "0.01, else = \"misleading\", because = \"it is {growth}\" }\n"
                       "print.any = \"It grew by {growth}, not {says.growth}.\"\n",
                   "c.toml");
  REQUIRE(file.has_value());
  const Claim& claim = file->claims.at(0);
  CHECK(claim.key == "C1");
  CHECK(claim.says.at(0).value == 0.5);
  CHECK(claim.numbers.at(0).computation == "growth");
  CHECK(claim.numbers.at(0).operands.size() == 2);
  CHECK(claim.numbers.at(0).label == "grown");
  CHECK(claim.tests.at(0).relation == Relation::equals);
  CHECK(claim.tests.at(0).otherwise == ClaimVerdict::misleading);
  CHECK(claim.print.at("any").starts_with("It grew"));
}

TEST_CASE("what a file cannot say is refused where it stands") {
  CHECK(contains(refusal("numbers.g = { grwth = [\"a.b.c\", \"a.b.d\"] }\n"),
                 "c.toml:6:23: grwth: g: there is no computation 'grwth'. Did you mean growth?"));
  CHECK(contains(refusal("numbers.g = { growth = [\"a.b.c\"] }\n"),
                 "g: growth has 1 operands. It is growth(A, B)."));
  CHECK(contains(refusal("numbers.g = { growth = [\"h\", \"a.b.c\"] }\n"),
                 "C1: there is no number 'h' above."));
  CHECK(contains(refusal("numbers.g = { value = \"a.b.c\", sum = [\"a.b.c\", \"a.b.d\"] }\n"),
                 "g: 2 computations where one is meant"));
  CHECK(contains(refusal("numbers.g = 5\n"), "g: is no computation"));
  CHECK(contains(refusal("numbers.g = { value = \"a.b.c\", unt = \"%\" }\n"),
                 "computations where one is meant"));
  CHECK(contains(refusal("tests.t = { left = \"g\", is = \"above\", right = 0, else = \"false\" }\n"),
                 "there is no number 'g' above"));
  CHECK(contains(
      refusal("says.g = 1\ntests.t = { left = \"says.g\", is = \"over\", right = 0, else = \"false\" }\n"),
      "c.toml:7:35: is: 'over' is not one of the choices. Give one of: equals, above"));
  CHECK(contains(
      refusal("says.g = 1\ntests.t = { left = \"says.g\", is = \"above\", right = 0, else = \"holds\" }\n"),
      "else: 'holds' is not one of the choices. Give one of: false, misleading, care."));
  CHECK(contains(refusal("says.g = 1\ntests.t = { left = \"says.g\", is = \"above\", else = \"false\" }\n"),
                 "has no right side"));
  CHECK(contains(refusal("print.any = \"It is {g}.\"\n"), "there is no number 'g' above"));
  CHECK(contains(refusal("print.any = \"It is {g.\"\n"), "a brace without its partner"));
  CHECK(contains(refusal("print.true = \"x\"\n"), "'true' is no verdict"));
  CHECK(contains(refusal("verdict = \"holds\"\n"), "verdict: unknown key"));
  CHECK(contains(refusal("says.g = \"five\"\n"), "g: is no number"));
  CHECK(contains(refusal("says.g = inf\n"), "g: is not finite"));
  CHECK(contains(refusal("[claims.C2]\nwords = \"w\"\ntext = \"b\"\n"),
                 "C2: there is no text 'b'. Did you mean a?"));
  CHECK(contains(refusal("[disputes.d]\nwords = \"w\"\nreadings = [\"C1.x\"]\n"),
                 "there is no number 'x' above"));
  CHECK(contains(refusal("[disputes.d]\nwords = \"w\"\nreadings = [\"C9\"]\n"), "'C9' is no reading"));
  CHECK(parse_claims("own_sources = []\n", "c.toml").error().front().what == "there is no claim");
}

TEST_CASE("a verdict cannot be written down") {
  for (const char* key : {"verdict", "holds", "result"})
    CHECK(contains(refusal(std::string(key) + " = \"holds\"\n"), "unknown key"));
}

TEST_CASE("numbers are shown in their unit") {
  CHECK(shown_text(0.1344, {.unit = "%"}) == "13.4 %");
  CHECK(shown_text(0.1344, {.unit = "%", .digits = 0}) == "13 %");
  CHECK(shown_text(2016, {.unit = "year"}) == "2016");
  CHECK(shown_text(12371, {.unit = "yuan"}) == "12,371 yuan");
  CHECK(shown_text(365, {.unit = "billion USD", .times = 0.1, .digits = 1}) == "36.5 billion USD");
  CHECK(shown_text(2, {}) == "2");
  CHECK(shown_text(0.30971, {}) == "0.3097");
  CHECK(filled("a {x} b {y}", [](const std::string& name) { return name + "!"; }) == "a x! b y!");
}
