// Any lines as the steps of a journal, after a beginning that says what its pools have: a day that is read is a world that the
// simulator takes, or is refused; and of a small one, run again, every task that ended is accounted for.
#include "fuzz/fuzz.hpp"
#include "hinterland/journal/step_json.hpp"
#include "hinterland/replay/replay_result.hpp"
#include "tests/china_rates.hpp"

namespace {

using namespace hinterland;

constexpr std::size_t kMostTasks = 2000;  // of a day that is run

Facts beginning() {
  Facts facts = {fact::PlacesNamed{"anywhere"}, fact::ProjectSet{"film", 2, -1},
                 fact::ProjectSet{"lab", 1, -1}};
  OpenPlaces open;
  for (const char* site : {"guian", "zhongwei"}) {
    const PoolIndex pool{open.options.size()};
    PoolDeal deal;
    deal.site = site;
    deal.currency = "CNY";
    deal.server_units = 64;
    const Size size{.cores = 8, .memory_gb = 32};
    facts.emplace_back(fact::PoolNamed{site});
    facts.emplace_back(fact::DealMade{pool, deal});
    facts.emplace_back(fact::PoolBuilt{
        pool, {.size = size, .server = size, .units = 8, .pricing = {.server = "cpu-server"}}});
    facts.emplace_back(fact::TermBegun{pool, Term{1}});
    open.options.push_back({.pool = pool, .money_per_gb = 1e5, .ms_per_gb = 1000});
  }
  facts.emplace_back(fact::PlacesOpened{PlacesIndex{0}, open});
  facts.emplace_back(
      fact::RulesMade{{.policy = "least-loaded", .queue = QueueRule::fair, .lost_after = {60'000}}});
  facts.emplace_back(
      fact::Accepted{.at = {1'700'000'000'000},
                     .key = "",
                     .job = {.size = {.cores = 1}, .units = 1, .request = {60'000}, .tasks = 4}});
  return facts;
}

// Fact by fact, as a journal gives them.
Expected<Recovered> read(std::string_view text, const Journal::TakeFact& take) {
  Recovered out;
  const auto follow_one = [&](const Facts& facts) -> Expected<void> {
    const auto followed = follow_until(out.state, facts, {.file = "fuzz.jsonl"}, [&](const Fact& fact) {
      return take({.step = out.steps + 1, .checksum = 0, .fact = fact, .before = out.state});
    });
    if (!followed) return std::unexpected(followed.error());
    ++out.steps;
    return {};
  };
  if (auto begun = follow_one(beginning()); !begun) return std::unexpected(begun.error());
  const auto all = for_each_exported(text, "fuzz.jsonl",
                                     [&](const Facts& facts, const Location&) { return follow_one(facts); });
  if (!all) return std::unexpected(all.error());
  return out;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  SilentProgress silent;
  const auto day = read_day(
      "fuzz.jsonl", [&](const Journal::TakeFact& take) { return read(text_of(data, size), take); }, silent);
  if (!day) return promise_errors(day.error()), 0;
  promise(std::ranges::is_sorted(day->changes, {}, &PoolChange::at));
  if (day->state.tasks.size() > kMostTasks) return 0;
  const auto setup = day_world(*day, china(), rates());
  if (!setup) return promise_errors(setup.error()), 0;
  const auto result = replay(*day, *setup, silent);
  promise(result.has_value());
  std::int64_t ended = 0;
  for (const TaskRun& one : result->recorded) ended += one.ended ? 1 : 0;
  promise(result->fidelity.tasks == ended && result->fidelity.compared <= ended);
  const auto anew = billed_anew(*day, *setup);
  promise(anew.size() == result->recorded.size());
  fit_sites(*day);
  return 0;
}
