// Claims against the real atlas: what they come to, and that every verdict follows the figures.
#include "hinterland/claims/check.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <regex>

#include "hinterland/atlas/check.hpp"
#include "hinterland/base/file.hpp"
#include "hinterland/claims/claims_page.hpp"
#include "hinterland/report/terminal.hpp"
#include "tests/china.hpp"
#include "tests/seeds.hpp"

using namespace hinterland;

namespace {

const ClaimsFile& shipped() {
  static const ClaimsFile file = read_claims(HINTERLAND_SOURCE_DIR "/data/claims.toml").value();
  return file;
}

const ClaimsCheck& as_it_stands() {
  static const ClaimsCheck check = check_claims(china(), shipped(), {}).value();
  return check;
}

std::size_t at(const std::string& key) {
  for (std::size_t i = 0; i < shipped().claims.size(); ++i)
    if (shipped().claims[i].key == key) return i;
  FAIL("no claim " << key);
  return 0;
}

const CheckedClaim& claim(const std::string& key) { return as_it_stands().claims[at(key)]; }

double number(const std::string& key, const std::string& name) {
  const Claim& one = shipped().claims[at(key)];
  for (std::size_t n = 0; n < one.numbers.size(); ++n)
    if (one.numbers[n].name == name) return claim(key).numbers[n].value.value();
  FAIL("no number " << name);
  return 0;
}

ClaimVerdict verdict_with(const std::string& key, const std::vector<std::string>& assignments) {
  Atlas atlas = china();
  for (const std::string& one : assignments) REQUIRE(set_value(atlas, one).has_value());
  return check_claims(atlas, shipped(), {key}).value().claims[at(key)].verdict;
}

ClaimsCheck checked(const std::string& rest) {
  const auto file = parse_claims(
      "own_sources = [\"claims50\"]\n[texts.a]\nwords = \"a text\"\n[claims.C1]\nwords = \"w\"\ntext = "
      "\"a\"\n" +
          rest,
      "c.toml");
  REQUIRE(file.has_value());
  return check_claims(china(), *file, {}).value();
}

}  // namespace

TEST_CASE("fifty claims are shipped, each with a test, and the atlas is honest with their figures") {
  CHECK(shipped().claims.size() == 50);
  for (const Claim& one : shipped().claims) {
    CAPTURE(one.key);
    CHECK_FALSE(one.tests.empty());
    CHECK_FALSE(one.print.empty());
    CHECK_FALSE(one.words_zh.empty());
    for (const ClaimTest& test : one.tests) CHECK(test.because_zh.empty() == test.because.empty());
  }
  CHECK(check_atlas(china()).honest());
}

TEST_CASE("incomes: +130.87 %, ratio 0.613 to 0.691, gap 7,796 to 12,753 yuan") {
  CHECK(number("C34", "growth") == doctest::Approx(1.3087).epsilon(1e-4));
  CHECK(number("C34", "yearly") == doctest::Approx(0.0873).epsilon(1e-3));
  CHECK(number("C36", "ratio_before") == doctest::Approx(0.613).epsilon(1e-3));
  CHECK(number("C36", "ratio_after") == doctest::Approx(0.691).epsilon(1e-3));
  CHECK(number("C36", "gap_before") == 7796);
  CHECK(number("C36", "gap_after") == 12753);
  CHECK(claim("C36").verdict == ClaimVerdict::care);
  CHECK(claim("C36").sentence.find("12,753 yuan") != std::string::npos);
}

TEST_CASE("a quarter is 15 % at most by one precision, and the fastest was second") {
  CHECK(number("C08", "by_notes") == doctest::Approx(0.1344).epsilon(1e-3));
  CHECK(number("C08", "at_most") == doctest::Approx(83.3 / (0.7 * 788)).epsilon(1e-9));
  CHECK(number("C08", "mixed") == doctest::Approx(56.9 / 215.5).epsilon(1e-9));
  CHECK(claim("C08").verdict == ClaimVerdict::misleading);
  CHECK(number("C39", "rank") == 2);
  CHECK(claim("C39").verdict == ClaimVerdict::refuted);
}

