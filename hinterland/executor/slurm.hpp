// A pool that is a Slurm cluster: attempts as its jobs, in folders that this machine and the nodes share.
//
//   POOL/ATTEMPT/...      as a local pool's (attempt_folder.hpp), and what Slurm's needs besides (slurm_files.hpp)
//   POOL/runner           what runs an attempt on a node
//   POOL/lease            never over: a cluster that is cut off works on
//   POOL/journal          whose it is: the attempts of another would bear the same numbers
//
// A job is called hl-JOURNAL-POOL-ATTEMPT, after the journal, the pool's number and the first attempt of its array, and by
// that name alone it is known: Slurm's numbers are used again.
//
// A job is submitted held, and let go once it is seen under its name. A submission of which nobody knows whether it was
// carried out can so never run by itself, however late it turns up: it is submitted again, and of two jobs of one name
// only one is let go. What is there under a name that this pool does not know is cancelled.
//
//   wanted -> asked for -> held -> let go -> over
//
// Whoever makes `begun` in the attempt's folder has it: the job that runs it, or this, which gives it back unrun. What
// has begun has ended if its runner says so, or some time after Slurm does, or after kGone of a controller that
// answers and does not know it: a node that comes back ends what its controller does not know.
//
// Where the cluster keeps accounts they are asked of what it does not list any more (slurm_past.cpp), kShared after it was missed, and once
// more before an end is assumed, so that its cause is what happened and its bill what it ran:
//
//   it ended there      believed at once where a node said so (COMPLETED, FAILED, OUT_OF_MEMORY), or nothing is begun in its place (TIMEOUT,
//                       CANCELLED as was wanted here); else after kGone, for its controller may have closed an account over a job that runs
//   it is not there,    as if nobody kept accounts: a held job that was cancelled is in none, and one that its controller forgot runs
//   or has no end       there for ever
//   no answer           twice kGone at most
//
// And before a submission that was not answered is made again they are asked for its name: what had a node is not submitted again.
//
// What is not so as in a local pool: no lease ends a job on a cluster that cannot be reached. The broker places its
// task anew when the lease is over, so that two attempts may be alive for a while; only one is ever published, and the
// other is cancelled when the cluster is heard again. (ADR 20)
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hinterland/executor/attempt_folder.hpp"
#include "hinterland/executor/pool_lease.hpp"
#include "hinterland/executor/slurm_cluster.hpp"
#include "hinterland/executor/slurm_files.hpp"

namespace hinterland {

struct SlurmPool {
  PoolIndex pool;
  std::string folder;   // made if it is not there; seen by the nodes under the same path
  std::string inputs;   // the folder of objects where they are
  std::string journal;  // what the journal is called: letters and digits
  RunnerRules runner;
  bool is_new = true;  // no: attempts ran there before, so the folder is not made anew
  // Whether its broker still leads: if not it touches the cluster no more. None: it does.
  std::function<bool()> acts;
};

class SlurmExecutor {
 public:
  using Tell = Executor::Tell;
  using Clock = std::function<std::int64_t()>;  // ms; it never goes back

  // Finds what an earlier life left. Fails, located, for a folder that cannot be written, that is not what it was, or
  // that has attempts after the `last` which the journal knows of.
  static Expected<std::unique_ptr<SlurmExecutor>> open(SlurmPool pool, std::unique_ptr<SlurmCluster> cluster,
                                                       AttemptId last, Tell tell, Clock clock);
  SlurmExecutor(const SlurmExecutor&) = delete;
  SlurmExecutor& operator=(const SlurmExecutor&) = delete;
  ~SlurmExecutor() = default;

  void hear(const effect::Grant& grant);
  void hear(const effect::Launch& launch, const Command& command);
  void hear(const effect::Kill& kill);
  void hear(const effect::Forget& forget);

  // Asks the cluster what is, does what follows, and says so to the broker, with a heartbeat if the cluster answered.
  // After the first call that is not answered it makes no other.
  void look();
  // ms until the next look: longer, the longer the cluster has not answered, and the longer it took.
  [[nodiscard]] std::int64_t pause() const;
  // Of each attempt that Slurm has: its job's number and state.
  [[nodiscard]] std::map<AttemptId, std::string> standings() const;
  // Why the cluster does not do what is asked; empty: it does.
  [[nodiscard]] std::string trouble() const;

