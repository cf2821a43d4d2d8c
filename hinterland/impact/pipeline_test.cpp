// The shipped programme, and files of counts.
#include "hinterland/impact/pipeline.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hinterland/impact/pipeline_page.hpp"
#include "hinterland/report/terminal.hpp"
#include "tests/china.hpp"

using namespace hinterland;

namespace {

Expected<Pipeline> follow_pipeline(const Atlas& atlas, const std::vector<DealCount>& counts,
                                   const std::optional<Range>& since, const PipelineQuestion& question) {
  SilentProgress silent;
  return hinterland::follow_pipeline(atlas, counts, since, question, silent);
}

// Asks to stop when it is first asked.
class Impatient final : public Progress {
 public:
  bool step(std::string_view, std::int64_t, std::int64_t) override { return false; }
};

Pipeline shipped(const PipelineQuestion& question = {}) {
  return follow_pipeline(china(), counts_of(china(), "guizhou-relocation", "").value(), std::nullopt,
                         question)
      .value();
}

std::string refusal(const std::string& text) {
  const auto counts = parse_deal_counts(text, "c.csv", 2020);
  std::string said;
  if (!counts)
    for (const Error& error : counts.error()) said += describe(error) + "\n";
  return said;
}

}  // namespace

TEST_CASE("298 signed, 190 operating, 36.5 billion dollars: per deal and per operating deal") {
  const Pipeline result = shipped();
  REQUIRE(result.worth.has_value());
  CHECK(result.worth->currency == "USD");
  CHECK(std::abs(result.worth->per_deal() - 122.5e6) < 0.05e6);
  CHECK(std::abs(*result.worth->per_operating() - 192.1e6) < 0.05e6);
  CHECK(*result.counts.back().operating / result.counts.back().signed_deals ==
        doctest::Approx(0.638).epsilon(1e-3));
  CHECK(result.fit.ahead.back().year == 2031);
  CHECK(result.fit.draws == 40'000);
  CHECK(result.fit.effective_draws > 4000);  // bands that hold to a deal
  // One count leaves most of what was not known unknown.
  CHECK(result.fit.build_years.left() > 0.4);
}

TEST_CASE("the worth follows the atlas") {
  Atlas atlas = china();
  REQUIRE(set_value(atlas, "deals.guizhou-relocation-2025-06.operating=100").has_value());
  const auto result =
      follow_pipeline(atlas, counts_of(atlas, "guizhou-relocation", "").value(), std::nullopt, {}).value();
  CHECK(*result.worth->per_operating() == doctest::Approx(365e6));
}

TEST_CASE("the years asked for are forecast, a past one is refused") {
  const Pipeline result = shipped({.until = 2027.5});
  REQUIRE(result.fit.ahead.size() == 3);
  CHECK(result.fit.ahead[0].year == 2026);
  CHECK(result.fit.ahead[2].year == 2027.5);
  CHECK_FALSE(follow_pipeline(china(), result.counts, std::nullopt, {.until = 2020}).has_value());
}

TEST_CASE("a file of counts is read, empty cells are not known") {
  const auto counts = parse_deal_counts(
      "date,signed,operating,building\n2021-06-30,10,2,\n2022-06-30,30,12,9\n", "c.csv", 2020);
  REQUIRE(counts.has_value());
  CHECK_FALSE(counts->front().building.has_value());
  CHECK(counts->back().building == 9);
  const auto result = follow_pipeline(china(), *counts, Range{2020, 2020, 2020}, {});
  REQUIRE(result.has_value());
  CHECK(std::abs(result->fit.now.building.median - 9) < 0.7);
  CHECK_FALSE(result->worth.has_value());
}

TEST_CASE("a file that cannot be is refused where it stands") {
  CHECK(refusal("date,signed,operating\n2021-06-30,-10,2\n").find("c.csv:2: signed") != std::string::npos);
  CHECK(refusal("date,signed,operating\n2021-06-30,1,2\n")
            .find("2 deals stand at a stage, and 1 were signed") != std::string::npos);
  CHECK(refusal("date,signed\n2021-06-30,5\n2022-06-30,7\n2022-03-30,8\n2023-06-30,7\n") ==
        "c.csv:4: date: 2022-03-30 does not follow 2022-06-30: later, with no fewer deals signed. Order a "
        "programme's counts by date; signed never falls.\n"
        "c.csv:5: date: 2023-06-30 does not follow 2022-03-30: later, with no fewer deals signed. Order a "
        "programme's counts by date; signed never falls.\n");
  CHECK(refusal("date,signed,operating\n2021-06-30,10,8\n2022-06-30,10,\n2023-06-30,10,3\n")
            .contains("c.csv:4: operating: 8 operating by 2021-06-30, and 3 by 2023-06-30."));
  CHECK(refusal("date,signed,dropped\n2021-06-30,10,2\n2022-06-30,10,1\n").contains("c.csv:3: dropped: 2"));
  CHECK(refusal("date,signed\n2022-06-30,5\n2021-06-30,6\n").find("2021-06-30 does not follow") !=
        std::string::npos);
  CHECK(refusal("date,signed\n2019-06-30,5\n").find("not after the first deal") != std::string::npos);
  CHECK(refusal("date,operating\n2021-06-30,5\n").find("signed") != std::string::npos);
  CHECK(refusal("date,signed\n").find("there is no count") != std::string::npos);
}

TEST_CASE("deals of an atlas that cease to operate are refused, and so is nothing to follow") {
  auto counts = counts_of(china(), "guizhou-relocation", "").value();
  counts.push_back(counts.back());
  counts.back().id = {"later"};
  counts.back().date = "2026-06-30";
  counts.back().operating = 3;
  const auto fallen = follow_pipeline(china(), counts, std::nullopt, {});
  REQUIRE_FALSE(fallen);
  CHECK(describe(fallen.error().front()).contains("deals.csv: deals.later.operating: 190 operating by"));
  const auto none = parse_deal_counts("date,signed,operating\n2021-06-30,0,0\n", "c.csv", 2020).value();
  const auto nothing = follow_pipeline(china(), none, Range{2020, 2020, 2020}, {});
  REQUIRE_FALSE(nothing);
  CHECK(describe(nothing.error().front()).contains("by 2021-06-30 no deal was signed, and none is to come"));
  const auto to_come = follow_pipeline(china(), none, Range{2020, 2020, 2020}, {.signing_per_year = 40});
  REQUIRE(to_come);
  CHECK(render_terminal(pipeline_page(*to_come), {.width = 200})
            .contains("By 2021-06-30 no deal was signed. By early"));
}

TEST_CASE("an atlas without a pace says so") {
  Atlas atlas = china();
  atlas.deal_paces = {};
  const auto result = follow_pipeline(atlas, counts_of(china(), "guizhou-relocation", "").value(), {}, {});
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().front().where.file.ends_with("deal_pace.csv"));
}

TEST_CASE("a pace whose cited range begins at 0 is refused where it is cited") {
  Atlas atlas = china();
  for (Citation& one : atlas.citations) {
    if (one.table == "deal_pace" && one.column != "build_years") one.low = 0;
  }
  const auto result = follow_pipeline(atlas, counts_of(china(), "guizhou-relocation", "").value(), {}, {});
  REQUIRE_FALSE(result.has_value());
  REQUIRE(result.error().size() == 2);
  const std::string said = describe(result.error().front());
  CHECK(said.contains("citations.csv:"));
  CHECK(said.contains("deal_pace.china.start_years: its range begins at 0"));
  CHECK(result.error().front().where.line > 0);
}

TEST_CASE("who stops it gets the draws made by then, and is told") {
  Impatient impatient;
  const auto counts = counts_of(china(), "guizhou-relocation", "").value();
  const Pipeline stopped = hinterland::follow_pipeline(china(), counts, std::nullopt, {}, impatient).value();
  CHECK(stopped.fit.draws == 500);
  CHECK(render_terminal(pipeline_page(stopped), {.width = 200}).contains("Interrupted: 500 of 40000 draws"));
}
