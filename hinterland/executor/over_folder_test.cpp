#include "hinterland/executor/over_folder.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "hinterland/executor/attempt_folder.hpp"
#include "hinterland/staging/objects.hpp"

namespace hinterland {

namespace fs = std::filesystem;

namespace {

struct Pool {
  fs::path folder = fs::temp_directory_path() / fmt::format("hinterland-over-{}", getpid());
  Pool() {
    fs::remove_all(folder);
    fs::create_directories(folder / "over");
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() { fs::remove_all(folder); }

  [[nodiscard]] fs::path over(int attempt) const { return folder / "over" / std::to_string(attempt); }
  void put_away(int attempt) const {
    fs::create_directories(over(attempt) / "work" / "deep");
    std::ofstream(over(attempt) / "work" / "deep" / "out") << attempt;
    std::ofstream(over(attempt) / "stdout.log") << attempt;
  }
  [[nodiscard]] bool has_work(int attempt) const { return fs::exists(over(attempt) / "work"); }
  [[nodiscard]] bool has_log(int attempt) const { return fs::exists(over(attempt) / "stdout.log"); }
};

}  // namespace

TEST_CASE("what an attempt worked with goes once it is over, and its logs stay") {
  const Pool pool;
  for (const int attempt : {1, 2, 3}) pool.put_away(attempt);
  OverFolder over(pool.folder.string(), 100);
  over.sweep({2}, {{1}});
  CHECK(pool.has_work(1));  // it is being published
  CHECK_FALSE(pool.has_work(2));
  CHECK(pool.has_work(3));  // it was not known yet
  over.sweep({3}, {});
  CHECK_FALSE(pool.has_work(1));
  CHECK_FALSE(pool.has_work(3));
  for (const int attempt : {1, 2, 3}) CHECK(pool.has_log(attempt));
}

TEST_CASE("the logs of the last attempts are kept, and no more") {
  const Pool pool;
  for (int attempt = 8; attempt < 13; ++attempt) pool.put_away(attempt);
  OverFolder over(pool.folder.string(), 3);
  over.sweep({12}, {{8}});
  CHECK(pool.has_log(8));  // it is being published
  CHECK_FALSE(fs::exists(pool.over(9)));
  for (const int attempt : {10, 11, 12}) CHECK(pool.has_log(attempt));
  over.sweep({12}, {});
  CHECK_FALSE(fs::exists(pool.over(8)));
}

TEST_CASE("an input that a cache has let go takes no room once the attempts that read it are over") {
  const Pool pool;
  const fs::path inputs = pool.folder / "inputs", file = pool.folder / "scene";
  std::ofstream(file) << "scene";
  const auto object = put_file(inputs.string(), file.string());
  REQUIRE(object);
  const auto links = [&] {
    struct stat about{};
    return ::stat((inputs / object->hash).c_str(), &about) == 0 ? about.st_nlink : 0;
  };
  for (const int attempt : {1, 2}) {
    pool.put_away(attempt);
    REQUIRE(place_object(inputs.string(), object->hash, (pool.over(attempt) / "work").string(), "scene"));
  }
  OverFolder(pool.folder.string(), 100).sweep({2}, {});
  CHECK(links() == 1);
}

TEST_CASE("links in an attempt's folder lead nowhere") {
  const Pool pool;
  pool.put_away(1);
  const fs::path outside = pool.folder / "outside";
  fs::create_directories(outside);
  std::ofstream(outside / "kept") << "kept";
  fs::create_directory_symlink(outside, pool.over(1) / "work" / "link");
  fs::create_directories(pool.over(2));
  fs::create_directory_symlink(outside, pool.over(2) / "work");
  OverFolder(pool.folder.string(), 100).sweep({2}, {});
  CHECK(fs::exists(outside / "kept"));
  CHECK_FALSE(fs::exists(fs::symlink_status(pool.over(1) / "work")));
}

TEST_CASE("an attempt that was published is so again when nothing of its work is left") {
  const Pool pool;
  const fs::path store = pool.folder / "store";
  pool.put_away(7);
  REQUIRE(write_outputs(pool.over(7), {"deep/out"}));
  const ResultName name{.job = 1, .task = 2, .attempt = 7};
  REQUIRE(publish_attempt(pool.folder.string(), store.string(), name));
  OverFolder(pool.folder.string(), 100).sweep({7}, {});
  CHECK(publish_attempt(pool.folder.string(), store.string(), name));
  CHECK_FALSE(publish_attempt(pool.folder.string(), store.string(), {.job = 1, .task = 3, .attempt = 7}));
}

}  // namespace hinterland
