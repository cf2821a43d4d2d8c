// hinterland render: a scene's frames, rendered wherever the broker has room, checked, and brought here.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <algorithm>
#include <cctype>
#include <chrono>
#include <filesystem>
#include <memory>
#include <set>
#include <thread>

#include "hinterland/cli/ask_broker.hpp"
#include "hinterland/cli/ask_places.hpp"
#include "hinterland/cli/bases.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/render_desk.hpp"
#include "hinterland/cli/render_options.hpp"
#include "hinterland/cli/render_terminal.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/render/claim_folder.hpp"
#include "hinterland/render/deadline.hpp"
#include "hinterland/render/film.hpp"
#include "hinterland/render/render.hpp"
#include "hinterland/render/render_summary.hpp"
#include "hinterland/render/tool_environment.hpp"
#include "hinterland/report/terminal_text.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

// What it says of what is missing; 0 if nothing that matters is.
int look_at_missing(const RenderOptions& options, const PreparedRender& prepared) {
  for (const Location& where : prepared.unseen)
    fmt::print(
        stderr, "hinterland: {}\n",
        describe({.what = "names a file that is worked out when it is rendered: nobody can see here which",
                  .where = where,
                  .mend = "Bring it along with --input, if it is not there otherwise."}));
  if (prepared.missing.empty()) return kDone;
  Errors errors;
  const bool may_miss = prepared.ask.renderer != Renderer::povray;
  const char* const mend =
      !may_miss               ? "Put it there: POV-Ray ends where one is missing, --allow-missing or not."
      : options.allow_missing ? ""
                              : "Put it there, or render without it with --allow-missing.";
  for (const MissingFile& one : prepared.missing)
    add_error(errors,
              {.what = fmt::format("'{}' is not here", one.name), .where = one.named_at, .mend = mend});
  const int code = report(errors);
  return options.allow_missing && may_miss ? kDone : code;
}

// How to come back to what goes on at the broker.
void say_how_to_go_on(const RenderManifest& manifest, const RenderOutcome& outcome, const char* why) {
  std::string becomes = "nothing was submitted", go_on = "The same command again goes on from here.";
  if (!manifest.jobs.empty()) {
    const std::uint32_t job = manifest.jobs.back().job;
    becomes = fmt::format("job {} goes on at the broker (`hinterland cancel {}` ends it)", job, job);
  }
  if (outcome.is_held) {
    const std::uint32_t job = outcome.job.value_or(0);
    becomes = fmt::format("job {} is held, for nobody watches its budget now", job);
    go_on = fmt::format("`hinterland release {}` and the same command again go on from here.", job);
  }
  fmt::print(stderr, "hinterland: {} {} of {} frames are here; {}. {}\n", why, manifest.frames.size(),
             manifest.ask.frames.size(), becomes, go_on);
}

// Says why a render ended as it did, if not by itself, and what goes on with it.
int say_end(const RenderOutcome& outcome, const RenderManifest& manifest, bool interrupted) {
  const std::uint32_t job = outcome.job.value_or(0);
  const std::string where = fmt::format("job {}", job);
  int code = kAnswerIsNo;
  switch (outcome.end) {
    case RenderEnd::over:
    case RenderEnd::only_told: return kDone;
    case RenderEnd::refused:  // why was said
      break;
    case RenderEnd::not_enough:
      report({{.what = "Too few of the first frames are well: the others are not rendered.",
               .where = {.file = where},
               .mend = fmt::format("`hinterland logs {}` and `hinterland logs {} --stderr` say what the "
                                   "renderer said; once that is "
                                   "mended, `hinterland retry {}` and the same command again go on.",
                                   job, job, job)}});
      break;
    case RenderEnd::cancelled:
      report({{.what = "It was cancelled.",
               .where = {.file = where},
               .mend = fmt::format("`hinterland retry {}` and the same command again go on with it.", job)}});
      break;
    case RenderEnd::over_budget:
      report({{.what = "What was spent has come to the budget: nothing more of it begins, and what runs is "
                       "paid for.",
               .where = {.file = where},
               .mend = fmt::format("`hinterland release {}` and a larger --budget go on with it.", job)}});
      break;
    case RenderEnd::interrupted: say_how_to_go_on(manifest, outcome, "Interrupted."); return kInterrupted;
    case RenderEnd::not_begun: code = report(outcome.errors); return interrupted ? kInterrupted : code;
    case RenderEnd::lost:
      code = report(outcome.errors);
      say_how_to_go_on(manifest, outcome, "It stops.");
      break;
  }
  return code;
}

