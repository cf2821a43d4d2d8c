// hinterland assess: what the shift does to the regions. One file a question, each adds its subcommand.
#pragma once
#include <cstddef>
#include <cstdint>

namespace CLI {  // NOLINT(readability-identifier-naming): the library chose it
class App;
}

namespace hinterland {

void add_assess_inequality(CLI::App& assess, int& exit_code);
void add_assess_pipeline(CLI::App& assess, int& exit_code);
void add_assess_plan(CLI::App& assess, int& exit_code);
void add_assess_shock(CLI::App& assess, int& exit_code);
void add_assess_people(CLI::App& assess, int& exit_code);
void add_assess_talent(CLI::App& assess, int& exit_code);

struct DrawsAllowed {
  double least = 0;  // 0: the verb also answers without draws, and then without bands
  double most = 1e5;
};
// --draws, --level and --seed of a verb with bands.
void add_band_options(CLI::App& verb, std::size_t& draws, double& level, std::uint64_t& seed,
                      DrawsAllowed allowed = {});

}  // namespace hinterland
