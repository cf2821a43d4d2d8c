#include "hinterland/render/openjd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "hinterland/base/number.hpp"
#include "hinterland/render/openjd_parameters.hpp"

namespace hinterland {

namespace {

constexpr std::string_view kVersion = "jobtemplate-2023-09";
constexpr std::size_t kMostName = 128, kMostRange = 1024;
constexpr double kMostSeconds = 3.2e9;
constexpr double kMebibytesPerGb = 1e9 / 1048576;

// Cc of Unicode, of which no command or name may hold one.
bool has_control(std::string_view text) {
  for (std::size_t k = 0; k < text.size(); ++k) {
    const auto c = static_cast<unsigned char>(text[k]);
    if (c < ' ' || c == 0x7F ||
        (c == 0xC2 && k + 1 < text.size() && static_cast<unsigned char>(text[k + 1]) < 0xA0))
      return true;
  }
  return false;
}

class Template {
 public:
  Template(const std::map<std::string, std::string>& values, Errors& errors)
      : values_(values), errors_(errors) {}

  OpenJdRender read(const YamlNode& node) {
    OpenJdMap top(node, "the template", errors_);
    const YamlNode* version = top.required("specificationVersion", YamlNode::Kind::text);
    if (version != nullptr && version->text != kVersion)
      top.complain(version->where,
                   fmt::format("is of {}, and {} is read", in_quotes(version->text), kVersion));
    top.ignore("$schema");
    top.ignore("description");
    top.refuse("extensions", "Write it without them.");
    top.refuse("jobEnvironments", "Put what they set up into the step's own script.");
    parameters_ =
        read_openjd_parameters(top.optional("parameterDefinitions", YamlNode::Kind::list), values_, errors_);
    out_.inputs = parameters_.inputs;
    if (const YamlNode* name = top.required("name", YamlNode::Kind::text)) {
      out_.name = job_text(*name);
      if (out_.name.empty() || out_.name.size() > 4 * kMostName || has_control(out_.name))
        top.complain(name->where, "is no name of a job", "Give it 1 to 128 characters on one line.");
    }
    const YamlNode* steps = top.required("steps", YamlNode::Kind::list);
    if (steps != nullptr && steps->items.size() != 1)
      top.complain(steps->where, fmt::format("has {} steps", steps->items.size()),
                   "One step is rendered: submit them one after the other.");
    else if (steps != nullptr)
      step(steps->items.front());
    return std::move(out_);
  }

 private:
  std::string job_text(const YamlNode& node) {
    auto text = resolve_text(node.text, node.where, parameters_.of_job(),
                             "Known here: Param and RawParam; of a PATH only RawParam.");
    if (!text) add_errors(errors_, text.error());
    return text.value_or("");
  }

  SiteWord task_word(const YamlNode& node, bool one_line) {
    auto word = resolve_format(
        node.text, node.where, scope_,
        "Known here: Param, RawParam, Task.Param, Task.RawParam, Task.File, Session.WorkingDirectory.");
    if (!word) add_errors(errors_, word.error());
    const auto wrong = [](const SitePart& part) { return has_control(part.text); };
    if (word && one_line && std::ranges::any_of(*word, wrong))
      add_error(errors_, {.what = "holds a control character",
                          .where = node.where,
                          .mend = "Put it into an embedded file."});
    return word.value_or(SiteWord{});
  }

  void step(const YamlNode& node) {
    OpenJdMap step(node, "the step", errors_);
    step.text("name");
    step.ignore("description");
    step.refuse("dependencies", "There is one step.");
    step.refuse("stepEnvironments", "Put what they set up into the step's own script.");
    if (const YamlNode* host = step.optional("hostRequirements")) requirements(*host);
    const YamlNode* space = step.required("parameterSpace", YamlNode::Kind::map);
    if (space != nullptr) parameter_space(*space);
    if (const YamlNode* script = step.required("script", YamlNode::Kind::map)) read_script(*script);
  }

