// The sceptic's question over the real atlas: what must hold whatever the figures, and which way each of them leads.
#include "hinterland/impact/people_study.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "hinterland/impact/people_page.hpp"
#include "hinterland/report/terminal.hpp"
#include "tests/china.hpp"

using namespace hinterland;

namespace {

Expected<PeopleStudy> asked(const Atlas& atlas, const PeopleQuestion& question) {
  SilentProgress silent;
  return people_study(atlas, question, silent);
}

PeopleStudy two(std::size_t draws = 0, const Atlas& atlas = china()) {
  return asked(atlas, {.grouping = "two", .draws = draws}).value();
}

PeopleStudy with(const std::string& assignment) {
  Atlas atlas = china();
  REQUIRE(set_value(atlas, "spatial_economy.china." + assignment).has_value());
  return two(0, atlas);
}

}  // namespace

TEST_CASE("before anything moves, incomes are those of the accounts") {
  const PeopleStudy study = two();
  const double coast = study.world.product[0] / study.world.people[0];
  const double inland = study.world.product[1] / study.world.people[1];
  CHECK(study.before.ratio == doctest::Approx(coast / inland).epsilon(1e-9));
  CHECK(std::abs(study.before.output) < 1e-9);
  CHECK(std::abs(study.before.within_t) < 1e-12);  // two regions, one on each side
}

TEST_CASE("as many move as were asked for, and all people are somewhere") {
  for (const char* grouping : {"two", "four", "each"}) {
    const PeopleStudy study = asked(china(), {.grouping = grouping,
                                              .coast = {std::string(grouping) == "four" ? "east" : "coast"},
                                              .share = 0.02,
                                              .draws = 0})
                                  .value();
    CAPTURE(grouping);
    CHECK(study.people.central.moved == doctest::Approx(0.02).epsilon(1e-6));
    CHECK(study.capital.central.moved < 0);
    for (const PeopleWay* way : {&study.capital, &study.people}) {
      const auto& people = way->central.outcome.people;
      CHECK(std::accumulate(people.begin(), people.end(), 0.0) == doctest::Approx(1).epsilon(1e-12));
    }
  }
}

TEST_CASE("moving people to where more is made raises output, moving capital away from there lowers it") {
  const PeopleStudy study = two();
  CHECK(study.people.central.output > 0);
  CHECK(study.capital.central.output < 0);
  CHECK(study.people.central.ratio < study.before.ratio);
  CHECK(study.capital.central.ratio < study.before.ratio);
}

TEST_CASE("who is right by welfare turns on what keeps people out") {
  CHECK(with("barrier_share=1").lead > with("barrier_share=0.5").lead);
  CHECK(with("barrier_share=0").lead < 0);
  CHECK(with("barrier_share=1").lead > 0);
  // Owners elsewhere leave less of moved capital's return where it went.
  CHECK(with("owners_elsewhere=1").capital.central.welfare <
        with("owners_elsewhere=0").capital.central.welfare);
}

TEST_CASE("bands hold the draws, and the same seed gives the same answer") {
  const PeopleStudy study = two(60), again = two(60);
  for (const PeopleWay* way : {&study.capital, &study.people}) {
    CHECK(way->bands.welfare.low <= way->bands.welfare.median);
    CHECK(way->bands.welfare.median <= way->bands.welfare.high);
    CHECK(way->bands.welfare.low < way->bands.welfare.high);
  }
  CHECK(study.people_welfare == again.people_welfare);
  CHECK(study.people.bands.welfare.median == again.people.bands.welfare.median);
  REQUIRE_FALSE(study.drivers.empty());
  CHECK(study.drivers.front().column == "spatial_economy.china.barrier_share");
}

namespace {

// Asks to stop at its third call.
class Impatient final : public Progress {
 public:
  bool step(std::string_view, std::int64_t, std::int64_t) override { return ++calls_ < 3; }

 private:
  int calls_ = 0;
};

}  // namespace

TEST_CASE("draws do not depend on how many threads make them, and those made before an interruption count") {
  const PeopleQuestion question{.grouping = "two", .draws = 40, .threads = 1};
  PeopleQuestion many = question;
  many.threads = 4;
  const PeopleStudy one = asked(china(), question).value(), four = asked(china(), many).value();
  CHECK(one.draws == 40);
  CHECK_FALSE(one.interrupted);
  CHECK(one.people.bands.welfare.low == four.people.bands.welfare.low);
  CHECK(one.capital.bands.output.median == four.capital.bands.output.median);
  CHECK(one.left_out == four.left_out);
  PeopleQuestion long_one = question;
  long_one.draws = 20'000;
  Impatient impatient;
  const PeopleStudy stopped = people_study(china(), long_one, impatient).value();
  CHECK(stopped.interrupted);
  CHECK(stopped.draws < 20'000);
  CHECK(people_json(stopped).contains("\"interrupted\": true"));
  CHECK(render_terminal(people_page(china(), stopped), {.width = 200}).contains("Interrupted: "));
}

TEST_CASE("the headline says every draw and no draw where it is so") {
  PeopleStudy study = two(10);
  study.people_output = 1;
  study.people_welfare = 0.5;
  study.neither = 0;
  const std::string said = render_terminal(people_page(china(), study), {.width = 500});
  CHECK(said.contains("capital inland in every draw."));
  CHECK(said.contains("it gives more in 50 % of the draws. In none do both fail to raise welfare."));
}

TEST_CASE("what cannot be asked is refused with its flag") {
  const auto refused = [](const PeopleQuestion& question) {
    const auto study = asked(china(), question);
    return study ? std::string() : describe(study.error().front());
  };
  CHECK(refused({.grouping = "too", .draws = 0}).starts_with("--model"));
  CHECK(refused({.coast = {"costa"}, .draws = 0}).starts_with("--coast"));
  CHECK(
      refused({.grouping = "two", .coast = {"coast", "hinterland"}, .draws = 0}).find("names all regions") !=
      std::string::npos);
  CHECK(refused({.share = 0.5, .draws = 0}).starts_with("--share"));
  CHECK(refused({.share = 0, .draws = 0}).starts_with("--share"));
  Atlas bare = china();
  bare.spatial_economy = {};
  CHECK_FALSE(asked(bare, {.draws = 0}).has_value());
}

TEST_CASE("a share whose changes drown in rounding is refused, and the page says which paths are not used") {
  SilentProgress silent;
  const auto tiny = people_study(china(), {.grouping = "two", .share = 1e-9, .draws = 10}, silent);
  REQUIRE_FALSE(tiny.has_value());
  CHECK(tiny.error().front().what.contains("too small a share"));
  const auto least = people_study(china(), {.grouping = "two", .share = 1e-4, .draws = 10}, silent);
  REQUIRE(least.has_value());
  // A hundredth of what one per cent does, and of its sign.
  const auto usual = people_study(china(), {.grouping = "two", .draws = 10}, silent);
  CHECK(least->people.central.output == doctest::Approx(0.01 * usual->people.central.output).epsilon(0.05));
  CHECK(render_terminal(people_page(china(), *usual), {.width = 4000})
            .contains("the atlas's paths of the network are not used"));
}
