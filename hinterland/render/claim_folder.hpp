// Where a render stands in its folder, before anything is done: as its manifest says (render_folder.hpp), or at its beginning.
//
// A manifest that was lost is no loss where the broker knows the render: frames that are there, byte for byte as the broker's tasks left
// them, are that render's. Others are of nobody knows whom: then it fails as if none were known, and they are left as they are.
#pragma once
#include <string>

#include "hinterland/render/render_broker.hpp"
#include "hinterland/render/render_folder.hpp"

namespace hinterland {

// `broker_name`: of the broker, whatever folder it is said from. The broker is asked only where frames are there and no manifest is.
Expected<RenderManifest> claim_folder(const RenderFolder& folder, RenderAsk ask,
                                      const std::string& broker_name, RenderBroker& broker);

}  // namespace hinterland
