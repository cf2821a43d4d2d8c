// Watches a render's jobs until they are over, and takes in what their tasks leave: each image is fetched, looked at, and put where
// it belongs if it is well.
//
// A frame costs O(log n) of n to take in, beside its own bytes. What speaks of all n at once takes a twentieth of the time at most, if a job
// is not over or left: asking which tasks have ended, at once otherwise, and saving the manifest, every 2 s otherwise. What came since then is
// fetched again, and costs nothing.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hinterland/render/render_folder.hpp"
#include "hinterland/render/render_ports.hpp"

namespace hinterland {

enum class WatchEnd {
  over,         // all its tasks ended, and what they left is taken in
  cancelled,    // by somebody
  over_budget,  // it is held
  interrupted,  // by the user: it goes on
};

class RenderWatch {
 public:
  // All must outlive it; the manifest is kept up to date, here and in its folder.
  RenderWatch(const RenderPorts& ports, const RenderFolder& folder, const ImageWanted& wanted,
              RenderManifest& manifest, std::optional<double> budget)
      : ports_(ports), folder_(folder), wanted_(wanted), manifest_(manifest), budget_(budget) {}

  // A job with a budget is held where it is left before its end, by Ctrl-C or a disk that is full.
  // A broker that does not answer is waited for, ten minutes each time. Fails where it does not come back, and where this machine
  // fails: a full disk stays full.
  Expected<WatchEnd> watch(const RenderJob& job);

  // How far all of it is. False: the user wants it to stop.
  bool tell();
  // The job that is watched no longer is held: it has a budget, and nobody else would hold it to that.
  [[nodiscard]] bool is_held() const { return is_held_; }
  // What all jobs that were watched have cost so far.
  [[nodiscard]] double spent() const;
  [[nodiscard]] const std::string& currency() const { return currency_; }
  // Frames that came and have no place: another file is there. Where they are instead.
  [[nodiscard]] const std::vector<std::string>& displaced() const { return displaced_; }

 private:
  bool held(const RenderJob& job);
  Expected<WatchEnd> follow(const RenderJob& job);
  template <class T>
  Expected<T> patiently(const std::function<Expected<T>()>& ask);
  [[nodiscard]] std::set<std::uint32_t> open_tasks(const RenderJob& job) const;
  Expected<bool> take_ended(const RenderJob& job, bool is_over, std::set<std::uint32_t>& open);
  Expected<void> take_in(const RenderJob& job, const TaskRow& row);
  struct Image {
    RenderedFrame frame;
    std::string file;  // where it lies until it was looked at
  };
  Expected<Image> fetch(const TaskPlace& from, Frame frame, const Object& object, Duration took);
  Expected<void> take(Image image, const std::optional<FrameFault>& fault);
  void note_missing(const RenderJob& job, const TaskRow& row);
  Expected<WatchEnd> left(WatchEnd end);
  Expected<void> save_if_due();
  Expected<void> save();

  RenderPorts ports_;
  const RenderFolder& folder_;
  ImageWanted wanted_;
  RenderManifest& manifest_;
  std::optional<double> budget_;
  std::size_t came_before_ = manifest_.frames.size();
  std::optional<Duration> save_at_, ask_at_;  // not before
  std::map<std::uint32_t, double> costs_;
  std::string currency_;
  bool is_held_ = false;
  std::vector<std::string> displaced_;
};

}  // namespace hinterland
