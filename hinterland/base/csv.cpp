#include "hinterland/base/csv.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hinterland {

CsvReader::CsvReader(std::string_view text, std::string file, char separator, Quotes quotes)
    : text_(text), file_(std::move(file)), separator_(separator), quotes_(quotes) {}

void CsvReader::skip_line() {
  const auto end = text_.find('\n', at_);
  at_ = end == std::string_view::npos ? text_.size() : end + 1;
  line_start_ = at_;
  ++line_;
}

std::unexpected<Errors> CsvReader::give_up(std::string what, std::string mend, std::size_t where) {
  Error error{.what = std::move(what),
              .where = {.file = file_, .line = line_, .column = static_cast<long>(where - line_start_ + 1)},
              .mend = std::move(mend)};
  skip_line();
  return failure(std::move(error));
}

// at_ stands on the opening quote; afterwards on the separator or line end behind the closing one.
Expected<std::string_view> CsvReader::quoted_cell() {
  const std::size_t open = at_++;
  std::string_view cell = text_.substr(at_, 0);
  std::string* copy = nullptr;
  while (true) {
    const auto close = text_.find('"', at_);
    if (close == std::string_view::npos || close - open > kMostLineBytes) {
      // Go on behind the line where the quote was opened: later rows still get their own errors.
      at_ = open;
      return give_up("a quoted cell is never closed", "Close the quote, or double it where it is meant.",
                     open);
    }
    const std::string_view piece = text_.substr(at_, close - at_);
    if (copy != nullptr) {
      copy->append(piece);
    } else {
      cell = piece;
    }
    at_ = close + 1;
    if (at_ >= text_.size() || text_[at_] != '"') break;
    if (copy == nullptr) copy = &unescaped_.emplace_back(piece);
    copy->push_back('"');
    ++at_;
  }
  for (std::size_t i = open; i < at_; ++i) {
    if (text_[i] == '\n') {
      ++line_;
      line_start_ = i + 1;
    }
  }
  const bool ends = at_ >= text_.size() || text_[at_] == separator_ || text_[at_] == '\n' ||
                    text_.substr(at_, 2) == "\r\n" || text_.substr(at_) == "\r";
  if (!ends)
    return give_up("text follows a closing quote", "Put the whole cell in quotes, quotes inside doubled.",
                   at_);
  return copy != nullptr ? std::string_view(*copy) : cell;
}

Expected<bool> CsvReader::next(CsvRow& row) {
  row.cells.clear();
  unescaped_.clear();
  while (at_ < text_.size() &&
         (text_[at_] == '\n' || (text_[at_] == '\r' && text_.substr(at_, 2) == "\r\n"))) {
    skip_line();
  }
  if (at_ >= text_.size()) return false;
  row.line = line_;
  while (true) {
    if (quotes_ == Quotes::rfc4180 && at_ < text_.size() && text_[at_] == '"') {
      auto cell = quoted_cell();
      if (!cell) return std::unexpected(cell.error());
      row.cells.push_back(*cell);
    } else {
      std::size_t end = at_;
      while (end < text_.size() && text_[end] != separator_ && text_[end] != '\n') ++end;
      if (end - line_start_ > kMostLineBytes) {
        return give_up(fmt::format("the line is longer than {} bytes", kMostLineBytes),
                       "Is this the right file? Break the line or name another.", at_);
      }
      std::size_t length = end - at_;
      if (length > 0 && text_[end - 1] == '\r' && (end == text_.size() || text_[end] == '\n')) --length;
      row.cells.push_back(text_.substr(at_, length));
      at_ = end;
    }
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ >= text_.size()) return true;
    const bool line_ends = text_[at_] == '\n';
    ++at_;
    if (line_ends) {
      ++line_;
      line_start_ = at_;
      return true;
    }
    if (at_ >= text_.size()) {  // a separator was the last byte: an empty last cell
      row.cells.push_back({});
      return true;
    }
  }
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

}  // namespace hinterland
