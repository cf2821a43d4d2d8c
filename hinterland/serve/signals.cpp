#include "hinterland/serve/signals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "hinterland/base/file.hpp"
#include "hinterland/base/record.hpp"
#include "hinterland/broker/check_fact.hpp"
#include "hinterland/cost/bill.hpp"

namespace hinterland {

namespace {

constexpr std::uintmax_t kMostBytes = 64'000'000;

// "2026-11-29T18:00Z", with or without seconds and the Z.
Expected<Instant> parse_hour(std::string text) {
  constexpr std::size_t without_seconds = 16;
  if (text.ends_with('Z')) text.pop_back();
  if (text.size() == without_seconds) text += ":00";
  auto hour = parse_civil(text, "UTC");
  if (hour && (hour->ms % kHour.ms != 0 || *hour < Instant{}))
    return failure({.what = "is no whole hour since 1970", .where = {}, .mend = "Give one price an hour."});
  return hour;
}

}  // namespace

Fields<SignalRow> signals_file_fields() {
  return {
      field("site", &SignalRow::site).documented("site of the atlas"),
      field("hour", &SignalRow::hour).documented("its beginning in UTC, as 2026-11-29T18:00Z"),
      field("price_per_kwh", &SignalRow::price)
          .within(-1e5, 1e5)
          .documented("all that a kWh costs in that hour"),
      field("co2_per_kwh", &SignalRow::co2)
          .within(0, 10)
          .documented("of the grid in that hour; none: as in the atlas"),
  };
}

Expected<std::vector<event::Prices>> parse_signals(std::string_view csv, const std::string& file,
                                                   const std::vector<std::string>& sites, Instant now) {
  if (!csv.ends_with('\n'))
    return failure({.what = "It ends within a line.",
                    .where = {.file = file},
                    .mend = "Is somebody writing it? Write another file, and rename that."});
  const Fields<SignalRow> fields = signals_file_fields();
  const auto rows = parse_table(csv, file, {fields.begin(), fields.end()}, false);
  if (!rows) return std::unexpected(rows.error());
  Errors errors;
  std::map<std::pair<std::string, Instant>, HourPrice> prices;
  for (const RecordRow& row : *rows) {
    SignalRow signal;
    fill(signal, fields, row);
    const auto complain = [&](Error error) {
      error.where = row.where;
      error.where.field = "hour";
      add_error(errors, std::move(error));
    };
    const auto hour = parse_hour(signal.hour);
    if (!hour) {
      complain(hour.error().front());
      continue;
    }
    if (*hour - now > kPricesAhead) {
      complain({.what = "is more than a month ahead", .where = {}, .mend = "Give the coming month at most."});
      continue;
    }
    if (now - *hour > kPricesKept) continue;  // it counts for nothing any more
    const HourPrice price{
        .hour = *hour,
        .money_per_kwh = nearest_whole(kMillion * signal.price.value),
        .co2_kg_per_kwh = signal.co2 ? nearest_whole(kMillion * signal.co2->value) : HourPrice::kUntold};
    if (!prices.try_emplace({signal.site.text, *hour}, price).second)
      complain({.what = fmt::format("{} has another price of this hour above", signal.site.text),
                .where = {},
                .mend = "Give each hour of a site once."});
  }
  std::vector<event::Prices> out;
  for (std::size_t p = 0; p < sites.size(); ++p) {
    event::Prices heard{.pool = PoolIndex{p}, .hours = {}};
    for (auto one = prices.lower_bound({sites[p], Instant{}});
         one != prices.end() && one->first.first == sites[p]; ++one)
      heard.hours.push_back(one->second);
    if (!heard.hours.empty()) out.push_back(std::move(heard));
  }
  if (errors.empty() && out.empty() && !prices.empty())
    add_error(errors,
              {.what = fmt::format("No pool is at any of its sites ({} is one)", prices.begin()->first.first),
               .where = {.file = file},
               .mend = "Name sites of the pools."});
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return out;
}

std::vector<event::Prices> SignalsWatch::look(Instant now) {
  std::error_code ignored;
  const bool good = std::filesystem::is_regular_file(file_, ignored) &&
                    std::filesystem::file_size(file_, ignored) <= kMostBytes;
  const auto text = good ? read_text(file_)
                         : failure({.what = std::filesystem::exists(file_, ignored)
                                                ? "It is no plain file, or larger than 64 MB."
                                                : "It is not there.",
                                    .where = {.file = file_},
                                    .mend = "Give the coming days."});
  if (!text) {
    trouble_ = text.error();
    return {};
  }
  if (*text == read_) {
    trouble_.clear();
    return {};
  }
  auto said = parse_signals(*text, file_, sites_, now);
  if (!said) {
    trouble_ = said.error();
    return {};
  }
  trouble_.clear();
  read_ = *text;
  return std::move(*said);
}

}  // namespace hinterland
