// Who owes whom what for one attempt: double entry, in whole millionths of the currency.
//
//   part                                  from       to         why
//   energy, capacity, water, carbon       project    owner      the owner of the pool has the power and water bills, has paid for
//                                                               the servers, and answers for what its grid emits
//   network                               project    carrier    whoever carries the bytes to the pool and back
//
// A posting is seen from its party: above zero it is owed that, below it owes that. Each part of a bill gives two, of
// which one is the other with its sign turned, so that
//
//   sum over the postings of an attempt = 0
//   - sum over those of its project     = Bill::total(), what the broker took from the project
//
// hold exactly, whatever the sign of a part: in a glut of power an energy part is negative, and the owner owes it.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "hinterland/broker/fact.hpp"
#include "hinterland/cost/bill.hpp"

namespace hinterland {

enum class BillPart : std::uint8_t { energy, capacity, network, carbon, water };
inline constexpr std::array kBillParts = {BillPart::energy, BillPart::capacity, BillPart::network,
                                          BillPart::carbon, BillPart::water};
const char* name_of(BillPart part);
std::int64_t part_of(const Bill& bill, BillPart part);

enum class PartyRole : std::uint8_t { project, owner, carrier };
const char* name_of(PartyRole role);

// One company in two roles is two parties: a project called like a site's owner is not set off against it.
struct Party {
  PartyRole role = PartyRole::project;
  std::string name;
  auto operator<=>(const Party&) const = default;
};

constexpr PartyRole payee_of(BillPart part) {
  return part == BillPart::network ? PartyRole::carrier : PartyRole::owner;
}
Party payee_of(BillPart part, const PoolDeal& deal);

struct Posting {
  Party party, other;  // whose it is, and with whom
  BillPart part = BillPart::energy;
  std::int64_t money = 0;
};

// Of one bill; parts that are zero are left out.
std::vector<Posting> postings_of(const Bill& bill, const std::string& project, const PoolDeal& deal);

}  // namespace hinterland
