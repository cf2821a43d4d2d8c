// hinterland key, record, verify: what ran, signed, and checked by whoever has the public key and nothing else.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "hinterland/base/file.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/report/terminal_text.hpp"
#include "hinterland/serve/job_request.hpp"
#include "hinterland/settle/focus.hpp"
#include "hinterland/settle/run_record.hpp"

namespace hinterland {

namespace {

struct RecordOptions {
  std::string journal, key, out, record;
  std::uint32_t job = 0;
  bool json = false;
};

int make(const RecordOptions& options) {
  const auto key = make_key(options.out);
  if (!key) return report(key.error());
  print(fmt::format("{}: secret, for you alone; {}.pub: for whoever checks, {}\n", options.out, options.out,
                    hex_of(*key)));
  return kDone;
}

// Without the values of variables, which may be secrets.
AskedWork asked_of(const Work& work) {
  AskedWork asked{.name = work.name,
                  .folder = work.folder,
                  .command = work.command,
                  .variables = {},
                  .inputs = {},
                  .outputs = work.outputs};
  for (const std::string& variable : work.environment)
    asked.variables.push_back(variable.substr(0, variable.find('=')));
  for (const Input& input : work.inputs) asked.inputs.emplace_back(input.path, input.hash);
  return asked;
}

int record(const RecordOptions& options) {
  const auto key = read_secret_key(options.key);
  if (!key) return report(key.error());
  auto journal = Journal::open(options.journal, false);
  if (!journal) return report(journal.error());
  TerminalProgress progress;
  const auto job = read_metered_job(*journal, JobNumber{options.job}, progress);
  if (!job) return report(job.error(), progress);
  if (job->metered.interrupted) return kInterrupted;
  const JobState& state = job->metered.state.jobs[job->number];
  if (state.ended < state.tasks) {
    report({{.what = fmt::format("job {} is not over: {} of its {} tasks are", options.job, state.ended,
                                 state.tasks),
             .where = {.file = journal->name()},
             .mend = "Wait until it is, or cancel it."}});
    return kAnswerIsNo;
  }
  const auto work = parse_work(job->request.what);
  if (!work) return report(work.error());
  const auto text = run_record(*job, asked_of(*work), *key, journal->name());
  if (!text) return report(text.error());
  print(*text);
  return kDone;
}

int verify(const RecordOptions& options) {
  const auto key = read_public_key(options.key);
  if (!key) return report(key.error());
  const auto text = read_text(options.record);
  if (!text) return report(text.error());
  const auto check = verify_record(*text, options.record, *key);
  if (!check) return report(check.error());
  const bool good = check->wrong.empty();
  if (options.json) {
    nlohmann::ordered_json json{{"good", good}};
    if (good) {
      json["journal"] = check->journal;
      json["job"] = check->job;
      json["state"] = check->state;
      json["step"] = check->step;
      json["project"] = check->project;
      json["attempts"] = check->attempts;
      json["total"] = check->total;
      json["currency"] = check->currency;
      json["unit"] = "millionths";
    } else {
      json["wrong"] = check->wrong;
    }
    json["key"] = hex_of(*key);
    print(json.dump() + "\n");
  } else if (good) {
    // One line, whatever names its signer chose.
    std::string line = printable(fmt::format(
        "{}: signed with {}, and its sums hold: job {} of journal {}, {} as of step {}, for {}, {} {} in {}.",
        options.record, options.key, check->job, in_quotes(check->journal), check->state, check->step,
        in_quotes(check->project), exact_decimal(check->total), check->currency,
        check->attempts == 1 ? "1 attempt" : fmt::format("{} attempts", check->attempts)));
    std::ranges::replace(line, '\n', '?');
    print(line + "\n");
  } else {
    print(fmt::format("{}: not good. {}\n", options.record, check->wrong));
  }
  return good ? kDone : kAnswerIsNo;
}

constexpr const char* kExitStatus =
    "Exit status: 0 it is what was signed, and its sums hold; 1 it is not, or they do not; 2 bad usage, or "
    "no record at "
    "all; 3 an output cannot be written.\n\n";

}  // namespace

void add_record(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<RecordOptions>();
  CLI::App* key = app.add_subcommand("key", "keys to sign run records with");
  key->require_subcommand(1);
  key->footer("Example:\n  $ hinterland key new --out house");
  CLI::App* fresh = key->add_subcommand("new", "a new one: NAME for you alone, NAME.pub for whoever checks");
  fresh->add_option("--out", options->out, "where to; nothing is written over")
      ->required()
      ->type_name("NAME");
  fresh->footer(
      "Exit status: 0 done, 2 it is there already.\n\nExample:\n  $ hinterland key new --out record.key");
  fresh->callback([options, &exit_code] { exit_code = make(*options); });

  CLI::App* verb =
      app.add_subcommand("record", "what became of a job, signed, for somebody who has no journal");
  verb->add_option("job", options->job, "its number")->required()->type_name("JOB");
  verb->add_option("--journal", options->journal, "a file, or postgresql://USER@HOST/DATABASE")
      ->required()
      ->type_name("JOURNAL");
  verb->add_option("--key", options->key, "of `hinterland key new`")->required()->type_name("NAME");
  verb->footer(
      "It prints JSON (data/schema/run-record.schema.json).\n\n"
      "Exit status: 0 done, 1 the job is not over, 2 bad usage or a damaged journal, 3 an output cannot be "
      "written, 130 interrupted.\n\n"
      "Example:\n"
      "  $ hinterland record 0 --journal broker.db --key record.key > run.json");
  verb->callback([options, &exit_code] { exit_code = record(*options); });

  CLI::App* check =
      app.add_subcommand("verify", "whether a run record is what was signed, and its sums hold");
  check->add_option("record", options->record, "what `record` wrote")->required()->type_name("RUN.json");
  check->add_option("--key", options->key, "the public half")->required()->type_name("NAME.pub");
  check->add_flag("--json", options->json, "print JSON (data/schema/record-check.schema.json)");
  check->footer(std::string(kExitStatus) + "Example:\n  $ hinterland verify run.json --key record.key.pub");
  check->callback([options, &exit_code] { exit_code = verify(*options); });
}

}  // namespace hinterland
