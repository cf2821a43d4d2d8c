// The script of a task, really run: what it leaves of frames that are well, fail, crash and leave nothing.
#include "hinterland/render/site_script.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <filesystem>
#include <fstream>

#include "hinterland/base/file.hpp"
#include "hinterland/executor/run_program.hpp"
#include "hinterland/render/task_report.hpp"

using namespace hinterland;
namespace fs = std::filesystem;

namespace {

std::vector<SiteWord> words(const std::vector<std::string>& texts) {
  const auto read = parse_site_words(texts, "");
  REQUIRE(read.has_value());
  return *read;
}

// A task's folder, as the executor makes it.
class Task {
 public:
  Task(const std::string& script, const std::vector<Chunk>& chunks) : chunks_(chunks) {
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "hinterland");
    put("hinterland/run.sh", script);
    put("hinterland/chunks", chunks_text(chunks));
  }
  ~Task() { fs::remove_all(folder_); }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  void put(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text; }

  int run(std::size_t task) {
    std::vector<std::string> command = {"env", "-C", folder_.string()};
    for (const std::string& word : site_command(chunks_, "hash", 3)) command.push_back(word);
    const auto ended =
        run_program(command, {"PATH=/usr/bin:/bin", "HINTERLAND_TASK=" + std::to_string(task)}, "", 60'000);
    REQUIRE(ended.has_value());
    err = ended->err;
    return ended->status;
  }
  [[nodiscard]] std::string slot(std::size_t place) const {
    std::ifstream file(folder_ / slot_of(place), std::ios::binary);
    REQUIRE(file.is_open());
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] TaskReport report(std::size_t task) const {
    const auto text = read_text((folder_ / kSiteReport).string());
    REQUIRE(text.has_value());
    auto report = parse_task_report(*text, chunks_[task], "report");
    if (!report) MESSAGE(describe(report.error().front()));
    REQUIRE(report.has_value());
    return *report;
  }

  std::string err;

 private:
  fs::path folder_ = fs::temp_directory_path() / "hinterland-site-script 图";
  std::vector<Chunk> chunks_;
};

std::vector<int> statuses(const TaskReport& report) {
  std::vector<int> out;
  for (const FrameRun& run : report.frames) out.push_back(run.status);
  return out;
}

const std::vector<Chunk> kChunks = {{{1}, {-2}, {3}}, {{4}}};

}  // namespace

TEST_CASE("each frame's image lies in its slot, and slots without a frame are empty") {
  Task task(site_script(words({"sh", "-c", "echo $0 $2 > \"$1\"; cat \"$3\" >> \"$1\"", "{frame:4}",
                               "{output}", "{cores}", "{scene}"}),
                        "-a '雪'.txt", "png"),
            kChunks);
  task.put("-a '雪'.txt", "scene\n");
  CHECK(task.run(0) == 0);
  CHECK(task.slot(0) == "0001 3\nscene\n");
  CHECK(task.slot(1) == "-0002 3\nscene\n");
  CHECK(task.slot(2) == "0003 3\nscene\n");
  CHECK(statuses(task.report(0)) == std::vector{0, 0, 0});
  CHECK(task.run(1) == 0);
  CHECK(task.slot(0) == "0004 3\nscene\n");
  CHECK(task.slot(1).empty());
  CHECK(task.slot(2).empty());
}

TEST_CASE("a frame that fails, leaves nothing or too much costs no other frame") {
  Task task(site_script(words({"sh", "-c",
                               "case $0 in 1) exit 3;; -2) echo good > \"$1\";; 3) echo a > \"$1\"; echo b > "
                               "\"$1.log\";; esac",
                               "{frame}", "{output}"}),
                        "s", "png"),
            kChunks);
  CHECK(task.run(0) == 0);
  CHECK(task.slot(0).empty());
  CHECK(task.slot(1) == "good\n");
  CHECK(task.slot(2).empty());
  CHECK(statuses(task.report(0)) == std::vector{3, 0, 0});
}

