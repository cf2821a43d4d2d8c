// hinterland broker: places real work, and keeps its promises.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>
#include <random>
#include <utility>

#include "hinterland/base/file.hpp"
#include "hinterland/base/section.hpp"
#include "hinterland/cli/ask_broker.hpp"
#include "hinterland/cli/bases.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/executor/boot_clock.hpp"
#include "hinterland/journal/postgres_store.hpp"
#include "hinterland/report/figure.hpp"
#include "hinterland/serve/lead.hpp"
#include "hinterland/serve/shell.hpp"
#include "hinterland/serve/sites_check.hpp"

namespace hinterland {

namespace {

constexpr std::uint64_t kDescriptors = 1024;
constexpr std::int64_t kAskAgain = 250;  // ms: whether another broker still leads

struct BrokerOptions {
  AtlasOptions atlas;
  ChargeOptions charges;
  std::string journal = "broker.db", sites, socket, folder, listen, tokens;
  TlsFiles tls;
  double requests_per_s = 1000;
  bool check = false;
};

// Beside this program, or where an installation has it.
std::string runner_program() {
  std::error_code code;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", code).parent_path();
  for (const char* candidate : {"hinterland-runner", "../libexec/hinterland-runner"}) {
    const auto runner = program / candidate;
    if (std::filesystem::exists(runner, code)) return runner.lexically_normal().string();
  }
  return (program / "hinterland-runner").string();
}

// As many descriptors as this process may have: each attempt takes one, and each connection. Returns how many it
// had, for those whom it begins.
std::uint64_t raise_descriptors() {
  rlimit descriptors{};
  if (getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return kDescriptors;
  const rlim_t before = std::exchange(descriptors.rlim_cur, descriptors.rlim_max);
  setrlimit(RLIMIT_NOFILE, &descriptors);
  return before;
}

std::string this_broker() {
  std::array<char, 256> name{};
  return fmt::format("{}, process {}", gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "?",
                     getpid());
}

// Waits until nobody else leads the journal, and says for whom. nullptr: it was told to stop before.
Expected<std::unique_ptr<Lead>> take_lead(Journal& journal) {
  std::string said;
  std::int64_t asked = 0;
  Expected<void> done;
  const auto is_over = [&] {
    asked = boot_ms();
    const auto other = journal.lead(this_broker());
    if (!other && !other.error().front().outside) done = std::unexpected(other.error());
    if (!done || (other && !*other)) return true;
    const std::string why = other
                                ? fmt::format("{}: {} leads; waiting to take over.", journal.name(), **other)
                                : describe(other.error().front()) + " Waiting.";
    if (why != said) fmt::print(stderr, "hinterland: {}\n", why);
    said = why;
    return false;
  };
  if (!is_over()) {
    const bool over = Shell::wait(kAskAgain, is_over);
    watch_signals();
    if (!over) return nullptr;
    if (done) fmt::print(stderr, "hinterland: {}: leads now.\n", journal.name());
  }
  if (!done) return std::unexpected(std::move(done.error()));
  return std::make_unique<Lead>(journal, asked);
}

struct Network {
  std::optional<NetworkAddress> address;
  std::optional<TokensFile> tokens;
};
// Who listens where strangers are needs to know who asks, and they whom they ask.
Expected<Network> network_of(const BrokerOptions& options) {
  Network network;
  const auto fail = [](const char* flag, const char* what, const char* mend) {
    return failure({.what = what, .where = {.file = flag}, .mend = mend});
  };
  if (options.tls.certificate.empty() != options.tls.key.empty())
    return fail("--tls-cert", "A certificate and its key go together.", "Give --tls-cert and --tls-key.");
  if (!options.tokens.empty()) {
    auto tokens = TokensFile::open(options.tokens);
    if (!tokens) return std::unexpected(tokens.error());
    network.tokens = std::move(*tokens);
  }
  if (options.listen.empty()) return network;
  auto address = NetworkAddress::parse(options.listen);
  if (!address) return std::unexpected(address.error());
  if (!address->is_loopback() && (options.tls.certificate.empty() || options.tokens.empty()))
    return fail("--listen", "Beyond this machine it listens only with TLS and tokens.",
                "Give --tls-cert, --tls-key and --tokens, or listen at 127.0.0.1.");
  network.address = std::move(*address);
  return network;
}

// What would keep it from beginning, or its clusters from being heard.
Errors problems_with(const BrokerOptions& options, const SitesFile& sites, Instant now) {
  Errors problems = problems_on_disk(sites, now);
  const auto network = network_of(options);
  const Errors errors = !network ? network.error()
                        : network->tokens
                            ? problems_of_tokens(network->tokens->tokens(), options.tokens, sites)
                            : Errors{};
  std::ranges::copy(errors, std::back_inserter(problems));
  if (options.tls.certificate.empty() || options.tls.key.empty()) return problems;
  if (const auto tls = options.tls.check(); !tls)
    std::ranges::copy(tls.error(), std::back_inserter(problems));
  return problems;
}

Page served_page(const ServedWorld& served) {
  TableBlock table{.caption = {"Which pools run what", "各服务器池可运行的业务"},
                   .columns = {{"pool"}, {"cores", Align::right}, {"memory GB", Align::right}},
                   .rows = {}};
  for (const BrokerPlaces& places : served.world.places) table.columns.push_back({places.name});
  for (std::size_t p = 0; p < served.world.pools.size(); ++p) {
    const BrokerPool& pool = served.world.pools[p];
    std::vector<Words> row = {pool.name, std::to_string(pool.size.cores),
                              std::to_string(pool.size.memory_gb)};
    for (const BrokerPlaces& places : served.world.places) {
      const auto option = std::ranges::find(places.options, PoolIndex{p}, &Option::pool);
      row.emplace_back(option == places.options.end() ? "-" : option->at_home ? "at home" : "yes");
    }
    table.rows.push_back(std::move(row));
  }
  return {.title = {}, .blocks = {std::move(table)}};
}

int check(const BrokerOptions& options, const SitesFile& sites, const Expected<ServedWorld>& served,
          Instant now) {
  if (!served) return report(served.error());
  if (const Errors problems = problems_with(options, sites, now); !problems.empty()) return report(problems);
  print(served_page(*served));
  return kDone;
}

// For a journal that has none; no two are likely to get the same.
std::string new_name() {
  std::random_device random;
  std::string name;
  for (int k = 0; k < 12; ++k) name += "abcdefghijkmnpqrstuvwxyz23456789"[random() % 32];
  return name;
}

// When the broker has stopped: attempts of this machine as long as their lease, those of clusters to their end.
std::string what_goes_on(const Service& service, const SitesFile& sites) {
  const State& state = service.broker().state();
  long long here = 0, there = 0;
  for (const auto& [id, attempt] : state.attempts) {
    const auto pool = std::ranges::find(sites.pools, state.pools[attempt.pool].name, &SitesPool::key);
    ++(pool != sites.pools.end() && pool->is_elsewhere() ? there : here);
  }
  std::string text;
  if (here > 0)
    text += fmt::format(" {} of this machine may go on for {} s.", counted(here, "attempt"),
                        service.served().world.rules.lease.ms / 1000);
  if (there > 0) text += fmt::format(" {} elsewhere may go on to the end.", counted(there, "attempt"));
  return text.empty() ? text : text + " A broker that begins before that finds them again.";
}

int run(const BrokerOptions& options) {
  const auto text = read_text(options.sites);
  if (!text) return report(text.error());
  auto sites = parse_sites_file(*text, options.sites);
  if (!sites) return report(sites.error());
  look_beside(options.sites, sites->signals);
  for (SitesWork& work : sites->work) look_beside(options.sites, work.workload.text);
  for (SitesPool& pool : sites->pools) {
    for (std::string* const file : {&pool.slurm_token, &pool.broker_token, &pool.broker_ca})
      look_beside(options.sites, *file);
  }
  const auto atlas = open_atlas(options.atlas);
  if (!atlas) return report(atlas.error());
  const RateYear rates = open_rates(*atlas, kWeatherSeed);
  const auto at_now = [] {
    return Instant{std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count()};
  };
  if (options.check) {
    return check(
        options, *sites,
        served_world(*sites, *atlas, rates, charges_of(options.charges), presets_folder(), State{}, at_now()),
        at_now());
  }
  if (options.folder.empty() && names_postgres(options.journal))
    return report({{.what = "A journal in a database has no folder beside it.",
                    .where = {.file = "--folder"},
                    .mend = "Say with --folder where attempts run and outputs are kept."}});
  auto network = network_of(options);
  if (!network) return report(network.error());
  const std::uint64_t descriptors = raise_descriptors();
  auto journal = Journal::open(options.journal, true);
  if (!journal) return report(journal.error());
  const bool journal_has_lease = journal->lease().has_value();
  const auto lead = take_lead(*journal);
  if (!lead) return report(lead.error());
  if (!*lead) return kDone;
  Shell shell;
  if (const auto listens = shell.listen(options.socket); !listens) return report(listens.error());
  std::string place = options.socket;
  if (network->address) {
    const auto port =
        shell.listen(*network->address, options.tls, [](const Errors& errors) { report(errors); });
    if (!port) return report(port.error());
    place += fmt::format(" and {}://{}:{}", options.tls.certificate.empty() ? "http" : "https",
                         options.listen.substr(0, options.listen.rfind(':')), *port);
  }
  std::optional<Recovered> recovered;
  {
    TerminalProgress progress;
    auto read = journal->recover(progress);
    if (!read) return report(read.error(), progress);
    if (read->interrupted) return kInterrupted;
    recovered = std::move(*read);
  }
  if (recovered->snapshot_was_damaged)
    fmt::print(stderr,
               "hinterland: {}: its snapshot is damaged, or of another version, and was not used; the steps "
               "are whole.\n",
               journal->name());
  auto served = served_world(*sites, *atlas, rates, charges_of(options.charges), presets_folder(),
                             recovered->state, at_now());
  if (!served) return report(served.error());
  served->world.journal = new_name();
  const std::size_t jobs = recovered->state.jobs.size();
  int exit_code = kDone;
  auto service = Service::begin(
      shell.loop(), *sites, std::move(*served), std::move(*journal), std::move(recovered->state),
      {.folder = std::filesystem::absolute(options.folder.empty() ? options.journal + ".d" : options.folder)
                     .string(),
       .runner = runner_program(),
       .descriptors = descriptors,
       .certificate = options.tls.certificate},
      [&](const Errors& errors) {
        exit_code = report(errors);
        shell.loop().stop();
      },
      lead->get());
  if (!service) return report(service.error());
  fmt::print(stderr, "hinterland: {} with {} serve at {}\n",
             counted(static_cast<long long>(sites->pools.size()), "pool"),
             counted(static_cast<long long>(jobs), "job"), place);
  {
    Api api(**service, {.tokens = std::move(network->tokens),
                        .loop = &shell.loop(),
                        .requests_per_s = options.requests_per_s,
                        .say = [](const Errors& errors) { report(errors); }});
    shell.run(api);
  }
  // Whoever may lead no longer has nothing to finish, and would keep its successor waiting for the folder.
  if (exit_code != kDone && journal_has_lease) std::_Exit(exit_code);
  const auto ended = (*service)->end();
  if (!ended) return exit_code != kDone ? exit_code : report(ended.error());
  if (exit_code != kDone) return exit_code;
  fmt::print(stderr, "hinterland: stopped, and all that was taken is kept.{}\n",
             what_goes_on(**service, *sites));
  return kDone;
}

}  // namespace

void add_broker(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<BrokerOptions>();
  CLI::App* verb =
      app.add_subcommand("broker", "place real work at the sites of a file, until SIGTERM or Ctrl-C");
  verb->add_option("--sites", options->sites, "what it serves: pools, classes of work, projects")
      ->required()
      ->type_name("SITES.toml");
  verb->add_option("--journal", options->journal,
                   "what keeps what it promised: a file, or postgresql://USER@HOST/DATABASE")
      ->capture_default_str()
      ->type_name("FILE");
  verb->add_option("--folder", options->folder,
                   "where attempts run and outputs are kept (default: FILE.d; none for a database)")
      ->type_name("DIR");
  verb->add_option("--listen", options->listen,
                   "also over the network: 127.0.0.1:8443; elsewhere with TLS and tokens")
      ->type_name("ADDRESS:PORT");
  verb->add_option("--tls-cert", options->tls.certificate, "its certificate and what vouches for it, PEM")
      ->type_name("FILE");
  verb->add_option("--tls-key", options->tls.key, "the certificate's key, PEM")->type_name("FILE");
  verb->add_option("--tokens", options->tokens, "who may use it over the network (`hinterland token`)")
      ->type_name("TOKENS.toml");
  verb->add_option("--requests-per-s", options->requests_per_s, "of each token; twice as many at once")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 1e6));
  verb->add_flag("--check", options->check,
                 "read the file, what it and other flags name, say what is wrong or which pools would run "
                 "what, and end");
  add_socket_option(*verb, options->socket);
  add_charge_options(*verb, options->charges);
  add_atlas_options(*verb, options->atlas);
  verb->footer(
      "Of several brokers with one database the first leads; the others wait, and one of them takes over "
      "when it ends or "
      "is not heard for 5 s.\n\n"
      "What it has begun goes on while it is away, for as long as its lease, and is found again.\n\n"
      "Exit status: 0 stopped, 2 bad usage or input, 3 the journal or the disk failed, or another broker "
      "took over.\n\n"
      "It runs in the foreground:  hinterland broker --sites SITES.toml --journal broker.db --socket "
      "broker.sock\n\n"
      "Examples:\n"
      "  $ hinterland fields sites\n"
      "  $ hinterland broker --sites examples/local-sites.toml --check");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hinterland
