// A journal for whoever only reads it: a file or database as Journal::open() has it; the file of a broker that runs, of which
// a copy is taken (live_copy.hpp); or what `hinterland journal export` wrote.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "hinterland/journal/journal.hpp"
#include "hinterland/journal/live_copy.hpp"

namespace hinterland {

// Calls `take(facts, where)` for each line of an export, in order, until it fails; fails at a line that is no step, or not
// the next one.
using TakeExported = std::function<Expected<void>(Facts facts, const Location& where)>;
Expected<void> for_each_exported(std::string_view text, const std::string& file, const TakeExported& take);

class ReadJournal {
 public:
  static Expected<ReadJournal> open(const std::string& where);

  // Checked as Journal::read_facts() does; once. The steps of an export have no checksums.
  Expected<Recovered> read_facts(const Journal::TakeFact& take);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool is_live() const { return copy_.has_value(); }

 private:
  explicit ReadJournal(std::string name) : name_(std::move(name)) {}
  Expected<Recovered> read_text(const Journal::TakeFact& take) const;

  std::string name_;
  std::optional<LiveCopy> copy_;
  std::optional<Journal> journal_;
  std::string text_;  // of an export
};

}  // namespace hinterland
