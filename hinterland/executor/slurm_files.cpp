#include "hinterland/executor/slurm_files.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <system_error>
#include <vector>

#include "hinterland/executor/shell_word.hpp"
#include "hinterland/staging/files.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

bool write_file(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  return static_cast<bool>(file << text << std::flush);
}

}  // namespace

// Its environment may hold what is nobody else's business. What the system refuses to run (too long, say) is the command's failure, as in a local pool.
bool write_begin(const fs::path& folder, const RunnerRules& runner, const Command& command) {
  std::string text = fmt::format(
      "#!/bin/sh\ncd {} || exit 1\nexec >> begin.log 2>&1 3>> lock\nmkdir begun || exit 1\n[ -x {} ] || exit "
      "1\nenv",
      shell_word(folder.string()), shell_word(runner.program));
  for (const std::string& variable : command.environment) text += " " + shell_word(variable);
  text += " " + shell_word(mark_of(folder));
  for (const std::string& word : runner_words(runner, folder, command)) text += " " + shell_word(word);
  text +=
      "\ncase $? in\n126|127)\n  cat begin.log >> stderr.log\n  echo 126 0 failed > ended.partial && mv "
      "ended.partial ended\nesac\n";
  const Handle file(::open((folder / "begin").c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600));
  return file.is_open() && write_all(file.get(), text.data(), text.size());
}

std::string batch_script(const std::string& pool_folder, AttemptId first) {
  return fmt::format("#!/bin/sh\nexec /bin/sh {}/$(({} + ${{SLURM_ARRAY_TASK_ID:-0}}))/begin\n",
                     shell_word(pool_folder), first.value);
}

bool write_let_go(const fs::path& folder, const SlurmIdentity& job) {
  const fs::path file = folder / "let-go";
  return write_file(file, fmt::format("{} {}\n", job.number, job.submitted)) && sync_path(file.string()) &&
         sync_path(folder.string());
}
std::optional<SlurmIdentity> read_let_go(const fs::path& folder) {
  std::ifstream file(folder / "let-go");
  SlurmIdentity job;
  if (!(file >> job.number >> job.submitted)) return std::nullopt;
  return job;
}

Expected<std::string> bring_runner(const std::string& pool_folder, const std::string& program) {
  const fs::path place = fs::path(pool_folder) / "runner";
  const fs::path fresh = fs::path(pool_folder) / fmt::format("runner.{}", getpid());
  std::error_code trouble;
  fs::copy_file(program, fresh, fs::copy_options::overwrite_existing, trouble);
  if (!trouble) fs::rename(fresh, place, trouble);
  if (trouble)
    return failure(
        {.what = fmt::format("The runner of attempts cannot be brought there: {}.", trouble.message()),
         .where = {.file = pool_folder},
         .mend = "",
         .outside = true});
  return place.string();
}

}  // namespace hinterland
