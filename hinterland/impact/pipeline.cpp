#include "hinterland/impact/pipeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "hinterland/atlas/ranged_record.hpp"
#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

constexpr double kYearsAhead = 5;
constexpr double kFarthest = 100;  // years ahead

// The columns that a file of counts has, of those that the atlas's table has.
Fields<DealCount> counted_fields() {
  Fields<DealCount> out;
  for (auto& one : deal_count_fields()) {
    if (one.name == "building" || one.name == "operating" || one.name == "dropped" || one.name == "date" ||
        one.name == "signed")
      out.push_back(std::move(one));
  }
  return out;
}

std::optional<DealWorth> worth_of(const std::vector<DealCount>& counts) {
  std::optional<DealWorth> out;
  for (const DealCount& one : counts) {
    if (!one.worth_1e8 || one.signed_deals == 0) continue;
    out = DealWorth{.worth = *one.worth_1e8 * 1e8,
                    .currency = one.worth_currency,
                    .signed_deals = one.signed_deals,
                    .operating = one.operating};
  }
  return out;
}

// What cannot be of the counts of a file, each error where its row is.
Errors refused(const std::vector<DealCount>& counts, const std::vector<Location>& rows) {
  Errors errors;
  std::size_t alone_before = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    Errors own, both;
    check_counts({counts[i]}, rows[i].file, own);
    const std::size_t alone = own.size();
    if (i > 0) check_counts({counts[i - 1], counts[i]}, rows[i].file, both);
    // Beyond what each of the two is refused for alone: that this one does not follow the other.
    if (both.size() > alone_before + alone) own.push_back(both.back());
    for (Error& error : own) error.where.line = rows[i].line;
    add_errors(errors, own);
    alone_before = alone;
  }
  return errors;
}

// Deals that operate, or were dropped, stay so: the model knows no way back. `where`: of the i-th count.
Errors falling_back(const std::vector<DealCount>& counts,
                    const std::function<Location(std::size_t, const char*)>& where) {
  Errors errors;
  const auto check = [&](const char* name, std::optional<double> DealCount::* stage) {
    const DealCount* before = nullptr;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (!(counts[i].*stage)) continue;
      if (before != nullptr && *(counts[i].*stage) < *(before->*stage))
        add_error(errors,
                  {.what = fmt::format("{} {} by {}, and {} by {}", shortest(*(before->*stage)), name,
                                       before->date, shortest(*(counts[i].*stage)), counts[i].date),
                   .where = where(i, name),
                   .mend = "Count all that ever came so far: what operates stays, and so does what was "
                           "dropped."});
      before = &counts[i];
    }
  };
  check("operating", &DealCount::operating);
  check("dropped", &DealCount::dropped);
  return errors;
}

// The ends of the years ahead, and the last point asked for.
std::vector<double> points_ahead(double last, double until) {
  std::vector<double> out;
  for (double year = std::floor(last) + 1; year < until; ++year) out.push_back(year);
  out.push_back(until);
  return out;
}

}  // namespace

Expected<std::vector<DealCount>> parse_deal_counts(std::string_view text, const std::string& file,
                                                   double since) {
  const auto fields = counted_fields();
  const auto rows = parse_table(text, file, descriptions(fields), false);
  if (!rows) return std::unexpected(rows.error());
  std::vector<DealCount> counts;
  std::vector<Location> places;
  for (const RecordRow& row : *rows) {
    places.push_back(row.where);
    places.back().file = file;
    DealCount count{.programme = file, .name = file, .since_year = since};
    fill(count, fields, row);
    count.id = {count.date};
    counts.push_back(std::move(count));
  }
  Errors errors;
  if (counts.empty())
    add_error(errors,
              {.what = "there is no count",
               .where = {.file = file},
               .mend = "Give a date with how many deals were signed, and at which stage they stood."});
  add_errors(errors, refused(counts, places));
  add_errors(errors, falling_back(counts, [&](std::size_t i, const char* stage) {
               return Location{.file = file, .line = places[i].line, .field = stage};
             }));
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return counts;
}

