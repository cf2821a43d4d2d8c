#include "hinterland/impact/io_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "hinterland/base/csv.hpp"
#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

constexpr std::array<std::string_view, 3> kLeading{"Code", "Description", "Origin"};
constexpr std::array<std::string_view, 7> kFinal{"TIU", "TC", "FU201", "FU202", "EX", "TFU", "GO"};
constexpr std::array<std::string_view, 7> kBelow{"TII", "VA001", "VA002", "VA003", "VA004", "TVA", "TI"};
constexpr std::size_t kMostIndustries = 1000;
constexpr double kBalance = 1e-6;  // of an industry's output

// Columns behind the industries', in the order of kFinal.
enum Final : std::size_t { all_inputs, consumption, capital, inventories, exports, all_final, output };

struct Line {
  long number = 0;
  std::string code, name, origin;
  std::vector<double> values;  // of the columns behind Origin; 0 where a cell is empty
};

class IoReader {
 public:
  IoReader(std::string_view text, std::string file, double unit) : csv_(text, std::move(file)), unit_(unit) {}

  Expected<IoTable> read() {
    if (!read_header()) return std::unexpected(std::move(errors_));
    read_lines();
    if (errors_.empty()) place_lines();
    if (errors_.empty()) check_flows();
    if (errors_.empty()) check_balance();
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    return std::move(table_);
  }

 private:
  void complain(long line, std::string field, std::string what, std::string mend) {
    add_error(errors_, {.what = std::move(what),
                        .where = {.file = csv_.file(), .line = line, .field = std::move(field)},
                        .mend = std::move(mend)});
  }

  bool read_header() {
    CsvRow row;
    const auto there = csv_.next(row);
    if (!there) {
      add_errors(errors_, there.error());
      return false;
    }
    const auto& cells = row.cells;
    const bool framed = *there && cells.size() > kLeading.size() + kFinal.size() &&
                        cells.size() <= kLeading.size() + kFinal.size() + kMostIndustries &&
                        std::equal(kLeading.begin(), kLeading.end(), cells.begin()) &&
                        std::equal(kFinal.rbegin(), kFinal.rend(), cells.rbegin());
    if (!framed) {
      complain(row.line, "", "is no header of an input-output table",
               "Begin with Code,Description,Origin, go on with a column an industry, end with "
               "TIU,TC,FU201,FU202,EX,TFU,GO.");
      return false;
    }
    for (std::size_t i = kLeading.size(); i + kFinal.size() < cells.size(); ++i) {
      const std::string code(cells[i]);
      if (std::ranges::find(table_.industries, code, &IoTable::Industry::code) != table_.industries.end())
        complain(row.line, code, "the industry stands twice", "Give each industry one column.");
      table_.industries.push_back({.code = code});
    }
    columns_.assign(cells.begin() + kLeading.size(), cells.end());
    return errors_.empty();
  }

  void read_lines() {
    CsvRow row;
    while (true) {
      const auto there = csv_.next(row);
      if (!there) {
        add_errors(errors_, there.error());
        continue;
      }
      if (!*there) return;
      if (row.cells.size() != kLeading.size() + columns_.size()) {
        complain(row.line, "",
                 fmt::format("{} cells where the header has {}", row.cells.size(),
                             kLeading.size() + columns_.size()),
                 "Give the row a cell in every column.");
        continue;
      }
      Line& line = lines_.emplace_back();
      line.number = row.line;
      line.code = row.cells[0];
      line.name = row.cells[1];
      line.origin = row.cells[2];
      for (std::size_t i = 0; i < columns_.size(); ++i)
        line.values.push_back(
            number(row.cells[kLeading.size() + i], row.line, i, line.origin != "TOT" || i < table_.size()));
    }
  }

  // Value added has no final uses: those cells are empty.
  double number(std::string_view cell, long line, std::size_t column, bool of_industry) {
    if (cell.empty() && !of_industry) return 0;
    const auto value = parse_number(cell);
    if (!value) complain(line, columns_[column], in_quotes(cell) + " is no number", "Give a plain number.");
    return unit_ * value.value_or(0);
  }

  const Line* find(std::string_view code, std::string_view origin) {
    const auto found = std::ranges::find_if(
        lines_, [&](const Line& line) { return line.code == code && line.origin == origin; });
    if (found != lines_.end()) return &*found;
    complain(0, "", fmt::format("the row {} of origin {} is missing", code, origin),
             "Give every industry a row of domestic and one of imported products, and value added its own.");
    return nullptr;
  }

