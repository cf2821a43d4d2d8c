#include "hinterland/journal/step_json.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "hinterland/base/file.hpp"
#include "hinterland/journal/members.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kNext = {"publish", "again", "later", "fail", "cancel"};
static_assert(kNext.size() == std::to_underlying(kLast<Next>) + 1);
const char* name_of(Next next) { return kNext.at(std::to_underlying(next)); }

template <class T>
concept One = Listed<T> && std::tuple_size_v<std::remove_const_t<decltype(Members<T>::list)>> == 1 &&
              !requires { Members<T>::name; };  // a number with a type of its own

template <class T>
Json put(const T& value);
Json put(const std::string& text) {
  if (check_text(text, "").has_value()) return text;
  std::string hex;
  for (const char byte : text) hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return {{"hex", hex}};
}
template <class Tag, class Rep>
Json put(Index<Tag, Rep> index) {
  return index.value;
}
template <class T>
Json put(const std::vector<T>& list) {
  Json out = Json::array();
  for (const T& one : list) out.push_back(put(one));
  return out;
}
template <class T>
void put_members(Json& out, const T& value) {
  for_each_member(value,
                  [&](std::string_view name, const auto& member) { out[std::string(name)] = put(member); });
}
template <class T>
Json put(const T& value) {
  if constexpr (std::is_enum_v<T>) {
    return name_of(value);
  } else if constexpr (One<T>) {
    Json out;
    for_each_member(value, [&](std::string_view, const auto& member) { out = member; });
    return out;
  } else if constexpr (Listed<T>) {
    Json out = Json::object();
    put_members(out, value);
    return out;
  } else {
    return value;
  }
}

// Each get() says in `wrong`, the first time, what it stumbled over.
class Getter {
 public:
  std::string wrong;

  template <class T>
  void get(const Json& json, T& value, std::string_view name) {
    if constexpr (std::is_same_v<T, bool>) {
      if (!json.is_boolean()) return complain(name, "is neither true nor false");
      value = json.get<bool>();
    } else if constexpr (std::is_same_v<T, double>) {
      if (!json.is_number()) return complain(name, "is no number");
      value = json.get<double>();
    } else if constexpr (std::is_integral_v<T>) {
      if (!json.is_number_integer()) return complain(name, "is no whole number");
      const bool fits = json.is_number_unsigned() ? std::in_range<T>(json.get<std::uint64_t>())
                                                  : std::in_range<T>(json.get<std::int64_t>());
      if (!fits) return complain(name, "is out of range");
      value = json.is_number_unsigned() ? static_cast<T>(json.get<std::uint64_t>())
                                        : static_cast<T>(json.get<std::int64_t>());
    } else if constexpr (std::is_enum_v<T>) {
      get_enum(json, value, name);
    } else if constexpr (One<T>) {
      for_each_member(value, [&](std::string_view, auto& member) { get(json, member, name); });
    } else {
      if (!json.is_object()) return complain(name, "is no object");
      get_members(json, value, 0);
    }
  }
  void get(const Json& json, std::string& value, std::string_view name) {
    if (json.is_string()) {
      value = json.get<std::string>();
    } else if (json.is_object() && json.size() == 1 && json.contains("hex") && json.at("hex").is_string()) {
      get_hex(json.at("hex").get<std::string>(), value, name);
    } else {
      complain(name, "is no text");
    }
  }
  template <class Tag, class Rep>
  void get(const Json& json, Index<Tag, Rep>& index, std::string_view name) {
    get(json, index.value, name);
  }
  template <class T>
  void get(const Json& json, std::vector<T>& list, std::string_view name) {
    if (!json.is_array()) return complain(name, "is no list");
    for (const Json& one : json) get(one, list.emplace_back(), name);
  }

  // `others`: how many more members the object has.
  template <class T>
  void get_members(const Json& json, T& value, std::size_t others) {
    std::size_t found = others;
    for_each_member(value, [&](std::string_view name, auto& member) {
      const auto one = json.find(name);
      if (one == json.end()) return complain(name, "is missing");
      ++found;
      get(*one, member, name);
    });
    if (wrong.empty() && found != json.size()) wrong = "it has a member that is not known";
  }

  void get(const Json& json, Fact& fact) {
    if (!json.is_object() || !json.contains("fact") || !json.at("fact").is_string())
      return complain("fact", "is missing");
    const auto name = json.at("fact").get<std::string>();
    if (!get_alternative(json, name, fact, std::make_index_sequence<std::variant_size_v<Fact>>()))
      complain("fact", in_quotes(name) + " is not known");
  }

 private:
  void complain(std::string_view name, std::string_view what) {
    if (wrong.empty()) wrong = fmt::format("{} {}", name, what);
  }
  template <class T>
  void get_enum(const Json& json, T& value, std::string_view name) {
    using Number = std::underlying_type_t<T>;
    for (Number number = 0; json.is_string() && number <= std::to_underlying(kLast<T>); ++number) {
      if (json.get<std::string>() != name_of(static_cast<T>(number))) continue;
      value = static_cast<T>(number);
      return;
    }
    complain(name, "is not one of its words");
  }
  void get_hex(const std::string& hex, std::string& value, std::string_view name) {
    const auto digit = [](char c) {
      return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    value.clear();
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
      const int high = digit(hex[i]), low = digit(hex[i + 1]);
      if (high < 0 || low < 0) return complain(name, "is no hex");
      value.push_back(static_cast<char>(16 * high + low));
    }
    if (hex.size() % 2 != 0) complain(name, "is no hex");
  }
  template <std::size_t... I>
  bool get_alternative(const Json& json, const std::string& name, Fact& fact,
                       std::index_sequence<I...> /*all*/) {
    const auto one = [&]<std::size_t Place>() {
      using Kind = std::variant_alternative_t<Place, Fact>;
      if (Members<Kind>::name != name) return false;
      get_members(json, fact.emplace<Place>(), 1);
      return true;
    };
    return (one.template operator()<I>() || ...);
  }
};

}  // namespace

std::string step_json(std::uint64_t step, const Facts& facts) {
  Json list = Json::array();
  for (const Fact& fact : facts) {
    std::visit(
        [&](const auto& one) {
          Json out = {{"fact", Members<std::remove_cvref_t<decltype(one)>>::name}};
          put_members(out, one);
          list.push_back(std::move(out));
        },
        fact);
  }
  return Json{{"step", step}, {"facts", std::move(list)}}.dump();
}

Expected<Facts> parse_step(std::string_view line, std::uint64_t step, const Location& where) {
  const auto fail = [&](std::string what) {
    return failure({.what = std::move(what) + ".",
                    .where = where,
                    .mend = "Give what `hinterland journal export` wrote, unchanged."});
  };
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || json.size() != 2 || !json.contains("step") || !json.contains("facts") ||
      !json.at("facts").is_array())
    return fail("This is no step of a journal");
  Getter getter;
  std::uint64_t number = 0;
  getter.get(json.at("step"), number, "step");
  if (getter.wrong.empty() && number != step)
    return fail(fmt::format("This is step {}, and step {} is next", number, step));
  Facts facts;
  for (const Json& one : json.at("facts")) {
    getter.get(one, facts.emplace_back());
    if (!getter.wrong.empty()) return fail(fmt::format("Fact {}: {}", facts.size(), getter.wrong));
  }
  return facts;
}

}  // namespace hinterland
