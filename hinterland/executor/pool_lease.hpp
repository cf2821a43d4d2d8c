// What its broker has granted a pool: a term of the broker's, and until when work of that term may begin.
//
//   it holds at t   iff   t + kNoTime < end     end = the latest  sent + lease  of all grants that count
//
// A grant of an earlier term does not count, nor one that was sent before this life of the pool: it was another's. A later
// term takes away no time that was granted. Times are ms of one clock (boot_clock.hpp).
#pragma once
#include <algorithm>
#include <cstdint>

#include "hinterland/broker/effect.hpp"

namespace hinterland {

class PoolLease {
 public:
  explicit PoolLease(std::int64_t born) : born_(born) {}

  enum class Heard : std::uint8_t { nothing, same_term, later_term };
  Heard hear(const effect::Grant& grant) {
    if (grant.term < term_ || grant.sent < born_) return Heard::nothing;
    const Heard heard = term_ < grant.term ? Heard::later_term : Heard::same_term;
    term_ = grant.term;
    length_ = grant.lease.ms;
    end_ = std::max(end_, grant.sent + grant.lease.ms);
    return heard;
  }
  // Those who do the work could not be told of more.
  void shorten(std::int64_t end) { end_ = std::min(end_, end); }

  [[nodiscard]] bool holds(std::int64_t now) const { return now + kNoTime < end_; }
  [[nodiscard]] bool allows(Term term, std::int64_t now) const { return term == term_ && holds(now); }
  [[nodiscard]] Term term() const { return term_; }
  [[nodiscard]] std::int64_t end() const { return end_; }
  [[nodiscard]] std::int64_t length() const { return length_; }  // of the last that counted; 0 before

 private:
  static constexpr std::int64_t kNoTime = 100;  // so close to its end it is over: to begin takes time too
  std::int64_t born_, end_ = 0, length_ = 0;
  Term term_;
};

}  // namespace hinterland
