// Another broker, as one of its submitters sees it.
//
// A job there is known by its key, which is its name too: the same key is the same job, however often and however late its
// submission comes. So a submission that was not answered is made again. An error that is not `outside` is a refusal: of a
// submission, that this request was not taken; of an earlier one it says nothing.
//
// What it answers is a stranger's: it is read up to a size, and taken if all of it is as brokers say it (a list in its order and no
// longer than was asked for, numbers in their range), else it is no answer (`outside`). Words of it are one_line().
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/executor/executor.hpp"
#include "hinterland/executor/remote_line.hpp"

namespace hinterland {

// What jobs there are submitted with, as far as it is not the command's.
struct RemoteTerms {
  std::string key;
  std::string work, project;  // empty: the first that the token is for
};
std::string remote_job(const Command& command, const RemoteTerms& terms);
std::int64_t remote_cores(const std::string& job);  // that it asks for; 0: it is none
// One that holds the key and never begins.
std::string remote_stone(const RemoteTerms& terms);

enum class RemotePhase : std::uint8_t { waiting, running, done, failed, cancelled };
struct RemoteJob {
  std::uint32_t number = 0;
  std::string name, site;  // empty name: not said in a list; as it was said, to be compared
  RemotePhase phase = RemotePhase::waiting;
  Duration ran;  // its attempts together
  // Of one that is asked for by itself: how its last attempt ended; absent: none did.
  Cause end = Cause::absent;
  int status = 0;
};
struct RemoteOutput {
  std::string path, hash;
};
struct RemoteTaken {
  std::uint32_t job = 0;
  bool is_other = false;  // it has the key, and was submitted otherwise
};

class RemoteBroker {
 public:
  explicit RemoteBroker(RemoteLine line) : line_(std::move(line)) {}

  // Cores that are free now in its pools.
  Expected<std::int64_t> free_cores();
  // From that number on, in their order, `limit` at most.
  Expected<std::vector<RemoteJob>> jobs(std::uint32_t from, std::uint32_t limit);
  // nullopt: it has none of that number.
  Expected<std::optional<RemoteJob>> job(std::uint32_t number);
  Expected<RemoteTaken> submit(const std::string& job);
  // All of them, or, if it refuses one, none. nullopt: of that one nobody knows.
  Expected<std::vector<std::optional<std::uint32_t>>> submit(const std::vector<std::string>& jobs);
  // One that is over, or not there, is as it should be.
  Expected<void> cancel(std::uint32_t number);
  Expected<std::vector<RemoteOutput>> outputs(std::uint32_t number);
  // "stdout" or "stderr"; what it says of it at once, which may be less than all.
  Expected<std::string> log(std::uint32_t number, const char* stream);
  [[nodiscard]] std::optional<Instant> certificate_end() const { return line_.certificate_end(); }

 private:
  Expected<HttpAnswer> ask(const char* method, std::string path, std::string body = "");
  RemoteLine line_;
};

}  // namespace hinterland
