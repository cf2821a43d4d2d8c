// hinterland jobs, show, why, logs, cancel, hold, release, retry: a running broker's work.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "hinterland/base/time.hpp"
#include "hinterland/cli/ask_broker.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/number_check.hpp"
#include "hinterland/cli/task_log.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

struct JobsOptions {
  BrokerPlace broker;
  std::vector<std::uint32_t> jobs;
  std::uint32_t job = 0, task = 0;
  bool json = false, watch = false, standard_error = false, follow = false;
};

std::string text_of(const Json& row, const char* name) { return row.at(name).get<std::string>(); }

// And how far what moves for it is.
std::string state_text(const Json& row) {
  if (!row.contains("staging")) return text_of(row, "state");
  const Json& staging = row.at("staging");
  return fmt::format("{}, {} staging: {}B of {}B", text_of(row, "state"),
                     staging.at("tasks").get<std::int64_t>(), compact(staging.at("here_bytes").get<double>()),
                     compact(staging.at("needed_bytes").get<double>()));
}

Page jobs_page(const Json& answer) {
  Page page{.title = {}, .blocks = {}};
  TableBlock table{.caption = {},
                   .columns = {{"job", Align::right},
                               {"name"},
                               {"project"},
                               {"class"},
                               {"state"},
                               {"done", Align::right},
                               {"attempts", Align::right},
                               {"site"},
                               {"cost, " + text_of(answer, "currency"), Align::right}},
                   .rows = {}};
  for (const Json& row : answer.at("jobs")) {
    table.rows.push_back(
        {std::to_string(row.at("id").get<std::uint64_t>()), text_of(row, "name"), text_of(row, "project"),
         text_of(row, "class"), state_text(row),
         fmt::format("{} of {}", row.at("done").get<std::uint64_t>(), row.at("tasks").get<std::uint64_t>()),
         std::to_string(row.at("attempts").get<std::uint64_t>()), text_of(row, "site"),
         compact(row.at("cost").get<double>() + row.at("running_cost").get<double>())});
  }
  if (table.rows.empty()) {
    page.blocks.emplace_back(Paragraph{"There are no jobs.", false});
  } else {
    page.blocks.emplace_back(std::move(table));
  }
  return page;
}

// All pages as one.
Expected<Json> all_jobs(const BrokerPlace& broker) {
  auto all = ask_broker_json(broker, "GET", "/v1/jobs");
  while (all && all->contains("next")) {
    auto page = ask_broker_json(broker, "GET",
                                fmt::format("/v1/jobs?after={}", all->at("next").get<std::uint64_t>()));
    if (!page) return page;
    all->erase("next");
    for (Json& row : page->at("jobs")) all->at("jobs").push_back(std::move(row));
    if (page->contains("next")) (*all)["next"] = page->at("next");
  }
  return all;
}

int show_all(const JobsOptions& options) {
  TerminalProgress progress;
  while (true) {
    const auto answer = all_jobs(options.broker);
    if (!answer) return report(answer.error(), progress);
    if (options.watch && isatty(STDOUT_FILENO) != 0) print(std::string("\x1b[H\x1b[2J"));
    if (options.json) {
      print(answer->dump() + "\n");
    } else {
      print(jobs_page(*answer));
    }
    if (!options.watch) return kDone;
    std::this_thread::sleep_for(std::chrono::seconds(1));
    if (progress.interrupted()) return kDone;
  }
}

int show_one(const JobsOptions& options) {
  const auto answer = ask_broker_json(options.broker, "GET", fmt::format("/v1/jobs/{}", options.job));
  if (!answer) return report(answer.error());
  if (options.json) return print(answer->dump() + "\n"), kDone;
  Page page = jobs_page(Json{{"currency", answer->at("currency")}, {"jobs", Json::array({*answer})}});
  page.blocks.emplace_back(
      Paragraph{fmt::format("Submitted at {}; to be done by {}.",
                            format_civil({answer->at("submitted_ms").get<std::int64_t>()}, "UTC"),
                            format_civil({answer->at("deadline_ms").get<std::int64_t>()}, "UTC")),
                true});
  if (answer->contains("quote"))
    page.blocks.emplace_back(Paragraph{"When it was submitted: " + quote_text(answer->at("quote")), true});
  TableBlock table{
      .caption = {"Its tasks", "任务"},
      .columns = {{"task", Align::right}, {"phase"}, {"site"}, {"attempt", Align::right}, {"folder"}},
      .rows = {}};
  const bool stands =
      std::ranges::any_of(answer->at("of_tasks"), [](const Json& row) { return row.contains("standing"); });
  if (stands) table.columns.push_back({"there"});
  for (const Json& row : answer->at("of_tasks")) {
    std::vector<Words> cells = {std::to_string(row.at("task").get<std::uint64_t>()), text_of(row, "phase"),
                                text_of(row, "site"), std::to_string(row.at("attempt").get<std::uint64_t>()),
                                text_of(row, "folder")};
    if (stands) cells.emplace_back(row.value("standing", ""));
    table.rows.push_back(std::move(cells));
  }
  const auto all = answer->at("tasks").get<std::size_t>(), shown = table.rows.size();
  page.blocks.emplace_back(std::move(table));
  if (shown < all)
    page.blocks.emplace_back(
        Paragraph{fmt::format("These are the first {} of {} tasks.", shown, all), false});
  print(page);
  return kDone;
}

