// What is left out under a sanitizer, where all code runs eight times as slowly: there some instances look for wrong
// memory, and all of them look for wrong answers where it is fast.
#pragma once
#include <cstdint>

namespace hinterland {

// A test that takes long and runs through no code of its own: TEST_CASE("..." * doctest::skip(kSanitized)).
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
inline constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool kSanitized = false;
#endif

// How many random instances of one that tries many.
constexpr std::uint64_t seeds(std::uint64_t all) { return kSanitized ? (all + 5) / 6 : all; }

}  // namespace hinterland