TEST_CASE("status 0 without an image is a failure") {
  Task task(site_script(words({"true"}), "s", "png"), kChunks);
  CHECK(task.run(0) == 1);
  CHECK(task.err.find("status 0 and left no image") != std::string::npos);
}

TEST_CASE("a task without any image ends as its command did, and one that shall be repeated is") {
  Task failing(site_script(words({"sh", "-c", "exit 9"}), "s", "png"), kChunks);
  CHECK(failing.run(0) == 9);
  Task later(
      site_script(words({"sh", "-c", "[ $0 != 3 ] || exit 75; echo x > \"$1\"", "{frame}", "{output}"}), "s",
                  "png"),
      kChunks);
  CHECK(later.run(0) == 75);
  Task none(site_script(words({"no-such-program-at-all"}), "s", "png"), kChunks);
  CHECK(none.run(0) == 127);
}

TEST_CASE("a link is no image, nor is a folder") {
  Task task(
      site_script(words({"sh", "-c", "case $0 in 1) ln -s /etc/hostname \"$1\";; *) mkdir \"$1\";; esac",
                         "{frame}", "{output}"}),
                  "s", "png"),
      kChunks);
  CHECK(task.run(0) == 1);
  CHECK(task.slot(0).empty());
}

TEST_CASE("of a renderer that gets all frames at once and crashes, what is whole is kept") {
  Task task(
      site_script_of_lists(words({"sh", "-c",
                                  "echo x$0 > $1/00000001.png; echo 1 40 >> hinterland/times; echo half > "
                                  "$1/-00000002.png; exit 11",
                                  "{frame}", "{output}"}),
                           "s", "png"),
      kChunks);
  CHECK(task.run(0) == 0);
  CHECK(task.slot(0) == "x1,-2,3\n");
  CHECK(task.slot(1).empty());
  CHECK(task.slot(2).empty());
  CHECK(statuses(task.report(0)) == std::vector{0, 11, 11});
  CHECK(task.report(0).frames[0].took.ms == 40);
  CHECK(task.report(0).frames[2].took.ms == 0);
}

TEST_CASE("chunks are read back from their text") {
  const auto again = parse_chunks_text(chunks_text(kChunks), "chunks");
  REQUIRE(again.has_value());
  CHECK(*again == kChunks);
  CHECK(parse_chunks_text("", "chunks")->empty());
  for (const char* text : {"1", "1 2\n\n", "1  2\n", "1 1\n", "x\n", "1\t2\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_chunks_text(text, "chunks").has_value());
  }
  CHECK(describe(parse_chunks_text("1\n2 x\n", "chunks").error().front()).starts_with("chunks:2: "));
}

TEST_CASE("a report that cannot be is refused with its line") {
  const Chunk chunk = {{1}, {2}};
  const auto problem = [&](const std::string& text) {
    const auto report = parse_task_report(text, chunk, "report");
    return report ? "read" : describe(report.error().front());
  };
  CHECK(problem("hinterland-frames 1\n1 0 5\n2 0 6\nall 20\n") == "read");
  CHECK(problem("hinterland-frames 1\n1 0 5\nall 20\n") == "read");
  CHECK(parse_task_report("hinterland-frames 1\n1 0 5\n2 0 6\nall 20\n", chunk, "")->start_up.ms == 9);
  CHECK(parse_task_report("hinterland-frames 1\n1 0 50\nall 20\n", chunk, "")->start_up.ms == 0);
  for (const char* text :
       {"", "hinterland-frames 2\n", "hinterland-frames 1\n", "hinterland-frames 1\n2 0 5\nall 1\n",
        "hinterland-frames 1\n1 0 5\n2 0 5\n3 0 5\nall 1\n", "hinterland-frames 1\n1 256 5\nall 1\n",
        "hinterland-frames 1\n1 0 -5\nall 1\n", "hinterland-frames 1\n1 0\nall 1\n",
        "hinterland-frames 1\nall x\n", "hinterland-frames 1\nall 1\nall 1\n",
        "hinterland-frames 1\n1 0 99999999999999\nall 1\n"}) {
    CAPTURE(text);
    CHECK(problem(text).starts_with("report"));
  }
}
