// What the number of a flag must be. CLI11's own checks let NaN pass, and then all that follows is NaN.
#pragma once

namespace CLI {  // NOLINT(readability-identifier-naming): the library chose it
class Validator;
}

namespace hinterland {

// Bounds are whole numbers; both are met by what equals them.
CLI::Validator number_from(double least, double most);

// Above 0, at most `most`.
CLI::Validator number_above_zero(double most);

}  // namespace hinterland
