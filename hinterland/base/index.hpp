// Typed places in lists: the place of a pool is not the place of a class of work, and a function that wants one refuses
// the other. It is read as a place in a std::vector wherever one is wanted.
#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>

namespace hinterland {

template <class Tag, class Rep>
struct Index {
  Rep value = 0;
  constexpr Index() = default;
  constexpr explicit Index(std::size_t place) : value(static_cast<Rep>(place)) {}
  // NOLINTNEXTLINE(google-explicit-constructor,hicpp-explicit-conversions): to be used as a place is what it is for
  constexpr operator std::size_t() const { return value; }
  friend constexpr bool operator==(Index a, Index b) { return a.value == b.value; }
  friend constexpr auto operator<=>(Index a, Index b) { return a.value <=> b.value; }
};

}  // namespace hinterland
