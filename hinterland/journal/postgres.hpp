// PostgreSQL's C interface (libpq), with owners for what it hands out, our errors for its codes, and an end to
// waiting: a server that says nothing for as long as its connection's patience has failed, frozen or cut off as it may be.
//
// Values travel in the server's binary form; a bigint holds the 64 bits of an unsigned number.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/base/time.hpp"

struct pg_conn;
struct pg_result;

namespace hinterland {

// Where a database is: postgresql://USER:PASSWORD@HOST:PORT/NAME?PARAMETER=VALUE, as libpq has it.
struct PostgresUrl {
  std::string text;
  std::string name;  // what messages call it: no password, no parameters but the folder of a socket

  static bool is_one(std::string_view text);
  // Fails without repeating it: whoever mistypes a URL mistypes the part with the password.
  static Expected<PostgresUrl> parse(const std::string& text);
};

class PostgresRows {
 public:
  [[nodiscard]] int count() const;
  [[nodiscard]] std::uint64_t number(int row, int column) const;
  [[nodiscard]] bool is_null(int row, int column) const;
  [[nodiscard]] std::string_view bytes(int row, int column) const;  // while this lives
  [[nodiscard]] std::uint64_t changed() const;                      // rows, by what was asked

 private:
  friend class PostgresConnection;
  struct Clear {
    void operator()(pg_result* rows) const;
  };
  explicit PostgresRows(pg_result* rows) : rows_(rows) {}
  std::unique_ptr<pg_result, Clear> rows_;
};

// $1, $2 ... of a statement, in their order.
class PostgresValues {
 public:
  PostgresValues& number(std::uint64_t value);                                    // bigint
  PostgresValues& text(std::string_view value);                                   // text
  PostgresValues& bytes(std::string_view value);                                  // bytea
  PostgresValues& numbers(std::span<const std::optional<std::uint64_t>> values);  // bigint[]
  PostgresValues& bytes(std::span<const std::string_view> values);                // bytea[]

 private:
  friend class PostgresConnection;
  std::vector<unsigned> types_;
  std::vector<std::string> values_;
};

class PostgresConnection {
 public:
  // Fails, located: Error::outside if no server answers; not if it is there and refuses.
  static Expected<PostgresConnection> open(const PostgresUrl& url, Duration patience);

  // One statement, which is a transaction of its own unless BEGIN came before. The patience may be another this once.
  Expected<PostgresRows> ask(const char* sql, const PostgresValues& values = {},
                             std::optional<Duration> patience = {});
  // The same, a row at a time; what comes after `take` has said false is passed over.
  Expected<void> read(const char* sql, const PostgresValues& values,
                      const std::function<bool(const PostgresRows&)>& take);
  // Several statements without values, all done or none.
  Expected<void> run(const std::string& script);
  // Of the last error that the server sent: "55P03"; empty: none, or it was the connection that failed.
  [[nodiscard]] const std::string& last_code() const { return code_; }

 private:
  struct Finish {
    void operator()(pg_conn* connection) const;
  };
  PostgresConnection(pg_conn* connection, std::string name, Duration patience)
      : connection_(connection), name_(std::move(name)), patience_(patience) {}
  void shake_hands();
  [[nodiscard]] bool is_ready(int what) const;
  [[nodiscard]] std::string last_words() const;
  Expected<void> wait(bool to_send);
  Expected<void> send(const char* sql, const PostgresValues& values);
  Expected<std::optional<PostgresRows>> next();  // nullopt: all has come
  Expected<PostgresRows> last();
  [[nodiscard]] std::unexpected<Errors> lost();
  [[nodiscard]] std::unexpected<Errors> refused(const PostgresRows& rows);

  std::unique_ptr<pg_conn, Finish> connection_;
  std::string name_, code_;
  Duration patience_;
  bool silent_ = false;  // once: nothing more is asked
};

}  // namespace hinterland
