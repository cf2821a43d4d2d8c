// The folder in which a render's frames arrive.
//
//   NAME.0007.png      a frame that is whole and well
//   NAME.render.json   the manifest (render/manifest.hpp)
//   .NAME.render/      while it works: what is on its way, and images that are not well; one process at a time
//
// No file of another's is ever written over: neither those of another render of the same name nor one that somebody put there.
#pragma once
#include <string>

#include "hinterland/base/error.hpp"
#include "hinterland/render/keep_file.hpp"
#include "hinterland/render/manifest.hpp"
#include "hinterland/staging/files.hpp"

namespace hinterland {

class RenderFolder {
 public:
  // Makes what is not there. Fails where another process renders under that name.
  static Expected<RenderFolder> open(const std::string& folder, const std::string& name);
  // What is empty of what it made goes.
  ~RenderFolder();
  RenderFolder(RenderFolder&&) = default;
  RenderFolder& operator=(RenderFolder&&) = delete;

  // Where the render stands that is asked for: as its manifest says, or at its beginning. Frames that are not there any more, or are
  // other files now, have not come. Requires unclaimed() empty. Fails where the manifest of another is.
  Expected<RenderManifest> claim(RenderAsk ask, const std::string& broker) const;
  // Frames that are there, though no manifest is.
  [[nodiscard]] Frames unclaimed(const RenderAsk& ask) const;
  // That these are there and of nobody knows which render.
  [[nodiscard]] std::unexpected<Errors> refuse(const Frames& there, const RenderAsk& ask) const;
  Expected<void> save(const RenderManifest& manifest) const;

  [[nodiscard]] std::string frame_at(const RenderAsk& ask, Frame frame) const;
  // For what this process alone needs.
  [[nodiscard]] std::string own(const std::string& name) const;
  // For what is on its way.
  [[nodiscard]] std::string scratch(const std::string& name) const;
  [[nodiscard]] const std::string& path() const { return folder_; }
  // Under which its frames are called so.
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  RenderFolder(std::string folder, bool is_new, std::string name, Handle lock);
  [[nodiscard]] std::string manifest_path() const;

  std::string folder_;
  bool is_new_;  // made for this render, and taken away if nothing came
  std::string name_, private_;
  Handle lock_;
};

}  // namespace hinterland
