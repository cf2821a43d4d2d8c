// What the number of a flag must be. CLI11's own checks let NaN pass, and then all that follows is NaN.
#pragma once

namespace CLI {  // NOLINT(readability-identifier-naming): the library chose it
class Validator;
}

namespace hinterland {

// Bounds are whole numbers; both are met by what equals them.
CLI::Validator number_from(double least, double most);

inline constexpr double kMostNumber = 4'294'967'295;  // of a job or task
CLI::Validator whole_number_from(double least, double most);

// Above 0, at most `most`.
CLI::Validator number_above_zero(double most);

// A share above 0 and below 1, written as 0.01 or as 1%; the flag gets 0.01.
CLI::Validator share_or_percent();

}  // namespace hinterland
