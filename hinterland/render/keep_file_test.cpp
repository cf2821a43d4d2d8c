// No file ever takes another's place.
#include "hinterland/render/keep_file.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "hinterland/base/file.hpp"

using namespace hinterland;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string put(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return (path_ / name).string();
  }
  [[nodiscard]] std::string at(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_ = fs::temp_directory_path() / "hinterland-keep-file";
};

}  // namespace

TEST_CASE("a file is put where none is, left where the same is, and kept apart where another is") {
  const Folder folder;
  CHECK(keep_file(folder.put("a", "one"), folder.at("to")) == Kept::put);
  CHECK(*read_text(folder.at("to")) == "one");
  CHECK_FALSE(fs::exists(folder.at("a")));
  CHECK(keep_file(folder.put("b", "one"), folder.at("to")) == Kept::same);
  CHECK_FALSE(fs::exists(folder.at("b")));
  CHECK(keep_file(folder.put("c", "two"), folder.at("to")) == Kept::other);
  CHECK(*read_text(folder.at("to")) == "one");
  CHECK(*read_text(folder.at("c")) == "two");
}

TEST_CASE("a folder or a dangling link in its place is another") {
  const Folder folder;
  fs::create_directory(folder.at("dir"));
  CHECK(keep_file(folder.put("a", "one"), folder.at("dir")) == Kept::other);
  fs::create_symlink("nowhere", folder.at("link"));
  CHECK(keep_file(folder.put("b", "one"), folder.at("link")) == Kept::other);
  CHECK_FALSE(fs::exists(folder.at("nowhere")));
}

TEST_CASE("what cannot be written is the machine's fault, and the file stays") {
  const Folder folder;
  const std::string from = folder.put("a", "one");
  const auto kept = keep_file(from, folder.at("none/to"));
  REQUIRE_FALSE(kept.has_value());
  CHECK(kept.error().front().outside);
  CHECK(fs::exists(from));
}

TEST_CASE("of many that come for one place at once, one gets it and the others stay whole") {
  const Folder folder;
  constexpr int writers = 16;
  std::vector<std::string> from;
  for (int k = 0; k < writers; ++k)
    from.push_back(folder.put("w" + std::to_string(k), "writer " + std::to_string(k)));
  std::atomic<int> put = 0, other = 0;
  std::vector<std::jthread> threads;
  for (const std::string& one : from) {
    threads.emplace_back([&] {
      const auto kept = keep_file(one, folder.at("to"));
      if (kept == Kept::put) ++put;
      if (kept == Kept::other) ++other;
    });
  }
  threads.clear();
  CHECK(put == 1);
  CHECK(other == writers - 1);
  int whole = 0;
  for (int k = 0; k < writers; ++k) {
    const auto text = read_text(
        fs::exists(from[static_cast<std::size_t>(k)]) ? from[static_cast<std::size_t>(k)] : folder.at("to"));
    if (text && *text == "writer " + std::to_string(k)) ++whole;
  }
  CHECK(whole == writers);
}
