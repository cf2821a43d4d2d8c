// The broker as a render needs it: files go there and come from it, jobs are submitted, found again, looked at and held.
//
// Whatever fails because nobody answers is an error outside, located at place(): then nobody knows whether it was done, and the same
// may be asked again. So submit() is under a key, and whoever holds a job that is held does nothing.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/base/progress.hpp"
#include "hinterland/render/estimate.hpp"
#include "hinterland/render/manifest.hpp"

namespace hinterland {

// How a job's tasks are run: what the broker is told beside what they render.
struct RunTerms {
  Hours hours;  // that a task may take
  std::optional<Hours> deadline;
};

// A job to be submitted: one command for all its tasks, which are told by their numbers what to render (site_script.hpp).
struct RenderSubmission {
  std::string name, key;
  std::vector<std::string> command, outputs;
  std::vector<RenderInput> inputs;
  std::size_t tasks = 0;
  TaskSize size;
  RunTerms terms;
};

struct JobProgress {
  bool is_over = false, is_cancelled = false, is_held = false;
  std::uint64_t tasks = 0, done = 0;
  double cost = 0;  // billed, and what runs has cost so far
  std::string currency;
};

// What the broker has of one task.
struct TaskRow {
  std::uint32_t task = 0;
  bool is_done = false;  // with 0, and its outputs are there
  std::string site;
  std::uint64_t attempt = 0;
};

struct FoundJob {
  std::uint32_t job = 0;
  std::vector<std::string> command;
};

class RenderBroker {
 public:
  RenderBroker() = default;
  RenderBroker(const RenderBroker&) = delete;
  RenderBroker& operator=(const RenderBroker&) = delete;
  virtual ~RenderBroker() = default;

  // Where its errors are located.
  [[nodiscard]] virtual const std::string& place() const = 0;

  // Whether jobs may take it in already.
  virtual Expected<bool> has(const std::string& hash) = 0;
  // Puts a file where its jobs may take it in.
  virtual Expected<Object> send(const std::string& file, Progress& progress) = 0;
  // All of one that is small.
  virtual Expected<std::string> read(const Object& object) = 0;
  // Into a new file. What goes wrong there is located there.
  virtual Expected<void> fetch(const Object& object, const std::string& file, Progress& progress) = 0;

  // The job's number: that of before, where the same was submitted before. None: another was, under its key.
  virtual Expected<std::optional<std::uint32_t>> submit(const RenderSubmission& submission) = 0;
  // Jobs whose names end so.
  virtual Expected<std::vector<FoundJob>> jobs_ending_in(const std::string& mark) = 0;
  virtual Expected<JobProgress> look(std::uint32_t job) = 0;
  // Of the tasks from `from` on, in their order: as many as it tells at once. None: there is no such task.
  virtual Expected<std::vector<TaskRow>> tasks(std::uint32_t job, std::uint32_t from) = 0;
  // What a task that is done has left.
  virtual Expected<std::vector<RenderInput>> outputs(const TaskPlace& place) = 0;
  // Nothing more of it begins. False: it is over. Asked by whoever was interrupted too.
  virtual Expected<bool> hold(std::uint32_t job) = 0;
};

}  // namespace hinterland
