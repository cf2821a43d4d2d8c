#include "hinterland/work/size_fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

#include "hinterland/work/trace_fit.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kListedUsers = 32;

// One quantity: its values by job (NaN: not known), their ranks, their distribution.
struct KnownSizes {
  std::vector<double> values, ranks;
  std::optional<Distribution> distribution;
};

template <class Get>
KnownSizes quantity(std::span<const Job> jobs, Marginal& marginal, Get get) {
  KnownSizes out;
  std::vector<double> known;
  for (const Job& job : jobs) {
    out.values.push_back(get(job));
    if (!std::isnan(out.values.back())) known.push_back(out.values.back());
  }
  marginal = {};
  if (known.empty() || static_cast<double>(known.size()) < kLeastKnown * static_cast<double>(jobs.size()))
    return {};
  std::ranges::sort(known);
  marginal = fit_marginal(known);
  out.ranks = middle_ranks(out.values);
  out.distribution.emplace(marginal, fitted_levels());
  return out;
}

double score_correlation(const KnownSizes& a, const KnownSizes& b) {
  if (!a.distribution || !b.distribution) return 0;
  return RankLink(*a.distribution, *b.distribution).score_correlation(correlation(a.ranks, b.ranks));
}

DependenceModel fit_dependence(const KnownSizes& run, const std::array<KnownSizes, 3>& sizes) {
  ScoreMatrix matrix = identity();
  const auto put = [&](std::size_t i, std::size_t j, double r) {
    matrix.at(i).at(j) = matrix.at(j).at(i) = r;
  };
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    put(i, 3, score_correlation(sizes.at(i), run));
    for (std::size_t j = i + 1; j < sizes.size(); ++j) put(i, j, score_correlation(sizes.at(i), sizes.at(j)));
  }
  // Rounded in the file, a matrix on the edge might fall over it.
  matrix = made_definite(matrix);
  return {.run_cores = matrix[3][0],
          .run_gpus = matrix[3][1],
          .run_memory = matrix[3][2],
          .cores_gpus = matrix[0][1],
          .cores_memory = matrix[0][2],
          .gpus_memory = matrix[1][2]};
}

// Which of the sizes that occur each job has.
std::vector<std::size_t> size_classes(std::size_t jobs, const std::array<KnownSizes, 3>& sizes,
                                      std::size_t& count) {
  std::map<std::array<double, 3>, std::size_t> known;
  std::vector<std::size_t> classes;
  for (std::size_t i = 0; i < jobs; ++i) {
    std::array<double, 3> size{};
    for (std::size_t k = 0; k < 3; ++k) {
      const double value = sizes.at(k).distribution ? sizes.at(k).values[i] : 0;
      size.at(k) = std::isnan(value) ? -1 : value;
    }
    classes.push_back(known.try_emplace(size, known.size()).first->second);
  }
  count = known.size();
  return classes;
}

void fit_repetition(std::span<const Job> jobs, const KnownSizes& run, const std::array<KnownSizes, 3>& sizes,
                    TraceModel& model) {
  std::size_t count = 0;
  const auto classes = size_classes(jobs.size(), sizes, count);
  std::vector<double> shares(count);
  for (const std::size_t one : classes) shares[one] += 1 / static_cast<double>(jobs.size());
  const double by_chance = std::inner_product(shares.begin(), shares.end(), shares.begin(), 0.0);

  std::vector<std::size_t> last;  // by user, index + 1 of the last job
  std::vector<double> before, after;
  double pairs = 0;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const std::size_t user = jobs[i].user;
    if (user >= last.size()) last.resize(user + 1);
    if (last[user] > 0) {
      pairs += 1;
      const std::size_t j = last[user] - 1;
      if (classes[i] == classes[j]) {
        before.push_back(run.ranks[j]);
        after.push_back(run.ranks[i]);
      }
    }
    last[user] = i + 1;
  }
  if (pairs == 0 || before.empty()) return;
  const double equal = static_cast<double>(before.size()) / pairs;
  // With one size only, every job repeats it.
  model.users.repeats = by_chance > 0.9999 ? 1 : std::clamp((equal - by_chance) / (1 - by_chance), 0.0, 1.0);
  if (model.users.repeats == 0) return;
  const double scores =
      RankLink(*run.distribution, *run.distribution).score_correlation(correlation(before, after));
  ScoreMatrix factor;
  cholesky(score_matrix(model.dependence), factor);
  const double own = factor[3][3] * factor[3][3];  // the run's variance that the size leaves open
  const double persistence = (scores - (1 - own)) / own * equal / model.users.repeats;
  model.users.run_persistence = std::clamp(persistence, 0.0, 0.99);
}

void fit_users(std::span<const Job> jobs, std::size_t users, UserModel& model) {
  model.count = static_cast<double>(users);
  if (users == 0) return;
  std::vector<double> shares(users);
  double named = 0;
  for (const Job& job : jobs) {
    if (job.user == 0) continue;
    shares.at(job.user - 1) += 1;
    named += 1;
  }
  std::ranges::sort(shares, std::greater<>());
  while (!shares.empty() && shares.back() == 0) shares.pop_back();
  model.count = static_cast<double>(shares.size());  // of the first two thirds, others may be missing
  shares.resize(std::min(shares.size(), kListedUsers));
  for (double& share : shares) share /= named;
  model.shares = std::move(shares);
}

double whole_seconds(std::span<const Job> jobs) {
  for (const Job& job : jobs) {
    if (job.submit_ms % 1000 != 0 || (job.run_ms != kUnknown && job.run_ms % 1000 != 0)) return 0.001;
  }
  return 1;
}

}  // namespace

void fit_sizes(std::span<const Job> jobs, std::size_t users, TraceModel& model) {
  const auto number = [](float size) { return static_cast<double>(size); };
  const KnownSizes run = quantity(jobs, model.run_s, [](const Job& job) {
    return job.run_ms == kUnknown ? std::nan("") : static_cast<double>(job.run_ms) / 1000;
  });
  const std::array<KnownSizes, 3> sizes = {
      quantity(jobs, model.cores, [&](const Job& job) { return number(job.cores); }),
      quantity(jobs, model.gpus, [&](const Job& job) { return number(job.gpus); }),
      quantity(jobs, model.memory_gb, [&](const Job& job) { return number(job.memory_gb); })};
  model.levels.assign(fitted_levels().begin(), fitted_levels().end());
  model.step_s = whole_seconds(jobs);
  model.dependence = fit_dependence(run, sizes);
  model.users = {};
  fit_users(jobs, users, model.users);
  fit_repetition(jobs, run, sizes, model);
}

}  // namespace hinterland
