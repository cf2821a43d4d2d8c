#include "hinterland/cost/transfer.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

using namespace hinterland;

namespace {

Offer line(double price, double gbps, double fill) {
  Offer offer;
  offer.id = {"line"};
  offer.mode = OfferMode::flat;
  offer.price_per_month = Money{price};
  offer.bandwidth = GbPerHour{gbps * kGbPerHourPerGbps};
  offer.fill = fill;
  return offer;
}

Offer courier() {
  Offer offer;
  offer.id = {"courier"};
  offer.mode = OfferMode::courier;
  offer.price_per_device = Money{3'000};
  offer.device = Gigabytes{60'000};
  offer.copy = GbPerHour{8 * kGbPerHourPerGbps};
  offer.transit = Hours{72};
  return offer;
}

}  // namespace

TEST_CASE("250 TB take 23.15 days at 1 Gb/s, line rate") {
  const Transfer transfer = move_bytes(line(81'500, 1, 0.5), {.in = {250'000}, .out = {}});
  CHECK(transfer.time.value / 24 == doctest::Approx(23.148).epsilon(1e-4));
}

TEST_CASE("a line is found by its id, or by the cheapest GB") {
  Table<Offer> offers;
  offers.put(courier());
  CHECK(line_of(offers, "") == nullptr);
  for (const auto& [id, price] : {std::pair{"dear", 300.0}, {"cheap", 100.0}, {"as cheap", 100.0}}) {
    Offer offer = line(price, 1, 0.5);
    offer.id = {id};
    offers.put(offer);
  }
  CHECK(line_of(offers, "")->id.text == "cheap");
  CHECK(line_of(offers, "dear")->id.text == "dear");
  CHECK(line_of(offers, "courier") == nullptr);
}

TEST_CASE("a line costs its month's price over the bytes a month carries") {
  // 1 Gb/s carries 450 GB x 730 h = 328,500 GB a month when full; at half fill each GB costs twice as much.
  const Transfer full = move_bytes(line(328'500, 1, 1), {.in = {600}, .out = {400}});
  const Transfer half = move_bytes(line(328'500, 1, 0.5), {.in = {600}, .out = {400}});
  CHECK(full.cost.value == doctest::Approx(1'000));
  CHECK(half.cost.value == doctest::Approx(2'000));
}

TEST_CASE("a courier is paid by whole devices, copies at both ends, and drives") {
  const Transfer film = move_bytes(courier(), {.in = {250'000}, .out = {}});
  CHECK(film.cost.value == 15'000);  // five devices of 60 TB
  CHECK(film.time.value == doctest::Approx(2 * 250'000 / 3'600.0 + 72));
  const Transfer both_ways = move_bytes(courier(), {.in = {1}, .out = {1}});
  CHECK(both_ways.cost.value == 6'000);
  CHECK(both_ways.time.value > 144);
}

TEST_CASE("the cheapest offer in time wins; services use lines; nothing costs nothing") {
  const std::vector<Offer> offers = {line(81'500, 1, 0.5), line(486'500, 10, 0.5), courier()};
  const Bytes film{.in = {250'000}, .out = {}};
  CHECK(cheapest_transfer(offers, film, {1'000}, false)->offer->id.text == "courier");
  CHECK(cheapest_transfer(offers, film, {100}, false)->offer == &offers[1]);  // only 10 Gb/s is in time
  CHECK(cheapest_transfer(offers, film, {1'000}, true)->offer ==
        &offers[1]);  // cheaper a GB than the small line
  CHECK_FALSE(cheapest_transfer(offers, film, {10}, false).has_value());
  CHECK(cheapest_transfer(offers, {}, {0}, false)->cost.value == 0);
  CHECK(fastest_transfer(offers, film, false) == move_bytes(offers[1], film).time);
}

TEST_CASE("more bytes never cost less or take less time") {
  CHECK(rc::check([] {
    const std::vector<Offer> offers = {line(*rc::gen::inRange(0, 1'000'000), *rc::gen::inRange(1, 100), 0.5),
                                       courier()};
    const Bytes few{.in = {static_cast<double>(*rc::gen::inRange(0, 100'000))}, .out = {0}};
    const Bytes more{.in = few.in + Gigabytes{static_cast<double>(*rc::gen::inRange(0, 100'000))},
                     .out = {1}};
    for (const Offer& offer : offers) {
      RC_ASSERT(move_bytes(offer, more).cost >= move_bytes(offer, few).cost);
      RC_ASSERT(move_bytes(offer, more).time >= move_bytes(offer, few).time);
    }
  }));
}

TEST_CASE(
    "of the ways to move bytes none that stays is dearer and slower than another, and the best are among "
    "them") {
  CHECK(rc::check([] {
    std::vector<Offer> offers;
    const int count = *rc::gen::inRange(1, 9);
    for (int i = 0; i < count; ++i) {
      Offer offer;
      offer.price_per_month = Money{*rc::gen::inRange(1, 100) * 1000.0};
      offer.bandwidth = GbPerHour{*rc::gen::inRange(1, 5) * 450.0};
      offer.fill = 0.5;
      offers.push_back(offer);
    }
    const Bytes bytes{.in = {1000}, .out = {}};
    const auto ways = worthwhile_transfers(offers, bytes, false);
    for (const Transfer& a : ways) {
      for (const Transfer& b : ways) RC_ASSERT(&a == &b || a.cost < b.cost || a.time < b.time);
    }
    for (const Hours most : {Hours{0.5}, Hours{1}, Hours{100}}) {
      const auto best = cheapest_transfer(offers, bytes, most, false);
      const auto among = [&](const Transfer& way) {
        return best && way.cost == best->cost && way.time == best->time;
      };
      if (best) RC_ASSERT(std::ranges::any_of(ways, among));
    }
  }));
}