TEST_CASE("verdicts follow the figures, one way and back") {
  CHECK(verdict_with("C08", {"figures.guizhou-compute-2025-08.value=250"}) == ClaimVerdict::holds);
  CHECK(verdict_with("C08", {"figures.guizhou-compute-2025-03.value=20"}) == ClaimVerdict::refuted);
  CHECK(verdict_with("C39", {"figures.tibet-growth-2018.value=0.08"}) == ClaimVerdict::holds);
  const std::string nation = "nation_accounts.2014.disposable_income_cny=20167";
  CHECK(verdict_with("C36", {nation, "accounts.guizhou-2024.disposable_income_cny=34000"}) ==
        ClaimVerdict::holds);
  CHECK(verdict_with("C36", {nation, "accounts.guizhou-2024.disposable_income_cny=20000"}) ==
        ClaimVerdict::refuted);
  CHECK(verdict_with("C03", {"figures.greater-hinterland-members.value=10"}) == ClaimVerdict::holds);
  CHECK(verdict_with("C03", {"figures.greater-hinterland-members.value=11"}) == ClaimVerdict::refuted);
  // The list repeats the text; whoever has another source says so in the books, and the figure vouches for itself no more.
  CHECK(verdict_with("C09", {"deals.guizhou-relocation-2025-06.signed=298"}) == ClaimVerdict::holds);
  CHECK(verdict_with("C09", {"deals.guizhou-relocation-2025-06.signed=250"}) == ClaimVerdict::refuted);
}

namespace {

using Tries = std::vector<std::string>;

// Ways of moving the figures of a claim: each cell that it reads, by factors; and for claims that ask the atlas as a whole or
// turn on a whole year only, what is named here.
std::vector<Tries> tries_of(std::size_t claim) {
  static const std::map<std::string, Tries> kWhole = {
      {"C02", {"accounts.guizhou-2024.gdp_1e8_cny=90000"}},
      {"C16", {"figures.guizhou-industrial-bases.value=8"}},
      {"C23", {"hazards.ice-storm-2008.sites=shaoguan", "hazards.drought-2011.sites=shaoguan"}},
      {"C28", {"figures.guizhou-pilot-zone.value=2012"}},
      {"C29", {"figures.guizhou-pilot-zone.value=2013"}},
      {"C37", {"hazards.earthquake-2008.sites=guian"}},
      {"C41", {"climate.57816-07.daily_max_c=59", "climate.57816-07.mean_c=50"}},
      {"C49", {"accounts.sichuan-2014.gdp_1e8_cny=150000"}},
  };
  std::vector<Tries> tries;
  if (const auto whole = kWhole.find(shipped().claims[claim].key); whole != kWhole.end())
    tries.push_back(whole->second);
  for (const UsedCell& cell : as_it_stands().claims[claim].cells) {
    const double value = cell.value.value_or(cell.unit == "year" || cell.unit == "place" ? 1 : 10);
    for (const double factor : {0.3, 0.9, 1.2, 4.0, 0.0, -1.0, 0.1})
      tries.push_back({fmt::format("{}={}", cell.cell.text(), value * factor)});
  }
  return tries;
}

// None where a value lies out of its field's range.
std::optional<CheckedClaim> claim_with(std::size_t claim, const Tries& assignments) {
  Atlas atlas = china();
  for (const std::string& one : assignments)
    if (!set_value(atlas, one)) return std::nullopt;
  ClaimsFile alone = shipped();
  alone.claims = {shipped().claims[claim]};
  alone.disputes.clear();
  return check_claims(atlas, alone, {}).value().claims[0];
}

}  // namespace

