// A pool that is another broker: attempts as its jobs, over HTTP. What they read was brought there before (staged_executor.hpp);
// what they leave is brought back from there, and lies then as if they had run here.
//
//   POOL/ATTEMPT/...       as a local pool's (attempt_folder.hpp), and what this one needs besides (remote_files.hpp)
//   POOL/outputs/HASH      what comes back (site_path.hpp), until its attempts have it
//
// A job there has the key hl-JOURNAL-POOL-ATTEMPT, after the journal, the pool's number and the attempt, and by that alone it
// is known: it is submitted until that is answered, for it is taken once.
//
//   wanted -> asked for -> there -> over -> its outputs come -> ended
//
// Whoever makes `asked` in the attempt's folder has it: whoever submits it, or gives it back unrun. After that an attempt
// whose number is not known may run, or may begin at any time: a request that was given up on may be carried out later. So
// it has not ended before its key has another job, which holds it for ever and never begins (remote_stone()), or is known to
// have this one, which is then cancelled.
//
// What is over has ended when its outputs are here. How long it ran says the broker there: the sum of what its own attempts
// were metered at, its own failures among them.
//
// As with a Slurm cluster, no lease ends an attempt that cannot be reached. The broker here places its task anew when the
// lease is over, so that two attempts may be alive for a while; only one is ever published, and the other is cancelled when
// the broker there is heard again. (ADR 24)
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "hinterland/executor/attempt_folder.hpp"
#include "hinterland/executor/pool_lease.hpp"
#include "hinterland/executor/remote_broker.hpp"
#include "hinterland/executor/remote_files.hpp"
#include "hinterland/staging/news_box.hpp"

namespace hinterland {

struct RemotePool {
  PoolIndex pool;
  std::string folder;         // of its attempts; made if it is not there
  std::string journal;        // what the journal is called: letters and digits
  std::string host;           // what it is called where a machine would be
  std::string work, project;  // RemoteTerms
  bool is_new = true;         // no: attempts ran there before, so the folder is not made anew
  // Whether its broker still leads: if not it asks nothing any more. None: it does.
  std::function<bool()> acts;
};

// The path by which outputs come, wherever its thread is.
struct WayBack {
  std::string folder;                                           // of objects
  std::function<void(std::function<void(SitePath&)>)> put;      // PathThread::put
  std::function<PathNow()> now;                                 // PathThread::now
  std::shared_ptr<NewsBox> news = std::make_shared<NewsBox>();  // of it
  std::map<AttemptId, MovedAccount> accounts;                   // of attempts of an earlier life
};

class RemoteExecutor {
 public:
  using Tell = Executor::Tell;
  using Clock = RemoteLine::Clock;

  // Finds what an earlier life left. Fails, located, for a folder that cannot be written, that is not what it was, or
  // that has attempts after the `last` which the journal knows of.
  static Expected<std::unique_ptr<RemoteExecutor>> open(RemotePool pool, RemoteBroker broker, WayBack back,
                                                        AttemptId last, Tell tell, Clock clock);
  RemoteExecutor(const RemoteExecutor&) = delete;
  RemoteExecutor& operator=(const RemoteExecutor&) = delete;
  ~RemoteExecutor() = default;

  void hear(const effect::Grant& grant);
  void hear(const effect::Launch& launch, const Command& command);
  void hear(const effect::Kill& kill);
  void hear(const effect::Forget& forget);

  // Asks the broker there what is, does what follows, and says so to the broker here, with a heartbeat if it answered.
  // After the first request that is not answered it makes no other; heard from is who told what is free, and listed all of
  // ours, whatever comes of what is asked then. What is over there, and no more is said of, is lost after a minute.
  void look();
  [[nodiscard]] std::int64_t pause() const;  // look_pause()
  // Of each attempt that is a job there: its number and state.
  [[nodiscard]] std::map<AttemptId, std::string> standings() const;
  // Why the broker there does not do what is asked; empty: it does.
  [[nodiscard]] std::string trouble() const { return trouble_.empty() ? refusal() : trouble_; }
  [[nodiscard]] std::optional<Instant> certificate_end() const { return broker_.certificate_end(); }
  [[nodiscard]] PathNow path() const;  // from any thread

