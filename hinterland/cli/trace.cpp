// hinterland trace: what is in a trace, a model fitted to it, and traces generated from models.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "hinterland/base/file.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/number_check.hpp"
#include "hinterland/cli/seed.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/work/trace_fit_page.hpp"
#include "hinterland/work/trace_generate.hpp"
#include "hinterland/work/trace_model.hpp"
#include "hinterland/work/trace_page.hpp"

namespace hinterland {

namespace {

struct InfoOptions {
  std::string file, zone = "UTC";
  bool json = false, skip_bad_lines = false, timing = false;
};

int info(const InfoOptions& options) {
  TerminalProgress progress;
  const Stopwatch watch;
  const auto trace = load_trace(options.file, options.zone, progress, bad_lines(options.skip_bad_lines));
  if (!trace) return report(trace.error(), progress);
  if (options.timing)
    fmt::print(stderr, "{{\"load_s\": {:.4f}, \"jobs\": {}}}\n", watch.seconds(), trace->jobs.size());
  const TraceSummary summary = summarize(*trace);
  if (options.json) {
    print(trace_json(*trace, summary));
  } else {
    print(trace_page(*trace, summary));
  }
  return kDone;
}

struct FitCommand {
  std::string file, out;
  FitOptions fit;
  bool json = false, skip_bad_lines = false, timing = false;
};

// The command that fits again, without the folders of this machine.
std::string command_of(const FitCommand& command) {
  std::string text = "hinterland trace fit " + std::filesystem::path(command.file).filename().string();
  if (command.fit.zone != "UTC") text += " --zone " + command.fit.zone;
  if (command.fit.seed != 1) text += fmt::format(" --seed {}", command.fit.seed);
  if (command.skip_bad_lines) text += " --skip-bad-lines";
  return text;
}

int fit(FitCommand command) {
  TerminalProgress progress;
  const Stopwatch watch;
  auto trace = load_trace(command.file, command.fit.zone, progress, bad_lines(command.skip_bad_lines));
  if (!trace) return report(trace.error(), progress);
  const double load_s = watch.seconds();
  trace->file = std::filesystem::path(command.file).filename().string();
  if (command.fit.name.empty()) command.fit.name = trace->file;
  command.fit.command = command_of(command);
  const Stopwatch fitting;
  const auto fitted = fit_trace(*trace, command.fit, progress);
  if (!fitted) return report(fitted.error(), progress);
  if (command.timing)
    fmt::print(stderr, "{{\"load_s\": {:.4f}, \"fit_s\": {:.4f}}}\n", load_s, fitting.seconds());
  if (!command.out.empty()) {
    if (auto written = write_text(command.out, trace_model_toml(fitted->model)); !written)
      return report(written.error());
  }
  if (command.json) {
    print(trace_fit_json(*fitted));
  } else {
    print(trace_fit_page(*fitted));
    if (command.out.empty()) print("\n--out MODEL.toml writes the model for `hinterland trace generate`.\n");
  }
  return kDone;
}

struct GenerateOptions {
  std::string model, out;
  TraceLength length;
  std::uint64_t seed = 1;
};

int generate(const GenerateOptions& options) {
  const auto model = load_trace_model(options.model, data_folder() + "/models");
  if (!model) return report(model.error());
  TerminalProgress progress;
  std::optional<FileWriter> file;
  if (!options.out.empty()) {
    auto opened = FileWriter::open(options.out);
    if (!opened) return report(opened.error());
    file.emplace(std::move(*opened));
  }
  const auto generated = generate_trace(*model, options.length, options.seed, progress,
                                        [&](std::string_view piece) -> Expected<void> {
                                          if (file) return file->append(piece);
                                          print(std::string(piece));
                                          return {};
                                        });
  if (!generated) return report(generated.error(), progress);
  if (!file) return kDone;
  const auto written = file->finish();
  return written ? kDone : report(written.error());
}

void add_fit(CLI::App& verb, int& exit_code) {
  auto options = std::make_shared<FitCommand>();
  CLI::App* part = verb.add_subcommand("fit", "estimate a model of a trace, and say how well it does");
  part->footer(
      "Exit codes: 0 fitted; 2 a trace that cannot be read, or that holds too little; 130 interrupted.\n\n"
      "Examples:\n"
      "  $ hinterland trace generate nasa-ipsc-1993 --jobs 3000 --out jobs.swf\n"
      "  $ hinterland trace fit jobs.swf --out my-model.toml\n"
      "  $ hinterland trace generate my-model.toml --days 1 --out day.swf");
  part->add_option("file", options->file, "a trace")->required()->type_name("FILE");
  part->add_option("--out", options->out, "write the model here")->type_name("MODEL.toml");
  part->add_option("--zone", options->fit.zone, "zone of its civil times, and of the model's hours")
      ->capture_default_str()
      ->type_name("ZONE");
  add_seed_option(*part, options->fit.seed, "of the traces it is tried with");
  part->add_option("--name", options->fit.name, "the model's name")->type_name("TEXT");
  part->add_option("--source", options->fit.source, "where the trace comes from, for the model's file")
      ->type_name("TEXT");
  part->add_option("--licence", options->fit.licence, "what its source allows, for the model's file")
      ->type_name("TEXT");
  part->add_flag("--json", options->json, "print JSON (data/schema/trace-fit.schema.json)");
  part->add_flag("--timing", options->timing, "say on standard error how long reading and fitting took");
  add_skip_bad_lines(*part, options->skip_bad_lines);
  part->callback([options, &exit_code] { exit_code = fit(*options); });
}

void add_generate(CLI::App& verb, int& exit_code) {
  auto options = std::make_shared<GenerateOptions>();
  options->length.jobs = 10'000;
  CLI::App* part = verb.add_subcommand("generate", "sample a model of a trace");
  part->footer(
      "Prints SWF; image requests if the model knows runs only; GPU pods if it knows GPUs.\n"
      "Exit codes: 0 written; 2 a model that is wrong or whose trace would leave the calendar; 3 the trace "
      "cannot be written;\n"
      "130 interrupted.\n\n"
      "Examples:\n"
      "  $ hinterland trace generate examples/image-requests.toml --jobs 5 --seed 7\n"
      "  $ hinterland trace generate nasa-ipsc-1993 --days 2 --out two-days.swf");
  part->add_option("model", options->model,
                   "a fitted model that comes with the program, or a model's TOML file")
      ->required()
      ->type_name("MODEL");
  CLI::Option* jobs = part->add_option("--jobs", options->length.jobs, "how many")
                          ->capture_default_str()
                          ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000'000}))
                          ->type_name("N");
  part->add_option("--days", options->length.days, "all jobs of so many days")
      ->check(number_above_zero(100'000))
      ->excludes(jobs)
      ->type_name("D");
  add_seed_option(*part, options->seed, "same seed, same trace");
  part->add_option("--out", options->out, "write here instead of standard output")->type_name("FILE");
  part->callback([options, &exit_code] { exit_code = generate(*options); });
}

}  // namespace

void add_trace(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("trace", "jobs with times, as real systems recorded them");
  verb->require_subcommand(1);
  verb->footer(
      "Formats: SWF, `sacct --parsable2`, GPU pods and image requests as CSV; gzip too.\n\n"
      "Examples:\n"
      "  $ hinterland trace info examples/cluster.swf\n"
      "  $ hinterland trace generate examples/image-requests.toml --jobs 5 --seed 7");
  auto info_options = std::make_shared<InfoOptions>();
  CLI::App* info_part = verb->add_subcommand("info", "what a trace knows of its jobs, and what is missing");
  info_part->add_option("file", info_options->file, "a trace")->required()->type_name("FILE");
  info_part->add_option("--zone", info_options->zone, "zone of its civil times")
      ->capture_default_str()
      ->type_name("ZONE");
  info_part->add_flag("--json", info_options->json, "print JSON (data/schema/trace-info.schema.json)");
  info_part->add_flag("--timing", info_options->timing, "say on standard error how long reading took");
  add_skip_bad_lines(*info_part, info_options->skip_bad_lines);
  info_part->callback([info_options, &exit_code] { exit_code = info(*info_options); });

  add_fit(*verb, exit_code);
  add_generate(*verb, exit_code);
}

}  // namespace hinterland
