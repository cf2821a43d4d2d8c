// A shock's figures as they stand or as they were drawn, and what runs from them.
#pragma once
#include <memory>
#include <vector>

#include "hinterland/impact/dials.hpp"
#include "hinterland/impact/kept_cost.hpp"
#include "hinterland/impact/model_regions.hpp"
#include "hinterland/impact/national_economy.hpp"
#include "hinterland/impact/shock_run.hpp"

namespace hinterland {

// All that may be drawn.
struct ShockModel {
  Table<Industry> industries;
  Table<IndustryMix> mix;
  Table<Site> sites;  // of zones of computing
  Table<Server> servers;
  RegionalEconomy economy;
  Staffing staffing;
  SupplyChain chain;
  Country country;
  ShockScenario shock;
};

// Which industries and regions an entry of the scenario is about.
struct ShockPlace {
  std::vector<std::size_t> industries, regions;
  std::optional<double> sold_part;  // of a site: its power / sold power of its region
  std::vector<double> sold;         // of a zone of computing: what sites of each of `regions` have sold, kW
};

// What stays from draw to draw.
class ShockSetting {
 public:
  // Fails for names that the atlas or its table lacks; all are listed.
  static Expected<ShockSetting> of(const Atlas& atlas, const NationalEconomy& economy,
                                   const ShockScenario& shock);

  [[nodiscard]] const std::vector<ModelRegion>& regions() const { return *regions_; }
  [[nodiscard]] const ShockModel& central() const { return central_; }
  Dials<ShockModel>& dials() { return dials_; }
  [[nodiscard]] const Dials<ShockModel>& dials() const { return dials_; }

  // `draw`: which of the draws; none: as the figures stand.
  [[nodiscard]] MultiregionalTable table(const ShockModel& model, std::optional<std::size_t> draw,
                                         std::uint64_t seed) const;
  [[nodiscard]] ArioParameters parameters(const ShockModel& model) const;
  // With `reserve` held in addition.
  [[nodiscard]] ArioParameters parameters(const ShockModel& model, std::size_t reserve) const;
  // Losses point into `model`.
  [[nodiscard]] PlacedShock placed(const ShockModel& model) const;
  // What a zone gives back, and what keeping it costs.
  [[nodiscard]] StandIn standing_in(const ShockModel& model, std::size_t zone) const;
  [[nodiscard]] KeptCost zone_cost(const ShockModel& model, std::size_t zone,
                                   const MultiregionalTable& table) const;
  [[nodiscard]] KeptCost reserve_cost(const ShockModel& model, std::size_t reserve,
                                      const MultiregionalTable& table) const;

 private:
  ShockSetting() = default;
  friend class ShockPlacing;
  void collect_dials(const Atlas& atlas);

  const NationalEconomy* economy_ = nullptr;
  std::unique_ptr<std::vector<ModelRegion>> regions_;
  std::unique_ptr<RegionalMixer> mixer_;
  ShockModel central_;
  Dials<ShockModel> dials_;
  std::vector<ShockPlace> exports_, imports_, capacity_, zones_, reserves_;
  std::vector<double> capital_goods_;
};

}  // namespace hinterland
