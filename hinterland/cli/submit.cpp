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
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "hinterland/base/file.hpp"
#include "hinterland/cli/ask_broker.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/serve/job_spec.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

struct SubmitOptions {
  std::string socket, name, work, project, key, folder;
  std::vector<std::string> words, environment, outputs;
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

// Until all of its tasks have ended; with what they say, if that was asked for. Exit status 1 if one was not done.
int wait_for(const SubmitOptions& options, std::uint32_t job) {
  std::vector<std::size_t> said;
  TerminalProgress progress;
  while (true) {
    const auto state = ask_broker_json(options.socket, "GET",
                                       fmt::format("/v1/jobs/{}?tasks={}", job, options.follow ? 1 : 0));
    if (!state) return report(state.error());
    const std::string now = state->at("state").get<std::string>();
    const bool over = now == "done" || now == "failed" || now == "cancelled";
    if (options.follow) {
      said.resize(state->at("of_tasks").size());
      for (std::size_t k = 0; k < said.size(); ++k) {
        const auto text = ask_broker(options.socket, "GET",
                                     fmt::format("/v1/jobs/{}/log?task={}&from={}", job, k, said[k]));
        if (!text) return report(text.error());
        said[k] += text->body.size();
        print(text->body);
      }
    }
    if (over) return now == "done" ? kDone : kAnswerIsNo;
    if (!progress.step("waiting", state->at("done").get<std::int64_t>(),
                       state->at("tasks").get<std::int64_t>()))
      return kInterrupted;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

int run(const SubmitOptions& options) {
  const auto spec = spec_of(options);
  if (!spec) return report(spec.error());
  std::string body;
  try {
    body = job_json(*spec);
  } catch (const Json::exception&) {
    return report({{.what = "A word or variable of the job is not UTF-8.",
                    .where = {},
                    .mend = "The broker's JSON cannot carry it: put it into a script."}});
  }
  const auto answer =
      ask_broker_json(options.socket, "POST", options.quote ? "/v1/quotes" : "/v1/jobs", body);
  if (!answer) return report(answer.error());
  if (options.quote) return print(options.json ? answer->dump() + "\n" : quote_text(*answer) + "\n"), kDone;
  const auto job = answer->at("job").get<std::uint32_t>();
  if (options.json) {
    print(answer->dump() + "\n");
  } else {
    print(fmt::format("{}job {}\n", answer->contains("quote") ? quote_text(answer->at("quote")) + "\n" : "",
                      job));
  }
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
  verb->add_option("--env", options->environment, "a variable; without a value, as it is here")
      ->type_name("NAME[=VALUE]")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
  verb->add_option("--output", options->outputs, "a file in its own folder that is kept when it is done")
      ->type_name("FILE")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
  verb->add_option("--after", options->after, "jobs that must be done before")
      ->type_name("JOB")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
  verb->add_option("--cores", options->cores, "of each task")->type_name("N");
  verb->add_option("--gpus", options->gpus, "of each task")->type_name("N");
  verb->add_option("--memory-gb", options->memory_gb, "of each task")->type_name("GB");
  verb->add_option("--tasks", options->tasks, "how many; each knows its $HINTERLAND_TASK")->type_name("N");
  verb->add_option("--priority", options->priority, "0 to 7; 7 goes first")->type_name("N");
  verb->add_option("--hours", options->hours, "what a task may take")->type_name("H");
  verb->add_option("--may-wait-hours", options->may_wait, "how long it may be put off for a better price")
      ->type_name("H");
  verb->add_option("--deadline-hours", options->deadline, "until all is done")->type_name("H");
  verb->add_flag("--held", options->held, "it waits until it is released");
  verb->add_flag("--quote", options->quote, "say what it would cost, and submit nothing");
  verb->add_flag("--wait", options->wait, "until it is over");
  verb->add_flag("--follow", options->follow, "the same, and print what its tasks say");
  verb->add_flag("--json", options->json, "print JSON");
  add_socket_option(*verb, options->socket);
  verb->footer(
      "Its number is the last word printed, once the broker will not lose it any more.\n\n"
      "Exit status: 0 taken (--wait: done), 1 it was not done, 2 bad usage or input, 3 no broker answers.\n\n"
      "Examples, with a broker at $HINTERLAND_BROKER:\n"
      "  $ hinterland submit -- sh -c 'echo frame $HINTERLAND_TASK'\n"
      "  $ hinterland submit --tasks 10 --cores 2 --follow -- sh -c 'echo frame $HINTERLAND_TASK'\n"
      "  $ hinterland fields job");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hinterland
