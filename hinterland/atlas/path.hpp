// Paths between sites: how far, how late, and what moving bytes costs.
//
//   one-way latency = fibre km x time per km,   fibre km = great circle x route factor,
//
// unless the paths table gives a published or measured latency (or fibre length) for the pair: that wins.
// The route factor has a range (1.3-2.1 by Bozkurt et al. 2018), and so has every computed latency.
#pragma once
#include <optional>
#include <string>

#include "hinterland/atlas/place.hpp"
#include "hinterland/base/field.hpp"

namespace hinterland {

// What is known of one pair of sites beyond their coordinates. The order of the two does not matter.
struct Path {
  PathId id;
  SiteId from, to;
  std::optional<Kilometres> distance;      // along the fibre
  std::optional<Hours> latency;            // one way
  std::optional<Kilometres> great_circle;  // no field: put in by whoever asks for a pair's latency very often
};

enum class OfferMode { flat, p95, courier };

// A way to move bytes between any two sites, and its price.
//   flat     a month of `bandwidth` costs `price_per_month`; `fill` = mean rate / bandwidth
//   p95      the month's 95th percentile is billed;          `fill` = mean rate / 95th percentile
//   courier  disks on the road: copy in, drive, copy out; a device is paid whole
struct Offer {
  OfferId id;
  std::string name, name_zh;
  OfferMode mode = OfferMode::flat;
  std::optional<Money> price_per_month;
  std::optional<GbPerHour> bandwidth;
  std::optional<double> fill;
  std::optional<Money> price_per_device;
  std::optional<Gigabytes> device;
  std::optional<GbPerHour> copy;  // at each end, one device after the other
  std::optional<Hours> transit;
};

Fields<Path> path_fields();
Fields<Offer> offer_fields();

// Great circle on the WGS84 ellipsoid (GeographicLib, Karney 2013).
Kilometres great_circle(Coordinates a, Coordinates b);

}  // namespace hinterland
