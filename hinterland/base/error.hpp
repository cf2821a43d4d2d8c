// Errors that say what, where, and what would mend it.
//
// A function that can fail returns Expected<T>. A file with ten mistakes gives ten errors, in the order of
// the file, so that a user mends all of them at once; past kMostErrors the rest are counted, not kept.
// "Refused", "stay" and "infeasible" are results, never errors.
#pragma once
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace hinterland {

struct Location {
  std::string file;   // as the user named it; or the flag ("--set"), when no file is at fault
  long line = 0;      // from 1; 0 = the file as a whole
  long column = 0;    // byte in the line from 1; 0 = not known
  std::string field;  // the column or key at fault, if one is
};

struct Error {
  std::string what;
  Location where;
  std::string mend;           // one imperative sentence
  std::size_t not_shown = 0;  // > 0: this stands for as many errors past kMostErrors
  bool outside = false;       // the machine failed, not who asked: a full disk, no permission to write
};

using Errors = std::vector<Error>;
template <class T>
using Expected = std::expected<T, Errors>;

inline constexpr std::size_t kMostErrors = 100;

// Adds an error; past kMostErrors only the last entry changes, and says how many more there were.
void add_error(Errors& errors, Error error);

void add_errors(Errors& errors, const Errors& more);

// One failure as the error side of any Expected<T>.
std::unexpected<Errors> failure(Error error);

// "sites.csv:7:12: power_price_cny_per_kwh: 'abc' is no number. Give CNY/kWh as a plain number, such as
// 0.40."
std::string describe(const Error& error);

// What the user wrote, in quotes and short enough for a message.
std::string in_quotes(std::string_view text);

// Where a flag's text is at fault: "--set sites.guian.use=1".
Location at_flag(std::string_view flag, std::string_view text);

// The nearest of the known names, for "did you mean"; empty when none is near (Levenshtein distance at most
// 2, or a third).
std::string nearest_name(std::string_view wanted, const std::vector<std::string>& known);

// What mends an unknown name: "Did you mean X?", or else `otherwise` (empty: "Known: a, b, c.", or that there is none).
std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& known,
                         std::string_view otherwise = "");

}  // namespace hinterland
