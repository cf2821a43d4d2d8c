// hinterland: parse, work, answer.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "hinterland/cli/console.hpp"
#include "hinterland/cli/verbs.hpp"

int main(int argc, char** argv) {
  using namespace hinterland;
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
  add_judge(app, exit_code);
  add_fill(app, exit_code);
  add_plan(app, exit_code);
  add_simulate(app, exit_code);
  add_assess(app, exit_code);
  add_claims(app, exit_code);
  add_compare(app, exit_code);
  add_fields(app, exit_code);
  add_atlas(app, exit_code);
  add_weather(app, exit_code);
  add_pue(app, exit_code);
  add_rates(app, exit_code);
  add_trace(app, exit_code);
  add_broker(app, exit_code);
  add_submit(app, exit_code);
  add_fetch(app, exit_code);
  add_render(app, exit_code);
  add_jobs(app, exit_code);
  add_pools(app, exit_code);
  add_cost(app, exit_code);
  add_journal(app, exit_code);
  add_token(app, exit_code);
  add_settle(app, exit_code);
  add_record(app, exit_code);
  add_replay(app, exit_code);
  add_bind(app, exit_code);
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
