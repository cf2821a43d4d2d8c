// OpenJD templates: what is read means what the specification says, and what is outside is refused by its name and place.
#include "hinterland/render/openjd.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace hinterland;

namespace {

const std::string kTemplate = R"(specificationVersion: jobtemplate-2023-09
name: "Render {{ Param.Shot }}"
parameterDefinitions:
- name: Shot
  type: STRING
  default: sea
  allowedValues: [sea, sky]
- name: Frames
  type: STRING
  default: 1-10:3
- name: Samples
  type: INT
  minValue: 1
  maxValue: 64
  default: 16
- name: Scene
  type: PATH
  objectType: FILE
  dataFlow: IN
  default: shots/a b.txt
- name: Out
  type: PATH
  objectType: DIRECTORY
  dataFlow: OUT
  default: ./frames
steps:
- name: Frames
  hostRequirements:
    amounts:
    - name: amount.worker.vcpu
      min: 2
  parameterSpace:
    taskParameterDefinitions:
    - name: Frame
      type: INT
      range: "{{Param.Frames}}"
  script:
    embeddedFiles:
    - name: Draw
      filename: draw.sh
      type: TEXT
      runnable: true
      data: |
        # frame {{ Task.Param.Frame }} of {{RawParam.Scene}}
        exec draw "$@"
    actions:
      onRun:
        command: "{{Task.File.Draw}}"
        args: ["--to", "{{Param.Out}}/{{Task.Param.Frame}}.png", "{{Param.Scene}}", "-n{{Param.Samples}}", ""]
        timeout: 90
        cancelation: {mode: TERMINATE}
)";

using Values = std::map<std::string, std::string>;

OpenJdRender read(const std::string& text, const Values& values = {}) {
  const auto render = parse_openjd(text, "t.yaml", values);
  if (!render) MESSAGE(describe(render.error().front()));
  REQUIRE(render.has_value());
  return *render;
}

// All that is said of it, in its order.
std::string problems(const std::string& text, const Values& values = {}) {
  const auto render = parse_openjd(text, "t.yaml", values);
  if (render) return "read";
  std::string all;
  for (const Error& error : render.error()) all += describe(error) + "\n";
  return all;
}

std::string changed(const std::string& from, const std::string& to) {
  std::string text = kTemplate;
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

bool says(const std::string& text, const std::string& what, const Values& values = {}) {
  const std::string said = problems(text, values);
  if (said.find(what) == std::string::npos) MESSAGE(said);
  return said.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("a template that renders") {
  const OpenJdRender render = read(kTemplate);
  CHECK(render.name == "Render sea");
  CHECK(frames_text(render.frames) == "1-10:3");
  REQUIRE(render.words.size() == 6);
  CHECK(shell_text(render.words[0]) == "\"$PWD\"'/hinterland/files/draw.sh'");
  CHECK(shell_text(render.words[2]) == "\"$PWD\"'/hinterland/new/'\"$frame\"'.png'");
  CHECK(shell_text(render.words[3]) == "\"$PWD\"'/inputs/Scene/a b.txt'");
  CHECK(shell_text(render.words[4]) == "'-n16'");
  CHECK(shell_text(render.words[5]) == "''");
  REQUIRE(render.files.size() == 1);
  CHECK(render.files[0].place == "hinterland/files/draw.sh");
  CHECK(render.files[0].runnable);
  CHECK(shell_text(render.files[0].data) == "'# frame '\"$frame\"' of shots/a b.txt\nexec draw \"$@\"\n'");
  REQUIRE(render.inputs.size() == 1);
  CHECK(render.inputs[0].file == "shots/a b.txt");
  CHECK_FALSE(render.inputs[0].given);
  CHECK(render.timeout->ms == 90'000);
  CHECK(render.cores == 2);
}

TEST_CASE("values of the user take the place of defaults, within their bounds") {
  const OpenJdRender render = read(kTemplate, {{"Shot", "sky"}, {"Frames", "7,3"}, {"Scene", "/x/y.txt"}});
  CHECK(render.name == "Render sky");
  CHECK(frames_text(render.frames) == "3,7");  // in rising order, whatever order they were written in
  CHECK(render.inputs[0].given);
  CHECK(says(kTemplate, "Shot is 'sun', and is none of allowedValues.", {{"Shot", "sun"}}));
  CHECK(says(kTemplate, "Samples is '65', and maxValue is 64.", {{"Samples", "65"}}));
  CHECK(says(kTemplate, "Samples is '0', and minValue is 1.", {{"Samples", "0"}}));
  CHECK(says(kTemplate, "'1.5' is no whole number.", {{"Samples", "1.5"}}));
  CHECK(says(kTemplate, "--param Shoot: is no parameter of the template. Did you mean Shot?",
             {{"Shoot", "sky"}}));
  CHECK(says(changed("  default: 1-10:3\n", ""),
             "t.yaml:8:3: Frames has no value and no default. Give it: --param Frames=VALUE."));
}

TEST_CASE("the same as JSON") {
  const OpenJdRender render =
      read(R"({"specificationVersion": "jobtemplate-2023-09", "name": "n", "steps": [{"name": "s",
    "parameterSpace": {"taskParameterDefinitions": [{"name": "F", "type": "INT", "range": [3, "1", 2]}]},
    "script": {"actions": {"onRun": {"command": "draw", "args": ["\u0041{{Task.RawParam.F}}"]}}}}]})");
  CHECK(frames_text(render.frames) == "1-3");
  CHECK(shell_text(render.words[1]) == "'A'\"$frame\"");
}

