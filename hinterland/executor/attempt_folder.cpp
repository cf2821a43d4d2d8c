#include "hinterland/executor/attempt_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>

#include "hinterland/executor/files.hpp"
#include "hinterland/executor/objects.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

std::optional<AttemptId> attempt_called(const std::string& name) {
  AttemptId id;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id.value);
  return error == std::errc{} && end == name.data() + name.size() ? std::optional(id) : std::nullopt;
}

}  // namespace

std::vector<std::string> runner_words(const RunnerRules& rules, const fs::path& folder,
                                      const Command& command) {
  constexpr std::int64_t mb_per_gb = 1024;
  std::vector<std::string> words = {rules.program,
                                    folder.string(),
                                    std::to_string(command.limit.ms),
                                    std::to_string(rules.grace.ms),
                                    std::to_string(mb_per_gb * command.size.memory_gb),
                                    std::to_string(rules.output_bytes),
                                    std::to_string(rules.descriptors),
                                    command.folder.empty() ? "work" : command.folder,
                                    "--"};
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  return words;
}

std::string mark_of(const fs::path& folder) { return "HINTERLAND_ATTEMPT=" + folder.string(); }

void say_in(const fs::path& folder, const std::string& words) {
  std::ofstream(folder / "stderr.log", std::ios::app) << "hinterland: " << words << '\n';
}

std::optional<Cause> place_inputs(const fs::path& folder, const std::string& objects,
                                  const Command& command) {
  for (const Input& input : command.inputs) {
    const auto placed = place_object(objects, input.hash, (folder / "work").string(), input.path);
    if (placed) continue;
    say_in(folder, describe(placed.error().front()));
    return placed.error().front().outside ? Cause::host_failed : Cause::failed;
  }
  return std::nullopt;
}

// No file if there are none.
void write_outputs(const fs::path& folder, const std::vector<std::string>& outputs) {
  if (outputs.empty()) return;
  std::ofstream file(folder / "outputs", std::ios::binary);
  for (const std::string& output : outputs) file << output << '\0';
}
std::vector<std::string> read_outputs(const fs::path& folder) {
  std::ifstream file(folder / "outputs", std::ios::binary);
  std::vector<std::string> outputs;
  for (std::string output; std::getline(file, output, '\0');) outputs.push_back(output);
  return outputs;
}

std::optional<EndFile> read_end(const fs::path& folder) {
  std::ifstream file(folder / "ended");
  std::string cause;
  EndFile end;
  if (!(file >> end.status >> end.ran.ms >> std::ws) || !std::getline(file, cause)) return std::nullopt;
  for (const Cause one :
       {Cause::done, Cause::failed, Cause::out_of_time, Cause::no_licence, Cause::killed, Cause::lost}) {
    if (cause == name_of(one)) end.cause = one;
  }
  if (end.cause != Cause::done) return end;
  if (const auto whole = check_outputs(folder.string(), read_outputs(folder)); !whole) {
    end.cause = Cause::failed;
    say_in(folder, whole.error().front().what);
  }
  return end;
}

Expected<std::vector<AttemptId>> attempts_in(const std::string& pool_folder, AttemptId last) {
  const fs::path here = pool_folder;
  std::vector<AttemptId> open;
  std::error_code trouble;
  for (const fs::path& list : {here, here / "over"}) {
    for (const auto& entry : fs::directory_iterator(list, trouble)) {
      const auto id = attempt_called(entry.path().filename().string());
      if (!id) continue;
      if (*id > last)
        return failure({.what = fmt::format(
                            "Here is attempt {}, and the journal knows of {}: they are of another journal.",
                            id->value, last.value),
                        .where = {.file = list.string()},
                        .mend = "Name that journal, or another folder with --folder."});
      if (list == here) open.push_back(*id);
    }
  }
  return open;
}

std::string find_attempt(const std::string& pool_folder, AttemptId attempt) {
  const std::string name = std::to_string(attempt.value);
  std::error_code ignored;
  for (const fs::path& folder : {fs::path(pool_folder) / name, fs::path(pool_folder) / "over" / name}) {
    if (fs::exists(folder, ignored)) return folder.string();
  }
  return "";
}

void put_away(const std::string& pool_folder, AttemptId attempt) {
  const std::string name = std::to_string(attempt.value);
  std::error_code ignored;
  fs::rename(fs::path(pool_folder) / name, fs::path(pool_folder) / "over" / name, ignored);
}

// Its folder may be moved to over/ meanwhile: it is opened once, wherever it is, and stays the same.
Expected<void> publish_attempt(const std::string& pool_folder, const std::string& store,
                               const ResultName& name) {
  Handle folder;
  for (int tries = 0; tries < 2 && !folder.is_open(); ++tries)
    folder =
        Handle(::open(find_attempt(pool_folder, {name.attempt}).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open())
    return failure({.what = fmt::format("The folder of an attempt is gone: {}.", std::strerror(errno)),
                    .where = {.file = pool_folder + "/" + std::to_string(name.attempt)},
                    .mend = "",
                    .outside = true});
  const std::string path = fmt::format("/proc/self/fd/{}", folder.get());
  return publish(path, read_outputs(path), store, name);
}

}  // namespace hinterland
