// Where the program's own data lie, and the atlas a verb works on.
#pragma once
#include <string>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/cost/rate_year.hpp"
#include "hinterland/work/trace.hpp"
#include "hinterland/work/workload.hpp"

namespace hinterland {

// The folder `data` beside the program (build/hinterland -> data, or bin/hinterland ->
// share/hinterland/data), whatever the working directory.
std::string data_folder();
// What runs inside Blender (hinterland/render/blender), beside the program likewise.
std::string blender_folder();
std::string presets_folder();
// Of large data, which the user names by HINTERLAND_DATA; empty where it is not named.
std::string large_data_folder();
WorkFolders work_folders();

// --atlas, --books, --set.
void add_atlas_options(CLI::App& verb, AtlasOptions& options);
// The assignments that a file of the verb's own takes; the atlas keeps the others.
std::vector<std::string> take_assignments(AtlasOptions& options, bool (*takes)(const std::string&));

// The typical year that is drawn unless somebody wants another.
inline constexpr std::uint64_t kWeatherSeed = 1;

// The hourly rates of the atlas's sites. What the physics gives is kept in $HINTERLAND_CACHE, or else in
// $XDG_CACHE_HOME/hinterland or ~/.cache/hinterland; HINTERLAND_CACHE= (empty) keeps nothing.
RateYear open_rates(const Atlas& atlas, std::uint64_t seed);

// --skip-bad-lines, for verbs that read a trace.
void add_skip_bad_lines(CLI::App& verb, bool& skip);
inline BadLines bad_lines(bool skip) { return skip ? BadLines::leave_out : BadLines::refuse; }

// The atlas with the books and the assignments over it. An assignment to `workloads` is refused, for no workload is judged
// by this verb.
Expected<Atlas> open_atlas(const AtlasOptions& options);
// The same for a verb that has workloads: it carries out their assignments itself, with set_workloads().
Expected<Atlas> open_atlas_beside_workloads(const AtlasOptions& options);
}  // namespace hinterland