// No verdict is typed in: for each there are figures with which it is another, and then so is the sentence. None says "rose by
// -19 %", "-2.0 % higher", "passed it by -29 billion yuan".
TEST_CASE("every verdict changes with some figure of the atlas, and the sentence follows it") {
  static const std::regex kAway(
      R"((rose|grew|jumped|passed|gained|higher|more than|lifted|ahead|faster)[^;:()]{0,40} -\d)");
  static const std::regex kBehind(R"( -\d[^;:()]{0,20} (higher|more than|more in|farther|ahead|behind))");
  REQUIRE(std::regex_search("Incomes rose by -19.17 % from 2014 on.", kAway));
  REQUIRE(std::regex_search("urban output -2.0 % higher", kBehind));
  for (std::size_t i = 0; i < shipped().claims.size(); i += kSanitized ? 6 : 1) {
    const CheckedClaim& before = as_it_stands().claims[i];
    bool changes = false;
    for (const Tries& assignments : tries_of(i)) {
      const auto after = claim_with(i, assignments);
      if (!after) continue;
      CAPTURE(fmt::format("{} with {}: {}, {}", shipped().claims[i].key, fmt::join(assignments, ", "),
                          name_of(after->verdict), after->sentence));
      CHECK_FALSE(std::regex_search(after->sentence, kAway));
      CHECK_FALSE(std::regex_search(after->sentence, kBehind));
      if (after->verdict == before.verdict) continue;
      changes = true;
      CHECK(after->sentence != before.sentence);
    }
    CAPTURE(shipped().claims[i].key);
    CHECK(changes);
  }
}

TEST_CASE("the user's books are asked like the atlas") {
  const std::string folder = std::filesystem::temp_directory_path() / "hinterland-claims-books";
  std::filesystem::create_directories(folder);
  REQUIRE(write_text(folder + "/figures.csv", "id,value\nguizhou-internet-2016,0.43\n").has_value());
  const auto atlas = load_atlas(HINTERLAND_SOURCE_DIR "/data/atlas/china", folder);
  std::filesystem::remove_all(folder);
  REQUIRE(atlas.has_value());
  const auto check = check_claims(*atlas, shipped(), {"C18"});
  REQUIRE(check.has_value());
  const CheckedClaim& one = check->claims[at("C18")];
  CHECK(claim("C18").verdict == ClaimVerdict::unchecked);
  CHECK(one.verdict == ClaimVerdict::holds);
  CHECK(one.needs.empty());
  CHECK(one.cells.at(0).who.kind == "yours");
}

TEST_CASE("the list's own notes, which name no source, settle nothing") {
  // By them alone C14 would mislead, and C36 could be refuted.
  CHECK(claim("C14").verdict == ClaimVerdict::care);
  CHECK(claim("C14").tests[0].outcome == ClaimOutcome::undecided);
  CHECK(claim("C14").tests[0].reason.en.contains("rests on the list's own notes, which name no source"));
  for (const char* const key : {"C08", "C14", "C32", "C36"})
    CHECK(claim(key).sentence.ends_with("notes of the list alone, which name no source."));
  CHECK(claim("C36").tests[0].noted);
  CHECK(verdict_with("C36", {"accounts.guizhou-2024.disposable_income_cny=20000"}) ==
        ClaimVerdict::unchecked);
  CHECK(verdict_with("C14", {"figures.strategic-hinterland-policy.value=2023"}) == ClaimVerdict::misleading);
  // Whoever is found to lean on them is shown to, and none holds.
  for (std::size_t i = 0; i < shipped().claims.size(); ++i) {
    CAPTURE(shipped().claims[i].key);
    if (std::ranges::any_of(as_it_stands().claims[i].tests, &CheckedTest::noted))
      CHECK((as_it_stands().claims[i].verdict == ClaimVerdict::care ||
             as_it_stands().claims[i].verdict == ClaimVerdict::unchecked));
  }
}

TEST_CASE("rates worked back from a text's own dollars prove none of them") {
  CHECK(claim("C35").verdict == ClaimVerdict::unchecked);
  CHECK(number("C35", "implied_before") == doctest::Approx(6.155).epsilon(1e-3));
  CHECK(verdict_with("C35", {"figures.yuan-per-dollar-2014.value=6.5",
                             "figures.yuan-per-dollar-2024.value=7.3"}) == ClaimVerdict::refuted);
  CHECK(verdict_with("C35", {"figures.yuan-per-dollar-2014.value=6.15",
                             "figures.yuan-per-dollar-2024.value=7.3"}) == ClaimVerdict::care);
}

