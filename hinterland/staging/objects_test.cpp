#include "hinterland/staging/objects.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace hinterland {

namespace {

namespace fs = std::filesystem;

struct Store {
  fs::path root = fs::temp_directory_path() / fmt::format("hinterland-objects-{}", getpid());
  std::string folder = (root / "store").string();
  Store() { fs::create_directories(root / "work"); }
  ~Store() { fs::remove_all(root); }

  std::string write(const std::string& name, const std::string& text) const {
    fs::remove(root / name);
    std::ofstream(root / name) << text;
    return (root / name).string();
  }
  std::string read(const std::string& name) const {
    std::ifstream file(root / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Expected<void> place(const std::string& hash, const std::string& path) const {
    return place_object(folder, hash, (root / "work").string(), path);
  }
};

}  // namespace

TEST_CASE("the same bytes are kept once, under the name of what they are") {
  const Store store;
  const auto first = put_file(store.folder, store.write("a", "Sichuan"));
  const auto second = put_file(store.folder, store.write("b", "Sichuan"));
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->hash == second->hash);
  CHECK(first->bytes == 7);
  CHECK(is_object_hash(first->hash));
  CHECK(std::distance(fs::directory_iterator(store.root / "store"), fs::directory_iterator()) == 1);
  // `printf '' | b2sum -l 256`
  CHECK(put_file(store.folder, store.write("c", ""))->hash ==
        "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  CHECK_FALSE(put_file(store.folder, (store.root / "none").string()));
  CHECK_FALSE(put_file(store.folder, (store.root / "work").string()));
}

TEST_CASE("an object is placed, and a task that writes into it spoils it for nobody") {
  const Store store;
  const std::string hash = put_file(store.folder, store.write("a", "Guizhou"))->hash;
  REQUIRE(store.place(hash, "scenes/one.blend"));
  REQUIRE(store.place(hash, "two.blend"));
  CHECK(store.read("work/scenes/one.blend") == "Guizhou");
  CHECK_FALSE(store.place(hash, "two.blend"));  // something is there

  const bool shared = fs::hard_link_count(store.root / "work/two.blend") > 1;
  fs::permissions(store.root / "work/two.blend", fs::perms::owner_all);
  std::ofstream(store.root / "work/two.blend") << "Ningxia";
  const auto again = store.place(hash, "three.blend");
  if (shared) {
    REQUIRE_FALSE(again);
    CHECK(again.error().front().what == "Input three.blend was written into by a task that shared it.");
    CHECK_FALSE(store.place(hash, "four.blend"));  // it is gone
    REQUIRE(put_file(store.folder, store.write("a", "Guizhou")));
    REQUIRE(store.place(hash, "three.blend"));
  } else {
    REQUIRE(again);
  }
  CHECK(store.read("work/three.blend") == "Guizhou");
}

TEST_CASE("what was written into is not taken for what it is called") {
  const Store store;
  const std::string hash = put_file(store.folder, store.write("a", "Guizhou"))->hash;
  const fs::path object = fs::path(store.folder) / hash;
  CHECK(has_object(store.folder, hash));
  fs::permissions(object, fs::perms::owner_all);
  std::ofstream(object) << "Ningxia";
  CHECK_FALSE(has_object(store.folder, hash));
  REQUIRE(put_file(store.folder, store.write("a", "Guizhou"))->hash == hash);
  CHECK(has_object(store.folder, hash));
  CHECK(store.read("store/" + hash) == "Guizhou");
}

TEST_CASE("an object that was only touched is looked at, and stays") {
  const Store store;
  const std::string hash = put_file(store.folder, store.write("a", "Gansu"))->hash;
  fs::last_write_time(store.folder + "/" + hash, fs::file_time_type::clock::now());
  REQUIRE(store.place(hash, "a"));
  CHECK(store.read("work/a") == "Gansu");
}

TEST_CASE("what a killed writer left half copied is taken away, and nothing else") {
  const Store store;
  const std::string hash = put_file(store.folder, store.write("a", "Gansu"))->hash;
  const std::string partial = store.folder + "/partial.a1b2c3";
  std::ofstream(partial) << "Gan";
  fs::last_write_time(partial, fs::file_time_type::clock::now() - std::chrono::hours(2));
  struct stat about{};
  REQUIRE(stat(partial.c_str(), &about) == 0);
  forget_partial_objects(store.folder, about.st_ctim.tv_sec - 1);
  CHECK(fs::exists(partial));  // it may be on its way, or be sealed, and not named yet
  forget_partial_objects(store.folder, about.st_ctim.tv_sec);
  CHECK_FALSE(fs::exists(partial));
  CHECK(has_object(store.folder, hash));
}

TEST_CASE("what names no object is told from what does") {
  CHECK_FALSE(is_object_hash(""));
  CHECK_FALSE(is_object_hash(std::string(63, 'a')));
  CHECK_FALSE(is_object_hash(std::string(64, 'A')));
  CHECK_FALSE(is_object_hash("../" + std::string(61, 'a')));
  CHECK(is_object_hash(std::string(64, 'a')));
}

}  // namespace hinterland
