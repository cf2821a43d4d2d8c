#include "hinterland/render/openjd_parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <optional>

#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kMostParameters = 50, kMostText = 1024, kMostIdentifier = 64;
constexpr std::array<std::string_view, 4> kTypes = {"STRING", "PATH", "INT", "FLOAT"};

// A text's characters, not its bytes.
std::size_t length(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](unsigned char c) { return (c & 0xC0U) != 0x80U; }));
}

class Reader {
 public:
  Reader(const YamlNode& node, const std::map<std::string, std::string>& values, OpenJdParameters& out,
         Errors& errors)
      : map_(node, "a job parameter", errors), values_(values), out_(out) {}

  void read() {
    name_ = map_.text("name");
    type_ = map_.text("type");
    map_.ignore("description");
    map_.ignore("userInterface");
    if (!is_openjd_identifier(name_))
      return map_.complain(map_.where(), in_quotes(name_) + " is no name of a parameter");
    if (std::ranges::find(kTypes, type_) == kTypes.end())
      return map_.complain(map_.where(), fmt::format("{} is of the type {}", name_, in_quotes(type_)),
                           "Types that are read: STRING, PATH, INT, FLOAT.");
    if (out_.by_name.contains(name_)) return map_.complain(map_.where(), name_ + " is defined twice");
    const auto value = value_of();
    read_bounds(value.value_or(""), value.has_value());
    if (!value) return;
    OpenJdParameter parameter{.raw = *value, .value = text(*value), .is_path = type_ == "PATH"};
    if (parameter.is_path) parameter.value = path(*value);
    out_.by_name[name_] = std::move(parameter);
  }

 private:
  static SiteWord text(const std::string& value) {
    return value.empty() ? SiteWord{} : SiteWord{{.part = WordPart::text, .text = value}};
  }

  std::optional<std::string> value_of() {
    const YamlNode* fallback = map_.optional("default", YamlNode::Kind::text);
    const auto given = values_.find(name_);
    if (given == values_.end() && fallback == nullptr)
      return map_.complain(map_.where(), name_ + " has no value and no default",
                           fmt::format("Give it: --param {}=VALUE.", name_)),
             std::nullopt;
    if (fallback != nullptr) check(fallback->text, fallback->where);
    if (given == values_.end()) return fallback->text;
    check(given->second, {.file = "--param", .line = 0, .column = 0, .field = name_});
    return given->second;
  }

  void check(const std::string& value, const Location& where) {
    if (type_ == "INT" && !parse_integer(value))
      map_.complain(where, in_quotes(value) + " is no whole number");
    if (type_ == "FLOAT" && !parse_number(value)) map_.complain(where, in_quotes(value) + " is no number");
    if (length(value) > kMostText)
      map_.complain(where, fmt::format("is longer than {} characters", kMostText));
    if (value.contains('\0')) map_.complain(where, "holds a NUL character");
  }

  [[nodiscard]] bool is_number() const { return type_ == "INT" || type_ == "FLOAT"; }

  void read_bounds(const std::string& value, bool known) {
    const auto outside = [&](std::string bound) {
      map_.complain(map_.where(), fmt::format("{} is {}, and {}", name_, in_quotes(value), bound));
    };
    const auto bound = [&](const char* key) -> std::optional<double> {
      const YamlNode* node = map_.optional(key, YamlNode::Kind::text);
      if (node == nullptr) return std::nullopt;
      const auto number = parse_number(node->text);
      if (!number) map_.complain(node->where, in_quotes(node->text) + " is no number");
      return number;
    };
    const double size = is_number() ? parse_number(value).value_or(0) : static_cast<double>(length(value));
    const auto least = bound(is_number() ? "minValue" : "minLength"),
               most = bound(is_number() ? "maxValue" : "maxLength");
    if (known && least && size < *least)
      outside(fmt::format("{} is {}", is_number() ? "minValue" : "minLength", shortest(*least)));
    if (known && most && size > *most)
      outside(fmt::format("{} is {}", is_number() ? "maxValue" : "maxLength", shortest(*most)));
    const YamlNode* allowed = map_.optional("allowedValues", YamlNode::Kind::list);
    if (!known || allowed == nullptr) return;
    const bool is_one = std::ranges::any_of(allowed->items, [&](const YamlNode& one) {
      return is_number() ? parse_number(one.text) == parse_number(value) && parse_number(value)
                         : one.text == value;
    });
    if (!is_one) outside("is none of allowedValues");
  }

  // What stands for it where a task runs; what goes along is noted.
  SiteWord path(const std::string& value) {
    const auto word = [&](const char* key, const char* otherwise) {
      const YamlNode* node = map_.optional(key, YamlNode::Kind::text);
      return node == nullptr ? std::string(otherwise) : node->text;
    };
    const std::string flow = word("dataFlow", "NONE"), kind = word("objectType", "DIRECTORY");
    const bool folder = kind == "DIRECTORY";
    if (!folder && kind != "FILE")
      map_.complain(map_.where(),
                    fmt::format("objectType {} is neither FILE nor DIRECTORY", in_quotes(kind)));
    if (flow == "NONE") return text(value);
    if (flow == "OUT") {
      SiteWord out = {{.part = WordPart::output, .text = {}}};
      if (folder)
        out = {{.part = WordPart::folder, .text = {}}, {.part = WordPart::text, .text = "/hinterland/new"}};
      return out;
    }
    if (flow != "IN")
      map_.complain(map_.where(), fmt::format("dataFlow {} is not rendered", in_quotes(flow)),
                    "IN, OUT and NONE are.");
    namespace fs = std::filesystem;
    const std::string last = fs::path(value).lexically_normal().filename().string();
    if (value.empty() || (!folder && (last.empty() || last == "." || last == "..")))
      return map_.complain(map_.where(), fmt::format("{} names no {}", name_, folder ? "folder" : "file")),
             text(value);
    const std::string place = "inputs/" + name_ + (folder ? "" : "/" + last);
    out_.inputs.push_back({.place = place,
                           .file = value,
                           .folder = folder,
                           .given = values_.contains(name_),
                           .where = map_.where()});
    return {{.part = WordPart::folder, .text = {}}, {.part = WordPart::text, .text = "/" + place}};
  }

