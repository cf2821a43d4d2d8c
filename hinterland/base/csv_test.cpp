// CSV as RFC 4180 has it, and where it is not.
#include "hinterland/base/csv.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

using namespace hinterland;

namespace {

using Rows = std::vector<std::vector<std::string>>;

struct Result {
  Rows rows;
  std::vector<long> lines;
  Errors errors;
};

Result read(std::string_view text, char separator = ',', Quotes quotes = Quotes::rfc4180) {
  Result out;
  CsvReader reader(text, "t.csv", separator, quotes);
  CsvRow row;
  while (true) {
    const auto more = reader.next(row);
    if (!more) {
      out.errors.insert(out.errors.end(), more.error().begin(), more.error().end());
      continue;
    }
    if (!*more) return out;
    out.rows.emplace_back(row.cells.begin(), row.cells.end());
    out.lines.push_back(row.line);
  }
}

std::string in_quotes(const std::string& cell) {
  std::string out = "\"";
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace

TEST_CASE("cells are split at commas and rows at line ends") {
  CHECK(read("a,b\n1,2\n").rows == Rows{{"a", "b"}, {"1", "2"}});
}

TEST_CASE("the last line needs no line end") { CHECK(read("a,b\n1,2").rows == Rows{{"a", "b"}, {"1", "2"}}); }

TEST_CASE("an empty last cell is a cell") {
  CHECK(read("a,b,\n1,,").rows == Rows{{"a", "b", ""}, {"1", "", ""}});
  CHECK(read("a,\"\"").rows == Rows{{"a", ""}});
}

TEST_CASE("CRLF ends a line as LF does") {
  CHECK(read("a,b\r\n\"1\",2\r\n3,\"4\"\r\n").rows == Rows{{"a", "b"}, {"1", "2"}, {"3", "4"}});
  CHECK(read("a,\r\n").rows == Rows{{"a", ""}});
}

TEST_CASE("empty lines are no rows, and are counted") {
  const Result result = read("\n\r\na\n\n\nb\n\n");
  CHECK(result.rows == Rows{{"a"}, {"b"}});
  CHECK(result.lines == std::vector<long>{3, 6});
}

TEST_CASE("quotes hold commas, doubled quotes and line breaks") {
  CHECK(read(R"("a,b","say ""no""",""""
"line
break",x,y)")
            .rows == Rows{{"a,b", "say \"no\"", "\""}, {"line\nbreak", "x", "y"}});
}

TEST_CASE("a row of several lines begins at its first, and the next one behind its last") {
  CHECK(read("\"a\nb\",c\nd\n").lines == std::vector<long>{1, 3});
}

TEST_CASE("rows may differ in length: what that means is the caller's to say") {
  CHECK(read("a,b,c\n1\n1,2,3,4\n").rows == Rows{{"a", "b", "c"}, {"1"}, {"1", "2", "3", "4"}});
}

TEST_CASE("a quote inside an unquoted cell is a letter") {
  CHECK(read("5\" disk,b").rows == Rows{{"5\" disk", "b"}});
}

TEST_CASE("a quote that is never closed is found where it opens, and reading goes on behind its line") {
  const Result result = read("a,b\n1,\"two\n3,4\n");
  REQUIRE(result.errors.size() == 1);
  CHECK(result.errors[0].where.line == 2);
  CHECK(result.errors[0].where.column == 3);
  CHECK(result.errors[0].what.find("never closed") != std::string::npos);
  CHECK(result.rows == Rows{{"a", "b"}, {"3", "4"}});
  CHECK(result.lines == std::vector<long>{1, 3});
}

TEST_CASE("an open quote behind a cell of two lines is found at its own line") {
  const Result result = read("\"a\nb\",\"open\nc,d\n");
  REQUIRE(result.errors.size() == 1);
  CHECK(result.errors[0].where.line == 2);
  CHECK(result.errors[0].where.column == 4);
  CHECK(result.lines == std::vector<long>{3});
}

TEST_CASE("text behind a closing quote is found where it begins") {
  const Result result = read("a\n\"b\"c,d\ne\n");
  REQUIRE(result.errors.size() == 1);
  CHECK(result.errors[0].where.line == 2);
  CHECK(result.errors[0].where.column == 4);
  CHECK(result.rows == Rows{{"a"}, {"e"}});
}

TEST_CASE("a carriage return behind a closing quote ends the cell only at a line's end") {
  CHECK(read("\"a\"\rb,c\n").errors.size() == 1);
  CHECK(read("\"a\"\r\n").rows == Rows{{"a"}});
  CHECK(read("\"a\"\r").rows == Rows{{"a"}});
}

TEST_CASE("a line longer than the limit is refused at its line, and reading goes on") {
  const std::string lengthy(kMostLineBytes + 1, 'x');
  for (const std::string& text : {"a\n" + lengthy + "\nb\n", "a\n\"" + lengthy + "\"\nb\n"}) {
    const Result result = read(text);
    REQUIRE(result.errors.size() == 1);
    CHECK(result.errors[0].where.line == 2);
    CHECK(result.rows == Rows{{"a"}, {"b"}});
  }
  const std::string just(kMostLineBytes, 'x');
  CHECK(read(just + "\n").rows == Rows{{just}});
}

TEST_CASE("with another separator quotes mean nothing") {
  CHECK(read("a|\"b|c\"\n", '|', Quotes::none).rows == Rows{{"a", "\"b", "c\""}});
}

TEST_CASE("an empty text has no row") {
  CHECK(read("").rows.empty());
  CHECK(read("\n\n\n").rows.empty());
}

TEST_CASE("any cells that are written in quotes are read again") {
  CHECK(rc::check([] {
    const auto piece =
        rc::gen::element<std::string>("\"", ",", "\n", "\r\n", "\r", "a", "贵安", " ", "|", ";", "0.4");
    const auto cell = rc::gen::map(rc::gen::container<std::vector<std::string>>(piece), [](auto pieces) {
      std::string text;
      for (const auto& one : pieces) text += one;
      return text;
    });
    const auto row = rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(cell));
    const Rows rows = *rc::gen::container<Rows>(row);
    const auto end = *rc::gen::element<std::string>("\n", "\r\n");
    std::string text;
    std::vector<long> lines;
    for (const auto& cells : rows) {
      lines.push_back(1 + std::count(text.begin(), text.end(), '\n'));
      for (std::size_t i = 0; i < cells.size(); ++i) text += (i > 0 ? "," : "") + in_quotes(cells[i]);
      text += end;
    }
    const Result result = read(text);
    RC_ASSERT(result.errors.empty());
    RC_ASSERT(result.rows == rows);
    RC_ASSERT(result.lines == lines);
  }));
}

TEST_CASE("any bytes at all are read to their end, each problem on a line that is there") {
  CHECK(rc::check([] {
    const auto text =
        *rc::gen::container<std::string>(rc::gen::element('"', ',', '\n', '\r', 'a', '\0', '\xe8'));
    const long lines = 1 + std::count(text.begin(), text.end(), '\n');
    const Result result = read(text);
    for (const Error& error : result.errors) {
      RC_ASSERT(error.where.line >= 1);
      RC_ASSERT(error.where.line <= lines);
      RC_ASSERT(error.where.column >= 1);
    }
    for (const long line : result.lines) RC_ASSERT(line <= lines);
  }));
}

TEST_CASE("a cell that is written is read again as it was") {
  for (const std::string text : {"plain", "a,b", "say \"no\"", "two\nlines", "\r", "\"", "贵安"}) {
    const std::string line = "x," + csv_cell(text) + ",y\n";
    CsvReader reader(line, "t.csv");
    CsvRow row;
    REQUIRE(reader.next(row).value());
    REQUIRE(row.cells.size() == 3);
    CHECK(row.cells[1] == text);
  }
}
