#include "hinterland/journal/journal.hpp"

#include <fmt/format.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "hinterland/broker/check_fact.hpp"
#include "hinterland/journal/codec.hpp"
#include "hinterland/journal/postgres_store.hpp"
#include "hinterland/journal/sqlite_store.hpp"

namespace hinterland {

namespace {

constexpr std::uint64_t kGap = 1000;   // jobs, that are passed over rather than read
constexpr std::uint64_t kLook = 1024;  // steps, between two looks at whether to stop

std::uint64_t checksum_of(const std::string& bytes, std::uint64_t before) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), before);
}

std::uint64_t jobs_in(std::span<const Fact> facts) {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      facts, [](const Fact& fact) { return std::holds_alternative<fact::Accepted>(fact); }));
}

}  // namespace

namespace {

// `look` is called with each fact before it changes the state, and may say stop: false then.
template <class Look>
Expected<bool> follow_with(State& state, const Facts& facts, const Location& where, const Look& look) {
  for (const Fact& fact : facts) {
    if (const char* const why = check_fact(state, fact))
      return failure({.what = fmt::format("It does not follow from those before it: {}.", why),
                      .where = where,
                      .mend = "Give what `hinterland journal export` wrote, unchanged."});
    if (!look(fact)) return false;
    evolve(state, fact);
  }
  return true;
}

}  // namespace

Expected<void> follow(State& state, const Facts& facts, const Location& where) {
  const auto followed = follow_with(state, facts, where, [](const Fact&) { return true; });
  if (!followed) return std::unexpected(followed.error());
  return {};
}

Expected<bool> follow_until(State& state, const Facts& facts, const Location& where,
                            const std::function<bool(const Fact&)>& look) {
  return follow_with(state, facts, where, look);
}

Expected<Journal> Journal::open(const std::string& where, bool create) {
  auto store = names_postgres(where) ? open_postgres_store(where, create) : open_sqlite_store(where, create);
  if (!store) return std::unexpected(store.error());
  return Journal(std::move(*store));
}

Journal::Journal(std::unique_ptr<JournalStore> store) : store_(std::move(store)) {}

std::unexpected<Errors> Journal::damaged(std::uint64_t step, std::string what) const {
  return failure(
      {.what = std::move(what),
       .where = {.file = name(), .field = fmt::format("step {}", step)},
       .mend = fmt::format("What is before it is whole: `hinterland journal export --until {}`.", step - 1)});
}

// From `place` on, which moves along.
Expected<Recovered> Journal::fold(Recovered from, Place& place, const Take& take, const TakeFact& take_fact) {
  std::optional<Errors> wrong;
  const auto one = [&](const StoredStep& stored) {
    const std::uint64_t step = place.step + 1;
    const auto fail = [&](std::string what) {
      wrong = damaged(step, std::move(what)).error();
      return false;
    };
    if (stored.number != step) return fail(fmt::format("It is missing; the next is step {}.", stored.number));
    const std::uint64_t checksum = checksum_of(stored.facts, place.checksum);
    if (stored.checksum != checksum) return fail("It is damaged: its checksum is another.");
    const auto facts = decode_facts(stored.facts);
    if (!facts && is_of_later_format(stored.facts))
      return fail(fmt::format("It is of format {}, and this program knows none after {}.",
                              static_cast<unsigned char>(stored.facts.front()), kFormat));
    if (!facts) return fail("It is not of a form that this program knows.");
    const std::uint64_t jobs = jobs_in(*facts);
    if (stored.first_job != (jobs > 0 ? std::optional(place.jobs) : std::nullopt))
      return fail("Its jobs are numbered wrongly.");
    if (!take(step, *facts, from.state)) {
      from.interrupted = true;
      return false;
    }
    const auto done = follow_with(from.state, *facts, {}, [&](const Fact& fact) {
      return !take_fact ||
             take_fact({.step = step, .checksum = checksum, .fact = fact, .before = from.state});
    });
    if (!done) return fail(done.error().front().what);
    if (!*done) {
      from.interrupted = true;
      return false;
    }
    place = {.step = step, .checksum = checksum, .jobs = place.jobs + jobs};
    from.steps = step;
    return true;
  };
  if (auto done = store_->read(place.step + 1, one); !done) {
    const Error& error = done.error().front();
    return error.outside ? std::unexpected(std::move(done.error())) : damaged(place.step + 1, error.what);
  }
  if (wrong) return std::unexpected(std::move(*wrong));
  return from;
}

Expected<Recovered> Journal::recover(Progress& progress) {
  Recovered from;
  const auto snapshot = store_->snapshot();
  if (!snapshot) return std::unexpected(snapshot.error());
  if (*snapshot) {
    const StoredSnapshot& kept = **snapshot;
    auto state = checksum_of(kept.state, kept.step_checksum) == kept.checksum ? decode_state(kept.state)
                                                                              : std::nullopt;
    if (state) {
      last_ = {.step = kept.step, .checksum = kept.step_checksum, .jobs = state->jobs.size()};
      from.state = std::move(*state);
      from.steps = from.from_snapshot = snapshot_ = kept.step;
    } else {
      from.snapshot_was_damaged = true;
    }
  }
  return fold(std::move(from), last_, [&](std::uint64_t step, const Facts&, const State&) {
    return step % kLook != 0 || progress.step("reading the journal", static_cast<std::int64_t>(step), 0);
  });
}

std::unexpected<Errors> Journal::no_more() const {
  return failure({.what = "Nothing is written after a failure.",
                  .where = {.file = name()},
                  .mend = "",
                  .outside = true});
}

