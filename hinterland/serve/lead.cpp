#include "hinterland/serve/lead.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "hinterland/executor/boot_clock.hpp"

namespace hinterland {

namespace {

constexpr std::int64_t kRenewals = 5;  // within a lease
constexpr std::int64_t kTries = 20;    // when one fails

}  // namespace

Lead::Lead(const Journal& journal, std::int64_t asked, Duration stands_still)
    : name_(journal.name()),
      renewal_(journal.renewal()),
      lease_(journal.lease()),
      stands_still_ms_(stands_still.ms),
      until_(lease_ ? asked + lease_->ms : 0) {
  if (lease_) thread_ = std::thread([this] { keep(); });
}

Lead::~Lead() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopping_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Lead::keep() {
  std::unique_lock lock(mutex_);
  const auto pause = [&] { return std::chrono::milliseconds(lease_->ms / (failed_ ? kTries : kRenewals)); };
  while (!stopping_.wait_for(lock, pause(), [this] { return stop_ || lost_; })) {
    if (!stands_still()) renew();
  }
}

void Lead::alive() { alive_ = boot_ms(); }
void Lead::alive_no_more() { alive_ = 0; }
bool Lead::stands_still() const {
  const std::int64_t last = alive_;
  return last != 0 && boot_ms() > last + stands_still_ms_;
}

bool Lead::is_sure() const { return boot_ms() < until_; }

void Lead::renew() {
  const std::int64_t asked = boot_ms();
  const auto leads = renewal_();
  failed_ = !leads;
  if (leads && *leads) {
    until_ = asked + lease_->ms;
  } else if (leads) {
    lost_ = {
        {.what = "Another broker has taken over.", .where = {.file = name_}, .mend = "", .outside = true}};
  } else if (!is_sure()) {  // until then it may be tried again
    lost_ = leads.error();
  }
  if (!lost_) return;
  until_ = 0;
  if (when_lost_) std::exchange(when_lost_, {})(*lost_);
}

Expected<void> Lead::sure() {
  if (!lease_ || is_sure()) return {};
  const std::lock_guard lock(mutex_);
  if (!lost_ && !is_sure() && stands_still())
    return failure(
        {.what = fmt::format("The broker stands still for more than {} s.", stands_still_ms_ / 1000),
         .where = {.file = name_},
         .mend = "",
         .outside = true});
  if (!lost_ && !is_sure()) renew();
  return lost_ ? Expected<void>(std::unexpected(*lost_)) : Expected<void>();
}

void Lead::when_lost(std::function<void(const Errors&)> lost) {
  const std::lock_guard lock(mutex_);
  when_lost_ = std::move(lost);
  if (lost_ && when_lost_) std::exchange(when_lost_, {})(*lost_);
}

}  // namespace hinterland
