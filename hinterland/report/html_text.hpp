// Texts in HTML: escaped, in both languages.
#pragma once
#include <string>
#include <string_view>

#include "hinterland/report/page.hpp"

namespace hinterland {

// Safe as text and between double quotes: & < > " ' become entities; control characters, which HTML cannot hold, the
// replacement character.
std::string escaped(std::string_view text);

// The English, and the Chinese where there is one, each in an element that the language switch shows or hides.
std::string in_both(const Words& words);

// ` name="..." data-en="..." data-zh="..."`: an attribute that the language switch rewrites.
std::string attribute_in_both(std::string_view name, const Words& words);

// JSON that may stand inside a <script> element: no `<` is left.
std::string json_in_script(std::string_view json);

}  // namespace hinterland
