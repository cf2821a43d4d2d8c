#include "hinterland/impact/regional_inequality.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace hinterland {

namespace {

constexpr std::size_t kFewestToConverge = 4;  // regions

std::vector<Holding> places_of(const Atlas& atlas, int year) {
  std::vector<Holding> places;
  for (const Region& region : atlas.regions) {
    const Account& account = *account_of(atlas, region.id, year);
    places.push_back({.weight = account.people(), .per_head = account.gdp_per_head().value});
  }
  return places;
}

std::vector<double> per_head(const std::vector<Holding>& places) {
  std::vector<double> out;
  for (const Holding& one : places) out.push_back(one.per_head);
  return out;
}

// [region] its group; the loader has checked that it is in one.
std::vector<std::size_t> groups_by_region(const Atlas& atlas, const std::vector<RegionGroup>& groups) {
  std::vector<std::size_t> out;
  for (const Region& region : atlas.regions) {
    const auto found = std::ranges::find_if(groups, [&](const RegionGroup& group) {
      return std::ranges::find(group.regions, region.id) != group.regions.end();
    });
    out.push_back(static_cast<std::size_t>(found - groups.begin()));
  }
  return out;
}

Expected<std::vector<int>> years_asked(const Atlas& atlas, const InequalityQuestion& question) {
  std::vector<int> years = account_years(atlas);
  if (years.empty()) {
    return failure({.what = "in no year has every region an account",
                    .where = {.file = atlas.directory + "/accounts.csv"},
                    .mend = "Give each region its people and GDP of one year at least."});
  }
  Errors errors;
  const auto check = [&](const std::optional<int>& year, const char* flag) {
    if (!year || std::ranges::find(years, *year) != years.end()) return;
    add_error(errors, {.what = fmt::format("{} is no year in which every region has an account", *year),
                       .where = {.file = flag},
                       .mend = fmt::format("Known: {}.", fmt::join(years, ", "))});
  };
  check(question.first, "--first");
  check(question.last, "--last");
  if (question.first && question.last && *question.first > *question.last)
    add_error(errors, {.what = fmt::format("{} is after {}", *question.first, *question.last),
                       .where = {.file = "--first"},
                       .mend = "Swap --first and --last."});
  if (!errors.empty()) return std::unexpected(std::move(errors));
  std::erase_if(years, [&](int year) {
    return year < question.first.value_or(year) || year > question.last.value_or(year);
  });
  return years;
}

Course course_of(const std::string& id, const std::string& name, const std::string& name_zh,
                 const RegionalInequality& out, double first, double last) {
  return {.id = id,
          .name = name,
          .name_zh = name_zh,
          .from = out.first().year,
          .to = out.last().year,
          .first = {first, out.first().parts.all.mean},
          .last = {last, out.last().parts.all.mean}};
}

// The places of the last year after a change.
Expected<std::vector<Holding>> changed_places(const Atlas& atlas, std::vector<Holding> places,
                                              const std::vector<RegionChange>& changes, double Range::* end) {
  for (const RegionChange& change : changes) {
    const auto found = std::ranges::find(atlas.regions.rows(), change.region, &Region::id);
    if (found == atlas.regions.end()) {
      return failure({.what = in_quotes(change.region.text) + " is no region of this atlas",
                      .where = {.file = "--change"},
                      .mend = did_you_mean(change.region.text, ids_of(atlas.regions),
                                           "`hinterland atlas show regions` lists them.")});
    }
    Holding& place = places[static_cast<std::size_t>(found - atlas.regions.begin())];
    place.per_head += change.gdp.*end / place.weight;
    if (place.per_head < 0) {
      return failure({.what = fmt::format("takes more from {} than its GDP", change.region.text),
                      .where = {.file = "--change"},
                      .mend = "Give money a year, in the atlas's currency."});
    }
  }
  return places;
}

Expected<ChangedInequality> changed(const Atlas& atlas, const std::vector<Holding>& places,
                                    const std::vector<std::size_t>& group_of, std::size_t groups,
                                    const std::vector<RegionChange>& changes) {
  ChangedInequality out{.changes = changes};
  for (const auto& [end, into] : {std::pair{&Range::low, &ChangedInequality::low},
                                  std::pair{&Range::central, &ChangedInequality::central},
                                  std::pair{&Range::high, &ChangedInequality::high}}) {
    const auto after = changed_places(atlas, places, changes, end);
    if (!after) return std::unexpected(after.error());
    out.*into = decompose(*after, group_of, groups);
  }
  return out;
}

}  // namespace

Expected<RegionalInequality> regional_inequality(const Atlas& atlas, const InequalityQuestion& question) {
  const auto years = years_asked(atlas, question);
  if (!years) return std::unexpected(years.error());
  const auto known = groupings(atlas);
  const std::string grouping =
      question.grouping.empty() && !known.empty() ? known.front() : question.grouping;
  auto groups = groups_of(atlas, grouping, "--groups");
  if (!groups) return std::unexpected(groups.error());
  RegionalInequality out{.grouping = grouping, .groups = std::move(*groups), .level = question.level};
  const auto group_of = groups_by_region(atlas, out.groups);
  for (const int year : *years) {
    const auto places = places_of(atlas, year);
    out.years.push_back({.year = year,
                         .parts = decompose(places, group_of, out.groups.size()),
                         .sigma = places.size() > 1 ? sigma_of(per_head(places)) : 0});
  }
  const auto first = places_of(atlas, years->front()), last = places_of(atlas, years->back());
  for (std::size_t g = 0; g < out.groups.size(); ++g) {
    const RegionGroup& group = out.groups[g];
    out.group_courses.push_back(course_of(group.id.text, group.name, group.name_zh, out,
                                          out.first().parts.groups[g].own.mean,
                                          out.last().parts.groups[g].own.mean));
  }
  for (std::size_t r = 0; r < atlas.regions.size(); ++r) {
    const Region& region = atlas.regions.rows()[r];
    out.region_courses.push_back(
        course_of(region.id.text, region.name, region.name_zh, out, first[r].per_head, last[r].per_head));
  }
  out.breaks = series_breaks(atlas, *years);
  out.lorenz_first = lorenz_curve(first);
  out.lorenz_last = lorenz_curve(last);
  if (years->size() > 1 && first.size() >= kFewestToConverge) {
    out.beta = beta_convergence(per_head(first), per_head(last), years->back() - years->front(), out.level);
    out.sigma = sigma_convergence(per_head(first), per_head(last), out.level);
  }
  if (!question.changes.empty()) {
    auto after = changed(atlas, last, group_of, out.groups.size(), question.changes);
    if (!after) return std::unexpected(after.error());
    out.changed = std::move(*after);
  }
  return out;
}

}  // namespace hinterland
