// A path (site_path.hpp) on a thread of its own, for a file system may take seconds to answer, or never does.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "hinterland/staging/site_path.hpp"

namespace hinterland {

class PathThread {
 public:
  using Clock = std::function<std::int64_t()>;  // ms; it never goes back
  using Tell = std::function<void(const StagingNews&)>;
  using Work = std::function<void(SitePath&)>;

  // `tell` is called from this thread. `acts`: whether its broker still leads; if not nothing is moved. None: it does.
  PathThread(SitePath path, Clock clock, Tell tell, std::function<bool()> acts);
  PathThread(const PathThread&) = delete;
  PathThread& operator=(const PathThread&) = delete;
  // Gives up what is under way after the part that moves now. One that does not come to its end is left to itself, and says
  // nothing any more.
  ~PathThread();

  void put(Work work);
  [[nodiscard]] PathNow now() const;  // half a second old at most, unless there is trouble
  [[nodiscard]] std::optional<StagingNow> now_of(AttemptId attempt) const;
  [[nodiscard]] std::string trouble() const;  // its file systems do not answer

 private:
  struct Body;
  static void run(const std::shared_ptr<Body>& body);
  std::shared_ptr<Body> body_;
};

}  // namespace hinterland
