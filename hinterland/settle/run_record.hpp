// What one job was asked, where and when its attempts ran, what was metered and billed, and who is owed what for it:
// signed, so that it can be shown to somebody who has neither the broker nor its journal.
//
//   record = canonical JSON (canonical_json.hpp) of the object below, and a line's end
//   signature = Ed25519 by `key` of the canonical JSON of the same object without "signature"
//
//   format      "hinterland run record 1"
//   journal     name; first_step and last_step that say something of the job; checksum: the chain's at last_step, so of all
//               that the journal held up to there (journal.hpp: it finds damage, it is no proof against a forger)
//   job         number, project, class, name, state, submitted_ms, tasks, size, times, bytes, names of files, hashes of inputs,
//               names of variables; asked: BLAKE2b-256 of the canonical JSON of command, folder, names of variables,
//               inputs and outputs. Values of variables are in none of it: they are where secrets are.
//   quote       p50, p90, most, seen (JobQuote)
//   attempts    each that ended: attempt, task, pool, site, host, owner, carrier, began_ms, ended_ms, ran_ms, cause, status,
//               units of server_units, and its bill
//   bill        the sum of those: five parts, total, and kwh, kg_co2, litres
//   parties     role, name, money: above zero it is owed that for this job, below it owes it
//   currency, unit "millionths", key, signature
//
// A record follows from the steps up to the last that says something of its job, and from the key: whoever makes it, and
// whenever, the bytes are the same. Outputs' hashes are in no journal: the store's results/ has them.
//
// What verify_record() holds it against: that it is canonical, byte for byte; that `key` is the one given, and signed it; that
// parts are totals, attempts are the bill, parties are what its attempts give (posting.hpp), and balance to zero; that the job is
// over, attempts are each of a task of it and have a number of their own, and nobody pays for one that is its site's fault.
//
// What it cannot tell: whether a later record of the same job is there (`step` says up to where this one goes).
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hinterland/settle/metered.hpp"
#include "hinterland/settle/signing.hpp"

namespace hinterland {

// Of the text that a job carries, which is its executor's business: what a record may say of it.
struct AskedWork {
  std::string name, folder;
  std::vector<std::string> command;
  std::vector<std::string> variables;                       // names alone
  std::vector<std::pair<std::string, std::string>> inputs;  // path and hash
  std::vector<std::string> outputs;
};

// Requires that the job is over (phase_of). `journal` names it in errors. Fails for money in two currencies, and for what is too long.
Expected<std::string> run_record(const MeteredJob& job, const AskedWork& work, const SecretKey& key,
                                 const std::string& journal);

struct RecordCheck {
  std::string wrong;  // empty: all holds
  // As it says of itself; of no meaning if something is wrong.
  std::int64_t job = 0, attempts = 0, total = 0;
  std::int64_t step =
      0;  // of the journal, up to which it goes: a job that was begun again has a later record
  std::string journal, project, state, currency;
};

// Fails, located in `file`, for what is no record at all.
Expected<RecordCheck> verify_record(std::string_view text, const std::string& file, const PublicKey& key);

}  // namespace hinterland
