// SQLite's C interface, with owners for what it hands out and our errors for its codes.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "hinterland/base/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace hinterland {

class SqliteStatement {
 public:
  // Binds from the first parameter on; a blob must live until the statement is reset.
  SqliteStatement& bind(std::uint64_t value);
  SqliteStatement& bind_null();
  SqliteStatement& bind(std::string_view blob);
  // True: a row is there. Ends and resets itself at the last, and at an error.
  Expected<bool> step();
  void reset();
  [[nodiscard]] std::uint64_t number(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::string_view blob(int column) const;  // until the next step

 private:
  friend class SqliteDatabase;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  SqliteStatement(sqlite3_stmt* statement, const std::string& file) : statement_(statement), file_(&file) {}

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  const std::string* file_;
  int bound_ = 0;
};

class SqliteDatabase {
 public:
  // Fails, located, if there is none and it is not to be made, or it cannot be written.
  static Expected<SqliteDatabase> open(const std::string& file, bool create);

  // Another process holds it.
  [[nodiscard]] bool is_busy();

  // For statements that give nothing.
  Expected<void> run(const char* sql);
  // The first number of the first row.
  Expected<std::uint64_t> number(const char* sql);
  // The database must outlive it.
  Expected<SqliteStatement> prepare(const char* sql);

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  SqliteDatabase(std::unique_ptr<std::string> file, sqlite3* database)
      : file_(std::move(file)), database_(database) {}

  std::unique_ptr<std::string> file_;  // stays where it is: statements name it
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace hinterland
