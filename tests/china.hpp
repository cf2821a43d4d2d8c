// The real atlas, loaded once a test program.
#pragma once
#include "hinterland/atlas/atlas.hpp"

namespace hinterland {

inline const Atlas& china() {
  static const Atlas atlas = load_atlas(HINTERLAND_SOURCE_DIR "/data/atlas/china").value();
  return atlas;
}

}  // namespace hinterland
