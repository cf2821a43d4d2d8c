#include "hinterland/staging/moved_ledger.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

namespace hinterland {

Expected<MovedLedger> MovedLedger::open(const std::string& folder, const Here& here) {
  MovedLedger ledger;
  const std::string name = folder + "/moved.log";
  std::int64_t line_number = 0;
  off_t whole = 0;  // what is after the last line's end was being written when its writer was killed
  {
    std::ifstream file(name, std::ios::binary);
    for (std::string line; std::getline(file, line) && !file.eof(); whole += std::ssize(line) + 1) {
      ++line_number;
      if (!ledger.take_in(line))
        return failure(
            {.what = "This is no line of a ledger of moved bytes.",
             .where = {.file = name, .line = line_number},
             .mend =
                 "Give it back as it was, or move it away: then what moved before is charged to nobody."});
    }
  }
  ledger.file_ = Handle(::open(name.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644));
  if (!ledger.file_.is_open() || ftruncate(ledger.file_.get(), whole) != 0)
    return failure(
        {.what = fmt::format("The ledger of moved bytes cannot be written: {}.", std::strerror(errno)),
         .where = {.file = name},
         .mend = "",
         .outside = true});
  for (const auto& [one, offset] : std::map(ledger.open_)) {
    const auto came = here(one.second);
    ledger.upto(one.first, one.second, std::max(offset, came.value_or(0)), came.has_value());
  }
  return ledger;
}

bool MovedLedger::take_in(const std::string& line) {
  std::istringstream words(line);
  std::string what, hash;
  AttemptId attempt;
  std::uint64_t number = 0;
  if (!(words >> what >> attempt.value)) return false;
  if (what == "over") {
    accounts_.erase(attempt);
    return true;
  }
  if (what == "needs") {
    if (!(words >> number)) return false;
    accounts_[attempt].needed = number;
    return true;
  }
  if (!(words >> hash >> number)) return false;
  if (what == "from") {
    open_[{attempt, hash}] = number;
    unseen_.erase(hash);
    accounts_.try_emplace(attempt);
    return true;
  }
  const auto began = open_.extract({attempt, hash});
  if ((what != "upto" && what != "least") || !began || number < began.mapped()) return false;
  if (what == "least") unseen_[hash] = number;
  moved_ += number - began.mapped();
  accounts_[attempt].moved += number - began.mapped();
  return true;
}

bool MovedLedger::write(const std::string& line, bool durable) {
  const std::string all = unwritten_ + line;
  struct stat about{};
  if (fstat(file_.get(), &about) != 0) return false;
  const bool written =
      write_all(file_.get(), all.data(), all.size()) && (!durable || fdatasync(file_.get()) == 0);
  if (written) {
    unwritten_.clear();
  } else {
    static_cast<void>(ftruncate(file_.get(), about.st_size));  // a part of it may be there
  }
  return written;
}

bool MovedLedger::needs(AttemptId attempt, std::uint64_t bytes) {
  const auto known = accounts_.find(attempt);
  if (known != accounts_.end() && known->second.needed == bytes) return true;
  if (!write(fmt::format("needs {} {}\n", attempt.value, bytes), false)) return false;
  accounts_[attempt].needed = bytes;
  return true;
}

bool MovedLedger::from(AttemptId attempt, const std::string& hash, std::uint64_t offset) {
  if (!write(fmt::format("from {} {} {}\n", attempt.value, hash, offset), true)) return false;
  open_[{attempt, hash}] = offset;
  unseen_.erase(hash);
  accounts_.try_emplace(attempt);
  return true;
}

void MovedLedger::upto(AttemptId attempt, const std::string& hash, std::uint64_t offset, bool sure) {
  const std::uint64_t bytes = offset - open_.extract({attempt, hash}).mapped();
  accounts_[attempt].moved += bytes;
  moved_ += bytes;
  if (!sure) unseen_[hash] = offset;
  const std::string line = fmt::format("{} {} {} {}\n", sure ? "upto" : "least", attempt.value, hash, offset);
  if (!write(line, false)) unwritten_ += line;
}

std::optional<std::uint64_t> MovedLedger::unseen_from(const std::string& hash) const {
  const auto found = unseen_.find(hash);
  return found == unseen_.end() ? std::nullopt : std::optional(found->second);
}

void MovedLedger::over(AttemptId attempt) {
  if (accounts_.erase(attempt) == 0) return;
  const std::string line = fmt::format("over {}\n", attempt.value);
  if (!write(line, false)) unwritten_ += line;
}

}  // namespace hinterland
