#include "hinterland/settle/canonical_json.hpp"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "hinterland/base/file.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::json;

// Looks at each value as it is read, so that nothing deep or double is ever built; the first fault counts.
class Watch {
 public:
  std::string wrong;

  bool look(int depth, Json::parse_event_t event, const Json& parsed) {
    using Event = Json::parse_event_t;
    if (!wrong.empty()) return false;
    if (event == Event::object_start || event == Event::array_start) {
      if (depth >= kMostCanonicalDepth) return complain("It is nested too deeply.");
      if (event == Event::object_start) keys_.emplace_back();
    } else if (event == Event::object_end) {
      keys_.pop_back();
    } else if (event == Event::key) {
      if (!keys_.back().insert(parsed.get<std::string>()).second)
        return complain(fmt::format("The key {} comes twice in one object.",
                                    in_quotes(parsed.get_ref<const std::string&>())));
    } else if (event == Event::value) {
      return look(parsed);
    }
    return true;
  }

 private:
  bool look(const Json& value) {
    if (value.is_number_unsigned() &&
        value.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
      return complain("A number is larger than 64 bits with a sign hold.");
    if (value.is_number_float()) return complain("A number is not whole, or too large.");
    if (value.is_boolean() || value.is_null()) return complain("It holds true, false or null.");
    return true;
  }
  bool complain(std::string what) {
    wrong = std::move(what);
    return false;
  }

  std::vector<std::set<std::string>> keys_;  // of the objects that are open
};

}  // namespace

std::string canonical(const nlohmann::json& json) { return json.dump(); }

Expected<nlohmann::json> parse_plain_json(std::string_view text, const std::string& file) {
  const auto fail = [&](std::string what) {
    return failure({.what = std::move(what),
                    .where = {.file = file},
                    .mend = "Give the file as it was written, whole."});
  };
  if (text.size() > kMostCanonicalBytes) return fail("It is too long.");
  if (const auto sound = check_text(text, file); !sound) return std::unexpected(sound.error());
  Watch watch;
  auto json = Json::parse(
      text,
      [&](int depth, Json::parse_event_t event, Json& parsed) { return watch.look(depth, event, parsed); },
      false);
  if (!watch.wrong.empty()) return fail(std::move(watch.wrong));
  if (json.is_discarded()) return fail("It is no JSON, or not all of it.");
  return json;
}

}  // namespace hinterland
