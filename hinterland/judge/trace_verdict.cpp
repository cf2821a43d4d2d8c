#include "hinterland/judge/trace_verdict.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "hinterland/base/share_out.hpp"
#include "hinterland/cost/terms.hpp"

namespace hinterland {

std::optional<Amount> amount_of(const Job& job, const Workload& workload, const ServerShape& server,
                                const ServerShape& of_class) {
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
  const double share = amount.server_hours / server_hours(workload, of_class);
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

constexpr std::array<const char*, 5> kClassFields = {"runtime_hours", "cores", "gpus", "memory_gb", "data"};

// What some of the jobs add up to.
struct Tally {
  std::map<GroupKey, TraceGroup> groups;
  std::array<std::int64_t, kClassFields.size()> from_class{};
  std::array<std::int64_t, 2> jobs_on{};  // servers without GPUs, servers with
  std::array<Hours, 2> hours_on{};

  void add(const GroupKey& key, const TraceGroup& more) {
    TraceGroup& group = groups[key];
    group.answer = key.answer;
    group.reason = key.reason;
    group.site = key.site;
    group.jobs += more.jobs;
    group.server_hours += more.server_hours;
    group.home_price += more.home_price;
    group.saved += more.saved;
    group.kwh += more.kwh;
  }
  void add(const Tally& other) {
    for (std::size_t i = 0; i < jobs_on.size(); ++i) {
      jobs_on.at(i) += other.jobs_on.at(i);
      hours_on.at(i) += other.hours_on.at(i);
    }
    for (const auto& [key, group] : other.groups) add(key, group);
    for (std::size_t i = 0; i < from_class.size(); ++i) from_class.at(i) += other.from_class.at(i);
  }
  void count_from_class(const Job& job) {
    from_class[0] += job.run_ms == kUnknown ? 1 : 0;
    from_class[1] += std::isnan(job.cores) ? 1 : 0;
    from_class[2] += std::isnan(job.gpus) ? 1 : 0;
    from_class[3] += std::isnan(job.memory_gb) ? 1 : 0;
    from_class[4] += std::isnan(job.data_gb) ? 1 : 0;
  }
};

constexpr std::string_view kDidNotRun = "did not run";

std::string_view why(Answer answer, const Quote& home, const Quote* best) {
  switch (answer) {
    case Answer::refused: return name_of(home.obstacle);
    case Answer::move: return home.allowed() ? "cheaper there" : "home is not allowed";
    case Answer::stay: break;
  }
  if (best == nullptr) return "no other site is allowed";
  return best->price.running() < home.price.running() ? "moving the bytes costs more than it saves"
                                                      : "no cheaper elsewhere";
}

class Judge {
 public:
  Judge(const Atlas& atlas, const RateYear& rates, const Question& question, const Parties& between)
      : offers_(atlas.offers.rows()),
        home_(quoter_of(atlas, rates, question, *between.home.site, *between.home.site)) {
    for (const Site* site : between.away)
      away_.push_back(quoter_of(atlas, rates, question, *between.home.site, *site));
  }

  // Its answer, and what it adds to its group.
  [[nodiscard]] std::pair<GroupKey, TraceGroup> judge_job(const Amount& amount) const {
    const auto transfer = cheapest_transfer(offers_, amount.bytes, time_to_move(amount), amount.service);
    const Quote home = home_.quote(amount, transfer);
    const Quoter* best_site = nullptr;
    Quote best;
    for (const Quoter& site : away_) {
      const Quote quote = site.quote(amount, transfer);
      if (!quote.allowed() || (best_site != nullptr && quote.price.total() >= best.price.total())) continue;
      best_site = &site;
      best = quote;
    }
    const Quote* away = best_site != nullptr ? &best : nullptr;
    const Answer answer = answer_of(home, away);
    TraceGroup one{
        .reason = {}, .jobs = 1, .server_hours = amount.server_hours, .home_price = {}, .saved = {}};
    if (home.allowed()) {
      one.home_price = home.price.total();
      if (answer == Answer::move) one.saved = one.home_price - best.price.total();
    }
    return {{answer, answer == Answer::move ? &best_site->site() : nullptr, why(answer, home, away)}, one};
  }

 private:
  const std::vector<Offer>& offers_;
  Quoter home_;
  std::vector<Quoter> away_;
};

// Jobs with GPUs, or those without, on the server that is for them.
struct Side {
  const Server* server;
  ServerShape shape;
  Judge judge;
};

// The class's server where it has GPUs as the jobs do, or has none as they do; else, of the atlas's others, the cheapest
// per GPU or per core. Nothing where the atlas has no such server.
std::optional<ServerId> server_for(const Atlas& atlas, const Workload& workload, bool with_gpus) {
  if ((server_of(atlas, workload).gpus > 0) == with_gpus) return workload.server;
  const Server* best = nullptr;
  const auto price_each = [&](const Server& server) {
    return server.price.value / (with_gpus ? server.gpus : server.cores);
  };
  for (const Server& server : atlas.servers)
    if ((server.gpus > 0) == with_gpus && server.cores > 0 &&
        (best == nullptr || price_each(server) < price_each(*best)))
      best = &server;
  return best == nullptr ? std::nullopt : std::optional(best->id);
}

using Sides = std::array<std::optional<Side>, 2>;  // jobs without GPUs, jobs with

Sides sides_of(const Atlas& atlas, const RateYear& rates, const Question& question, const Parties& between) {
  Sides sides;
  for (const bool with_gpus : {false, true}) {
    const auto id = server_for(atlas, question.workload, with_gpus);
    if (!id) continue;
    Question asked = question;
    asked.workload.server = *id;
    if (!with_gpus) asked.workload.gpus = 0;
    const Server& server = atlas.servers.at(*id);
    sides.at(with_gpus ? 1 : 0)
        .emplace(Side{
            .server = &server, .shape = server_shape(server), .judge = Judge(atlas, rates, asked, between)});
  }
  return sides;
}

// The groups in order, and their sums.
void add_groups(const Tally& all, TraceVerdict& verdict) {
  for (const auto& [key, group] : all.groups) verdict.groups.push_back(group);
  std::ranges::stable_sort(verdict.groups, [](const TraceGroup& a, const TraceGroup& b) {
    return a.answer != b.answer ? a.answer < b.answer : a.jobs > b.jobs;
  });
  for (const TraceGroup& group : verdict.groups) {
    (group.answer == Answer::move   ? verdict.moved
     : group.answer == Answer::stay ? verdict.stayed
                                    : verdict.refused) += group.jobs;
    verdict.server_hours += group.server_hours;
    verdict.home_price += group.home_price;
    verdict.saved += group.saved;
  }
}

}  // namespace

Expected<TraceVerdict> judge_trace(const Atlas& atlas, const RateYear& rates, const Question& question,
                                   const Trace& trace, Progress& progress) {
  // Sums are taken block by block and the blocks added in order: the same result, whichever thread took which.
  static constexpr std::size_t kBlock = 8192;
  const auto between = parties(atlas, question);
  if (!between) return std::unexpected(between.error());

  const ServerShape of_class = server_shape(server_of(atlas, question.workload));
  const Sides sides = sides_of(atlas, rates, question, *between);
  const Hours clock = standard_offset(atlas.country().time_zone);
  const auto tally_job = [&](const Job& job, Tally& tally) {
    tally.count_from_class(job);
    const bool with_gpus = std::isnan(job.gpus) ? question.workload.gpus > 0 : job.gpus > 0;
    const auto& side = sides.at(with_gpus ? 1 : 0);
    auto amount = side ? amount_of(job, question.workload, side->shape, of_class) : std::nullopt;
    if (!amount) {
      const Obstacle obstacle = side ? Obstacle::unknown_runtime : Obstacle::hardware;
      return tally.add({Answer::refused, nullptr, name_of(obstacle)}, {.reason = {}, .jobs = 1});
    }
    if (amount->server_hours.value == 0)
      return tally.add({Answer::stay, nullptr, kDidNotRun}, {.reason = {}, .jobs = 1});
    tally.jobs_on.at(with_gpus ? 1 : 0) += 1;
    tally.hours_on.at(with_gpus ? 1 : 0) += amount->server_hours;
    // A job of a dated trace ran when it ran; any other may have run in any hour.
    if (trace.dated) amount->start = hour_of_model_year({job.submit_ms}, clock);
    auto [key, one] = side->judge.judge_job(*amount);
    one.kwh = amount->server_hours.value * side->server->busy.value;
    tally.add(key, one);
  };
  std::vector<Tally> blocks((trace.jobs.size() + kBlock - 1) / kBlock);
  const auto done = share_out("judging", std::ssize(blocks), progress, [&](std::size_t, std::int64_t item) {
    const auto block = static_cast<std::size_t>(item);
    const std::size_t end = std::min(trace.jobs.size(), (block + 1) * kBlock);
    for (std::size_t i = block * kBlock; i < end; ++i) tally_job(trace.jobs[i], blocks[block]);
  });
  Tally all;
  for (const Tally& block : blocks) all.add(block);

  const std::size_t judged = std::min(trace.jobs.size(), static_cast<std::size_t>(done) * kBlock);
  TraceVerdict verdict{.home = between->home,
                       .jobs = static_cast<std::int64_t>(judged),
                       // What was saved in a part of the trace is a year's worth of that part.
                       .span = span({trace.jobs.data(), judged}),
                       .interrupted = judged < trace.jobs.size()};
  add_groups(all, verdict);
  for (std::size_t i = 0; i < sides.size(); ++i)
    if (all.jobs_on.at(i) > 0)
      verdict.servers.push_back(
          {.server = sides.at(i)->server, .jobs = all.jobs_on.at(i), .server_hours = all.hours_on.at(i)});
  for (std::size_t i = 0; i < kClassFields.size(); ++i) {
    const bool class_has_it = i > 0 || question.workload.runtime.has_value();
    if (all.from_class.at(i) > 0 && class_has_it)
      verdict.from_class.emplace_back(kClassFields.at(i), all.from_class.at(i));
  }
  return verdict;
}

}  // namespace hinterland
