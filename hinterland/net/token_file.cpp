#include "hinterland/net/token_file.hpp"

#include <algorithm>
#include <array>
#include <fstream>

namespace hinterland {

Expected<std::string> read_token(const std::string& file) {
  std::ifstream in(file);
  std::string token;
  if (in >> token) return token;
  return failure({.what = "There is no token in it.", .where = {.file = file}, .mend = "", .outside = true});
}

bool is_private(std::string_view url) {
  static constexpr std::array<std::string_view, 5> kPrivate = {
      "https://", "unix:/", "http://127.0.0.1:", "http://localhost:", "http://[::1]:"};
  return std::ranges::any_of(kPrivate, [&](std::string_view start) { return url.starts_with(start); });
}

}  // namespace hinterland
