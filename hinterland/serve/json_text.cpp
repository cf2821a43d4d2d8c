#include "hinterland/serve/json_text.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "hinterland/base/file.hpp"

namespace hinterland {

namespace {

constexpr int kMostDepth = 16;

bool is_too_deep(std::string_view json) {
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text && c == '\\') ++i;
    if (c == '"') in_text = !in_text;
    if (in_text) continue;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth > kMostDepth) return true;
  }
  return false;
}

}  // namespace

Expected<nlohmann::json> parse_sent(std::string_view text, std::size_t most, const std::string& what) {
  const auto fail = [&](std::string wrong, std::string mend) {
    return failure({.what = std::move(wrong), .where = {.file = what}, .mend = std::move(mend)});
  };
  if (text.size() > most)
    return fail(fmt::format("is too large: {} bytes, and {} are read", text.size(), most),
                "Put what is so large into a file, or send it in parts.");
  if (const auto sound = check_text(text, what); !sound) return std::unexpected(sound.error());
  if (is_too_deep(text))
    return fail("is nested more deeply than any job", "Give texts, numbers and lists of them.");
  auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_discarded())
    return fail("is no JSON, or has a number that is too large",
                "Send an object with `command`, as docs/broker.md says.");
  return json;
}

}  // namespace hinterland