// What became of it, whatever that is.
int tell(const RenderOptions& options, const RenderFolder& folder, const PreparedRender& prepared,
         const RenderManifest& manifest, RenderSummary summary, int ended) {
  summary.gaps = gaps(manifest);
  const bool all = summary.gaps.empty();
  if (ended == kDone && !all && !options.estimate) ended = kAnswerIsNo;
  if (ended == kDone && all && !options.film.empty()) {
    std::vector<std::string> files;
    for (const Frame frame : manifest.ask.frames) files.push_back(folder.frame_at(manifest.ask, frame));
    const auto made = make_film(files, manifest.ask.image, prepared.fps, folder.own(""), options.film);
    if (!made)
      ended = report(made.error());
    else
      summary.film = options.film;
  }
  if (!options.report.empty()) {
    const int written = write_report(render_report(manifest, folder, summary), options.report);
    if (written != kDone) ended = written;
  }
  if (options.json)
    print(summary_json(manifest, folder.path(), summary));
  else
    print(summary_page(manifest, folder, summary));
  return ended;
}

// Whether a file can be made there once the frames' folder is: it may lie in that.
bool has_folder(const std::string& file, const std::string& into) {
  const fs::path place = fs::absolute(file).lexically_normal().parent_path();
  const fs::path frames = (fs::absolute(into) / "").lexically_normal().parent_path();
  std::error_code failed;
  if (fs::exists(place, failed))
    return fs::is_directory(place, failed) && ::access(place.c_str(), W_OK | X_OK) == 0;
  return place == frames;
}

// Where the report and the film are to lie, and who looks at frames and makes a film of them: all that would be found out only once the
// frames are paid for.
Errors check_ends(const RenderOptions& options, const std::string& name) {
  Errors errors;
  const std::string into = options.into.empty() ? name : options.into;
  std::error_code failed;
  for (const auto& [flag, file] : {std::pair("--report", &options.report), {"--film", &options.film}}) {
    if (file->empty()) continue;
    if (!has_folder(*file, into))
      errors.push_back({.what = in_quotes(*file) + " lies in no folder that can be written to",
                        .where = {.file = flag},
                        .mend = "Make the folder, or name another."});
    else if (fs::is_directory(*file, failed))
      errors.push_back(
          {.what = in_quotes(*file) + " is a folder", .where = {.file = flag}, .mend = "Name a file."});
  }
  if (!is_installed("oiiotool"))
    errors.push_back({.what = "Frames are checked with oiiotool, and there is none.",
                      .where = {.file = "$PATH"},
                      .mend = "Install openimageio-tools.",
                      .outside = true});
  if (options.film.empty()) return errors;
  static const std::set<std::string> kFilms = {".mp4", ".mkv", ".mov", ".m4v", ".avi"};
  if (!kFilms.contains(fs::path(options.film).extension().string()))
    errors.push_back({.what = in_quotes(options.film) + " has no ending of a film that is made here",
                      .where = {.file = "--film"},
                      .mend = "Let it end in .mp4, .mkv, .mov, .m4v or .avi."});
  // One that this render has made may be there, and is found to be the same.
  const bool has_begun = fs::exists(fs::path(into) / (name + ".render.json"), failed);
  if (fs::is_regular_file(options.film, failed) && !has_begun)
    errors.push_back({.what = in_quotes(options.film) + " is there already",
                      .where = {.file = "--film"},
                      .mend = "Nothing is written over: name another, or put that one away."});
  if (!is_installed("ffmpeg"))
    errors.push_back({.what = "A film is made by ffmpeg, and there is none.",
                      .where = {.file = "$PATH"},
                      .mend = "Install it, or leave out --film.",
                      .outside = true});
  return errors;
}

// Until when it is to be there, once all flags are found to be sound: what is said wrongly shall be said before anything is done.
Expected<std::optional<Instant>> checked_deadline(const RenderOptions& options, const std::string& name) {
  Errors errors;
  const auto keep = [&](const auto& result) {
    if (!result) add_errors(errors, result.error());
  };
  std::optional<Instant> deadline;
  if (!options.deadline.empty()) {
    const auto until = parse_deadline(options.deadline, options.zone, wall_clock(), "--deadline");
    keep(until);
    if (until) deadline = *until;
  }
  const std::string& image = options.scene.image;
  const bool plain = std::ranges::all_of(image, [](unsigned char c) { return std::isalnum(c) != 0; });
  if (!plain)
    add_error(errors, {.what = in_quotes(image) + " is no file's ending",
                       .where = {.file = "--image"},
                       .mend = "Write it without a dot, such as png or exr."});
  add_errors(errors, check_ends(options, name));
  if (!options.as.empty()) keep(load_workload(options.as, presets_folder()));
  if (!options.home.empty()) keep(parse_capacity(options.home, "--home", false));
  if (!options.away.empty()) keep(parse_capacity(options.away, "--away", true));
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return deadline;
}

