// Who asks the broker for something, and what that lets them do.
#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hinterland {

// Each may do what those before may.
enum class Role : std::uint8_t {
  anybody,   // needs no token: is it there, does it take work
  views,     // "viewer"
  submits,   // "submitter": gives work, and cancels, holds, retries it
  operates,  // "operator": drains pools, says that one is lost
};
inline const char* name_of(Role role) {
  constexpr const char* names[] = {"anybody", "viewer", "submitter", "operator"};
  return names[static_cast<std::size_t>(role)];
}

struct Caller {
  std::string name;  // of its token; "uid 1000" on the socket
  Role role = Role::anybody;
  std::vector<std::string> projects;  // it has to do with no others; empty: with all
  std::string digest;                 // of its token, if it has one

  [[nodiscard]] bool is_bound() const { return !projects.empty(); }
  [[nodiscard]] bool knows(std::string_view project) const {
    return !is_bound() || std::ranges::find(projects, project) != projects.end();
  }
};

}  // namespace hinterland
