#include "hinterland/staging/site_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

namespace hinterland {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLeastPart = 16'384, kMostPart = 1'048'576;  // bytes that move at once
constexpr double kPartsPerSecond = 20;
constexpr std::int64_t kAgain = 5'000;  // ms until what failed outside is tried again

std::size_t part_size(double bytes_per_s) {
  if (bytes_per_s <= 0) return kMostPart;
  return static_cast<std::size_t>(std::clamp(bytes_per_s / kPartsPerSecond, static_cast<double>(kLeastPart),
                                             static_cast<double>(kMostPart)));
}

void take_out(std::deque<AttemptId>& list, AttemptId attempt) { std::erase(list, attempt); }

Errors unwritten(const std::string& folder) {
  return {{.what = "The ledger of moved bytes cannot be written.",
           .where = {.file = folder},
           .mend = "",
           .outside = true}};
}

}  // namespace

Expected<SitePath> SitePath::open(PathRules rules, std::unique_ptr<ObjectSource> from,
                                  std::unique_ptr<ObjectPlace> to) {
  std::error_code trouble;
  fs::create_directories(rules.folder, trouble);
  if (trouble)
    return failure({.what = fmt::format("The folder of a pool's path cannot be made: {}.", trouble.message()),
                    .where = {.file = rules.folder},
                    .mend = "",
                    .outside = true});
  auto ledger = MovedLedger::open(rules.folder, [&](const std::string& hash) { return to->here(hash); });
  if (!ledger) return std::unexpected(std::move(ledger.error()));
  SitePath path(std::move(rules), std::move(from), std::move(to), std::move(*ledger));
  for (const ObjectPlace::Kept& one : path.to_->kept()) path.keep(one.name, one.bytes);
  path.make_room();
  return path;
}

SitePath::SitePath(PathRules rules, std::unique_ptr<ObjectSource> from, std::unique_ptr<ObjectPlace> to,
                   MovedLedger ledger)
    : rules_(std::move(rules)),
      from_(std::move(from)),
      to_(std::move(to)),
      ledger_(std::move(ledger)),
      part_(part_size(rules_.bytes_per_s)) {
  if (rules_.bytes_per_s > 0) pace_ = PathPace(rules_.bytes_per_s, static_cast<double>(part_));
}

// --- what the place holds

void SitePath::keep(const std::string& name, std::uint64_t bytes) {
  lose(name);
  kept_[name] = {.bytes = bytes, .used = ++uses_};
  cached_ += bytes;
}
void SitePath::lose(const std::string& name) {
  if (const auto kept = kept_.extract(name)) cached_ -= kept.mapped().bytes;
}

void SitePath::make_room() {
  if (rules_.cache_bytes == 0 || cached_ <= rules_.cache_bytes) return;
  const std::set<std::string> wanted = wanted_names();
  std::vector<std::pair<std::uint64_t, std::string>> old;
  for (const auto& [name, file] : kept_) {
    if (!wanted.contains(name)) old.emplace_back(file.used, name);
  }
  std::ranges::sort(old);
  for (const auto& [used, name] : old) {
    if (cached_ <= rules_.cache_bytes) return;
    if (to_->let_go(name)) lose(name);
  }
}

void SitePath::let_go(const std::vector<std::string>& hashes) {
  const std::set<std::string> wanted = wanted_names();
  for (const std::string& hash : hashes) {
    for (const std::string& name : {hash, part_of(hash)}) {
      if (!wanted.contains(name) && to_->let_go(name)) lose(name);
    }
  }
}

void SitePath::let_all_go() {
  const std::set<std::string> wanted = wanted_names();
  for (const auto& [name, file] : std::map(kept_)) {
    if (!wanted.contains(name) && to_->let_go(name)) lose(name);
  }
}

std::set<std::string> SitePath::wanted_names() const {
  std::set<std::string> names;
  for (const auto& [attempt, one] : wanted_) {
    for (const std::string& hash : one.hashes) names.insert({hash, part_of(hash)});
  }
  return names;
}

// --- what attempts want

void SitePath::want(AttemptId attempt, const std::vector<std::string>& hashes) {
  const std::set<std::string> once(hashes.begin(), hashes.end());
  if (!wanted_.try_emplace(attempt, Wanted{.hashes = {once.begin(), once.end()}}).second) return;
  fresh_.push_back(attempt);
}

MovedAccount SitePath::drop(AttemptId attempt) {
  if (const auto found = wanted_.find(attempt); found != wanted_.end()) {
    close(attempt, found->second);
    wanted_.erase(found);
    for (auto* list : {&fresh_, &waiting_, &moving_}) take_out(*list, attempt);
    make_room();
  }
  const auto account = ledger_.accounts().find(attempt);
  return account == ledger_.accounts().end() ? MovedAccount{} : account->second;
}

void SitePath::tell(AttemptId attempt, StagingNews::What what, News& news) const {
  const auto account = ledger_.accounts().find(attempt);
  news.push_back({.attempt = attempt,
                  .what = what,
                  .account = account == ledger_.accounts().end() ? MovedAccount{} : account->second});
}

