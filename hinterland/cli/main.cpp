// hinterland: parse, work, answer.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <iterator>
#include <string_view>

#include "hinterland/cli/console.hpp"
#include "hinterland/cli/verbs.hpp"

namespace {

using namespace hinterland;

struct Verbs {
  std::string_view names;  // by spaces
  void (*add)(CLI::App&, int&);
};
constexpr Verbs kVerbs[] = {
    {"judge", add_judge},       {"fill", add_fill},
    {"plan", add_plan},         {"simulate", add_simulate},
    {"assess", add_assess},     {"claims", add_claims},
    {"compare", add_compare},   {"fields", add_fields},
    {"atlas", add_atlas},       {"weather", add_weather},
    {"pue", add_pue},           {"rates", add_rates},
    {"trace", add_trace},       {"broker", add_broker},
    {"submit", add_submit},     {"fetch", add_fetch},
    {"render", add_render},     {"jobs show why logs cancel hold release retry", add_jobs},
    {"pools drain", add_pools}, {"cost", add_cost},
    {"journal", add_journal},   {"token", add_token},
    {"settle", add_settle},     {"key record verify", add_record},
    {"replay", add_replay},     {"bind", add_bind},
};

bool has(std::string_view names, std::string_view name) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    if (names.substr(0, end) == name) return true;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return false;
}

// Only the named one's, if it is one: to add all takes some 3 ms of a short command's 9.
void add_verbs(CLI::App& app, int& exit_code, std::string_view named) {
  const auto one = std::ranges::find_if(kVerbs, [&](const Verbs& verbs) { return has(verbs.names, named); });
  if (one != std::end(kVerbs)) return one->add(app, exit_code);
  for (const Verbs& verbs : kVerbs) verbs.add(app, exit_code);
}

}  // namespace

int main(int argc, char** argv) {
  watch_signals();
  CLI::App app{
      "Hinterland: which computing should leave the crowded coast, where to, and at what full price."};
  app.name("hinterland");
  app.set_version_flag("--version", "hinterland " HINTERLAND_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  $ hinterland judge film-render --from shanghai\n"
      "  $ hinterland atlas check\n\n"
      "Exit status of every verb: 0 done, 1 the answer is no, 2 bad usage or input, 3 an output cannot be "
      "written (a full disk), 70 our own bug, 130 interrupted.");
  int exit_code = kDone;
  add_verbs(app, exit_code, argc > 1 ? argv[1] : "");
  try {
    app.parse(argc, argv);
  } catch (const CLI::RequiredError& error) {
    // CLI11 misses the verb before it stumbles over the word that was meant for one.
    const auto stray = app.remaining(true);
    if (stray.empty()) {
      return report(
          {{.what = error.what(),
            .where = {},
            .mend = "`hinterland --help` lists the verbs, and `hinterland VERB --help` what each takes."}});
    }
    return report(
        {{.what = in_quotes(stray.front()) + " is not known here",
          .where = {},
          .mend = "`hinterland --help` lists the verbs, and `hinterland VERB --help` what each takes."}});
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error), kDone;  // --help, --version
    return report({{.what = error.what(),
                    .where = {},
                    .mend = "`hinterland VERB --help` says what it takes, with examples."}});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "hinterland: our own bug: %s. Please report it with the command you typed.\n",
                 error.what());
    return kOwnBug;
  }
  return exit_code;
}