// The atlas by which the rest is priced, and its home in it: another atlas need not have the region of the broker's class.
Expected<Atlas> open_prices(const RenderOptions& options) {
  auto atlas = open_atlas_beside_workloads(options.atlas);
  if (!atlas) return atlas;
  std::string from = options.from;
  if (from.empty() && !options.atlas.atlas.empty()) {
    const auto places = ask_places(options.broker, options.work, 1);
    if (!places) return std::unexpected(places.error());
    from = places->from;
  }
  if (from.empty()) return atlas;
  const auto home = home_of(*atlas, {from});
  if (home) return atlas;
  if (!options.from.empty()) return std::unexpected(home.error());
  return failure({.what = home.error().front().what,
                  .where = {.file = "--atlas"},
                  .mend = "The broker's class is from there: name one of the atlas's with --from."});
}

class SteadyClock final : public RenderClock {
 public:
  Duration now() override {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
  }
  void wait(Duration time) override { std::this_thread::sleep_for(std::chrono::milliseconds(time.ms)); }
};

int run(const RenderOptions& options) {
  const std::string name = render_name(options.scene);
  if (name.empty() || name == "." || name == ".." || name.contains('/'))
    return report({{.what = in_quotes(name) + " is no name of a file",
                    .where = {.file = "--name"},
                    .mend = "Give a plain name."}});
  const auto deadline = checked_deadline(options, name);
  if (!deadline) return report(deadline.error());
  const auto atlas = open_prices(options);
  if (!atlas) return report(atlas.error());
  const auto folder = RenderFolder::open(options.into.empty() ? name : options.into, name);
  if (!folder) return report(folder.error());
  const auto tell_note = [](const std::string& note) {
    fmt::print(stderr, "hinterland: {}\n", printable(note));
  };
  std::optional<PreparedRender> prepared;
  {
    TerminalProgress progress;
    auto made = prepare_render(options.scene, *folder, {blender_folder(), tell_note}, progress);
    if (!made) return report(made.error(), progress);
    prepared = std::move(*made);
  }
  if (const int missing = look_at_missing(options, *prepared); missing != kDone) return missing;
  RenderDesk desk(options);
  auto manifest = claim_folder(*folder, prepared->ask, RenderDesk::name_of(options.broker), desk);
  if (!manifest) return report(manifest.error());
  RenderTerminal terminal(options, *atlas, *prepared, *deadline);
  SteadyClock clock;
  Render render({.broker = desk, .user = terminal, .clock = clock}, *folder, *prepared,
                {.budget = options.budget, .retries = options.retries, .frame_hours = {options.frame_hours}},
                *manifest);
  const RenderOutcome outcome = render.run();
  const bool interrupted = terminal.close();
  return tell(options, *folder, *prepared, *manifest,
              {.estimate = terminal.estimate(),
               .gaps = {},
               .displaced = render.displaced(),
               .film = {},
               .currency = render.currency(),
               .spent = render.spent()},
              say_end(outcome, *manifest, interrupted));
}

}  // namespace

void add_render(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<RenderOptions>();
  CLI::App* verb = app.add_subcommand(
      "render", "render a scene's frames wherever there is room, check them, bring them here");
  add_render_options(*verb, *options);
  verb->footer(
      "The first frames are rendered at once, and what the rest costs is said before it is. Ctrl-C ends this "
      "program, not its jobs: the "
      "same command again goes on with them. A job with a --budget is held then, for nobody watches it "
      "any more.\n\n"
      "Exit status: 0 all frames are here and well, 1 some are not, or it was not confirmed, 2 bad usage or "
      "input, 3 the broker or the "
      "disk failed, 130 interrupted.\n\n"
      "Example, with a broker at $HINTERLAND_BROKER:\n"
      "  $ hinterland render examples/sea.pov --frames 1-4 --size 64x36 --into sea --yes\n\n"
      "And of your own:\n"
      "    hinterland render shot.blend --frames 1-100:2,110 --deadline 06:00 --film shot.mp4\n"
      "    hinterland render sea.pov --frames 1-96 --size 1280x720 --yes\n"
      "    hinterland render sea.txt --frames 1-96 -- draw {scene} --frame {frame:4} --to {output}");
  verb->callback(
      [options, &exit_code] { exit_code = as_broker_says(options->broker, [&] { return run(*options); }); });
}

}  // namespace hinterland
