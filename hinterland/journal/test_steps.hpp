// A journal's steps, for tests.
#pragma once
#include <string>
#include <vector>

#include "hinterland/journal/journal.hpp"

namespace hinterland::test {

inline Facts beginning() {
  return {fact::PoolNamed{"north"}, fact::PlacesNamed{"anywhere"}, fact::ProjectSet{"film", 1, -1}};
}
inline Facts submission(const std::string& what) {
  return {fact::Accepted{
      .at = {1000}, .key = what, .job = {.size = {.cores = 1}, .units = 1, .request = {1000}, .what = what}}};
}
inline State fold(const std::vector<Facts>& steps) {
  State state;
  for (const Facts& facts : steps)
    for (const Fact& fact : facts) evolve(state, fact);
  return state;
}

inline Expected<void> append_one(Journal& journal, const Facts& facts) { return journal.append({&facts, 1}); }

inline const std::vector<Facts> kSteps = {
    beginning(), submission("ls"), {}, submission("ls /"), {fact::CancelAsked{JobNumber{0}}}};

}  // namespace hinterland::test
