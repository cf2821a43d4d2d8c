#include "hinterland/judge/verdict_report.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "hinterland/judge/verdict_page.hpp"
#include "hinterland/report/html.hpp"
#include "tests/china_rates.hpp"

using namespace hinterland;

namespace {

const std::string kSource = HINTERLAND_SOURCE_DIR;

Question ask(const std::string& workload) {
  Question question;
  question.workload = load_workload(workload, kSource + "/data/workloads").value();
  question.from = {"shanghai"};
  question.charges.interest_per_year = china().country().interest_per_year;
  return question;
}

}  // namespace

TEST_CASE("bars add up to the price of a server-hour, and the marks are the deal's floor and ceiling") {
  const Question question = ask("film-render");
  const Verdict verdict = judge(china(), rates(), question).value();
  const BarsBlock bars = price_bars(china(), question, verdict);
  REQUIRE(bars.rows.size() > 2);
  const Hours work = verdict.amount.server_hours;
  for (std::size_t i = 0; i < bars.rows.size(); ++i) {
    const double sum =
        std::accumulate(bars.parts.begin(), bars.parts.end(), 0.0,
                        [&](double so_far, const auto& part) { return so_far + part.values[i]; });
    // Allowed rows come first, home at their head.
    CHECK(sum == doctest::Approx((verdict.rows[i].quote.price.total() / work).value));
  }
  CHECK(!bars.marks[0].at[0]);
  CHECK(bars.marks[0].at[1].value() == doctest::Approx((*verdict.floor / work).value));
  CHECK(bars.marks[1].at[1].value() == doctest::Approx((*verdict.ceiling / work).value));
}

TEST_CASE("the map holds every site once, by what became of it, and one path") {
  const Verdict moved = judge(china(), rates(), ask("film-render")).value();
  const MapBlock map = verdict_map(china(), moved);
  CHECK(map.places.size() == moved.rows.size());
  CHECK(map.places[0].group == "home");
  CHECK(std::ranges::count(map.places, "best", &MapBlock::Place::group) == 1);
  REQUIRE(map.lines.size() == 1);
  CHECK(map.places[map.lines[0].to].name.en == moved.best_row()->site->name);
  CHECK(map.lines[0].strong);
  CHECK(map.lines[0].text.en.contains("GB by"));

  const Verdict near = judge(china(), rates(), ask("trading")).value();
  const MapBlock refused = verdict_map(china(), near);
  CHECK(std::ranges::count(refused.places, "refused", &MapBlock::Place::group) ==
        std::ranges::count_if(near.rows, [](const SiteRow& row) { return !row.quote.allowed(); }));
}

TEST_CASE("the sentence has a Chinese one beside it, for every kind of answer") {
  CHECK(judge(china(), rates(), ask("film-render"))->sentence_zh.starts_with("应迁往"));
  CHECK(judge(china(), rates(), ask("log-scan"))->sentence_zh.starts_with("应留在上海"));
  CHECK(judge(china(), rates(), ask("trading"))->sentence_zh.contains("时延超限"));
  CHECK(judge(china(), rates(), ask("offsite-backup"))->sentence_zh.contains("不得留在"));
  Question question = ask("film-render");
  question.workload.certifications = {{"no-such-certificate"}};
  CHECK(judge(china(), rates(), question)->sentence_zh.starts_with("不可行"));
}

TEST_CASE("the report says all that the page says, and a refusal has no bars") {
  Question question = ask("film-render");
  const Verdict verdict = judge(china(), rates(), question).value();
  const Page page = verdict_page(china(), rates(), question, verdict),
             report = verdict_report(china(), rates(), question, verdict);
  CHECK(report.blocks.size() ==
        page.blocks.size() + 3 + 6);  // map, bars and a note; three maps of hours a side
  CHECK(report.title.zh.contains("上海"));
  CHECK(render_html(report).size() < 3'000'000);

  question.workload.certifications = {{"no-such-certificate"}};
  const Verdict none = judge(china(), rates(), question).value();
  const Page refusal = verdict_report(china(), rates(), question, none);
  CHECK(std::ranges::none_of(refusal.blocks,
                             [](const Block& block) { return std::holds_alternative<BarsBlock>(block); }));
}