 private:
  // What Slurm is asked for, of each attempt.
  struct Wish {
    Size size;
    std::int64_t minutes = 1;
    std::vector<std::string> avoid;
    bool operator==(const Wish&) const = default;
  };
  struct Attempt {
    Wish wish;
    std::optional<std::int64_t> asked_at;    // Slurm, for a job that is not seen yet
    std::optional<SlurmIdentity> job;        // that is its own
    bool let_go = false, seen_free = false;  // asked to be; seen to be
    bool told_began = false, killed = false;
    bool end_is_assumed = false;  // nobody saw it
    std::string node, standing;
    std::optional<std::int64_t> since;  // it is over, gone or stuck: what it is now, `after`
    std::string after;
    std::optional<EndFile> ended;
    AttemptId array;  // whose name its job has, as far as is known
    std::optional<std::int64_t>
        looked_up_at;               // there was an answer of the accounting, since it was last listed
    std::optional<SlurmPast> past;  // what that was
  };
  using Known = std::map<AttemptId, Attempt>;

  SlurmExecutor(SlurmPool pool, std::unique_ptr<SlurmCluster> cluster, Tell tell, Clock clock);

  // slurm.cpp: what is known of attempts
  void adopt(AttemptId id);
  void begin_term();
  [[nodiscard]] bool claim(AttemptId id) const;
  void give_back(AttemptId id, Attempt& attempt);
  void end(AttemptId id, Attempt& attempt, EndFile how);
  void report(AttemptId id, const Attempt& attempt);
  [[nodiscard]] std::int64_t has_been(Attempt& attempt, const char* what) const;
  [[nodiscard]] std::filesystem::path folder_of(AttemptId id) const;
  [[nodiscard]] bool is_leased() const;

  // slurm_look.cpp: what the cluster says
  [[nodiscard]] std::optional<AttemptId> attempt_of(const SlurmJob& job) const;
  [[nodiscard]] bool may_ask() const { return !silent_ && (!pool_.acts || pool_.acts()); }
  template <class Done>
  bool answered(const Done& done);
  std::optional<std::vector<SlurmJob>> listed();
  void look_at_room(const std::vector<SlurmJob>& jobs);
  void tell_room(std::int64_t cores);
  void take_in(const std::vector<SlurmJob>& jobs);
  bool take_in(AttemptId id, Attempt& attempt, const SlurmJob& job);
  void take_end(AttemptId id, Attempt& attempt, const SlurmJob& job);
  bool is_stuck(AttemptId id, Attempt& attempt, const SlurmJob& job);
  void miss(AttemptId id, Attempt& attempt);
  // slurm_past.cpp: what its accounting says of what it does not list
  [[nodiscard]] std::string name_of(AttemptId id, const Attempt& attempt) const;
  [[nodiscard]] bool needs_account(const Attempt& attempt) const;
  void look_up();
  void take_account(const SlurmPast& past);
  bool end_by_account(AttemptId id, Attempt& attempt, std::int64_t gone);
  [[nodiscard]] bool awaits_account(const Attempt& attempt, std::int64_t since) const;
  // ... and what it is asked
  void cancel(const SlurmJob& job);
  void release(const std::vector<const SlurmJob*>& free, const std::vector<SlurmJob>& all);
  [[nodiscard]] bool is_wanted(const Attempt& attempt) const;
  bool submit_wanted();
  bool submit(Known::iterator first, Known::iterator last, std::uint32_t count);
  [[nodiscard]] std::string refusal() const;

  SlurmPool pool_;
  std::unique_ptr<SlurmCluster> cluster_;
  Tell tell_;
  Clock clock_;
  std::string prefix_;
  PoolLease lease_;
  std::int64_t took_ = 0;
  bool silent_ = false;  // a call of this look was not answered
  bool told_ = true;     // no: it has not looked yet, and the broker does not know this life of it
  int unheard_ = 0;      // looks that the cluster did not answer, since it last did
  std::optional<std::int64_t> array_refused_at_;
  std::optional<std::int64_t> room_at_, refused_at_;
  std::string trouble_, refused_;
  bool keeps_accounts_ = true;  // until it says that it does not
  std::optional<std::int64_t> accounts_asked_at_;
  std::string room_trouble_;        // why the room may be less than it seems
  std::string accounts_trouble_;    // why the last question had no answer
  std::int64_t accounts_took_ = 0;  // ms of this look
  Known known_;
  std::set<AttemptId> never_;  // will not be begun in this term
};

}  // namespace hinterland
