// FP32 and FP16 have no order.
#include "hinterland/base/compute.hpp"

using namespace hinterland;

const bool right = Teraflops<Precision::fp32>{1} < Teraflops<Precision::fp32>{2};
#ifdef WRONG
const bool wrong = Teraflops<Precision::fp32>{1} < Teraflops<Precision::fp16>{2};  // error
#endif
