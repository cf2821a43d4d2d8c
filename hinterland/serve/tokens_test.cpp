#include "hinterland/serve/tokens.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace hinterland;

namespace {

const Instant kNow = parse_civil("2026-11-30 12:00:00", "UTC").value();

NewToken made(TokenEntry entry) { return new_token(entry).value(); }

}  // namespace

TEST_CASE("a token is found by what its holder has, and by nothing else") {
  const NewToken alice =
      made({.key = "alice", .role = Role::submits, .projects = {"film"}, .expires = "", .digest = ""});
  const NewToken bob =
      made({.key = "bob", .role = Role::operates, .projects = {}, .expires = "", .digest = ""});
  const Tokens tokens = Tokens::parse(tokens_toml({alice.entry, bob.entry}), "tokens.toml").value();
  const auto found = tokens.find(alice.token, kNow);
  CHECK(found.fault == Tokens::Fault::none);
  CHECK(found.caller.name == "alice");
  CHECK(found.caller.role == Role::submits);
  CHECK(found.caller.knows("film"));
  CHECK_FALSE(found.caller.knows("lab"));
  CHECK(tokens.find(bob.token, kNow).caller.knows("lab"));
  CHECK_FALSE(tokens_toml({alice.entry}).contains(alice.token));
  CHECK_FALSE(tokens_toml({alice.entry}).contains(alice.token.substr(9)));

  SUBCASE("every other byte of it is another token") {
    for (std::size_t i = 0; i < alice.token.size(); ++i) {
      std::string other = alice.token;
      other[i] = other[i] == 'x' ? 'y' : 'x';
      CHECK(tokens.find(other, kNow).fault == Tokens::Fault::unknown);
    }
    for (std::size_t size = 0; size < alice.token.size(); ++size)
      CHECK(tokens.find(alice.token.substr(0, size), kNow).fault == Tokens::Fault::unknown);
  }
  SUBCASE("another's name does not help") {
    CHECK(tokens.find("hl_bob" + alice.token.substr(8), kNow).fault == Tokens::Fault::unknown);
    CHECK(tokens.find("hl_carol" + alice.token.substr(8), kNow).fault == Tokens::Fault::unknown);
    CHECK(tokens.find("", kNow).fault == Tokens::Fault::unknown);
    CHECK(tokens.find(std::string(100'000, '_'), kNow).fault == Tokens::Fault::unknown);
  }
}

TEST_CASE("no two tokens are alike, and one is of no use once it has expired") {
  TokenEntry entry{
      .key = "alice", .role = Role::views, .projects = {}, .expires = "2026-11-30 12:00:01", .digest = ""};
  const NewToken token = made(entry);
  CHECK(token.token != made(entry).token);
  const Tokens tokens = Tokens::parse(tokens_toml({token.entry}), "tokens.toml").value();
  CHECK(tokens.find(token.token, kNow).fault == Tokens::Fault::none);
  CHECK(tokens.find(token.token, kNow + Duration{1000}).fault == Tokens::Fault::expired);
}

TEST_CASE("a file that is wrong says where, all at once") {
  const auto tokens = Tokens::parse(
      "[tokens.a]\nrole = \"king\"\ndigest = \"00\"\n[tokens.b]\nrole = \"viewer\"\ndigest = \"xyz\"\n"
      "expires = \"soon\"\n[tokens.c]\nrole = \"anybody\"\ndigest = \"00\"\n[other]\nx = 1\n",
      "tokens.toml");
  REQUIRE_FALSE(tokens.has_value());
  std::string all;
  for (const Error& error : tokens.error()) all += describe(error) + "\n";
  for (const char* const word : {"king", "tokens.b.digest", "tokens.b.expires", "tokens.c.role", "other"})
    CHECK(all.contains(word));
  for (const char* const name : {"", "a b", "a_b", "ünder", "a/b"})
    CHECK_FALSE(new_token({.key = name, .role = Role::views, .projects = {}, .expires = "", .digest = ""})
                    .has_value());
}

TEST_CASE("the file is read again when it changes; one that has become wrong lets nobody in") {
  const auto file = std::filesystem::temp_directory_path() / "hinterland-tokens-test.toml";
  const auto write = [&](const std::string& text) { std::ofstream(file) << text; };
  const NewToken first = made({.key = "a", .role = Role::views, .projects = {}, .expires = "", .digest = ""});
  const NewToken second =
      made({.key = "b", .role = Role::views, .projects = {}, .expires = "", .digest = ""});
  write(tokens_toml({first.entry}));
  auto tokens = TokensFile::open(file.string());
  REQUIRE(tokens.has_value());
  CHECK(tokens->find(first.token, kNow).fault == Tokens::Fault::none);
  write(tokens_toml({second.entry}));
  CHECK(tokens->find(first.token, kNow).fault == Tokens::Fault::unknown);
  CHECK(tokens->find(second.token, kNow).fault == Tokens::Fault::none);
  write(tokens_toml({second.entry}) + "[tokens");
  CHECK(tokens->find(second.token, kNow).fault == Tokens::Fault::unknown);
  CHECK_FALSE(tokens->trouble().empty());
  write(tokens_toml({second.entry}));
  CHECK(tokens->find(second.token, kNow).fault == Tokens::Fault::none);
  CHECK(tokens->trouble().empty());
  std::filesystem::remove(file);
  CHECK(tokens->find(second.token, kNow).fault == Tokens::Fault::unknown);
}
