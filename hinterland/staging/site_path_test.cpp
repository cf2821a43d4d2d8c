#include "hinterland/staging/site_path.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>
#include <set>

#include "hinterland/staging/objects.hpp"
#include "hinterland/staging/test_sources.hpp"
#include "tests/seeds.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;
using test::bytes_of;
using test::TestSource;
using What = StagingNews::What;

// A path that is opened again and again, to a source that outlives it.
struct Line {
  fs::path folder = fs::temp_directory_path() / fmt::format("hinterland-path-{}", getpid());
  TestSource far;
  test::FarPlace* place = nullptr;  // none: the folder
  PathRules rules{.folder = folder.string()};
  std::optional<SitePath> path;
  std::vector<StagingNews> news;
  std::int64_t now = 1000;

  Line() {
    fs::remove_all(folder);
    begin();
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() {
    path.reset();
    fs::remove_all(folder);
  }
  // What a process that is killed leaves is what it had written.
  void begin() {
    struct Lent final : ObjectSource {
      explicit Lent(TestSource& of) : source(&of) {}
      Expected<std::uint64_t> size_of(const std::string& hash) override { return source->size_of(hash); }
      Expected<std::size_t> read(const std::string& hash, std::uint64_t from, char* into,
                                 std::size_t size) override {
        return source->read(hash, from, into, size);
      }
      TestSource* source;
    };
    path.reset();
    auto opened = SitePath::open(rules, std::make_unique<Lent>(far),
                                 place != nullptr ? place->lent() : folder_place(rules.folder));
    REQUIRE(opened);
    path.emplace(std::move(*opened));
    news.clear();
  }
  // False: there is nothing to do.
  bool step() {
    const auto wait = path->step(now, news);
    if (!wait) return false;
    now += *wait;
    return true;
  }
  void run() {
    for (int steps = 0; step(); ++steps) REQUIRE(steps < 1'000'000);
  }
  [[nodiscard]] std::size_t count(What what) const {
    return static_cast<std::size_t>(std::ranges::count(news, what, &StagingNews::what));
  }
  [[nodiscard]] MovedAccount account(std::uint64_t attempt) const {
    const auto found = path->ledger().accounts().find(AttemptId{attempt});
    return found == path->ledger().accounts().end() ? MovedAccount{} : found->second;
  }
  [[nodiscard]] bool has(const std::string& hash) const { return has_object(folder.string(), hash); }
};

}  // namespace

TEST_CASE("twenty attempts that read the same move it once, and whoever asked first has it on its account") {
  Line line;
  const std::string shared = line.far.add(bytes_of(1, 3'000'000));
  for (std::uint64_t k = 1; k <= 20; ++k) line.path->want({k}, {shared, shared});
  line.run();
  CHECK(line.count(What::whole) == 20);
  CHECK(line.count(What::begun) == 20);
  CHECK(line.far.sent == 3'000'000);
  CHECK(line.path->ledger().moved() == 3'000'000);
  CHECK(line.account(1) == MovedAccount{.needed = 3'000'000, .moved = 3'000'000});
  CHECK(line.account(20) == MovedAccount{.needed = 3'000'000, .moved = 0});
  line.news.clear();
  line.path->want({21}, {shared});
  line.run();
  CHECK(line.count(What::begun) == 0);  // nothing of it is missing
  CHECK(line.count(What::whole) == 1);
  CHECK(line.far.sent == 3'000'000);
}

TEST_CASE(
    "dropped, killed and begun again at random: each byte moves once, and accounts add up to what was sent") {
  for (std::uint64_t seed = 0; seed < seeds(150); ++seed) {
    CAPTURE(seed);
    Line line;
    line.rules.bytes_per_s = 1'000'000;
    line.begin();
    RandomStream random(seed, "path");
    std::vector<std::string> objects;
    std::uint64_t all = 0;
    for (std::size_t k = 1 + random.next() % 6; k > 0; --k) {
      const std::size_t size = random.next() % 200'000;
      objects.push_back(line.far.add(bytes_of(1000 * seed + k, size)));
      all += size;
    }
    std::set<std::uint64_t> ended;
    std::map<std::uint64_t, std::uint64_t> charged;
    std::uint64_t next = 1;
    const auto some = [&] {
      std::vector<std::string> out;
      for (const std::string& one : objects) {
        if (random.uniform() < 0.5) out.push_back(one);
      }
      return out;
    };
    for (int turn = 0; turn < 60; ++turn) {
      const double what = random.uniform();
      if (what < 0.3) line.path->want({next++}, some());
      if (what > 0.9) line.begin();  // killed
      if (what > 0.7 && what < 0.8 && next > 1) {
        const std::uint64_t one = 1 + random.next() % (next - 1);
        charged[one] = line.path->drop({one}).moved;
      }
      for (std::uint64_t k = random.next() % 8; k > 0; --k) line.step();
    }
    line.path->want({next}, objects);
    line.run();
    CHECK(line.far.sent == all);
    CHECK(line.path->ledger().moved() == all);
    const std::uint64_t sum = std::accumulate(
        line.path->ledger().accounts().begin(), line.path->ledger().accounts().end(), std::uint64_t{0},
        [](std::uint64_t upto, const auto& one) { return upto + one.second.moved; });
    CHECK(sum == all);
    for (const auto& [one, bytes] : charged) CHECK(line.account(one).moved >= bytes);
    for (const std::string& one : objects) CHECK(line.has(one));
    const MovedLedger again = *MovedLedger::open(line.folder.string(), [](const auto&) { return 0; });
    CHECK(again.moved() == all);
    CHECK(again.accounts() == line.path->ledger().accounts());
  }
}

