// What a QoS lets run at once: its limits from slurmdbd (sacctmgr, or slurmrestd's /slurmdb/v0.0.38/qos), what is held
// under it from the controller's list of jobs.
//
// A limit counts all jobs that have the QoS, and for a partition's QoS all jobs in that partition, whatever their own:
//   GrpTRES cpu     of all users together
//   MaxTRESPU cpu   of each user
// Other limits (jobs, memory, GPUs, minutes; of an association) are not looked at: what they hold up waits in Slurm's queue.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/executor/slurm_cluster.hpp"

namespace hinterland {

// In CPUs; nullopt: no such limit.
struct SlurmQos {
  std::optional<std::int64_t> most_all, most_user;
  [[nodiscard]] bool is_open() const { return !most_all && !most_user; }
  bool operator==(const SlurmQos&) const = default;
};
// In CPUs of what runs.
struct SlurmHeld {
  std::int64_t all = 0, own = 0;
};
// Whose jobs count: those of the QoS, and those in a partition that has it.
struct SlurmUnder {
  std::string qos;
  std::string partition;  // whose QoS it is; empty: it is only the jobs', or the default partition's
};
// Of a pool's own QoS and its partition's.
std::vector<SlurmUnder> unders_of(const SlurmPlace& place, const std::string& partition_qos);

// "QOS|GrpTRES|MaxTRESPU", a line each; nullopt: none of that name.
inline constexpr std::string_view kQosFormat = "name,grptres,maxtrespu";
std::optional<SlurmQos> parse_sacctmgr_qos(std::string_view text, const std::string& name);
// Of an answer to GET /qos. Fails, `outside`, for an error, and for what is not so.
Expected<std::optional<SlurmQos>> parse_slurmdb_qos(std::string_view json, const std::string& name);

// What squeue says, a job a line: STATE|UID|CPUS|PARTITION|QOS.
inline constexpr std::string_view kHeldFormat = "%T|%U|%C|%P|%q";
SlurmHeld parse_squeue_held(std::string_view text, const SlurmUnder& under, std::uint32_t user);
// The same of an answer to GET /jobs.
Expected<SlurmHeld> parse_slurm_held(std::string_view json, const SlurmUnder& under, std::uint32_t user,
                                     const std::string& user_name);

// The QoS of the partition, or of the default one if that is empty; empty: it has none. As `scontrol show partition -o` says it, and
// an answer to GET /partitions.
std::string parse_scontrol_partition_qos(std::string_view text, const std::string& partition);
Expected<std::string> parse_slurm_partition_qos(std::string_view json, const std::string& partition);

std::vector<SlurmBound> bounds_of(const SlurmQos& qos, const SlurmHeld& held);

// What slurmdbd said of each QoS. It is asked every ten minutes, and a minute after it did not answer; until it does what it said
// before holds, and without that there is no limit.
class SlurmLimits {
 public:
  using Ask = std::function<Expected<std::optional<SlurmQos>>(const std::string& qos)>;
  explicit SlurmLimits(Ask ask) : ask_(std::move(ask)) {}
  SlurmQos of(const std::string& qos, std::int64_t now_ms);
  // Why it did not answer, when it was last asked; empty: it did.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

 private:
  struct Heard {
    SlurmQos qos;
    std::int64_t until = 0;
  };
  Ask ask_;
  std::map<std::string, Heard> heard_;
  std::int64_t silent_until_ = 0;
  std::string trouble_;
};

}  // namespace hinterland
