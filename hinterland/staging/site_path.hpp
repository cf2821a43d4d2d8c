// The way to a pool that is somewhere else, or back from it: what its attempts read, or leave, is moved from a source
// (object_source.hpp) to a place (object_place.hpp), and kept there for those that come after.
//
//   FOLDER/moved.log    what moved, and for whom (moved_ledger.hpp)
//   FOLDER/HASH         where the place is a folder: an object, whole; attempts get it from here
//   FOLDER/HASH.part    one that is on its way, or was when it was given up (object_transfer.hpp)
//
// What two attempts need is moved once: for whoever comes to it first, and if that one is dropped on the way, the rest of it for the
// other. Attempts take turns, a part each, kMostAtOnce of them, in the order in which they came; so a small one is not behind a
// large one, and all of them together keep the pace. When the place holds more than it may, what was used least
// recently goes, but nothing that an attempt wants.
//
// No thread and no clock: step() does the next thing, and says when there is more. It may take as long as source and place
// take.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hinterland/staging/moved_ledger.hpp"
#include "hinterland/staging/object_transfer.hpp"
#include "hinterland/staging/path_now.hpp"
#include "hinterland/staging/path_pace.hpp"

namespace hinterland {

struct PathRules {
  std::string folder;      // of the ledger, made if it is not there; the place's own, if it is a folder
  double bytes_per_s = 0;  // that may be moved; 0: no bound
  std::uint64_t cache_bytes = 0;  // that the place may hold of what no attempt wants; 0: no bound
};

// What has become of what an attempt wants.
struct StagingNews {
  enum class What : std::uint8_t {
    begun,    // something is missing, and will be moved
    whole,    // all are there, and stay until it is dropped
    failed,   // one cannot be had, ever
    dropped,  // it wants nothing any more (said by whoever drops it)
  };
  AttemptId attempt;
  What what = What::whole;
  MovedAccount account;
};

class SitePath {
 public:
  static constexpr std::size_t kMostAtOnce = 16;

  // Finds what an earlier life left. Fails, located, where the folder cannot be used.
  static Expected<SitePath> open(PathRules rules, std::unique_ptr<ObjectSource> from,
                                 std::unique_ptr<ObjectPlace> to);

  // These objects, by hash, in any number; news of it will come.
  void want(AttemptId attempt, const std::vector<std::string>& hashes);
  // It wants nothing any more; what came stays. Its account is what it will ever be.
  MovedAccount drop(AttemptId attempt);
  // Of these, what no attempt wants any more does not stay; and of all that there are.
  void let_go(const std::vector<std::string>& hashes);
  void let_all_go();
  // Its account is durable elsewhere.
  void over(AttemptId attempt) { ledger_.over(attempt); }

  // The next part. ms until the next step: 0 now; nullopt: when something is wanted.
  std::optional<std::int64_t> step(std::int64_t now_ms, std::vector<StagingNews>& news);

  [[nodiscard]] PathNow now() const;
  [[nodiscard]] const MovedLedger& ledger() const { return ledger_; }

 private:
  struct Wanted {
    std::vector<std::string> hashes;                 // each once
    std::map<std::string, std::uint64_t> missing{};  // and how long each is
    std::uint64_t needed = 0, had = 0;               // of it, after the first part that moved
    bool began = false, told = false;                // that one has; that it is to move
    std::int64_t began_ms = 0, last_ms = 0, not_before_ms = 0;
    std::string trouble{};
    std::optional<ObjectTransfer> transfer{};  // that moves for it
    std::uint64_t moves_from = 0;              // the transfer: from where on the ledger has nothing of it yet
  };
  struct InUse {
    std::uint64_t bytes = 0, used = 0;  // a number that grows with every use
  };
  using News = std::vector<StagingNews>;

  SitePath(PathRules rules, std::unique_ptr<ObjectSource> from, std::unique_ptr<ObjectPlace> to,
           MovedLedger ledger);
  void keep(const std::string& name, std::uint64_t bytes);
  void lose(const std::string& name);
  void make_room();
  [[nodiscard]] std::set<std::string> wanted_names() const;
  void tell(AttemptId attempt, StagingNews::What what, News& news) const;
  [[nodiscard]] const ObjectTransfer* transfer_of(const std::string& hash) const;
  [[nodiscard]] std::uint64_t here(const Wanted& one) const;
  [[nodiscard]] double rate(const Wanted& one) const;  // bytes a second
  void look(AttemptId attempt, std::int64_t now_ms, News& news);
  bool count_unseen(AttemptId attempt, const std::string& hash, std::uint64_t size);
  void promote(std::int64_t now_ms, News& news);
  bool lead(AttemptId attempt, std::int64_t now_ms, News& news);
  void move(AttemptId attempt, std::int64_t now_ms, News& news);
  void count(Wanted& one, std::int64_t now_ms) const;
  bool note(AttemptId attempt, Wanted& one);
  void close(AttemptId attempt, Wanted& one);
  void arrived(const std::string& hash, News& news);
  void fail(AttemptId attempt, const Errors& why, std::int64_t now_ms, News& news);

  PathRules rules_;
  std::unique_ptr<ObjectSource> from_;
  std::unique_ptr<ObjectPlace> to_;
  MovedLedger ledger_;
  PathPace pace_;
  std::size_t part_;
  std::map<AttemptId, Wanted> wanted_;
  // Of them: not looked at yet; waiting to move, or for what others move; moving, in the order of their turns.
  std::deque<AttemptId> fresh_, waiting_, moving_;
  std::map<std::string, InUse> kept_;
  std::uint64_t cached_ = 0, uses_ = 0;
};

}  // namespace hinterland
