// A table of records in the order of their file, found by id.
#pragma once
#include <string>
#include <unordered_map>
#include <vector>

namespace hinterland {

// Record has a member `id` of an Id type. Ids are unique; whoever fills the table has checked that.
template <class Record>
class Table {
 public:
  using IdType = decltype(Record::id);

  // Adds a record or replaces the one with its id.
  void put(Record record) {
    const auto [place, fresh] = index_.try_emplace(record.id.text, rows_.size());
    if (fresh) {
      rows_.push_back(std::move(record));
    } else {
      rows_[place->second] = std::move(record);
    }
  }

  [[nodiscard]] const Record* find(const IdType& id) const {
    const auto found = index_.find(id.text);
    return found == index_.end() ? nullptr : &rows_[found->second];
  }
  // Requires that the id is there; the loader has checked every reference.
  [[nodiscard]] const Record& at(const IdType& id) const { return rows_[index_.at(id.text)]; }

  // The same for whoever writes; its id must stay as it is, and the place lasts until the next put().
  [[nodiscard]] Record& edit(const IdType& id) { return rows_[index_.at(id.text)]; }

  [[nodiscard]] const std::vector<Record>& rows() const { return rows_; }
  [[nodiscard]] auto begin() const { return rows_.begin(); }
  [[nodiscard]] auto end() const { return rows_.end(); }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }

 private:
  std::vector<Record> rows_;
  std::unordered_map<std::string, std::size_t> index_;
};

// The ids in the order of the table, for messages.
template <class Record>
std::vector<std::string> ids_of(const Table<Record>& table) {
  std::vector<std::string> ids;
  for (const Record& record : table) ids.push_back(record.id.text);
  return ids;
}

}  // namespace hinterland
