#include "hinterland/render/forecast.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace hinterland {

namespace {

struct Sample {
  std::size_t place = 0;  // in the list of frames
  double ms = 0;
  double weight = 0;
};

// In the order of their places, each frame once.
std::vector<Sample> samples_of(const Frames& frames, const std::vector<FrameTime>& measured) {
  std::map<Frame, double> times;
  for (const FrameTime& one : measured) times[one.frame] = static_cast<double>(one.took.ms);
  std::vector<Sample> samples;
  for (std::size_t place = 0; place < frames.size(); ++place) {
    if (const auto found = times.find(frames[place]); found != times.end())
      samples.push_back({.place = place, .ms = found->second});
  }
  return samples;
}

// The share of all places that are nearer to it than to its neighbours; what is as near to both is halved.
void weigh(std::vector<Sample>& samples, std::size_t places) {
  for (std::size_t k = 0; k < samples.size(); ++k) {
    const auto at = static_cast<double>(samples[k].place);
    const double from = k == 0 ? -0.5 : (static_cast<double>(samples[k - 1].place) + at) / 2;
    const double to = k + 1 == samples.size() ? static_cast<double>(places) - 0.5
                                              : (static_cast<double>(samples[k + 1].place) + at) / 2;
    samples[k].weight = (to - from) / static_cast<double>(places);
  }
}

}  // namespace

double student_90(std::size_t degrees) {
  constexpr std::array exact = {3.0777, 1.8856, 1.6377, 1.5332, 1.4759};
  if (degrees <= exact.size()) return exact.at(std::max<std::size_t>(degrees, 1) - 1);
  // Cornish and Fisher's expansion about the normal's 90 % point.
  constexpr double z = 1.281552, z3 = z * z * z, z5 = z3 * z * z;
  const auto v = static_cast<double>(degrees);
  return z + (z3 + z) / (4 * v) + (5 * z5 + 16 * z3 + 3 * z) / (96 * v * v);
}

std::optional<Forecast> forecast(const Frames& frames, const std::vector<FrameTime>& measured) {
  std::vector<Sample> samples = samples_of(frames, measured);
  const std::size_t n = samples.size(), unseen = frames.size() - n;
  if (n == 0 || (n == 1 && unseen > 0)) return std::nullopt;
  weigh(samples, frames.size());
  double mean = 0, weights = 0, plain = 0;
  for (const Sample& one : samples) {
    mean += one.weight * one.ms;
    weights += one.weight * one.weight;
    plain += one.ms / static_cast<double>(n);
  }
  double squares = 0;
  for (const Sample& one : samples) squares += (one.ms - plain) * (one.ms - plain);
  const double s = n > 1 ? std::sqrt(squares / static_cast<double>(n - 1)) : 0;
  const auto left = static_cast<double>(unseen);
  const double half = unseen == 0 ? 0 : student_90(n - 1) * s * left * std::sqrt(weights + 1 / left);
  const auto time = [](double ms) { return Duration{std::llround(std::max(ms, 0.0))}; };
  return Forecast{.measured = n,
                  .unseen = unseen,
                  .rest = {.low = time(left * mean - half),
                           .central = time(left * mean),
                           .high = time(left * mean + half)},
                  .frame = time(mean),
                  .slowest = time(std::ranges::max(samples, {}, &Sample::ms).ms)};
}

}  // namespace hinterland