const ObjectTransfer* SitePath::transfer_of(const std::string& hash) const {
  for (const AttemptId attempt : moving_) {
    const auto& transfer = wanted_.at(attempt).transfer;
    if (transfer && transfer->hash() == hash) return &*transfer;
  }
  return nullptr;
}

std::uint64_t SitePath::here(const Wanted& one) const {
  std::uint64_t bytes = one.needed;
  for (const auto& [hash, size] : one.missing) {
    const ObjectTransfer* const moves = transfer_of(hash);
    const auto part = kept_.find(part_of(hash));
    bytes -= size - std::min(size, moves != nullptr      ? moves->here()
                                   : part != kept_.end() ? part->second.bytes
                                                         : 0);
  }
  return bytes;
}

double SitePath::rate(const Wanted& one) const {
  constexpr double ms_per_s = 1000;
  const std::uint64_t bytes = here(one);
  if (!one.began || one.last_ms <= one.began_ms || bytes <= one.had) return 0;
  return static_cast<double>(bytes - one.had) * ms_per_s / static_cast<double>(one.last_ms - one.began_ms);
}

// Who waits for what others move has it at their rate.
PathNow SitePath::now() const {
  PathNow out{
      .moved = ledger_.moved(), .cached = cached_, .most_bytes_per_s = rules_.bytes_per_s, .attempts = {}};
  for (const auto& [attempt, one] : wanted_) {
    StagingNow now{.needed = one.needed, .here = here(one), .bytes_per_s = 0, .trouble = one.trouble};
    now.bytes_per_s = rate(one);
    for (const AttemptId other : one.transfer ? std::deque<AttemptId>() : moving_) {
      const Wanted& moves = wanted_.at(other);
      if (moves.transfer && one.missing.contains(moves.transfer->hash())) now.bytes_per_s += rate(moves);
    }
    if (one.transfer) out.moved += one.transfer->here() - one.moves_from;
    if (!one.missing.empty() || !one.trouble.empty()) out.attempts.emplace(attempt, std::move(now));
  }
  return out;
}

// --- one thing after the other

std::optional<std::int64_t> SitePath::step(std::int64_t now_ms, News& news) {
  const auto due = [&](AttemptId attempt) { return wanted_.at(attempt).not_before_ms <= now_ms; };
  if (const auto next = std::ranges::find_if(fresh_, due); next != fresh_.end()) {
    look(*next, now_ms, news);
    return 0;
  }
  promote(now_ms, news);
  if (!moving_.empty()) {
    if (const std::int64_t wait = pace_.wait(now_ms); wait > 0) return wait;
    const AttemptId attempt = moving_.front();
    moving_.pop_front();
    moving_.push_back(attempt);
    move(attempt, now_ms, news);
    return 0;
  }
  std::optional<std::int64_t> next;
  for (const auto* list : {&fresh_, &waiting_}) {
    for (const AttemptId attempt : *list) {
      const std::int64_t wait = wanted_.at(attempt).not_before_ms - now_ms;
      if (wait > 0) next = std::min(next.value_or(wait), wait);
    }
  }
  return next;
}

// What of it is missing.
void SitePath::look(AttemptId attempt, std::int64_t now_ms, News& news) {
  Wanted& one = wanted_.at(attempt);
  one.missing.clear();
  one.needed = 0;
  for (const std::string& hash : one.hashes) {
    const auto size = from_->size_of(hash);
    if (!size) return fail(attempt, size.error(), now_ms, news);
    one.needed += *size;
    const auto there = to_->has(hash);
    if (!there) return fail(attempt, there.error(), now_ms, news);
    if (*there) {
      if (!count_unseen(attempt, hash, *size)) return fail(attempt, unwritten(rules_.folder), now_ms, news);
      keep(hash, *size);
    } else {
      lose(hash);
      one.missing.emplace(hash, *size);
    }
  }
  if (!ledger_.needs(attempt, one.needed)) return fail(attempt, unwritten(rules_.folder), now_ms, news);
  one.began = false;
  take_out(fresh_, attempt);
  if (one.missing.empty()) return tell(attempt, StagingNews::What::whole, news);
  waiting_.push_back(attempt);
  if (!std::exchange(one.told, true)) tell(attempt, StagingNews::What::begun, news);
}

// All of it came, the last without anybody having been told.
bool SitePath::count_unseen(AttemptId attempt, const std::string& hash, std::uint64_t size) {
  const auto from = ledger_.unseen_from(hash);
  if (!from || transfer_of(hash) != nullptr) return true;
  if (!ledger_.from(attempt, hash, *from)) return false;
  ledger_.upto(attempt, hash, std::max(*from, size));
  return true;
}

void SitePath::promote(std::int64_t now_ms, News& news) {
  for (std::size_t k = 0; k < waiting_.size() && moving_.size() < kMostAtOnce;) {
    const AttemptId attempt = waiting_[k];
    const std::size_t waited = waiting_.size();
    if (wanted_.at(attempt).not_before_ms <= now_ms) static_cast<void>(lead(attempt, now_ms, news));
    if (waiting_.size() == waited) ++k;
  }
}

