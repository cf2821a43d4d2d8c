#include "hinterland/work/trace_generate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <queue>
#include <unordered_map>
#include <vector>

#include "hinterland/base/random.hpp"
#include "hinterland/work/hour_slots.hpp"

namespace hinterland {

namespace {

constexpr double kLeastSize = 1e-3, kMostSize = 1e6;  // cores, GPUs, GB: SWF writes memory a core

// A trace ends here: 10000-01-01T00:00:00Z, or 300 years after its beginning. Slow rates are thus not followed for ever.
constexpr double kCalendarEndMs = 253'402'300'800'000;
constexpr double kLongestMs = 300 * 365.25 * 86.4e6;
double end_of(double begin_ms) { return std::min(kCalendarEndMs, begin_ms + kLongestMs); }

std::vector<double> of_mean_1(const std::vector<double>& factors) {
  std::vector<double> out = factors;
  const double sum = std::accumulate(factors.begin(), factors.end(), 0.0);
  for (double& factor : out) factor *= static_cast<double>(factors.size()) / sum;
  return out;
}

double jobs_per_batch(const TraceModel& model) {
  if (model.batches.sizes.empty()) return 1;
  Marginal sizes;
  sizes.quantiles = model.batches.sizes;
  return model.batches.single + (1 - model.batches.single) * Distribution(sizes, model.levels).mean();
}

// When batches begin: a Poisson process whose rate changes every hour.
class BatchStarts {
 public:
  BatchStarts(const TraceModel& model, std::uint64_t seed, double begin_ms)
      : arrivals_(seed, "arrivals"),
        bursts_(seed, "bursts"),
        slots_(model.zone, model.calendar == TraceCalendar::dated),
        hours_(of_mean_1(model.arrivals.hours)),
        weekdays_(of_mean_1(model.arrivals.weekdays)),
        per_ms_(model.arrivals.jobs_per_day / jobs_per_batch(model) / 86.4e6),
        burst_(model.arrivals.burst),
        memory_(model.arrivals.burst_memory),
        at_(begin_ms),
        end_(end_of(begin_ms)),
        score_(burst_ > 0 ? bursts_.normal() : 0) {
    set_rate();
  }

  // At or past the end: there are no more.
  double next() {
    double needed = arrivals_.exponential();
    if (steady()) return at_ += needed / per_ms_;
    while (at_ < end_) {
      const auto hour_end = static_cast<double>((hour_ + 1) * kHourMs);
      if (const double room = (hour_end - at_) * rate_; room < needed) {
        needed -= room;
        at_ = hour_end;
        if (burst_ > 0) score_ = memory_ * score_ + std::sqrt(1 - memory_ * memory_) * bursts_.normal();
        set_rate();
        continue;
      }
      return at_ += needed / rate_;
    }
    return at_;
  }

 private:
  [[nodiscard]] bool steady() const { return hours_.empty() && weekdays_.empty() && burst_ == 0; }
  void set_rate() {
    rate_ = per_ms_;
    hour_ = hour_index(static_cast<std::int64_t>(at_));
    if (steady()) return;
    const auto slot = slots_.of(hour_);
    if (!hours_.empty()) rate_ *= hours_[slot.hour];
    if (!weekdays_.empty()) rate_ *= weekdays_[slot.weekday];
    if (burst_ > 0) rate_ *= std::exp(burst_ * score_ - burst_ * burst_ / 2);
  }

  RandomStream arrivals_, bursts_;
  HourSlots slots_;
  std::vector<double> hours_, weekdays_;
  double per_ms_, burst_, memory_, at_, end_, score_;
  double rate_ = 0;
  std::int64_t hour_ = 0;
};

// How many jobs a batch has, and how far apart.
class BatchShapes {
 public:
  BatchShapes(const TraceModel& model, std::uint64_t seed)
      : draws_(seed, "batches"), single_(model.batches.single) {
    if (model.batches.sizes.empty()) return;
    Marginal marginal;
    marginal.quantiles = model.batches.sizes;
    sizes_.emplace(marginal, model.levels);
    marginal.quantiles = model.batches.gaps_s;
    gaps_.emplace(marginal, model.levels);
    link_ = model.batches.size_gap;
  }
  struct Shape {
    std::int64_t jobs = 1;
    double gap_ms = 0;
  };
  Shape next() {
    if (!sizes_ || draws_.uniform() < single_) return {};
    const double score = draws_.normal();
    const double other = link_ * score + std::sqrt(1 - link_ * link_) * draws_.normal();
    // Rounded up or down by chance, so that the mean stays.
    const auto jobs = static_cast<std::int64_t>(sizes_->at(score) + draws_.uniform());
    return {.jobs = std::max<std::int64_t>(jobs, 1), .gap_ms = 1000 * gaps_->at(other)};
  }

 private:
  RandomStream draws_;
  double single_, link_ = 0;
  std::optional<Distribution> sizes_, gaps_;
};

class UserDraw {
 public:
  UserDraw(const UserModel& users, std::uint64_t seed)
      : draws_(seed, "users"), count_(static_cast<std::size_t>(users.count)) {
    std::partial_sum(users.shares.begin(), users.shares.end(), std::back_inserter(upto_));
    if (!upto_.empty()) whole_ = count_ > upto_.size() ? std::max(1.0, upto_.back()) : upto_.back();
  }
  // From 1; 0 if nobody is named.
  std::uint32_t next() {
    if (count_ == 0) return 0;
    const double share = draws_.uniform() * whole_;
    const double listed = upto_.empty() ? 0 : upto_.back();
    if (share < listed || count_ == upto_.size()) {
      const auto found = std::ranges::upper_bound(upto_, share);
      return 1 + static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(
                     found - upto_.begin(), static_cast<std::ptrdiff_t>(upto_.size()) - 1));
    }
    const auto others = static_cast<double>(count_ - upto_.size());
    const auto which = static_cast<std::size_t>((share - listed) / (whole_ - listed) * others);
    return static_cast<std::uint32_t>(std::min(upto_.size() + which, count_ - 1) + 1);
  }

