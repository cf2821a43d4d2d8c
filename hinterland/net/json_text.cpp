#include "hinterland/net/json_text.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

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
  std::vector<std::set<std::string>> open;  // the keys of the objects that are
  std::string twice;
  auto json = nlohmann::json::parse(
      text,
      [&](int, nlohmann::json::parse_event_t event, const nlohmann::json& parsed) {
        using Event = nlohmann::json::parse_event_t;
        if (event == Event::object_start) open.emplace_back();
        if (event == Event::object_end) open.pop_back();
        if (event == Event::key && !open.back().insert(parsed.get<std::string>()).second && twice.empty())
          twice = parsed.get<std::string>();
        return true;
      },
      false);
  if (!twice.empty()) return fail(fmt::format("has {} twice", in_quotes(twice)), "Say it once.");
  if (json.is_discarded())
    return fail("is no JSON, or has a number that is too large",
                "Send an object with `command`, as docs/broker.md says.");
  return json;
}

}  // namespace hinterland