TEST_CASE("what only the text says is said to be, and years that nobody reported are not counted") {
  for (const char* const key : {"C09", "C10", "C32", "C33", "C44"}) {
    CAPTURE(key);
    CHECK(claim(key).verdict == ClaimVerdict::unchecked);
    CHECK(claim(key).sentence.contains("said to"));
  }
  CHECK(claim("C07").verdict == ClaimVerdict::unchecked);
  CHECK(verdict_with("C07", {"figures.guizhou-digital-first-years.value=5"}) == ClaimVerdict::refuted);
  CHECK(verdict_with("C07", {"figures.guizhou-digital-first-2023.value=3"}) == ClaimVerdict::refuted);
  CHECK(verdict_with("C07", {"figures.guizhou-digital-first-2023.value=1",
                             "figures.guizhou-digital-first-2024.value=1"}) == ClaimVerdict::holds);
}

TEST_CASE("a place by hydropower is none by water, and a contract's price no public tariff") {
  const Claim& water = shipped().claims[at("C40")];
  CHECK(claim("C40").tests[0].outcome == ClaimOutcome::unknown);
  CHECK(water.tests[0].left == "rank");
  CHECK(verdict_with("C40", {"figures.guizhou-water-rank.value=9"}) == ClaimVerdict::refuted);
  for (const char* const key : {"C23", "C38", "C40"})
    CHECK(claim(key).sentence.contains("quoted to data centres"));
  // Only that less than half is hydropower is known.
  for (const char* const key : {"C38", "C40"})
    for (const ClaimTest& test : shipped().claims[at(key)].tests) CHECK_FALSE(test.because.contains("coal"));
}

TEST_CASE("the sceptic's sentence says what the model answers, the inland's where its series begins") {
  CHECK(number("C12", "output_draws") == 1);
  CHECK(number("C12", "welfare_draws") == doctest::Approx(0.64).epsilon(0.05));
  CHECK(number("C12", "no_barriers") < 0);
  CHECK(number("C12", "all_barriers") > 0);
  CHECK(claim("C12").sentence.contains("100 % of the draws"));
  CHECK(number("C49", "start") == doctest::Approx(0.0286).epsilon(0.01));
  CHECK(claim("C49").verdict == ClaimVerdict::care);
  CHECK(claim("C49").tests[2].outcome == ClaimOutcome::failed);
  CHECK(claim("C49").sentence.contains("0.0286 in 2005"));
}

TEST_CASE("a figure cannot vouch for itself, arithmetic on it can be done with care") {
  const std::string cell = "accounts.guizhou-2014.disposable_income_cny";
  const ClaimsCheck bare =
      checked("says.x = 12371\nnumbers.x = { value = \"" + cell +
              "\" }\ntests.t = { left = \"x\", is = \"equals\", right = \"says.x\", else = \"false\" }\n");
  CHECK(bare.claims[0].tests[0].outcome == ClaimOutcome::itself);
  CHECK(bare.claims[0].verdict == ClaimVerdict::unchecked);
  const ClaimsCheck sum =
      checked("numbers.x = { ratio = [\"accounts.guizhou-2024.disposable_income_cny\", \"" + cell +
              "\"] }\ntests.t = { left = \"x\", is = \"above\", right = 2, else = \"false\" }\n");
  CHECK(sum.claims[0].verdict == ClaimVerdict::care);
  CHECK(sum.claims[0].tests[0].reason.en == "rests on the text's own figures alone");
}

TEST_CASE("what comes out otherwise within a cited range is said, either way") {
  // Gui'an's power price is cited between 0.3009 and 0.5583.
  const auto price = [](const char* relation, double bar) {
    return checked(fmt::format("numbers.p = {{ value = \"sites.guian.power_price_cny_per_kwh\" }}\n"
                               "tests.t = {{ left = \"p\", is = \"{}\", right = {}, else = \"false\" }}\n",
                               relation, bar))
        .claims[0];
  };
  CHECK(price("below", 0.6).verdict == ClaimVerdict::holds);
  CHECK(price("below", 0.5).tests[0].outcome == ClaimOutcome::turns);
  CHECK(price("below", 0.5).verdict == ClaimVerdict::care);
  CHECK(price("above", 0.5).tests[0].outcome == ClaimOutcome::undecided);
  CHECK(price("above", 0.5).verdict == ClaimVerdict::unchecked);
  CHECK(price("above", 0.6).verdict == ClaimVerdict::refuted);
  CHECK(price("above", 0.5).needs.at(0).en == "a narrower range of sites.guian.power_price_cny_per_kwh");
  CHECK(price("above", 0.5).needs.at(0).zh == "sites.guian.power_price_cny_per_kwh 更窄的区间");
}

