#include "hinterland/cost/transfer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hinterland {

namespace {

Transfer by_line(const Offer& offer, const Bytes& bytes) {
  const Gigabytes all = bytes.in + bytes.out;
  const MoneyPerGb rate = *offer.price_per_month / (*offer.fill * (*offer.bandwidth * kMonth));
  return {.offer = &offer, .cost = all * rate, .time = all / *offer.bandwidth};
}

Transfer by_courier(const Offer& offer, const Bytes& bytes) {
  Transfer transfer{.offer = &offer, .cost = {}, .time = {}};
  for (const Gigabytes load : {bytes.in, bytes.out}) {
    if (load.value <= 0) continue;
    transfer.cost += std::ceil(load / *offer.device) * *offer.price_per_device;
    transfer.time += 2.0 * (load / *offer.copy) + *offer.transit;
  }
  return transfer;
}

}  // namespace

Transfer move_bytes(const Offer& offer, const Bytes& bytes) {
  return offer.mode == OfferMode::courier ? by_courier(offer, bytes) : by_line(offer, bytes);
}

double gb_price(const Offer& offer) { return move_bytes(offer, {.in = {1}, .out = {}}).cost.value; }

const Offer* line_of(const Table<Offer>& offers, const std::string& id) {
  const Offer* best = nullptr;
  for (const Offer& offer : offers) {
    if (offer.mode == OfferMode::courier) continue;
    if (offer.id.text == id) return &offer;
    if (id.empty() && (best == nullptr || gb_price(offer) < gb_price(*best))) best = &offer;
  }
  return best;
}

std::optional<Transfer> cheapest_transfer(const std::vector<Offer>& offers, const Bytes& bytes, Hours most,
                                          bool service) {
  if (bytes.in.value <= 0 && bytes.out.value <= 0) return Transfer{};
  std::optional<Transfer> best;
  for (const Offer& offer : offers) {
    if (service && offer.mode == OfferMode::courier) continue;
    const Transfer transfer = move_bytes(offer, bytes);
    if (transfer.time > most) continue;
    const bool better =
        !best || transfer.cost < best->cost || (transfer.cost == best->cost && transfer.time < best->time);
    if (better) best = transfer;
  }
  return best;
}

std::vector<Transfer> worthwhile_transfers(const std::vector<Offer>& offers, const Bytes& bytes,
                                           bool service) {
  std::vector<Transfer> ways;
  ways.reserve(offers.size());
  for (const Offer& offer : offers) {
    if (service && offer.mode == OfferMode::courier) continue;
    const Transfer way = move_bytes(offer, bytes);
    const auto beats = [](const Transfer& a, const Transfer& b) {
      return a.cost <= b.cost && a.time <= b.time;
    };
    if (std::ranges::any_of(ways, [&](const Transfer& known) { return beats(known, way); })) continue;
    std::erase_if(ways, [&](const Transfer& known) { return beats(way, known); });
    ways.push_back(way);
  }
  return ways;
}

Hours fastest_transfer(const std::vector<Offer>& offers, const Bytes& bytes, bool service) {
  Hours best{std::numeric_limits<double>::infinity()};
  for (const Offer& offer : offers) {
    if (service && offer.mode == OfferMode::courier) continue;
    best = std::min(best, move_bytes(offer, bytes).time);
  }
  return best;
}

}  // namespace hinterland