  void requirements(const YamlNode& node) {
    OpenJdMap host(node, "hostRequirements", errors_);
    host.refuse("attributes", "Name a class of work with --class that runs where they hold.");
    const YamlNode* amounts = host.optional("amounts", YamlNode::Kind::list);
    if (amounts == nullptr) return;
    for (const YamlNode& one : amounts->items) {
      OpenJdMap amount(one, "an amount", errors_);
      const std::string name = amount.text("name");
      const YamlNode* least = amount.optional("min", YamlNode::Kind::text);
      amount.ignore("max");  // more than it needs, no task gets
      const auto given = parse_number(least == nullptr ? "0" : least->text);
      const double value = given.value_or(-1);
      if (value < 0) {
        amount.complain(least->where, in_quotes(least->text) + " is no amount");
      } else if (name == "amount.worker.vcpu") {
        out_.cores = std::max(value, 1.0);
      } else if (name == "amount.worker.memory") {
        out_.memory_gb = value / kMebibytesPerGb;
      } else {
        amount.complain(one.where, in_quotes(name) + " is not asked for",
                        "amount.worker.vcpu and amount.worker.memory are.");
      }
    }
  }

  void parameter_space(const YamlNode& node) {
    OpenJdMap space(node, "the parameter space", errors_);
    const YamlNode* definitions = space.required("taskParameterDefinitions", YamlNode::Kind::list);
    const YamlNode* combination = space.optional("combination", YamlNode::Kind::text);
    if (definitions == nullptr) return;
    if (definitions->items.size() != 1)
      return space.complain(definitions->where,
                            fmt::format("has {} task parameters", definitions->items.size()),
                            "One is rendered: the frame, an INT.");
    OpenJdMap parameter(definitions->items.front(), "the task parameter", errors_);
    frame_ = parameter.text("name");
    if (!is_openjd_identifier(frame_))
      parameter.complain(parameter.where(), in_quotes(frame_) + " is no name of a parameter");
    const std::string type = parameter.text("type");
    if (type != "INT")
      parameter.complain(parameter.where(), fmt::format("{} is of the type {}", frame_, in_quotes(type)),
                         "The frame is an INT.");
    if (combination != nullptr && combination->text != frame_)
      space.complain(combination->where, fmt::format("combines {}", in_quotes(combination->text)),
                     "There is one task parameter: leave it out.");
    const YamlNode* range = parameter.optional("range");
    if (range == nullptr)
      parameter.complain(parameter.where(), "the task parameter has no `range`");
    else if (range->kind == YamlNode::Kind::list)
      range_list(parameter, *range);
    else if (range->kind == YamlNode::Kind::text)
      take_frames(*range, parse_frames(job_text(*range), range->where.file));
    else
      parameter.complain(range->where, "`range` is neither a text nor a list");
    std::ranges::sort(out_.frames);
  }

  void range_list(const OpenJdMap& parameter, const YamlNode& range) {
    if (range.items.empty() || range.items.size() > kMostRange)
      return parameter.complain(range.where, fmt::format("has {} values", range.items.size()),
                                "Give 1 to 1024, or a range such as 1-100.");
    std::string list;
    for (const YamlNode& one : range.items) {
      const std::string text = one.kind == YamlNode::Kind::text ? job_text(one) : "";
      if (!parse_integer(text)) return parameter.complain(one.where, in_quotes(text) + " is no whole number");
      list += (list.empty() ? "" : ",") + text;
    }
    take_frames(range, parse_frames(list, range.where.file));
  }

  void take_frames(const YamlNode& node, Expected<Frames> frames) {
    if (frames) {
      out_.frames = std::move(*frames);
      return;
    }
    for (Error error : frames.error()) {
      error.where = node.where;
      add_error(errors_, std::move(error));
    }
  }

