// Another program, run to its end, or for as long as anybody has patience.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "hinterland/base/error.hpp"

namespace hinterland {

struct ProgramRun {
  int status = 0;  // 128 + signal for one that was killed
  std::string out, err;
};

// `variables` ("NAME=value") are put on top of this process's. Its standard input is `in`. Fails, `outside`, for a program
// that cannot be begun and for one that takes longer than `patience_ms`: it is killed then, and what it did nobody
// knows.
Expected<ProgramRun> run_program(const std::vector<std::string>& words,
                                 const std::vector<std::string>& variables, const std::string& in,
                                 std::int64_t patience_ms);

}  // namespace hinterland
