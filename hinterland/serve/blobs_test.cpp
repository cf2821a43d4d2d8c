#include "hinterland/serve/blobs.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "hinterland/serve/rate_limit.hpp"
#include "hinterland/staging/object_hash.hpp"
#include "hinterland/staging/objects.hpp"

using namespace hinterland;

TEST_CASE("ranges of a file of 100 bytes") {
  const auto range = [](const char* header) {
    const auto found = range_of(header, 100);
    return found ? std::pair(found->from, found->to) : std::pair<std::uint64_t, std::uint64_t>(1000, 1000);
  };
  const std::pair<std::uint64_t, std::uint64_t> all{1000, 1000}, none{0, 0};
  CHECK(range("bytes=0-0") == std::pair<std::uint64_t, std::uint64_t>(0, 1));
  CHECK(range("bytes=10-19") == std::pair<std::uint64_t, std::uint64_t>(10, 20));
  CHECK(range("bytes=90-") == std::pair<std::uint64_t, std::uint64_t>(90, 100));
  CHECK(range("bytes=90-1000") == std::pair<std::uint64_t, std::uint64_t>(90, 100));
  CHECK(range("bytes=-5") == std::pair<std::uint64_t, std::uint64_t>(95, 100));
  CHECK(range("bytes=-500") == std::pair<std::uint64_t, std::uint64_t>(0, 100));
  CHECK(range("bytes=100-") == none);
  CHECK(range("bytes=100-200") == none);
  for (const char* const other : {"", "bytes", "bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "bytes=1-2,3-4",
                                  "lines=1-2", "bytes=1-2 ", "bytes=99999999999999999999-"})
    CHECK(range(other) == all);
}

TEST_CASE("where a part of a file belongs") {
  const auto range = content_range_of("bytes 10-19/100");
  REQUIRE(range);
  CHECK(range->from == 10);
  CHECK(range->to == 20);
  CHECK(range->total == 100);
  for (const char* const other :
       {"", "bytes 10-19", "bytes 10-19/", "bytes 10-19/*", "bytes 19-10/100", "bytes 10-100/100",
        "bytes -19/100", "bytes 0-0/99999999999999999999", "bytes 1-2/3x"})
    CHECK_FALSE(content_range_of(other));
}

TEST_CASE("a bucket gives a burst at once, and then so many a second") {
  RateLimit limit(10, 20);
  std::int64_t now = 1'000'000;
  int taken = 0;
  while (limit.take(now)) ++taken;
  CHECK(taken == 20);
  for (int k = 0; k < 1000; ++k) taken += limit.take(now += 10) ? 1 : 0;
  CHECK(taken >= 119);
  CHECK(taken <= 120);
  CHECK_FALSE(limit.is_full(now));
  CHECK(limit.is_full(now + 2000));
}

TEST_CASE("a blob all of which came, and that got no name, gets it with its last part") {
  const std::filesystem::path store =
      std::filesystem::temp_directory_path() / ("hinterland-blobs-" + std::to_string(getpid()));
  std::filesystem::create_directories(store / "uploads");
  const std::string text = "all of it";
  ObjectHash hash;
  hash.add(text.data(), text.size());
  const std::string name = hash.name();
  std::ofstream(store / "uploads" / name) << text;  // of a broker that was killed then
  const auto sent = [&](const char* range, std::string_view bytes) {
    HttpHead head;
    head.content_range = range;
    head.length = bytes.size();
    auto begun = Upload::begin(store.string(), name, head);
    if (auto* const refused = std::get_if<ApiResponse>(&begun)) return refused->status;
    auto& upload = std::get<std::unique_ptr<Upload>>(begun);
    CHECK_FALSE(upload->take(bytes));
    return upload->finish().status;
  };
  CHECK(sent("bytes 3-6/9", " of ") == 409);  // not the last
  CHECK(sent("bytes 8-8/9", "t") == 201);
  CHECK(has_object((store / "inputs").string(), name));
  std::filesystem::remove_all(store);
}

