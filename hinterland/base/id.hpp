// Typed ids: the id of a site is not the id of a region, and a function that wants one refuses the other.
// An id is the short name a table's first column gives ("guian"); it is unique inside its table only.
#pragma once
#include <compare>
#include <functional>
#include <string>

namespace hinterland {

template <class Tag>
struct Id {
  std::string text;
  auto operator<=>(const Id&) const = default;
  [[nodiscard]] bool empty() const { return text.empty(); }
};

using AtlasId = Id<struct AtlasTag>;
using RegionId = Id<struct RegionTag>;
using GridId = Id<struct GridTag>;
using SiteId = Id<struct SiteTag>;
using PathId = Id<struct PathTag>;
using OfferId = Id<struct OfferTag>;
using ServerId = Id<struct ServerTag>;
using HazardId = Id<struct HazardTag>;
using MarketId = Id<struct MarketTag>;
using SourceId = Id<struct SourceTag>;
using StationId = Id<struct StationTag>;
using ClimateMonthId = Id<struct ClimateMonthTag>;
using PlantId = Id<struct PlantTag>;
using TariffId = Id<struct TariffTag>;
using TariffMonthId = Id<struct TariffMonthTag>;
using CurveId = Id<struct CurveTag>;
using AccountId = Id<struct AccountTag>;
using NationAccountId = Id<struct NationAccountTag>;
using GroupId = Id<struct GroupTag>;
using SectionId = Id<struct SectionTag>;
using EmploymentId = Id<struct EmploymentTag>;
using DealCountId = Id<struct DealCountTag>;
using DealPaceId = Id<struct DealPaceTag>;
using SpatialEconomyId = Id<struct SpatialEconomyTag>;
using PublishedFigureId = Id<struct PublishedFigureTag>;
using SkilledFlowsId = Id<struct SkilledFlowsTag>;
using IoSourceId = Id<struct IoSourceTag>;
using IndustryId = Id<struct IndustryTag>;
using IndustryMixId = Id<struct IndustryMixTag>;
using SpendingId = Id<struct SpendingTag>;
using RegionalEconomyId = Id<struct RegionalEconomyTag>;
using StaffingId = Id<struct StaffingTag>;
using SupplyChainId = Id<struct SupplyChainTag>;
using WorkloadId = Id<struct WorkloadTag>;
using Certification = Id<struct CertificationTag>;  // "mlps3", "tpn"

}  // namespace hinterland

template <class Tag>
struct std::hash<hinterland::Id<Tag>> {
  std::size_t operator()(const hinterland::Id<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.text);
  }
};
