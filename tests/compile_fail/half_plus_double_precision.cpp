// FP16 and FP64 never add.
#include "hinterland/base/compute.hpp"

using namespace hinterland;

const auto right = Teraflops<Precision::fp16>{1} + Teraflops<Precision::fp16>{2};
#ifdef WRONG
const auto wrong = Teraflops<Precision::fp16>{1} + Teraflops<Precision::fp64>{2};  // error
#endif
