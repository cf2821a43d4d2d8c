#include "hinterland/judge/verdict_report.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <numeric>
#include <set>

#include "hinterland/judge/doubt_page.hpp"
#include "hinterland/judge/trace_verdict_page.hpp"
#include "hinterland/judge/verdict_page.hpp"
#include "hinterland/report/html.hpp"
#include "tests/china_rates.hpp"

using namespace hinterland;

namespace {

const std::string kSource = HINTERLAND_SOURCE_DIR;

Question ask(const std::string& workload, const std::string& region = "shanghai") {
  Question question;
  question.workload = load_workload(workload, kSource + "/data/workloads").value();
  question.from = {region};
  return question;
}

std::vector<std::string> presets() {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(kSource + "/data/workloads"))
    names.push_back(file.path().stem().string());
  std::ranges::sort(names);
  return names;
}

// Gathers what a page says, but for what stands inside its charts.
struct Reader {
  std::vector<Words> texts;
  void operator()(const Paragraph& paragraph) { texts.push_back(paragraph.text); }
  void operator()(const TableBlock& table) {
    texts.push_back(table.caption);
    for (const Column& column : table.columns) texts.push_back(column.title);
    for (const auto& row : table.rows) texts.insert(texts.end(), row.begin(), row.end());
  }
  void operator()(const FactsBlock& block) {
    texts.push_back(block.caption);
    for (const auto& [name, value] : block.facts) {
      texts.push_back(name);
      texts.push_back(value);
    }
  }
  void operator()(const auto& chart) { texts.push_back(chart.caption); }
};

std::vector<Words> texts_of(const std::vector<Block>& blocks) {
  Reader reader;
  for (const Block& block : blocks) std::visit(reader, block);
  return reader.texts;
}

// The report of a verdict with its doubt, as `judge --report` writes it.
std::vector<Words> report_texts(const Question& question, std::int64_t draws) {
  const Verdict verdict = judge(china(), rates(), question).value();
  std::vector<Block> blocks = verdict_report(china(), rates(), question, verdict).blocks;
  if (draws > 0) {
    SilentProgress progress;
    const Doubt found = doubt(china(), rates(), question, {.draws = draws}, progress).value();
    std::ranges::move(doubt_blocks(china(), found), std::back_inserter(blocks));
  }
  return texts_of(blocks);
}

// Units and names that are the same in every language.
const std::set<std::string>& names() {
  static const std::set<std::string> all = [] {
    std::set<std::string> some = {"CNY", "kWh", "PUE", "GPU", "Sobol", "--draws", "Teleport"};
    for (const Site& site : china().sites) some.insert(site.id.text);
    for (const Source& source : china().sources) some.insert(source.id.text);
    for (const std::string& preset : presets()) some.insert(preset);
    return some;
  }();
  return all;
}

// The first English word of a text: three letters or more in a row that are no name, unit, id or field.
std::string english_word(const std::string& text) {
  const auto in_word = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 128 && (std::isalnum(byte) != 0 || c == '_' || c == '.' || c == '-');
  };
  for (auto at = text.begin(); at != text.end();) {
    at = std::find_if(at, text.end(), in_word);
    const auto end = std::find_if_not(at, text.end(), in_word);
    std::string word(at, end);
    at = end;
    while (word.ends_with('.')) word.pop_back();
    std::size_t run = 0, longest = 0;
    for (const char c : word) {
      run = std::isalpha(static_cast<unsigned char>(c)) != 0 ? run + 1 : 0;
      longest = std::max(longest, run);
    }
    const bool id = word.contains('_') || word.contains('.');
    if (longest >= 3 && !id && !names().contains(word)) return word;
  }
  return "";
}

void check_chinese(const std::vector<Words>& texts) {
  for (const Words& text : texts) {
    CAPTURE(text.en);
    CAPTURE(text.zh);
    if (!english_word(text.en).empty()) CHECK_FALSE(text.zh.empty());
    CHECK(english_word(text.zh) == "");
  }
}

std::vector<std::string> sentences(const std::string& text, const std::string& end) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  for (std::size_t at = 0; (at = text.find(end, from)) != std::string::npos; from = at + end.size())
    parts.push_back(text.substr(from, at - from));
  parts.push_back(text.substr(from));
  return parts;
}

