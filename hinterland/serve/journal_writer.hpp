// The thread that makes steps durable: all that have come in with one commit, and now and then a snapshot after them, so that whoever
// reads the journal after a kill has so much to do as the state is large, and no more.
#pragma once
#include <algorithm>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "hinterland/broker/broker.hpp"
#include "hinterland/journal/codec.hpp"
#include "hinterland/journal/journal.hpp"
#include "hinterland/serve/worker.hpp"

namespace hinterland {

class JournalWriter {
 public:
  // Called from that thread with the steps, in their order, their facts (those that have some), and whether they are kept.
  using Written = std::function<void(std::vector<Step>, std::vector<Facts>, Expected<void>)>;

  JournalWriter(Journal& journal, std::mutex& mutex, Written written)
      : journal_(journal),
        mutex_(mutex),
        written_(std::move(written)),
        facts_(journal.steps_since_snapshot()),
        worker_([this](std::vector<Writing> batch) { write(std::move(batch)); }) {}

  // `state` after the step.
  void put(Step step, const State& state) {
    facts_ += step.facts.size();
    Writing writing{.step = std::move(step), .snapshot = {}};
    if (facts_ >= std::max(kSnapshotFacts, state.jobs.size() + state.tasks.size())) {
      facts_ = 0;
      writing.snapshot = encode(state);
    }
    worker_.put(std::move(writing));
  }

 private:
  static constexpr std::size_t kSnapshotFacts = 100'000;
  struct Writing {
    Step step;
    std::optional<std::string> snapshot;  // of the state after it
  };

  void write(std::vector<Writing> batch) {
    std::vector<Step> steps;
    std::vector<Facts> facts;
    Expected<void> done;
    const auto append = [&] {
      const std::lock_guard lock(mutex_);
      if (!facts.empty()) done = journal_.append(facts);
      written_(std::exchange(steps, {}), std::exchange(facts, {}), done);
    };
    for (Writing& one : batch) {
      if (!one.step.facts.empty()) facts.push_back(std::move(one.step.facts));
      steps.push_back(std::move(one.step));
      if (!one.snapshot) continue;
      append();
      if (!done) return;
      // One that cannot be kept is none: whatever keeps it from that, the next step will say.
      const std::lock_guard lock(mutex_);
      std::ignore = journal_.keep_snapshot(std::move(*one.snapshot));
    }
    if (!steps.empty()) append();
  }

  Journal& journal_;
  std::mutex& mutex_;
  Written written_;
  std::size_t facts_;  // since the last snapshot
  Worker<Writing> worker_;
};

}  // namespace hinterland
