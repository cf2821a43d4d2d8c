#include "hinterland/impact/national_economy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "hinterland/base/file.hpp"

namespace hinterland {

namespace {

Expected<std::string> file_of(const Atlas& atlas, const IoSource& source, const std::string& large_data) {
  std::error_code code;
  for (const std::string& folder : {atlas.directory, large_data}) {
    if (folder.empty()) continue;
    std::string path = folder + "/" + source.file;
    if (std::filesystem::exists(path, code)) return path;
  }
  return failure({.what = fmt::format("{} is neither there nor in the folder of large data{}", source.file,
                                      large_data.empty() ? ", which is not named" : " " + large_data),
                  .where = {.file = atlas.directory + "/io_tables.csv", .field = source.id.text},
                  .mend = "Let HINTERLAND_DATA name the folder that holds it, or give a table of your own."});
}

void check_industries(const Atlas& atlas, const IoTable& table, Errors& errors) {
  const std::string file = atlas.directory + "/industries.csv";
  for (const IoTable::Industry& industry : table.industries) {
    if (atlas.industries.find({industry.code}) != nullptr) continue;
    add_error(errors, {.what = fmt::format("industry {} of {} has no row", industry.code, table.file),
                       .where = {.file = file},
                       .mend = "Give every industry of the table a row."});
  }
  for (const Industry& industry : atlas.industries) {
    if (std::ranges::find(table.industries, industry.id.text, &IoTable::Industry::code) !=
        table.industries.end())
      continue;
    add_error(errors, {.what = fmt::format("{} is no industry of {}", industry.id.text, table.file),
                       .where = {.file = file},
                       .mend = "Leave the row out, or give it the table's code."});
  }
}

int employment_year(const Atlas& atlas, int year) {
  int best = 0;
  for (const Employment& one : atlas.employment) {
    const int of = static_cast<int>(one.year);
    const bool better = best == 0 || (of <= year ? of > best || best > year : best > year && of < best);
    if (better) best = of;
  }
  return best;
}

void share_jobs(const Atlas& atlas, NationalEconomy& economy, Errors& errors) {
  const IoTable& table = economy.table;
  economy.employment_year = employment_year(atlas, static_cast<int>(economy.source->year));
  std::map<std::string, double> pay;  // by section
  const auto section = [&](std::size_t i) { return atlas.industries.at({table.industries[i].code}).section; };
  for (std::size_t i = 0; i < table.size(); ++i) pay[section(i).text] += table.compensation[i];
  for (std::size_t i = 0; i < table.size(); ++i) {
    const Employment* people = employment_of(atlas, section(i), economy.employment_year);
    if (people == nullptr) {
      add_error(errors, {.what = fmt::format("nobody is counted in section {} of industry {}",
                                             section(i).text, table.industries[i].code),
                         .where = {.file = atlas.directory + "/employment.csv"},
                         .mend = "Give every section of industries.csv its people."});
      continue;
    }
    const double all = pay[section(i).text];
    economy.jobs.push_back(all > 0 ? people->employed_1e4 * 1e4 * table.compensation[i] / all : 0);
  }
}

}  // namespace

Expected<NationalEconomy> national_economy(const Atlas& atlas, const std::string& large_data) {
  const auto latest = std::ranges::max_element(atlas.io_tables, {}, &IoSource::year);
  if (latest == atlas.io_tables.end())
    return failure({.what = "the atlas has no input-output table",
                    .where = {.file = atlas.directory + "/io_tables.csv"},
                    .mend = "Give a row; `hinterland atlas fields io_tables` says what is in it."});
  const auto file = file_of(atlas, *latest, large_data);
  if (!file) return std::unexpected(file.error());
  const auto text = read_text(*file);
  if (!text) return std::unexpected(text.error());
  auto table = parse_io_table(*text, *file, latest->figure.value);
  if (!table) return std::unexpected(table.error());
  NationalEconomy economy{.source = &*latest, .table = std::move(*table), .jobs = {}};
  Errors errors;
  check_industries(atlas, economy.table, errors);
  if (errors.empty()) share_jobs(atlas, economy, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return economy;
}

std::size_t place_of(const IoTable& table, const IndustryId& industry) {
  return static_cast<std::size_t>(
      std::ranges::find(table.industries, industry.text, &IoTable::Industry::code) -
      table.industries.begin());
}

}  // namespace hinterland
