// The file of a trace model: what it may leave out, how it is written and read, what is refused and where.
#include "hinterland/work/trace_model.hpp"

#include <doctest/doctest.h>

#include "hinterland/base/file.hpp"
#include "hinterland/work/workload.hpp"

using namespace hinterland;

namespace {

const std::string kShort = "[arrivals]\njobs_per_day = 10\n[run_s]\nmedian = 20\nmean = 25\n";

const std::string kWhole =
    "name = \"a cluster\"\nsource = \"a \\\"real\\\" one\"\nzone = \"Asia/Shanghai\"\nstart = "
    "\"2024-02-01T00:00:00\"\n"
    "levels = [0, 0.5, 1]\n"
    "[arrivals]\njobs_per_day = 100\nhours = [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, "
    "1, 1, 1]\n"
    "weekdays = [1, 1, 1, 1, 1, 0.5, 0.5]\nburst = 0.5\nburst_memory = 0.9\n"
    "[batches]\nsingle = 0.6\nsizes = [2, 3, 40]\ngaps_s = [0, 10, 60]\nsize_gap = -0.5\n"
    "[run_s]\nquantiles = [1, 60, 86400]\n[cores]\nvalues = [1, 8, 64]\nshares = [0.5, 0.3, 0.2]\n"
    "[memory_gb]\nquantiles = [0.5, 4, 500]\n[dependence]\nrun_cores = 0.4\ncores_memory = 0.7\n"
    "[users]\ncount = 5\nshares = [0.5, 0.3]\nrepeats = 0.4\nrun_persistence = 0.6\n"
    "[fit]\njobs = 1000\nrun_ks = [0.1, 0.2, 0.3]\n";

TraceModel parsed(const std::string& text) {
  const auto model = parse_trace_model(text, "m.toml");
  if (!model) FAIL(describe(model.error().front()));
  return *model;
}

// All problems, a line each.
std::string problems(const std::string& text) {
  const auto model = parse_trace_model(text, "m.toml");
  REQUIRE_FALSE(model.has_value());
  std::string out;
  for (const Error& error : model.error()) out += describe(error) + "\n";
  return out;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  text.replace(text.find(what), what.size(), by);
  return text;
}

}  // namespace

TEST_CASE("a model needs a rate and a run; the rest is the plainest") {
  const TraceModel model = parsed(kShort);
  CHECK(model.name == "m");
  CHECK(model.arrivals.jobs_per_day == 10);
  CHECK(model.run_s.median == 20);
  CHECK(model.arrivals.burst == 0);
  CHECK(model.batches.single == 1);
  CHECK(model.users.count == 0);
  CHECK_FALSE(model.cores.given());
  CHECK(model.step_s == 1);
  CHECK(model.begin().ms == 1'704'067'200'000);
}

TEST_CASE("a whole model is read, and written as it was read") {
  const TraceModel model = parsed(kWhole);
  CHECK(model.source == "a \"real\" one");
  CHECK(model.begin().ms == parse_civil("2024-01-31T16:00:00", "UTC")->ms);
  CHECK(model.batches.sizes == std::vector<double>{2, 3, 40});
  CHECK(model.cores.shares == std::vector<double>{0.5, 0.3, 0.2});
  CHECK(score_matrix(model.dependence)[0][3] == 0.4);
  const std::string text = trace_model_toml(model);
  CHECK(trace_model_toml(parsed(text)) == text);
  CHECK(parsed(text).arrivals.hours == model.arrivals.hours);
  CHECK(parsed(text).fit.run_ks == model.fit.run_ks);
  CHECK(parsed(text).dependence.cores_memory == 0.7);
  CHECK(parsed(text).source == model.source);
}

TEST_CASE("a text with anything in it is written so that it is read again") {
  TraceModel model = parsed(kShort);
  model.source = "a\ttab, \\ and \"quotes\"\nand 贵安 \x01";
  CHECK(parsed(trace_model_toml(model)).source == model.source);
}

TEST_CASE("a value may say where it comes from") {
  CHECK(parsed(replaced(kShort, "10", "{value = 10, source = \"s\"}")).arrivals.jobs_per_day == 10);
}

TEST_CASE("what is missing is named") {
  const std::string all = problems("name = \"x\"\n");
  CHECK(has(all, "m.toml:1: arrivals: the table is missing. Write [arrivals]"));
  CHECK(has(all, "m.toml:1: run_s: the table is missing"));
  CHECK(has(problems("[arrivals]\n[run_s]\nmedian = 2\nmean = 3\n"), "jobs_per_day: a value is required"));
}