Expected<void> Journal::append(std::span<const Facts> steps) {
  if (failed_) return no_more();
  std::vector<StoredStep> rows;
  rows.reserve(steps.size());
  Place place = last_;
  for (const Facts& facts : steps) {
    StoredStep row{.number = ++place.step, .checksum = 0, .first_job = {}, .facts = encode(facts)};
    row.checksum = place.checksum = checksum_of(row.facts, place.checksum);
    if (const std::uint64_t jobs = jobs_in(facts); jobs > 0) {
      row.first_job = place.jobs;
      place.jobs += jobs;
    }
    rows.push_back(std::move(row));
  }
  if (auto done = store_->append(rows); !done) {
    failed_ = true;
    return done;
  }
  last_ = place;
  return {};
}

Expected<void> Journal::keep_snapshot(const State& state) { return keep_snapshot(encode(state)); }

Expected<void> Journal::keep_snapshot(std::string encoded) {
  if (failed_) return no_more();
  StoredSnapshot snapshot{
      .step = last_.step, .step_checksum = last_.checksum, .checksum = 0, .state = std::move(encoded)};
  snapshot.checksum = checksum_of(snapshot.state, last_.checksum);
  auto done = store_->put_snapshot(snapshot);
  if (done) snapshot_ = snapshot.step;
  return done;
}

std::unexpected<Errors> Journal::knows_no(JobNumber job) const {
  return failure(
      {.what = fmt::format("It knows no job {}.", job.value), .where = {.file = name()}, .mend = ""});
}

Expected<void> Journal::requests_of(std::span<const JobNumber> jobs, const TakeRequest& take) {
  for (std::size_t next = 0; next < jobs.size();) {
    const std::size_t before = next;
    std::optional<std::uint64_t> damaged_step;
    auto done = store_->read_jobs(jobs[next].value, [&](const StoredStep& stored) {
      const auto facts = decode_facts(stored.facts);
      if (!facts) damaged_step = stored.number;
      if (!facts) return false;
      std::uint64_t job = stored.first_job.value_or(0);
      for (const Fact& fact : *facts) {
        const auto* const accepted = std::get_if<fact::Accepted>(&fact);
        if (accepted == nullptr) continue;
        if (next < jobs.size() && jobs[next].value == job) take(jobs[next++], accepted->job);
        ++job;
      }
      return next < jobs.size() && jobs[next].value < job + kGap;
    });
    if (damaged_step) return damaged(*damaged_step, "It is damaged.");
    if (!done) return done;
    if (next == before) return knows_no(jobs[next]);
  }
  return {};
}

Expected<JobRequest> Journal::request_of(JobNumber job) {
  const auto is_kept = [&] { return job.value >= kept_first_ && job.value - kept_first_ < kept_.size(); };
  if (is_kept()) return kept_[job.value - kept_first_];
  std::optional<StoredStep> step;
  const auto read = store_->read_jobs(job.value, [&](const StoredStep& first) {
    step = first;
    return false;
  });
  if (!read) return std::unexpected(read.error());
  if (!step) return knows_no(job);
  const auto facts = decode_facts(step->facts);
  if (!facts) return damaged(step->number, "It is damaged.");
  kept_first_ = step->first_job.value_or(0);
  kept_.clear();
  for (const Fact& fact : *facts) {
    if (const auto* const accepted = std::get_if<fact::Accepted>(&fact)) kept_.push_back(accepted->job);
  }
  return is_kept() ? Expected<JobRequest>(kept_[job.value - kept_first_]) : knows_no(job);
}

Expected<Recovered> Journal::read(const Take& take) {
  Place place;
  return fold({}, place, take);
}

Expected<void> Journal::read_from(std::uint64_t first, const TakeLater& take) {
  std::optional<std::uint64_t> damaged_step;
  auto done = store_->read(first, [&](const StoredStep& stored) {
    const auto facts = decode_facts(stored.facts);
    if (!facts) damaged_step = stored.number;
    return facts && take(stored.number, stored.first_job.value_or(0), *facts);
  });
  if (damaged_step) return damaged(*damaged_step, "It is damaged.");
  return done;
}

Expected<Recovered> Journal::read_facts(const TakeFact& take) {
  Place place;
  return fold({}, place, [](std::uint64_t, const Facts&, const State&) { return true; }, take);
}

Expected<Recovered> Journal::check(Progress& progress) {
  const auto snapshot = store_->snapshot();
  if (!snapshot) return std::unexpected(snapshot.error());
  // One of an older format is passed over by recover(), so there is nothing to hold against the steps.
  const bool older = *snapshot && is_of_older_format((*snapshot)->state) &&
                     checksum_of((*snapshot)->state, (*snapshot)->step_checksum) == (*snapshot)->checksum;
  bool same = older || !*snapshot || (*snapshot)->step == 0;
  const auto compare = [&](std::uint64_t steps, const State& state) {
    if (*snapshot && !older && (*snapshot)->step == steps) same = encode(state) == (*snapshot)->state;
  };
  auto all = read([&](std::uint64_t step, const Facts&, const State& before) {
    compare(step - 1, before);
    return step % kLook != 0 || progress.step("checking the journal", static_cast<std::int64_t>(step), 0);
  });
  if (!all || all->interrupted) return all;
  compare(all->steps, all->state);
  if (!same)
    return failure({.what = "Its snapshot is not what its steps give.",
                    .where = {.file = name(), .field = fmt::format("step {}", (*snapshot)->step)},
                    .mend = "Export it and import that: the steps are whole."});
  if (const auto sound = store_->check(); !sound) return std::unexpected(sound.error());
  return all;
}

}  // namespace hinterland