TEST_CASE("to a place that often does not say what it took, each byte moves once and is on one account") {
  for (std::uint64_t seed = 0; seed < seeds(150); ++seed) {
    CAPTURE(seed);
    test::FarPlace place(seed);
    Line line;
    line.place = &place;
    line.rules.bytes_per_s = 1'000'000;
    line.begin();
    RandomStream random(seed, "far");
    std::vector<std::string> objects;
    std::uint64_t all = 0;
    for (std::uint64_t k = 0; k < 4; ++k) {
      const std::size_t size = 1 + random.next() % 200'000;
      objects.push_back(line.far.add(bytes_of(1000 * seed + k, size)));
      all += size;
    }
    std::uint64_t next = 1;
    place.mute = 0.3;
    for (int turn = 0; turn < 80; ++turn) {
      const double what = random.uniform();
      if (what < 0.3) line.path->want({next++}, {objects[random.next() % 4], objects[random.next() % 4]});
      if (what > 0.9) line.begin();  // killed
      if (what > 0.7 && what < 0.8 && next > 1) line.path->drop({1 + random.next() % (next - 1)});
      if (what > 0.5 && what < 0.6) place.deaf = !place.deaf;
      for (std::uint64_t k = random.next() % 8; k > 0; --k) line.step();
    }
    place.deaf = false;
    place.mute = 0;
    line.path->want({next}, objects);
    line.run();
    CHECK(place.taken == all);
    CHECK(line.path->ledger().moved() == all);
    for (const std::string& one : objects) CHECK(place.whole.at(one) == line.far.objects.at(one));
    const MovedLedger again =
        *MovedLedger::open(line.folder.string(), [](const auto&) { return std::nullopt; });
    CHECK(again.moved() == all);
    CHECK(again.accounts() == line.path->ledger().accounts());
  }
}

TEST_CASE("what is let go is taken away, unless an attempt wants it") {
  Line line;
  const std::string one = line.far.add(bytes_of(1, 5000)), other = line.far.add(bytes_of(2, 5000));
  line.path->want({1}, {one, other});
  line.path->want({2}, {other});
  line.run();
  line.path->drop({1});
  line.path->let_go({one, other});
  CHECK_FALSE(line.has(one));
  CHECK(line.has(other));
  CHECK(line.path->now().cached == 5000);
}

