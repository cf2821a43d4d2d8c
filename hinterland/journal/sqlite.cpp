#include "hinterland/journal/sqlite.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

namespace hinterland {

namespace {

std::unexpected<Errors> failure_of(sqlite3* database, const std::string& file) {
  const int code = sqlite3_extended_errcode(database);
  Error error{
      .what = fmt::format("SQLite: {}.", sqlite3_errmsg(database)), .where = {.file = file}, .mend = ""};
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      error.what = "Another process has it open.";
      error.mend = "A journal has one broker at a time: stop that one, or name another file.";
      break;
    case SQLITE_NOTADB:
      error.what = "It is no SQLite database.";
      error.mend = "Name the file that the broker keeps its journal in, or one that is not there yet.";
      break;
    case SQLITE_CORRUPT:
      error.what = fmt::format("It is damaged ({}).", sqlite3_errmsg(database));
      error.mend = "`hinterland journal check` says from where on; what is before it can be exported.";
      break;
    case SQLITE_FULL:
      error.what = "The disk is full.";
      error.outside = true;
      break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      error.what = "It cannot be written.";
      error.mend = "The broker needs write permission for the file and its folder.";
      error.outside = true;
      break;
    default: error.outside = true;
  }
  return failure(std::move(error));
}

}  // namespace

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void SqliteDatabase::Close::operator()(sqlite3* database) const { sqlite3_close(database); }

SqliteStatement& SqliteStatement::bind(std::uint64_t value) {
  sqlite3_bind_int64(statement_.get(), ++bound_, static_cast<sqlite3_int64>(value));
  return *this;
}
SqliteStatement& SqliteStatement::bind_null() {
  sqlite3_bind_null(statement_.get(), ++bound_);
  return *this;
}
SqliteStatement& SqliteStatement::bind(std::string_view blob) {
  sqlite3_bind_blob64(statement_.get(), ++bound_, blob.data(), blob.size(), SQLITE_STATIC);
  return *this;
}

Expected<bool> SqliteStatement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  auto failed = failure_of(sqlite3_db_handle(statement_.get()), *file_);
  reset();
  return failed;
}

void SqliteStatement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  bound_ = 0;
}

std::uint64_t SqliteStatement::number(int column) const {
  return static_cast<std::uint64_t>(sqlite3_column_int64(statement_.get(), column));
}
bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}
std::string_view SqliteStatement::blob(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return {static_cast<const char*>(bytes), bytes == nullptr ? 0 : size};
}

Expected<SqliteDatabase> SqliteDatabase::open(const std::string& file, bool create) {
  std::error_code ignored;
  const auto kind = std::filesystem::status(file, ignored).type();
  if (kind == std::filesystem::file_type::not_found && !create)
    return failure({.what = "There is no such file.", .where = {.file = file}, .mend = ""});
  if (kind != std::filesystem::file_type::not_found && kind != std::filesystem::file_type::regular)
    return failure(
        {.what = "It is no file.", .where = {.file = file}, .mend = "Name a file for the journal."});
  // Variables of jobs are in it, and nobody else's business; what SQLite puts beside it gets the same mode.
  if (create) ::close(::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &handle,
                                   SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0), nullptr);
  SqliteDatabase database(std::make_unique<std::string>(file), handle);
  if (handle == nullptr)
    return failure({.what = "There is no memory for it.", .where = {.file = file}, .mend = ""});
  if (code != SQLITE_OK) return failure_of(handle, file);
  sqlite3_extended_result_codes(handle, 1);
  if (sqlite3_db_readonly(handle, "main") != 0)
    return failure({.what = "It cannot be written.",
                    .where = {.file = file},
                    .mend = "The broker needs write permission for the file and its folder.",
                    .outside = true});
  return database;
}

bool SqliteDatabase::is_busy() {
  sqlite3_exec(database_.get(), "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr);
  const int code = sqlite3_errcode(database_.get()) & 0xFF;
  return code == SQLITE_BUSY || code == SQLITE_LOCKED;
}

Expected<void> SqliteDatabase::run(const char* sql) {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return failure_of(database_.get(), *file_);
  return {};
}

Expected<SqliteStatement> SqliteDatabase::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database_.get(), sql, -1, &statement, nullptr) != SQLITE_OK)
    return failure_of(database_.get(), *file_);
  return SqliteStatement(statement, *file_);
}

Expected<std::uint64_t> SqliteDatabase::number(const char* sql) {
  auto statement = prepare(sql);
  if (!statement) return std::unexpected(std::move(statement.error()));
  const auto row = statement->step();
  if (!row) return std::unexpected(row.error());
  return *row ? statement->number(0) : 0;
}

}  // namespace hinterland