  OpenJdMap map_;
  const std::map<std::string, std::string>& values_;
  OpenJdParameters& out_;
  std::string name_, type_;
};

}  // namespace

bool is_openjd_identifier(std::string_view text) {
  if (text.empty() || text.size() > kMostIdentifier ||
      std::isdigit(static_cast<unsigned char>(text.front())) != 0)
    return false;
  return std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

OpenJdMap::OpenJdMap(const YamlNode& node, std::string name, Errors& errors)
    : node_(node), name_(std::move(name)), errors_(errors) {
  if (node.kind != YamlNode::Kind::map)
    complain(node.where, fmt::format("{} is {} and no map", name_, name_of(node.kind)));
}

OpenJdMap::~OpenJdMap() {
  for (const auto& [key, value] : node_.members) {
    if (std::ranges::find(asked_, key) == asked_.end())
      complain(value.where, fmt::format("{} has {}, which is not read", name_, in_quotes(key)),
               "Is it of an extension, or of another version of OpenJD?");
  }
}

void OpenJdMap::complain(const Location& where, std::string what, std::string mend) const {
  if (mend.empty()) mend = "OpenJD's 2023-09 template schemas say how it is written.";
  add_error(errors_, {.what = std::move(what), .where = where, .mend = std::move(mend)});
}

const YamlNode* OpenJdMap::optional(const char* key) {
  asked_.emplace_back(key);
  return node_.find(key);
}

const YamlNode* OpenJdMap::optional(const char* key, YamlNode::Kind kind) {
  const YamlNode* node = optional(key);
  if (node == nullptr || node->kind == kind) return node;
  complain(node->where,
           fmt::format("`{}` of {} is {} and not {}", key, name_, name_of(node->kind), name_of(kind)));
  return nullptr;
}

const YamlNode* OpenJdMap::required(const char* key, YamlNode::Kind kind) {
  if (node_.kind == YamlNode::Kind::map && node_.find(key) == nullptr)
    complain(node_.where, fmt::format("{} has no `{}`", name_, key));
  return optional(key, kind);
}

std::string OpenJdMap::text(const char* key) {
  const YamlNode* node = required(key, YamlNode::Kind::text);
  return node == nullptr ? "" : node->text;
}

void OpenJdMap::refuse(const char* key, const char* mend) {
  if (const YamlNode* node = optional(key))
    complain(node->where, fmt::format("{} has {}, and frames are rendered without", name_, in_quotes(key)),
             mend);
}

NameScope OpenJdParameters::of_job() const {
  return [this](const std::string& name) -> std::optional<SiteWord> {
    const std::size_t point = name.find('.');
    if (point == std::string::npos) return std::nullopt;
    const std::string kind = name.substr(0, point);
    const auto found = by_name.find(name.substr(point + 1));
    // What a path stands for is known where it is used.
    const bool known =
        found != by_name.end() && (kind == "RawParam" || (kind == "Param" && !found->second.is_path));
    if (!known) return std::nullopt;
    return SiteWord{{.part = WordPart::text, .text = found->second.raw}};
  };
}

NameScope OpenJdParameters::of_task() const {
  return [this, job = of_job()](const std::string& name) -> std::optional<SiteWord> {
    constexpr std::string_view mapped = "Param.";
    const auto found = name.starts_with(mapped) ? by_name.find(name.substr(mapped.size())) : by_name.end();
    if (found != by_name.end()) return found->second.value;
    return job(name);
  };
}

OpenJdParameters read_openjd_parameters(const YamlNode* definitions,
                                        const std::map<std::string, std::string>& values, Errors& errors) {
  OpenJdParameters out;
  const auto complain = [&](const Location& where, std::string what, std::string mend) {
    add_error(errors, {.what = std::move(what), .where = where, .mend = std::move(mend)});
  };
  std::vector<std::string> known;
  if (definitions != nullptr) {
    if (definitions->items.empty() || definitions->items.size() > kMostParameters)
      complain(definitions->where, fmt::format("defines {} job parameters", definitions->items.size()),
               fmt::format("Define 1 to {}, or none at all.", kMostParameters));
    for (const YamlNode& one : definitions->items) {
      if (const YamlNode* name = one.find("name")) known.push_back(name->text);
      Reader(one, values, out, errors).read();
    }
  }
  for (const auto& [name, value] : values) {
    if (std::ranges::find(known, name) == known.end())
      complain(at_flag("--param", name), "is no parameter of the template", did_you_mean(name, known));
  }
  return out;
}

}  // namespace hinterland
