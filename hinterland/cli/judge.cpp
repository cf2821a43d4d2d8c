// hinterland judge: should this workload, or each job of this trace, move?
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>

#include <memory>

#include "hinterland/atlas/site_plant.hpp"
#include "hinterland/base/file.hpp"
#include "hinterland/base/time.hpp"
#include "hinterland/cli/bases.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/cli/seed.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/judge/doubt_page.hpp"
#include "hinterland/judge/trace_verdict_page.hpp"
#include "hinterland/judge/verdict_page.hpp"
#include "hinterland/judge/verdict_report.hpp"

namespace hinterland {

namespace {

struct JudgeOptions {
  AtlasOptions atlas;
  std::string what, from, as, start, zone = "UTC", report;
  std::vector<std::string> to;
  std::string home = "built", away = "auto";
  ChargeOptions charges;
  bool json = false, timing = false, skip_bad_lines = false;
  DoubtOptions doubt;
  bool draws_given = false, zone_given = false;
};

Expected<Question> question_of(const JudgeOptions& options) {
  Errors errors;
  const auto keep = [&](const auto& result) {
    if (!result) add_errors(errors, result.error());
  };
  Question question;
  auto workload = load_workload(options.as.empty() ? options.what : options.as, presets_folder());
  const auto home = parse_capacity(options.home, "--home", false);
  const auto away = parse_capacity(options.away, "--away", true);
  keep(workload);
  keep(home);
  keep(away);
  if (workload) keep(set_workloads({&*workload, 1}, options.atlas.assignments));
  if (!options.start.empty()) {
    auto start = parse_model_hour(options.start);
    if (start) {
      question.start = *start;
    } else {
      start.error().front().where.file = "--start";
      keep(start);
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  question.workload = std::move(*workload);
  question.from = {options.from};
  for (const std::string& site : options.to) question.to.push_back({site});
  question.home = *home;
  question.away = *away;
  question.charges = charges_of(options.charges);
  return question;
}

int exit_code_of(Answer answer) { return answer == Answer::move ? kDone : kAnswerIsNo; }

int judge_workload(const JudgeOptions& options, const Atlas& atlas, const RateYear& rates,
                   const Question& question) {
  const auto verdict = judge(atlas, rates, question);
  if (!verdict) return report(verdict.error());
  const auto show = [&] { print(verdict_page(atlas, rates, question, *verdict)); };
  // Doubt takes longer than the verdict itself. A report that cannot be written leaves nothing on the screen.
  const bool at_once = !options.json && options.report.empty();
  if (at_once) show();
  TerminalProgress progress;
  std::optional<Doubt> doubted;
  const Stopwatch doubting;
  if (options.doubt.draws > 0) {
    auto found = doubt(atlas, rates, question, options.doubt, progress);
    if (!found) return report(found.error());
    doubted = std::move(*found);
  }
  const double doubt_s = doubting.seconds();
  const Page doubts{.title = {}, .blocks = doubted ? doubt_blocks(atlas, *doubted) : std::vector<Block>{}};
  const Stopwatch reporting;
  if (!options.report.empty()) {
    Page page = verdict_report(atlas, rates, question, *verdict);
    if (const SiteRow* best = verdict->best_row()) {
      const auto climate = climate_blocks(atlas, *best->site, kWeatherSeed);
      page.blocks.insert(page.blocks.end(), climate.begin(), climate.end());
    }
    page.blocks.insert(page.blocks.end(), doubts.blocks.begin(), doubts.blocks.end());
    if (const int written = write_report(page, options.report); written != kDone) return written;
  }
  if (options.timing) {
    fmt::print(stderr, "{{\"doubt_s\": {:.4f}, \"report_s\": {:.4f}}}\n", doubt_s, reporting.seconds());
  }
  if (options.json) {
    print(verdict_json(atlas, question, *verdict, doubted ? &*doubted : nullptr));
  } else {
    if (!at_once) show();
    if (doubted) print("\n");
    print(doubts);
  }
  return doubted && doubted->interrupted ? kInterrupted : exit_code_of(verdict->answer);
}

int judge_a_trace(const JudgeOptions& options, const Atlas& atlas, const RateYear& rates,
                  const Question& question, const std::string& text) {
  TerminalProgress progress;
  const Stopwatch load;
  const auto trace =
      parse_trace(text, options.what, options.zone, progress, bad_lines(options.skip_bad_lines));
  if (!trace) return report(trace.error(), progress);
  const double load_s = load.seconds();
  const Stopwatch judging;
  const auto verdict = judge_trace(atlas, rates, question, *trace, progress);
  if (!verdict) return report(verdict.error());
  const double judge_s = judging.seconds();
  if (!options.report.empty()) {
    Page page = trace_verdict_page(atlas, question, *trace, *verdict);
    page.title = options.what;
    if (const int written = write_report(page, options.report); written != kDone) return written;
  }
  if (options.json) {
    print(trace_verdict_json(atlas, question, *trace, *verdict));
  } else {
    print(trace_verdict_page(atlas, question, *trace, *verdict));
  }
  if (options.timing) {
    fmt::print(stderr, "{{\"load_s\": {:.4f}, \"judge_s\": {:.4f}, \"jobs\": {}}}\n", load_s, judge_s,
               verdict->jobs);
  }
  return verdict->interrupted ? kInterrupted : exit_code_of(verdict->answer());
}

bool is_file_name(const std::string& what) { return what.contains('/') || what.contains('.'); }

int run(const JudgeOptions& options) {
  const auto atlas = open_atlas_beside_workloads(options.atlas);
  if (!atlas) return report(atlas.error());
  std::string text;
  bool trace = false;
  if (is_file_name(options.what)) {
    auto read = read_text(options.what);
    if (!read) return report(read.error());
    text = std::move(*read);
    // A trace is a file that begins like one; everything else is a workload.
    trace = looks_like_trace(text) || !options.as.empty() || !options.what.ends_with(".toml");
  }
  if (trace && options.as.empty()) {
    return report(
        {{.what = looks_like_trace(text)
                      ? "is a trace, and a trace lacks what only a class knows (data, deadline, bounds)"
                      : "is neither a workload (.toml) nor a trace of a known format",
          .where = {.file = options.what},
          .mend =
              "Name a class: --as batch-inference, or --as FILE.toml. A workload's file ends in .toml."}});
  }
  if (trace && !options.start.empty()) {
    return report({{.what = "goes with a workload: a trace says itself when its jobs began",
                    .where = {.file = "--start"},
                    .mend = "Leave --start out."}});
  }
  if (!trace && !options.as.empty()) {
    return report({{.what = "--as goes with a trace",
                    .where = {.file = options.what},
                    .mend = "Leave --as out, or name a trace's file."}});
  }
  if (!trace && (options.zone_given || options.skip_bad_lines)) {
    return report({{.what = "--zone and --skip-bad-lines go with a trace",
                    .where = {.file = options.what},
                    .mend = "Leave them out, or name a trace's file."}});
  }
  if (trace && options.draws_given) {
    return report({{.what = "--draws and --seed go with a workload: the doubt about a trace's many verdicts "
                            "is not worked out",
                    .where = {.file = options.what},
                    .mend = "Leave them out, or judge the class itself."}});
  }
  const auto question = question_of(options);
  if (!question) return report(question.error());
  const RateYear rates = open_rates(*atlas, kWeatherSeed);
  return trace ? judge_a_trace(options, *atlas, rates, *question, text)
               : judge_workload(options, *atlas, rates, *question);
}

}  // namespace

void add_judge(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<JudgeOptions>();
  CLI::App* verb = app.add_subcommand("judge", "should this workload move, where to, at what price, and why");
  verb->add_option("what", options->what, "a preset, a workload's TOML file, or a trace")
      ->required()
      ->type_name("WORKLOAD|TRACE");
  verb->add_option("--from", options->from, "region where the work runs and its users are today")
      ->required()
      ->type_name("REGION");
  verb->add_option("--to", options->to, "only these sites (default: all)")->type_name("SITE");
  verb->add_option("--as", options->as, "the class a trace's jobs are judged as")->type_name("CLASS");
  verb->add_option("--home", options->home, "who pays for capacity at home: sunk, built, rented=RATE")
      ->capture_default_str()
      ->type_name("BASIS");
  verb->add_option("--away", options->away,
                   "and away: auto (sunk while servers stand idle, built beyond), sunk, built, rented=RATE")
      ->capture_default_str()
      ->type_name("BASIS");
  add_charge_options(*verb, options->charges);
  CLI::Option* zone = verb->add_option("--zone", options->zone, "zone of a trace's civil times")
                          ->capture_default_str()
                          ->type_name("ZONE");
  verb->add_option("--start", options->start,
                   "when the work is ready, MM-DD or MM-DDTHH, standard time (default: any hour of the year)")
      ->type_name("WHEN");
  add_skip_bad_lines(*verb, options->skip_bad_lines);
  CLI::Option* draws =
      verb->add_option("--draws", options->doubt.draws,
                       "how often all ranges are drawn to say how sure the verdict is; 0: not at all")
          ->check(CLI::Range(std::int64_t{0}, kMostDraws))
          ->capture_default_str()
          ->type_name("N");
  CLI::Option* seed =
      add_seed_option(*verb, options->doubt.seed, "seed of the draws: the same, the same result");
  add_report_option(*verb, options->report);
  verb->add_flag("--json", options->json,
                 "print JSON (data/schema/verdict.schema.json, trace-verdict.schema.json)");
  verb->add_flag("--timing", options->timing, "say on standard error how long its parts took");
  add_atlas_options(*verb, options->atlas);
  verb->footer(
      "Exit status: 0 move, 1 stay or refused, 2 bad usage or input, 3 an output cannot be written, 130 "
      "interrupted.\n\n"
      "Examples:\n"
      "  $ hinterland judge film-render --from shanghai\n"
      "  $ hinterland judge model-training --from shanghai --to guian zhongwei --away built\n"
      "  $ hinterland judge log-scan --from beijing --set sites.horinger.server_use=0.9 --json");
  verb->callback([options, draws, seed, zone, &exit_code] {
    options->draws_given = draws->count() > 0 || seed->count() > 0;
    options->zone_given = zone->count() > 0;
    exit_code = run(*options);
  });
}

}  // namespace hinterland
