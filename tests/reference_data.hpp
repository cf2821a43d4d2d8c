// Reference files beside the repository, for tests that hold our figures against others'.
//
// $HINTERLAND_DATA names the data folder; checks/ lies beside it. Without it such a test prints "skipped: why"; with
// $HINTERLAND_NO_SKIP set, a skip is a failure.
#pragma once
#include <doctest/doctest.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "hinterland/base/file.hpp"

namespace hinterland {

// The text of `path` under $HINTERLAND_DATA ("../checks/..." beside it); nothing where the test must skip.
inline std::optional<std::string> reference_text(const std::string& path) {
  const char* data = std::getenv("HINTERLAND_DATA");
  if (data == nullptr) {
    const std::string why = "skipped: HINTERLAND_DATA is not set, so " + path + " is not here";
    if (std::getenv("HINTERLAND_NO_SKIP") != nullptr) FAIL(why);
    MESSAGE(why);
    return std::nullopt;
  }
  auto text = read_text(std::string(data) + "/" + path);
  if (!text) FAIL(describe(text.error().front()));
  return *std::move(text);
}

}  // namespace hinterland
