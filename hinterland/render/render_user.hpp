// Whoever asked for a render: is told how far it is, may stop it, and says whether the rest is worth its price.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/base/progress.hpp"
#include "hinterland/render/manifest.hpp"

namespace hinterland {

// What becomes of the frames that no job has had, once the first ones are well.
struct RestAnswer {
  enum class Kind {
    render,      // they are rendered
    no,          // not so, or not now: why was said
    only_told,   // nobody asked for more than an estimate
    not_enough,  // too few of the first frames are well for anything to be said
  };
  Kind kind = Kind::no;
  std::vector<Chunk> chunks;  // if they are rendered; not empty
  Hours hours;                // that a task of the first chunk may take
  std::optional<Hours> deadline;
};

// step() is false from the moment on at which the user wants it to stop.
class RenderUser : public Progress {
 public:
  // A line of news, without an end.
  virtual void say(const std::string& line) = 0;
  // What stands beside how far it is, from now on.
  virtual void say_beside(const std::string& detail) = 0;
  // `spent`: by the render's jobs so far.
  virtual Expected<RestAnswer> ask_for_rest(const RenderManifest& manifest, const Frames& rest,
                                            double spent) = 0;
};

}  // namespace hinterland
