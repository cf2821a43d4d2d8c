#include "hinterland/sim/placed_jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "hinterland/base/file.hpp"

namespace hinterland {

namespace {

constexpr std::string_view kHeader = "id,arrival_s,duration_s,cores,site";
constexpr std::size_t kArrival = 1, kDuration = 2, kCores = 3, kSite = 4, kColumns = 5;
constexpr std::array<const char*, kColumns> kNames = {"id", "arrival_s", "duration_s", "cores", "site"};

struct Reader {
  std::string_view text;
  const std::string& file;
  SimWorld& world;
  Errors errors;
  long line = 1;
  std::vector<std::int32_t> size_of_cores = {};  // by cores: the place in world.sizes, or -1

  void complain(std::string what, std::string mend, std::size_t column = kColumns) {
    add_error(errors,
              {.what = std::move(what),
               .where = {.file = file, .line = line, .field = column < kColumns ? kNames.at(column) : ""},
               .mend = std::move(mend)});
  }

  // The five numbers of the line that begins at `at`; moves `at` behind it. False: it was no such line.
  bool numbers(const char*& at, std::array<std::int64_t, kColumns>& values) {
    const char* const end = text.data() + text.size();
    for (std::size_t column = 0; column < kColumns; ++column) {
      const auto [next, error] = std::from_chars(at, end, values.at(column));
      const bool last = column + 1 == kColumns;
      const bool ends = next == end || *next == '\n' || *next == '\r';
      if (error != std::errc{} || (last ? !ends : next == end || *next != ',')) {
        complain("is no whole number", "Give five whole numbers, with commas between.", column);
        at = std::find(at, end, '\n');
        at += at == end ? 0 : 1;
        return false;
      }
      at = next + (last ? 0 : 1);
    }
    if (at != end && *at == '\r') ++at;
    if (at != end) ++at;
    return true;
  }

  // The place of the size in the list, which grows; sizes above what any pool has are refused before.
  SizeIndex size(std::int64_t cores, const SimPool& pool) {
    const auto place = static_cast<std::size_t>(cores);
    if (place >= size_of_cores.size()) size_of_cores.resize(place + 1, -1);
    if (size_of_cores[place] < 0) {
      size_of_cores[place] = static_cast<std::int32_t>(world.sizes.size());
      const Size size{.cores = cores};
      world.sizes.push_back({size, units_of(size, pool.server_size, pool.units_per_server)});
    }
    return SizeIndex{static_cast<std::size_t>(size_of_cores[place])};
  }

  void add(const std::array<std::int64_t, kColumns>& values) {
    static constexpr std::int64_t kMostS = kMostSimulated.ms / 1000;
    const std::int64_t arrival = values[kArrival], duration = values[kDuration], cores = values[kCores],
                       site = values[kSite];
    if (site < 0 || site >= static_cast<std::int64_t>(world.pools.size()))
      return complain(fmt::format("no pool {}", site),
                      fmt::format("The scenario has {} pools, from 0.", world.pools.size()), kSite);
    const SimPool& pool = world.pools[static_cast<std::size_t>(site)];
    if (cores < 1 || cores > pool.size().cores)
      return complain(fmt::format("{} cores fit into no pool there", cores),
                      fmt::format("The pool {} has {} cores.", pool.site.text, pool.size().cores), kCores);
    if (duration < 1 || duration > kMostS || arrival < 0 || arrival > kMostS)
      return complain("a time that is not in the simulated years",
                      "Durations are 1 s at least, arrivals from 0.",
                      duration < 1 || duration > kMostS ? kDuration : kArrival);
    SimJobs& jobs = world.jobs;
    if (!jobs.arrival.empty() && arrival * 1000 < jobs.arrival.back().ms)
      return complain("arrives before the job of the line above", "Sort the file by arrival_s.", kArrival);
    jobs.arrival.push_back({arrival * 1000});
    jobs.run.push_back({duration * 1000});
    jobs.request.push_back({duration * 1000});
    jobs.size.push_back(size(cores, pool));
    jobs.group.emplace_back();
    jobs.home.emplace_back(static_cast<std::size_t>(site));
  }
};

}  // namespace

Expected<void> parse_placed_jobs(std::string_view text, const std::string& file, SimWorld& world,
                                 Progress& progress) {
  Reader reader{.text = text, .file = file, .world = world, .errors = {}};
  const char* at = text.data();
  const char* const end = at + text.size();
  if (!text.starts_with(kHeader) ||
      (text.size() > kHeader.size() && text[kHeader.size()] != '\n' && text[kHeader.size()] != '\r')) {
    return failure({.what = "no such header",
                    .where = {.file = file, .line = 1},
                    .mend = fmt::format("The first line must be {}.", kHeader)});
  }
  const auto rows = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  SimJobs& jobs = world.jobs;
  jobs.arrival.reserve(rows);
  jobs.run.reserve(rows);
  jobs.request.reserve(rows);
  jobs.size.reserve(rows);
  jobs.group.reserve(rows);
  jobs.home.reserve(rows);
  at = std::find(at, end, '\n');
  std::array<std::int64_t, kColumns> values{};
  for (at += at == end ? 0 : 1; at != end;) {
    ++reader.line;
    if (reader.numbers(at, values)) reader.add(values);
    if (reader.line % (1 << 18) == 0 &&
        !progress.step("bytes read", at - text.data(), static_cast<std::int64_t>(text.size()))) {
      return failure(
          {.what = "interrupted while reading", .where = {.file = file}, .mend = "Nothing was written."});
    }
  }
  if (!reader.errors.empty()) return std::unexpected(std::move(reader.errors));
  return {};
}

Expected<void> read_placed_jobs(const std::string& path, SimWorld& world, Progress& progress) {
  const auto text = read_text(path);
  if (!text) return std::unexpected(text.error());
  return parse_placed_jobs(*text, path, world, progress);
}

}  // namespace hinterland
