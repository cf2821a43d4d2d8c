// A journal's rows in a PostgreSQL database, that several brokers may have open: one leads (store.hpp).
//
//   hinterland_journal   one row: the version of these tables, and an identity made with them
//   steps, snapshots     as in SQLite
//   leader               one row: epoch, who leads, until when by the server's clock
//
// A batch is one statement, and so one transaction and one message: nothing of it holds a lock while it waits for
// whoever sent it. It reads its epoch FOR KEY SHARE; taking over changes that key and waits for those who read it;
// renewing a lease changes no key and waits for nobody, on a connection of its own.
//
// Durable: synchronous_commit is on for these connections, and a server with fsync off is refused. A server that is
// restarted ends the broker's connection, and with it what that broker can write; a broker that is begun anew goes on.
#pragma once
#include <memory>
#include <string>

#include "hinterland/journal/store.hpp"

namespace hinterland {

// Renewals come five times as often, so that a lease outlives four that go astray.
inline constexpr Duration kLeaderLease{5000};

[[nodiscard]] bool names_postgres(const std::string& where);

// `create`: the tables, in a database that has none. Fails for one that has another program's, or those of a later
// version of this one.
Expected<std::unique_ptr<JournalStore>> open_postgres_store(const std::string& url, bool create,
                                                            Duration lease = kLeaderLease);

}  // namespace hinterland
