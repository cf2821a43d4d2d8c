#include "hinterland/render/json_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace hinterland {

using Json = nlohmann::json;

namespace {

constexpr std::size_t kMostText = 4095;
constexpr int kDeepest = 16;

const Json& empty_object() {
  static const Json kEmpty = Json::object();
  return kEmpty;
}

}  // namespace

Expected<Json> parse_json_object(std::string_view text, const JsonDocument& document) {
  const auto fail = [&](std::string what) {
    return failure({.what = std::move(what), .where = {.file = document.file}, .mend = document.mend});
  };
  bool too_deep = false;
  const Json::parser_callback_t shallow = [&](int depth, Json::parse_event_t /*event*/, Json& /*value*/) {
    too_deep = too_deep || depth > kDeepest;
    return !too_deep;
  };
  try {
    Json json = Json::parse(text, shallow);
    if (too_deep) return fail(fmt::format("has brackets more than {} deep", kDeepest));
    if (!json.is_object()) return fail("is no JSON object");
    return json;
  } catch (const Json::parse_error& error) {
    const std::string_view before = text.substr(0, std::min(error.byte, text.size()));
    return failure({.what = "is no JSON",
                    .where = {.file = document.file,
                              .line = std::ranges::count(before, '\n') + 1,
                              .column = static_cast<long>(before.size() - before.rfind('\n') - 1),
                              .field = {}},
                    .mend = document.mend});
  } catch (const Json::exception&) {
    return fail("holds a number that is too large");
  }
}

std::string JsonView::path_to(const char* name) const {
  if (path_.empty()) return name;
  return name[0] == '\0' ? path_ : path_ + "." + name;
}

void JsonView::complain(const char* name, std::string what) const {
  add_error(document_->errors,
            {.what = std::move(what),
             .where = {.file = document_->file, .line = 0, .column = 0, .field = path_to(name)},
             .mend = document_->mend});
}

const Json* JsonView::find(const char* name) const {
  const auto found = node_->find(name);
  if (found != node_->end()) return &*found;
  complain(name, "is missing");
  return nullptr;
}

std::string JsonView::checked(const Json& node, const char* name) const {
  if (!node.is_string()) return complain(name, "is no text"), std::string();
  auto text = node.get<std::string>();
  if (text.size() > kMostText ||
      std::ranges::any_of(text, [](unsigned char c) { return c < ' ' || c == 0x7F; }))
    return complain(name, "is too long, or holds control characters"), std::string();
  return text;
}

std::string JsonView::text(const char* name) const {
  const Json* node = find(name);
  return node == nullptr ? std::string() : checked(*node, name);
}

std::int64_t JsonView::whole(const char* name, std::int64_t least, std::int64_t most) const {
  const Json* node = find(name);
  if (node == nullptr) return least;
  const bool fits =
      node->is_number_integer() &&
      !(node->is_number_unsigned() && node->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX));
  const std::int64_t value = fits ? node->get<std::int64_t>() : least;
  if (!fits || value < least || value > most)
    return complain(name, fmt::format("is no whole number from {} to {}", least, most)), least;
  return value;
}

double JsonView::number(const char* name, double least, double most) const {
  const Json* node = find(name);
  if (node == nullptr) return least;
  const double value = node->is_number() ? node->get<double>() : least - 1;
  if (!(value >= least && value <= most))
    return complain(name, fmt::format("is no number from {} to {}", least, most)), least;
  return value;
}

bool JsonView::truth(const char* name) const {
  const Json* node = find(name);
  if (node != nullptr && !node->is_boolean()) complain(name, "is neither true nor false");
  return node != nullptr && node->is_boolean() && node->get<bool>();
}

JsonView JsonView::object(const char* name) const {
  const Json* node = find(name);
  if (node != nullptr && !node->is_object()) complain(name, "is no object");
  return {node != nullptr && node->is_object() ? *node : empty_object(), *document_, path_to(name)};
}

std::vector<JsonView> JsonView::list(const char* name) const {
  const Json* node = find(name);
  std::vector<JsonView> out;
  if (node == nullptr) return out;
  if (!node->is_array()) return complain(name, "is no list"), out;
  for (std::size_t k = 0; k < node->size(); ++k) {
    JsonView item((*node)[k], *document_, fmt::format("{}[{}]", path_to(name), k));
    if ((*node)[k].is_object()) {
      out.push_back(std::move(item));
    } else {
      item.complain("", "is no object");
    }
  }
  return out;
}

std::vector<std::string> JsonView::texts(const char* name) const {
  const Json* node = find(name);
  std::vector<std::string> out;
  if (node == nullptr) return out;
  if (!node->is_array()) return complain(name, "is no list"), out;
  for (const Json& item : *node) out.push_back(checked(item, name));
  return out;
}

std::vector<std::int64_t> JsonView::wholes(const char* name, std::int64_t least, std::int64_t most) const {
  const Json* node = find(name);
  std::vector<std::int64_t> out;
  if (node == nullptr) return out;
  if (!node->is_array()) return complain(name, "is no list"), out;
  for (const Json& item : *node) {
    const bool fits = item.is_number_integer() && item >= least && item <= most;
    if (!fits)
      return complain(name,
                      fmt::format("holds something else than whole numbers from {} to {}", least, most)),
             out;
    out.push_back(item.get<std::int64_t>());
  }
  return out;
}

}  // namespace hinterland
