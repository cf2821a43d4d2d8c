// JSON that must have a form, read member by member: what is missing, of another kind or out of its range is noted with its path,
// and a value that any reader can go on with comes back.
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"

namespace hinterland {

// What all views of a document share.
struct JsonDocument {
  std::string file, mend;  // of all its errors
  Errors errors;
};

class JsonView {
 public:
  // `node` and `document` must outlive it.
  JsonView(const nlohmann::json& node, JsonDocument& document, std::string path = "")
      : node_(&node), document_(&document), path_(std::move(path)) {}

  // Without control characters, 4,095 bytes at most (a path of Linux's).
  [[nodiscard]] std::string text(const char* name) const;
  [[nodiscard]] std::int64_t whole(const char* name, std::int64_t least, std::int64_t most) const;
  [[nodiscard]] double number(const char* name, double least, double most) const;
  [[nodiscard]] bool truth(const char* name) const;
  [[nodiscard]] JsonView object(const char* name) const;
  [[nodiscard]] std::vector<JsonView> list(const char* name) const;  // of objects
  [[nodiscard]] std::vector<std::string> texts(const char* name) const;
  [[nodiscard]] std::vector<std::int64_t> wholes(const char* name, std::int64_t least,
                                                 std::int64_t most) const;

  void complain(const char* name, std::string what) const;

 private:
  [[nodiscard]] const nlohmann::json* find(const char* name) const;
  [[nodiscard]] std::string path_to(const char* name) const;
  [[nodiscard]] std::string checked(const nlohmann::json& node, const char* name) const;

  const nlohmann::json* node_;
  JsonDocument* document_;
  std::string path_;
};

// The document's object, with brackets at most 16 deep. Fails, located, for what is no JSON.
Expected<nlohmann::json> parse_json_object(std::string_view text, const JsonDocument& document);

}  // namespace hinterland
