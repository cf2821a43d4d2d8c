#include "hinterland/base/toml.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>

namespace hinterland {

const TomlEntry* TomlTable::find(std::string_view key) const {
  const auto found = std::ranges::find(entries, key, &TomlEntry::key);
  return found == entries.end() ? nullptr : &*found;
}

namespace {

// A document describes a record or a few. toml++ guards its stack against nested brackets, but not against a
// key of very many parts (a.a.a...), whose tables it destroys recursively: so dots are counted before it
// begins.
constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
constexpr std::ptrdiff_t kMostDots = 4000;  // a trace model with all its quantiles has about 600
constexpr int kDeepest = 8;

Location place(const toml::node& node, const std::string& file) {
  const auto& begin = node.source().begin;
  return {.file = file,
          .line = static_cast<long>(begin.line),
          .column = static_cast<long>(begin.column),
          .field = {}};
}

double number_of(const toml::node& item) {
  if (const auto* integer = item.as_integer()) return static_cast<double>(integer->get());
  return item.as_floating_point()->get();
}

// A list of texts, or of numbers.
void put_list(const toml::array& array, TomlEntry& entry, Errors& errors) {
  std::vector<std::string> texts;
  std::vector<double> numbers;
  for (const toml::node& item : array) {
    if (const auto* text = item.as_string(); text != nullptr && numbers.empty()) {
      texts.push_back(text->get());
    } else if (item.is_number() && texts.empty()) {
      numbers.push_back(number_of(item));
    } else {
      add_error(errors, {.what = "a list holds something that is neither all text nor all numbers",
                         .where = entry.where,
                         .mend = "Give texts in quotes, or plain numbers, and do not mix them."});
      return;
    }
  }
  if (numbers.empty()) {
    entry.value = std::move(texts);
  } else {
    entry.value = std::move(numbers);
  }
}

TomlTable plain(const toml::table& table, const std::string& file, int depth, Errors& errors) {
  TomlTable out{.where = place(table, file), .entries = {}};
  for (const auto& [key, node] : table) {
    TomlEntry entry{.key = std::string(key.str()), .where = place(node, file), .value = false};
    entry.where.field = entry.key;
    if (const auto* flag = node.as_boolean()) {
      entry.value = flag->get();
    } else if (const auto* integer = node.as_integer()) {
      entry.value = static_cast<double>(integer->get());
    } else if (const auto* number = node.as_floating_point()) {
      entry.value = number->get();
    } else if (const auto* text = node.as_string()) {
      entry.value = text->get();
    } else if (const auto* array = node.as_array()) {
      put_list(*array, entry, errors);
    } else if (const auto* inner = node.as_table(); inner != nullptr && depth < kDeepest) {
      entry.value = plain(*inner, file, depth + 1, errors);
    } else if (inner != nullptr) {
      add_error(errors, {.what = "tables are nested too deeply",
                         .where = entry.where,
                         .mend = "Write the key at the top of the file."});
      continue;
    } else {
      add_error(errors, {.what = "dates and times have no meaning here",
                         .where = entry.where,
                         .mend = "Give a number, a text in quotes or a list of one of them."});
      continue;
    }
    out.entries.push_back(std::move(entry));
  }
  // toml++ keeps keys sorted; errors should come in the order of the file.
  std::ranges::stable_sort(out.entries, {}, [](const TomlEntry& entry) {
    return std::pair(entry.where.line, entry.where.column);
  });
  return out;
}

}  // namespace

Expected<TomlTable> parse_toml(std::string_view text, const std::string& file) {
  if (text.size() > kMostBytes || std::ranges::count(text, '.') > kMostDots) {
    return failure({.what = fmt::format("has more than {} bytes or {} dots", kMostBytes, kMostDots),
                    .where = {.file = file},
                    .mend = "Is this the right file? A record needs a page at most."});
  }
  try {
    const toml::table table = toml::parse(text, file);
    Errors errors;
    TomlTable out = plain(table, file, 0, errors);
    if (!errors.empty()) return std::unexpected(std::move(errors));
    return out;
  } catch (const toml::parse_error& error) {
    const auto& begin = error.source().begin;
    return failure({.what = fmt::format("not TOML: {}", error.description()),
                    .where = {.file = file,
                              .line = static_cast<long>(begin.line),
                              .column = static_cast<long>(begin.column),
                              .field = {}},
                    .mend = "Mend the line; https://toml.io shows the grammar."});
  }
}

}  // namespace hinterland
