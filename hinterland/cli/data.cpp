#include "hinterland/cli/data.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Option.hpp>
#include <cstdlib>
#include <filesystem>

namespace hinterland {

std::string data_folder() {
  std::error_code code;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", code).parent_path();
  for (const char* candidate : {"../data", "../share/hinterland/data"}) {
    const auto folder = program / candidate;
    if (std::filesystem::is_directory(folder / "atlas", code)) return folder.lexically_normal().string();
  }
  return (program / "../data").lexically_normal().string();
}

std::string presets_folder() { return data_folder() + "/workloads"; }

void add_atlas_options(CLI::App& verb, AtlasOptions& options) {
  verb.add_option("--atlas", options.atlas, "folder of another atlas (default: China)")->type_name("DIR");
  verb.add_option("--books", options.books, "folder with your own tables; their cells replace the atlas's")
      ->type_name("DIR");
  verb.add_option("--set", options.assignments,
                  "one value, such as sites.guian.server_use=0.6; may be repeated")
      ->type_name("TABLE.ID.FIELD=VALUE")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
}

namespace {

std::string cache_folder() {
  if (const char* named = std::getenv("HINTERLAND_CACHE")) return named;
  if (const char* caches = std::getenv("XDG_CACHE_HOME"); caches != nullptr && *caches != '\0')
    return std::string(caches) + "/hinterland";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
    return std::string(home) + "/.cache/hinterland";
  return {};
}

}  // namespace

RateYear open_rates(const Atlas& atlas, std::uint64_t seed) { return rate_year(atlas, seed, cache_folder()); }

void add_skip_bad_lines(CLI::App& verb, bool& skip) {
  verb.add_flag("--skip-bad-lines", skip,
                "leave out a trace's wrong lines and count them, instead of refusing it");
}

std::optional<WorkloadAssignment> workload_assignment(const std::string& assignment) {
  static constexpr std::string_view kTable = "workloads.";
  if (!assignment.starts_with(kTable)) return std::nullopt;
  const auto equals = assignment.find('=');
  const auto dot = assignment.rfind('.', equals);
  if (equals == std::string::npos || dot < kTable.size()) return WorkloadAssignment{};
  return WorkloadAssignment{.id = assignment.substr(kTable.size(), dot - kTable.size()),
                            .field = assignment.substr(dot + 1, equals - dot - 1),
                            .value = assignment.substr(equals + 1)};
}

Expected<Atlas> open_atlas(const AtlasOptions& options) {
  auto atlas =
      load_atlas(options.atlas.empty() ? data_folder() + "/atlas/china" : options.atlas, options.books);
  if (!atlas) return atlas;
  Errors errors;
  for (const std::string& assignment : options.assignments) {
    if (workload_assignment(assignment)) continue;
    if (auto done = set_value(*atlas, assignment); !done) {
      add_errors(errors, done.error());
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return atlas;
}

}  // namespace hinterland