TEST_CASE(
    "an upload that would not leave a GB of the disk, or a twentieth of a smaller one, is refused before it "
    "begins") {
  namespace fs = std::filesystem;
  const fs::path store = (fs::exists("/dev/shm") ? "/dev/shm" : fs::temp_directory_path()) /
                         ("hinterland-room-" + std::to_string(getpid()));
  fs::create_directories(store);
  const auto disk = fs::space(store);
  const std::uint64_t floor = std::min<std::uint64_t>(1'000'000'000, disk.capacity / 20);
  const std::uint64_t margin = floor / 4;  // others write there too
  REQUIRE(disk.available > floor + margin);
  REQUIRE(disk.available < kMostBlob);
  const std::string hash(64, 'a');
  const auto begun = [&](std::uint64_t total, std::uint64_t from = 0) {
    HttpHead head;
    head.content_range =
        "bytes " + std::to_string(from) + "-" + std::to_string(from + 2) + "/" + std::to_string(total);
    head.length = 3;
    auto one = Upload::begin(store.string(), hash, head);
    if (auto* const upload = std::get_if<std::unique_ptr<Upload>>(&one)) {
      CHECK_FALSE((*upload)->take("abc"));
      return (*upload)->finish();
    }
    return std::get<ApiResponse>(std::move(one));
  };
  const std::uint64_t fits = disk.available - floor - margin, not_quite = disk.available - floor + margin;
  const ApiResponse refused = begun(not_quite);
  CHECK(refused.status == 507);
  CHECK(refused.body.contains("The disk has no room for it."));
  CHECK(begun(disk.available + margin).status == 507);
  CHECK(begun(fits).status == 202);
  CHECK(fs::file_size(store / "uploads" / hash) == 3);
  CHECK(begun(not_quite, 3).status == 507);  // what came stays
  CHECK(fs::file_size(store / "uploads" / hash) == 3);
  CHECK(begun(fits, 3).status == 202);
  fs::remove(store / "uploads" / hash);
  // Two at once, of which only one fits: the other is told so before it sends anything; and after the first is given up on, it fits.
  const auto asks = [&](char name) {
    HttpHead head;
    head.length = (disk.available - floor) / 2 + margin;
    return Upload::begin(store.string(), std::string(64, name), head);
  };
  {
    const auto first = asks('b');
    CHECK(std::holds_alternative<std::unique_ptr<Upload>>(first));
    const auto second = asks('c');
    REQUIRE(std::holds_alternative<ApiResponse>(second));
    CHECK(std::get<ApiResponse>(second).status == 507);
  }
  CHECK(std::holds_alternative<std::unique_ptr<Upload>>(asks('c')));
  fs::remove_all(store);
}

namespace {

struct Uploads {
  std::filesystem::path store =
      std::filesystem::temp_directory_path() / ("hinterland-uploads-" + std::to_string(getpid()));
  std::string text = "all of it", name;
  Uploads() {
    ObjectHash hash;
    hash.add(text.data(), text.size());
    name = hash.name();
    std::filesystem::create_directories(store / "uploads");
  }
  Uploads(const Uploads&) = delete;
  Uploads& operator=(const Uploads&) = delete;
  ~Uploads() { std::filesystem::remove_all(store); }

  [[nodiscard]] std::filesystem::path part() const { return store / "uploads" / name; }
  [[nodiscard]] std::variant<ApiResponse, std::unique_ptr<Upload>> begin() const {
    HttpHead head;
    head.length = text.size();
    return Upload::begin(store.string(), name, head);
  }
  void age() const {
    std::filesystem::last_write_time(part(),
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  }
};

}  // namespace

TEST_CASE("what was half sent goes after a while, but not while it is sent") {
  const Uploads place;
  {
    auto begun = place.begin();
    auto& upload = std::get<std::unique_ptr<Upload>>(begun);
    REQUIRE_FALSE(upload->take("all "));
    place.age();
    forget_uploads(place.store.string(), Duration{1000});
    CHECK(std::filesystem::exists(place.part()));
  }
  place.age();
  forget_uploads(place.store.string(), Duration{1000});
  CHECK_FALSE(std::filesystem::exists(place.part()));
}

TEST_CASE("many who send the same at once leave it whole") {
  const Uploads place;
  std::atomic<int> wrong = 0;
  const auto send = [&] {
    for (int k = 0; k < 2000; ++k) {
      auto begun = place.begin();
      if (auto* const upload = std::get_if<std::unique_ptr<Upload>>(&begun)) {
        if (!(*upload)->take(place.text)) (*upload)->finish();
      }
      std::error_code none;
      const auto size = std::filesystem::file_size(place.store / "inputs" / place.name, none);
      if (!none && size != place.text.size()) ++wrong;
      if (k % 4 == 0) std::filesystem::remove(place.store / "inputs" / place.name, none);
    }
  };
  std::vector<std::thread> senders;
  for (int k = 0; k < 4; ++k) senders.emplace_back(send);
  for (std::thread& sender : senders) sender.join();
  CHECK(wrong == 0);
}
