#include "hinterland/base/field.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Expected<FieldValue> checked_number(const Field& field, double number, const Location& where) {
  const bool too_low = field.low_open ? number <= field.low : number < field.low;
  if (!too_low && number <= field.high) return number;
  std::string mend = fmt::format("Give a value in {}.", describe_range(field));
  if (field.high == 1 && number > 1 && number <= 100)
    mend += fmt::format(" A share of {} % is {}.", number, number / 100);
  return bad_value(field, where, fmt::format("{} is out of range", shortest(number)), std::move(mend));
}

Expected<FieldValue> checked_text(const Field& field, std::string text, const Location& where) {
  if (field.kind == FieldKind::choice && std::ranges::find(field.choices, text) == field.choices.end()) {
    return bad_value(field, where, in_quotes(text) + " is not one of the choices",
                     fmt::format("Give one of: {}.", fmt::join(field.choices, ", ")));
  }
  return text;
}

Expected<FieldValue> checked_numbers(const Field& field, std::vector<double> numbers, const Location& where) {
  for (const double number : numbers) {
    if (auto good = checked_number(field, number, where); !good) return good;
  }
  return numbers;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const auto end = text.find(';');
    items.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return items;
}

}  // namespace

std::unexpected<Errors> bad_value(const Field& field, const Location& where, std::string what,
                                  std::string mend) {
  Location place = where;
  place.field = field.name;
  return failure({.what = std::move(what), .where = std::move(place), .mend = std::move(mend)});
}

std::string number_advice(const Field& field) {
  return fmt::format("Give a plain number ({}), without unit or separators.", describe_range(field));
}

std::string describe_range(const Field& field) {
  const bool bounded_low = field.low > -kInfinity;
  const bool bounded_high = field.high < kInfinity;
  const char open = field.low_open ? '(' : '[';
  if (bounded_low && bounded_high)
    return fmt::format("{}{}, {}]", open, shortest(field.low), shortest(field.high));
  if (bounded_low) return fmt::format("{} {}", field.low_open ? ">" : ">=", shortest(field.low));
  return "any number";
}

Expected<FieldValue> parse_cell(const Field& field, std::string_view text, const Location& where) {
  if (text.empty() && !field.fallback.empty()) return parse_cell(field, field.fallback, where);
  if (text.empty()) {
    if (!field.required) return FieldValue{};
    return bad_value(field, where, "a value is required", fmt::format("Give it: {}.", field.doc));
  }
  if (field.kind == FieldKind::number) {
    const auto number = parse_number(text);
    if (!number) return bad_value(field, where, in_quotes(text) + " is not a number", number_advice(field));
    return checked_number(field, *number, where);
  }
  const bool is_list = field.kind == FieldKind::list || field.kind == FieldKind::numbers;
  if (is_list && std::ranges::all_of(split_list(text), &std::string::empty))
    return bad_value(field, where, in_quotes(text) + " names nothing", "Name something, or leave it empty.");
  if (field.kind == FieldKind::list) return split_list(text);
  if (field.kind == FieldKind::numbers) {
    std::vector<double> numbers;
    for (const std::string& item : split_list(text)) {
      const auto number = parse_number(item);
      if (!number) return bad_value(field, where, in_quotes(item) + " is not a number", number_advice(field));
      numbers.push_back(*number);
    }
    return checked_numbers(field, std::move(numbers), where);
  }
  return checked_text(field, std::string(text), where);
}

namespace {

// Fifteen digits are those of any figure that somebody wrote; what scaling by its unit has cost lies beyond them.
std::string as_written(double number) {
  return shortest(parse_number(fmt::format("{:.15g}", number)).value_or(number));
}

}  // namespace

std::string cell_text(const FieldValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return as_written(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    return fmt::format("{}", fmt::join(*list, ";"));
  }
  if (const auto* numbers = std::get_if<std::vector<double>>(&value)) {
    std::vector<std::string> texts;
    for (const double number : *numbers) texts.push_back(as_written(number));
    return fmt::format("{}", fmt::join(texts, ";"));
  }
  return {};
}

Expected<FieldValue> check_value(const Field& field, FieldValue value, const Location& where) {
  if (const auto* number = std::get_if<double>(&value)) return checked_number(field, *number, where);
  if (auto* text = std::get_if<std::string>(&value)) return checked_text(field, std::move(*text), where);
  if (auto* list = std::get_if<std::vector<double>>(&value))
    return checked_numbers(field, std::move(*list), where);
  return value;
}

}  // namespace hinterland