  void read_script(const YamlNode& node) {
    OpenJdMap script(node, "the script", errors_);
    const YamlNode* files = script.optional("embeddedFiles", YamlNode::Kind::list);
    std::map<std::string, std::string> places;
    if (files != nullptr) name_files(*files, places);
    scope_ = [this, task = parameters_.of_task(),
              places](const std::string& name) -> std::optional<SiteWord> {
      constexpr std::string_view file = "Task.File.";
      if (!frame_.empty() && (name == "Task.Param." + frame_ || name == "Task.RawParam." + frame_))
        return SiteWord{{.part = WordPart::frame, .text = {}}};
      if (name == "Session.WorkingDirectory") return SiteWord{{.part = WordPart::folder, .text = {}}};
      if (name.starts_with(file)) {
        const auto found = places.find(name.substr(file.size()));
        if (found == places.end()) return std::nullopt;
        return SiteWord{{.part = WordPart::folder, .text = {}},
                        {.part = WordPart::text, .text = "/" + found->second}};
      }
      return task(name);
    };
    if (files != nullptr) read_files(*files, places);
    const YamlNode* actions = script.required("actions", YamlNode::Kind::map);
    if (actions == nullptr) return;
    OpenJdMap map(*actions, "actions", errors_);
    if (const YamlNode* action = map.required("onRun", YamlNode::Kind::map)) on_run(*action);
  }

  void name_files(const YamlNode& files, std::map<std::string, std::string>& places) {
    std::set<std::string> taken;
    for (const YamlNode& one : files.items) {
      const YamlNode* name = one.find("name");
      if (name == nullptr) continue;
      const YamlNode* file = one.find("filename");
      const std::string last = file == nullptr ? name->text : file->text;
      const bool plain =
          !last.empty() && !last.contains('/') && last != "." && last != ".." && !last.contains('\0');
      if (!plain || !taken.insert(last).second || !is_openjd_identifier(name->text))
        add_error(errors_,
                  {.what = fmt::format("{} is no name of an embedded file, or there twice", in_quotes(last)),
                   .where = one.where,
                   .mend = "Give each a plain name of its own."});
      places[name->text] = "hinterland/files/" + last;
    }
  }

  void read_files(const YamlNode& files, const std::map<std::string, std::string>& places) {
    for (const YamlNode& one : files.items) {
      OpenJdMap file(one, "an embedded file", errors_);
      const std::string name = file.text("name"), type = file.text("type");
      file.ignore("filename");
      if (type != "TEXT")
        file.complain(one.where, fmt::format("{} is of the type {}", name, in_quotes(type)), "TEXT is read.");
      const YamlNode* runnable = file.optional("runnable", YamlNode::Kind::text);
      const YamlNode* data = file.required("data", YamlNode::Kind::text);
      const auto place = places.find(name);
      if (data == nullptr || place == places.end()) continue;
      out_.files.push_back(
          {.place = place->second,
           .data = task_word(*data, false),
           .runnable = runnable != nullptr && (runnable->text == "true" || runnable->text == "True")});
    }
  }

  void on_run(const YamlNode& node) {
    OpenJdMap action(node, "onRun", errors_);
    action.ignore("cancelation");  // both ways end it; here it is told first and killed after a while
    if (const YamlNode* command = action.required("command", YamlNode::Kind::text))
      out_.words.push_back(task_word(*command, true));
    if (const YamlNode* arguments = action.optional("args", YamlNode::Kind::list)) {
      for (const YamlNode& one : arguments->items) {
        if (one.kind == YamlNode::Kind::text || one.kind == YamlNode::Kind::none)
          out_.words.push_back(task_word(one, true));
        else
          action.complain(one.where, "an argument is no text");
      }
    }
    if (const YamlNode* timeout = action.optional("timeout", YamlNode::Kind::text)) {
      const auto seconds = parse_integer(timeout->text);
      if (!seconds || *seconds < 1 || static_cast<double>(*seconds) > kMostSeconds)
        action.complain(timeout->where, in_quotes(timeout->text) + " is no number of seconds");
      else
        out_.timeout = Duration{*seconds * 1000};
    }
  }

  const std::map<std::string, std::string>& values_;
  Errors& errors_;
  OpenJdRender out_;
  OpenJdParameters parameters_;
  NameScope scope_;
  std::string frame_;
};

}  // namespace

Expected<OpenJdRender> parse_openjd(std::string_view text, const std::string& file,
                                    const std::map<std::string, std::string>& values) {
  const auto tree = parse_yaml(text, file);
  if (!tree) return std::unexpected(tree.error());
  Errors errors;
  OpenJdRender render = Template(values, errors).read(*tree);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return render;
}

}  // namespace hinterland
