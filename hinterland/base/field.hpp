// Field tables: each record (site, server, workload ...) describes its fields once.
//
// A Field says name, unit, kind, range, default and doc. The same list reads and checks CSV tables and TOML
// records, drives `--set` and prints the reference pages. A field's name ends with its unit; a `$` in it
// stands for the atlas's currency in lower case: power_price_$_per_kwh -> power_price_cny_per_kwh.
//
//   Fields<Grid> fields = {
//       field("id", &Grid::id).documented("short name"),
//       field("location_kg_per_kwh", &Grid::location).within(0, 3).documented("location-based average"),
//   };
//
// Values are bound to members through `scale`, the number of canonical units in one edge unit: a column in MW
// that fills a member in kW has scale 1000.
#pragma once
#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "hinterland/base/compute.hpp"
#include "hinterland/base/error.hpp"
#include "hinterland/base/id.hpp"
#include "hinterland/base/quantity.hpp"

namespace hinterland {

enum class FieldKind { number, text, choice, list, numbers };

// Not given, or a number (in the field's own unit), a text (also a choice or an id), a list of texts, or a list of
// numbers (each in the field's unit and range).
using FieldValue =
    std::variant<std::monostate, double, std::string, std::vector<std::string>, std::vector<double>>;

struct Field {
  std::string name;
  FieldKind kind = FieldKind::text;
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;             // (low, high] instead of [low, high]
  std::vector<std::string> choices;  // for FieldKind::choice, in the order of the enum
  std::string refers_to;             // the table a text or each text of a list must be an id of
  bool required = true;
  std::string fallback;  // taken when nothing is given; in the form of a CSV cell
  bool is_fact = true;   // false: names and references, which need no source
  std::string doc;
};

// "(0, 1]", "[1, 3]", ">= 0", "any number".
std::string describe_range(const Field& field);

// A CSV cell or a `--set` value, checked; an empty cell gives the fallback, or monostate where none is
// required.
Expected<FieldValue> parse_cell(const Field& field, std::string_view text, const Location& where);

// The same for a value that is already a number or a text: range and choices.
Expected<FieldValue> check_value(const Field& field, FieldValue value, const Location& where);

// A failure about one field's value, located.
std::unexpected<Errors> bad_value(const Field& field, const Location& where, std::string what,
                                  std::string mend);

// "Give a plain number ([0, 1]), without unit or separators."
std::string number_advice(const Field& field);

// The value as a cell would have it: the inverse of parse_cell.
std::string cell_text(const FieldValue& value);

// A Field and how it reaches a member of Record.
template <class Record>
struct FieldOf : Field {
  std::function<void(Record&, const FieldValue&)> set;
  std::function<FieldValue(const Record&)> get;
  std::function<void(Record& to, const Record& from)> copy;  // exactly; get and set may round by their scale

