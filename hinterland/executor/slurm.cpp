#include "hinterland/executor/slurm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace hinterland {

namespace {

namespace fs = std::filesystem;

}  // namespace

Expected<std::unique_ptr<SlurmExecutor>> SlurmExecutor::open(SlurmPool pool,
                                                             std::unique_ptr<SlurmCluster> cluster,
                                                             AttemptId last, Tell tell, Clock clock) {
  if (auto kept = keep_pool_folder(pool.folder, pool.journal, pool.is_new); !kept)
    return std::unexpected(kept.error());
  auto runner = bring_runner(pool.folder, pool.runner.program);
  if (!runner) return std::unexpected(std::move(runner.error()));
  pool.runner.program = std::move(*runner);
  const auto here = attempts_in(pool.folder, last);
  if (!here) return std::unexpected(here.error());
  std::unique_ptr<SlurmExecutor> executor(
      new SlurmExecutor(std::move(pool), std::move(cluster), std::move(tell), std::move(clock)));
  for (const AttemptId id : *here) executor->adopt(id);
  return executor;
}

SlurmExecutor::SlurmExecutor(SlurmPool pool, std::unique_ptr<SlurmCluster> cluster, Tell tell, Clock clock)
    : pool_(std::move(pool)),
      cluster_(std::move(cluster)),
      tell_(std::move(tell)),
      clock_(std::move(clock)),
      prefix_(fmt::format("hl-{}-{}-", pool_.journal, pool_.pool.value)),
      lease_(clock_()) {}

// What an earlier life left.
void SlurmExecutor::adopt(AttemptId id) {
  Attempt& attempt = known_[id];
  attempt.ended = read_end(folder_of(id));
  attempt.job = read_let_go(folder_of(id));
  attempt.let_go = attempt.job.has_value();
  if (!attempt.ended && !attempt.let_go) give_back(id, attempt);
  told_ = false;
}

void SlurmExecutor::hear(const effect::Grant& grant) {
  if (lease_.hear(grant) == PoolLease::Heard::later_term) begin_term();
}

void SlurmExecutor::hear(const effect::Launch& launch, const Command& command) {
  const AttemptId id = launch.attempt;
  if (const auto known = known_.find(id); known != known_.end()) {
    if (known->second.ended) report(id, known->second);
    return;
  }
  if (never_.contains(id) || !find_attempt(pool_.folder, id).empty())
    return tell_(event::Ended{.attempt = id, .pool = pool_.pool, .cause = Cause::absent});
  if (!lease_.allows(launch.term, clock_())) return;
  const fs::path folder = folder_of(id);
  std::error_code trouble;
  if (!fs::create_directory(folder, trouble)) {
    if (trouble) never_.insert(id);
    return;
  }
  fs::create_directory(folder / "work", trouble);
  Attempt& attempt = known_[id];
  constexpr std::int64_t minute = 60'000;
  attempt.wish = {.size = command.size,
                  .minutes = (command.limit.ms + pool_.runner.grace.ms) / minute + 2,
                  .avoid = launch.avoid};
  if (const auto cause = place_inputs(folder, pool_.inputs, command)) return end(id, attempt, unrun(*cause));
  if (!write_outputs(folder, command.outputs) || !write_begin(folder, pool_.runner, command))
    end(id, attempt, unrun(Cause::host_failed));
}

void SlurmExecutor::hear(const effect::Kill& kill) {
  const auto found = known_.find(kill.attempt);
  if (found == known_.end()) {
    never_.insert(kill.attempt);
    return tell_(event::Ended{.attempt = kill.attempt, .pool = pool_.pool, .cause = Cause::absent});
  }
  Attempt& attempt = found->second;
  attempt.killed = true;
  if (attempt.ended) return report(kill.attempt, attempt);
  if (!attempt.let_go && claim(kill.attempt)) end(kill.attempt, attempt, unrun(Cause::killed));
}

void SlurmExecutor::hear(const effect::Forget& forget) {
  const auto found = known_.find(forget.attempt);
  if (found == known_.end() || !found->second.ended) return;
  put_away(pool_.folder, forget.attempt);
  known_.erase(found);
}

fs::path SlurmExecutor::folder_of(AttemptId id) const {
  return fs::path(pool_.folder) / std::to_string(id.value);
}
bool SlurmExecutor::is_leased() const { return lease_.holds(clock_()); }

// Whether it was never begun, and never will be.
bool SlurmExecutor::claim(AttemptId id) const {
  std::error_code ignored;
  return fs::create_directory(folder_of(id) / "begun", ignored);
}
// What was not let go, if nobody has begun it all the same.
void SlurmExecutor::give_back(AttemptId id, Attempt& attempt) {
  if (claim(id)) {
    end(id, attempt, unrun(Cause::absent));
  } else {
    attempt.let_go = true;
  }
}
// What was launched under an earlier term and not let go is not begun any more.
void SlurmExecutor::begin_term() {
  never_.clear();
  for (auto& [id, attempt] : known_) {
    if (!attempt.let_go && !attempt.ended) give_back(id, attempt);
  }
}

void SlurmExecutor::report(AttemptId id, const Attempt& attempt) {
  if (!told_) return;  // its first look tells all
  tell_(event::Ended{.attempt = id,
                     .pool = pool_.pool,
                     .cause = attempt.ended->cause,
                     .status = attempt.ended->status,
                     .host = attempt.node,
                     .ran = attempt.ended->ran});
}
void SlurmExecutor::end(AttemptId id, Attempt& attempt, EndFile how) {
  attempt.ended = how;
  report(id, attempt);
}
// How long it has been like that.
std::int64_t SlurmExecutor::has_been(Attempt& attempt, const char* what) const {
  if (attempt.after != what || !attempt.since) {
    attempt.after = what;
    attempt.since = clock_();
  }
  return clock_() - *attempt.since;
}

}  // namespace hinterland
