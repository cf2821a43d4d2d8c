#include "hinterland/render/yaml_tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "hinterland/base/file.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 20U;
constexpr std::size_t kDeepest = 32;

// Ends yaml-cpp's reading, wherever it stands.
class Refused : public std::runtime_error {
 public:
  Refused(const std::string& what, const YAML::Mark& at) : std::runtime_error(what), mark(at) {}
  YAML::Mark mark;
};

class Builder : public YAML::EventHandler {
 public:
  explicit Builder(const std::string& file) : file_(file) {}

  YamlNode take() { return std::move(top_); }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add({.where = place(mark)}, mark, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    throw Refused("an alias", mark);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(tag, mark);
    if (takes_key()) {
      take_key(value, mark, anchor);
      return;
    }
    const bool quoted = tag == "!";
    const bool none =
        !quoted && (value == "null" || value == "Null" || value == "NULL" || value == "~" || value.empty());
    add({.kind = none ? YamlNode::Kind::none : YamlNode::Kind::text, .where = place(mark), .text = value},
        mark, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    begin(YamlNode::Kind::list, mark, tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    begin(YamlNode::Kind::map, mark, tag, anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapEnd() override { end(); }

 private:
  struct Open {
    YamlNode node;
    std::optional<std::string> key;  // whose value is to come
  };

  [[nodiscard]] Location place(const YAML::Mark& mark) const {
    return {.file = file_, .line = mark.line + 1, .column = mark.column + 1, .field = {}};
  }
  static void check_tag(const std::string& tag, const YAML::Mark& mark) {
    if (!tag.empty() && tag != "?" && tag != "!") throw Refused("a tag", mark);
  }
  void count(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) throw Refused("an anchor", mark);
    if (++count_ > kMostYamlNodes) throw Refused(fmt::format("more than {} values", kMostYamlNodes), mark);
  }
  [[nodiscard]] bool takes_key() const {
    return !open_.empty() && open_.back().node.kind == YamlNode::Kind::map && !open_.back().key;
  }
  void take_key(const std::string& key, const YAML::Mark& mark, YAML::anchor_t anchor) {
    count(mark, anchor);
    if (open_.back().node.find(key) != nullptr)
      throw Refused(fmt::format("the key {} for the second time", in_quotes(key)), mark);
    open_.back().key = key;
  }
  void begin(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    check_tag(tag, mark);
    count(mark, anchor);
    if (takes_key()) throw Refused("a key that is no text", mark);
    if (open_.size() >= kDeepest) throw Refused(fmt::format("brackets more than {} deep", kDeepest), mark);
    open_.push_back({.node = {.kind = kind, .where = place(mark)}, .key = {}});
  }
  void end() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    put(std::move(node));
  }
  void add(YamlNode node, const YAML::Mark& mark, YAML::anchor_t anchor) {
    count(mark, anchor);
    if (takes_key()) throw Refused("a key that is no text", mark);
    put(std::move(node));
  }
  void put(YamlNode node) {
    if (open_.empty()) {
      top_ = std::move(node);
    } else if (open_.back().node.kind == YamlNode::Kind::list) {
      open_.back().node.items.push_back(std::move(node));
    } else {
      open_.back().node.members.push_back({.key = std::move(*open_.back().key), .value = std::move(node)});
      open_.back().key.reset();
    }
  }

  std::string file_;
  YamlNode top_;
  std::vector<Open> open_;
  std::size_t count_ = 0;
};

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &YamlMember::key);
  return found == members.end() ? nullptr : &found->value;
}

const char* name_of(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::none: return "nothing";
    case YamlNode::Kind::text: return "a text";
    case YamlNode::Kind::list: return "a list";
    case YamlNode::Kind::map: return "a map";
  }
  return "";
}

Expected<YamlNode> parse_yaml(std::string_view text, const std::string& file) {
  const auto fail = [&](std::string what, const YAML::Mark& mark) {
    const bool known = mark.line >= 0;
    return failure({.what = std::move(what),
                    .where = {.file = file,
                              .line = known ? mark.line + 1 : 0,
                              .column = known ? mark.column + 1 : 0,
                              .field = {}},
                    .mend = "Give one plain document of YAML or JSON, without anchors and tags."});
  };
  if (const auto checked = check_text(text, file); !checked) return std::unexpected(checked.error());
  if (text.size() > kMostBytes) return fail("is of more than 4 MB", YAML::Mark::null_mark());
  std::istringstream stream{std::string(text)};
  Builder builder(file);
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return fail("is empty", YAML::Mark::null_mark());
    YamlNode node = builder.take();
    Builder another(file);
    if (parser.HandleNextDocument(another))
      return fail("holds more than one document", YAML::Mark::null_mark());
    return node;
  } catch (const Refused& refused) {
    return fail(std::string("holds ") + refused.what(), refused.mark);
  } catch (const YAML::Exception& error) {
    return fail("is no YAML: " + error.msg, error.mark);
  }
}

}  // namespace hinterland
