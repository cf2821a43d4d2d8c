// A render's broker, over its socket or the network.
#pragma once
#include <optional>
#include <string>

#include "hinterland/cli/render_options.hpp"
#include "hinterland/render/render_broker.hpp"

namespace hinterland {

class RenderDesk final : public RenderBroker {
 public:
  // The options must outlive it.
  explicit RenderDesk(const RenderOptions& options) : options_(options) {}

  // Where the broker is, the same whatever folder it is said from.
  static std::string name_of(const BrokerPlace& broker);

  [[nodiscard]] const std::string& place() const override { return options_.broker.place; }
  Expected<bool> has(const std::string& hash) override;
  Expected<Object> send(const std::string& file, Progress& progress) override;
  Expected<std::string> read(const Object& object) override;
  Expected<void> fetch(const Object& object, const std::string& file, Progress& progress) override;
  Expected<std::optional<std::uint32_t>> submit(const RenderSubmission& submission) override;
  Expected<std::vector<FoundJob>> jobs_ending_in(const std::string& mark) override;
  Expected<JobProgress> look(std::uint32_t job) override;
  Expected<std::vector<TaskRow>> tasks(std::uint32_t job, std::uint32_t from) override;
  Expected<std::vector<RenderInput>> outputs(const TaskPlace& place) override;
  Expected<bool> hold(std::uint32_t job) override;

 private:
  const RenderOptions& options_;
  std::optional<std::string> store_;  // as store_here() has it, once it was asked
};

}  // namespace hinterland
