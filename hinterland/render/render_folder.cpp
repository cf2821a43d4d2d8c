#include "hinterland/render/render_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "hinterland/base/file.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

std::unexpected<Errors> cannot(const std::string& path, const std::string& why) {
  return failure({.what = fmt::format("It cannot be written: {}.", why),
                  .where = {.file = path},
                  .mend = "",
                  .outside = true});
}

// For a render whose folder another has.
std::string way_beside(const RenderAsk& there, RenderAsk ask, const std::string& name) {
  const Frames more = without(ask.frames, there.frames);
  ask.frames = there.frames;
  if (!more.empty() && digest_of(ask) == digest_of(there))
    return fmt::format("It is of the same scene. Only the new ones: --frames {} --name {}-2.",
                       frames_text(more), name);
  return "Nothing is written over: give this one another --name or --into. Was the scene changed, or "
         "--frames?";
}

}  // namespace

RenderFolder::RenderFolder(std::string folder, bool is_new, std::string name, Handle lock)
    : folder_(std::move(folder)),
      is_new_(is_new),
      name_(std::move(name)),
      private_((fs::path(folder_) / fmt::format(".{}.render", name_)).string()),
      lock_(std::move(lock)) {}

Expected<RenderFolder> RenderFolder::open(const std::string& folder, const std::string& name) {
  const fs::path own = fs::path(folder) / fmt::format(".{}.render", name);
  std::error_code failed;
  const bool is_new = !fs::exists(fs::symlink_status(folder, failed));
  fs::create_directories(own / "own", failed);
  if (failed) return cannot(own.string(), failed.message());
  const std::string path = (own / "lock").string();
  Handle lock(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644));
  if (!lock.is_open()) return cannot(path, std::strerror(errno));
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return failure({.what = fmt::format("Another `hinterland render` is bringing frames called {} there.",
                                        in_quotes(name)),
                    .where = {.file = folder},
                    .mend = "Wait for it, or give this one another --name or --into."});
  return RenderFolder(folder, is_new, name, std::move(lock));
}

RenderFolder::~RenderFolder() {
  if (!lock_.is_open()) return;  // moved from
  std::error_code failed;
  // What is left there beside the lock, somebody may want to look at.
  fs::remove_all(fs::path(private_) / "own", failed);
  std::size_t others = 0;
  for (const auto& entry : fs::directory_iterator(private_, failed))
    others += entry.path().filename() == "lock" ? 0U : 1U;
  if (others == 0) fs::remove_all(private_, failed);
  if (is_new_) fs::remove(folder_, failed);  // if nothing came
}

std::string RenderFolder::manifest_path() const {
  return (fs::path(folder_) / (name_ + ".render.json")).string();
}

std::string RenderFolder::frame_at(const RenderAsk& ask, Frame frame) const {
  return (fs::path(folder_) / frame_file(name_, frame, ask.image)).string();
}

std::string RenderFolder::own(const std::string& name) const {
  return (fs::path(private_) / "own" / name).string();
}

std::string RenderFolder::scratch(const std::string& name) const {
  return (fs::path(private_) / name).string();
}

Frames RenderFolder::unclaimed(const RenderAsk& ask) const {
  std::error_code failed;
  if (fs::exists(manifest_path(), failed)) return {};
  Frames there;
  for (const Frame frame : ask.frames) {
    if (fs::exists(fs::symlink_status(frame_at(ask, frame), failed))) there.push_back(frame);
  }
  return there;
}

std::unexpected<Errors> RenderFolder::refuse(const Frames& there, const RenderAsk& ask) const {
  std::vector<std::string> names;
  for (const Frame frame : there) names.push_back(frame_file(name_, frame, ask.image));
  return failure({.what = fmt::format("{} there, and no manifest that says of which render: {}.",
                                      counted(static_cast<long long>(names.size()), "frame") +
                                          (names.size() == 1 ? " is" : " are"),
                                      names_text(names)),
                  .where = {.file = folder_},
                  .mend = "Nothing is written over: put them away, or give another --name or --into."});
}

Expected<RenderManifest> RenderFolder::claim(RenderAsk ask, const std::string& broker) const {
  std::error_code failed;
  if (!fs::exists(manifest_path(), failed))
    return RenderManifest{.name = name_, .broker = broker, .ask = std::move(ask)};
  std::ifstream file(manifest_path(), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto manifest = parse_manifest(text, manifest_path());
  if (!manifest) return std::unexpected(manifest.error());
  if (manifest->name != name_ || digest_of(manifest->ask) != digest_of(ask))
    return failure(
        {.what = fmt::format("Another render is there: {} of {}, frames {}.", name_of(manifest->ask.renderer),
                             in_quotes(manifest->name), in_quotes(frames_text(manifest->ask.frames))),
         .where = {.file = manifest_path()},
         .mend = way_beside(manifest->ask, std::move(ask), name_)});
  if (manifest->broker != broker)
    return failure({.what = fmt::format("It was submitted to {}, and this is {}.", manifest->broker, broker),
                    .where = {.file = manifest_path()},
                    .mend = "Name that one with --broker, or give another --into."});
  std::erase_if(manifest->frames, [&](const RenderedFrame& one) {
    const auto there = name_file(frame_at(manifest->ask, one.frame));
    return !there || there->hash != one.object.hash;
  });
  // What was wrong with an image may be none any more (--allow-black): it is looked at again before anybody pays for another.
  std::erase_if(manifest->faults, [](const FaultyFrame& one) { return one.fault != FrameFault::missing; });
  return manifest;
}

Expected<void> RenderFolder::save(const RenderManifest& manifest) const {
  return write_text(manifest_path(), manifest_json(manifest));
}

}  // namespace hinterland
