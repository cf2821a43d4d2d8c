// A pool that is somewhere else: its attempts' inputs are moved there first (site_path.hpp), and then whoever runs its attempts
// is told to begin them.
//
//   launched -> moving -> all there -> the pool's own executor -> ...          Moving, Moving, Began, Ended
//                 |
//                 +-> killed, or its term is over -> given up -> Ended         what came stays for the next attempt
//
// To the broker it is one executor. What is moving is in its heartbeats beside what runs, so its lease holds for it; under a
// newer term it is not begun any more. The report of an attempt's end has with it what moved for it, whatever process moved it.
//
// What was killed has ended once nothing moves for it any more, so that its account is final: a part that is under way, of a file
// system that does not answer, is waited for.
//
// One thread, but for the path's, whose news come through `post`.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "hinterland/executor/executor.hpp"
#include "hinterland/executor/pool_lease.hpp"
#include "hinterland/staging/path_thread.hpp"

namespace hinterland {

class StagedExecutor final : public Executor {
 public:
  struct Rules {
    PoolIndex pool;
    std::string folder;  // of the pool
    PathThread::Clock clock;
    std::function<bool()> acts;                       // PathThread
    std::function<void(std::function<void()>)> post;  // what comes from another thread, to this one
  };

  // `executor` places inputs from the path's folder, and says what it says to ear().
  StagedExecutor(Rules rules, SitePath path, std::unique_ptr<Executor> executor, Tell tell);
  ~StagedExecutor() override;

  void hear(const effect::Grant& grant) override;
  void hear(const effect::Launch& launch, const Command& command) override;
  void hear(const effect::Kill& kill) override;
  void hear(const effect::Forget& forget) override;
  // For what the pool's own executor says, on this thread; also after this is gone.
  [[nodiscard]] Tell ear();

  [[nodiscard]] std::string standing_of(AttemptId attempt) const override {
    return executor_->standing_of(attempt);
  }
  [[nodiscard]] std::optional<StagingNow> staging_of(AttemptId attempt) const override;
  [[nodiscard]] std::optional<PathNow> path() const override;
  [[nodiscard]] std::string trouble() const override;
  [[nodiscard]] std::optional<Instant> certificate_end() const override {
    return executor_->certificate_end();
  }

 private:
  // That nobody else was told of.
  struct Mine {
    enum class At : std::uint8_t { moving, closing, ended };
    At at = At::moving;
    effect::Launch launch{};
    Command command{};
    Cause cause = Cause::killed;  // closing, ended
    InputsMoved inputs{};
    bool told = false;  // that it is moving
  };

  void pass(Event event);
  void adopt(const MovedLedger& ledger);
  void heard(const StagingNews& news);
  void go_on(AttemptId attempt);
  void give_up(AttemptId attempt, Cause cause);
  void closed(AttemptId attempt, const MovedAccount& account);
  void report(AttemptId attempt, const Mine& mine);
  void tell_inputs(AttemptId attempt, const InputsMoved& inputs);
  void pass_heartbeat(event::Heartbeat heartbeat);
  void let_go(AttemptId attempt);

  Rules rules_;
  std::unique_ptr<Executor> executor_;
  Tell tell_;
  std::shared_ptr<bool> alive_ =
      std::make_shared<bool>(true);  // what was posted may come after this has gone
  PoolLease lease_;
  std::map<AttemptId, Mine> mine_;
  std::map<AttemptId, Term> begun_;  // whom the executor was told of, and when, until it is forgotten
  std::map<AttemptId, InputsMoved> accounts_;  // of those, and of what an earlier life had told it of
  std::set<AttemptId> never_;                  // will not be begun in this term
  std::unique_ptr<PathThread> path_;           // the last, so that it is gone first
};

}  // namespace hinterland
