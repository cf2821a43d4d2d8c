// What happens, for whoever wants to see it at once: server-sent events, one for each durable step of the journal.
//
//   id: 4711
//   data: {"step":4711,"events":[{"event":"begun","job":7,"task":3,"attempt":12,"at_ms":...}, ...]}
//
// A reader is a place in the journal: it gets all steps after that place, once each and in order, from the journal where
// they are past and from here where they are new. Who is slow falls behind and loses nothing; who comes back with the
// last id goes on from there. A step without an event for its reader is passed over; at one that cannot be read its line ends.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "hinterland/serve/caller.hpp"
#include "hinterland/serve/http.hpp"
#include "hinterland/serve/service.hpp"

namespace hinterland {

// Of one fact, if it is anybody's business.
struct PublicEvent {
  std::optional<ProjectIndex> project;  // whose; nullopt: the house's
  std::string json;
};

// Makes events of facts. It must see an attempt begin to know whose its end is; those that the state knows it knows.
class EventMaker {
 public:
  using Tasks = std::unordered_map<std::uint64_t, TaskIndex>;  // by attempt
  // The attempts that are the last of their tasks: for facts of the past.
  static Tasks last_attempts(const State& state);
  explicit EventMaker(const State& state, std::shared_ptr<const Tasks> past = nullptr);
  // `jobs`: how many were accepted before these facts.
  std::vector<PublicEvent> make(const State& state, std::uint64_t jobs, const Facts& facts);
  // Facts of which nobody wants to hear.
  void pass(const Facts& facts);

 private:
  friend struct MakesEvent;
  [[nodiscard]] std::optional<TaskIndex> task_of(AttemptId attempt) const;
  void follow(const Fact& fact);
  Tasks tasks_;
  std::shared_ptr<const Tasks> past_;
};

class Events {
 public:
  // `service` outlives this.
  // `loop`: for what is read of the past, piece by piece; nullptr: all at once.
  explicit Events(Service& service, Loop* loop = nullptr);
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;
  ~Events();

  // All after step `after`; nullopt: what comes from now on. Of the projects that the caller knows.
  std::shared_ptr<EventReader> open(const Caller& caller, std::optional<std::uint64_t> after);
  // Something for everybody who waits, so that they and what lies between know that the line stands; who is not let in any more
  // is let go.
  void beat(const std::function<bool(const Caller&)>& is_let_in);

 private:
  class Reader;
  struct Made {
    Made(std::uint64_t number, std::vector<PublicEvent> of_it);
    std::uint64_t step;
    std::vector<PublicEvent> events;
    std::string whole;  // the text for who knows all projects; empty: nobody's business
  };
  static std::size_t size_of(const Made& made);
  void durable(std::uint64_t first, std::span<const Facts> steps);
  [[nodiscard]] std::string text_of(const Made& made, const Caller& caller) const;
  // What comes after `after`, up to some size; moves `after`. Empty: nothing yet. nullopt: the journal cannot be read there.
  std::optional<std::string> take(std::uint64_t& after, const Caller& caller,
                                  std::unique_ptr<EventMaker>& past);

  Service& service_;
  Loop* loop_;
  std::uint64_t jobs_;  // accepted in the steps that are durable
  EventMaker maker_;
  std::weak_ptr<const EventMaker::Tasks> past_;  // while somebody reads of the past
  std::deque<Made> tail_;                        // the newest steps, without a gap
  std::size_t tail_bytes_ = 0;
  std::set<Reader*> readers_;
};

}  // namespace hinterland
