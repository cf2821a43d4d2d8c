// What went over a pool's path one way, and for which attempt: FOLDER/moved.log, one line each, never changed.
//
//   needs ATTEMPT BYTES         what its inputs, or outputs, weigh together, each counted once
//   from ATTEMPT HASH OFFSET    bytes of the object move for it, from there on ...
//   upto ATTEMPT HASH OFFSET    ... as far as there
//   least ATTEMPT HASH OFFSET   ... as far as there at least: the other end has not said how much more of it came
//   over ATTEMPT                its end is durable: nobody asks for it any more
//
//   moved(attempt) = sum of (upto - from)                   moved(pool) = sum over attempts
//
// A `from` is durable before its first byte moves. One without its `upto` is of a process that was killed; how much of
// the object is there says how far it came. After a `least` the next `from` of that object is at its offset: what had
// come unseen is on the account of whoever comes next. So the sum is what was moved, whoever is killed when.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "hinterland/base/error.hpp"
#include "hinterland/broker/names.hpp"
#include "hinterland/staging/files.hpp"

namespace hinterland {

struct MovedAccount {
  std::uint64_t needed = 0, moved = 0;  // bytes
  bool operator==(const MovedAccount&) const = default;
};

class MovedLedger {
 public:
  // How much of an object is there; nullopt: that cannot be said now.
  using Here = std::function<std::optional<std::uint64_t>(const std::string& hash)>;
  // Fails, located, for a folder that cannot be written, and for a line that is none.
  static Expected<MovedLedger> open(const std::string& folder, const Here& here);

  // False: it cannot be written; then it was not said.
  bool needs(AttemptId attempt, std::uint64_t bytes);
  bool from(AttemptId attempt, const std::string& hash, std::uint64_t offset);
  // Requires its `from`. What cannot be written now is written before anything else is. Not `sure`: it is the least.
  void upto(AttemptId attempt, const std::string& hash, std::uint64_t offset, bool sure = true);
  void over(AttemptId attempt);

  // From where on nobody knows yet what of it came; nullopt: all that came is counted.
  [[nodiscard]] std::optional<std::uint64_t> unseen_from(const std::string& hash) const;
  // Of those that are not over.
  [[nodiscard]] const std::map<AttemptId, MovedAccount>& accounts() const { return accounts_; }
  [[nodiscard]] std::uint64_t moved() const { return moved_; }  // of all

 private:
  [[nodiscard]] bool take_in(const std::string& line);
  bool write(const std::string& line, bool durable);

  Handle file_;
  std::string unwritten_;
  std::map<AttemptId, MovedAccount> accounts_;
  std::map<std::pair<AttemptId, std::string>, std::uint64_t> open_;  // from where
  std::map<std::string, std::uint64_t> unseen_;                      // objects whose last line is a `least`
  std::uint64_t moved_ = 0;
};

}  // namespace hinterland
