#include "hinterland/executor/remote.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "hinterland/executor/look_pause.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

}  // namespace

Expected<std::unique_ptr<RemoteExecutor>> RemoteExecutor::open(RemotePool pool, RemoteBroker broker,
                                                               WayBack back, AttemptId last, Tell tell,
                                                               Clock clock) {
  if (auto kept = keep_pool_folder(pool.folder, pool.journal, pool.is_new); !kept)
    return std::unexpected(kept.error());
  const auto here = attempts_in(pool.folder, last);
  if (!here) return std::unexpected(here.error());
  std::unique_ptr<RemoteExecutor> executor(new RemoteExecutor(
      std::move(pool), std::move(broker), std::move(back), std::move(tell), std::move(clock)));
  for (const AttemptId id : *here) executor->adopt(id);
  executor->tidy();
  return executor;
}

RemoteExecutor::RemoteExecutor(RemotePool pool, RemoteBroker broker, WayBack back, Tell tell, Clock clock)
    : pool_(std::move(pool)),
      broker_(std::move(broker)),
      back_(std::move(back)),
      tell_(std::move(tell)),
      clock_(std::move(clock)),
      lease_(clock_()) {}

// What an earlier life left.
void RemoteExecutor::adopt(AttemptId id) {
  Attempt& attempt = known_[id];
  attempt.ended = read_end(folder_of(id));
  attempt.job = read_job(folder_of(id));
  attempt.asked = is_claimed(folder_of(id));
  attempt.unclear = attempt.asked && !attempt.job;
  attempt.cores = remote_cores(read_ask(folder_of(id)));
  if (const auto account = back_.accounts.find(id); account != back_.accounts.end())
    attempt.moved = {.needed = static_cast<std::int64_t>(account->second.needed),
                     .moved = static_cast<std::int64_t>(account->second.moved)};
  told_ = false;
  if (!attempt.ended && !attempt.asked) give_back(id, attempt);
}

void RemoteExecutor::hear(const effect::Grant& grant) {
  const auto heard = lease_.hear(grant);
  if (heard == PoolLease::Heard::later_term) begin_term();
  if (heard != PoolLease::Heard::nothing && said_at_ > 0 && grant.sent >= said_at_) is_settled_ = true;
}

void RemoteExecutor::hear(const effect::Launch& launch, const Command& command) {
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
  attempt.term = launch.term;
  attempt.cores = command.size.cores;
  attempt.ask = remote_job(command, terms_of(id));
  if (!write_outputs(folder, command.outputs) || !write_ask(folder, attempt.ask))
    end(id, attempt, unrun(Cause::host_failed));
}

void RemoteExecutor::hear(const effect::Kill& kill) {
  const auto found = known_.find(kill.attempt);
  if (found == known_.end()) {
    never_.insert(kill.attempt);
    return tell_(event::Ended{.attempt = kill.attempt, .pool = pool_.pool, .cause = Cause::absent});
  }
  Attempt& attempt = found->second;
  if (attempt.ended) return report(kill.attempt, attempt);
  if (!std::exchange(attempt.killed, true) && attempt.over) drop(kill.attempt);
  if (!attempt.asked && claim_attempt(folder_of(kill.attempt)))
    end(kill.attempt, attempt, unrun(Cause::killed));
}

void RemoteExecutor::hear(const effect::Forget& forget) {
  const auto found = known_.find(forget.attempt);
  if (found == known_.end() || !found->second.ended) return;
  if (found->second.moved.needed > 0) back_.put([id = forget.attempt](SitePath& path) { path.over(id); });
  put_away(pool_.folder, forget.attempt);
  known_.erase(found);
}

std::int64_t RemoteExecutor::pause() const { return look_pause(unheard_, took_, lease_.length()); }

fs::path RemoteExecutor::folder_of(AttemptId id) const {
  return fs::path(pool_.folder) / std::to_string(id.value);
}
bool RemoteExecutor::is_leased() const { return lease_.holds(clock_()); }
RemoteTerms RemoteExecutor::terms_of(AttemptId id) const {
  return {.key = fmt::format("hl-{}-{}-{}", pool_.journal, pool_.pool.value, id.value),
          .work = pool_.work,
          .project = pool_.project};
}

// What was not submitted, if nobody has it.
void RemoteExecutor::give_back(AttemptId id, Attempt& attempt) {
  if (claim_attempt(folder_of(id))) {
    end(id, attempt, unrun(Cause::absent));
  } else {
    attempt.asked = attempt.unclear = true;
  }
}
// What was launched under an earlier term and not submitted is not begun any more.
void RemoteExecutor::begin_term() {
  never_.clear();
  said_at_ = 0;
  is_settled_ = false;
  for (auto& [id, attempt] : known_) {
    if (!attempt.asked && !attempt.ended) give_back(id, attempt);
  }
}

void RemoteExecutor::report(AttemptId id, const Attempt& attempt) {
  if (!told_) return;  // its first look tells all
  tell_(event::Ended{.attempt = id,
                     .pool = pool_.pool,
                     .cause = attempt.ended->cause,
                     .status = attempt.ended->status,
                     .host = attempt.ended->cause == Cause::absent ? "" : pool_.host,
                     .ran = attempt.ended->ran,
                     .inputs = {},
                     .outputs = attempt.moved});
}
// As soon as it is durable; until then it is tried again.
void RemoteExecutor::end(AttemptId id, Attempt& attempt, EndFile how) {
  if (!write_end(folder_of(id), how)) {
    trouble_ = "the ends of attempts cannot be written in " + pool_.folder;
    return;
  }
  if (attempt.over) let_go(id, attempt);
  attempt.ended = how;
  report(id, attempt);
  tidy();
}

}  // namespace hinterland
