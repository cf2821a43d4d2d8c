#include "hinterland/executor/remote_blobs.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hinterland/base/random.hpp"
#include "hinterland/executor/test_remote.hpp"
#include "hinterland/staging/files.hpp"
#include "hinterland/staging/objects.hpp"
#include "hinterland/staging/site_path.hpp"
#include "hinterland/staging/test_sources.hpp"
#include "tests/seeds.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;
using test::bytes_of;
using test::FakeBroker;
using What = StagingNews::What;

struct Stand {
  fs::path folder = test::place() / fmt::format("hinterland-remote-blobs-{}", getpid());
  FakeBroker far;
  std::vector<StagingNews> news;

  Stand() { fs::remove_all(folder); }
  Stand(const Stand&) = delete;
  Stand& operator=(const Stand&) = delete;
  ~Stand() { fs::remove_all(folder); }

  [[nodiscard]] std::string store() const { return (folder / "store").string(); }
  std::string put(const std::string& text) const {
    fs::create_directories(folder);
    const fs::path file = folder / "file";
    CHECK(write_durably(file.string(), text));
    return put_file(store(), file.string())->hash;
  }
  SitePath path_there() {
    auto path = SitePath::open({.folder = (folder / "there").string(), .bytes_per_s = 1e6},
                               folder_source(store()), remote_place(line_to(far)));
    REQUIRE(path);
    return std::move(*path);
  }
  SitePath path_back() {
    const std::string place = (folder / "back").string();
    auto path = SitePath::open({.folder = place, .bytes_per_s = 1e6}, remote_source(line_to(far)),
                               folder_place(place));
    REQUIRE(path);
    return std::move(*path);
  }
  bool step(SitePath& path) {
    const auto wait = path.step(far.now, news);
    far.now += wait.value_or(0);
    return wait.has_value();
  }
  void run(SitePath& path) {
    for (int steps = 0; step(path); ++steps) REQUIRE(steps < 100'000);
  }
  [[nodiscard]] std::size_t count(What what) const {
    return static_cast<std::size_t>(std::ranges::count(news, what, &StagingNews::what));
  }
};

}  // namespace

