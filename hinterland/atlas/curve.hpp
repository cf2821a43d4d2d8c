// Hourly curves of one site: a contract's or a spot market's price, or the carbon of the power, hour by hour.
//
// The values stand in a file of their own, named relative to the folder of the table that names it (the atlas's or the
// books'): a CSV file with one row an hour, 8,760 rows from 1 January 00:00 on the atlas's clock without summer time
// and without 29 February, and the columns
//
//   value_cny_per_kwh  power_price, as a level (the atlas's currency), or
//   value_kg_per_kwh   carbon_location and carbon_marginal, as a level, or
//   value              any quantity, as a shape: only the proportions count, the mean is the site's own yearly figure
//   hour               if there: 0 to 8759, in order
//
// Errors: all of a file, located: another number of rows (15-minute values and leap days are named as such), an hour
// out of order, no number, a value out of range, a shape without a mean above 0. Nothing is filled in.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/base/field.hpp"
#include "hinterland/base/id.hpp"

namespace hinterland {

enum class CurveQuantity { power_price, carbon_location, carbon_marginal };
enum class CurveUse { level, shape };

struct Curve {
  CurveId id;
  SiteId site;
  CurveQuantity quantity = CurveQuantity::power_price;
  CurveUse use = CurveUse::level;
  std::string file;
  std::string folder;         // of the table that names the file
  std::vector<double> hours;  // 8,760 values: money or kg per kWh, before tax, or a shape
};

Fields<Curve> curve_fields();

// Reads the text of a curve's file. `currency` ("CNY") names the column of a price.
Expected<std::vector<double>> parse_curve(std::string_view text, const std::string& file, const Curve& curve,
                                          const std::string& currency);

struct Atlas;

// Reads the files of the curves that have no hours yet.
void load_curves(Atlas& atlas, Errors& errors);

// The site's curve of a quantity; nullptr where there is none. The loader has checked that there is one at most.
const Curve* curve_of(const Atlas& atlas, const SiteId& site, CurveQuantity quantity);

}  // namespace hinterland
