#include "hinterland/staging/object_transfer.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "hinterland/base/random.hpp"
#include "hinterland/staging/objects.hpp"
#include "hinterland/staging/test_sources.hpp"
#include "tests/seeds.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;
using test::bytes_of;
using test::TestSource;

constexpr std::uint64_t kAll = 1'000'000;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Place {
  fs::path root = fs::temp_directory_path() / fmt::format("hinterland-transfer-{}", getpid());
  Place() {
    fs::remove_all(root);
    fs::create_directories(root);
  }
  ~Place() { fs::remove_all(root); }
  [[nodiscard]] fs::path part(const std::string& hash) const { return root / part_of(hash); }
  std::unique_ptr<ObjectPlace> to = folder_place(root.string());
};

// To its end, in steps of random sizes, unless that takes more than `most_steps`: then it is given up there.
bool move_on(ObjectSource& from, const std::string& hash, ObjectPlace& to, RandomStream& random,
             std::uint64_t most_steps, std::uint64_t& moved) {
  auto one = ObjectTransfer::begin(from, to, hash);
  REQUIRE(one);
  while (!one->is_whole()) {
    if (most_steps-- == 0) return false;
    const auto step = one->step(1 + random.next() % 700);
    REQUIRE(step);
    moved += step->moved;
  }
  if (most_steps == 0) return false;
  REQUIRE(one->finish() == TransferEnd::named);
  return true;
}

}  // namespace

TEST_CASE(
    "given up at any byte and any number of times, each byte is moved once, and what is named is whole") {
  for (std::uint64_t seed = 0; seed < seeds(300); ++seed) {
    CAPTURE(seed);
    const Place place;
    RandomStream random(seed, "transfer");
    TestSource from;
    const std::string text = bytes_of(seed, random.next() % 20'000), hash = from.add(text);
    from.short_reads = seed % 3;
    std::uint64_t moved = 0;
    int tries = 1;
    while (!move_on(from, hash, *place.to, random, random.next() % 150, moved)) {
      ++tries;
      CHECK_FALSE(fs::exists(place.root / hash));
    }
    CHECK(moved == text.size());
    CHECK(from.sent == text.size());
    CHECK(text_of(place.root / hash) == text);
    CHECK(has_object(place.root.string(), hash));
    CHECK_FALSE(fs::exists(place.part(hash)));
    CHECK(tries >= 1);
  }
}

TEST_CASE("what an earlier transfer left is thrown away if it is damaged, and only then") {
  const Place place;
  RandomStream random(1, "transfer");
  TestSource from;
  const std::string text = bytes_of(7, 10'000), hash = from.add(text);
  const auto begin_with = [&](const std::string& left) {
    std::ofstream(place.part(hash), std::ios::binary) << left;
    from.sent = 0;
  };
  SUBCASE("one byte is another") {
    std::string left = text.substr(0, 6000);
    left[1234] ^= 1;
    begin_with(left);
    auto one = ObjectTransfer::begin(from, *place.to, hash);
    REQUIRE(one);
    CHECK(one->here() == 6000);
    while (!one->is_whole()) REQUIRE(one->step(512));
    CHECK(one->finish() == TransferEnd::thrown_out);
    CHECK_FALSE(fs::exists(place.root / hash));
    CHECK_FALSE(fs::exists(place.part(hash)));
    std::uint64_t moved = 0;
    CHECK(move_on(from, hash, *place.to, random, kAll, moved));
    CHECK(moved == text.size());
  }
  SUBCASE("it is longer than the object") {
    begin_with(text + "x");
    std::uint64_t moved = 0;
    CHECK(move_on(from, hash, *place.to, random, kAll, moved));
    CHECK(moved == text.size());
  }
  SUBCASE("all of it is there") {
    begin_with(text);
    std::uint64_t moved = 0;
    CHECK(move_on(from, hash, *place.to, random, kAll, moved));
    CHECK(moved == 0);
    CHECK(from.sent == 0);
  }
  CHECK(text_of(place.root / hash) == text);
}

TEST_CASE("a source whose bytes are not what it says names nothing") {
  const Place place;
  TestSource from;
  const std::string hash = from.add(bytes_of(1, 3000));
  from.objects.at(hash)[2999] ^= 1;
  auto one = ObjectTransfer::begin(from, *place.to, hash);
  REQUIRE(one);
  while (!one->is_whole()) REQUIRE(one->step(1000));
  const auto end = one->finish();
  REQUIRE_FALSE(end);
  CHECK_FALSE(end.error().front().outside);
  CHECK(fs::is_empty(place.root));
}

TEST_CASE("a source that fails, or is too short, leaves what came") {
  const Place place;
  TestSource from;
  const std::string text = bytes_of(2, 3000), hash = from.add(text);
  CHECK_FALSE(ObjectTransfer::begin(from, *place.to, std::string(64, '0')));
  from.fails_after = 1000;
  auto one = ObjectTransfer::begin(from, *place.to, hash);
  REQUIRE(one);
  REQUIRE(one->step(1000));
  const auto failed = one->step(1000);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().front().outside);
  from.fails_after.reset();
  REQUIRE(one->step(1000));  // the same transfer goes on
  from.objects.at(hash).resize(2500);
  REQUIRE(one->step(1000));
  const auto ended = one->step(1000);
  REQUIRE_FALSE(ended);
  CHECK_FALSE(ended.error().front().outside);
  CHECK(fs::file_size(place.part(hash)) == 2500);
}

TEST_CASE("a folder of objects is a source") {
  const Place place;
  fs::create_directories(place.root / "there");
  const std::string text = bytes_of(3, 5000);
  std::ofstream(place.root / "file", std::ios::binary) << text;
  const auto object = put_file((place.root / "store").string(), (place.root / "file").string());
  REQUIRE(object);
  const auto from = folder_source((place.root / "store").string());
  CHECK(from->size_of(object->hash) == 5000);
  RandomStream random(3, "transfer");
  std::uint64_t moved = 0;
  CHECK(move_on(*from, object->hash, *folder_place((place.root / "there").string()), random, kAll, moved));
  CHECK(text_of(place.root / "there" / object->hash) == text);
  const auto missing = from->size_of(std::string(64, 'a'));
  REQUIRE_FALSE(missing);
  CHECK_FALSE(missing.error().front().outside);
}

}  // namespace hinterland