// Whether every sentence that has one of `words` has one of `ways` too.
bool says_by_which(const std::string& text, const std::string& end, const std::vector<std::string>& words,
                   const std::vector<std::string>& ways) {
  return std::ranges::all_of(sentences(text, end), [&](const std::string& sentence) {
    const auto has = [&](const std::string& word) { return sentence.contains(word); };
    return std::ranges::none_of(words, has) || std::ranges::any_of(ways, has);
  });
}

bool says_by_which(const Words& text) {
  std::string en = text.en;
  std::ranges::transform(en, en.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return says_by_which(en, ". ", {"green", "cleaner"}, {"location", "market", "marginal"}) &&
         says_by_which(text.zh, "。", {"绿", "更清洁"}, {"位置", "市场", "边际"});
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
  const Verdict nowhere = judge(china(), rates(), question).value();
  CHECK(nowhere.sentence_zh.starts_with("不可行"));
  CHECK(full_reason(nowhere.home_row()).zh == "缺少资质认证：需要 no-such-certificate");
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

TEST_CASE("all that a report says in English it says in Chinese, for every preset") {
  for (const std::string& preset : presets()) {
    CAPTURE(preset);
    check_chinese(report_texts(ask(preset), 40));
  }
  Question question = ask("film-render");
  question.home = question.away = {.automatic = false, .deal = {.basis = Basis::rented, .rate = {3.2}}};
  check_chinese(report_texts(question, 0));
  question.away = {.automatic = false, .deal = {.basis = Basis::built, .rate = {}}};
  check_chinese(report_texts(question, 0));
  CHECK(english_word("迁往 guian，sites.guian.server_use") == "");
  CHECK(english_word("PUE 1.2 stays") == "stays");
}

TEST_CASE("a judged trace is told in Chinese too") {
  const Question question = ask("film-render");
  Job job;
  job.submit_ms = 0;
  job.run_ms = 36'000'000;
  job.cores = 128;
  Trace trace;
  trace.file = "a.swf";
  trace.format = "swf";
  trace.bad_lines = 3;
  trace.jobs = {job};
  job.gpus = 1;
  trace.jobs.push_back(job);
  SilentProgress progress;
  TraceVerdict verdict = judge_trace(china(), rates(), question, trace, progress).value();
  for (const bool interrupted : {false, true}) {
    verdict.interrupted = interrupted;
    std::vector<Words> texts = texts_of(trace_verdict_page(china(), question, trace, verdict).blocks);
    // The format's and the columns' own names.
    std::erase_if(texts, [](const Words& text) { return text.en == "cores" || text.en == "gpus"; });
    for (Words& text : texts) {
      if (const auto at = text.zh.find("（swf）"); at != std::string::npos) text.zh.erase(at, 9);
    }
    check_chinese(texts);
  }
}

TEST_CASE("nothing is called green or cleaner without saying by which count") {
  for (const char* region : {"shanghai", "beijing", "guizhou", "guangdong"}) {
    for (const std::string& preset : presets()) {
      for (const Words& text : report_texts(ask(preset, region), 0)) {
        CAPTURE(text.en);
        CHECK(says_by_which(text));
        CHECK_FALSE(text.en.contains("+0 %"));
      }
    }
  }
  CHECK(says_by_which({"By location it is cleaner. It moves.", "按位置法更清洁。"}));
  CHECK_FALSE(says_by_which({"Location and market. It is cleaner.", ""}));
  CHECK_FALSE(says_by_which({"", "按位置法。更绿。"}));
}

TEST_CASE("annual means never put the saving at x instead of x") {
  std::size_t compared = 0;
  for (const std::string& preset : presets()) {
    for (const Words& text : report_texts(ask(preset), 0)) {
      const auto at = text.en.find("put the saving at "), other = text.en.find(" instead of ");
      if (at == std::string::npos || other == std::string::npos) continue;
      const std::size_t from = at + std::string_view("put the saving at ").size(),
                        to = other + std::string_view(" instead of ").size();
      CHECK(text.en.substr(from, other - from) != text.en.substr(to, text.en.find(' ', to) - to));
      ++compared;
    }
  }
  CHECK(compared > 0);
}
