#include "hinterland/atlas/curve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/atlas/table_list.hpp"
#include "hinterland/base/csv.hpp"
#include "hinterland/base/file.hpp"
#include "hinterland/base/model_year.hpp"
#include "hinterland/base/number.hpp"

namespace hinterland {

Fields<Curve> curve_fields() {
  return {
      field("id", &Curve::id).naming().documented("short name of the curve"),
      field("site", &Curve::site).refers("sites").naming().documented("the site it holds for"),
      choice("quantity", &Curve::quantity, {"power_price", "carbon_location", "carbon_marginal"})
          .naming()
          .documented("what its values are"),
      choice("use", &Curve::use, {"level", "shape"})
          .naming()
          .documented(
              "level: the values themselves; shape: their proportions, around the site's yearly figure"),
      field("file", &Curve::file).documented("a CSV file of 8,760 hours, relative to this table's folder"),
  };
}

namespace {

constexpr std::size_t kLeapHours = 8784;
constexpr std::size_t kMostRows = 4 * kLeapHours;  // a leap year in quarter hours; more is another file

std::string value_column(const Curve& curve, const std::string& currency) {
  if (curve.use == CurveUse::shape) return "value";
  return curve.quantity == CurveQuantity::power_price ? in_currency("value_$_per_kwh", currency)
                                                      : "value_kg_per_kwh";
}

// A field that checks one value as the atlas's own columns of the quantity would.
Field value_field(const Curve& curve, std::string name) {
  Field field{.name = std::move(name),
              .kind = FieldKind::number,
              .choices = {},
              .refers_to = {},
              .fallback = {},
              .doc = "the value of the hour"};
  if (curve.use == CurveUse::shape) {
    field.low = 0;
  } else if (curve.quantity == CurveQuantity::power_price) {
    field.low = -1e6;
    field.high = 1e6;
  } else {
    field.low = 0;
    field.high = 3;
  }
  return field;
}

struct Columns {
  std::size_t count = 0, value = 0;
  std::optional<std::size_t> hour;
};

Expected<Columns> parse_header(const CsvRow& header, const std::string& file, const std::string& value) {
  Columns columns{.count = header.cells.size(), .value = header.cells.size(), .hour = {}};
  Errors errors;
  for (std::size_t i = 0; i < header.cells.size(); ++i) {
    const std::string_view name = header.cells[i];
    const bool twice = (name == value && columns.value < columns.count) || (name == "hour" && columns.hour);
    if (!twice && name == value) {
      columns.value = i;
    } else if (!twice && name == "hour") {
      columns.hour = i;
    } else {
      add_error(errors,
                {.what = twice ? "the column stands twice" : "unknown column",
                 .where = {.file = file, .line = header.line, .field = std::string(name.substr(0, 60))},
                 .mend = twice ? "Remove one of them."
                               : fmt::format("Give {}, and hour if you like; nothing else.", value)});
    }
  }
  if (columns.value == columns.count) {
    add_error(errors, {.what = "the column is missing",
                       .where = {.file = file, .line = header.line, .field = value},
                       .mend = "Name the column of the values so; its unit is part of the name."});
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return columns;
}

std::string why_not_a_year(std::size_t rows) {
  if (rows == kLeapHours) return "Leave out the 24 hours of 29 February.";
  if (rows == 2 * kYearHours || rows == 2 * kLeapHours) return "Give the mean of each hour's two half hours.";
  if (rows == 4 * kYearHours || rows >= kMostRows) return "Give the mean of each hour's four quarters.";
  return "Give one row for each hour of a year without 29 February; nothing is filled in.";
}

void check_hour(std::string_view cell, std::size_t meant, const Location& where, Errors& errors) {
  const auto hour = parse_integer(cell);
  if (hour && *hour == static_cast<std::int64_t>(meant)) return;
  Location place = where;
  place.field = "hour";
  add_error(errors, {.what = fmt::format("{} stands where hour {} is meant", in_quotes(cell), meant),
                     .where = std::move(place),
                     .mend = "Count the hours from 0, in order, each once."});
}

}  // namespace

Expected<std::vector<double>> parse_curve(std::string_view text, const std::string& file, const Curve& curve,
                                          const std::string& currency) {
  CsvReader reader(text, file);
  CsvRow row;
  const Field field = value_field(curve, value_column(curve, currency));
  const auto first = reader.next(row);
  if (!first) return std::unexpected(first.error());
  if (!*first) {
    return failure({.what = "the file is empty",
                    .where = {.file = file},
                    .mend = fmt::format("Begin with the header {}.", field.name)});
  }
  const auto columns = parse_header(row, file, field.name);
  if (!columns) return std::unexpected(columns.error());
  Errors errors;
  std::vector<double> hours;
  bool counted = true;  // after one hour out of order the others would only repeat it
  std::size_t rows = 0;
  while (rows < kMostRows) {
    const auto more = reader.next(row);
    if (!more) {
      add_errors(errors, more.error());
      ++rows;
      continue;
    }
    if (!*more) break;
    const Location where{.file = file, .line = row.line};
    if (row.cells.size() != columns->count) {
      add_error(errors,
                {.what = fmt::format("{} cells where the header has {}", row.cells.size(), columns->count),
                 .where = where,
                 .mend = "Give each column its cell."});
    } else {
      if (columns->hour && counted) {
        const std::size_t before = errors.size();
        check_hour(row.cells[*columns->hour], rows, where, errors);
        counted = errors.size() == before;
      }
      const auto value = parse_cell(field, row.cells[columns->value], where);
      if (value) {
        hours.push_back(std::get<double>(*value));
      } else {
        add_errors(errors, value.error());
      }
    }
    ++rows;
  }
  if (rows != kYearHours) {
    add_error(errors, {.what = fmt::format("{}{} rows where a year has 8760",
                                           rows >= kMostRows ? "at least " : "", rows),
                       .where = {.file = file},
                       .mend = why_not_a_year(rows)});
  } else if (errors.empty() && curve.use == CurveUse::shape &&
             std::accumulate(hours.begin(), hours.end(), 0.0) <= 0) {
    add_error(errors, {.what = "all values are 0, so they have no proportions",
                       .where = {.file = file, .field = field.name},
                       .mend = "Give a shape with a mean above 0."});
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return hours;
}

void load_curves(Atlas& atlas, Errors& errors) {
  for (Curve curve : std::vector<Curve>(atlas.curves.rows())) {
    if (!curve.hours.empty()) continue;
    const std::string path =
        curve.folder.empty() || curve.file.starts_with('/') ? curve.file : curve.folder + "/" + curve.file;
    const auto text = read_text(path);
    if (!text) {
      add_errors(errors, text.error());
      continue;
    }
    auto hours = parse_curve(*text, path, curve, atlas.country().currency);
    if (!hours) {
      add_errors(errors, hours.error());
      continue;
    }
    curve.hours = std::move(*hours);
    atlas.curves.put(std::move(curve));
  }
}

const Curve* curve_of(const Atlas& atlas, const SiteId& site, CurveQuantity quantity) {
  const auto found = std::ranges::find_if(
      atlas.curves, [&](const Curve& curve) { return curve.site == site && curve.quantity == quantity; });
  return found == atlas.curves.end() ? nullptr : &*found;
}

}  // namespace hinterland
