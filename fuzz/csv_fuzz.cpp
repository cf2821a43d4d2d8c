// Any bytes as CSV and as sacct's `|` table, and as a table of records.
// Promised: each call moves on, rows start on rising lines, and a value read writes the cell that reads as
// itself.
#include <algorithm>
#include <cmath>

#include "fuzz/fuzz.hpp"
#include "hinterland/base/csv.hpp"
#include "hinterland/base/record.hpp"

namespace hinterland {

namespace {

void walk(std::string_view text, char separator, Quotes quotes) {
  CsvReader reader(text, "fuzz.csv", separator, quotes);
  const long lines = 1 + std::count(text.begin(), text.end(), '\n');
  CsvRow row;
  long last_line = 0;
  while (true) {
    const std::size_t before = reader.offset();
    const auto more = reader.next(row);
    if (more && !*more) return;
    promise(reader.offset() > before && reader.offset() <= text.size());
    if (more) {
      promise(row.line > last_line && row.line <= lines && !row.cells.empty());
      last_line = row.line;
    } else {
      promise_errors(more.error());
    }
  }
}

std::vector<Field> some_fields() {
  Field id{.name = "id", .doc = "a name"};
  Field share{.name = "share", .kind = FieldKind::number, .low = 0, .high = 1, .low_open = true};
  Field size{.name = "size_gb", .kind = FieldKind::number, .required = false, .fallback = "1e3"};
  Field basis{.name = "basis", .kind = FieldKind::choice, .choices = {"sunk", "built"}, .required = false};
  Field hubs{.name = "hubs", .kind = FieldKind::list, .required = false};
  return {id, share, size, basis, hubs};
}

// Numbers are written in fifteen digits.
bool same(const FieldValue& a, const FieldValue& b) {
  const auto *x = std::get_if<double>(&a), *y = std::get_if<double>(&b);
  return x != nullptr && y != nullptr ? std::abs(*x - *y) <= 1e-14 * std::abs(*y) : a == b;
}

void read_records(std::string_view text, bool partial) {
  static const std::vector<Field> fields = some_fields();
  const auto rows = parse_table(text, "fuzz.csv", fields, partial);
  if (!rows) return promise_errors(rows.error());
  for (const RecordRow& row : *rows) {
    promise(row.values.size() == fields.size() && row.given.size() == fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!row.given[i]) continue;
      const auto again = parse_cell(fields[i], cell_text(row.values[i]), row.where);
      promise(again && same(*again, row.values[i]));
    }
  }
}

}  // namespace

}  // namespace hinterland

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = hinterland::text_of(data, size);
  hinterland::walk(text, ',', hinterland::Quotes::rfc4180);
  hinterland::walk(text, '|', hinterland::Quotes::none);
  hinterland::read_records(text, false);
  hinterland::read_records(text, true);
  return 0;
}