 private:
  struct Attempt {
    Term term;                // it was launched in; of an earlier life: none
    std::string ask;          // the job that it is, until its number is known
    std::int64_t cores = 0;   // that it occupies; of an earlier life: not known
    bool asked = false;       // somebody may have submitted it
    bool unclear = false;     // and nobody knows what became of that
    bool by_itself = false;   // not submitted with others
    bool is_refused = false;  // and shall not be taken any more
    bool told_began = false, killed = false, runs = false;
    std::optional<std::uint32_t> job;  // its number there
    std::string standing;
    std::optional<std::int64_t> missed_since;  // it is not there, or what became of it is not said
    std::optional<EndFile> over;               // its job is; if it is done its outputs come
    std::vector<RemoteOutput> coming;          // those
    bool are_here = false, are_dropped = false;
    OutputsMoved moved;
    std::optional<EndFile> ended;
  };
  using Known = std::map<AttemptId, Attempt>;
  using Listed = std::vector<std::pair<AttemptId, std::optional<RemoteJob>>>;  // nullopt: it is not there

  RemoteExecutor(RemotePool pool, RemoteBroker broker, WayBack back, Tell tell, Clock clock);

  // remote.cpp: what is known of attempts
  void adopt(AttemptId id);
  void begin_term();
  void give_back(AttemptId id, Attempt& attempt);
  void end(AttemptId id, Attempt& attempt, EndFile how);
  void report(AttemptId id, const Attempt& attempt);
  [[nodiscard]] std::filesystem::path folder_of(AttemptId id) const;
  [[nodiscard]] bool is_leased() const;
  [[nodiscard]] RemoteTerms terms_of(AttemptId id) const;

  // remote_outputs.cpp: what comes back
  bool fetch(AttemptId id, Attempt& attempt);
  void take_news();
  void place(AttemptId id, Attempt& attempt);
  void drop(AttemptId id) const;
  void let_go(AttemptId id, const Attempt& attempt) const;
  void tidy();

  // remote_look.cpp: what the broker there says
  [[nodiscard]] bool may_ask() const { return !silent_ && (!pool_.acts || pool_.acts()); }
  template <class Done>
  bool answered(const Done& done);
  std::optional<Listed> list_jobs();
  void take_in(Listed& jobs);
  void take_in(AttemptId id, Attempt& attempt, const RemoteJob& job);
  bool take_end(AttemptId id, Attempt& attempt, std::uint32_t number);
  bool take_logs(AttemptId id, std::uint32_t number);
  void miss(AttemptId id, Attempt& attempt, const char* what, Duration ran);
  void tell_room(std::int64_t free_cores);
  // ... and what it is asked
  void settle(AttemptId id, Attempt& attempt);
  void submit_wanted();
  [[nodiscard]] bool is_wanted(const Attempt& attempt) const;
  bool ask_for(AttemptId id, Attempt& attempt);
  void submit(const std::vector<AttemptId>& all);
  void take_refusal(AttemptId id, Attempt& attempt, const Error& why);
  void taken(AttemptId id, Attempt& attempt, std::uint32_t number);
  [[nodiscard]] std::string refusal() const;

  RemotePool pool_;
  RemoteBroker broker_;
  WayBack back_;
  Tell tell_;
  Clock clock_;
  PoolLease lease_;
  std::int64_t took_ = 0;
  std::int64_t said_at_ = 0;  // the first heartbeat of this term
  bool is_settled_ = false;   // it was answered: what is known here and was not killed is wanted
  bool silent_ = false;       // a request of this look was not answered
  bool told_ = true;          // no: it has not looked yet, and the broker here does not know this life of it
  int unheard_ = 0;           // looks that were not answered, since one last was
  std::optional<std::int64_t> room_at_, refused_at_;
  std::string trouble_, refused_;
  Known known_;
  std::set<AttemptId> never_;  // will not be begun in this term
};

// Whoever does not answer is left alone until the next look.
template <class Done>
bool RemoteExecutor::answered(const Done& done) {
  if (done) return true;
  const Error& error = done.error().front();
  if (error.outside) silent_ = true;
  if (trouble_.empty()) trouble_ = describe(error);
  return false;
}

}  // namespace hinterland
