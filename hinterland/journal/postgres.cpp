#include "hinterland/journal/postgres.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "hinterland/journal/libpq.hpp"
#include "hinterland/report/terminal_text.hpp"

namespace hinterland {

namespace {

// Types of the server, from its catalogue.
constexpr unsigned kBytea = 17, kBigint = 20, kText = 25, kByteaArray = 1001, kBigintArray = 1016;
constexpr const char* kPingSeconds = "2";  // of a server that has just answered

void put_32(std::string& to, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) to.push_back(static_cast<char>(value >> shift));
}
void put_64(std::string& to, std::uint64_t value) {
  put_32(to, static_cast<std::uint32_t>(value >> 32U));
  put_32(to, static_cast<std::uint32_t>(value));
}
// Of one dimension, from 1 on; each value follows with its length before it, a NULL as the length -1.
std::string array_head(unsigned type, std::size_t size, bool has_null) {
  std::string head;
  put_32(head, 1);
  put_32(head, has_null ? 1 : 0);
  put_32(head, type);
  put_32(head, static_cast<std::uint32_t>(size));
  put_32(head, 1);
  return head;
}

std::string first_line(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  while (text.ends_with('.') || text.ends_with(' ')) text.remove_suffix(1);
  return one_line(text);
}

// What the server itself says, or why it was not reached, without where: of libpq's words the last line that is no advice on the one
// before, as those are that begin with a tab.
std::string servers_words(std::string_view text) {
  std::string_view last;
  for (std::size_t from = 0; from < text.size();) {
    const std::string_view line = text.substr(from, text.find('\n', from) - from);
    if (!line.empty() && !line.starts_with('\t')) last = line;
    from += line.size() + 1;
  }
  for (const std::string_view before : {"FATAL:  ", " failed: "}) {
    if (const auto found = last.find(before); found != std::string_view::npos)
      last.remove_prefix(found + before.size());
  }
  return first_line(last);
}

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { libpq()->PQconninfoFree(options); }
};

void say_nothing(void* /*nobody*/, const PGresult* /*notice*/) {}

}  // namespace

