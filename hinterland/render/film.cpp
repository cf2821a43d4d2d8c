#include "hinterland/render/film.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "hinterland/base/number.hpp"
#include "hinterland/executor/run_program.hpp"
#include "hinterland/render/keep_file.hpp"
#include "hinterland/render/tool_environment.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kPatienceMs = 24LL * 3'600'000;

std::string last_words(const std::string& said) {
  constexpr std::size_t most = 300;
  return said.size() > most ? said.substr(said.size() - most) : said;
}

}  // namespace

Expected<void> make_film(const std::vector<std::string>& frames, const std::string& image, double fps,
                         const std::string& scratch, const std::string& to) {
  const auto cannot = [&](std::string what, std::string mend) {
    return failure(
        {.what = std::move(what), .where = {.file = to}, .mend = std::move(mend), .outside = true});
  };
  // ffmpeg takes a sequence by one name with a number in it, without gaps.
  const fs::path links = fs::path(scratch) / "film";
  std::error_code failed;
  fs::remove_all(links, failed);
  fs::create_directories(links, failed);
  for (std::size_t k = 0; k < frames.size() && !failed; ++k)
    fs::create_symlink(fs::absolute(frames[k]), links / fmt::format("{:08}.{}", k + 1, image), failed);
  if (failed) return cannot(fmt::format("The film cannot be begun: {}.", failed.message()), "");
  // Beside `to`, which may be on another disk than the frames; its ending says what ffmpeg makes.
  const fs::path whole = fs::absolute(to);
  const fs::path partial = whole.parent_path() / fmt::format(".{}.{}.part{}", whole.stem().string(),
                                                             ::getpid(), whole.extension().string());
  const auto leave = [&] { fs::remove(partial, failed); };
  std::vector<std::string> words = {"env", "-C",   fs::absolute(links).string(), "ffmpeg", "-nostdin",
                                    "-v",  "error"};
  if (image == "exr") words.insert(words.end(), {"-apply_trc", "iec61966_2_1"});
  for (const std::string& word :
       {std::string("-framerate"), shortest(fps), std::string("-start_number"), std::string("1"),
        std::string("-i"), fmt::format("%08d.{}", image), std::string("-vf"),
        std::string("pad=ceil(iw/2)*2:ceil(ih/2)*2,format=yuv420p"), std::string("-c:v"),
        std::string("libx264"), std::string("-y"), "file:" + partial.string()})
    words.push_back(word);
  const auto run = run_program(words, tool_environment(), "", kPatienceMs);
  if (!run || run->status != 0) leave();
  if (!run) return std::unexpected(run.error());
  constexpr int no_program = 127;
  if (run->status == no_program) return cannot("There is no ffmpeg.", "Install it, or leave out --film.");
  if (run->status != 0)
    return cannot(fmt::format("ffmpeg ended with status {}: {}", run->status, last_words(run->err)), "");
  const auto kept = keep_file(partial.string(), to);
  if (!kept || *kept == Kept::other) leave();
  if (!kept) return std::unexpected(kept.error());
  if (*kept == Kept::other)
    return cannot("Another file is there.", "Name another with --film, or put that one away.");
  fs::remove_all(links, failed);
  return {};
}

}  // namespace hinterland