  void place_lines() {
    const std::size_t n = table_.size();
    table_.file = csv_.file();
    table_.domestic = Matrix(n, n);
    table_.imported = Matrix(n, n);
    if (lines_.size() != 2 * n + kBelow.size())
      complain(0, "",
               fmt::format("{} rows where {} industries have {}", lines_.size(), n, 2 * n + kBelow.size()),
               "Give every industry a row of domestic and one of imported products, once.");
    for (std::size_t i = 0; i < n; ++i) {
      place_flows(find(table_.industries[i].code, "Domestic"), i, table_.domestic, table_.domestic_use);
      place_flows(find(table_.industries[i].code, "Imports"), i, table_.imported, table_.imported_use);
    }
    for (std::size_t row = 0; row < kBelow.size(); ++row) {
      const Line* line = find(kBelow[row], "TOT");
      if (line == nullptr) continue;
      below_[row].assign(line->values.begin(), line->values.begin() + static_cast<std::ptrdiff_t>(n));
    }
    table_.compensation = below_[1];
    table_.taxes = below_[2];
    table_.depreciation = below_[3];
    table_.surplus = below_[4];
  }

  void place_flows(const Line* line, std::size_t industry, Matrix& flows, FinalUse& use) {
    if (line == nullptr) return;
    const std::size_t n = table_.size();
    for (std::size_t j = 0; j < n; ++j) flows(industry, j) = line->values[j];
    use.consumption.push_back(line->values[n + Final::consumption]);
    use.capital.push_back(line->values[n + Final::capital]);
    use.inventories.push_back(line->values[n + Final::inventories]);
    use.exports.push_back(line->values[n + Final::exports]);
    if (&flows == &table_.domestic) {
      table_.industries[industry].name = line->name;
      table_.output.push_back(line->values[n + Final::output]);
    }
  }

  void check_flows() {
    for (const Line& line : lines_) {
      const bool industry = line.origin != "TOT";
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        const bool may_be_negative = industry ? columns_[i] == "FU202" || columns_[i] == "TFU"
                                              : line.code == "VA002" || line.code == "VA004";
        if (line.values[i] < 0 && !may_be_negative)
          complain(line.number, columns_[i], fmt::format("{:g} is below zero", line.values[i] / unit_),
                   "A flow is 0 at least.");
      }
    }
    for (std::size_t i = 0; i < table_.size(); ++i) {
      if (table_.output[i] > 0 || row_sum(i) <= 0) continue;
      complain(find(table_.industries[i].code, "Domestic")->number, "GO",
               "an industry that makes nothing sells something", "Give its output.");
    }
  }

  double row_sum(std::size_t i) const {
    double sum = 0;
    for (std::size_t j = 0; j < table_.size(); ++j) sum += table_.domestic(i, j);
    const FinalUse& use = table_.domestic_use;
    return sum + use.consumption[i] + use.capital[i] + use.inventories[i] + use.exports[i];
  }

  void check_balance() {
    for (std::size_t i = 0; i < table_.size(); ++i) {
      double column = table_.value_added(i);
      for (std::size_t j = 0; j < table_.size(); ++j) column += table_.domestic(j, i) + table_.imported(j, i);
      const long line = find(table_.industries[i].code, "Domestic")->number;
      check_sum(line, "GO", "where its product goes adds up to", row_sum(i), i);
      check_sum(0, table_.industries[i].code, "what its output is made of adds up to", column, i);
    }
  }

  void check_sum(long line, const std::string& field, std::string_view what, double sum,
                 std::size_t industry) {
    const double output = table_.output[industry];
    if (std::abs(sum - output) <= kBalance * std::max(output, unit_)) return;
    complain(line, field, fmt::format("{} {:.9g}, its output is {:.9g}", what, sum / unit_, output / unit_),
             "Flows, final uses and value added of an industry add up to its output.");
  }

  CsvReader csv_;
  double unit_;
  std::vector<std::string> columns_;  // behind Origin
  std::vector<Line> lines_;
  std::array<std::vector<double>, kBelow.size()> below_;
  IoTable table_;
  Errors errors_;
};

}  // namespace

Expected<IoTable> parse_io_table(std::string_view text, const std::string& file, double unit) {
  return IoReader(text, file, unit).read();
}

}  // namespace hinterland
