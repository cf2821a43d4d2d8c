#include "hinterland/settle/posting.hpp"

namespace hinterland {

const char* name_of(BillPart part) {
  switch (part) {
    case BillPart::energy: return "energy";
    case BillPart::capacity: return "capacity";
    case BillPart::network: return "network";
    case BillPart::carbon: return "carbon";
    case BillPart::water: return "water";
  }
  return "";
}

std::int64_t part_of(const Bill& bill, BillPart part) {
  switch (part) {
    case BillPart::energy: return bill.energy;
    case BillPart::capacity: return bill.capacity;
    case BillPart::network: return bill.network;
    case BillPart::carbon: return bill.carbon;
    case BillPart::water: return bill.water;
  }
  return 0;
}

const char* name_of(PartyRole role) {
  switch (role) {
    case PartyRole::project: return "project";
    case PartyRole::owner: return "owner";
    case PartyRole::carrier: return "carrier";
  }
  return "";
}

Party payee_of(BillPart part, const PoolDeal& deal) {
  const PartyRole role = payee_of(part);
  return {.role = role, .name = role == PartyRole::carrier ? deal.carrier : deal.owner};
}

std::vector<Posting> postings_of(const Bill& bill, const std::string& project, const PoolDeal& deal) {
  std::vector<Posting> postings;
  const Party payer{.role = PartyRole::project, .name = project};
  for (const BillPart part : kBillParts) {
    const std::int64_t money = part_of(bill, part);
    if (money == 0) continue;
    const Party payee = payee_of(part, deal);
    postings.push_back({.party = payer, .other = payee, .part = part, .money = -money});
    postings.push_back({.party = payee, .other = payer, .part = part, .money = money});
  }
  return postings;
}

}  // namespace hinterland
