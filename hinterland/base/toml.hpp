// TOML documents as a small plain tree with locations; toml++ reads them and stays in toml.cpp.
//
// Only what field tables use is kept: booleans, numbers (integers become doubles), strings, lists of strings or of
// numbers, tables. Dates and mixed lists are errors, and so is a document that is too large or too deep to be a
// record. An empty list is one of strings.
#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hinterland/base/error.hpp"

namespace hinterland {

struct TomlEntry;

struct TomlTable {
  Location where;
  std::vector<TomlEntry> entries;  // in the order of the file

  [[nodiscard]] const TomlEntry* find(std::string_view key) const;
};

struct TomlEntry {
  std::string key;
  Location where;
  std::variant<bool, double, std::string, std::vector<std::string>, std::vector<double>, TomlTable> value;
};

Expected<TomlTable> parse_toml(std::string_view text, const std::string& file);

}  // namespace hinterland
