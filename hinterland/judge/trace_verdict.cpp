#include "hinterland/judge/trace_verdict.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "hinterland/cost/terms.hpp"

namespace hinterland {

std::optional<Amount> amount_of(const Job& job, const Workload& workload, const ServerShape& server) {
  Amount amount{.server_hours = {},
                .task = {},
                .single = true,
                .bytes = {},
                .deadline = workload.deadline,
                .service = workload.is_service()};
  if (job.run_ms != kUnknown) {
    amount.task = in_hours({job.run_ms});
  } else if (workload.runtime) {
    amount.task = *workload.runtime;
  } else {
    return std::nullopt;
  }
  const auto known = [](float size, double fallback) {
    return std::isnan(size) ? fallback : static_cast<double>(size);
  };
  amount.server_hours =
      server_hours(amount.task, known(job.cores, workload.cores), known(job.gpus, workload.gpus),
                   known(job.memory_gb, workload.memory_gb), server);
  const double share = amount.server_hours / server_hours(workload, server);
  amount.bytes = {.in = share * workload.data_in, .out = share * workload.data_out};
  if (!std::isnan(job.data_gb)) amount.bytes = {.in = {static_cast<double>(job.data_gb)}, .out = {}};
  return amount;
}

namespace {

// Groups are few; they are found by answer, site and a reason, which is always a literal.
struct GroupKey {
  Answer answer;
  const Site* site;
  std::string_view reason;
  auto operator<=>(const GroupKey&) const = default;
};

class Judge {
 public:
  Judge(const Atlas& atlas, const RateYear& rates, const Question& question, const Parties& between)
      : offers_(atlas.offers.rows()),
        home_(quoter_of(atlas, rates, question, *between.home.site, *between.home.site)) {
    for (const Site* site : between.away)
      away_.push_back(quoter_of(atlas, rates, question, *between.home.site, *site));
  }

  void judge_job(const Amount& amount) {
    const auto transfer = cheapest_transfer(offers_, amount.bytes, time_to_move(amount), amount.service);
    const Quote home = home_.quote(amount, transfer);
    const Quoter* best_site = nullptr;
    Quote best;
    for (const Quoter& site : away_) {
      const Quote quote = site.quote(amount, transfer);
      if (!quote.allowed()) continue;
      if (best_site == nullptr || quote.price.total() < best.price.total()) {
        best_site = &site;
        best = quote;
      }
    }
    const Money stay = home.price.total();
    if (!home.allowed() && best_site == nullptr)
      return add({Answer::refused, nullptr, name_of(home.obstacle)}, amount, {}, {});
    if (!home.allowed())
      return add({Answer::move, &best_site->site(), "home is not allowed"}, amount, {}, {});
    if (best_site == nullptr)
      return add({Answer::stay, nullptr, "no other site is allowed"}, amount, stay, {});
    const Money saved = stay - best.price.total();
    if (saved.value > 0) return add({Answer::move, &best_site->site(), "cheaper there"}, amount, stay, saved);
    const bool only_moving = best.price.running() < home.price.running();
    add({Answer::stay, nullptr,
         only_moving ? "moving the bytes costs more than it saves" : "no cheaper elsewhere"},
        amount, stay, {});
  }

  void refuse(Obstacle obstacle) { add({Answer::refused, nullptr, name_of(obstacle)}, {}, {}, {}); }

  [[nodiscard]] std::vector<TraceGroup> groups() const {
    std::vector<TraceGroup> list;
    for (const auto& [key, group] : groups_) list.push_back(group);
    std::ranges::stable_sort(list, [](const TraceGroup& a, const TraceGroup& b) {
      return a.answer != b.answer ? a.answer < b.answer : a.jobs > b.jobs;
    });
    return list;
  }

 private:
  void add(const GroupKey& key, const Amount& amount, Money home_price, Money saved) {
    TraceGroup& group = groups_[key];
    group.answer = key.answer;
    group.reason = key.reason;
    group.site = key.site;
    ++group.jobs;
    group.server_hours += amount.server_hours;
    group.home_price += home_price;
    group.saved += saved;
  }

  const std::vector<Offer>& offers_;
  Quoter home_;
  std::vector<Quoter> away_;
  std::map<GroupKey, TraceGroup> groups_;
};

void count_from_class(const Job& job, std::array<std::int64_t, 5>& counts) {
  counts[0] += job.run_ms == kUnknown ? 1 : 0;
  counts[1] += std::isnan(job.cores) ? 1 : 0;
  counts[2] += std::isnan(job.gpus) ? 1 : 0;
  counts[3] += std::isnan(job.memory_gb) ? 1 : 0;
  counts[4] += std::isnan(job.data_gb) ? 1 : 0;
}

}  // namespace

Expected<TraceVerdict> judge_trace(const Atlas& atlas, const RateYear& rates, const Question& question,
                                   const Trace& trace, Progress& progress) {
  static constexpr std::int64_t kProgressJobs = 8192;
  const auto between = parties(atlas, question);
  if (!between) return std::unexpected(between.error());

  TraceVerdict verdict{.home = between->home, .span = span(trace.jobs)};
  const ServerShape shape = server_shape(server_of(atlas, question.workload));
  Judge judge(atlas, rates, question, *between);
  const Hours clock = standard_offset(atlas.country().time_zone);
  std::array<std::int64_t, 5> from_class{};
  for (const Job& job : trace.jobs) {
    count_from_class(job, from_class);
    auto amount = amount_of(job, question.workload, shape);
    // A job of a dated trace ran when it ran; any other may have run in any hour.
    if (amount && trace.dated) amount->start = hour_of_model_year({job.submit_ms}, clock);
    if (!amount) {
      judge.refuse(Obstacle::unknown_runtime);
    } else if (!std::isfinite(amount->server_hours.value)) {
      judge.refuse(Obstacle::hardware);  // it holds a GPU, and the class's server has none
    } else {
      judge.judge_job(*amount);
    }
    ++verdict.jobs;
    if (verdict.jobs % kProgressJobs == 0 &&
        !progress.step("judging", verdict.jobs, static_cast<std::int64_t>(trace.jobs.size()))) {
      verdict.interrupted = true;
      break;
    }
  }
  // What was saved in a part of the trace is a year's worth of that part.
  if (verdict.interrupted) verdict.span = span({trace.jobs.data(), static_cast<std::size_t>(verdict.jobs)});
  verdict.groups = judge.groups();
  for (const TraceGroup& group : verdict.groups) {
    (group.answer == Answer::move   ? verdict.moved
     : group.answer == Answer::stay ? verdict.stayed
                                    : verdict.refused) += group.jobs;
    verdict.server_hours += group.server_hours;
    verdict.home_price += group.home_price;
    verdict.saved += group.saved;
  }
  static constexpr std::array<const char*, 5> kFields = {"runtime_hours", "cores", "gpus", "memory_gb",
                                                         "data"};
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    const bool class_has_it = i > 0 || question.workload.runtime.has_value();
    if (from_class.at(i) > 0 && class_has_it)
      verdict.from_class.emplace_back(kFields.at(i), from_class.at(i));
  }
  return verdict;
}

}  // namespace hinterland