namespace {

// Of figures whose logarithm is drawn, the ranges that begin at 0 or below.
Errors beginning_at_zero(const Atlas& atlas, const RangedRecord<DealPace>& pace) {
  Errors errors;
  for (const char* column : {"start_years", "build_years", "dropped_per_year"}) {
    if (pace.range(column).low > 0) continue;
    const std::string& id = pace.central().id.text;
    Location where{.file = atlas.directory + "/citations.csv"};
    for (const Citation& one : atlas.citations) {
      if (one.table == "deal_pace" && one.id == id && one.column == column) where = one.where;
    }
    where.field = fmt::format("deal_pace.{}.{}", id, column);
    add_error(errors, {.what = "its range begins at 0, and its logarithm is drawn",
                       .where = where,
                       .mend = "Cite a low above 0."});
  }
  return errors;
}

}  // namespace

Expected<Pipeline> follow_pipeline(const Atlas& atlas, const std::vector<DealCount>& counts,
                                   const std::optional<Range>& since, const PipelineQuestion& question,
                                   Progress& progress) {
  if (atlas.deal_paces.empty())
    return failure(
        {.what = "has no row, so nothing is known of how fast deals move",
         .where = {.file = atlas.directory + "/deal_pace.csv"},
         .mend = "Give start_years, build_years and dropped_per_year, with ranges in citations.csv."});
  if (Errors errors = falling_back(counts,
                                   [&](std::size_t i, const char* stage) {
                                     return Location{
                                         .file = atlas.directory + "/deals.csv",
                                         .field = fmt::format("deals.{}.{}", counts[i].id.text, stage)};
                                   });
      !errors.empty())
    return std::unexpected(std::move(errors));
  if (counts.back().signed_deals == 0 && question.signing_per_year == 0)
    return failure({.what = fmt::format("by {} no deal was signed, and none is to come", counts.back().date),
                    .where = {.file = counts.back().programme, .field = "signed"},
                    .mend = "Count to a day by which deals were signed, or say how many a year will be: "
                            "--signing 40."});
  const DealPace& pace = atlas.deal_paces.rows().front();
  const RangedRecord<DealPace> ranged(atlas, "deal_pace", deal_pace_fields(), pace);
  if (Errors errors = beginning_at_zero(atlas, ranged); !errors.empty())
    return std::unexpected(std::move(errors));
  const DealCount& first = counts.front();
  Pipeline out{.programme = first.programme,
               .name = first.name,
               .name_zh = first.name_zh,
               .region = first.region.text,
               .counts = counts};
  out.question = {
      .priors = {.start_years = ranged.range("start_years"),
                 .build_years = ranged.range("build_years"),
                 .drop = ranged.range("dropped_per_year"),
                 .since = since ? *since
                                : cited_range(atlas, "deals", first.id.text, "since_year", first.since_year)},
      .level = question.level,
      .signing_per_year = question.signing_per_year,
      .draws = question.draws,
      .seed = question.seed};
  for (const DealCount& one : counts)
    out.question.counts.push_back({.year = calendar_point(one.date, {}).value(),
                                   .signed_deals = one.signed_deals,
                                   .building = one.building,
                                   .operating = one.operating,
                                   .dropped = one.dropped});
  const double begin = out.question.counts.front().year, last = out.question.counts.back().year;
  // A first signing after the first count cannot be.
  Range& range = out.question.priors.since;
  range.high = std::min(range.high, begin - 1.0 / 365);
  range.central = std::min(range.central, range.high);
  range.low = std::min(range.low, range.high);
  const double until = question.until.value_or(std::ceil(last) + kYearsAhead);
  if (until <= last || until > last + kFarthest)
    return failure({.what = fmt::format("{} is no year after the last count, {}", until, counts.back().date),
                    .where = {.file = "--until"},
                    .mend = "Give a point of the calendar up to a hundred years later."});
  out.question.ahead = points_ahead(last, until);
  out.fit = fit_deals(out.question, progress);
  out.worth = worth_of(counts);
  return out;
}

}  // namespace hinterland