bool PostgresUrl::is_one(std::string_view text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

Expected<PostgresUrl> PostgresUrl::parse(const std::string& text) {
  const auto fail = [] {
    return failure(
        {.what = "It is no URL of a PostgreSQL database.",
         .where = {.file = "postgresql://..."},
         .mend = "Write postgresql://USER@HOST:PORT/DATABASE; in a password, `/` is %2F, `@` is %40 and "
                 "`?` is %3F."});
  };
  // An unescaped `/` or `?` in a password would make a host, a port or a database's name of its parts.
  const std::size_t authority = text.find("://") + 3;
  if (const std::size_t end = text.find_first_of("/?", authority);
      end != std::string::npos && text.find('@', end) != std::string::npos)
    return fail();
  if (!libpq()) return std::unexpected(libpq().error());
  char* trouble = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(
      libpq()->PQconninfoParse(text.c_str(), &trouble));
  libpq()->PQfreemem(trouble);
  if (!options) return fail();
  const auto option = [&](std::string_view keyword) -> std::string {
    for (const PQconninfoOption* one = options.get(); one->keyword != nullptr; ++one) {
      if (keyword == one->keyword && one->val != nullptr) return one->val;
    }
    return "";
  };
  std::string name = "postgresql://", host = option("host");
  if (host.empty()) host = option("hostaddr");
  const bool is_folder = host.starts_with('/');
  if (!option("user").empty()) name += option("user") + '@';
  if (!is_folder) name += host;
  if (!option("port").empty()) name += ':' + option("port");
  name += '/' + option("dbname");
  if (is_folder) name += "?host=" + host;
  return PostgresUrl{.text = text, .name = std::move(name)};
}

void PostgresRows::Clear::operator()(pg_result* rows) const { libpq()->PQclear(rows); }
int PostgresRows::count() const { return libpq()->PQntuples(rows_.get()); }
bool PostgresRows::is_null(int row, int column) const {
  return libpq()->PQgetisnull(rows_.get(), row, column) != 0;
}
std::string_view PostgresRows::bytes(int row, int column) const {
  return {libpq()->PQgetvalue(rows_.get(), row, column),
          static_cast<std::size_t>(libpq()->PQgetlength(rows_.get(), row, column))};
}
std::uint64_t PostgresRows::number(int row, int column) const {
  std::uint64_t value = 0;
  for (const char byte : bytes(row, column)) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}
std::uint64_t PostgresRows::changed() const {
  return std::strtoull(libpq()->PQcmdTuples(rows_.get()), nullptr, 10);
}

PostgresValues& PostgresValues::number(std::uint64_t value) {
  types_.push_back(kBigint);
  put_64(values_.emplace_back(), value);
  return *this;
}
PostgresValues& PostgresValues::text(std::string_view value) {
  types_.push_back(kText);
  values_.emplace_back(value);
  return *this;
}
PostgresValues& PostgresValues::bytes(std::string_view value) {
  types_.push_back(kBytea);
  values_.emplace_back(value);
  return *this;
}
PostgresValues& PostgresValues::numbers(std::span<const std::optional<std::uint64_t>> values) {
  types_.push_back(kBigintArray);
  std::string& to = values_.emplace_back(
      array_head(kBigint, values.size(), std::ranges::any_of(values, [](const auto& one) { return !one; })));
  for (const auto& value : values) {
    put_32(to, value ? 8 : UINT32_MAX);
    if (value) put_64(to, *value);
  }
  return *this;
}
PostgresValues& PostgresValues::bytes(std::span<const std::string_view> values) {
  types_.push_back(kByteaArray);
  std::string& to = values_.emplace_back(array_head(kBytea, values.size(), false));
  for (const std::string_view value : values) {
    put_32(to, static_cast<std::uint32_t>(value.size()));
    to += value;
  }
  return *this;
}

void PostgresConnection::Finish::operator()(pg_conn* connection) const { libpq()->PQfinish(connection); }

Expected<PostgresConnection> PostgresConnection::open(const PostgresUrl& url, Duration patience) {
  // What the URL says itself comes after these, and counts.
  const std::array<const char*, 4> names = {"connect_timeout", "application_name", "dbname", nullptr};
  const std::array<const char*, 4> values = {kPingSeconds, "hinterland", url.text.c_str(), nullptr};
  PostgresConnection made(libpq()->PQconnectStartParams(names.data(), values.data(), 1), url.name, patience);
  pg_conn* const connection = made.connection_.get();
  if (connection == nullptr)
    return failure({.what = "There is no memory for it.", .where = {.file = url.name}, .mend = ""});
  made.shake_hands();
  if (libpq()->PQstatus(connection) == CONNECTION_OK) {
    libpq()->PQsetNoticeReceiver(connection, say_nothing, nullptr);
    libpq()->PQsetnonblocking(connection, 1);
    return made;
  }
  const std::string said = made.last_words();
  if (!made.silent_ && libpq()->PQpingParams(names.data(), values.data(), 1) == PQPING_OK)
    return failure({.what = fmt::format("The server lets nobody in: {}.", said),
                    .where = {.file = url.name},
                    .mend = "Name a database that is there (createdb makes one), and a user who may use it; "
                            "~/.pgpass keeps passwords."});
  return failure({.what = fmt::format("No server answers: {}.", said),
                  .where = {.file = url.name},
                  .mend = "Start PostgreSQL there, or name another server.",
                  .outside = true});
}

// Until there is a connection, or there is none, or nothing is said.
void PostgresConnection::shake_hands() {
  pg_conn* const connection = connection_.get();
  for (auto next = PGRES_POLLING_WRITING; libpq()->PQstatus(connection) != CONNECTION_BAD;) {
    silent_ = !is_ready(next == PGRES_POLLING_WRITING ? POLLOUT : POLLIN);
    if (silent_) return;
    next = libpq()->PQconnectPoll(connection);
    if (next == PGRES_POLLING_OK || next == PGRES_POLLING_FAILED) return;
  }
}

bool PostgresConnection::is_ready(int what) const {
  pollfd socket{.fd = libpq()->PQsocket(connection_.get()), .events = static_cast<short>(what), .revents = 0};
  int ready = 0;
  do ready = ::poll(&socket, 1, static_cast<int>(patience_.ms));
  while (ready < 0 && errno == EINTR);
  return ready != 0;
}

std::string PostgresConnection::last_words() const {
  return silent_ ? fmt::format("it has said nothing for {} s", patience_.ms / 1000)
                 : servers_words(libpq()->PQerrorMessage(connection_.get()));
}

std::unexpected<Errors> PostgresConnection::lost() {
  code_.clear();
  return failure({.what = fmt::format("The server is gone: {}.", last_words()),
                  .where = {.file = name_},
                  .mend = "",
                  .outside = true});
}

std::unexpected<Errors> PostgresConnection::refused(const PostgresRows& rows) {
  const auto field = [&](int what) {
    const char* const text = libpq()->PQresultErrorField(rows.rows_.get(), what);
    return std::string(text == nullptr ? "" : text);
  };
  code_ = field(PG_DIAG_SQLSTATE);
  if (code_.empty()) return lost();
  const std::string said = first_line(field(PG_DIAG_MESSAGE_PRIMARY));
  Error error{
      .what = fmt::format("PostgreSQL: {}.", said), .where = {.file = name_}, .mend = "", .outside = true};
  if (code_.starts_with("57P")) {  // an administrator, or a crash
    error.what = fmt::format("The server is gone: {}.", said);
  } else if (code_ == "53100") {
    error.what = "The server's disk is full.";
  } else if (code_ == "42501") {
    error.what = fmt::format("The server does not allow it: {}.", said);
    error.mend = "Give this user the right to, or name a database of its own.";
    error.outside = false;
  } else if (code_ == "25006") {
    error.what = "It cannot be written: it is a replica, or told to be read only.";
    error.mend = "Name the server that it is a replica of.";
    error.outside = false;
  } else if (code_ == "XX001" || code_ == "XX002") {
    error.what = fmt::format("It is damaged ({}).", said);
    error.mend = "`hinterland journal check` says from where on; what is before it can be exported.";
    error.outside = false;
  }
  return failure(std::move(error));
}

// Until there is something to read, or room to write.
Expected<void> PostgresConnection::wait(bool to_send) {
  silent_ = !is_ready(to_send ? POLLIN | POLLOUT : POLLIN);
  if (silent_ || libpq()->PQconsumeInput(connection_.get()) != 1) return lost();
  return {};
}

Expected<void> PostgresConnection::send(const char* sql, const PostgresValues& values) {
  if (silent_) return lost();
  std::vector<const char*> data;
  std::vector<int> sizes;
  for (const std::string& value : values.values_) {
    data.push_back(value.data());
    sizes.push_back(static_cast<int>(value.size()));
  }
  const std::vector<int> binary(data.size(), 1);
  if (libpq()->PQsendQueryParams(connection_.get(), sql, static_cast<int>(data.size()), values.types_.data(),
                                 data.data(), sizes.data(), binary.data(), 1) != 1)
    return lost();
  while (true) {
    const int left = libpq()->PQflush(connection_.get());
    if (left < 0) return lost();
    if (left == 0) return {};
    if (auto done = wait(true); !done) return done;
  }
}

Expected<std::optional<PostgresRows>> PostgresConnection::next() {
  while (libpq()->PQisBusy(connection_.get()) != 0) {
    if (auto done = wait(false); !done) return std::unexpected(std::move(done.error()));
  }
  PostgresRows rows(libpq()->PQgetResult(connection_.get()));
  if (!rows.rows_) return std::nullopt;
  return rows;
}

// The first error, or what came last.
Expected<PostgresRows> PostgresConnection::last() {
  std::optional<PostgresRows> kept;
  std::optional<std::unexpected<Errors>> wrong;
  while (true) {
    auto rows = next();
    if (!rows) return std::unexpected(std::move(rows.error()));
    if (!*rows) break;
    if (libpq()->PQresultStatus((*rows)->rows_.get()) == PGRES_FATAL_ERROR && !wrong) wrong = refused(**rows);
    kept = std::move(*rows);
  }
  if (wrong) return *std::move(wrong);
  if (!kept) return lost();
  return *std::move(kept);
}

Expected<PostgresRows> PostgresConnection::ask(const char* sql, const PostgresValues& values,
                                               std::optional<Duration> patience) {
  const Duration before = std::exchange(patience_, patience.value_or(patience_));
  auto sent = send(sql, values);
  Expected<PostgresRows> rows = sent ? last() : std::unexpected(std::move(sent.error()));
  patience_ = before;
  return rows;
}

Expected<void> PostgresConnection::read(const char* sql, const PostgresValues& values,
                                        const std::function<bool(const PostgresRows&)>& take) {
  if (auto sent = send(sql, values); !sent) return sent;
  libpq()->PQsetSingleRowMode(connection_.get());
  bool goes_on = true;
  Expected<void> result;
  while (true) {
    auto rows = next();
    if (!rows) return std::unexpected(std::move(rows.error()));
    if (!*rows) return result;
    const auto status = libpq()->PQresultStatus((*rows)->rows_.get());
    if (status == PGRES_FATAL_ERROR) {
      result = refused(**rows);
    } else if (status == PGRES_SINGLE_TUPLE && goes_on) {
      goes_on = take(**rows);
    }
  }
}

Expected<void> PostgresConnection::run(const std::string& script) {
  if (silent_ || libpq()->PQsendQuery(connection_.get(), script.c_str()) != 1) return lost();
  while (libpq()->PQflush(connection_.get()) == 1) {
    if (auto done = wait(true); !done) return done;
  }
  auto rows = last();
  return rows ? Expected<void>() : std::unexpected(std::move(rows.error()));
}

}  // namespace hinterland
