// Which attempts somebody asks about.
#pragma once
#include <optional>
#include <string>

#include "hinterland/settle/metered.hpp"
#include "hinterland/settle/posting.hpp"

namespace hinterland {

struct Selection {
  std::optional<Instant> from, to;  // [from, to): when they ended, and so were billed
  std::string project, party;       // empty: all. A party is a project, an owner or a carrier of that name
};

// Fails, located at the flag, for a project or a party that the journal does not know, and for an end that is not
// after its beginning.
Expected<void> check_selection(const Selection& selection, const MeteredJournal& metered);

// By time and project; by party, takes_party() says which postings.
bool takes(const Selection& selection, const MeteredJournal& metered, const MeteredAttempt& attempt);
inline bool takes_party(const Selection& selection, const std::string& name) {
  return selection.party.empty() || selection.party == name;
}

// ISO 4217's code for no currency.
inline constexpr const char* kNoCurrency =
    "X"
    "XX";
// What all its money is in: what the deals say; kNoCurrency if none says it. Fails if two differ.
Expected<std::string> currency_of(const MeteredJournal& metered, const std::string& journal);

// Text of the journal as something that is printed: what is no UTF-8 in hex.
std::string printable(const std::string& text);

}  // namespace hinterland
