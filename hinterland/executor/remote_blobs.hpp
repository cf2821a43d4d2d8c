// Objects of another broker, over HTTP (serve/blobs.hpp): where inputs are moved to, and outputs from.
//
//   HEAD /v1/blobs/HASH                             whether it has it; or Upload-Offset: how much of it came
//   PUT  ... Content-Range: bytes A-B/TOTAL         the next part; the last one's answer says that all is there and right
//   GET  ... Range: bytes=A-B                       a part of it; as much as came of one that is cut off counts
//
// No object is larger than a TB. Their hash is worked out where they arrive: there by the broker, so that nothing is read back over the line.
#pragma once
#include <memory>

#include "hinterland/executor/remote_line.hpp"
#include "hinterland/staging/object_place.hpp"
#include "hinterland/staging/object_source.hpp"

namespace hinterland {

std::unique_ptr<ObjectSource> remote_source(RemoteLine line);
// What it was seen to have is believed for a minute.
std::unique_ptr<ObjectPlace> remote_place(RemoteLine line);

}  // namespace hinterland
