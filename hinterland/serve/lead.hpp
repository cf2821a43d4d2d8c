// The lead of a journal that several brokers may have open, kept: a thread of its own renews the lease, so that neither
// long work nor a long write of the broker's lets it lapse.
//
//   sure until = asked + lease,   asked: when the last renewal that succeeded was sent, by this machine's boot clock
//
// The store counts from later on, so nobody else leads before that, whatever its clock says of the time of day. The boot
// clock goes on while a process is frozen or its machine sleeps: whoever wakes up is not sure, and asks before it acts.
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

class Lead {
 public:
  // Of a journal that is led since a call of lead() at `asked`. One that nobody else can have open needs no more.
  Lead(const Journal& journal, std::int64_t asked);
  Lead(const Lead&) = delete;
  Lead& operator=(const Lead&) = delete;
  ~Lead();

  // Nobody else leads now; asks the store if that is not known. Once it has failed it fails for good. From any thread.
  [[nodiscard]] Expected<void> sure();
  // Called once, from whatever thread finds it out; if that was before, at once. When this returns, what was to be
  // called before is not, nor will be.
  void when_lost(std::function<void(const Errors&)> lost);

 private:
  void keep();
  void renew();  // with the mutex
  [[nodiscard]] bool is_sure() const;

  std::string name_;
  std::function<Expected<bool>()> renewal_;
  std::optional<Duration> lease_;
  std::atomic<std::int64_t> until_;
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stop_ = false, failed_ = false;
  std::optional<Errors> lost_;
  std::function<void(const Errors&)> when_lost_;
  std::thread thread_;
};

}  // namespace hinterland
