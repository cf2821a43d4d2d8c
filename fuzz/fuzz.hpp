// What the fuzzers share: libFuzzer's entry point, its bytes as text, and promises whose breach is a crash.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "hinterland/base/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace hinterland {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline void promise(bool kept) {
  if (!kept) __builtin_trap();
}

// Every error says what is wrong and what mends it; past kMostErrors one more entry counts the others.
inline void promise_errors(const Errors& errors) {
  promise(!errors.empty() && errors.size() <= kMostErrors + 1);
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const Error& error = errors[i];
    promise(!error.what.empty() && (!error.mend.empty() || i == kMostErrors));
    promise(error.where.line >= 0 && error.where.column >= 0);
    promise(!describe(error).empty());
  }
}

}  // namespace hinterland
