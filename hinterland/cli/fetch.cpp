// hinterland fetch: what a job's tasks have left, brought here.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "hinterland/cli/ask_broker.hpp"
#include "hinterland/cli/blobs.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

struct FetchOptions {
  BrokerPlace broker;
  std::uint32_t job = 0;
  std::string into = ".";
};

// Below the folder, whatever a broker says.
bool stays_within(const std::filesystem::path& path) {
  if (path.empty() || path.is_absolute()) return false;
  return std::ranges::none_of(path, [](const auto& part) { return part == ".."; });
}

int run(const FetchOptions& options) {
  const auto job = ask_broker_json(options.broker, "GET", fmt::format("/v1/jobs/{}?tasks=0", options.job));
  if (!job) return report(job.error());
  const bool many = job->at("tasks").get<std::uint64_t>() > 1;
  TerminalProgress progress;
  std::uint64_t files = 0, bytes = 0;
  for (std::uint64_t from = 0;;) {
    const auto page =
        ask_broker_json(options.broker, "GET", fmt::format("/v1/jobs/{}/outputs?from={}", options.job, from));
    if (!page) return report(page.error(), progress);
    for (const Json& one : page->at("outputs")) {
      const std::filesystem::path path = one.at("path").get<std::string>();
      if (!stays_within(path))
        return report({{.what = fmt::format("{} leads out of the folder.", in_quotes(path.string())),
                        .where = {.file = options.broker.place},
                        .mend = ""}},
                      progress);
      std::filesystem::path to = options.into;
      if (many) to /= std::to_string(one.at("task").get<std::uint64_t>());
      const Object object{.hash = one.at("hash").get<std::string>(),
                          .bytes = one.at("bytes").get<std::uint64_t>()};
      if (auto done = fetch_blob(options.broker, object, (to / path).string(), progress); !done)
        return report(done.error(), progress);
      ++files;
      bytes += object.bytes;
    }
    if (!page->contains("next")) break;
    from = page->at("next").get<std::uint64_t>();
  }
  fmt::print("{} with {} bytes {} in {}\n", counted(static_cast<long long>(files), "file"), bytes,
             files == 1 ? "is" : "are", options.into);
  const auto tasks = job->at("tasks").get<long long>(), done = job->at("done").get<long long>();
  if (done == tasks) return kDone;
  fmt::print(stderr, "hinterland: {} of {} are not done: what they leave is not there yet.\n", tasks - done,
             counted(tasks, "task"));
  return kAnswerIsNo;
}

}  // namespace

void add_fetch(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<FetchOptions>();
  CLI::App* verb = app.add_subcommand("fetch", "bring here what a job's tasks have left");
  verb->add_option("job", options->job, "its number")->required()->type_name("JOB");
  verb->add_option("--into", options->into,
                   "the folder; of a job with many tasks, a folder for each within it")
      ->capture_default_str()
      ->type_name("DIR");
  add_broker_options(*verb, options->broker);
  verb->footer(
      "What is here already is not brought again, and what was cut off goes on where it stopped; each file's "
      "hash is "
      "checked before it has its name.\n\n"
      "Exit status: 0 all is here, 1 some tasks are not done, 2 no such job, or another file is in the way, "
      "3 the broker or the disk "
      "failed.\n\n"
      "Examples:\n"
      "  $ hinterland fetch 0 --into frames");
  verb->callback(
      [options, &exit_code] { exit_code = as_broker_says(options->broker, [&] { return run(*options); }); });
}

}  // namespace hinterland