TEST_CASE("a test that rests on an assumption holds with care") {
  const ClaimsCheck check = checked(
      "numbers.x = { value = \"staffing.china.construction_years\" }\n"
      "tests.t = { left = \"x\", is = \"above\", right = 0.1, else = \"false\" }\n");
  CHECK(check.claims[0].verdict == ClaimVerdict::care);
  CHECK(check.claims[0].tests[0].assumed);
}

TEST_CASE("that the atlas has no earthquake on record does not make the ground stable") {
  CHECK(claim("C37").verdict == ClaimVerdict::unchecked);
  CHECK_FALSE(claim("C37").sentence.contains("(not known)"));
  CHECK(claim("C37").needs.at(0).en.contains("guian-peak-ground-acceleration"));
  CHECK(verdict_with("C37", {"figures.guian-peak-ground-acceleration.value=0.03"}) == ClaimVerdict::care);
  CHECK(verdict_with("C37", {"figures.guian-peak-ground-acceleration.value=0.2"}) == ClaimVerdict::refuted);
}

TEST_CASE("what misleads only if a figure that nobody has is low cannot be checked, and prints no hole") {
  Atlas atlas = china();
  atlas.figures.edit({"nation-compute-fp16"}).value.reset();
  const CheckedClaim quarter = check_claims(atlas, shipped(), {"C08"}).value().claims[at("C08")];
  CHECK(quarter.verdict == ClaimVerdict::unchecked);
  CHECK(quarter.sentence.starts_with("Where no precision is stated Guizhou has "));
  for (std::size_t i = 0; i < shipped().claims.size(); ++i) {
    CAPTURE(shipped().claims[i].key);
    const std::string& said = as_it_stands().claims[i].sentence;
    const auto hole = said.find("(not known)");
    CHECK((hole == std::string::npos || said.find("(not known)", hole + 1) == std::string::npos));
  }
}

TEST_CASE("bars stand in the unit of what is held against them, ranks as places") {
  CHECK(bar_text(0.005, {.unit = "%", .digits = 0}) == "0.5 %");
  CHECK(bar_text(0.01, {.unit = "years", .times = 1000, .digits = 0}) == "10 years");
  CHECK(bar_text(150, {.unit = "million", .times = 0.01, .digits = 1}) == "1.5 million");
  CHECK(bar_text(0.05, {.times = 100, .digits = 1}) == "5");
  CHECK(bar_text(1, {.unit = "year"}) == "1");
  CHECK(shown_text(22, {.unit = "place"}) == "22nd");
  CHECK(shown_text(13, {.unit = "place"}) == "13th");
  CHECK(shown_text(101, {.unit = "place"}) == "101st");
  const auto page_of = [](const char* key) {
    return render_terminal(claims_page(check_claims(china(), shipped(), {key}).value(), true),
                           {.width = 200});
  };
  CHECK(page_of("C24").contains("years_of_pay above 10 years"));
  CHECK(page_of("C20").contains("per_resident at-most 5 "));
  CHECK(page_of("C17").contains("people equals says.people within 1.5 million"));
  // A rank asks the atlas as a whole, a growth names its cells.
  CHECK(page_of("C02").contains("(ends untried)"));
  CHECK_FALSE(page_of("C34").contains("(ends untried)"));
}

TEST_CASE("a claim without a sentence for its verdict prints its figures and nothing else") {
  const ClaimsCheck check = checked(
      "numbers.p = { hazards = \"guian\", label = \"hazards\" }\n"
      "tests.t = { left = \"p\", is = \"at-most\", right = 0, else = \"false\" }\nprint.holds = \"None.\"\n");
  CHECK(check.claims[0].verdict == ClaimVerdict::refuted);
  CHECK(check.claims[0].sentence == "w: hazards 2.");
}

