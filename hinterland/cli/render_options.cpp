#include "hinterland/cli/render_options.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include "hinterland/base/number.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/number_check.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/render/chunks.hpp"

namespace hinterland {

namespace {

// What each task takes, who pays, and by which prices.
void add_task_options(CLI::App& verb, RenderOptions& options) {
  verb.add_option("--cores", options.scene.cores, "of each task")
      ->check(whole_number_from(1, 1e6))
      ->type_name("N");
  verb.add_option("--memory-gb", options.scene.memory_gb, "of each task")
      ->check(number_from(0, 1e6))
      ->type_name("GB");
  verb.add_option("--frame-hours", options.frame_hours, "what one of the first frames may take")
      ->check(number_above_zero(8760))
      ->capture_default_str()
      ->type_name("H");
  verb.add_option("--class", options.work, "its class, of the broker's sites file")->type_name("NAME");
  verb.add_option("--project", options.project, "who pays")->type_name("NAME");
  verb.add_option("--priority", options.priority, "0 to 7; 7 goes first")
      ->check(whole_number_from(0, 7))
      ->type_name("N");
  verb.add_option("--from", options.from, "region whose prices are home's (default: that of the class)")
      ->type_name("REGION");
  verb.add_option("--as", options.as, "the class that it is priced as (default: the broker's)")
      ->type_name("CLASS");
  verb.add_option("--home", options.home,
                  "who pays for capacity at home: sunk, built, rented=RATE (default: as each pool has it)")
      ->type_name("BASIS");
  verb.add_option("--away", options.away,
                  "and away: auto, sunk, built, rented=RATE (default: as each pool has it)")
      ->type_name("BASIS");
}

}  // namespace

void add_render_options(CLI::App& verb, RenderOptions& options) {
  verb.add_option("scene", options.scene.file,
                  "a .blend, a .pov, an OpenJD template, or what a command of yours renders")
      ->required()
      ->type_name("SCENE");
  verb.add_option("command", options.scene.command,
                  "after --: what renders one frame, with {frame} and {output} in it")
      ->type_name("-- COMMAND");
  verb.add_option("--frames", options.scene.frames, "which; 1-100:2,110 is every second to 100, and 110")
      ->type_name("FRAMES");
  verb.add_option("--renderer", options.scene.renderer,
                  "blender, povray, openjd or command (default: by the scene's ending)")
      ->check(CLI::IsMember({"blender", "povray", "openjd", "command"}))
      ->type_name("WHICH");
  verb.add_option("--chunk", options.chunk, "frames a task; auto: by what the first frames took")
      ->check([](const std::string& text) {
        const auto number = parse_integer(text);
        const bool good =
            text == "auto" || (number && *number >= 1 && *number <= static_cast<std::int64_t>(kMostChunk));
        return good ? std::string()
                    : fmt::format("--chunk: {} is neither auto nor a number from 1 to {}", text, kMostChunk);
      })
      ->capture_default_str()
      ->type_name("N");
  verb.add_option("--deadline", options.deadline,
                  "hours from now (6), a time of day (06:00), or a day and time")
      ->type_name("T");
  verb.add_option("--zone", options.zone, "of the deadline's clocks, else this machine's")->type_name("ZONE");
  verb.add_option(
          "--budget", options.budget,
          "what it may cost, in the atlas's currency; what comes to it is held, while this program watches")
      ->check(number_from(0, 1e12))
      ->type_name("MONEY");
  verb.add_flag("--yes", options.yes, "do not ask before the rest is rendered");
  verb.add_flag("--estimate", options.estimate, "render the first frames, say what the rest costs, and stop");
  verb.add_option("--into", options.into, "the folder of the frames (default: the name)")->type_name("DIR");
  verb.add_option("--name", options.scene.name, "what frames are called (default: as the scene)")
      ->type_name("TEXT");
  verb.add_option("--take", options.scene.take, "a word: with another one the same is rendered anew")
      ->type_name("TEXT");
  verb.add_option("--size", options.scene.size, "of the frames, in pixels")->type_name("WxH");
  verb.add_option("--image", options.scene.image,
                  "the ending of the frames' files (default: the scene's format, else png)")
      ->type_name("png|exr|...");
  verb.add_option("--animation", options.scene.animation,
                  "POV-Ray: the frames over which the clock runs from 0 to 1 (default: those asked for)")
      ->type_name("FIRST-LAST");
  verb.add_option("--percent", options.scene.percent, "Blender: of the scene's resolution")
      ->check(whole_number_from(1, 32'767))
      ->type_name("P");
  const auto repeated = [&](const char* flag, auto& values, const char* what) {
    return verb.add_option(flag, values, what)->take_all()->expected(1)->allow_extra_args(false);
  };
  repeated("--input", options.scene.inputs, "a file that goes along, to lie beside the scene")
      ->type_name("[NAME=]FILE");
  repeated("--param", options.scene.parameters, "OpenJD: the value of a job parameter")
      ->type_name("NAME=VALUE");
  repeated("--arg", options.scene.arguments, "a word more for the renderer")->type_name("WORD");
  verb.add_option("--program", options.scene.program, "the renderer, as it is called where it runs")
      ->type_name("PROGRAM");
  verb.add_flag("--allow-missing", options.allow_missing,
                "render without the files that are not here; not by POV-Ray, which ends there");
  verb.add_flag("--allow-black", options.scene.may_be_black, "black frames are well");
  verb.add_option("--retries", options.retries,
                  "how often a frame that is not well is rendered again; each time the broker tries it up to "
                  "three times")
      ->check(whole_number_from(0, 100))
      ->capture_default_str()
      ->type_name("N");
  verb.add_option("--film", options.film, "and make a film of them")->type_name("FILE.mp4");
  verb.add_option("--fps", options.scene.fps, "its frames a second (default: the scene's, else 24)")
      ->check(number_above_zero(1000))
      ->type_name("N");
  add_task_options(verb, options);
  add_report_option(verb, options.report);
  verb.add_flag("--json", options.json, "print JSON (data/schema/render.schema.json)");
  add_atlas_options(verb, options.atlas);
  add_broker_options(verb, options.broker);
}

}  // namespace hinterland