TEST_CASE("unknown keys and tables, and tables that are none, are located") {
  CHECK(has(problems(kShort + "meen = 3\n"), "m.toml:6:8: meen: unknown key. Did you mean mean?"));
  CHECK(has(problems(kShort + "[core]\nvalues = [1]\n"), "core: unknown table. Did you mean cores?"));
  CHECK(has(problems("users = 5\n" + kShort), "m.toml:1:9: users: is a table"));
  CHECK(has(problems("nam = \"x\"\n" + kShort), "m.toml:1:7: nam: unknown key. Did you mean name?"));
}

TEST_CASE("all problems of a file are listed, each at its place") {
  const std::string all = problems(
      "step_s = 0\n[arrivals]\njobs_per_day = -1\nburst = 9\n[run_s]\nmedian = \"x\"\nmean = "
      "3\n[users]\nrepeats = 2\n");
  CHECK(has(all, "m.toml:1:10: step_s: 0 is out of range"));
  CHECK(has(all, "m.toml:3:16: jobs_per_day: -1 is out of range"));
  CHECK(has(all, "m.toml:4:9: burst: 9 is out of range"));
  CHECK(has(all, "m.toml:6:10: median: 'x' is text"));
  CHECK(has(all, "m.toml:9:11: repeats: 2 is out of range"));
}

TEST_CASE("what only the whole tells is checked") {
  CHECK(has(problems(replaced(kWhole, "hours = [1, 1,", "hours = [1,")),
            "hours: 23 factors where 24 are meant"));
  CHECK(has(problems(replaced(kWhole, "[1, 1, 1, 1, 1, 0.5, 0.5]", "[0, 0, 0, 0, 0, 0, 0]")),
            "weekdays: all factors are 0"));
  CHECK(has(problems(replaced(kWhole, "zone = \"Asia/Shanghai\"\n", "calendar = \"undated\"\n")),
            "weekdays: an undated trace has no weekdays"));
  CHECK(has(problems(replaced(kWhole, "Asia/Shanghai", "Asia/Shanghia")),
            "zone: 'Asia/Shanghia' is no time zone"));
  CHECK(has(problems(replaced(kWhole, "2024-02-01T", "2024-02-30T")),
            "start: '2024-02-30T00:00:00' is no time"));
  CHECK(has(problems(replaced(kWhole, "2024-02-01T", "1969-02-01T")), "start: lies before 1970"));
  CHECK(has(problems(replaced(kWhole, "[2, 3, 40]", "[2, 40]")), "2 quantiles for 3 levels"));
  CHECK(has(problems(replaced(kWhole, "gaps_s = [0, 10, 60]\n", "")), "gaps_s: is missing"));
  CHECK(has(problems(replaced(kWhole, "levels = [0, 0.5, 1]", "levels = [0, 0.5, 0.9]")),
            "levels: do not rise from 0 to 1"));
  CHECK(has(problems(replaced(kWhole, "count = 5", "count = 1")), "shares: more shares than users"));
  CHECK(has(problems(replaced(kWhole, "count = 5", "count = 5.5")), "count: is not whole"));
  CHECK(has(problems(kShort + "[dependence]\nrun_cores = 0.9\nrun_gpus = 0.9\ncores_gpus = -0.9\n"),
            "dependence: no quantities can be correlated like this"));
  CHECK(has(problems(kShort + "[cores]\n"), "cores: is empty"));
}

TEST_CASE("the example and the models that come with the program are good ones") {
  const std::string folder = HINTERLAND_SOURCE_DIR "/data/models";
  CHECK(load_trace_model(HINTERLAND_SOURCE_DIR "/examples/image-requests.toml", folder).has_value());
  for (const std::string& name : preset_names(folder)) {
    CAPTURE(name);
    const auto model = load_trace_model(name, folder);
    REQUIRE(model.has_value());
    CHECK_FALSE(model->source.empty());
    CHECK_FALSE(model->licence.empty());
    CHECK_FALSE(model->fit.command.empty());
    CHECK(model->fit.gap_ks.size() == 3);
    CHECK(read_text(folder + "/" + name + ".toml").value() == trace_model_toml(*model));
  }
  CHECK(preset_names(folder).size() >= 4);
}

TEST_CASE("a name that is no model lists the models") {
  const auto model = load_trace_model("nasa-ipsc-1994", HINTERLAND_SOURCE_DIR "/data/models");
  REQUIRE_FALSE(model.has_value());
  CHECK(describe(model.error().front()) ==
        "'nasa-ipsc-1994' is no model and no TOML file. Did you mean nasa-ipsc-1993?");
}
