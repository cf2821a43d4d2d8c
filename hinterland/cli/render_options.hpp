// What `hinterland render` was told.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "hinterland/base/local_zone.hpp"
#include "hinterland/cli/ask_broker.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/render/scene_request.hpp"

namespace hinterland {

struct RenderOptions {
  BrokerPlace broker;
  AtlasOptions atlas;
  SceneRequest scene;
  std::string chunk = "auto", deadline, zone = local_zone(), into, film, from, as, work, project, report;
  std::string home, away;  // empty: as the broker's pools have it
  std::optional<double> budget;
  double frame_hours = 1;
  std::uint32_t retries = 2;
  int priority = 0;
  bool yes = false, estimate = false, allow_missing = false, json = false;
};

void add_render_options(CLI::App& verb, RenderOptions& options);

}  // namespace hinterland
