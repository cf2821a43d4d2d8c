// What a user is told of a day that was run again.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/broker/quote_bands.hpp"
#include "hinterland/replay/fidelity.hpp"
#include "hinterland/replay/fit.hpp"
#include "hinterland/replay/regret.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

struct ReplayResult {
  const Day* day = nullptr;
  const DayWorld* setup = nullptr;
  std::vector<TaskRun> recorded, replayed;
  Fidelity fidelity;
  std::optional<Fidelity> before;  // without what was fitted on another journal
  std::vector<SiteFit> fitted;     // on that
  std::string fitted_on;           // its name
  std::optional<Regrets> regrets;  // if other policies were asked for
  bool live = false;
};

// The day by its own policy, and held against itself. nullopt: it was interrupted.
std::optional<ReplayResult> replay(const Day& day, const DayWorld& setup, Progress& progress);

Page replay_page(const ReplayResult& result);
// The same with the pictures that only a screen can show.
Page replay_report(const ReplayResult& result);
std::string replay_json(const ReplayResult& result);

// What was fitted, for whoever fits and replays nothing.
Page fit_page(const std::vector<SiteFit>& fitted, const std::string& journal);
std::string fit_json(const std::vector<SiteFit>& fitted, const std::string& journal);

}  // namespace hinterland
