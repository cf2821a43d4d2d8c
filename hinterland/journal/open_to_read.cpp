#include "hinterland/journal/open_to_read.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

#include "hinterland/base/file.hpp"
#include "hinterland/journal/postgres_store.hpp"
#include "hinterland/journal/sqlite_store.hpp"
#include "hinterland/journal/step_json.hpp"

namespace hinterland {

namespace {

// What is no SQLite file is text, gzip of it perhaps; what cannot be read is for others to say.
bool looks_like_text(const std::string& file) {
  constexpr std::string_view mark = "SQLite format 3";
  std::string head(mark.size(), ' ');
  std::ifstream in(file, std::ios::binary);
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  return in.gcount() > 0 && head != mark;
}

}  // namespace

Expected<void> for_each_exported(std::string_view text, const std::string& file, const TakeExported& take) {
  for (long line = 1; !text.empty(); ++line) {
    const std::string_view one = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    const Location where{.file = file, .line = line};
    auto facts = parse_step(one, static_cast<std::uint64_t>(line), where);
    if (!facts) return std::unexpected(std::move(facts.error()));
    if (auto done = take(std::move(*facts), where); !done) return done;
  }
  return {};
}

Expected<ReadJournal> ReadJournal::open(const std::string& where) {
  ReadJournal out(where);
  if (!names_postgres(where) && looks_like_text(where)) {
    auto text = hinterland::read_text(where);
    if (!text) return std::unexpected(std::move(text.error()));
    out.text_ = std::move(*text);
    return out;
  }
  std::string file = where;
  if (!names_postgres(where) && is_open_elsewhere(where)) {
    auto copy = LiveCopy::take(where);
    if (!copy) return std::unexpected(std::move(copy.error()));
    file = copy->file();
    out.copy_.emplace(std::move(*copy));
  }
  auto journal = Journal::open(file, false);
  if (!journal) return std::unexpected(std::move(journal.error()));
  out.journal_.emplace(std::move(*journal));
  return out;
}

Expected<Recovered> ReadJournal::read_facts(const Journal::TakeFact& take) {
  if (!journal_) return read_text(take);
  auto read = journal_->read_facts(take);
  if (!read && copy_) {
    for (Error& error : read.error()) error.where.file = name_;
  }
  return read;
}

Expected<Recovered> ReadJournal::read_text(const Journal::TakeFact& take) const {
  Recovered out;
  const auto all =
      for_each_exported(text_, name_, [&](const Facts& facts, const Location& where) -> Expected<void> {
        if (out.interrupted) return {};
        const std::uint64_t step = out.steps + 1;
        const auto followed = follow_until(out.state, facts, where, [&](const Fact& fact) {
          return take({.step = step, .checksum = 0, .fact = fact, .before = out.state});
        });
        if (!followed) return std::unexpected(followed.error());
        out.interrupted = !*followed;
        if (*followed) out.steps = step;
        return {};
      });
  if (!all) return std::unexpected(all.error());
  return out;
}

}  // namespace hinterland
