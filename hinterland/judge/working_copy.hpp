// A working copy of an atlas and a question, in which dials are turned and the question is asked again.
//
// A dial is one number that the verdict could turn on: a field of home or of a site that is asked, of their grids,
// of the server type, of an offer for moving bytes, of the path between home and a site, of the country, or of the
// workload itself. Where places lie is no dial: a city does not move. Nor are prices given as flags. The hours stay
// as they were drawn: dials move the levels that scale them (a price, an overhead), not weather, plant or tariff periods,
// nor the hours that work which waits has found the cheapest (site_year.hpp).
//
// Asking again is judge()'s own arithmetic, quoter_of() and answer_of(); rows, cells and words are left out, and
// only parties that a turned dial reaches are quoted anew: a site's own figure reaches that site, unless it is home,
// whose use every other site's new servers are sold at.
#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "hinterland/cost/draw_plan.hpp"
#include "hinterland/judge/verdict.hpp"

namespace hinterland {

// The answer as it stands, and what it rests on. Parties are numbered: 0 is home, then the sites that are asked.
struct Reply {
  Answer answer = Answer::refused;
  std::size_t best = 0;  // the cheapest allowed party away; 0: none is allowed
  std::optional<Money>
      saving;  // home's price less the best one's, negative where staying is cheaper; empty where
               // one of the two is refused
  // Where the work would run.
  [[nodiscard]] std::size_t destination() const { return answer == Answer::move ? best : 0; }
};

class WorkingCopy {
 public:
  // Requires a question that judge() accepts. Atlas and rates must outlive the copy.
  WorkingCopy(const Atlas& atlas, const RateYear& rates, const Question& question);
  WorkingCopy(const WorkingCopy&) = delete;  // dials hold places inside it
  WorkingCopy& operator=(const WorkingCopy&) = delete;

  [[nodiscard]] const std::vector<Dial>& dials() const { return dials_; }
  [[nodiscard]] std::size_t parties() const { return sites_.size(); }
  // Of the original atlas.
  [[nodiscard]] const Site& party(std::size_t index) const {
    return original_.sites.at(sites_.at(index)->id);
  }

  // Requires a value that the dial's field allows.
  void turn(std::size_t dial, double value);
  void turn_back(std::size_t dial);  // to exactly what it was

  Reply ask();
  // What the last ask() was answered by, one a party.
  [[nodiscard]] std::span<const Quote> quotes() const { return quotes_; }

  // For whoever compares: the atlas and the question with all dials as they are.
  [[nodiscard]] const Atlas& atlas() const { return atlas_; }
  [[nodiscard]] const Question& question() const { return question_; }

 private:
  struct Knob {
    std::function<void(double)> turn;
    std::function<void()> back;
    std::vector<std::size_t> reach;  // parties
  };
  void touch(const Knob& knob);
  void measure_distances();
  void collect();
  void collect_sites(const std::string& currency);
  template <class Record, class FieldsOfRecord>
  void add(const std::string& table, const FieldsOfRecord& fields, Record& record, const Record& original,
           const std::vector<std::size_t>& reach);

  const RateYear& rates_;
  const Atlas& original_;
  Atlas atlas_;
  const Question asked_;  // as it was, for turning back
  Question question_;
  std::vector<const Site*> sites_;  // the parties
  std::vector<Dial> dials_;
  std::vector<Knob> knobs_;
  std::vector<bool> stale_;
  bool all_stale_ = true;
  std::vector<Quote> quotes_;
};

}  // namespace hinterland