TEST_CASE("what one attempt is dropped from moves on for the other, which pays for the rest") {
  Line line;
  line.rules.bytes_per_s = 1'000'000;
  line.begin();
  const std::string shared = line.far.add(bytes_of(1, 1'000'000));
  line.path->want({1}, {shared});
  line.path->want({2}, {shared});
  while (line.far.sent < 400'000) REQUIRE(line.step());
  const MovedAccount first = line.path->drop({1});
  CHECK(first.moved == line.far.sent);
  line.run();
  CHECK(line.account(2).moved == 1'000'000 - first.moved);
  CHECK(line.far.sent == 1'000'000);
}

TEST_CASE("a path keeps its pace, and attempts share it in equal parts") {
  Line line;
  line.rules.bytes_per_s = 2'000'000;
  line.begin();
  for (std::uint64_t k = 1; k <= 4; ++k) line.path->want({k}, {line.far.add(bytes_of(k, 1'000'000))});
  const std::int64_t from = line.now;
  while (line.far.sent < 2'000'000) REQUIRE(line.step());
  const double seconds = static_cast<double>(line.now - from) / 1000;
  CHECK(seconds > 0.9);
  CHECK(seconds < 1.1);
  std::vector<std::uint64_t> here;
  for (const auto& [attempt, now] : line.path->now().attempts) here.push_back(now.here);
  CHECK(std::ranges::max(here) - std::ranges::min(here) <= 100'000);
  const StagingNow one = line.path->now().attempts.at({1});
  CHECK(one.needed == 1'000'000);
  CHECK(one.bytes_per_s == doctest::Approx(500'000).epsilon(0.4));
  // A small one that comes late is not behind the large ones.
  line.path->want({9}, {line.far.add(bytes_of(9, 50'000))});
  const std::int64_t came = line.now;
  while (!std::ranges::any_of(line.news, [](const StagingNews& news) {
    return news.attempt == AttemptId{9} && news.what == What::whole;
  }))
    REQUIRE(line.step());
  CHECK(line.now - came < 500);
}

TEST_CASE("what was used least recently goes when the folder is full, and nothing that is wanted") {
  Line line;
  line.rules.cache_bytes = 250'000;
  line.begin();
  std::vector<std::string> objects;
  for (std::uint64_t k = 0; k < 4; ++k) objects.push_back(line.far.add(bytes_of(k, 100'000)));
  const auto use = [&](std::uint64_t attempt, const std::vector<std::string>& hashes) {
    line.path->want({attempt}, hashes);
    line.run();
  };
  use(1, {objects[0]});
  line.path->drop({1});
  use(2, {objects[1]});
  line.path->drop({2});
  use(3, {objects[0]});  // again
  line.path->drop({3});
  use(4, {objects[2]});
  CHECK_FALSE(line.has(objects[1]));
  CHECK(line.has(objects[0]));
  use(5, {objects[3], objects[1]});  // with the third that attempt 4 still wants, more than there is room for
  CHECK(line.has(objects[2]));
  CHECK(line.has(objects[3]));
  CHECK(line.has(objects[1]));
  CHECK_FALSE(line.has(objects[0]));
  line.path->drop({4});
  CHECK_FALSE(line.has(objects[2]));
  CHECK(line.path->now().cached == 200'000);
  line.path->drop({5});
  line.begin();  // what is there is known again
  CHECK(line.path->now().cached == 200'000);
}

TEST_CASE("what is damaged at the site is moved again; what the store does not have, or has wrong, fails") {
  Line line;
  const std::string text = bytes_of(1, 50'000), hash = line.far.add(text);
  line.path->want({1}, {hash});
  line.run();
  line.path->drop({1});
  fs::permissions(line.folder / hash, fs::perms::owner_all);
  std::ofstream(line.folder / hash, std::ios::binary) << "something else";
  line.path->want({2}, {hash});
  line.run();
  CHECK(line.has(hash));
  CHECK(line.account(2).moved == 50'000);
  line.news.clear();
  const std::string wrong = line.far.add(bytes_of(2, 10'000));
  line.far.objects.at(wrong)[5] ^= 1;
  line.path->want({3}, {wrong, hash});
  line.path->want({4}, {std::string(64, 'e')});
  line.run();
  CHECK(line.count(What::failed) == 2);
  CHECK_FALSE(line.has(wrong));
}

TEST_CASE("a source or a folder that fails is tried again, and what came is kept") {
  Line line;
  const std::string hash = line.far.add(bytes_of(1, 3'000'000));
  line.far.fails_after = 1'000'000;
  line.path->want({1}, {hash});
  for (int k = 0; k < 10; ++k) line.step();
  CHECK(line.path->now().attempts.at({1}).trouble.contains("does not answer"));
  CHECK(line.path->now().attempts.at({1}).here == 1'048'576);
  line.far.fails_after.reset();
  line.run();
  CHECK(line.count(What::whole) == 1);
  CHECK(line.far.sent == 3'000'000);
}

TEST_CASE("a full disk is waited for, and what came before it stays") {
  Line line;
  const std::string hash = line.far.add(bytes_of(1, 3'000'000));
  line.path->want({1}, {hash});
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit full{.rlim_cur = 1'500'000, .rlim_max = before.rlim_max};
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &full);
  for (int k = 0; k < 40; ++k) line.step();
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, ignored);
  CHECK(line.path->now().attempts.at({1}).trouble.contains("cannot be kept"));
  CHECK(line.path->now().attempts.at({1}).here == 1'500'000);
  CHECK(line.news.size() == 1);  // that it has begun
  line.run();
  CHECK(line.has(hash));
  CHECK(line.account(1).moved == 3'000'000);
}

TEST_CASE("a ledger that somebody has written into is not believed; a line that was not finished is none") {
  Line line;
  const std::string hash = line.far.add(bytes_of(1, 1000));
  line.path->want({1}, {hash});
  line.run();
  line.path->drop({1});
  line.path->over({1});
  line.path.reset();
  const auto append = [&](const char* text) {
    std::ofstream(line.folder / "moved.log", std::ios::app | std::ios::binary) << text;
  };
  const auto open = [&] { return MovedLedger::open(line.folder.string(), [](const auto&) { return 0; }); };
  append("from 2 abc 1");
  REQUIRE(open());
  CHECK(open()->moved() == 1000);
  CHECK(open()->accounts().empty());
  append("upto 7 abc 9\n");
  CHECK_FALSE(open());
}

}  // namespace hinterland
