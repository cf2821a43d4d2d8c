// What the column-by-name readers (sacct, GPU pods, image requests) share.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "hinterland/base/csv.hpp"
#include "hinterland/work/trace.hpp"

namespace hinterland {

// One row with its cells by column name, and a place to complain about them.
class NamedRow {
 public:
  NamedRow(const CsvRow& row, const std::vector<std::string>& names, const std::string& file, Errors& errors)
      : row_(row), names_(names), file_(file), errors_(errors) {}

  // The cell; empty if the column or its value is not there.
  [[nodiscard]] std::string_view cell(std::string_view name) const;
  // A number >= 0; nullopt if the cell is empty. Anything else is an error, and nullopt.
  std::optional<double> number(std::string_view name) { return number(name, cell(name)); }
  // The same for a text that stands somewhere inside the cell.
  std::optional<double> number(std::string_view name, std::string_view text);
  void complain(std::string_view name, std::string what, std::string mend);
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] long line() const { return row_.line; }

 private:
  const CsvRow& row_;
  const std::vector<std::string>& names_;
  const std::string& file_;
  Errors& errors_;
  bool good_ = true;
};

// Calls `job_of` for each row; it returns the job, or nullopt to leave the row out. Rows with complaints are
// left out.
void read_named_rows(CsvReader& reader, std::size_t bytes, Trace& trace, Errors& errors, Progress& progress,
                     const std::vector<std::string>& required,
                     const std::function<std::optional<Job>(NamedRow&)>& job_of);

// Users by name, as indices.
class UserIndex {
 public:
  explicit UserIndex(Trace& trace) : trace_(trace) {}
  std::uint32_t of(std::string_view name);  // 0 for an empty name

 private:
  Trace& trace_;
  std::unordered_map<std::string, std::uint32_t> known_;
};

// Seconds (or another unit, by `scale`) as milliseconds; kUnknown for nullopt.
std::int64_t as_ms(std::optional<double> value, double scale = 1000);
// A size; NaN for nullopt.
float as_size(std::optional<double> value, double scale = 1);

}  // namespace hinterland
