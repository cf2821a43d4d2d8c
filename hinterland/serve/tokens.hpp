// Who may use the broker over the network: a file of names, each with its role and the digest of its token.
//
//   [tokens.alice]
//   role = "submitter"
//   projects = ["film"]
//   expires = "2027-03-01 00:00:00"     UTC
//   digest = "64 hex digits"            BLAKE2b-256 of the token
//
//   token = hl_NAME_SECRET,   SECRET: 32 random bytes, as 43 characters of base64url
//
// A secret of 256 random bits cannot be guessed from its digest at any speed, so the digest is a fast one: a slow one
// (argon2) is for what people choose, and would cost each request 50 ms or let strangers cost the broker as much.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/base/field.hpp"
#include "hinterland/base/time.hpp"
#include "hinterland/serve/caller.hpp"

namespace hinterland {

struct TokenEntry {
  std::string key;  // its name
  Role role = Role::views;
  std::vector<std::string> projects;
  std::string expires, digest;
};
Fields<TokenEntry> token_fields();

struct NewToken {
  std::string token;  // shown once
  TokenEntry entry;   // with its digest
};
// Fails, located at `entry.key`, for a name that is no plain word (letters, digits, `-`, `.`: 64 at most).
Expected<NewToken> new_token(const TokenEntry& entry);

// What Tokens::parse() reads.
std::string tokens_toml(const std::vector<TokenEntry>& entries);

class Tokens {
 public:
  Tokens() = default;  // nobody has one
  // All problems are listed, located.
  static Expected<Tokens> parse(std::string_view toml, const std::string& file);

  enum class Fault : std::uint8_t { none, unknown, expired };
  struct Found {
    Fault fault = Fault::unknown;
    Caller caller;
  };
  // Takes as long for a token that is nearly right as for any other of its name.
  [[nodiscard]] Found find(std::string_view token, Instant now) const;
  [[nodiscard]] const std::vector<TokenEntry>& entries() const { return entries_; }

 private:
  std::vector<TokenEntry> entries_;
};

// The file, as it is now: it is read again when it has changed. One that has become wrong lets nobody in, for it may
// have been changed to keep somebody out; why is in trouble().
class TokensFile {
 public:
  // Fails if it is wrong from the start.
  static Expected<TokensFile> open(const std::string& file);
  [[nodiscard]] Tokens::Found find(std::string_view token, Instant now);
  // Whether a token that was found still is what it was.
  [[nodiscard]] bool still_has(const Caller& caller, Instant now);
  [[nodiscard]] const Errors& trouble() const { return trouble_; }
  [[nodiscard]] const Tokens& tokens() const { return tokens_; }

 private:
  explicit TokensFile(std::string file) : file_(std::move(file)) {}
  void read();
  std::string file_, seen_;  // `seen_`: size and time of change of what was read
  Tokens tokens_;
  Errors trouble_;
};

}  // namespace hinterland
