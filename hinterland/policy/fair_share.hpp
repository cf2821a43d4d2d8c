// What each project was given of all pools together: the accounts that the discipline `fair` (fair_queue.hpp) goes by.
// Broker and simulator keep the same ones.
//
//   used      unit-seconds that its runs were given: what is asked for while they run, what they took once they have ended;
//             a part of a second counts as one
//   served    used / share of whoever was served last; it never falls
//   a project that had nothing to do has saved up no claim: used = max(used, served x share) when it comes back
//
// A `Project` is any record with `share`, `used` and `active`, how many of its jobs wait or run.
#pragma once
#include <algorithm>
#include <cstdint>

#include "hinterland/base/time.hpp"

namespace hinterland {

inline std::int64_t unit_seconds(std::int64_t units, Duration time) {
  return units * ((time.ms + 999) / 1000);
}

// One more of its jobs waits or runs.
template <class Project>
void comes_back(Project& project, std::int64_t served) {
  if (project.active++ == 0) project.used = std::max(project.used, served * project.share);
}

template <class Project>
void is_served(Project& project, std::int64_t& served, std::int64_t units, Duration asked) {
  served = std::max(served, project.used / project.share);
  project.used += unit_seconds(units, asked);
}
template <class Project>
void has_taken(Project& project, std::int64_t units, Duration asked, Duration took) {
  project.used -= unit_seconds(units, asked) - unit_seconds(units, took);
}

// Whether a project is served before another; of equals the first. `a` and `b` are their places.
template <class Projects>
bool is_served_before(const Projects& projects, std::size_t a, std::size_t b) {
  const auto given = [&](std::size_t one) {
    return static_cast<double>(projects[one].used) / static_cast<double>(projects[one].share);
  };
  const double x = given(a), y = given(b);
  return x != y ? x < y : a < b;
}

}  // namespace hinterland
