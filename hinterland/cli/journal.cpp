// hinterland journal: what a broker remembers, checked and moved.
#include <fmt/format.h>
#include <sys/stat.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <algorithm>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "hinterland/base/file.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/executor/boot_clock.hpp"
#include "hinterland/journal/journal.hpp"
#include "hinterland/journal/open_to_read.hpp"
#include "hinterland/journal/step_json.hpp"
#include "hinterland/report/figure.hpp"
#include "hinterland/serve/lead.hpp"

namespace hinterland {

namespace {

constexpr long kBatch = 1000;  // steps a commit

struct JournalOptions {
  std::string journal, file;
  std::optional<std::uint64_t> until;
  bool json = false;
};

int check(const JournalOptions& options) {
  auto journal = Journal::open(options.journal, false);
  if (!journal) return report(journal.error());
  TerminalProgress progress;
  const auto all = journal->check(progress);
  if (!all) return report(all.error(), progress);
  if (all->interrupted) return kInterrupted;
  const State& state = all->state;
  std::int64_t over = 0;
  for (const JobState& job : state.jobs) over += job.ended == job.tasks ? 1 : 0;
  const auto jobs = static_cast<std::int64_t>(state.jobs.size());
  if (options.json) {
    print(nlohmann::ordered_json{
              {"steps", all->steps}, {"jobs", jobs}, {"jobs_over", over}, {"attempts", state.attempts_begun}}
              .dump() +
          "\n");
  } else {
    print(fmt::format("{}: sound; {} of {}, of which {} over; {}.\n", journal->name(),
                      counted(static_cast<std::int64_t>(all->steps), "step"), counted(jobs, "job"),
                      over == 1 ? "1 is" : grouped(over) + " are",
                      counted(static_cast<std::int64_t>(state.attempts_begun), "attempt")));
  }
  return kDone;
}

int export_steps(const JournalOptions& options) {
  ::umask(077);  // as a journal is: jobs' variables are in it
  auto journal = Journal::open(options.journal, false);
  if (!journal) return report(journal.error());
  auto writer = FileWriter::open(options.file);
  if (!writer) return report(writer.error());
  TerminalProgress progress;
  Expected<void> written;
  bool stopped = false;
  const auto all = journal->read([&](std::uint64_t step, const Facts& facts, const State&) {
    if (options.until && step > *options.until) return false;
    written = writer->append(step_json(step, facts) + "\n");
    stopped = step % 1024 == 0 && !progress.step("exporting", static_cast<std::int64_t>(step), 0);
    return written.has_value() && !stopped;
  });
  if (!written) return report(written.error());
  if (stopped) return kInterrupted;
  if (!all) return report(all.error());
  if (const auto done = writer->finish(); !done) return report(done.error());
  print(fmt::format("{}: {}.\n", options.file, counted(static_cast<std::int64_t>(all->steps), "step")));
  return kDone;
}

int import_steps(const JournalOptions& options) {
  const auto text = read_text(options.file);
  if (!text) return report(text.error());
  // Nothing is written, and no journal is made, of what is not sound to its end.
  TerminalProgress progress;
  State state;
  bool interrupted = false;
  const auto sound = for_each_exported(
      *text, options.file, [&](const Facts& facts, const Location& where) -> Expected<void> {
        interrupted = where.line % kBatch == 0 && !progress.step("checking", where.line, 0);
        if (interrupted) return failure({.what = "Interrupted.", .where = where, .mend = ""});
        return follow(state, facts, where);
      });
  if (interrupted) return kInterrupted;
  if (!sound) return report(sound.error());
  auto journal = Journal::open(options.journal, true);
  if (!journal) return report(journal.error());
  const std::int64_t asked = boot_ms();
  const auto other = journal->lead("an import");
  if (!other) return report(other.error());
  if (*other)
    return report({{.what = fmt::format("{} leads it.", **other),
                    .where = {.file = journal->name()},
                    .mend = "Stop that one, or name an empty database."}});
  const Lead lead(*journal, asked);
  const auto before = journal->recover(progress);
  if (!before) return report(before.error(), progress);
  if (before->steps > 0) {
    return report({{.what = fmt::format("It has {} already.",
                                        counted(static_cast<std::int64_t>(before->steps), "step")),
                    .where = {.file = journal->name()},
                    .mend = "Name a file that is not there yet, or an empty database."}});
  }
  std::vector<Facts> batch;
  const auto write = [&]() -> Expected<void> { return journal->append(std::exchange(batch, {})); };
  auto written = for_each_exported(*text, options.file, [&](Facts facts, const Location&) -> Expected<void> {
    batch.push_back(std::move(facts));
    return std::ssize(batch) < kBatch ? Expected<void>() : write();
  });
  if (written && !batch.empty()) written = write();
  if (!written) return report(written.error());
  print(fmt::format("{}: {}.\n", journal->name(),
                    counted(static_cast<std::int64_t>(journal->steps()), "step")));
  return kDone;
}

}  // namespace

void add_journal(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("journal", "what a broker remembers: check it, take it elsewhere");
  verb->require_subcommand(1);
  verb->footer(
      "JOURNAL is a file, or postgresql://USER@HOST/DATABASE. A file has one process at a time: stop its "
      "broker first. A "
      "database can be read beside it.\n\n"
      "Exit status: 0 done, 2 bad usage or a damaged journal, 3 an output cannot be written, 130 "
      "interrupted.\n\n"
      "Examples:\n"
      "  $ hinterland journal check broker.db\n"
      "  $ hinterland journal export broker.db steps.jsonl\n"
      "  $ hinterland journal import steps.jsonl again.db");
  const auto add = [&](const char* name, const char* doc, int (*work)(const JournalOptions&)) {
    auto options = std::make_shared<JournalOptions>();
    CLI::App* part = verb->add_subcommand(name, doc);
    part->callback([options, &exit_code, work] { exit_code = work(*options); });
    return std::pair(part, options);
  };
  const auto journal = [](CLI::App* part, const std::shared_ptr<JournalOptions>& options) {
    part->add_option("journal", options->journal, "what the broker keeps it in")
        ->required()
        ->type_name("JOURNAL");
  };
  const auto [check_part, check_options] =
      add("check", "is every step whole, and does it follow from those before", check);
  journal(check_part, check_options);
  check_part->footer("Example:\n  $ hinterland journal check broker.db");
  check_part->add_flag("--json", check_options->json, "print JSON");
  const auto [export_part, export_options] = add("export", "all steps as JSON Lines", export_steps);
  journal(export_part, export_options);
  export_part->footer("Example:\n  $ hinterland journal export broker.db steps.jsonl");
  export_part->add_option("file", export_options->file, "where to")->required()->type_name("FILE.jsonl");
  export_part
      ->add_option("--until", export_options->until,
                   "no more than so many steps: what is before a damaged one")
      ->type_name("STEP");
  const auto [import_part, import_options] =
      add("import", "a new journal from what was exported", import_steps);
  import_part->footer(
      "Example, in a shell that has process substitution:\n"
      "  $ hinterland journal import <(echo '{\"step\": 1, \"facts\": []}') new.db");
  import_part->add_option("file", import_options->file, "what `export` wrote")
      ->required()
      ->type_name("FILE.jsonl");
  journal(import_part, import_options);
}

}  // namespace hinterland
