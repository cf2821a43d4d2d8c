// Four hours at once: the same arithmetic on each, in vector registers where the machine has them.
//
// The four lanes of a `Lanes` are four hours that follow each other. Everything below rounds as single doubles would,
// so a result is the same with and without vector registers. A function marked HINTERLAND_LANES is compiled twice and
// the right one chosen when the program starts; HINTERLAND_ONE_CLONE leaves the first alone, for tests/lanes_test.py.
#pragma once
#include <algorithm>
#include <cstddef>
#include <new>
#include <vector>

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && \
    !defined(__clang__) && !defined(HINTERLAND_ONE_CLONE)
#define HINTERLAND_LANES __attribute__((target_clones("default", "avx2")))
#else
#define HINTERLAND_LANES
#endif

namespace hinterland {

using Lanes = double __attribute__((vector_size(32)));

inline constexpr int kLanes = 4;

// What is compiled without vector registers thinks that 16 bytes align a Lanes; with them it is 32.
template <class T>
struct LanesAllocator {
  using value_type = T;
  LanesAllocator() = default;
  template <class U>
  explicit LanesAllocator(const LanesAllocator<U>&) {}
  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), kAlignment)); }
  void deallocate(T* memory, std::size_t) { ::operator delete(memory, kAlignment); }
  bool operator==(const LanesAllocator&) const = default;
  static constexpr std::align_val_t kAlignment{64};
};

using LanesVector = std::vector<Lanes, LanesAllocator<Lanes>>;

// Calls need no vector registers where these are inlined, and they always are.
#define HINTERLAND_INLINE inline __attribute__((always_inline))

HINTERLAND_INLINE Lanes lanes(double value) { return Lanes{value, value, value, value}; }
HINTERLAND_INLINE Lanes larger(Lanes a, Lanes b) { return a > b ? a : b; }
HINTERLAND_INLINE Lanes smaller(Lanes a, Lanes b) { return a < b ? a : b; }
HINTERLAND_INLINE double sum(Lanes a) { return (a[0] + a[1]) + (a[2] + a[3]); }
HINTERLAND_INLINE double largest(Lanes a) { return std::max(std::max(a[0], a[1]), std::max(a[2], a[3])); }
HINTERLAND_INLINE double smallest(Lanes a) { return std::min(std::min(a[0], a[1]), std::min(a[2], a[3])); }

}  // namespace hinterland
