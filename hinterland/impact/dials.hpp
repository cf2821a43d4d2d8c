// The figures of a model that have a range, and the model with all of them drawn at once.
//
// A dial is a number of a record of the model (cost/draw_plan.hpp); its range is what citations.csv or the file says, and
// it is drawn from its Spread, by a stream of its own name. Model is copied for each draw, so draws can be made in any order
// and at the same time.
#pragma once
#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "hinterland/base/record.hpp"
#include "hinterland/cost/draw_plan.hpp"

namespace hinterland {

// The range that a field's value may take of what is cited; none without a width.
std::optional<Range> drawn_range(const Field& field, double central, const std::optional<double>& low,
                                 const std::optional<double>& high);

template <class Model>
class Dials {
 public:
  // A record of the atlas; `record` finds it in a model.
  template <class Record>
  void add(const Atlas& atlas, const std::string& table, const Fields<Record>& fields, const Record& original,
           const std::function<Record&(Model&)>& record) {
    for (const auto& field : fields) {
      const Provenance who = provenance(atlas, table, original.id.text, field.name);
      add_field(table, original.id.text, field, original, record, who.low, who.high, who.kind);
    }
  }

  // A record of a file of the verb's own, with its evidence.
  template <class Record>
  void add(const std::string& section, const Fields<Record>& fields, const Record& original,
           const std::function<Record&(Model&)>& record) {
    for (const auto& field : fields) {
      const auto known = original.evidence.find(field.name);
      if (known == original.evidence.end()) continue;
      add_field(section, original.key, field, original, record, known->second.low, known->second.high,
                known->second.source);
    }
  }

  // Plans the draws; `together`: dials of this table and field move together with this correlation.
  struct Together {
    std::string table, field;
    double correlation = 0;
  };
  void draw(const Atlas& atlas, std::uint64_t seed, std::size_t draws,
            const std::vector<Together>& together = {}) {
    plan_ = plan_draws(atlas, dials_);
    for (const Together& one : together) {
      for (std::size_t i = 0; i < plan_.dials.size(); ++i) {
        const Dial& dial = dials_[plan_.dials[i]];
        if (dial.table == one.table && dial.field == one.field)
          plan_.quantities[i].group = plan_.groups.size();
      }
      plan_.groups.push_back({.name = one.table + "." + one.field, .correlation = one.correlation});
    }
    const CorrelatedDraws uniforms(seed, plan_.quantities, plan_.groups);
    for (std::size_t block = 0; block * CorrelatedDraws::kBlock < draws; ++block)
      blocks_.push_back(uniforms.block(block));
  }

  // The i-th of the draws that were planned.
  [[nodiscard]] Model drawn(Model model, std::size_t i) const {
    for (std::size_t at = 0; at < drawn_count(); ++at) knobs_[plan_.dials[at]](model, drawn_value(i, at));
    return model;
  }

  [[nodiscard]] const std::vector<Dial>& dials() const { return dials_; }

  // Of those that were planned to be drawn, at < drawn_count(): which it is, and its value in the i-th draw.
  [[nodiscard]] std::size_t drawn_count() const { return plan_.dials.size(); }
  [[nodiscard]] const Dial& drawn_dial(std::size_t at) const { return dials_[plan_.dials[at]]; }
  [[nodiscard]] double drawn_value(std::size_t i, std::size_t at) const {
    const std::size_t row = i % CorrelatedDraws::kBlock * drawn_count();
    return plan_.spreads[at].quantile(blocks_[i / CorrelatedDraws::kBlock][row + at]);
  }

 private:
  template <class Record>
  void add_field(const std::string& table, const std::string& id, const FieldOf<Record>& field,
                 const Record& original, const std::function<Record&(Model&)>& record,
                 const std::optional<double>& low, const std::optional<double>& high,
                 const std::string& kind) {
    if (field.kind != FieldKind::number || !field.is_fact) return;
    const FieldValue value = field.get(original);
    if (!std::holds_alternative<double>(value)) return;
    const double central = std::get<double>(value);
    const auto range = drawn_range(field, central, low, high);
    if (!range) return;
    dials_.push_back({.name = table + "." + id + "." + field.name,
                      .table = table,
                      .id = id,
                      .field = field.name,
                      .central = central,
                      .least = field.low,
                      .most = field.high,
                      .cited = range,
                      .kind = kind});
    knobs_.push_back(
        [record, set = field.set](Model& model, double to) { set(record(model), FieldValue{to}); });
  }

  std::vector<Dial> dials_;
  std::vector<std::function<void(Model&, double)>> knobs_;
  DrawPlan plan_;
  std::vector<std::vector<double>> blocks_;
};

}  // namespace hinterland
