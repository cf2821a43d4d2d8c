// hinterland submit: gives a job to a running broker.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "hinterland/base/file.hpp"
#include "hinterland/broker/check_fact.hpp"
#include "hinterland/cli/ask_broker.hpp"
#include "hinterland/cli/blobs.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/number_check.hpp"
#include "hinterland/cli/task_log.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/serve/job_spec.hpp"
#include "hinterland/staging/objects.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

struct SubmitOptions {
  BrokerPlace broker;
  std::string name, work, project, key, folder;
  std::vector<std::string> words, environment, inputs, outputs;
  std::vector<std::uint32_t> after;
  std::optional<double> cores, gpus, memory_gb, hours, may_wait, deadline;
  std::optional<std::uint32_t> tasks;
  std::optional<int> priority;
  bool held = false, quote = false, wait = false, follow = false, json = false;
};

// The file, if that is what was named; else the command. What was given beside it is put over it.
Expected<JobSpec> spec_of(const SubmitOptions& options) {
  JobSpec spec;
  if (options.words.size() == 1 && options.words.front().ends_with(".toml")) {
    const auto text = read_text(options.words.front());
    if (!text) return std::unexpected(text.error());
    auto read = parse_job_toml(*text, options.words.front());
    if (!read) return read;
    spec = std::move(*read);
  } else {
    auto read = parse_job_json(
        Json{{"command", options.words}}.dump(-1, ' ', false, Json::error_handler_t::replace), "submit");
    if (!read) return read;
    spec = std::move(*read);
    spec.command = options.words;  // as they are; the rest are the fields' defaults
  }
  const auto put = [](auto& to, const auto& from) {
    if (!from.empty()) to = from;
  };
  const auto put_number = [](double& to, const auto& from) {
    if (from) to = static_cast<double>(*from);
  };
  put(spec.name, options.name);
  put(spec.work, options.work);
  put(spec.project, options.project);
  put(spec.key, options.key);
  if (!options.folder.empty()) spec.folder = std::filesystem::absolute(options.folder).string();
  put(spec.inputs, options.inputs);
  put(spec.outputs, options.outputs);
  put_number(spec.cores, options.cores);
  put_number(spec.gpus, options.gpus);
  put_number(spec.memory_gb, options.memory_gb);
  put_number(spec.tasks, options.tasks);
  put_number(spec.priority, options.priority);
  if (options.hours) spec.hours = {*options.hours};
  if (options.may_wait) spec.may_wait = {*options.may_wait};
  if (options.deadline) spec.deadline = Hours{*options.deadline};
  if (options.held) spec.held = 1;
  for (const std::uint32_t job : options.after) spec.after.push_back(job);
  for (const std::string& variable : options.environment) {
    const char* const here = variable.contains('=') ? nullptr : std::getenv(variable.c_str());
    spec.environment.push_back(here != nullptr ? variable + "=" + here : variable);
  }
  // Those of this machine say nothing of another.
  if (options.broker.is_remote()) return spec;
  for (const char* const name : {"PATH", "HOME", "LANG", "USER"}) {
    const auto given = [&](const std::string& variable) {
      return variable.starts_with(std::string(name) + "=");
    };
    const char* const here = std::getenv(name);
    if (here != nullptr && std::ranges::none_of(spec.environment, given))
      spec.environment.push_back(std::string(name) + "=" + here);
  }
  return spec;
}

// Puts its inputs into the broker's store: what is there already is not copied. What moves for each task is what
// they weigh, if nothing else is said.
Expected<void> store_inputs(const SubmitOptions& options, JobSpec& spec) {
  if (spec.inputs.empty()) return {};
  const auto store = store_here(options.broker);
  if (!store) return std::unexpected(store.error());
  const bool from_file = options.words.size() == 1 && options.words.front().ends_with(".toml");
  double bytes = 0;
  TerminalProgress progress;
  std::int64_t done = 0;
  for (std::string& input : spec.inputs) {
    auto [name, file] = named_input(input);
    if (from_file && options.inputs.empty())  // an absolute path stays what it is
      file = (std::filesystem::path(options.words.front()).parent_path() / file).string();
    auto object = store_input(options.broker, *store, file, progress);
    if (!object) return std::unexpected(std::move(object.error()));
    bytes += static_cast<double>(object->bytes);
    input = name + "=" + object->hash;
    if (!progress.step("reading inputs", ++done, static_cast<std::int64_t>(spec.inputs.size())))
      return failure({.what = "Interrupted: nothing was submitted.", .where = {}, .mend = ""});
  }
  constexpr double bytes_per_gb = 1e9;
  if (spec.in.value == 0) spec.in = Gigabytes{bytes / bytes_per_gb};
  return {};
}

