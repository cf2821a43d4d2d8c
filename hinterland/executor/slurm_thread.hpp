// A Slurm pool on a thread of its own, for a cluster may take seconds to answer, or never does.
#pragma once
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "hinterland/executor/slurm.hpp"

namespace hinterland {

class SlurmThread final : public Executor {
 public:
  // What `executor` says, it says from this thread.
  explicit SlurmThread(std::unique_ptr<SlurmExecutor> executor);
  // Waits for the cluster's answer, if one is awaited.
  ~SlurmThread() override;

  void hear(const effect::Grant& grant) override;
  void hear(const effect::Launch& launch, const Command& command) override;
  void hear(const effect::Kill& kill) override;
  void hear(const effect::Forget& forget) override;
  [[nodiscard]] std::string folder_of(AttemptId attempt) const override;
  [[nodiscard]] std::string standing_of(AttemptId attempt) const override;
  [[nodiscard]] std::string trouble() const override;

 private:
  using Work = std::function<void(SlurmExecutor&)>;
  void put(Work work);
  void run();

  std::unique_ptr<SlurmExecutor> executor_;
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::vector<Work> work_;
  std::map<AttemptId, std::string> standings_;
  std::string trouble_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace hinterland
