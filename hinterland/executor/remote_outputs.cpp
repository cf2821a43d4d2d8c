// What attempts left at the broker there, on its way back.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "hinterland/executor/remote.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

// False: they are not to be had, or that was not answered.
bool RemoteExecutor::fetch(AttemptId id, Attempt& attempt) {
  std::vector<std::string> hashes;
  attempt.coming.clear();
  if (!may_ask()) return false;
  const auto there = broker_.outputs(*attempt.job);
  if (!answered(there)) return false;
  for (const std::string& path : read_outputs(folder_of(id))) {
    const auto found = std::ranges::find(*there, path, &RemoteOutput::path);
    if (found == there->end()) {
      say_in(folder_of(id), fmt::format("The broker there has no output {}.", path));
      return false;
    }
    attempt.coming.push_back(*found);
    hashes.push_back(found->hash);
  }
  back_.put([id, hashes](SitePath& path) { path.want(id, hashes); });
  return true;
}

void RemoteExecutor::take_news() {
  for (const StagingNews& news : back_.news->take()) {
    const auto found = known_.find(news.attempt);
    if (found == known_.end() || found->second.ended || !found->second.over) continue;
    Attempt& attempt = found->second;
    attempt.moved = {.needed = static_cast<std::int64_t>(news.account.needed),
                     .moved = static_cast<std::int64_t>(news.account.moved)};
    switch (news.what) {
      case StagingNews::What::begun: break;
      case StagingNews::What::whole: attempt.are_here = true; break;
      case StagingNews::What::dropped: attempt.are_dropped = true; break;
      case StagingNews::What::failed:
        say_in(folder_of(news.attempt), "An output of it is not to be had there any more.");
        attempt.over->cause = Cause::host_failed;
        drop(news.attempt);
    }
  }
  for (auto& [id, attempt] : known_) {
    if (attempt.over && !attempt.ended) place(id, attempt);
  }
}

// Its end, once what moves for it is final. A disk that takes no more is tried again.
void RemoteExecutor::place(AttemptId id, Attempt& attempt) {
  if (attempt.are_dropped) {
    EndFile how = *attempt.over;
    if (attempt.killed) how.cause = Cause::killed;
    return end(id, attempt, how);
  }
  if (attempt.killed || !attempt.are_here) return;
  const auto placed = place_outputs(folder_of(id), back_.folder, attempt.coming);
  if (placed) return end(id, attempt, *attempt.over);
  if (placed.error().front().outside) {
    trouble_ = describe(placed.error().front());
    return;
  }
  say_in(folder_of(id), describe(placed.error().front()));
  end(id, attempt, {.cause = Cause::host_failed, .status = 0, .ran = attempt.over->ran});
}

void RemoteExecutor::drop(AttemptId id) const {
  back_.put([id, news = back_.news](SitePath& path) {
    const MovedAccount account = path.drop(id);
    news->put({.attempt = id, .what = StagingNews::What::dropped, .account = account});
  });
}

// They lie in its folder, or nobody wants them.
void RemoteExecutor::let_go(AttemptId id, const Attempt& attempt) const {
  std::vector<std::string> hashes;
  for (const RemoteOutput& output : attempt.coming) hashes.push_back(output.hash);
  back_.put([id, hashes](SitePath& path) {
    path.drop(id);
    path.let_go(hashes);
  });
}

// When nobody is left who could want it: what came for attempts that were killed, here or with their process.
void RemoteExecutor::tidy() {
  if (std::ranges::all_of(known_, [](const auto& one) { return one.second.ended.has_value(); }))
    back_.put([](SitePath& path) { path.let_all_go(); });
}

std::map<AttemptId, std::string> RemoteExecutor::standings() const {
  std::map<AttemptId, std::string> out;
  const PathNow now = back_.now();
  for (const auto& [id, attempt] : known_) {
    if (attempt.ended || attempt.standing.empty()) continue;
    std::string& words = out[id] = attempt.standing;
    const auto moves = now.attempts.find(id);
    if (!attempt.over || moves == now.attempts.end()) continue;
    const auto bytes = [](std::uint64_t count) { return compact(static_cast<double>(count)) + "B"; };
    words += fmt::format("; its outputs come back: {} of {} are here", bytes(moves->second.here),
                         bytes(moves->second.needed));
    if (!moves->second.trouble.empty()) words += ", and no more come: " + moves->second.trouble;
  }
  return out;
}

PathNow RemoteExecutor::path() const {
  const PathNow now = back_.now();
  return {.fetched = now.moved, .fetching = now.attempts.size()};
}

}  // namespace hinterland