  FieldOf within(double least, double most) && {
    low = least;
    high = most;
    return std::move(*this);
  }
  FieldOf above(double bound, double most = std::numeric_limits<double>::infinity()) && {
    low = bound;
    high = most;
    low_open = true;
    return std::move(*this);
  }
  FieldOf optional() && {
    required = false;
    return std::move(*this);
  }
  FieldOf by_default(std::string cell) && {
    required = false;
    fallback = std::move(cell);
    return std::move(*this);
  }
  FieldOf refers(std::string table) && {
    refers_to = std::move(table);
    return std::move(*this);
  }
  FieldOf naming() && {
    is_fact = false;
    return std::move(*this);
  }
  FieldOf documented(std::string text) && {
    doc = std::move(text);
    return std::move(*this);
  }
};

template <class Record>
using Fields = std::vector<FieldOf<Record>>;

template <class Record>
std::vector<Field> descriptions(const Fields<Record>& fields) {
  return {fields.begin(), fields.end()};
}

namespace field_detail {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {
  using Inner = T;
};
template <class T>
struct IsId : std::false_type {};
template <class Tag>
struct IsId<Id<Tag>> : std::true_type {};
template <class T>
struct IsList : std::false_type {};
template <class T>
struct IsList<std::vector<T>> : std::true_type {
  using Item = T;
};

template <class T>
double to_number(const T& member) {
  if constexpr (std::is_arithmetic_v<T>) {
    return static_cast<double>(member);
  } else {
    return member.value;
  }
}
template <class T>
std::string to_text(const T& member) {
  if constexpr (IsId<T>::value) {
    return member.text;
  } else {
    return member;
  }
}

}  // namespace field_detail

// A number, text, id, list or number-list field, as the member's type says; std::optional members are not required.
template <class Record, class Member>
FieldOf<Record> field(std::string name, Member Record::* member, double scale = 1) {
  using namespace field_detail;
  FieldOf<Record> out;
  out.name = std::move(name);
  out.copy = [member](Record& to, const Record& from) { to.*member = from.*member; };
  if constexpr (IsOptional<Member>::value) {
    using Inner = typename IsOptional<Member>::Inner;
    out.kind = FieldKind::number;
    out.required = false;
    out.set = [=](Record& record, const FieldValue& value) {
      record.*member = Inner{std::get<double>(value) * scale};
    };
    out.get = [=](const Record& record) -> FieldValue {
      if (!(record.*member)) return std::monostate{};
      return to_number(*(record.*member)) / scale;
    };
  } else if constexpr (std::is_same_v<Member, std::vector<double>>) {
    out.kind = FieldKind::numbers;
    out.required = false;  // a list that is not given is empty
    out.set = [=](Record& record, const FieldValue& value) {
      record.*member = std::get<std::vector<double>>(value);
      for (double& number : record.*member) number *= scale;
    };
    out.get = [=](const Record& record) -> FieldValue {
      if ((record.*member).empty()) return std::monostate{};
      std::vector<double> numbers = record.*member;
      for (double& number : numbers) number /= scale;
      return numbers;
    };
  } else if constexpr (IsList<Member>::value) {
    out.kind = FieldKind::list;
    out.set = [=](Record& record, const FieldValue& value) {
      (record.*member).clear();
      for (const auto& text : std::get<std::vector<std::string>>(value)) {
        (record.*member).push_back(typename IsList<Member>::Item{text});
      }
    };
    out.get = [=](const Record& record) -> FieldValue {
      std::vector<std::string> texts;
      for (const auto& item : record.*member) texts.push_back(to_text(item));
      return texts;
    };
  } else if constexpr (std::is_same_v<Member, std::string> || IsId<Member>::value) {
    out.kind = FieldKind::text;
    out.set = [=](Record& record, const FieldValue& value) {
      record.*member = Member{std::get<std::string>(value)};
    };
    out.get = [=](const Record& record) -> FieldValue {
      std::string text = to_text(record.*member);
      if (text.empty()) return std::monostate{};
      return text;
    };
  } else {
    out.kind = FieldKind::number;
    out.set = [=](Record& record, const FieldValue& value) {
      record.*member = Member{std::get<double>(value) * scale};
    };
    out.get = [=](const Record& record) -> FieldValue { return to_number(record.*member) / scale; };
  }
  return out;
}

// A field that is one of a few words; `names` follow the enumerators' order from 0.
template <class Record, class Enum>
  requires std::is_enum_v<Enum>
FieldOf<Record> choice(std::string name, Enum Record::* member, std::vector<std::string> names) {
  FieldOf<Record> out;
  out.name = std::move(name);
  out.kind = FieldKind::choice;
  out.copy = [member](Record& to, const Record& from) { to.*member = from.*member; };
  out.choices = std::move(names);
  out.set = [member, words = out.choices](Record& record, const FieldValue& value) {
    const auto found = std::ranges::find(words, std::get<std::string>(value));
    record.*member = static_cast<Enum>(found - words.begin());
  };
  out.get = [member, words = out.choices](const Record& record) -> FieldValue {
    return words.at(static_cast<std::size_t>(record.*member));
  };
  return out;
}

}  // namespace hinterland
