// Records from files: rows of a CSV table, or one TOML table, read and checked by their field table.
//
// All problems of a file are listed: unknown, repeated and missing columns or keys, ragged rows, bad cells.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/field.hpp"
#include "hinterland/base/toml.hpp"

namespace hinterland {

// How sure a value is, where the file says so.
struct Evidence {
  std::string source;         // id of a source, or "assumed"
  std::optional<double> low;  // in the field's unit
  std::optional<double> high;
  std::string note;
};

struct RecordRow {
  Location where;
  std::vector<FieldValue> values;  // one a field; monostate where the file gives none and no default exists
  std::vector<bool> given;         // whether the file itself gave the value
  std::vector<Evidence> evidence;  // TOML only: one a field
};

// The rows of a CSV table with a header. Unknown, repeated and missing columns, ragged rows and bad cells are
// errors, all of them listed. `partial` accepts rows that give only some fields (books): the first column
// must still be there, and nothing is filled in.
Expected<std::vector<RecordRow>> parse_table(std::string_view text, const std::string& file,
                                             const std::vector<Field>& fields, bool partial);

// One record from a TOML table. A value may be plain, or {value, low, high, source, note}.
Expected<RecordRow> parse_record(const TomlTable& table, const std::vector<Field>& fields);

// Puts a row's values into a record; values not given leave the member as it is.
template <class Record>
void fill(Record& record, const Fields<Record>& fields, const RecordRow& row) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!std::holds_alternative<std::monostate>(row.values[i])) fields[i].set(record, row.values[i]);
  }
}

}  // namespace hinterland
