// Where and when: the placement policies, each a plain function in a file of its own, and the one table of them.
//
// A policy is asked once for each job, when it arrives, and again if a fault drives the job away. It answers with a pool
// and a time before which the job does not start, or with a refusal. It keeps nothing: the same ask and view give the same
// answer. Pools that are down are passed over while another is up. Of equals the first in the order of the pools wins.
//
// A new policy is one function in one file, declared here and named in the table (policies.cpp).
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "hinterland/base/error.hpp"
#include "hinterland/policy/view.hpp"

namespace hinterland {

using Policy = Placement (*)(const Ask&, const View&);

struct PolicyEntry {
  std::string_view name, what;
  Policy choose = nullptr;
};

std::span<const PolicyEntry> policies();
// Fails with the nearest name.
Expected<PolicyEntry> find_policy(std::string_view name, const std::string& flag);

Placement stay(const Ask& ask, const View& view);
Placement nearest(const Ask& ask, const View& view);
Placement round_robin(const Ask& ask, const View& view);
Placement least_loaded(const Ask& ask, const View& view);
Placement cheapest_tariff(const Ask& ask, const View& view);
Placement greenest(const Ask& ask, const View& view);
Placement cheapest(const Ask& ask, const View& view);
Placement wait_for_cheap(const Ask& ask, const View& view);
Placement wait_for_green(const Ask& ask, const View& view);
Placement shadow(const Ask& ask, const View& view);

}  // namespace hinterland
