// A Slurm cluster as one of its users sees it: the port that slurmrestd (slurm_rest.hpp) and Slurm's own commands
// (slurm_commands.hpp) implement.
//
// Of Slurm 22.05 was measured what whoever calls this must live with:
//   - a controller that is killed has forgotten what it answered in its last 3 s, and gives the same numbers again
//   - a call that was given up on may be carried out seconds later, when a frozen controller goes on
//   - a connection that was reset says nothing of whether the call was carried out
//   - an array that was let go is let go, whatever error stands in the answer
// So an error says that nobody knows, unless it is a refusal; jobs() tells what is.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/policy/size.hpp"

namespace hinterland {

// Where on the cluster, and as whom; what is empty is as the cluster has it.
struct SlurmPlace {
  std::string partition, account, qos;
};

// Jobs that are alike: one, or an array with the indices from 0.
struct SlurmAsk {
  std::string name, script;
  std::string folder;  // where the script begins
  Size size;           // of each
  std::int64_t minutes = 1;
  std::uint32_t count = 1;
  std::vector<std::string> avoid;  // nodes
};

enum class SlurmPhase : std::uint8_t { held, waiting, running, over };
// Of a state and its reason, in Slurm's words.
SlurmPhase slurm_phase(std::string_view state, std::string_view reason);
// Whether what waits for that reason waits for ever.
bool is_hopeless(std::string_view reason);

// A number that a cluster says, as a count: 0 for what is negative or beyond a billion.
constexpr std::int64_t slurm_count(std::int64_t number) {
  return number >= 0 && number <= 1'000'000'000 ? number : 0;
}

struct SlurmPastAsk;

struct SlurmJob {
  std::string name;
  std::string number;       // "17", or "17_3" in an array
  std::uint32_t index = 0;  // in its array
  SlurmPhase phase = SlurmPhase::held;
  std::string state, reason;  // in Slurm's words: "NODE_FAIL"
  std::string submitted;      // s since 1970
  std::string node;
  std::int64_t cpus = 0, ran_s = 0;
};

// What the cluster's accounting says of a job (slurm_accounting.hpp): `job` without its count of CPUs.
struct SlurmPast {
  SlurmJob job;
  bool began = false;    // it had a node
  std::string ended_by;  // who cancelled it, if somebody did
};
struct SlurmAccounts {
  bool kept = true;  // no: this cluster keeps none
  std::vector<SlurmPast> jobs;
};

// So many CPUs may be held at once, and so many are, ours among them.
struct SlurmBound {
  std::int64_t most = 0, held = 0;
};
// What stands in the partition: CPUs of nodes that may be used, and how many of those have something to do. And what bounds us
// besides (slurm_qos.hpp): each QoS that the pool names or its partition has, for all users and for ours.
struct SlurmRoom {
  std::int64_t cpus = 0, busy = 0;
  std::vector<SlurmBound> bounds{};
  std::string
      trouble{};  // why there is none, or why a QoS's limits are not known: what was heard of them before holds
};
// What is left to us, with the `ours` CPUs that our jobs hold already:
//
//   max(0, ours + min(cpus - busy, most - held of each bound))
//
// The least holds where Slurm may let one QoS override another, so nothing is begun that only waits there.
std::int64_t room_for_us(const SlurmRoom& room, std::int64_t ours);

class SlurmCluster {
 public:
  SlurmCluster() = default;
  SlurmCluster(const SlurmCluster&) = delete;
  SlurmCluster& operator=(const SlurmCluster&) = delete;
  virtual ~SlurmCluster() = default;

  // Every call comes back within seconds. Submitted jobs are held, and never begun a second time by Slurm itself. An
  // error that is not `outside` is a refusal: it was not taken.
  virtual Expected<void> submit(const SlurmAsk& ask) = 0;
  // Those of this user whose name begins so, in the queue or ended a short while ago; each task of an array by itself.
  virtual Expected<std::vector<SlurmJob>> jobs(const std::string& prefix) = 0;
  // A job, a task of an array, or all of an array ("17").
  virtual Expected<void> release(const std::string& number) = 0;
  // If its number still is that of a job of its name.
  virtual Expected<void> cancel(const SlurmJob& job) = 0;
  virtual Expected<SlurmRoom> room() = 0;
  // What its accounting says of jobs of these names since (slurm_accounting.hpp); that it keeps none is an answer. An error: nobody knows. It
  // comes back within five seconds, and asks nobody but slurmdbd. A job that is not in it may have been: absence proves nothing.
  virtual Expected<SlurmAccounts> accounts(const SlurmPastAsk& ask) = 0;
};

}  // namespace hinterland
