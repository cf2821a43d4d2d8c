// The proof that fuzzing works: it crashes on purpose when some cell is "boom", which chance alone would not
// write into a well-formed row within a minute. tools/fuzz.sh fails if libFuzzer does not find it.
#include <cstdio>

#include "fuzz/fuzz.hpp"
#include "hinterland/base/csv.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  CsvReader reader(text_of(data, size), "planted.csv");
  CsvRow row;
  while (true) {
    const auto more = reader.next(row);
    if (more && !*more) return 0;
    if (!more || row.cells.size() != 2) continue;
    if (row.cells[1] == "boom") {
      std::fputs("planted crash\n", stderr);
      __builtin_trap();
    }
  }
}