// Begins to move the first of what it misses that moves for nobody else. False: there is none, or it cannot be.
bool SitePath::lead(AttemptId attempt, std::int64_t now_ms, News& news) {
  Wanted& one = wanted_.at(attempt);
  const auto free = std::ranges::find_if(
      one.missing, [&](const auto& missing) { return transfer_of(missing.first) == nullptr; });
  if (free == one.missing.end()) return false;
  auto transfer = ObjectTransfer::begin(*from_, *to_, free->first);
  if (!transfer) {
    fail(attempt, transfer.error(), now_ms, news);
    return false;
  }
  // What came unseen before is counted for whoever moves the rest.
  one.moves_from = std::min(transfer->here(), ledger_.unseen_from(free->first).value_or(transfer->here()));
  if (!ledger_.from(attempt, free->first, one.moves_from)) {
    fail(attempt, unwritten(rules_.folder), now_ms, news);
    return false;
  }
  lose(part_of(free->first));
  one.transfer = std::move(*transfer);
  if (std::ranges::find(moving_, attempt) == moving_.end()) {
    take_out(waiting_, attempt);
    moving_.push_back(attempt);
  }
  return true;
}

void SitePath::move(AttemptId attempt, std::int64_t now_ms, News& news) {
  Wanted& one = wanted_.at(attempt);
  if (!one.transfer->is_whole()) {
    const auto step = one.transfer->step(part_);
    if (!step) return fail(attempt, step.error(), now_ms, news);
    pace_.take(now_ms, step->moved);
    if (step->moved > 0) count(one, now_ms);
    if (step->moved > 0 && !note(attempt, one)) return fail(attempt, unwritten(rules_.folder), now_ms, news);
  }
  if (!one.transfer->is_whole()) return;
  const auto end = one.transfer->finish();
  if (!end) return fail(attempt, end.error(), now_ms, news);
  const std::string hash = one.transfer->hash();
  const std::uint64_t size = one.transfer->size();
  ledger_.upto(attempt, hash, one.transfer->here());
  one.transfer.reset();
  if (*end == TransferEnd::named) {
    keep(hash, size);
    arrived(hash, news);
    make_room();
  }
  const auto still = std::ranges::find(moving_, attempt);
  if (still == moving_.end() || lead(attempt, now_ms, news)) return;
  if (std::ranges::find(moving_, attempt) == moving_.end()) return;  // it failed
  take_out(moving_, attempt);
  waiting_.push_back(attempt);
}

// Its rate is that of what came after the first part, which may have waited for others.
void SitePath::count(Wanted& one, std::int64_t now_ms) const {
  one.trouble.clear();
  one.last_ms = now_ms;
  if (one.began) return;
  one.began = true;
  one.began_ms = now_ms;
  one.had = here(one);
}

// Of a place that cannot be looked at after a kill: a sixteenth of an object is the most that would be counted for whoever comes
// next only. False: the ledger takes no more, and nothing moves for it.
bool SitePath::note(AttemptId attempt, Wanted& one) {
  constexpr std::uint64_t parts = 16;
  const std::string& hash = one.transfer->hash();
  const std::uint64_t here = one.transfer->here();
  if (here - one.moves_from < one.transfer->size() / parts || to_->here(hash)) return true;
  one.moves_from = here;
  ledger_.upto(attempt, hash, here, false);
  if (ledger_.from(attempt, hash, here)) return true;
  keep(part_of(hash), here);
  one.transfer.reset();
  return false;
}

// The path is free for others; what came stays.
void SitePath::close(AttemptId attempt, Wanted& one) {
  if (!one.transfer) return;
  ledger_.upto(attempt, one.transfer->hash(), one.transfer->here(), one.transfer->is_sure());
  keep(part_of(one.transfer->hash()), one.transfer->here());
  one.transfer.reset();
}

void SitePath::arrived(const std::string& hash, News& news) {
  for (auto* list : {&moving_, &waiting_}) {
    const std::vector<AttemptId> all(list->begin(), list->end());
    for (const AttemptId attempt : all) {
      Wanted& one = wanted_.at(attempt);
      if (one.missing.erase(hash) == 0 || !one.missing.empty()) continue;
      take_out(*list, attempt);
      tell(attempt, StagingNews::What::whole, news);
    }
  }
}

void SitePath::fail(AttemptId attempt, const Errors& why, std::int64_t now_ms, News& news) {
  Wanted& one = wanted_.at(attempt);
  close(attempt, one);
  one.trouble = describe(why.front());
  for (auto* list : {&fresh_, &waiting_, &moving_}) take_out(*list, attempt);
  if (!why.front().outside) return tell(attempt, StagingNews::What::failed, news);
  one.not_before_ms = now_ms + kAgain;
  fresh_.push_back(attempt);
}

}  // namespace hinterland
