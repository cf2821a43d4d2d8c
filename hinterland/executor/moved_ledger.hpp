// What went over a pool's path, and for which attempt: FOLDER/moved.log, one line each, never changed.
//
//   needs ATTEMPT BYTES         what its inputs weigh together, each counted once
//   from ATTEMPT HASH OFFSET    bytes of the object move for it, from there on ...
//   upto ATTEMPT HASH OFFSET    ... as far as there
//   over ATTEMPT                its end is durable: nobody asks for it any more
//
//   moved(attempt) = sum of (upto - from)                   moved(pool) = sum over attempts
//
// A `from` is durable before its first byte moves. One without its `upto` is of a process that was killed; how much of
// the object is there says how far it came. So the sum is what was moved, whoever is killed when.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "hinterland/base/error.hpp"
#include "hinterland/broker/names.hpp"
#include "hinterland/executor/files.hpp"

namespace hinterland {

struct MovedAccount {
  std::uint64_t needed = 0, moved = 0;  // bytes
  bool operator==(const MovedAccount&) const = default;
};

class MovedLedger {
 public:
  // `here(hash)`: how much of an object is there. Fails, located, for a folder that cannot be written, and for a line that is none.
  static Expected<MovedLedger> open(const std::string& folder,
                                    const std::function<std::uint64_t(const std::string&)>& here);

  // False: it cannot be written; then it was not said.
  bool needs(AttemptId attempt, std::uint64_t bytes);
  bool from(AttemptId attempt, const std::string& hash, std::uint64_t offset);
  // Requires its `from`. What cannot be written now is written before anything else is.
  void upto(AttemptId attempt, const std::string& hash, std::uint64_t offset);
  void over(AttemptId attempt);

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
  std::uint64_t moved_ = 0;
};

}  // namespace hinterland