TEST_CASE("what is outside is refused by its name and place") {
  CHECK(says(changed("name: \"Render", "extensions: [EXPR]\nname: \"Render"),
             "t.yaml:2:13: the template has 'extensions', and frames are rendered without."));
  CHECK(says(changed("steps:\n", "jobEnvironments: []\nsteps:\n"), "the template has 'jobEnvironments'"));
  CHECK(says(kTemplate + "- name: Second\n  script: {}\n", "has 2 steps."));
  CHECK(says(changed("2023-09", "2024-01"),
             "t.yaml:1:23: is of 'jobtemplate-2024-01', and jobtemplate-2023-09 is read."));
  CHECK(says(changed("  hostRequirements:\n", "  dependencies: [{dependsOn: x}]\n  hostRequirements:\n"),
             "the step has 'dependencies'"));
  CHECK(says(changed("amount.worker.vcpu", "amount.worker.gpu"), "'amount.worker.gpu' is not asked for."));
  CHECK(says(changed("dataFlow: IN\n", "dataFlow: INOUT\n"), "dataFlow 'INOUT' is not rendered."));
  CHECK(says(changed("type: INT\n      range", "type: CHUNK[INT]\n      range"),
             "Frame is of the type 'CHUNK[INT]'. The frame is an INT."));
  CHECK(says(changed("        timeout: 90\n", "        timeout: 90\n        wait: 3\n"),
             "onRun has 'wait', which is not read."));
  CHECK(says(changed("        timeout: 90\n", "        timeout: 0\n"), "'0' is no number of seconds."));
  CHECK(says(changed("      range: \"{{Param.Frames}}\"\n", "      range: \"1-5,3\"\n"),
             "frame 3 is there already."));
  CHECK(says(changed("      range: \"{{Param.Frames}}\"\n",
                     "      range: \"{{Param.Frames}}\"\n    combination: (Frame)\n"),
             "combines '(Frame)'."));
}

TEST_CASE("format strings know what the specification lets them know where they stand") {
  CHECK(says(changed("{{ Param.Shot }}", "{{ Param.Scene }}"),
             "t.yaml:2:7: 'Param.Scene' is nothing that is known here."));
  CHECK(says(changed("{{ Param.Shot }}", "{{ Task.Param.Frame }}"),
             "'Task.Param.Frame' is nothing that is known here."));
  CHECK(says(changed("{{Param.Samples}}", "{{Param.Sample}}"),
             "'Param.Sample' is nothing that is known here."));
  CHECK(says(changed("{{Param.Samples}}", "{{Session.PathMappingRulesFile}}"),
             "is nothing that is known here."));
  CHECK(says(changed("{{Task.File.Draw}}", "{{Task.File.Paint}}"), "'Task.File.Paint' is nothing"));
  CHECK(says(changed("{{Param.Samples}}", "{{Param.Samples"), "holds {{ without }}."));
  CHECK(says(changed("{{Param.Samples}}", "{{1+1}}"), "'1+1' is nothing that is known here."));
  CHECK(says(changed("-n{{Param.Samples}}", "a\\nb"), "holds a control character."));
}

TEST_CASE("YAML that is none, or a trap") {
  CHECK(says("a: [1, 2", "t.yaml:"));
  CHECK(says("", "is empty"));
  CHECK(says("a: 1\na: 2\n", "t.yaml:2:1: holds the key 'a' for the second time."));
  CHECK(says("a: &x 1\nb: *x\n", "holds an anchor."));
  CHECK(says("a: !!int 1\n", "holds a tag."));
  CHECK(says("a: 1\n---\nb: 2\n", "holds more than one document."));
  CHECK(says("[a]: 1\n", "holds a key that is no text."));
  CHECK(says("a: " + std::string(40, '[') + std::string(40, ']'), "holds brackets more than 32 deep."));
  CHECK(says(std::string(100'000, '['), "t.yaml:1:"));
  CHECK(says("- 1\n- 2\n", "the template is a list and no map"));
  std::string many;
  for (int k = 0; k < 100'001; ++k) many += "- a\n";
  CHECK(says(many, "holds more than 100000 values."));
}
