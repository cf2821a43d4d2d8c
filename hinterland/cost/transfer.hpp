// Moving bytes: data gravity. Bytes over bandwidth set a floor on time, and every way of moving has its
// price.
//
//   line     time = GB / bandwidth            cost = GB x price a month / (bandwidth x 730 h x fill)
//   courier  time = 2 GB / copy rate + transit  cost = whole devices x price, each way that has bytes
//
// A line that fits costs its share of a month; nobody is charged a whole month for a day.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/atlas/path.hpp"
#include "hinterland/base/table.hpp"

namespace hinterland {

inline constexpr Hours kMonth{kYear.value / 12};

struct Transfer {
  const Offer* offer = nullptr;  // null: nothing moves
  Money cost;
  Hours time;  // in and out together
};

struct Bytes {
  Gigabytes in, out;
};

// What `offer` takes and costs for these bytes.
Transfer move_bytes(const Offer& offer, const Bytes& bytes);

// Money for a GB by an offer.
double gb_price(const Offer& offer);

// The line of that id; of no id the one with the cheapest GB, of equals the first. Null if there is none.
const Offer* line_of(const Table<Offer>& offers, const std::string& id);

// The cheapest offer that needs no more than `most`; the faster of two at one price. Services, whose bytes
// flow all the time, use lines only. Null offer and zero cost if there is nothing to move; nullopt if no
// offer is in time.
std::optional<Transfer> cheapest_transfer(const std::vector<Offer>& offers, const Bytes& bytes, Hours most,
                                          bool service);

// The ways to move these bytes, without those that another is no dearer and no slower than; of equals the first.
std::vector<Transfer> worthwhile_transfers(const std::vector<Offer>& offers, const Bytes& bytes,
                                           bool service);

// The shortest time any offer needs: what a deadline is held against in messages.
Hours fastest_transfer(const std::vector<Offer>& offers, const Bytes& bytes, bool service);

}  // namespace hinterland