 private:
  RandomStream draws_;
  std::size_t count_;
  std::vector<double> upto_;
  double whole_ = 1;
};

// Runs and sizes of users' jobs.
class JobSizes {
 public:
  JobSizes(const TraceModel& model, std::uint64_t seed)
      : draws_(seed, "sizes"),
        run_(model.run_s, model.levels),
        repeats_(model.users.repeats),
        persistence_(model.users.run_persistence),
        step_ms_(std::max(1.0, std::round(model.step_s * 1000))) {
    cholesky(score_matrix(model.dependence), factor_);
    const std::array<const Marginal*, 3> marginals = {&model.cores, &model.gpus, &model.memory_gb};
    for (std::size_t i = 0; i < 3; ++i) {
      if (marginals.at(i)->given()) sizes_.at(i).emplace(*marginals.at(i), model.levels);
    }
  }

  void put(Job& job) {
    Last& last = last_[job.user];
    if (last.known && draws_.uniform() < repeats_) {
      last.noise[3] =
          persistence_ * last.noise[3] + std::sqrt(1 - persistence_ * persistence_) * draws_.normal();
    } else {
      for (double& one : last.noise) one = draws_.normal();
      last.known = true;
    }
    std::array<double, kScores> scores{};
    for (std::size_t i = 0; i < kScores; ++i) {
      for (std::size_t k = 0; k <= i; ++k) scores.at(i) += factor_.at(i).at(k) * last.noise.at(k);
    }
    const std::array<float*, 3> members = {&job.cores, &job.gpus, &job.memory_gb};
    for (std::size_t i = 0; i < 3; ++i) {
      if (!sizes_.at(i)) continue;
      const double size = sizes_.at(i)->at(scores.at(i));
      *members.at(i) = static_cast<float>(size > 0 ? std::clamp(size, kLeastSize, kMostSize) : 0);
    }
    job.run_ms = static_cast<std::int64_t>(std::round(1000 * run_.at(scores[3]) / step_ms_) * step_ms_);
  }

 private:
  struct Last {
    bool known = false;
    std::array<double, kScores> noise{};
  };
  RandomStream draws_;
  Distribution run_;
  std::array<std::optional<Distribution>, 3> sizes_;
  ScoreMatrix factor_{};
  double repeats_, persistence_, step_ms_;
  std::unordered_map<std::uint32_t, Last> last_;  // by user
};

}  // namespace

struct JobStream::State {
  struct Batch {
    double at_ms = 0;
    std::uint64_t order = 0;
    std::int64_t left = 0;
    double gap_ms = 0;
    std::uint32_t user = 0;
    bool operator>(const Batch& other) const {
      return at_ms != other.at_ms ? at_ms > other.at_ms : order > other.order;
    }
  };

  State(const TraceModel& model, std::uint64_t seed, Instant begin)
      : begin_ms(begin.ms),
        end_ms(end_of(static_cast<double>(begin.ms))),
        step_ms(std::max<std::int64_t>(1, std::llround(model.step_s * 1000))),
        starts(model, seed, static_cast<double>(begin.ms)),
        shapes(model, seed),
        users(model.users, seed),
        sizes(model, seed),
        gaps(seed, "gaps"),
        next_start(starts.next()) {}

  std::int64_t begin_ms;
  double end_ms;
  std::int64_t step_ms;
  BatchStarts starts;
  BatchShapes shapes;
  UserDraw users;
  JobSizes sizes;
  RandomStream gaps;
  double next_start;
  std::uint64_t batches = 0;
  std::priority_queue<Batch, std::vector<Batch>, std::greater<>> under_way;
};

JobStream::JobStream(const TraceModel& model, std::uint64_t seed, std::optional<Instant> begin)
    : state_(std::make_unique<State>(model, seed, begin.value_or(model.begin()))) {}
JobStream::JobStream(JobStream&&) noexcept = default;
JobStream& JobStream::operator=(JobStream&&) noexcept = default;
JobStream::~JobStream() = default;

std::optional<Job> JobStream::next() {
  State& s = *state_;
  State::Batch batch;
  if (s.under_way.empty() || s.next_start <= s.under_way.top().at_ms) {
    const auto shape = s.shapes.next();
    batch = {.at_ms = s.next_start,
             .order = s.batches++,
             .left = shape.jobs,
             .gap_ms = shape.gap_ms,
             .user = s.users.next()};
    if (s.next_start < s.end_ms) s.next_start = s.starts.next();
  } else {
    batch = s.under_way.top();
    s.under_way.pop();
  }
  if (!(batch.at_ms < s.end_ms)) return std::nullopt;
  Job job;
  const std::int64_t since = static_cast<std::int64_t>(batch.at_ms) - s.begin_ms;
  job.submit_ms = s.begin_ms + since / s.step_ms * s.step_ms;
  job.user = batch.user;
  s.sizes.put(job);
  if (--batch.left > 0) {
    batch.at_ms += batch.gap_ms * s.gaps.exponential();
    s.under_way.push(batch);
  }
  return job;
}

}  // namespace hinterland
