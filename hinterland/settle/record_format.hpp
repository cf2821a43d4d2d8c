// The sums of a run record (run_record.hpp), as they are written and as they are read back.
#pragma once
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "hinterland/base/error.hpp"
#include "hinterland/settle/posting.hpp"

namespace hinterland {

inline constexpr const char* kRecordFormat = "hinterland run record 1";

// Of attempts: their bill, and what each party is owed. Adding is exact, or says that it is not.
struct RecordSums {
  Bill bill;
  std::map<Party, std::int64_t> parties;
  bool overflowed = false;

  void add(const Bill& of_attempt, const std::string& project, const std::string& owner,
           const std::string& carrier);
};

nlohmann::json bill_json(const Bill& bill);
nlohmann::json parties_json(const std::map<Party, std::int64_t>& parties);

// What of a record is held against something.
struct RecordClaims {
  std::int64_t job = 0, attempts = 0, step = 0;
  std::string journal, project, state, currency, key, signature;
  Bill bill;
  std::string
      wrong;  // the first of its sums that does not hold, or what no broker can have had; empty: all is well
};

// Fails, located in `file`, for what has not the form of a record: something is missing, or of another kind, or unknown.
Expected<RecordClaims> read_record_json(const nlohmann::json& record, const std::string& file);

}  // namespace hinterland
