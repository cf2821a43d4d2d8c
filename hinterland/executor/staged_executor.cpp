#include "hinterland/executor/staged_executor.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "hinterland/executor/attempt_folder.hpp"

namespace hinterland {

namespace {

InputsMoved inputs_of(const MovedAccount& account, bool whole) {
  return {.needed = static_cast<std::int64_t>(account.needed),
          .moved = static_cast<std::int64_t>(account.moved),
          .whole = whole};
}

}  // namespace

StagedExecutor::StagedExecutor(Rules rules, SitePath path, std::unique_ptr<Executor> executor, Tell tell)
    : rules_(std::move(rules)),
      executor_(std::move(executor)),
      tell_(std::move(tell)),
      lease_(rules_.clock()) {
  adopt(path.ledger());
  const auto here = [this, alive = std::weak_ptr(alive_)](const StagingNews& news) {
    rules_.post([this, alive, news] {
      if (!alive.expired()) heard(news);
    });
  };
  path_ = std::make_unique<PathThread>(std::move(path), rules_.clock, here, rules_.acts);
}

StagedExecutor::~StagedExecutor() = default;

// What an earlier life began is its executor's; what it only moved for never was, and will not be.
void StagedExecutor::adopt(const MovedLedger& ledger) {
  for (const auto& [attempt, account] : ledger.accounts()) {
    if (!find_attempt(rules_.folder, attempt).empty()) {
      accounts_[attempt] = inputs_of(account, true);
    } else {
      mine_[attempt] = {.at = Mine::At::ended, .cause = Cause::absent, .inputs = inputs_of(account, false)};
    }
  }
}

void StagedExecutor::hear(const effect::Grant& grant) {
  if (lease_.hear(grant) == PoolLease::Heard::later_term) {
    never_.clear();
    for (auto& [attempt, mine] : mine_) {
      if (mine.at == Mine::At::moving) give_up(attempt, Cause::absent);
    }
  }
  executor_->hear(grant);
}

void StagedExecutor::hear(const effect::Launch& launch, const Command& command) {
  const AttemptId id = launch.attempt;
  if (const auto found = mine_.find(id); found != mine_.end()) {
    if (found->second.at == Mine::At::ended) report(id, found->second);
    return;
  }
  if (never_.contains(id))
    return tell_(event::Ended{.attempt = id, .pool = rules_.pool, .cause = Cause::absent});
  if (command.inputs.empty() || begun_.contains(id)) return executor_->hear(launch, command);
  if (!lease_.allows(launch.term, rules_.clock())) return;
  mine_[id] = {.launch = launch, .command = command};
  std::vector<std::string> hashes;
  for (const Input& input : command.inputs) hashes.push_back(input.hash);
  path_->put([this, id, hashes, folder = rules_.folder, post = rules_.post,
              alive = std::weak_ptr(alive_)](SitePath& path) {
    if (find_attempt(folder, id).empty()) return path.want(id, hashes);
    if (alive.expired()) return;
    post([this, id, alive] {  // an earlier life began it
      if (!alive.expired()) go_on(id);
    });
  });
}

void StagedExecutor::hear(const effect::Kill& kill) {
  const auto found = mine_.find(kill.attempt);
  if (found == mine_.end()) return executor_->hear(kill);
  if (found->second.at == Mine::At::ended) return report(kill.attempt, found->second);
  if (found->second.at == Mine::At::moving) give_up(kill.attempt, Cause::killed);
}

void StagedExecutor::hear(const effect::Forget& forget) {
  const AttemptId id = forget.attempt;
  const auto found = mine_.find(id);
  if (found != mine_.end() && found->second.at != Mine::At::ended) return;
  bool counted = accounts_.erase(id) + begun_.erase(id) > 0;
  if (found != mine_.end()) {
    mine_.erase(found);
    never_.insert(id);  // a launch may still be on its way
    counted = true;
  } else {
    executor_->hear(forget);
  }
  if (!counted) return;
  path_->put([id](SitePath& path) {
    path.drop(id);
    path.over(id);
  });
}

void StagedExecutor::heard(const StagingNews& news) {
  const auto found = mine_.find(news.attempt);
  if (found == mine_.end() || found->second.at != Mine::At::moving) return;
  Mine& mine = found->second;
  mine.inputs = inputs_of(news.account, news.what == StagingNews::What::whole);
  mine.told = true;
  if (mine.inputs.needed > 0) tell_inputs(news.attempt, mine.inputs);
  // One that cannot be had its executor misses as well, and says so where a user looks.
  if (news.what != StagingNews::What::begun) go_on(news.attempt);
}

void StagedExecutor::go_on(AttemptId attempt) {
  auto mine = mine_.extract(attempt);
  if (mine.empty() || mine.mapped().at != Mine::At::moving) {
    if (!mine.empty()) mine_.insert(std::move(mine));
    return;
  }
  if (mine.mapped().inputs.needed > 0) accounts_[attempt] = mine.mapped().inputs;
  begun_[attempt] = mine.mapped().launch.term;
  executor_->hear(mine.mapped().launch, mine.mapped().command);
}

void StagedExecutor::give_up(AttemptId attempt, Cause cause) {
  Mine& mine = mine_.at(attempt);
  mine.at = Mine::At::closing;
  mine.cause = cause;
  path_->put([this, attempt, post = rules_.post, alive = std::weak_ptr(alive_)](SitePath& path) {
    const MovedAccount account = path.drop(attempt);
    if (alive.expired()) return;
    post([this, attempt, alive, account] {
      if (!alive.expired()) closed(attempt, account);
    });
  });
}

void StagedExecutor::closed(AttemptId attempt, const MovedAccount& account) {
  Mine& mine = mine_.at(attempt);
  mine.at = Mine::At::ended;
  mine.inputs = inputs_of(account, false);
  report(attempt, mine);
}

void StagedExecutor::report(AttemptId attempt, const Mine& mine) {
  tell_(event::Ended{.attempt = attempt,
                     .pool = rules_.pool,
                     .cause = mine.cause,
                     .host = "",
                     .ran = {},
                     .inputs = mine.inputs});
}
void StagedExecutor::tell_inputs(AttemptId attempt, const InputsMoved& inputs) {
  tell_(event::Moving{.attempt = attempt, .pool = rules_.pool, .inputs = inputs});
}

// Its inputs lie where it runs: the path may give up theirs for others'.
void StagedExecutor::let_go(AttemptId attempt) {
  if (begun_.contains(attempt)) path_->put([attempt](SitePath& path) { path.drop(attempt); });
}

Executor::Tell StagedExecutor::ear() {
  return [this, alive = std::weak_ptr(alive_)](Event event) {
    if (!alive.expired()) pass(std::move(event));
  };
}
void StagedExecutor::pass(Event event) {
  if (auto* heartbeat = std::get_if<event::Heartbeat>(&event)) return pass_heartbeat(std::move(*heartbeat));
  if (const auto* began = std::get_if<event::Began>(&event)) let_go(began->attempt);
  if (auto* ended = std::get_if<event::Ended>(&event)) {
    let_go(ended->attempt);
    if (const auto found = accounts_.find(ended->attempt); found != accounts_.end())
      ended->inputs = found->second;
  }
  tell_(std::move(event));
}

// What is moving is known here as what runs is.
void StagedExecutor::pass_heartbeat(event::Heartbeat heartbeat) {
  // What it was told of under an earlier term and does not know it never began.
  for (auto one = begun_.begin(); one != begun_.end();) {
    const bool forgotten = one->second < heartbeat.term &&
                           std::ranges::find(heartbeat.known, one->first) == heartbeat.known.end();
    if (!forgotten) {
      ++one;
      continue;
    }
    mine_[one->first] = {.at = Mine::At::ended, .cause = Cause::absent, .inputs = accounts_[one->first]};
    let_go(one->first);
    accounts_.erase(one->first);
    one = begun_.erase(one);
  }
  for (const auto& [attempt, mine] : mine_) heartbeat.known.push_back(attempt);
  std::ranges::sort(heartbeat.known);
  tell_(std::move(heartbeat));
  for (const auto& [attempt, mine] : mine_) {
    if (mine.at == Mine::At::ended) report(attempt, mine);
    if (mine.at == Mine::At::moving && mine.told && mine.inputs.needed > 0) tell_inputs(attempt, mine.inputs);
  }
}

std::optional<StagingNow> StagedExecutor::staging_of(AttemptId attempt) const {
  const auto mine = mine_.find(attempt);
  if (mine == mine_.end() || mine->second.at == Mine::At::ended) return std::nullopt;
  return path_->now_of(attempt).value_or(StagingNow{});
}

std::optional<PathNow> StagedExecutor::path() const {
  PathNow now = path_->now();
  if (const auto back = executor_->path()) {
    now.fetched = back->fetched;
    now.fetching = back->fetching;
  }
  return now;
}

std::string StagedExecutor::trouble() const {
  const std::string own = executor_->trouble();
  return own.empty() ? path_->trouble() : own;
}

}  // namespace hinterland
