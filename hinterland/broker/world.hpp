// What the broker is given at its start and does not change: pools, where which work may run, prices, and its rules.
//
// Pools and places stand in the order in which the journal knows them (State::pools, State::places); what is new
// comes after.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "hinterland/broker/fact.hpp"
#include "hinterland/policy/policies.hpp"

namespace hinterland {

// Servers of one type at one site, behind one executor.
struct BrokerPool {
  std::string name;
  Size size;    // of all its hosts together
  Size server;  // of one of them: the most memory that a task may be given
  std::int64_t units = 0;
  PoolDeal deal;  // server_units 0: nobody says; what the journal has stays
  PoolPricing pricing;
};

// Where work of one class and home may run.
struct BrokerPlaces {
  std::string name;
  PoolIndex home;
  std::vector<Option> options;  // in the order of the pools
};

// How long it waits, and how often it tries.
struct BrokerRules {
  // An executor that hears nothing stops what it runs when `lease` is over, by its own clock, from when it last
  // asked. Two clocks may differ in speed by `drift`: the broker counts so much longer.
  Duration lease{60'000};
  double drift = 0.01;
  // A pool that is silent for so long, and whose lease is over, is lost: what ran there is placed anew.
  Duration lost_after{120'000};
  // Of a lost or drained pool, so many tasks are placed anew a second: the others' disks and lines are no buffer.
  double placed_anew_per_second = 100;
  int most_failures = 3;  // of a task, by itself: then it has failed for good
  int most_losses = 10;   // of a task, with its host or site
  int condemning_hosts =
      2;  // a task that fails by itself on so many hosts has failed for good, whatever it has left
  int condemning_tasks = 3;  // a host on which so many tasks fail that are done elsewhere gets no more
  Duration licence_wait{60'000};
  std::uint64_t most_live_tasks = 2'000'000;  // that are not over; each takes up to half a KB of memory
};

struct BrokerWorld {
  std::string journal;  // what one is called that has no name yet; letters and digits
  std::vector<BrokerPool> pools;
  std::vector<BrokerPlaces> places;
  std::vector<UnitRates> forecast;            // by pool: what policies see
  std::vector<UnitRates> actual;              // by pool: what is billed
  std::vector<std::vector<double>> scarcity;  // by pool, or empty
  Policy policy = cheapest;
  QueueRule queue = QueueRule::fair;
  BrokerRules rules;
  // What the journal is told of all this, beside pools and places; of no policy's name: nothing.
  HouseRules told;
};

}  // namespace hinterland
