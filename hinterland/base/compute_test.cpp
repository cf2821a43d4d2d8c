// Computing power adds within one precision. That two precisions never add is in tests/compile_fail/.
#include "hinterland/base/compute.hpp"

#include <doctest/doctest.h>

using namespace hinterland;

namespace {

template <class A, class B>
constexpr bool adds = requires(A a, B b) { a + b; };

}  // namespace

TEST_CASE("computing power of one precision adds and scales") {
  const Teraflops<Precision::fp16> card{989};
  CHECK((card + card).value == 1978);
  CHECK((8 * card).value == 7912);
  CHECK(card < 2 * card);
}

TEST_CASE("no two precisions add") {
  using Half = Teraflops<Precision::fp16>;
  using Single = Teraflops<Precision::fp32>;
  using Double = Teraflops<Precision::fp64>;
  CHECK(adds<Half, Half>);
  CHECK_FALSE(adds<Half, Single>);
  CHECK_FALSE(adds<Half, Double>);
  CHECK_FALSE(adds<Single, Double>);
}
