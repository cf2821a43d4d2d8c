// Another broker for tests, as HTTP: it forgets, answers late, twice, wrongly or not at all.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hinterland/executor/remote_line.hpp"

namespace hinterland::test {

// What is synced as often as here takes long on a disk.
inline std::filesystem::path place() {
  return std::filesystem::exists("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path();
}

// Its jobs run for a second and leave what they were called in each of their outputs.
struct FakeBroker {
  using Ms = std::int64_t;

  struct Job {
    std::string key, text;  // as it was submitted
    std::string state = "queued";
    bool held = false;
    Ms began = 0, ran = 0;
    std::string cause;  // how it ended
    int status = 0;
    std::string outputs = "[]";  // what it left, as JSON
  };
  Ms now = 1'000'000;
  std::vector<Job> jobs;
  std::map<std::string, std::string> inputs, parts, objects;  // blobs
  std::vector<std::pair<Ms, HttpAsk>> late;                   // what a frozen one still has to carry out
  std::int64_t cores = 8;
  std::string fate = "done";
  bool deaf = false;                       // nothing is carried out
  std::string deaf_to;                     // nor what has this in "METHOD PATH", if it is not empty
  bool has_place = true;                   // no: jobs that wait fail, and nothing of them runs
  std::string site = "rack";               // where its jobs run
  std::string why = "No such class.";      // it refuses malformed ones
  bool says_twice = false;                 // what it is asked comes twice
  int forget_answers = 0;                  // so many requests are carried out and not answered
  Ms give_up_for = -1;                     // the next change is not answered, and carried out so much later
  int status = 0;                          // with which everything is answered; 0: with what it should be
  bool babbles = false;                    // its answers are none
  std::optional<std::uint64_t> cut_after;  // bytes of a blob that is fetched, or sent
  std::map<std::string, int> begun;        // how often, by key
  std::uint64_t fetched = 0, sent = 0;     // bytes of blobs
  int asked = 0;

  static std::string hash_of(const std::string& text);
  Job* find(const std::string& key);
  void pass(Ms ms);  // time
  Expected<HttpAnswer> call(const HttpAsk& ask);

 private:
  void end(Job& job);
  HttpAnswer carry_out(const HttpAsk& ask);
  HttpAnswer submit(const nlohmann::json& body);
  nlohmann::json taken(const nlohmann::json& job, int& with);
  HttpAnswer list(const std::string& query) const;
  HttpAnswer of_job(const std::string& method, const std::string& rest);
  HttpAnswer blob(const HttpAsk& ask, const std::string& hash);
  HttpAnswer take_blob(const HttpAsk& ask, const std::string& hash);
};

inline RemoteLine line_to(FakeBroker& broker) {
  return {"https://fake", [&broker](const HttpAsk& ask) { return broker.call(ask); },
          [&broker] { return broker.now; }};
}

}  // namespace hinterland::test
