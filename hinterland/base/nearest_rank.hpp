// nearest_rank() lives with the other figures of a sample.
#pragma once
#include "hinterland/base/sample.hpp"  // IWYU pragma: export
