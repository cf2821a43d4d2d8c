// The verbs: each adds its subcommand, and its callback stores the exit code. One file a verb.
#pragma once
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the library chose it
class App;
}

namespace hinterland {

// What every verb that reads the atlas takes.
struct AtlasOptions {
  std::string atlas, books;
  std::vector<std::string> assignments;  // --set
};

void add_judge(CLI::App& app, int& exit_code);
void add_atlas(CLI::App& app, int& exit_code);
void add_fill(CLI::App& app, int& exit_code);
void add_weather(CLI::App& app, int& exit_code);
void add_pue(CLI::App& app, int& exit_code);
void add_rates(CLI::App& app, int& exit_code);
void add_trace(CLI::App& app, int& exit_code);
void add_plan(CLI::App& app, int& exit_code);
void add_simulate(CLI::App& app, int& exit_code);
void add_compare(CLI::App& app, int& exit_code);
void add_fields(CLI::App& app, int& exit_code);
void add_broker(CLI::App& app, int& exit_code);
void add_submit(CLI::App& app, int& exit_code);
void add_fetch(CLI::App& app, int& exit_code);
void add_token(CLI::App& app, int& exit_code);
void add_jobs(CLI::App& app, int& exit_code);
void add_pools(CLI::App& app, int& exit_code);
void add_cost(CLI::App& app, int& exit_code);
void add_journal(CLI::App& app, int& exit_code);
void add_settle(CLI::App& app, int& exit_code);
void add_render(CLI::App& app, int& exit_code);
void add_assess(CLI::App& app, int& exit_code);
void add_claims(CLI::App& app, int& exit_code);
void add_record(CLI::App& app, int& exit_code);  // key, record, verify
void add_replay(CLI::App& app, int& exit_code);
void add_bind(CLI::App& app, int& exit_code);

}  // namespace hinterland
