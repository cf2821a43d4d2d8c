#include "hinterland/atlas/deal_count.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

constexpr double kMostDeals = 1e6;

// One count in itself; its date as a point of the calendar, or nothing.
std::optional<double> check_count(const DealCount& one, const std::string& file, Errors& errors) {
  const auto complain = [&](const char* field, std::string what, std::string mend) {
    add_error(errors, {.what = fmt::format("{}: {}", one.id.text, what),
                       .where = {.file = file, .field = field},
                       .mend = std::move(mend)});
  };
  const double placed = one.building.value_or(0) + one.operating.value_or(0) + one.dropped.value_or(0);
  if (placed > one.signed_deals) {
    complain("signed",
             fmt::format("{} deals stand at a stage, and {} were signed", shortest(placed),
                         shortest(one.signed_deals)),
             "Count in signed all deals ever signed, and each deal at one stage.");
  }
  if (one.worth_1e8.has_value() == one.worth_currency.empty())
    complain("worth_currency", "a worth without its currency, or the reverse", "Give both or none.");
  const auto date = calendar_point(one.date, {.file = file, .field = "date"});
  if (!date) {
    add_errors(errors, date.error());
    return std::nullopt;
  }
  if (*date <= one.since_year)
    complain("since_year", "the count is not after the first deal",
             "Give the point from which deals were signed.");
  return *date;
}

}  // namespace

Fields<DealCount> deal_count_fields() {
  return {
      field("id", &DealCount::id).naming().documented("short name of the count"),
      field("programme", &DealCount::programme)
          .naming()
          .documented("whose deals are counted; a programme's counts follow each other by date"),
      field("name", &DealCount::name).naming().documented("English name of the programme"),
      field("name_zh", &DealCount::name_zh).naming().documented("Chinese name of the programme"),
      field("region", &DealCount::region).refers("regions").naming().documented("where the deals lead"),
      field("date", &DealCount::date).naming().documented("the day at whose end they stood so: 2025-06-30"),
      field("since_year", &DealCount::since_year)
          .within(1900, 2200)
          .documented("no deal was signed before this point of the calendar; 2021.5 is the middle of 2021"),
      field("signed", &DealCount::signed_deals)
          .within(0, kMostDeals)
          .documented("all deals signed until then, whatever became of them"),
      field("building", &DealCount::building)
          .within(0, kMostDeals)
          .documented("of these, under construction"),
      field("operating", &DealCount::operating).within(0, kMostDeals).documented("of these, in operation"),
      field("dropped", &DealCount::dropped).within(0, kMostDeals).documented("of these, given up"),
      field("worth_1e8", &DealCount::worth_1e8)
          .above(0, 1e9)
          .optional()
          .documented("what is said that they are worth, in hundred millions"),
      field("worth_currency", &DealCount::worth_currency)
          .naming()
          .optional()
          .documented("ISO 4217 code of worth_1e8, which need not be the atlas's"),
  };
}

std::vector<std::string> programmes(const Atlas& atlas) {
  std::vector<std::string> names;
  for (const DealCount& one : atlas.deals) {
    if (std::ranges::find(names, one.programme) == names.end()) names.push_back(one.programme);
  }
  return names;
}

Expected<std::vector<DealCount>> counts_of(const Atlas& atlas, const std::string& programme,
                                           const std::string& flag) {
  std::vector<DealCount> counts;
  for (const DealCount& one : atlas.deals) {
    if (one.programme == programme) counts.push_back(one);
  }
  if (!counts.empty()) return counts;
  return failure({.what = in_quotes(programme) + " is no programme of this atlas",
                  .where = {.file = flag},
                  .mend = did_you_mean(programme, programmes(atlas))});
}

void check_counts(const std::vector<DealCount>& counts, const std::string& file, Errors& errors) {
  const DealCount* before = nullptr;
  std::optional<double> date_before;
  for (const DealCount& one : counts) {
    const auto date = check_count(one, file, errors);
    if (before != nullptr &&
        ((date && date_before && *date <= *date_before) || one.signed_deals < before->signed_deals)) {
      add_error(errors, {.what = fmt::format("{} does not follow {}: later, with no fewer deals signed",
                                             one.id.text, before->id.text),
                         .where = {.file = file, .field = "date"},
                         .mend = "Order a programme's counts by date; signed never falls."});
    }
    before = &one;
    date_before = date;
  }
}

Expected<double> calendar_point(const std::string& date, const Location& where) {
  const auto day = parse_civil(date + " 00:00:00", "UTC");
  if (!day) {
    return failure(
        {.what = in_quotes(date) + " is no date", .where = where, .mend = "Write it as 2025-06-30."});
  }
  const auto year = *parse_integer(date.substr(0, 4));
  const auto begin = parse_civil(date.substr(0, 4) + "-01-01 00:00:00", "UTC").value();
  const auto end = parse_civil(std::to_string(year + 1) + "-01-01 00:00:00", "UTC");
  const Hours length = end ? in_hours(*end - begin) : kYear;
  return static_cast<double>(year) + (in_hours(*day - begin) + Hours{24}) / length;
}

}  // namespace hinterland
