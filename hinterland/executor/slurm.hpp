// A pool that is a Slurm cluster: attempts as its jobs, in folders that this machine and the nodes share.
//
//   POOL/ATTEMPT/...      as a local pool's (attempt_folder.hpp), and
//     begin               a shell script: the runner with the command and its environment
//     let-go              the number and time of the job that was let go
//   POOL/runner           what runs an attempt on a node
//   POOL/lease            never over: a cluster that is cut off works on
//
// A job is called hl-JOURNAL-ATTEMPT, after the journal and the first attempt of its array, and by that name alone it is
// known: Slurm's numbers are used again.
//
// A job is submitted held, and let go once it is seen under its name. A submission of which nobody knows whether it was
// carried out can so never run by itself, however late it turns up: it is submitted again, and of two jobs of one name
// only one is let go. What is there under a name that this pool does not know is cancelled.
//
//   wanted -> submitted -> held -> let go -> over
//
// What was let go and is not listed any more has ended if its runner says so; else, after kGone of a controller that
// answers, its machine is said to have failed: a node that comes back ends what its controller does not know.
//
// What is not so as in a local pool: no lease ends a job on a cluster that cannot be reached. The broker places its
// task anew when the lease is over, so that two attempts may be alive for a while; only one is ever published, and the
// other is cancelled when the cluster is heard again. (ADR 20)
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "hinterland/executor/attempt_folder.hpp"
#include "hinterland/executor/executor.hpp"
#include "hinterland/executor/slurm_cluster.hpp"

namespace hinterland {

struct SlurmPool {
  PoolIndex pool;
  std::string folder;   // made if it is not there; seen by the nodes under the same path
  std::string inputs;   // the folder of objects where they are
  std::string journal;  // what the journal is called: letters and digits
  RunnerRules runner;
  std::int64_t poll_ms = 1000;  // between two looks at a cluster that answers
};

class SlurmExecutor final : public Executor {
 public:
  using Clock = std::function<std::int64_t()>;  // ms; it never goes back

  // Finds what an earlier life left. Fails, located, as LocalExecutor::open does.
  static Expected<std::unique_ptr<SlurmExecutor>> open(SlurmPool pool, std::unique_ptr<SlurmCluster> cluster,
                                                       AttemptId last, Tell tell, Clock clock);
  ~SlurmExecutor() override;

  void hear(const effect::Grant& grant) override;
  void hear(const effect::Launch& launch, const Command& command) override;
  void hear(const effect::Kill& kill) override;
  void hear(const effect::Forget& forget) override;
  [[nodiscard]] std::string folder_of(AttemptId attempt) const override;

  // Asks the cluster what is, does what follows, and says so to the broker, with a heartbeat if the cluster answered.
  // Takes as long as the cluster does.
  void look();
  // ms until the next look: longer, the longer the cluster has not answered.
  [[nodiscard]] std::int64_t pause() const;
  // Of each attempt that Slurm has: its job's number and state.
  [[nodiscard]] std::map<AttemptId, std::string> standings() const;
  // Why the cluster does not answer; empty: it does.
  [[nodiscard]] std::string trouble() const override;

 private:
  struct Body;
  explicit SlurmExecutor(std::unique_ptr<Body> body);
  std::unique_ptr<Body> body_;
};

}  // namespace hinterland
