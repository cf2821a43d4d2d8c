// A plan to look at.
#pragma once
#include "hinterland/plan/counterfactual.hpp"
#include "hinterland/plan/plan_figures.hpp"
#include "hinterland/plan/study_plan.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// With the tables of `plan compare` where that was done for the same study.
Page plan_page(const Study& study, const Atlas& atlas, const StudyPlan& plan,
               const Counterfactuals* compared = nullptr);

// The answer in one sentence.
Words plan_sentence(const Atlas& atlas, const StudyPlan& plan, const PlanFigures& figures);

// Charts: where it stands and where demand goes, load by hour, prices from dear to cheap, bound and plan against time.
MapBlock plan_map(const Atlas& atlas, const StudyPlan& plan, const PlanFigures& figures);
BarsBlock capacity_bars(const StudyPlan& plan, const PlanFigures& figures);
LinesBlock day_of_load(const StudyPlan& plan, const PlanFigures& figures);
LinesBlock price_duration(const Atlas& atlas, const StudyPlan& plan, const PlanFigures& figures);
LinesBlock gap_against_time(const StudyPlan& plan);

}  // namespace hinterland
