#include "hinterland/impact/shock_scenario.hpp"

#include <doctest/doctest.h>

using namespace hinterland;

namespace {

constexpr const char* kOrders =
    "name = \"orders\"\n[exports.orders]\nindustries = [\"20\"]\nregions = [\"coast\"]\n"
    "lost = {value = 0.3, low = 0.1, high = 0.5, source = \"assumed\"}\ndays = 120\n";

std::string complaints(const std::string& toml) {
  const auto shock = parse_shock(toml, "shock.toml", {});
  std::string all;
  if (!shock) {
    for (const Error& error : shock.error()) all += describe(error) + "\n";
  }
  return all;
}

}  // namespace

TEST_CASE("a scenario is read with its ranges, and set from outside") {
  const ShockScenario shock = parse_shock(kOrders, "shock.toml", {}).value();
  CHECK(shock.grouping == "two");
  CHECK(shock.days == 365);
  REQUIRE(shock.exports.size() == 1);
  CHECK(shock.exports[0].lost == 0.3);
  CHECK(shock.exports[0].evidence.at("lost").high == 0.5);
  CHECK(shock.exports[0].industries[0].text == "20");
  const ShockScenario set =
      parse_shock(kOrders, "shock.toml", {"exports.orders.lost=0.7", "regions=each"}).value();
  CHECK(set.exports[0].lost == 0.7);
  CHECK(set.exports[0].evidence.empty());  // what was said of the old value does not hold of this one
  CHECK(set.grouping == "each");
  CHECK(is_shock_assignment("exports.orders.lost=0.7"));
  CHECK_FALSE(is_shock_assignment("staffing.china.staff_per_mw=3"));
}

TEST_CASE("what does not go together is said, all of it") {
  const std::string head = "name = \"x\"\n";
  CHECK(complaints(head).contains("shock.toml: nothing is lost"));
  CHECK(complaints(head + "[exports.a]\nlost = 1.5\ndays = 3\n").contains("shock.toml:3"));
  CHECK(complaints(head + "[exports.a]\nlst = 0.5\ndays = 3\n").contains("lost"));
  CHECK(complaints(head + "days = 3.5\n[exports.a]\nlost = 0.5\ndays = 3\n")
            .contains("3.5 is no whole number"));
  CHECK(complaints(head + "days = {value = 30, low = 20, high = 40, source = \"assumed\"}\n" +
                   "[exports.a]\nlost = 0.5\ndays = 3\n")
            .contains("days: all runs last as long"));
  const std::string mixed =
      complaints(head +
                 "[imports.a]\nlost = 0.5\ndays = 3\nregions = [\"coast\"]\n"
                 "[capacity.b]\nlost = 0.5\n"
                 "[capacity.c]\nlost = 0.5\ndays = 3\nsite = \"guian\"\nindustries = [\"31\"]\n"
                 "[zones.d]\nmw = 30\n"
                 "[zones.e]\nshare = 0.1\n"
                 "[zones.f]\nindustries = [\"31\"]\n");
  CHECK(mixed.contains("imports.a.regions: imports are lost to all regions alike"));
  CHECK(mixed.contains("capacity.b.days: it is over before it begins"));
  CHECK(mixed.contains("capacity.c.site: a site says itself what stops and where"));
  CHECK(mixed.contains("zones.d.site: nobody knows where it stands"));
  CHECK(mixed.contains("zones.e.industries: a share of which industries is not said"));
  CHECK(mixed.contains("zones.f.share: needs its capacity, once"));
}
