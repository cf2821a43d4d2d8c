#include "hinterland/impact/place_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "hinterland/base/csv.hpp"
#include "hinterland/base/file.hpp"
#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

// Beyond these products of sums would overflow, or lose all their digits.
constexpr double kMostValue = 1e18, kLeastValue = 1e-18;

// Where a row's value, weight and group stand.
struct PlaceIndex {
  std::size_t value = 0;
  std::optional<std::size_t> weight, group;
};

Expected<PlaceIndex> find_columns(const CsvRow& header, const std::string& file,
                                  const PlaceColumns& columns) {
  std::vector<std::string> names(header.cells.begin(), header.cells.end());
  Errors errors;
  const auto find = [&](const std::string& name) -> std::optional<std::size_t> {
    if (name.empty()) return std::nullopt;
    const auto found = std::ranges::find(names, name);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    add_error(errors, {.what = "there is no such column",
                       .where = {.file = file, .line = header.line, .field = name},
                       .mend = did_you_mean(name, names)});
    return std::nullopt;
  };
  const auto value = find(columns.value);
  PlaceIndex index{.value = value.value_or(0), .weight = find(columns.weight), .group = find(columns.group)};
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return index;
}

std::optional<double> number_in(const CsvRow& row, std::size_t at, bool above_zero, const Location& where,
                                Errors& errors) {
  const auto value = parse_number(row.cells[at]);
  if (value && *value <= kMostValue && (*value >= kLeastValue || (*value == 0 && !above_zero))) return value;
  add_error(errors, {.what = fmt::format("{} is no number {}", in_quotes(row.cells[at]),
                                         above_zero ? "from 1e-18 to 1e18" : "from 1e-18 to 1e18, nor 0"),
                     .where = where,
                     .mend = above_zero ? "Give how many people the place stands for, or name no weight."
                                        : "Give a plain number; a place without one has no place here."});
  return std::nullopt;
}

}  // namespace

std::size_t PlaceTable::empty_places() const {
  return static_cast<std::size_t>(std::ranges::count(places, 0.0, &Holding::per_head));
}

Expected<PlaceTable> parse_places(std::string_view text, const std::string& file,
                                  const PlaceColumns& columns) {
  CsvReader reader(text, file);
  CsvRow row;
  const auto first = reader.next(row);
  if (!first) return std::unexpected(first.error());
  if (!*first)
    return failure({.what = "the file is empty",
                    .where = {.file = file},
                    .mend = "Begin with a header that names the columns."});
  const auto index = find_columns(row, file, columns);
  if (!index) return std::unexpected(index.error());
  const std::size_t width = row.cells.size();
  PlaceTable out{.file = file, .columns = columns};
  std::map<std::string, std::size_t, std::less<>> known;
  if (!index->group) out.groups.emplace_back();
  Errors errors;
  while (true) {
    const auto more = reader.next(row);
    if (!more) {
      add_errors(errors, more.error());
      continue;
    }
    if (!*more) break;
    const auto at = [&](const std::string& field) {
      return Location{.file = file, .line = row.line, .field = field};
    };
    if (row.cells.size() != width) {
      add_error(errors, {.what = fmt::format("{} cells where the header has {}", row.cells.size(), width),
                         .where = at(""),
                         .mend = "Give each column its cell."});
      continue;
    }
    const auto value = number_in(row, index->value, false, at(columns.value), errors);
    const auto weight =
        index->weight ? number_in(row, *index->weight, true, at(columns.weight), errors) : 1.0;
    std::size_t group = 0;
    if (index->group) {
      const std::string_view name = row.cells[*index->group];
      if (name.empty())
        add_error(errors, {.what = "the place is in no group",
                           .where = at(columns.group),
                           .mend = "Name one; a group for all others will do."});
      const auto [entry, fresh] = known.try_emplace(std::string(name), out.groups.size());
      if (fresh) out.groups.emplace_back(name);
      group = entry->second;
    }
    out.places.push_back({.weight = weight.value_or(1), .per_head = value.value_or(0)});
    out.group_of.push_back(group);
  }
  if (errors.empty() && out.empty_places() == out.places.size())
    add_error(errors, {.what = out.places.empty() ? "there is no row" : "all values are 0",
                       .where = {.file = file, .field = columns.value},
                       .mend = "Give at least one place a value above 0."});
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return out;
}

Expected<PlaceTable> read_places(const std::string& file, const PlaceColumns& columns) {
  const auto text = read_text(file);
  if (!text) return std::unexpected(text.error());
  return parse_places(*text, file, columns);
}

PlaceInequality place_inequality(PlaceTable table) {
  PlaceInequality out{.table = std::move(table)};
  out.parts = decompose(out.table.places, out.table.group_of, out.table.groups.size());
  out.lorenz = lorenz_curve(out.table.places);
  return out;
}

std::optional<CountyFile> county_file(const std::string& data_folder, const std::string& atlas) {
  static constexpr std::string_view kEnd = ".csv.gz";
  const std::string begin = atlas + "_county_gdp_";
  std::optional<CountyFile> latest;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(data_folder + "/regional", code)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(begin) || !name.ends_with(kEnd)) continue;
    const std::string middle = name.substr(begin.size(), name.size() - begin.size() - kEnd.size());
    const std::size_t split = middle.find('_');
    if (split == std::string::npos) continue;
    CountyFile found{
        .path = entry.path().string(), .year = middle.substr(0, split), .currency = middle.substr(split + 1)};
    if (!latest || found.year > latest->year) latest = std::move(found);
  }
  return latest;
}

}  // namespace hinterland
