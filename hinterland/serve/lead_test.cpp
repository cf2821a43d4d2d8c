#include "hinterland/serve/lead.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "hinterland/executor/boot_clock.hpp"
#include "hinterland/journal/test_store.hpp"

namespace hinterland {

namespace {

enum class Says : std::uint8_t { yes, no, nothing };

// What a store says to renewals.
struct Word {
  std::atomic<Says> now = Says::yes;
  std::atomic<int> asked = 0;
};

class SpeakingStore final : public test::RowsInMemory {
 public:
  SpeakingStore(std::shared_ptr<Word> word, std::optional<Duration> lease)
      : word_(std::move(word)), lease_(lease) {}
  [[nodiscard]] std::optional<Duration> lease() const override { return lease_; }
  Expected<bool> renew() override {
    ++word_->asked;
    if (word_->now == Says::nothing)
      return failure({.what = "It says nothing.", .where = {.file = name()}, .mend = "", .outside = true});
    return word_->now == Says::yes;
  }

 private:
  std::shared_ptr<Word> word_;
  std::optional<Duration> lease_;
};

struct Desk {
  std::shared_ptr<Word> word = std::make_shared<Word>();
  std::atomic<int> calls = 0;
  std::unique_ptr<Lead> lead;

  explicit Desk(std::optional<Duration> lease, std::int64_t asked = boot_ms(),
                Duration stands_still = kStandsStill) {
    const Journal journal(std::make_unique<SpeakingStore>(word, lease));
    lead = std::make_unique<Lead>(journal, asked, stands_still);
    lead->when_lost([this](const Errors& /*why*/) { ++calls; });
  }
  [[nodiscard]] std::string trouble() const {
    const auto sure = lead->sure();
    return sure ? "none" : describe(sure.error().front());
  }
  // Of what takes as long as it takes.
  template <class What>
  static bool comes(const What& what) {
    for (int k = 0; k < 1000 && !what(); ++k) usleep(10'000);
    return what();
  }
};

constexpr Duration kShort{200}, kLong{600'000};

}  // namespace

TEST_CASE("a journal that nobody else can have open needs no renewal") {
  const Desk desk(std::nullopt);
  usleep(50'000);
  CHECK(desk.trouble() == "none");
  CHECK(desk.word->asked == 0);
}

TEST_CASE("a lease is renewed again and again, whatever else goes on") {
  const Desk desk(kShort);
  CHECK(Desk::comes([&] { return desk.word->asked >= 8; }));
  CHECK(desk.trouble() == "none");
  CHECK(desk.calls == 0);
}

TEST_CASE("what another has taken over is lost for good, and is told once") {
  const Desk desk(kShort);
  desk.word->now = Says::no;
  CHECK(Desk::comes([&] { return desk.calls == 1; }));
  CHECK(desk.trouble() == "memory: Another broker has taken over.");
  desk.word->now = Says::yes;
  usleep(300'000);
  CHECK(desk.trouble() == "memory: Another broker has taken over.");
  CHECK(desk.calls == 1);
  int late = 0;
  desk.lead->when_lost([&](const Errors& /*why*/) { ++late; });
  CHECK(late == 1);
}

TEST_CASE("a store that says nothing is asked again until the lease is over") {
  const Desk desk(kShort);
  desk.word->now = Says::nothing;
  CHECK(Desk::comes([&] { return desk.calls == 1; }));
  CHECK(desk.word->asked >= 2);
  CHECK(desk.trouble() == "memory: It says nothing.");
}

TEST_CASE("a store that says nothing for a while loses nothing") {
  const Desk desk(Duration{2000});
  desk.word->now = Says::nothing;
  CHECK(Desk::comes([&] { return desk.word->asked >= 2; }));
  desk.word->now = Says::yes;
  CHECK(Desk::comes([&] { return desk.word->asked >= 12; }));
  CHECK(desk.trouble() == "none");
  CHECK(desk.calls == 0);
}

TEST_CASE("whoever slept for longer than its lease asks before it is sure") {
  const Desk lucky(kLong, boot_ms() - 2 * kLong.ms);
  CHECK(lucky.word->asked == 0);
  CHECK(lucky.trouble() == "none");
  CHECK(lucky.word->asked == 1);
  CHECK(lucky.trouble() == "none");
  CHECK(lucky.word->asked == 1);  // and then is for a while
  const Desk late(kLong, boot_ms() - 2 * kLong.ms);
  late.word->now = Says::no;
  CHECK(late.trouble() == "memory: Another broker has taken over.");
  CHECK(late.calls == 1);
}

TEST_CASE(
    "a broker that stands still lets its lease lapse, and leads on if it wakes before anybody took over") {
  const Desk desk(kShort, boot_ms(), kShort);
  CHECK(Desk::comes([&] { return desk.word->asked >= 8; }));  // nobody has said yet that it lives: it begins
  desk.lead->alive();
  CHECK(Desk::comes([&] { return desk.trouble() != "none"; }));
  CHECK(desk.trouble() == "memory: The broker stands still for more than 0 s.");
  const int asked = desk.word->asked;
  usleep(300'000);
  CHECK(desk.word->asked == asked);  // neither by its own thread nor for another that would act
  CHECK(desk.calls == 0);
  desk.lead->alive();
  CHECK(desk.trouble() == "none");
  CHECK(desk.word->asked > asked);
}

TEST_CASE("a broker that stood still for long finds out that another has taken over") {
  const Desk desk(kShort, boot_ms(), kShort);
  desk.lead->alive();
  CHECK(Desk::comes([&] { return desk.trouble() != "none"; }));
  desk.word->now = Says::no;
  desk.lead->alive();
  CHECK(desk.trouble() == "memory: Another broker has taken over.");
  CHECK(desk.calls == 1);
}

}  // namespace hinterland