int show_why(const JobsOptions& options) {
  const auto answer = ask_broker_json(options.broker, "GET", fmt::format("/v1/jobs/{}/why", options.job));
  if (!answer) return report(answer.error());
  if (options.json) return print(answer->dump() + "\n"), kDone;
  Page page{.title = {}, .blocks = {}};
  Json shown;  // the same for most
  for (const Json& task : answer->at("tasks")) {
    const auto others = task.at("alike").get<std::int64_t>() - 1;
    page.blocks.emplace_back(Paragraph{fmt::format("Task {}{}, {}: {}", task.at("task").get<std::uint64_t>(),
                                                   others > 0 ? " and " + counted(others, "other") : "",
                                                   text_of(task, "phase"), text_of(task, "why")),
                                       true});
    if (!task.contains("candidates")) continue;
    Json rows = Json::array();
    for (const Json& one : task.at("candidates"))
      rows.push_back({text_of(one, "site"), compact(one.at("cost").get<double>()),
                      one.at("chosen").get<bool>() ? "chosen"
                      : one.contains("start_ms")   ? ""
                                                   : "closed then"});
    if (rows == shown) continue;
    shown = rows;
    TableBlock table{
        .caption = {"Where it might have gone, as the policy saw it", "可选站点"},
        .columns = {{"site"}, {text_of(*answer, "currency") + " an attempt", Align::right}, {""}},
        .rows = {}};
    for (const Json& row : rows)
      table.rows.push_back({row[0].get<std::string>(), row[1].get<std::string>(), row[2].get<std::string>()});
    page.blocks.emplace_back(std::move(table));
  }
  print(page);
  return kDone;
}

int show_log(const JobsOptions& options) {
  TaskLog log{.broker = options.broker,
              .stream = options.standard_error ? "stderr" : "stdout",
              .job = options.job,
              .task = options.task};
  TerminalProgress progress;
  while (true) {
    const auto job =
        ask_broker_json(options.broker, "GET", fmt::format("/v1/jobs/{}?from={}&tasks=1", log.job, log.task));
    if (!job) return report(job.error(), progress);
    const Json& tasks = job->at("of_tasks");
    const auto attempt = tasks.empty() ? 0 : tasks.front().at("attempt").get<std::uint64_t>();
    if (const auto printed = print_more(log, attempt); !printed) return report(printed.error(), progress);
    if (!options.follow || tasks.empty() || is_over(text_of(tasks.front(), "phase"))) return kDone;
    if (progress.interrupted()) return kInterrupted;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

// Asks the same of each; the first that is refused ends it.
int for_each_job(const JobsOptions& options, const char* what) {
  for (const std::uint32_t job : options.jobs) {
    const auto answer = ask_broker_to(options.broker, fmt::format("/v1/jobs/{}/{}", job, what));
    if (answer && answer->status != kConflict) continue;
    Errors errors = answer ? Errors{error_in(options.broker, *answer)} : answer.error();
    if (!errors.front().outside) errors.front().where.file = fmt::format("job {}", job);
    const int code = report(errors);
    return answer ? kAnswerIsNo : code;
  }
  return kDone;
}

}  // namespace

void add_jobs(CLI::App& app, int& exit_code) {
  const auto add = [&](const char* name, const char* what, const auto& work, bool json, bool wish = false) {
    auto options = std::make_shared<JobsOptions>();
    CLI::App* verb = app.add_subcommand(name, what);
    const std::string words = name == std::string("jobs") ? "jobs" : fmt::format("{} 0", name);
    verb->footer(
        fmt::format("Exit status: 0 done, {}2 bad usage or refused, 3 no broker answers.\n\n"
                    "Example, with a broker at $HINTERLAND_BROKER:\n  $ hinterland {}",
                    wish ? "1 the job is past that, " : "", words));
    if (json) verb->add_flag("--json", options->json, "print JSON");
    add_broker_options(*verb, options->broker);
    verb->callback([options, &exit_code, work] {
      exit_code = as_broker_says(options->broker, [&] { return work(*options); });
    });
    return std::pair(verb, options);
  };
  const auto one_job = [](CLI::App* verb, const std::shared_ptr<JobsOptions>& options) {
    verb->add_option("job", options->job, "its number")
        ->required()
        ->check(whole_number_from(0, kMostNumber))
        ->type_name("JOB");
  };
  const auto [jobs, jobs_options] = add("jobs", "what the broker has to do, and has done", show_all, true);
  jobs->add_flag("--watch", jobs_options->watch, "again every second, until Ctrl-C");
  const auto [show, show_options] = add("show", "one job and its tasks", show_one, true);
  one_job(show, show_options);
  const auto [why, why_options] =
      add("why", "why a job waits, why it is where it is, and what else was to be had", show_why, true);
  one_job(why, why_options);
  const auto [logs, logs_options] = add("logs", "what a task said", show_log, false);
  one_job(logs, logs_options);
  logs->add_option("--task", logs_options->task, "which of its tasks, from 0")
      ->check(whole_number_from(0, kMostNumber))
      ->capture_default_str()
      ->type_name("K");
  logs->add_flag("--follow", logs_options->follow, "and what it says from now on, until it is over");
  logs->add_flag("--stderr", logs_options->standard_error, "standard error instead");
  for (const auto& [name, what] : {std::pair{"cancel", "end jobs: what waits leaves, what runs is killed"},
                                   {"hold", "keep jobs from beginning; what runs goes on"},
                                   {"release", "let held jobs go"},
                                   {"retry", "give tasks that failed or were cancelled another chance"}}) {
    const auto [verb, options] = add(
        name, what,
        [wish = std::string(name)](const JobsOptions& asked) { return for_each_job(asked, wish.c_str()); },
        false, true);
    verb->add_option("jobs", options->jobs, "their numbers")
        ->required()
        ->check(whole_number_from(0, kMostNumber))
        ->type_name("JOB");
  }
}

}  // namespace hinterland