TEST_CASE("texts that contradict each other stand side by side") {
  const auto dispute = [](const std::string& key) -> const CheckedDispute& {
    for (std::size_t d = 0; d < shipped().disputes.size(); ++d)
      if (shipped().disputes[d].key == key) return as_it_stands().disputes[d];
    FAIL("no dispute " << key);
    return as_it_stands().disputes[0];
  };
  CHECK_FALSE(dispute("pilot-zone").agree);
  std::map<double, int> years;
  for (const DisputeReading& one : dispute("pilot-zone").readings) ++years[one.value];
  CHECK(years.contains(2012));
  CHECK(years.contains(2014));
  CHECK(years.contains(2015));
  CHECK(dispute("quarter").readings.size() == 3);
  Atlas atlas = china();
  REQUIRE(set_value(atlas, "figures.tibet-growth-2018.value=0.01").has_value());
  const auto settled = check_claims(atlas, shipped(), {}).value();
  for (std::size_t d = 0; d < shipped().disputes.size(); ++d)
    if (shipped().disputes[d].key == "fastest") CHECK(settled.disputes[d].agree);
}

TEST_CASE("every sentence stands in Chinese too, with the same numbers in it") {
  for (std::size_t i = 0; i < shipped().claims.size(); ++i) {
    const Claim& one = shipped().claims[i];
    CAPTURE(one.key);
    for (const auto& [verdict, pattern] : one.print) {
      CAPTURE(verdict);
      REQUIRE(one.print_zh.contains(verdict));
      auto en = names_in(pattern, {}).value(), zh = names_in(one.print_zh.at(verdict), {}).value();
      std::ranges::sort(en);
      std::ranges::sort(zh);
      CHECK(en == zh);
    }
    const std::string& said = as_it_stands().claims[i].sentence_zh;
    CHECK_FALSE(said.empty());
    for (const char* const word : {" million", " yuan", " years", "(not known)"})
      CHECK_FALSE(said.contains(word));
  }
  CHECK(claim("C02").sentence_zh == "2024年贵州GDP总量列各省第 22位，人均列第 28位。");
  CHECK(claim("C36").sentence_zh.contains("12,753 元"));
  CHECK(claim("C46").sentence_zh.contains("290 亿元"));
  CHECK(claim("C31").sentence_zh.contains("923 万"));
  CHECK(claim("C36").sentence_zh.ends_with("其中部分仅见于清单自身的注释，未注明来源。"));
}

TEST_CASE("a claim asked for twice is one claim, and who says what is told in Chinese too") {
  const auto twice = check_claims(china(), shipped(), {"C08", "C08"}).value();
  CHECK(twice.shown.size() == 1);
  for (const CheckedDispute& one : as_it_stands().disputes)
    for (const DisputeReading& reading : one.readings)
      if (reading.who.en.starts_with("C28: ")) CHECK(reading.who.zh == "C28：2018年一篇杂志报道");
}

TEST_CASE("claims that name what the atlas does not know are refused, all of them, where they stand") {
  const auto file = parse_claims(
      "own_sources = [\"nobody\"]\n[texts.a]\nwords = \"t\"\n[claims.C1]\nwords = \"w\"\ntext = \"a\"\n"
      "numbers.x = { value = \"figures.no-such.value\" }\nnumbers.y = { gdp = [\"guizou\", \"2024\"] }\n",
      "c.toml");
  REQUIRE(file.has_value());
  const auto check = check_claims(china(), *file, {"C2"});
  REQUIRE_FALSE(check.has_value());
  std::string said;
  for (const Error& error : check.error()) said += describe(error) + "\n";
  CAPTURE(said);
  CHECK(said.find("own_sources: 'nobody' is no source of the atlas") != std::string::npos);
  CHECK(said.find("--id: 'C2' is no claim of c.toml. Did you mean C1?") != std::string::npos);
  CHECK(said.find("c.toml:7:13: x: 'figures.no-such.value': figures has no row 'no-such'") !=
        std::string::npos);
  CHECK(said.find("c.toml:8:13: y: 'guizou' is no region of the atlas. Did you mean guizhou?") !=
        std::string::npos);
}
