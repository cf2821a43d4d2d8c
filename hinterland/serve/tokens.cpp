#include "hinterland/serve/tokens.hpp"

#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "hinterland/base/file.hpp"
#include "hinterland/base/section.hpp"

namespace hinterland {

namespace {

constexpr std::string_view kPrefix = "hl_";
constexpr std::size_t kDigest = 32, kSecret = 32;  // bytes
constexpr std::size_t kMostName = 64, kMostToken = 200;

using Digest = std::array<unsigned char, kDigest>;

Digest digest_of(std::string_view token) {
  Digest digest{};
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(token.data()),
                     token.size(), nullptr, 0);
  return digest;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMostName && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

std::optional<Digest> from_hex(const std::string& hex) {
  Digest digest{};
  std::size_t bytes = 0;
  const bool whole = hex.size() == 2 * kDigest && sodium_hex2bin(digest.data(), digest.size(), hex.data(),
                                                                 hex.size(), nullptr, &bytes, nullptr) == 0;
  return whole && bytes == kDigest ? std::optional(digest) : std::nullopt;
}

void check(const TokenEntry& entry, const std::string& file, Errors& errors) {
  const auto wrong = [&](const char* field, std::string what, std::string mend) {
    add_error(errors, {.what = std::move(what),
                       .where = {.file = file, .field = fmt::format("tokens.{}{}", entry.key, field)},
                       .mend = std::move(mend)});
  };
  if (!is_name(entry.key)) wrong("", "is no name of a token", "Use letters, digits, `-` and `.`.");
  if (entry.role == Role::anybody)
    wrong(".role", "is what those may do who have no token", "Write viewer, submitter or operator.");
  if (!from_hex(entry.digest))
    wrong(".digest", "is no digest of 64 hex digits", "`hinterland token new` writes one.");
  if (entry.expires.empty()) return;
  if (const auto at = parse_civil(entry.expires, "UTC"); !at)
    wrong(".expires", "is no time", "Write it as 2027-03-01 00:00:00, in UTC.");
}

}  // namespace

Fields<TokenEntry> token_fields() {
  return {
      choice("role", &TokenEntry::role, {"anybody", "viewer", "submitter", "operator"})
          .documented("what it may do: each may do what those before may"),
      field("projects", &TokenEntry::projects)
          .optional()
          .documented("that it has to do with; none named: with all, and with the pools"),
      field("expires", &TokenEntry::expires).optional().documented("UTC; not named: never"),
      field("digest", &TokenEntry::digest).documented("BLAKE2b-256 of the token, in hex"),
  };
}

Expected<NewToken> new_token(const TokenEntry& entry) {
  if (sodium_init() < 0)
    return failure({.what = "There is no source of chance.",
                    .where = {.file = "libsodium"},
                    .mend = "",
                    .outside = true});
  std::array<unsigned char, kSecret> secret{};
  randombytes_buf(secret.data(), secret.size());
  std::array<char, 64> text{};
  sodium_bin2base64(text.data(), text.size(), secret.data(), secret.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  NewToken made{.token = fmt::format("{}{}_{}", kPrefix, entry.key, text.data()), .entry = entry};
  made.entry.digest.clear();
  for (const unsigned char byte : digest_of(made.token)) made.entry.digest += fmt::format("{:02x}", byte);
  Errors errors;
  check(made.entry, "token", errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return made;
}

std::string tokens_toml(const std::vector<TokenEntry>& entries) {
  std::string text = "# Who may use the broker over the network: `hinterland token` writes this.\n";
  for (const TokenEntry& entry : entries) {
    text += fmt::format("\n[tokens.{}]\nrole = \"{}\"\n", in_quotes(entry.key), name_of(entry.role));
    std::string list;
    for (const std::string& project : entry.projects) list += (list.empty() ? "" : ", ") + in_quotes(project);
    if (!list.empty()) text += fmt::format("projects = [{}]\n", list);
    if (!entry.expires.empty()) text += fmt::format("expires = \"{}\"\n", entry.expires);
    text += fmt::format("digest = \"{}\"\n", entry.digest);
  }
  return text;
}

Expected<Tokens> Tokens::parse(std::string_view toml, const std::string& file) {
  const auto table = parse_toml(toml, file);
  if (!table) return std::unexpected(table.error());
  Errors errors;
  Tokens tokens;
  static constexpr std::array<std::string_view, 1> kSections = {"tokens"};
  for (const TomlEntry& other : top_of(*table, kSections).entries)
    add_error(errors, {.what = fmt::format("`{}` is not known", other.key),
                       .where = {.file = file, .field = other.key},
                       .mend = "Write [tokens.NAME]."});
  read_section(*table, "tokens", token_fields(), tokens.entries_, errors);
  for (const TokenEntry& entry : tokens.entries_) check(entry, file, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return tokens;
}

namespace {

bool has_expired(const TokenEntry& entry, Instant now) {
  return !entry.expires.empty() && now >= parse_civil(entry.expires, "UTC").value_or(Instant{});
}

}  // namespace

Tokens::Found Tokens::find(std::string_view token, Instant now) const {
  // The secret may have `_` in it, the name has none.
  const std::size_t name_end =
      token.starts_with(kPrefix) ? token.find('_', kPrefix.size()) : std::string::npos;
  if (name_end == std::string::npos || token.size() > kMostToken) return {};
  const std::string_view name = token.substr(kPrefix.size(), name_end - kPrefix.size());
  const auto entry = std::ranges::find(entries_, name, &TokenEntry::key);
  if (entry == entries_.end()) return {};
  const auto kept = from_hex(entry->digest);
  const Digest given = digest_of(token);
  if (!kept || sodium_memcmp(kept->data(), given.data(), kDigest) != 0) return {};
  Found found{
      .fault = Fault::none,
      .caller = {
          .name = entry->key, .role = entry->role, .projects = entry->projects, .digest = entry->digest}};
  if (has_expired(*entry, now)) found.fault = Fault::expired;
  return found;
}

Expected<TokensFile> TokensFile::open(const std::string& file) {
  TokensFile tokens(file);
  tokens.read();
  if (!tokens.trouble_.empty()) return std::unexpected(tokens.trouble_);
  return tokens;
}

void TokensFile::read() {
  struct stat about{};
  std::string seen = "gone";
  if (::stat(file_.c_str(), &about) == 0)
    seen =
        fmt::format("{} {} {} {}", about.st_ino, about.st_size, about.st_ctim.tv_sec, about.st_ctim.tv_nsec);
  if (seen == seen_) return;
  seen_ = std::move(seen);
  tokens_ = {};
  trouble_.clear();
  const auto text = read_text(file_);
  auto tokens = text ? Tokens::parse(*text, file_) : std::unexpected(text.error());
  if (tokens) {
    tokens_ = std::move(*tokens);
  } else {
    trouble_ = std::move(tokens.error());
  }
}

bool TokensFile::still_has(const Caller& caller, Instant now) {
  read();
  const auto entry = std::ranges::find(tokens_.entries(), caller.name, &TokenEntry::key);
  return entry != tokens_.entries().end() && entry->digest == caller.digest &&
         entry->projects == caller.projects && !has_expired(*entry, now);
}

Tokens::Found TokensFile::find(std::string_view token, Instant now) {
  read();
  return tokens_.find(token, now);
}

}  // namespace hinterland
