#include "hinterland/report/html_text.hpp"

#include <fmt/format.h>

namespace hinterland {

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: {
        const auto byte = static_cast<unsigned char>(c);
        const bool control = (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
        if (control) {
          out += "\xEF\xBF\xBD";
        } else {
          out += c;
        }
      }
    }
  }
  return out;
}

std::string in_both(const Words& words) {
  if (words.zh.empty() || words.zh == words.en) return escaped(words.en);
  return fmt::format(R"(<span class="en">{}</span><span class="zh" lang="zh-Hans">{}</span>)",
                     escaped(words.en), escaped(words.zh));
}

std::string attribute_in_both(std::string_view name, const Words& words) {
  const std::string en = escaped(words.en);
  return fmt::format(R"( {}="{}" data-en="{}" data-zh="{}")", name, en, en, escaped(words.zh));
}

std::string json_in_script(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  // In JSON `<` stands inside strings only, where it may be written as an escape.
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace hinterland
