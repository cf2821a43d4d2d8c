// The job parameters of an OpenJD template (openjd.hpp): their definitions, and the values that they have in one job.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "hinterland/render/format_string.hpp"
#include "hinterland/render/openjd.hpp"
#include "hinterland/render/yaml_tree.hpp"

namespace hinterland {

// Reads one map of the template: every member that nobody asked for is refused by name.
class OpenJdMap {
 public:
  OpenJdMap(const YamlNode& node, std::string name, Errors& errors);
  ~OpenJdMap();
  OpenJdMap(const OpenJdMap&) = delete;
  OpenJdMap& operator=(const OpenJdMap&) = delete;

  // nullptr: it is not there.
  const YamlNode* optional(const char* key);
  const YamlNode* optional(const char* key, YamlNode::Kind kind);
  // Complains if it is not there, or of another kind.
  const YamlNode* required(const char* key, YamlNode::Kind kind);
  std::string text(const char* key);  // required
  void ignore(const char* key) { optional(key); }
  // A part of the specification that is not for frames.
  void refuse(const char* key, const char* mend);

  void complain(const Location& where, std::string what, std::string mend = "") const;
  [[nodiscard]] const Location& where() const { return node_.where; }

 private:
  const YamlNode& node_;
  std::string name_;
  Errors& errors_;
  std::vector<std::string> asked_;
};

bool is_openjd_identifier(std::string_view text);

struct OpenJdParameter {
  std::string raw;  // RawParam.NAME
  SiteWord value;   // Param.NAME where a task runs
  bool is_path = false;
};

struct OpenJdParameters {
  std::map<std::string, OpenJdParameter> by_name;
  std::vector<OpenJdInput> inputs;

  // Of names in what is known when the job is submitted, and where a task runs; both know no more than Param and RawParam.
  [[nodiscard]] NameScope of_job() const;
  [[nodiscard]] NameScope of_task() const;
};

// `definitions`: the template's list, or nullptr.
OpenJdParameters read_openjd_parameters(const YamlNode* definitions,
                                        const std::map<std::string, std::string>& values, Errors& errors);

}  // namespace hinterland
