#include "hinterland/render/site_word.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "hinterland/base/number.hpp"
#include "hinterland/executor/shell_word.hpp"

namespace hinterland {

namespace {

struct Named {
  std::string_view name;
  WordPart part;
};
constexpr std::array kNamed = {Named{"frame", WordPart::frame}, Named{"output", WordPart::output},
                               Named{"scene", WordPart::scene}, Named{"folder", WordPart::folder},
                               Named{"cores", WordPart::cores}};

std::optional<SitePart> part_of(std::string_view inside) {
  const std::size_t colon = inside.find(':');
  const auto* const named = std::ranges::find(kNamed, inside.substr(0, colon), &Named::name);
  if (named == kNamed.end()) return std::nullopt;
  SitePart part{.part = named->part, .text = {}};
  if (colon == std::string_view::npos) return part;
  const auto digits = parse_integer(inside.substr(colon + 1));
  if (part.part != WordPart::frame || !digits || *digits < 1 || *digits > kMostDigits) return std::nullopt;
  part.digits = static_cast<int>(*digits);
  return part;
}

}  // namespace

Expected<SiteWord> parse_site_word(const std::string& text, const std::string& where) {
  SiteWord word;
  std::string plain;
  const auto end_plain = [&] {
    if (!plain.empty()) word.push_back({.part = WordPart::text, .text = std::move(plain)});
    plain.clear();
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c != '{' && c != '}') {
      plain += c;
      continue;
    }
    if (at + 1 < text.size() && text[at + 1] == c) {
      plain += text[at++];
      continue;
    }
    const std::size_t end = c == '{' ? text.find('}', at) : std::string::npos;
    const auto part = end == std::string::npos ? std::nullopt
                                               : part_of(std::string_view(text).substr(at + 1, end - at - 1));
    if (!part)
      return failure(
          {.what = fmt::format("{} in {} is nothing that is filled in",
                               in_quotes(text.substr(at, end == std::string::npos ? end : end - at + 1)),
                               in_quotes(text)),
           .where = {.file = where},
           .mend =
               "Known: {frame}, {frame:4}, {output}, {scene}, {folder}, {cores}; write a brace twice to mean "
               "itself."});
    end_plain();
    word.push_back(*part);
    at = end;
  }
  end_plain();
  return word;
}

Expected<std::vector<SiteWord>> parse_site_words(const std::vector<std::string>& words,
                                                 const std::string& where) {
  std::vector<SiteWord> out;
  Errors errors;
  for (const std::string& text : words) {
    auto word = parse_site_word(text, where);
    if (word) {
      out.push_back(std::move(*word));
    } else {
      add_errors(errors, word.error());
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return out;
}

bool mentions(const std::vector<SiteWord>& words, WordPart part) {
  return std::ranges::any_of(words, [&](const SiteWord& word) {
    return std::ranges::find(word, part, &SitePart::part) != word.end();
  });
}

std::string shell_text(const SiteWord& word) {
  std::string out;
  for (const SitePart& part : word) {
    switch (part.part) {
      case WordPart::text: out += shell_word(part.text); break;
      // The sign is no digit for whoever writes {frame:4}, but is one for printf.
      case WordPart::frame:
        out += part.digits == 0 ? std::string("\"$frame\"")
                                : fmt::format("\"$(digits {} \"$frame\")\"", part.digits);
        break;
      case WordPart::output: out += "\"$output\""; break;
      case WordPart::scene: out += "\"$scene\""; break;
      case WordPart::folder: out += "\"$PWD\""; break;
      case WordPart::cores: out += "\"$cores\""; break;
    }
  }
  return out.empty() ? "''" : out;
}

}  // namespace hinterland