// Of all its tasks that have begun, what they said since.
Expected<void> print_all(const BrokerPlace& broker, std::uint32_t job, std::map<std::size_t, TaskLog>& logs,
                         std::set<std::size_t>& told) {
  for (std::size_t from = 0;;) {
    const auto page = ask_broker_json(broker, "GET", fmt::format("/v1/jobs/{}?from={}", job, from));
    if (!page) return std::unexpected(page.error());
    for (const Json& task : page->at("of_tasks")) {
      const auto k = task.at("task").get<std::uint32_t>();
      const auto attempt = task.at("attempt").get<std::uint64_t>();
      if (told.contains(k) || attempt == 0) continue;
      TaskLog& log = logs.try_emplace(k, TaskLog{.broker = broker, .job = job, .task = k}).first->second;
      if (auto printed = print_more(log, attempt); !printed) return printed;
      if (!is_over(task.at("phase").get<std::string>())) continue;
      logs.erase(k);
      told.insert(k);
    }
    from += page->at("of_tasks").size();
    if (page->at("of_tasks").empty() || from >= page->at("tasks").get<std::size_t>()) return {};
  }
}

// Until all of its tasks have ended; with what they say, if that was asked for. Exit status 1 if one was not done.
int wait_for(const SubmitOptions& options, std::uint32_t job) {
  std::map<std::size_t, TaskLog> logs;
  std::set<std::size_t> told;
  TerminalProgress progress;
  while (true) {
    const auto state = ask_broker_json(options.broker, "GET", fmt::format("/v1/jobs/{}?tasks=0", job));
    if (!state) return report(state.error(), progress);
    const std::string now = state->at("state").get<std::string>();
    if (options.follow) {
      if (const auto printed = print_all(options.broker, job, logs, told); !printed)
        return report(printed.error(), progress);
    }
    if (now == "done") return kDone;
    if (is_over(now)) {
      report({{.what = fmt::format("It is {}.", now),
               .where = {.file = fmt::format("job {}", job)},
               .mend = fmt::format("`hinterland why {}` says why, and `hinterland logs {}` what it said.",
                                   job, job)}});
      return kAnswerIsNo;
    }
    if (state->contains("stopped_by")) {
      const std::string cause = state->at("stopped_by").front().dump();
      report({{.what = fmt::format("It comes after job {}, which ended and was not done.", cause),
               .where = {.file = fmt::format("job {}", job)},
               .mend = fmt::format("`hinterland retry {}`, or `hinterland cancel {}`.", cause, job)}});
      return kAnswerIsNo;
    }
    if (!progress.step("waiting", state->at("done").get<std::int64_t>(),
                       state->at("tasks").get<std::int64_t>()))
      return kInterrupted;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

// Which of its texts JSON cannot carry.
std::string not_utf8(const JobSpec& spec) {
  const auto wrong = [](const std::string& text) { return !check_text(text, "").has_value(); };
  for (const auto& [name, text] : {std::pair{"name", &spec.name},
                                   {"class", &spec.work},
                                   {"project", &spec.project},
                                   {"key", &spec.key},
                                   {"folder", &spec.folder}}) {
    if (wrong(*text)) return name;
  }
  for (const auto& [name, list] : {std::pair{"command", &spec.command},
                                   {"environment", &spec.environment},
                                   {"inputs", &spec.inputs},
                                   {"outputs", &spec.outputs}}) {
    for (const std::string& text : *list) {
      if (wrong(text)) return name;
    }
  }
  return "text";
}

int run(const SubmitOptions& options) {
  auto spec = spec_of(options);
  if (!spec) return report(spec.error());
  if (const auto stored = store_inputs(options, *spec); !stored) return report(stored.error());
  std::string body;
  try {
    body = job_json(*spec);
  } catch (const Json::exception&) {
    return report({{.what = fmt::format("Its {} is not UTF-8.", not_utf8(*spec)),
                    .where = {},
                    .mend = "The broker's JSON cannot carry it: put it into a script."}});
  }
  const auto answer =
      ask_broker_json(options.broker, "POST", options.quote ? "/v1/quotes" : "/v1/jobs", body);
  if (!answer) return report(answer.error());
  if (options.quote) return print(options.json ? answer->dump() + "\n" : quote_text(*answer) + "\n"), kDone;
  const auto job = answer->at("job").get<std::uint32_t>();
  if (!options.json && answer->contains("quote"))
    fmt::print(stderr, "hinterland: {}\n", quote_text(answer->at("quote")));
  print(options.json ? answer->dump() + "\n" : fmt::format("job {}\n", job));
  return options.wait || options.follow ? wait_for(options, job) : kDone;
}

}  // namespace

void add_submit(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<SubmitOptions>();
  CLI::App* verb = app.add_subcommand("submit", "give a command, or a job's file, to the broker");
  verb->add_option("what", options->words, "JOB.toml; or, after --, a command with its arguments")
      ->required()
      ->type_name("JOB.toml | -- COMMAND");
  verb->add_option("--name", options->name, "what the job is called")->type_name("TEXT");
  verb->add_option("--class", options->work, "its class, of the broker's sites file")->type_name("NAME");
  verb->add_option("--project", options->project, "who pays")->type_name("NAME");
  verb->add_option("--key", options->key, "the same key is the same submission, however often it comes")
      ->type_name("TEXT");
  verb->add_option("--folder", options->folder, "where the command runs (default: a folder of its own)")
      ->type_name("DIR");
  // Given once for each value.
  const auto repeated = [&](const char* flag, auto& values, const char* what) {
    return verb->add_option(flag, values, what)->take_all()->expected(1)->allow_extra_args(false);
  };
  repeated("--env", options->environment, "a variable; without a value, as it is here")
      ->type_name("NAME[=VALUE]");
  repeated("--input", options->inputs, "a file that lies in its own folder when it begins, there as NAME")
      ->type_name("[NAME=]FILE");
  repeated("--output", options->outputs, "a file in its own folder that is kept when it is done")
      ->type_name("FILE");
  repeated("--after", options->after, "jobs that must be done before")
      ->check(whole_number_from(0, kMostNumber))
      ->type_name("JOB");
  verb->add_option("--cores", options->cores, "of each task")
      ->check(whole_number_from(1, 1e6))
      ->type_name("N");
  verb->add_option("--gpus", options->gpus, "of each task")->check(number_from(0, 1e6))->type_name("N");
  verb->add_option("--memory-gb", options->memory_gb, "of each task")
      ->check(number_from(0, 1e6))
      ->type_name("GB");
  verb->add_option("--tasks", options->tasks, "how many, up to a million; each knows its $HINTERLAND_TASK")
      ->check(whole_number_from(1, kMostTasks))
      ->type_name("N");
  verb->add_option("--priority", options->priority, "0 to 7; 7 goes first")
      ->check(whole_number_from(0, 7))
      ->type_name("N");
  verb->add_option("--hours", options->hours, "what a task may take")
      ->check(number_above_zero(876'000))
      ->type_name("H");
  verb->add_option("--may-wait-hours", options->may_wait, "how long it may be put off for a better price")
      ->check(number_from(0, 8760))
      ->type_name("H");
  verb->add_option("--deadline-hours", options->deadline, "until all is done")
      ->check(number_above_zero(876'000))
      ->type_name("H");
  verb->add_flag("--held", options->held, "it waits until it is released");
  verb->add_flag("--quote", options->quote, "say what it would cost, and submit nothing");
  verb->add_flag("--wait", options->wait, "until it is over");
  verb->add_flag("--follow", options->follow, "the same, and print what its tasks say");
  verb->add_flag("--json", options->json, "print JSON");
  add_broker_options(*verb, options->broker);
  verb->footer(
      "Its number is the last word printed, once the broker will not lose it any more.\n\n"
      "Exit status: 0 taken (--wait: done), 1 it was not done, 2 bad usage or input, 3 no broker answers.\n\n"
      "Examples, with a broker at $HINTERLAND_BROKER:\n"
      "  $ hinterland submit -- sh -c 'echo frame $HINTERLAND_TASK'\n"
      "  $ hinterland submit --tasks 10 --cores 2 --follow -- sh -c 'echo frame $HINTERLAND_TASK'\n"
      "  $ hinterland fields job");
  verb->callback(
      [options, &exit_code] { exit_code = as_broker_says(options->broker, [&] { return run(*options); }); });
}

}  // namespace hinterland
