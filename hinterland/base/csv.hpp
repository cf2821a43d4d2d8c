// Comma-separated values as RFC 4180 has them: quotes, doubled quotes, line breaks inside quotes, LF or CRLF.
//
// A reader walks one text and hands out rows of views into it; nothing is copied but quoted cells. Errors are
// located by line and column. Lines are bounded (kMostLineBytes), so a file that is no CSV is refused early.
// `|` as separator reads `sacct --parsable2`, in which quotes mean nothing.
#pragma once
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"

namespace hinterland {

inline constexpr std::size_t kMostLineBytes = std::size_t{1} << 20U;

struct CsvRow {
  long line = 0;                        // where the row starts, from 1
  std::vector<std::string_view> cells;  // valid until the next call of next()
};

// A cell as a reader takes it back: quoted where it must be.
std::string csv_cell(std::string_view text);

enum class Quotes { rfc4180, none };

class CsvReader {
 public:
  // `text` must outlive the reader; `file` names it in errors.
  CsvReader(std::string_view text, std::string file, char separator = ',', Quotes quotes = Quotes::rfc4180);

  // Reads the next row that is not empty into `row`. True: a row is there; false: the text is at its end.
  // After an error the reader goes on at the next line.
  Expected<bool> next(CsvRow& row);

  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] std::size_t offset() const { return at_; }  // bytes read so far

 private:
  Expected<std::string_view> quoted_cell();
  std::unexpected<Errors> give_up(std::string what, std::string mend, std::size_t where);
  void skip_line();

  std::string_view text_;
  std::string file_;
  char separator_;
  Quotes quotes_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  long line_ = 1;
  std::deque<std::string> unescaped_;  // a deque: views into it stay valid while it grows
};

}  // namespace hinterland
