// Words that are filled in at the site: any text comes there as it is.
#include "hinterland/render/site_word.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace hinterland;

namespace {

std::string shell(const std::string& text) {
  const auto word = parse_site_word(text, "command");
  REQUIRE(word.has_value());
  return shell_text(*word);
}

std::string problem(const std::string& text) {
  const auto word = parse_site_word(text, "command");
  REQUIRE_FALSE(word.has_value());
  return describe(word.error().front());
}

}  // namespace

TEST_CASE("what is filled in is a variable of the shell, and all else stands in quotes") {
  CHECK(shell("--frame={frame}") == R"('--frame='"$frame")");
  CHECK(shell("{frame:4}") == "\"$(digits 4 \"$frame\")\"");
  CHECK(shell("+O{output}") == R"('+O'"$output")");
  CHECK(shell("{folder}/-a b'c") == R"("$PWD"'/-a b'\''c')");
  CHECK(shell("{scene}{cores}") == R"("$scene""$cores")");
  CHECK(shell("") == "''");
  CHECK(shell("$(rm -rf /)") == "'$(rm -rf /)'");
}

TEST_CASE("braces that are meant are written twice") {
  CHECK(shell("{{\"a\": {frame}}}") == R"('{"a": '"$frame"'}')");
}

TEST_CASE("what is not known is refused by name") {
  CHECK(problem("a{frames}").starts_with("command: '{frames}' in 'a{frames}' is nothing that is filled in."));
  for (const char* text :
       {"{", "}", "{}", "{frame", "{frame:}", "{frame:0}", "{frame:99}", "{output:4}", "{frame:x}", "{{}"}) {
    CAPTURE(text);
    CHECK(problem(text).find("Known: {frame}") != std::string::npos);
  }
  CHECK_FALSE(parse_site_words({"{a}", "b", "{c}"}, "command").has_value());
  CHECK(parse_site_words({"{a}", "b", "{c}"}, "command").error().size() == 2);
}

TEST_CASE("whether a command says where its frame goes") {
  const auto words = *parse_site_words({"tool", "-f{frame}"}, "command");
  CHECK(mentions(words, WordPart::frame));
  CHECK_FALSE(mentions(words, WordPart::output));
}

TEST_CASE("any text with its braces written twice is itself") {
  rc::check("braces", [](const std::string& text) {
    std::string doubled;
    for (const char c : text) doubled += c == '{' || c == '}' ? std::string(2, c) : std::string(1, c);
    const auto word = parse_site_word(doubled, "");
    RC_ASSERT(word.has_value());
    RC_ASSERT(word->size() == (text.empty() ? 0U : 1U));
    if (!text.empty()) RC_ASSERT(word->front().text == text);
  });
}
