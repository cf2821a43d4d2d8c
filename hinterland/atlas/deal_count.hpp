// How many deals of a programme stood at which stage by a date, as somebody announced it.
//
// `signed_deals` counts all that were ever signed; building, operating and dropped are stages in which some of them stand,
// so their sum is at most that. A stage of which nothing was said is empty, which is not zero.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/base/field.hpp"
#include "hinterland/base/time.hpp"

namespace hinterland {

struct DealCount {
  DealCountId id;
  std::string programme;      // whose deals they are; its counts follow each other by date
  std::string name, name_zh;  // of the programme
  RegionId region;            // where to
  std::string date;           // at whose end they stood so: 2025-06-30
  double since_year =
      0;  // the programme's first deal was signed after this point of the calendar (2021.5: its middle)
  double signed_deals = 0;
  std::optional<double> building, operating, dropped;
  std::optional<double> worth_1e8;  // said of the deals, in hundred millions of worth_currency
  std::string worth_currency;
};

Fields<DealCount> deal_count_fields();

struct Atlas;

// The programmes, in the order of the table; and one's counts, which the loader has checked to follow each other.
std::vector<std::string> programmes(const Atlas& atlas);
Expected<std::vector<DealCount>> counts_of(const Atlas& atlas, const std::string& programme,
                                           const std::string& flag);

// What one programme's counts, in their order, cannot be: of no date, before the first signing, out of order, with signed
// deals that get fewer or more deals at the stages than were signed, of a worth without its currency.
void check_counts(const std::vector<DealCount>& counts, const std::string& file, Errors& errors);

// The end of that day as a point of the calendar in years: 2025-06-30 -> 2025.4959 (181 of 365 days). Fails for what is
// no date.
Expected<double> calendar_point(const std::string& date, const Location& where);

}  // namespace hinterland
