#include "hinterland/atlas/path.hpp"

#include <GeographicLib/Geodesic.hpp>

namespace hinterland {

Fields<Path> path_fields() {
  return {
      field("id", &Path::id).naming().documented("short name of the pair"),
      field("from", &Path::from).refers("sites").naming().documented("one end"),
      field("to", &Path::to).refers("sites").naming().documented("the other end"),
      field("distance_km", &Path::distance).within(0, 40000).documented("length of the fibre"),
      field("latency_ms", &Path::latency, kHoursPerMillisecond)
          .within(0, 1000)
          .documented("one-way latency, published or measured"),
  };
}

Fields<Offer> offer_fields() {
  return {
      field("id", &Offer::id).naming().documented("short name of the offer"),
      field("name", &Offer::name).naming().documented("English name"),
      field("name_zh", &Offer::name_zh).naming().documented("Chinese name"),
      choice("mode", &Offer::mode, {"flat", "p95", "courier"}).naming().documented("how it is billed"),
      field("price_$_per_month", &Offer::price_per_month)
          .within(0, 1e12)
          .documented("flat, p95: a month of the whole bandwidth"),
      field("bandwidth_gbps", &Offer::bandwidth, kGbPerHourPerGbps)
          .above(0, 1e6)
          .documented("flat, p95: line rate"),
      field("fill", &Offer::fill).above(0, 1).documented("flat, p95: mean rate / billed rate"),
      field("price_$_per_device", &Offer::price_per_device)
          .within(0, 1e9)
          .documented("courier: one device, one trip"),
      field("device_tb", &Offer::device, 1000).above(0, 1e6).documented("courier: what a device holds"),
      field("copy_gbps", &Offer::copy, kGbPerHourPerGbps)
          .above(0, 1e6)
          .documented("courier: rate of copying at each end"),
      field("transit_hours", &Offer::transit).within(0, 1e4).documented("courier: hours on the road"),
  };
}

Kilometres great_circle(Coordinates a, Coordinates b) {
  double metres = 0;
  GeographicLib::Geodesic::WGS84().Inverse(a.latitude_deg, a.longitude_deg, b.latitude_deg, b.longitude_deg,
                                           metres);
  return {metres / 1000};
}

}  // namespace hinterland
