#include "hinterland/cost/rate_cache.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "hinterland/base/file.hpp"
#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

// To be raised whenever the generator or a plant would give another year for the same inputs.
constexpr int kPhysics = 1;

constexpr std::string_view kSuffix = ".year";
constexpr std::size_t kDoubles = 2 * kYearHours + 1;

std::string hash_of(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::string path_of(const std::string& folder, const std::string& key) {
  return fmt::format("{}/{}{}", folder, key, kSuffix);
}

void empty_if_full(const std::string& folder) {
  std::error_code code;
  std::vector<std::filesystem::path> kept;
  for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
    const auto ending = entry.path().extension();
    if (ending == kSuffix || ending == ".partial") kept.push_back(entry.path());  // what a killed run left
  }
  if (kept.size() < kMostKept) return;
  for (const auto& path : kept) std::filesystem::remove(path, code);
}

}  // namespace

std::string year_key(const Climate& climate, const Plant& plant, double load, std::uint64_t seed) {
  std::string text = fmt::format("physics {}\nseed {}\nload {}\n", kPhysics, seed, shortest(load));
  // A figure that stayed out of the key would give the year of another climate, so each is counted.
  const std::array place = {climate.latitude_deg, climate.longitude_deg, climate.utc_offset_h};
  static_assert(sizeof(Climate) == sizeof(place) + sizeof(Climate::months),
                "a new member belongs in the key");
  for (const double value : place) text += shortest(value) + "\n";
  for (const MonthNormal& month : climate.months) {
    const std::array normals = {
        month.mean_c,      month.daily_sd_c,          month.interannual_sd_c,     month.daily_max_c,
        month.daily_min_c, month.vapour_pressure_hpa, month.station_pressure_hpa, month.vapour_correction};
    static_assert(sizeof(MonthNormal) == sizeof(normals), "a new normal belongs in the key");
    for (const double value : normals) text += shortest(value) + "\n";
  }
  for (const auto& field : plant_fields()) {
    if (field.name != "id" && field.name != "name" && field.name != "name_zh")
      text += field.name + " " + cell_text(field.get(plant)) + "\n";
  }
  return hash_of(text);
}

std::optional<FacilityYear> find_year(const std::string& folder, const std::string& key) {
  std::ifstream file(path_of(folder, key), std::ios::binary);
  if (!file) return std::nullopt;
  std::string bytes(32 + kDoubles * sizeof(double), '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  const bool whole = file.gcount() == static_cast<std::streamsize>(bytes.size()) && file.peek() == EOF;
  const std::string_view values = std::string_view(bytes).substr(32);
  if (!whole || hash_of(values) != std::string_view(bytes).substr(0, 32)) return std::nullopt;
  FacilityYear year;
  year.pue.resize(kYearHours);
  year.wue_l_per_kwh.resize(kYearHours);
  const std::size_t list = kYearHours * sizeof(double);
  std::memcpy(year.pue.data(), values.data(), list);
  std::memcpy(year.wue_l_per_kwh.data(), values.data() + list, list);
  std::memcpy(&year.chiller_hours_share, values.data() + 2 * list, sizeof(double));
  return year;
}

void keep_year(const std::string& folder, const std::string& key, const FacilityYear& year) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (code) return;
  empty_if_full(folder);
  std::string values(kDoubles * sizeof(double), '\0');
  const std::size_t list = kYearHours * sizeof(double);
  std::memcpy(values.data(), year.pue.data(), list);
  std::memcpy(values.data() + list, year.wue_l_per_kwh.data(), list);
  std::memcpy(values.data() + 2 * list, &year.chiller_hours_share, sizeof(double));
  // A year that could not be kept is worked out again next time: no reason to fail.
  if (const auto kept = write_text(path_of(folder, key), hash_of(values) + values); !kept) return;
}

}  // namespace hinterland
