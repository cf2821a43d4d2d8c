#include "hinterland/serve/signals.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "hinterland/cost/unit_rates.hpp"

namespace hinterland {

namespace {

const std::vector<std::string> kSites = {"guian", "shanghai", "guian"};

std::string trouble_with(const std::string& csv) {
  const auto read = parse_signals(csv, "prices.csv", kSites, Instant{});
  return read ? "" : describe(read.error().front());
}

}  // namespace

TEST_CASE("a price counts for every pool of its site") {
  const auto read = parse_signals(
      "site,hour,price_per_kwh,co2_per_kwh\n"
      "guian,1970-01-01T02:00Z,0.21,0.35\n"
      "guian,1970-01-01T01:00:00,-0.1,\n"
      "harbin,1970-01-01T01:00Z,9,\n",
      "prices.csv", kSites, Instant{});
  REQUIRE(read);
  REQUIRE(read->size() == 2);
  CHECK(read->front().pool == 0);
  CHECK(read->back().pool == 2);
  CHECK(
      read->front().hours ==
      std::vector<HourPrice>{{.hour = {kHour.ms}, .money_per_kwh = -100'000},
                             {.hour = {2 * kHour.ms}, .money_per_kwh = 210'000, .co2_kg_per_kwh = 350'000}});
}

TEST_CASE("what is wrong with a table of prices is said, with its line") {
  const std::string head = "site,hour,price_per_kwh\n";
  CHECK(trouble_with(head + "guian,1970-01-01T02:30Z,1\n") ==
        "prices.csv:2: hour: is no whole hour since 1970. Give one price an hour.");
  CHECK(trouble_with(head + "guian,yesterday,1\n").starts_with("prices.csv:2: hour: "));
  CHECK(trouble_with(head + "guian,1970-01-01T02:00Z,dear\n").starts_with("prices.csv:2: price_per_kwh: "));
  CHECK(trouble_with(head + "guian,1970-01-01T02:00Z,1\nguian,1970-01-01T02:00Z,2\n") ==
        "prices.csv:3: hour: guian has another price of this hour above. Give each hour of a site once.");
  CHECK(trouble_with(head + "guain,1970-01-01T02:00Z,1\n") ==
        "prices.csv: No pool is at any of its sites (guain is one). Name sites of the pools.");
  CHECK(trouble_with(head + "guian,1970-01-01T02:00Z,0.2") ==
        "prices.csv: It ends within a line. Is somebody writing it? Write another file, and rename that.");
  CHECK(trouble_with(head + "guian,1970-03-01T02:00Z,1\n") ==
        "prices.csv:2: hour: is more than a month ahead. Give the coming month at most.");
  CHECK(trouble_with("site,hour\n").starts_with("prices.csv"));
}

TEST_CASE("a table that becomes unreadable is trouble, and what it said stands until it is mended") {
  const std::string file = std::filesystem::temp_directory_path() / "hinterland-signals-test.csv";
  const auto write = [&](const std::string& text) { std::ofstream(file) << text; };
  const std::string good = "site,hour,price_per_kwh\nguian,1970-01-01T02:00Z,1\n";
  std::filesystem::remove(file);
  SignalsWatch watch(file, kSites);
  CHECK(watch.look({}).empty());
  CHECK(watch.trouble().size() == 1);
  write(good);
  CHECK(watch.look({}).size() == 2);
  CHECK(watch.trouble().empty());
  CHECK(watch.look({}).empty());  // no news
  write("nonsense\n");
  CHECK(watch.look({}).empty());
  CHECK(watch.trouble().size() >= 1);
  write(good);
  CHECK(watch.look({}).empty());  // it was heard
  CHECK(watch.trouble().empty());
  std::filesystem::remove(file);
}

}  // namespace hinterland
