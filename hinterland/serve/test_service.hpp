// A service without a journal, a loop or processes, for tests: what it is told is decided at once, and nothing runs.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hinterland/serve/api.hpp"

namespace hinterland::test {

class DeskService final : public Service {
 public:
  DeskService() : served_(two_pools()), broker_(served_.world, State{}) {
    broker_.resume(now_);
    tell(event::SetProject{.name = "film"}, {});
    tell(event::SetProject{.name = "lab", .share = 1, .budget = 5}, {});
    for (std::size_t p = 0; p < 2; ++p) tell(event::Heartbeat{.pool = PoolIndex{p}}, {});
  }

  void tell(Event event, Answer answer) override {
    std::visit(
        [&](auto& one) {
          if constexpr (requires { one.client; }) one.client = 7;
        },
        event);
    const Step step = broker_.decide(now_, std::span(&event, 1));
    for (const Fact& fact : step.facts) {
      if (const auto* accepted = std::get_if<fact::Accepted>(&fact)) requests_.push_back(accepted->job);
      if (const auto* placed = std::get_if<fact::Placed>(&fact))
        candidates_[placed->task] = placed->candidates;
    }
    for (const Effect& effect : step.effects) {
      if (const auto* respond = std::get_if<effect::Respond>(&effect); respond != nullptr && answer)
        answer(*respond);
    }
  }
  void note(event::Access one) override { asked.push_back(std::move(one)); }
  void when_durable(Durable) override {}
  [[nodiscard]] std::uint64_t steps() const override { return kept.size(); }
  [[nodiscard]] Expected<void> read_steps(std::uint64_t first, const Journal::TakeLater& take) override {
    for (std::uint64_t step = first; step <= kept.size(); ++step) {
      if (!kept[step - 1])
        return failure({.what = "It is damaged.", .where = {.field = std::to_string(step)}, .mend = ""});
      if (!take(step, 0, *kept[step - 1])) break;
    }
    return {};
  }
  void pass(Duration time) { now_ = now_ + time; }
  [[nodiscard]] Expected<void> end() override { return {}; }
  [[nodiscard]] const Broker& broker() const override { return broker_; }
  [[nodiscard]] const ServedWorld& served() const override { return served_; }
  [[nodiscard]] Instant now() const override { return now_; }
  [[nodiscard]] Expected<Work> work_of(JobNumber job) override { return parse_work(requests_.at(job).what); }
  [[nodiscard]] std::string name_of(JobNumber job) const override {
    return parse_work(requests_.at(job).what)->name;
  }
  [[nodiscard]] const std::vector<Candidate>* candidates_of(TaskIndex task) const override {
    const auto found = candidates_.find(task);
    return found == candidates_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] std::string folder_of(TaskIndex) const override { return ""; }
  [[nodiscard]] bool look_into(TaskIndex, Look look, std::function<void()> then) override {
    if (disk_hangs) return false;
    look(attempt);
    then();
    return true;
  }
  [[nodiscard]] std::string store() const override { return folder; }
  [[nodiscard]] std::string standing_of(TaskIndex) const override { return ""; }
  [[nodiscard]] std::string trouble_with(TaskIndex) const override { return ""; }
  [[nodiscard]] std::string trouble_with(PoolIndex pool) const override {
    return pool == 0 ? pool_trouble : "";
  }
  [[nodiscard]] std::optional<Instant> certificate_end() const override { return own_end; }
  [[nodiscard]] std::optional<Instant> certificate_end(PoolIndex pool) const override {
    return pool == 1 ? pool_end : std::nullopt;
  }
  [[nodiscard]] const Errors& trouble_with_signals() const override { return trouble; }

  Errors trouble;
  std::string pool_trouble;                  // of the first
  std::optional<Instant> own_end, pool_end;  // of certificates: this broker's, the second pool's
  std::string folder = "/dev/null/store";    // nothing can be kept there
  std::string attempt;                       // the folder of any task's
  std::vector<std::optional<Facts>> kept;    // the journal's steps; nullopt: one that is damaged
  bool disk_hangs = false;
  std::vector<event::Access> asked;

 private:
  static ServedWorld two_pools() {
    ServedWorld served;
    served.currency = "CNY";
    BrokerPlaces places{.name = "frames", .home = PoolIndex{0}, .options = {}};
    for (std::size_t p = 0; p < 2; ++p) {
      const Size server{.cores = 4, .gpus = 0, .memory_gb = 16};
      served.world.pools.push_back(
          {.name = p == 0 ? "dear" : "cheap", .size = server, .server = server, .units = 16});
      served.world.forecast.emplace_back(
          std::vector<UnitRow>(8760, {.energy = p == 0 ? 2e6 : 1e6, .kwh = 1e6}), UnitRates::Charges{});
      places.options.push_back({.pool = PoolIndex{p}});
      served.units_per_server.push_back(16);
      served.server.push_back(server);
      served.site.push_back(served.world.pools.back().name);
    }
    served.world.actual = served.world.forecast;
    served.world.places = {places};
    return served;
  }

  ServedWorld served_;
  Instant now_{1'700'000'000'000};
  Broker broker_;
  std::vector<JobRequest> requests_;
  std::map<TaskIndex, std::vector<Candidate>> candidates_;
};

// What the API answers to that, at once.
inline ApiResponse ask(Api& api, HttpHead head, std::string_view body = "", std::int64_t now_ms = 0) {
  head.length = body.size();
  auto begun = api.begin(std::move(head), now_ms);
  if (auto* const answer = std::get_if<ApiResponse>(&begun)) return std::move(*answer);
  auto& exchange = std::get<Api::Exchange>(begun);
  if (auto refused = exchange.take(body)) return std::move(*refused);
  std::optional<ApiResponse> answered;
  exchange.finish([&](ApiResponse answer) { answered = std::move(answer); });
  return answered.value();
}

}  // namespace hinterland::test
