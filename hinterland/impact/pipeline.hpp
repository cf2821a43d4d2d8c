// A programme of relocation deals: what its counts say, what is said that it is worth, and what neither tells.
//
// Counts come from the atlas's table `deals`, or from a file of one's own:
//
//   date,signed,building,operating,dropped
//   2024-06-30,120,,35,
//   2025-06-30,298,,190,
//
// (deal_count.hpp says what the columns mean; an empty cell is not known). What the rates are before any count is the
// atlas's `deal_pace` with its ranges.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/impact/band.hpp"
#include "hinterland/impact/deal_fit.hpp"

namespace hinterland {

// What is said that deals are worth, at the last count that says so.
struct DealWorth {
  double worth = 0;  // money
  std::string currency;
  double signed_deals = 0;
  std::optional<double> operating;
  [[nodiscard]] double per_deal() const { return worth / signed_deals; }
  [[nodiscard]] std::optional<double> per_operating() const {
    if (!operating || *operating == 0) return std::nullopt;
    return worth / *operating;
  }
};

struct Pipeline {
  std::string programme, name, name_zh, region;
  std::vector<DealCount> counts;
  DealQuestion question;
  DealFit fit;
  std::optional<DealWorth> worth;
};

struct PipelineQuestion {
  double level = kBandLevel;
  std::optional<double> until;  // a year; default: five after the last count
  double signing_per_year = 0;
  std::size_t draws = 40'000;  // some 5,000 of them effective: bands that hold to a deal
  std::uint64_t seed = 1;
};

// The counts of a file, in whose rows `since` is the first signing. Fails, located, for all that deals of an atlas are refused
// for, for none at all, and for operating or dropped deals that get fewer.
Expected<std::vector<DealCount>> parse_deal_counts(std::string_view text, const std::string& file,
                                                   double since);

// Fails where the atlas has no pace or cites one from 0 on, for a year before the last count, for no deal signed and none to come,
// and for operating or dropped deals that get fewer. `since` stands for the range that the atlas cites.
Expected<Pipeline> follow_pipeline(const Atlas& atlas, const std::vector<DealCount>& counts,
                                   const std::optional<Range>& since, const PipelineQuestion& question,
                                   Progress& progress);

std::string pipeline_json(const Pipeline& result);

}  // namespace hinterland
