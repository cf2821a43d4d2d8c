// Files of records in sections: [work.films] and [work.logs] are two records of the section `work`, each with its name
// as its key; what stands above them is a record too. Values can be set from outside ("work.films.days=30").
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/record.hpp"

namespace hinterland {

// Field names carry the currency's mark (field.hpp); a file that is read before its atlas names money without it:
// late_per_hour.
template <class Record>
Fields<Record> without_currency(Fields<Record> fields) {
  for (auto& one : fields) {
    if (const auto at = one.name.find("_$"); at != std::string::npos) one.name.erase(at, 2);
  }
  return fields;
}

// Puts each "PATH=VALUE" in place of the value at that path of keys, or adds it.
void put_assignments(TomlTable& table, const std::vector<std::string>& assignments);

// Whether the assignment is to one of these sections, or above them ("KEY=VALUE"): a file of its own has keys there,
// and knows which; the atlas has none.
bool is_assignment_to(const std::string& assignment, std::span<const std::string_view> sections);

// A value that came as text ("--set") in the kind that its field has.
void retype(TomlTable& table, const std::vector<Field>& fields, Errors& errors);

// Something else where the tables of a section belong.
Error no_table(const TomlEntry& entry, std::string_view section);

// What stands above the sections.
TomlTable top_of(const TomlTable& file, std::span<const std::string_view> sections);

// A record with a member `evidence` (std::map<std::string, Evidence> by field name) keeps what the file says of how sure its
// values are.
template <class Record>
void read_record(TomlTable table, const Fields<Record>& fields, Record& record, Errors& errors) {
  const std::vector<Field> described = descriptions(fields);
  retype(table, described, errors);
  const auto row = parse_record(table, described);
  if (row) {
    fill(record, fields, *row);
    if constexpr (requires { record.evidence; }) {
      for (std::size_t i = 0; i < fields.size(); ++i) {
        const Evidence& known = row->evidence[i];
        if (known.low || known.high || !known.source.empty()) record.evidence[fields[i].name] = known;
      }
    }
  } else {
    add_errors(errors, row.error());
  }
}

template <class Record>
void read_section(const TomlTable& file, std::string_view section, const Fields<Record>& fields,
                  std::vector<Record>& records, Errors& errors) {
  const TomlEntry* entry = file.find(section);
  if (entry == nullptr) return;
  const auto complain = [&](const TomlEntry& at) { add_error(errors, no_table(at, section)); };
  const auto* tables = std::get_if<TomlTable>(&entry->value);
  if (tables == nullptr) return complain(*entry);
  for (const TomlEntry& one : tables->entries) {
    const auto* table = std::get_if<TomlTable>(&one.value);
    if (table == nullptr) {
      complain(one);
      continue;
    }
    Record record;
    record.key = one.key;
    read_record(*table, without_currency(fields), record, errors);
    records.push_back(std::move(record));
  }
}

// A file that another names is looked for beside that one first, then in the working folder.
void look_beside(const std::string& file, std::string& path);

}  // namespace hinterland
