#include "hinterland/cli/data.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "hinterland/atlas/check.hpp"

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

std::string blender_folder() {
  std::error_code code;
  const std::filesystem::path data = data_folder();
  const auto installed = data.parent_path() / "render" / "blender";
  if (std::filesystem::is_directory(installed, code)) return installed.string();
  return (data.parent_path() / "hinterland" / "render" / "blender").string();
}

std::string presets_folder() { return data_folder() + "/workloads"; }

std::string large_data_folder() {
  const char* const named = std::getenv("HINTERLAND_DATA");
  return named == nullptr ? "" : named;
}

WorkFolders work_folders() { return {.presets = presets_folder(), .models = data_folder() + "/models"}; }

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

std::vector<std::string> take_assignments(AtlasOptions& options, bool (*takes)(const std::string&)) {
  std::vector<std::string> taken;
  std::erase_if(options.assignments, [&](const std::string& assignment) {
    if (!takes(assignment)) return false;
    taken.push_back(assignment);
    return true;
  });
  return taken;
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

Expected<Atlas> open_atlas_beside_workloads(const AtlasOptions& options) {
  auto atlas =
      load_atlas(options.atlas.empty() ? data_folder() + "/atlas/china" : options.atlas, options.books);
  if (!atlas) return atlas;
  for (const std::string& remark : far_from_cited(*atlas))
    fmt::print(stderr, "hinterland: {}: {}. Is its unit right?\n", options.books, remark);
  Errors errors;
  for (const std::string& assignment : options.assignments) {
    if (is_workload_assignment(assignment)) continue;
    if (auto done = set_value(*atlas, assignment); !done) {
      add_errors(errors, done.error());
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return atlas;
}

Expected<Atlas> open_atlas(const AtlasOptions& options) {
  for (const std::string& assignment : options.assignments) {
    if (!is_workload_assignment(assignment)) continue;
    return failure({.what = "no workload is judged here",
                    .where = at_flag("--set", assignment),
                    .mend = "Set values of the atlas, or give it to `hinterland judge`."});
  }
  return open_atlas_beside_workloads(options);
}

}  // namespace hinterland
