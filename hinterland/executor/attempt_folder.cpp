#include "hinterland/executor/attempt_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>

#include "hinterland/staging/files.hpp"
#include "hinterland/staging/objects.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

constexpr const char* kForever = "09223372036854775807\n";

std::optional<AttemptId> attempt_called(const std::string& name) {
  AttemptId id;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id.value);
  return error == std::errc{} && end == name.data() + name.size() ? std::optional(id) : std::nullopt;
}

// The journal whose folder it is: this one, if it was nobody's. Of two who ask at once one is first. nullopt: it cannot be written.
std::optional<std::string> claim_for(const fs::path& pool_folder, const std::string& journal) {
  const std::string claim = pool_folder / "journal", mine = claim + "." + journal;
  if (!fs::exists(claim)) {
    if (!write_durably(mine, journal + "\n")) return std::nullopt;
    const bool done = ::link(mine.c_str(), claim.c_str()) == 0 || errno == EEXIST;
    ::unlink(mine.c_str());
    if (!done || !sync_path(pool_folder)) return std::nullopt;
  }
  std::string whose;
  if (!(std::ifstream(claim) >> whose)) return std::nullopt;
  return whose;
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
bool write_outputs(const fs::path& folder, const std::vector<std::string>& outputs) {
  if (outputs.empty()) return true;
  std::ofstream file(folder / "outputs", std::ios::binary);
  for (const std::string& output : outputs) file << output << '\0';
  return static_cast<bool>(file << std::flush);
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
  for (const Cause one : {Cause::done, Cause::failed, Cause::out_of_memory, Cause::out_of_time,
                          Cause::no_licence, Cause::killed, Cause::absent, Cause::lost}) {
    if (cause == name_of(one)) end.cause = one;
  }
  if (end.cause != Cause::done) return end;
  if (const auto whole = check_outputs(folder.string(), read_outputs(folder)); !whole) {
    end.cause = Cause::failed;
    say_in(folder, whole.error().front().what);
  }
  return end;
}

bool write_end(const fs::path& folder, const EndFile& end) {
  return write_durably(folder / "ended",
                       fmt::format("{} {} {}\n", end.status, end.ran.ms, name_of(end.cause)));
}

Expected<void> keep_pool_folder(std::string& pool_folder, const std::string& journal, bool is_new) {
  const auto fail = [&](std::string what, const char* mend) {
    return failure({.what = std::move(what), .where = {.file = pool_folder}, .mend = mend, .outside = true});
  };
  std::error_code trouble;
  const fs::path lease = fs::path(pool_folder) / "lease";
  if (!is_new && !fs::exists(lease, trouble))
    return fail("Attempts of this pool ran in a folder that is not there.",
                "Mount it. If nothing runs there any more, put an empty file `lease` into it.");
  fs::create_directories(fs::path(pool_folder) / "over", trouble);
  if (trouble) return fail(fmt::format("The pool's folder cannot be made: {}.", trouble.message()), "");
  pool_folder = fs::absolute(pool_folder).string();
  const auto whose = claim_for(pool_folder, journal);
  if (!whose) return fail("The pool's folder cannot be written.", "");
  if (*whose != journal)
    return fail(fmt::format("The pool's folder is that of journal {}, and this is {}.", *whose, journal),
                "Give each journal a folder of its own. If the other is gone for good, and nothing of it "
                "runs any more, empty the folder.");
  if (!(std::ofstream(lease) << kForever << std::flush))
    return fail("The pool's folder cannot be written.", "");
  return {};
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

std::vector<AttemptId> attempts_over(const std::string& pool_folder) {
  std::vector<AttemptId> over;
  std::error_code trouble;
  for (const auto& entry : fs::directory_iterator(fs::path(pool_folder) / "over", trouble)) {
    if (const auto id = attempt_called(entry.path().filename().string())) over.push_back(*id);
  }
  std::ranges::sort(over);
  return over;
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
  if (is_published(store, name)) return {};
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
