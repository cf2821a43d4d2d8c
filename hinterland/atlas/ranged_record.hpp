// A row of the atlas with the ranges that are cited for its numbers, from which whole rows are drawn.
//
// Each number with a range is drawn from its Spread (base/spread.hpp), independently of all others; one without a range, or set
// by --set or the books, stays as it is.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/atlas/table_list.hpp"
#include "hinterland/base/random.hpp"
#include "hinterland/base/spread.hpp"

namespace hinterland {

// The range of a cell around its value, in the column's unit: the value alone where nobody gives one.
inline Range cited_range(const Atlas& atlas, const std::string& table, const std::string& id,
                         const std::string& column, double value) {
  const Provenance who = provenance(atlas, table, id, column);
  return {.low = who.low.value_or(value), .central = value, .high = who.high.value_or(value)};
}

template <class Record>
class RangedRecord {
 public:
  RangedRecord(const Atlas& atlas, const std::string& table, Fields<Record> fields, Record record)
      : central_(std::move(record)), fields_(std::move(fields)) {
    for (auto& one : fields_) {
      one.name = in_currency(one.name, atlas.country().currency);
      const FieldValue value = one.get(central_);
      const auto* number = std::get_if<double>(&value);
      ranges_.push_back(number == nullptr
                            ? std::nullopt
                            : std::optional(cited_range(atlas, table, central_.id.text, one.name, *number)));
    }
  }

  [[nodiscard]] const Record& central() const { return central_; }

  // Of a column of numbers.
  [[nodiscard]] Range range(const std::string& column) const {
    for (std::size_t i = 0; i < fields_.size(); ++i)
      if (fields_[i].name == column) return ranges_[i].value();
    return {};
  }

  // Columns whose range has a width.
  [[nodiscard]] std::vector<std::string> open_columns() const {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < fields_.size(); ++i)
      if (ranges_[i] && ranges_[i]->low < ranges_[i]->high) out.push_back(fields_[i].name);
    return out;
  }

  // The row as it stands with another value in one column.
  [[nodiscard]] Record with(const std::string& column, double value) const {
    Record out = central_;
    for (const auto& one : fields_)
      if (one.name == column) one.set(out, value);
    return out;
  }

  [[nodiscard]] Record drawn(RandomStream& random) const {
    Record out = central_;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (!ranges_[i]) continue;
      const double u = random.uniform();  // for each number, so that a range more moves no other
      if (ranges_[i]->low < ranges_[i]->high) fields_[i].set(out, Spread(*ranges_[i]).quantile(u));
    }
    return out;
  }

 private:
  Record central_;
  Fields<Record> fields_;
  std::vector<std::optional<Range>> ranges_;  // one a field
};

}  // namespace hinterland
