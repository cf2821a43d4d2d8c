// The range of what a fill is worth: seeded, shared by all steps, and as wide as the figures it rests on.
#include "hinterland/judge/fill_doubt.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include "tests/china_rates.hpp"

using namespace hinterland;

namespace {

const std::string kPresets = HINTERLAND_SOURCE_DIR "/data/workloads";

FillQuestion ask(const std::vector<std::string>& classes) {
  FillQuestion question{.site = {"zhongwei"}};
  for (const std::string& one : classes) question.classes.push_back(load_workload(one, kPresets).value());
  question.from = {{"shanghai"}, {"beijing"}};
  return question;
}

FillDoubt doubt_of(const Atlas& atlas, const FillQuestion& question, std::int64_t draws, std::uint64_t seed) {
  SilentProgress progress;
  return doubt_fill(atlas, rates(), question, fill_site(atlas, rates(), question).value(), draws, seed,
                    progress)
      .value();
}

class StopAtOnce final : public Progress {
 public:
  bool step(std::string_view, std::int64_t, std::int64_t) override { return false; }
};

}  // namespace

TEST_CASE("same seed, same bands; another seed, others") {
  const FillQuestion question = ask({"film-render"});
  const FillDoubt one = doubt_of(china(), question, 300, 7), two = doubt_of(china(), question, 300, 7),
                  other = doubt_of(china(), question, 300, 8);
  REQUIRE(one.steps.size() == 2);
  CHECK(one.once.low == two.once.low);
  CHECK(one.steps[1].room.high == two.steps[1].room.high);
  CHECK(one.once.low != other.once.low);
}

TEST_CASE("bands hold the room itself, and a share pays") {
  const FillQuestion question = ask({"film-render", "model-training", "log-scan"});
  const Fill fill = fill_site(china(), rates(), question).value();
  const FillDoubt doubt = doubt_of(china(), question, 1000, 1);
  REQUIRE(doubt.steps.size() == fill.steps.size());
  for (std::size_t i = 0; i < fill.steps.size(); ++i) {
    CHECK(doubt.steps[i].room.low < fill.steps[i].pair.room());
    CHECK(doubt.steps[i].room.high > fill.steps[i].pair.room());
    CHECK(doubt.steps[i].pays > 0.5);
    CHECK(doubt.steps[i].pays <= 1);
  }
  CHECK(doubt.once.low < fill.year.once);
  CHECK(doubt.once.high > fill.year.once);
  CHECK(doubt.all_year.low < fill.year.all_year);
  CHECK(doubt.all_year.high > fill.year.all_year);
}

TEST_CASE("without a cited range there is no width, and the year is what it is") {
  Atlas certain = china();
  certain.citations.clear();
  const FillQuestion question = ask({"film-render", "model-training"});
  const Fill fill = fill_site(certain, rates(), question).value();
  const FillDoubt doubt = doubt_of(certain, question, 100, 1);
  CHECK(doubt.once.low == doubt.once.high);
  CHECK(doubt.once.low.value == doctest::Approx(fill.year.once.value).epsilon(1e-9));
  CHECK(doubt.all_year.high.value == doctest::Approx(fill.year.all_year.value).epsilon(1e-9));
  for (const StepDoubt& step : doubt.steps) CHECK(step.pays == 1);
}

TEST_CASE("steps share their draws: two of one kind are as doubtful together as apart") {
  // Both rest on the same floor and server; were their draws apart, the sum would be narrower than the sum of widths.
  FillQuestion question = ask({"film-render"});
  question.from = {{"shanghai"}};
  const auto width = [](const MoneyBand& band) { return (band.high - band.low).value; };
  const double alone = width(doubt_of(china(), question, 2000, 3).once);
  question.classes.push_back(question.classes.front());
  question.classes.back().id = {"film-render-2"};
  CHECK(width(doubt_of(china(), question, 2000, 3).once) == doctest::Approx(2 * alone).epsilon(1e-9));
}

TEST_CASE("what does not fit adds nothing to the year; who says stop gets nothing") {
  FillQuestion question = ask({"film-render"});
  question.idle = Kilowatts{1};
  const FillDoubt doubt = doubt_of(china(), question, 50, 1);
  CHECK(doubt.once.high == Money{});
  CHECK(doubt.all_year.high == Money{});
  CHECK(doubt.steps.size() == 2);
  StopAtOnce stop;
  CHECK_FALSE(
      doubt_fill(china(), rates(), question, fill_site(china(), rates(), question).value(), 50, 1, stop)
          .has_value());
}
