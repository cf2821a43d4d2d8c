#include "hinterland/serve/events.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <vector>

#include "hinterland/serve/test_loop.hpp"
#include "hinterland/serve/test_service.hpp"

namespace hinterland {

namespace {

struct Listener {
  test::DeskService service;
  test::PostedLoop loop;
  Events events{service, &loop};
  std::vector<std::optional<std::string>> heard;

  std::shared_ptr<EventReader> listen() {
    return events.open(Caller{.name = "o", .role = Role::operates, .projects = {}}, 0);
  }
  void next(EventReader& reader) {
    reader.next([this](std::optional<std::string> text) { heard.push_back(std::move(text)); });
    spins = loop.run(100);
  }
  bool spins = false;
};

}  // namespace

TEST_CASE("who listens from the first step on gets each step, and waits at the last") {
  Listener one;
  one.service.kept = {Facts{fact::DrainSet{.pool = PoolIndex{1}, .on = true}}, Facts{}};
  const auto reader = one.listen();
  one.next(*reader);
  REQUIRE(one.heard.size() == 1);
  CHECK(one.heard[0]->contains("\"step\":1"));
  CHECK(one.heard[0]->contains("pool drained"));
  one.next(*reader);
  CHECK(one.heard.size() == 1);
}

TEST_CASE("a step that cannot be read ends the line of who is there, and is not tried for ever") {
  Listener one;
  one.service.kept = {Facts{fact::DrainSet{.pool = PoolIndex{1}, .on = true}}, std::nullopt};
  const auto reader = one.listen();
  one.next(*reader);
  REQUIRE(one.heard.size() == 1);
  CHECK(one.heard[0]->contains("pool drained"));  // what is before it is heard
  one.next(*reader);
  REQUIRE(one.heard.size() == 2);
  CHECK_FALSE(one.heard[1].has_value());
  CHECK_FALSE(one.spins);
}

}  // namespace hinterland
