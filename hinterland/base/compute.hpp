// Computing power, told apart by precision: 1 Tflop/s of FP16 is not 1 Tflop/s of FP64, and they never add.
// Public figures ("788 EFLOPS") mix them; the type does not let us.
#pragma once
#include <compare>

namespace hinterland {

enum class Precision { fp64, fp32, fp16 };

template <Precision P>
struct Teraflops {
  double value = 0;  // 1e12 operations a second, dense
  constexpr auto operator<=>(const Teraflops&) const = default;
};

template <Precision P>
constexpr Teraflops<P> operator+(Teraflops<P> x, Teraflops<P> y) {
  return {x.value + y.value};
}
template <Precision P>
constexpr Teraflops<P> operator*(double k, Teraflops<P> x) {
  return {k * x.value};
}

}  // namespace hinterland
