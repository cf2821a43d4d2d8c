// YAML 1.2 (and so JSON) as a small plain tree with locations; yaml-cpp reads it and stays in yaml_tree.cpp.
//
// One document of texts, lists and maps with texts as keys. Refused, located: a key that comes twice, anchors and aliases (a document of a
// few lines that is gigabytes when it is followed), tags, more than one document, more than kMostYamlNodes, brackets more than 32
// deep.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"

namespace hinterland {

inline constexpr std::size_t kMostYamlNodes = 100'000;

struct YamlMember;

struct YamlNode {
  enum class Kind { none, text, list, map } kind = Kind::none;  // none: null, or nothing stands there
  Location where;
  std::string text;
  std::vector<YamlNode> items;
  std::vector<YamlMember> members;  // in the order of the file

  [[nodiscard]] const YamlNode* find(std::string_view key) const;
};

struct YamlMember {
  std::string key;
  YamlNode value;
};

// "a text", "a list", "a map", "nothing".
const char* name_of(YamlNode::Kind kind);

Expected<YamlNode> parse_yaml(std::string_view text, const std::string& file);

}  // namespace hinterland
