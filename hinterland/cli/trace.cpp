// hinterland trace: what is in a trace, and a small generator of real-shaped ones.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>

#include <memory>

#include "hinterland/base/file.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/verbs.hpp"
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

struct GenerateOptions {
  std::string model, out;
  std::int64_t jobs = 10'000;
  std::uint64_t seed = 1;
};

int generate(const GenerateOptions& options) {
  const auto text = read_text(options.model);
  if (!text) return report(text.error());
  const auto model = parse_trace_model(*text, options.model);
  if (!model) return report(model.error());
  const auto requests = generate_requests(*model, options.jobs, options.seed);
  if (!requests) return report(requests.error());
  if (options.out.empty()) {
    print(*requests);
    return kDone;
  }
  const auto written = write_text(options.out, *requests);
  return written ? kDone : report(written.error());
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

  auto options = std::make_shared<GenerateOptions>();
  CLI::App* part = verb->add_subcommand("generate", "sample a small model of a trace");
  part->add_option("model", options->model, "a model's TOML file")->required()->type_name("MODEL");
  part->add_option("--jobs", options->jobs, "how many")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000'000}))
      ->type_name("N");
  part->add_option("--seed", options->seed, "same seed, same trace")->capture_default_str()->type_name("N");
  part->add_option("--out", options->out, "write here instead of standard output")->type_name("FILE");
  part->callback([options, &exit_code] { exit_code = generate(*options); });
}

}  // namespace hinterland
