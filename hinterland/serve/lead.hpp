// The lead of a journal that several brokers may have open, kept: a thread of its own renews the lease, so that neither
// long work nor a long write of the broker's lets it lapse.
//
//   sure until = asked + lease,   asked: when the last renewal that succeeded was sent, by this machine's boot clock
//
// The store counts from later on, so nobody else leads before that, whatever its clock says of the time of day. The boot
// clock goes on while a process is frozen or its machine sleeps: whoever wakes up is not sure, and asks before it acts.
//
// A broker whose one thread hangs (in a file of a dead mount, say) must not keep the lead by this one: once alive() was called, the
// lease is renewed, by whatever thread, only while the last call of it is no longer ago than kStandsStill.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "hinterland/journal/journal.hpp"

namespace hinterland {

// Longer than any one thing takes that a broker's thread does.
inline constexpr Duration kStandsStill{10'000};

class Lead {
 public:
  // Of a journal that is led since a call of lead() at `asked`. One that nobody else can have open needs no more.
  Lead(const Journal& journal, std::int64_t asked, Duration stands_still = kStandsStill);
  Lead(const Lead&) = delete;
  Lead& operator=(const Lead&) = delete;
  ~Lead();

  // Nobody else leads now; asks the store if that is not known. Once it is lost it fails for good; where the broker's thread
  // stands still it fails until that goes on. From any thread.
  [[nodiscard]] Expected<void> sure();
  // The thread that does the broker's work goes on: from its first call on, to be called again and again. From that thread.
  void alive();
  // What it does now takes as long as it takes.
  void alive_no_more();
  // Called once, from whatever thread finds it out; if that was before, at once. When this returns, what was to be
  // called before is not, nor will be.
  void when_lost(std::function<void(const Errors&)> lost);

 private:
  void keep();
  void renew();  // with the mutex
  [[nodiscard]] bool is_sure() const;
  [[nodiscard]] bool stands_still() const;

  std::string name_;
  std::function<Expected<bool>()> renewal_;
  std::optional<Duration> lease_;
  std::int64_t stands_still_ms_;
  std::atomic<std::int64_t> until_;
  std::atomic<std::int64_t> alive_ = 0;  // when it last was; 0: nobody has said so yet
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stop_ = false, failed_ = false;
  std::optional<Errors> lost_;
  std::function<void(const Errors&)> when_lost_;
  std::thread thread_;
};

}  // namespace hinterland
