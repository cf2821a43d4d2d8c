// How many random instances a test looks at. Under a sanitizer, every one runs through the same code eight times as slowly:
// there a sixth of them looks for wrong memory, and all of them look for wrong answers where it is fast.
#pragma once
#include <cstdint>

namespace hinterland {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
inline constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool kSanitized = false;
#endif

constexpr std::uint64_t seeds(std::uint64_t all) { return kSanitized ? (all + 5) / 6 : all; }

}  // namespace hinterland