TEST_CASE(
    "over a line that is cut, to a broker that is killed, each byte of an input goes once and is on one "
    "account") {
  for (std::uint64_t seed = 0; seed < seeds(60); ++seed) {
    CAPTURE(seed);
    Stand stand;
    RandomStream random(seed, "blobs");
    std::vector<std::string> objects;
    std::uint64_t all = 0;
    for (std::uint64_t k = 0; k < 4; ++k) {
      const std::size_t size = random.next() % 150'000;
      objects.push_back(stand.put(bytes_of(1000 * seed + k, size)));
      all += size;
    }
    std::optional<SitePath> path(stand.path_there());
    std::uint64_t next = 1;
    for (int turn = 0; turn < 60; ++turn) {
      const double what = random.uniform();
      if (what < 0.3) path->want({next++}, {objects[random.next() % 4], objects[random.next() % 4]});
      if (what > 0.9) path.emplace(stand.path_there());
      if (what > 0.7 && what < 0.8 && next > 1) path->drop({1 + random.next() % (next - 1)});
      if (what > 0.5 && what < 0.7)
        stand.far.cut_after = random.uniform() < 0.5 ? std::optional(random.next() % 60'000) : std::nullopt;
      if (what > 0.4 && what < 0.5) stand.far.deaf = !stand.far.deaf;
      if (what > 0.3 && what < 0.4) stand.far.forget_answers = static_cast<int>(random.next() % 3);
      for (std::uint64_t k = random.next() % 8; k > 0; --k) stand.step(*path);
    }
    stand.far.deaf = false;
    stand.far.cut_after.reset();
    stand.far.forget_answers = 0;
    path->want({next}, objects);
    stand.run(*path);
    CHECK(stand.far.inputs.size() == std::set(objects.begin(), objects.end()).size());
    CHECK(stand.far.sent == all);
    CHECK(path->ledger().moved() == all);
  }
}

TEST_CASE("what has moved is counted once while it moves, and when it goes on after a cut") {
  Stand stand;
  constexpr std::size_t bytes = 3'000'000;  // 61 parts, of which each fourth is noted
  const std::string hash = stand.put(bytes_of(1, bytes));
  SitePath path = stand.path_there();
  path.want({1}, {hash});
  const auto move = [&](int parts) {
    for (int steps = 0; steps < parts && stand.step(path); ++steps) CHECK(path.now().moved == stand.far.sent);
  };
  move(40);
  CHECK(stand.far.sent > bytes / 4);
  CHECK(stand.far.sent < bytes);
  SUBCASE("dropped, and wanted again") {
    path.drop({1});
    CHECK(path.now().moved == stand.far.sent);
    path.want({2}, {hash});
  }
  SUBCASE("cut") {
    stand.far.deaf = true;
    move(10);
    stand.far.deaf = false;
  }
  move(10'000);
  CHECK(stand.far.inputs.contains(hash));
  CHECK(path.now().moved == bytes);
}

TEST_CASE("an object of which more is said than any can have is none") {
  FakeBroker far;
  const auto says = [&](const std::string& range) {
    return remote_source({"https://fake",
                          [=](const HttpAsk&) {
                            return HttpAnswer{
                                .status = 206, .body = "", .headers = {{"content-range", range}}};
                          },
                          [] { return std::int64_t{0}; }})
        ->size_of(FakeBroker::hash_of("x"));
  };
  CHECK(says("bytes 0-0/1099511627776") == std::uint64_t{1} << 40U);
  for (const char* const range :
       {"bytes 0-0/1099511627777", "bytes 0-0/99999999999999999999", "bytes 0-0/-1", "*"}) {
    CAPTURE(range);
    const auto size = says(range);
    REQUIRE_FALSE(size);
    CHECK(size.error().front().outside);
  }
}

TEST_CASE("what all came and got no name gets it with its last byte; what came damaged moves again") {
  Stand stand;
  const std::string text = bytes_of(1, 50'000), hash = stand.put(text);
  stand.far.parts[hash] = text;  // it was killed before it could look at it
  SitePath path = stand.path_there();
  SUBCASE("whole") {
    path.want({1}, {hash});
    stand.run(path);
    CHECK(stand.far.sent == 1);
  }
  SUBCASE("damaged") {
    stand.far.parts[hash][7] ^= 1;
    path.want({1}, {hash});
    stand.run(path);
    CHECK(stand.far.sent == 50'001);
  }
  CHECK(stand.far.inputs.at(hash) == text);
  CHECK(stand.count(What::whole) == 1);
}

TEST_CASE("what is there is asked for once a minute, however many read it") {
  Stand stand;
  const std::string hash = stand.put(bytes_of(1, 5000));
  SitePath path = stand.path_there();
  path.want({1}, {hash});
  stand.run(path);
  const int asked = stand.far.asked;
  for (std::uint64_t k = 2; k < 50; ++k) path.want({k}, {hash});
  stand.run(path);
  CHECK(stand.far.asked == asked);
  CHECK(stand.count(What::whole) == 49);
  stand.far.now += 61'000;
  stand.far.inputs.clear();  // somebody there took it away
  path.want({50}, {hash});
  stand.run(path);
  CHECK(stand.far.inputs.contains(hash));
  CHECK(stand.far.sent == 10'000);
}

TEST_CASE("an input that is wrong here is named nowhere") {
  Stand stand;
  const std::string hash = stand.put(bytes_of(1, 30'000));
  fs::permissions(fs::path(stand.store()) / hash, fs::perms::owner_all);
  CHECK(write_durably(stand.store() + "/" + hash, bytes_of(2, 30'000)));
  SitePath path = stand.path_there();
  path.want({1}, {hash});
  stand.run(path);
  CHECK(stand.count(What::failed) == 1);
  CHECK(stand.far.inputs.empty());
}

TEST_CASE("outputs come back by ranges: what came of one that was cut off is not fetched again") {
  for (std::uint64_t seed = 0; seed < seeds(60); ++seed) {
    CAPTURE(seed);
    Stand stand;
    RandomStream random(seed, "back");
    std::vector<std::string> objects;
    std::uint64_t all = 0;
    for (std::uint64_t k = 0; k < 4; ++k) {
      const std::string text = bytes_of(2000 * seed + k, random.next() % 150'000);
      objects.push_back(FakeBroker::hash_of(text));
      stand.far.objects[objects.back()] = text;
      all += text.size();
    }
    std::optional<SitePath> path(stand.path_back());
    path->want({1}, objects);
    for (int turn = 0; turn < 40; ++turn) {
      const double what = random.uniform();
      if (what > 0.9) {
        path.emplace(stand.path_back());
        path->want({1}, objects);
      }
      if (what < 0.3)
        stand.far.cut_after = random.uniform() < 0.5 ? std::optional(random.next() % 60'000) : std::nullopt;
      if (what > 0.4 && what < 0.5) stand.far.deaf = !stand.far.deaf;
      for (std::uint64_t k = random.next() % 8; k > 0; --k) stand.step(*path);
    }
    stand.far.deaf = false;
    stand.far.cut_after.reset();
    stand.run(*path);
    for (const std::string& one : objects) CHECK(has_object((stand.folder / "back").string(), one));
    CHECK(path->ledger().accounts().at({1}) == MovedAccount{.needed = all, .moved = all});
    // Beside them one byte each time somebody asked how long one is.
    CHECK(stand.far.fetched >= all);
    CHECK(stand.far.fetched <= all + static_cast<std::uint64_t>(stand.far.asked));
  }
}

}  // namespace hinterland
