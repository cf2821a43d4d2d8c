// Any text as one word of a POSIX shell.
#pragma once
#include <string>
#include <string_view>

namespace hinterland {

inline std::string shell_word(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace hinterland
