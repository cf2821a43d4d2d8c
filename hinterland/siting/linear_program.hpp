// A linear or mixed-integer program, solved by HiGHS:  min cost x  s.t.  least <= A x <= most,  bounds, some x whole.
//
// No status is trusted: an answer is "solved" only if its columns meet every row and bound, checked here.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hinterland {

enum class ProgramEnd : std::uint8_t { solved, infeasible, out_of_time };

struct ProgramSolution {
  ProgramEnd end;
  double objective;  // of `columns`; infinite without any
  double bound;      // no solution costs less
  std::vector<double> columns;
  std::vector<double>
      row_prices;  // what one more unit on a row's binding side costs; only without whole columns
};

class LinearProgram {
 public:
  using Column = std::int32_t;
  using Row = std::int32_t;

  Column add_column(double cost, double least, double most, bool whole = false);
  Row add_row(double least, double most);
  // Each pair at most once.
  void put(Row row, Column column, double factor);

  // Stops at `gap` = (objective - bound) / |objective|, or after `seconds`. One thread; the same answer every time
  // unless time ran out. Throws std::runtime_error where HiGHS fails or its answer breaks a row by more than 1e-6 of
  // its size.
  ProgramSolution solve(double gap = 0, double seconds = 1e30) const;

  // Writes it for another solver, in the format that the file's name ends with: .mps or .lp. False: the file cannot be
  // written.
  bool write(const std::string& file) const;

 private:
  struct ColumnData {
    double cost, least, most;
    bool whole;
  };
  struct RowData {
    double least, most;
  };
  struct Entry {
    Row row;
    Column column;
    double factor;
  };
  std::unique_ptr<void, void (*)(void*)> passed() const;  // HiGHS with the program in it

  std::vector<ColumnData> columns_;
  std::vector<RowData> rows_;
  std::vector<Entry> entries_;
};

}  // namespace hinterland
