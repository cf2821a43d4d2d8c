#include "hinterland/render/format_string.hpp"

#include <fmt/format.h>

#include <cctype>

namespace hinterland {

namespace {

std::string_view trimmed(std::string_view text) {
  const auto blank = [](unsigned char c) { return std::isspace(c) != 0; };
  while (!text.empty() && blank(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && blank(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

// Identifiers with points between.
bool is_name(std::string_view text) {
  bool begins = true;
  for (const char c : text) {
    const auto letter = static_cast<unsigned char>(c);
    if (begins && std::isalpha(letter) == 0 && c != '_') return false;
    if (std::isalnum(letter) == 0 && c != '_' && c != '.') return false;
    begins = c == '.';
  }
  return !begins;
}

}  // namespace

Expected<SiteWord> resolve_format(const std::string& text, const Location& where, const NameScope& scope,
                                  const std::string& known) {
  SiteWord word;
  Errors errors;
  const auto add = [&](SitePart part) {
    if (part.part == WordPart::text && !word.empty() && word.back().part == WordPart::text)
      word.back().text += part.text;
    else if (part.part != WordPart::text || !part.text.empty())
      word.push_back(std::move(part));
  };
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = text.find("{{", at),
                      close = open == std::string::npos ? open : text.find("}}", open);
    add({.part = WordPart::text, .text = text.substr(at, open == std::string::npos ? open : open - at)});
    if (open == std::string::npos) break;
    if (close == std::string::npos) {
      add_error(errors, {.what = "holds {{ without }}", .where = where, .mend = "Write {{ Name }}."});
      break;
    }
    const std::string name(trimmed(std::string_view(text).substr(open + 2, close - open - 2)));
    at = close + 2;
    const auto value = is_name(name) ? scope(name) : std::nullopt;
    if (!value) {
      add_error(errors, {.what = fmt::format("{} is nothing that is known here", in_quotes(name)),
                         .where = where,
                         .mend = known});
      continue;
    }
    for (const SitePart& part : *value) add(part);
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return word;
}

Expected<std::string> resolve_text(const std::string& text, const Location& where, const NameScope& scope,
                                   const std::string& known) {
  const auto word = resolve_format(text, where, scope, known);
  if (!word) return std::unexpected(word.error());
  std::string out;
  for (const SitePart& part : *word) {
    if (part.part != WordPart::text)
      return failure({.what = "holds what is known where a task runs only", .where = where, .mend = known});
    out += part.text;
  }
  return out;
}

}  // namespace hinterland
