// What is outside of a render: the broker, the user, the clock, and whoever looks at images. A test has others.
#pragma once
#include <functional>

#include "hinterland/render/image_check.hpp"
#include "hinterland/render/render_broker.hpp"
#include "hinterland/render/render_clock.hpp"
#include "hinterland/render/render_user.hpp"

namespace hinterland {

// As check_images().
using ImageCheck =
    std::function<Expected<Checked>(const std::vector<std::string>& files, const ImageWanted& wanted)>;

// All must outlive whoever has them.
struct RenderPorts {
  RenderBroker& broker;
  RenderUser& user;
  RenderClock& clock;
  ImageCheck check = check_images;
};

}  // namespace hinterland
