#include "hinterland/staging/path_thread.hpp"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace hinterland {

namespace {

constexpr std::int64_t kNowEvery = 500;     // ms
constexpr std::int64_t kNoAnswer = 15'000;  // ms of one part, after which that is said
constexpr std::int64_t kLookWhoLeads = 1'000;
constexpr std::chrono::milliseconds kPatience{2'000};  // with a part that does not end, at the end

}  // namespace

struct PathThread::Body {
  SitePath path;
  Clock clock;
  Tell tell;
  std::function<bool()> acts;

  std::mutex mutex;
  std::condition_variable came, gone;
  std::vector<Work> work;
  PathNow now;
  std::int64_t now_at = 0;
  std::optional<std::int64_t> busy_since;
  bool stop = false, stopped = false;

  Body(SitePath the_path, Clock the_clock, Tell the_tell, std::function<bool()> the_acts)
      : path(std::move(the_path)),
        clock(std::move(the_clock)),
        tell(std::move(the_tell)),
        acts(std::move(the_acts)),
        now(path.now()) {}
};

PathThread::PathThread(SitePath path, Clock clock, Tell tell, std::function<bool()> acts)
    : body_(std::make_shared<Body>(std::move(path), std::move(clock), std::move(tell), std::move(acts))) {
  std::thread([body = body_] { run(body); }).detach();
}

PathThread::~PathThread() {
  std::unique_lock lock(body_->mutex);
  body_->stop = true;
  body_->came.notify_one();
  body_->gone.wait_for(lock, kPatience, [this] { return body_->stopped; });
}

void PathThread::put(Work work) {
  const std::lock_guard lock(body_->mutex);
  body_->work.push_back(std::move(work));
  body_->came.notify_one();
}

PathNow PathThread::now() const {
  const std::lock_guard lock(body_->mutex);
  return body_->now;
}

std::optional<StagingNow> PathThread::now_of(AttemptId attempt) const {
  const std::lock_guard lock(body_->mutex);
  const auto found = body_->now.attempts.find(attempt);
  return found == body_->now.attempts.end() ? std::nullopt : std::optional(found->second);
}

std::string PathThread::trouble() const {
  const std::lock_guard lock(body_->mutex);
  if (!body_->busy_since) return "";
  const std::int64_t busy = body_->clock() - *body_->busy_since;
  constexpr std::int64_t ms_per_s = 1000;
  return busy < kNoAnswer ? "" : fmt::format("its path has not answered for {} s", busy / ms_per_s);
}

// One thing after the other; the lock is held only between them.
void PathThread::run(const std::shared_ptr<Body>& body) {
  Body& it = *body;
  std::unique_lock lock(it.mutex);
  std::optional<std::int64_t> wait = 0;
  while (!it.stop) {
    const auto waited = [&] { return it.stop || !it.work.empty(); };
    if (!wait) {
      it.came.wait(lock, waited);
    } else if (*wait > 0) {
      it.came.wait_for(lock, std::chrono::milliseconds(*wait), waited);
    }
    if (it.stop) break;
    const std::vector<Work> work = std::exchange(it.work, {});
    it.busy_since = it.clock();
    lock.unlock();
    for (const Work& one : work) one(it.path);
    std::vector<StagingNews> news;
    const bool may = !it.acts || it.acts();
    wait = may ? it.path.step(it.clock(), news) : std::optional(kLookWhoLeads);
    const std::int64_t now = it.clock();
    const bool fresh = now - it.now_at >= kNowEvery || !news.empty() || !wait;
    PathNow standing = fresh ? it.path.now() : PathNow{};
    lock.lock();
    it.busy_since.reset();
    if (fresh) {
      it.now = std::move(standing);
      it.now_at = now;
    }
    if (it.stop) break;
    for (const StagingNews& one : news) it.tell(one);
  }
  it.stopped = true;
  it.gone.notify_one();
}

}  // namespace hinterland
