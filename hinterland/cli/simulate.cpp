// hinterland simulate: a trace of jobs through the sites of a scenario, with a bill for every job.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "hinterland/base/file.hpp"
#include "hinterland/cli/bases.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/cli/seed.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/replay/simulated_journal.hpp"
#include "hinterland/report/figure.hpp"
#include "hinterland/sim/saving_range.hpp"

namespace hinterland {

namespace {

struct SimulateOptions {
  AtlasOptions atlas;
  ChargeOptions charges;
  std::string scenario, report, jobs_csv, broker_journal;
  std::vector<std::string> policies;
  std::int64_t draws = 0;
  std::uint64_t seed = 1;
  bool json = false, no_baseline = false;
};

// What the process holds in memory now, in bytes; 0 where nobody tells.
double resident_bytes() {
  long pages = 0, resident = 0;
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  if (std::fscanf(file, "%ld %ld", &pages, &resident) != 2) resident = 0;
  std::fclose(file);
  return static_cast<double>(resident) * 4096;
}

Expected<void> write_jobs(const ScenarioWorld& setup, const SimRun& run, const std::string& path) {
  static constexpr std::size_t kPiece = 8192;
  auto writer = FileWriter::open(path);
  if (!writer) return std::unexpected(writer.error());
  const Ledger ledger(setup.world, run);
  const auto jobs = static_cast<std::size_t>(run.reached);
  for (std::size_t from = 0; from < jobs; from += kPiece) {
    std::string rows;
    write_job_rows(setup, ledger, from, std::min(from + kPiece, jobs), rows);
    if (const auto written = writer->append(rows); !written) return written;
  }
  return writer->finish();
}

// A journal that is a part looks like any other.
void say_written(const SimResult& result, const std::string& path) {
  const SimRun& run = result.main().run;
  const auto jobs = static_cast<std::int64_t>(result.setup->world.jobs.count());
  const std::string part =
      fmt::format(": {} of {} jobs, as it was interrupted", grouped(run.reached), grouped(jobs));
  fmt::print(stderr, "wrote {}{}\n", path, run.interrupted ? part : "");
}

// As a broker would have kept it, for `hinterland replay`.
Expected<void> write_broker_journal(const Scenario& scenario, const ScenarioWorld& setup, const Atlas& atlas,
                                    const Charges& charges, const PolicyRun& run, const std::string& file) {
  constexpr std::size_t batch = 1000;  // steps a commit
  if (std::filesystem::exists(file))
    return failure({.what = "It is there already.",
                    .where = {.file = file},
                    .mend = "Name a file that is not there yet."});
  SimulatedHouse house{.journal = "simulated",
                       .pools = setup.pool_keys,
                       .pricing = {},
                       .currency = atlas.country().currency,
                       .rules = {.policy = run.policy,
                                 .carbon_per_kg = charges.carbon.value,
                                 .water_per_litre = charges.water.value,
                                 .first_hour = static_cast<std::int64_t>(setup.start.value)}};
  for (std::size_t p = 0; p < setup.pool_keys.size(); ++p)
    house.pricing.push_back(
        {.server = setup.world.pools[p].server.text,
         .basis = setup.basis[p],
         .rate = nearest_whole(kMillion * scenario.pools[p].rate.value_or(Money{}).value)});
  std::optional<Journal> journal;
  std::vector<Facts> steps;
  const auto write = [&]() -> Expected<void> {
    if (!journal) {
      auto made = Journal::open(file, true);
      if (!made) return std::unexpected(std::move(made.error()));
      journal.emplace(std::move(*made));
      SilentProgress silent;
      if (const auto empty = journal->recover(silent); !empty) return std::unexpected(empty.error());
    }
    return journal->append(std::exchange(steps, {}));
  };
  auto written = write_simulated(setup.world, run.run, house, [&](Facts facts) -> Expected<void> {
    steps.push_back(std::move(facts));
    return steps.size() < batch ? Expected<void>() : write();
  });
  if (written) written = write();
  if (!written) {
    for (Error& error : written.error()) {
      if (error.where.file.empty()) error.where.file = "--broker-journal";
    }
    return written;
  }
  fmt::print(stderr, "wrote {}\n", file);
  return {};
}

// Everybody at home; nothing if interrupted, for half a baseline compares with nothing.
std::optional<PolicyRun> baseline(const SimWorld& world, TerminalProgress& progress) {
  if (progress.interrupted()) return std::nullopt;
  PolicyRun stay = run_policy(world, *find_policy("stay", ""), progress);
  return stay.run.interrupted ? std::nullopt : std::optional(std::move(stay));
}

// Those of the command line, else the scenario's.
Expected<std::vector<PolicyEntry>> policies_of(const SimulateOptions& options, const Scenario& scenario) {
  std::vector<PolicyEntry> policies;
  for (const std::string& name : options.policies.empty() ? std::vector{scenario.policy} : options.policies) {
    auto policy = find_policy(name, options.policies.empty() ? "policy" : "--policy");
    if (!policy) return std::unexpected(std::move(policy.error()));
    policies.push_back(*policy);
  }
  return policies;
}

int run(const SimulateOptions& options) {
  AtlasOptions atlas_options = options.atlas;
  const auto scenario =
      load_scenario(options.scenario, take_assignments(atlas_options, is_scenario_assignment));
  if (!scenario) return report(scenario.error());
  const auto atlas = open_atlas_beside_workloads(atlas_options);
  if (!atlas) return report(atlas.error());
  const auto policies = policies_of(options, *scenario);
  if (!policies) return report(policies.error());
  const RateYear rates = open_rates(*atlas, kWeatherSeed);
  TerminalProgress progress;
  const auto setup = scenario_world(*scenario, *atlas, rates, charges_of(options.charges), work_folders(),
                                    progress, atlas_options.assignments);
  if (!setup) return report(setup.error(), progress);
  SimResult result{.scenario = &*scenario, .atlas = &*atlas, .setup = &*setup, .runs = {}, .stay = {}};
  const double before = resident_bytes();
  for (const PolicyEntry& policy : *policies) {
    result.runs.push_back(run_policy(setup->world, policy, progress));
    if (result.runs.size() == 1 && setup->world.jobs.count() > 0)
      result.bytes_per_job =
          std::max(0.0, resident_bytes() - before) / static_cast<double>(setup->world.jobs.count());
    if (progress.interrupted()) break;
  }
  const bool compares = !options.no_baseline && !scenario->placed() && policies->front().name != "stay";
  if (compares) result.stay = baseline(setup->world, progress);
  if (options.draws > 0 && result.stay && !progress.interrupted()) {
    result.range = draw_savings(*scenario, *setup, *atlas, rates, charges_of(options.charges),
                                policies->front(), options.draws, options.seed, progress);
  }
  result.interrupted = progress.interrupted();
  if (!options.jobs_csv.empty()) {
    if (const auto written = write_jobs(*setup, result.main().run, options.jobs_csv); !written)
      return report(written.error());
    say_written(result, options.jobs_csv);
  }
  if (!options.broker_journal.empty() && !progress.interrupted()) {
    const auto written = write_broker_journal(*scenario, *setup, *atlas, charges_of(options.charges),
                                              result.main(), options.broker_journal);
    if (!written) return report(written.error());
  }
  if (!options.report.empty()) {
    if (const int written = write_report(sim_report(result), options.report); written != kDone)
      return written;
  }
  if (options.json) {
    print(sim_json(result));
  } else {
    print(sim_page(result));
  }
  if (result.interrupted) return kInterrupted;
  for (const PolicyRun& one : result.runs) {
    if (!one.books.imbalances.empty()) return kOwnBug;
  }
  return kDone;
}

}  // namespace

void add_simulate(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<SimulateOptions>();
  CLI::App* verb =
      app.add_subcommand("simulate", "run the jobs of a scenario over its sites, with a bill for each");
  verb->add_option("scenario", options->scenario, "the scenario's TOML file")
      ->required()
      ->type_name("SCENARIO.toml");
  std::string known;
  for (const PolicyEntry& policy : policies()) known += fmt::format("\n  {}: {}", policy.name, policy.what);
  verb->add_option("--policy", options->policies,
                   "instead of the scenario's; several are shown side by side:" + known)
      ->type_name("NAME");
  verb->add_flag("--no-baseline", options->no_baseline, "do not run `stay` beside it");
  verb->add_option("--journal", options->jobs_csv,
                   "write one row a job to this CSV file: where, when, and its bill")
      ->type_name("FILE.csv");
  verb->add_option("--broker-journal", options->broker_journal,
                   "write it as the journal that a broker would have kept, for `hinterland replay`")
      ->type_name("FILE.db");
  verb->add_option(
          "--draws", options->draws,
          "how often all cited ranges are drawn and the runs done anew, for the range of what moving saves")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{100'000}))
      ->type_name("N");
  add_seed_option(*verb, options->seed, "same seed, same draws");
  add_charge_options(*verb, options->charges);
  add_report_option(*verb, options->report);
  verb->add_flag("--json", options->json, "print JSON (data/schema/simulate.schema.json)");
  add_atlas_options(*verb, options->atlas);
  verb->footer(
      "Exit status: 0 done, 2 bad usage or input, 3 an output cannot be written, 70 bills and meters differ "
      "(our own bug), 130 "
      "interrupted.\n\n"
      "Examples:\n"
      "  $ hinterland simulate examples/image-year.toml\n"
      "  $ hinterland simulate examples/image-year.toml --policy cheapest greenest wait-for-cheap\n"
      "  $ hinterland simulate examples/image-year.toml --set pools.guian-gpu.servers=4 --set "
      "work.images.days=30");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hinterland
