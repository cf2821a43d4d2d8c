// What is allowed: whether a kind of work may run at a site at all, whatever it costs.
//
// A bound that is met exactly is met. Only what depends on the place and the class is decided here; what
// depends on how much work there is (deadline, capacity) is decided with its price, in quote.hpp.
#pragma once
#include <string>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/report/page.hpp"
#include "hinterland/work/workload.hpp"

namespace hinterland {

enum class Obstacle {
  none,
  latency,
  residency,
  certification,
  hazard,
  hardware,
  deadline,
  capacity,
  unknown_runtime
};

// "latency", "residency" ...; "" for none.
const char* name_of(Obstacle obstacle);

// The first obstacle, without words, so that it can be asked thousands of times. `home` is where the users are;
// requires that sites named by the workload exist (check_workload).
Obstacle obstacle_to(const Atlas& atlas, const Workload& workload, const Site& home, const Site& site);

// Why, in words, for what obstacle_to() gave: "10.9 ms one way from Shanghai, 5 ms allowed". Empty for none.
Words why_refused(Obstacle obstacle, const Atlas& atlas, const Workload& workload, const Site& home,
                  const Site& site);

// Whether every name in the workload (server, sites, regions and hubs) is in this atlas; all problems listed.
Expected<void> check_workload(const Atlas& atlas, const Workload& workload, const std::string& file);

// The server type of a workload; requires check_workload.
const Server& server_of(const Atlas& atlas, const Workload& workload);

// Where the data of the workload live: its `data_at`, or home.
const Site& data_site(const Atlas& atlas, const Workload& workload, const Site& home);

}  // namespace hinterland
