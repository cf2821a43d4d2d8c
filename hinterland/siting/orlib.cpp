#include "hinterland/siting/orlib.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string_view>

#include "hinterland/base/file.hpp"
#include "hinterland/base/number.hpp"
#include "hinterland/siting/lanes.hpp"

namespace hinterland {

namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();
constexpr double kMostNodes = 1000;  // all shortest paths take their cube; OR-Library has 900

// Words with where they stand; the first mistake ends the reading, for what follows would be read as something else.
class Words {
 public:
  Words(std::string_view text, std::string file, std::optional<double> capacity)
      : text_(text), file_(std::move(file)), capacity_(capacity) {}

  const Errors& errors() const { return errors_; }
  bool good() const { return errors_.empty(); }

  bool done() {
    skip();
    return at_ == text_.size();
  }

  double number(std::string_view what, double least = 0) {
    if (!good()) return 0;
    if (done()) {
      fail(fmt::format("the file ends before {}", what), "Is the file whole?");
      return 0;
    }
    const std::size_t first = at_;
    while (at_ < text_.size() && !blank(text_[at_])) ++at_;
    const std::string_view word = text_.substr(first, at_ - first);
    column_ = static_cast<long>(first - line_begins_) + 1;
    if (word == "capacity") {
      if (capacity_) return *capacity_;
      fail("no capacity is given here", "Give it with --capacity, as the file's source does.");
      return 0;
    }
    const std::optional<double> value = parse_number(word);
    if (!value || !(*value >= least)) {
      fail(fmt::format("{}: {} is {}", what, in_quotes(word), value ? "too small" : "no number"),
           fmt::format("Give a number, at least {}.", shortest(least)));
      return 0;
    }
    return *value;
  }

  std::size_t count(std::string_view what, double most = 1e5, double least = 1) {
    const double value = number(what, least);
    if (good() && (value != std::floor(value) || value > most))
      fail(fmt::format("{}: {} is no whole number up to {}", what, shortest(value), shortest(most)),
           fmt::format("Give one from {}.", shortest(least)));
    return good() ? static_cast<std::size_t>(value) : 0;
  }

  void fail(std::string what, std::string mend) {
    add_error(errors_, {.what = std::move(what),
                        .where = {.file = file_, .line = line_, .column = column_, .field = ""},
                        .mend = std::move(mend)});
  }

 private:
  static bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
  void skip() {
    for (; at_ < text_.size() && blank(text_[at_]); ++at_)
      if (text_[at_] == '\n') {
        ++line_;
        line_begins_ = at_ + 1;
      }
  }

  std::string_view text_;
  std::string file_;
  std::optional<double> capacity_;
  std::size_t at_ = 0, line_begins_ = 0;
  long line_ = 1, column_ = 1;
  Errors errors_;
};

Warehouses read_warehouses(Words& words) {
  Warehouses out;
  const std::size_t sites = words.count("number of sites"), customers = words.count("number of customers");
  for (std::size_t j = 0; j < sites && words.good(); ++j) {
    out.capacity.push_back(words.number("capacity"));
    out.fixed.push_back(words.number("fixed cost"));
  }
  for (std::size_t i = 0; i < customers && words.good(); ++i) {
    out.demand.push_back(words.number("demand"));
    for (std::size_t j = 0; j < sites && words.good(); ++j) out.cost.push_back(words.number("cost"));
  }
  return out;
}

HINTERLAND_LANES
void shorten_by_way(double* from, const double* way, double to_way, std::size_t nodes) {
  if (to_way == kFar) return;
  std::size_t j = 0;
  for (; j + kLanes <= nodes; j += kLanes) {
    Lanes here, there;
    std::memcpy(&here, from + j, sizeof here);
    std::memcpy(&there, way + j, sizeof there);
    here = smaller(here, to_way + there);
    std::memcpy(from + j, &here, sizeof here);
  }
  for (; j < nodes; ++j) from[j] = std::min(from[j], to_way + way[j]);
}

Medians read_medians(Words& words) {
  Medians out;
  const std::size_t n = out.nodes = words.count("number of nodes", kMostNodes);
  const std::size_t edges = words.count("number of edges", kMostNodes * kMostNodes, 0);
  out.medians = words.count("number of medians", kMostNodes);
  if (words.good() && out.medians > n)
    words.fail(fmt::format("{} medians of {} nodes", out.medians, n), "Ask for fewer.");
  if (!words.good()) return out;
  out.distance.assign(n * n, kFar);
  for (std::size_t i = 0; i < n; ++i) out.distance[i * n + i] = 0;
  for (std::size_t k = 0; k < edges && words.good(); ++k) {
    const auto most = static_cast<double>(n);
    const std::size_t a = words.count("node", most), b = words.count("node", most);
    const double length = words.number("length");
    if (words.good() && a != b)
      out.distance[(a - 1) * n + b - 1] = out.distance[(b - 1) * n + a - 1] = length;
  }
  // Floyd 1962, Communications of the ACM 5, 345
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = 0; i < n; ++i)
      shorten_by_way(&out.distance[i * n], &out.distance[k * n], out.distance[i * n + k], n);
  return out;
}

}  // namespace

Expected<OrLibraryProblem> read_orlib(const std::string& file, std::optional<double> capacity) {
  const Expected<std::string> text = read_text(file);
  if (!text) return std::unexpected(text.error());
  return parse_orlib(*text, file, capacity);
}

Expected<OrLibraryProblem> parse_orlib(std::string_view text, const std::string& file,
                                       std::optional<double> capacity) {
  Words words(text, file, capacity);
  const std::string_view first_line = text.substr(0, text.find('\n'));
  std::size_t numbers = 0;
  for (std::size_t k = 0; k < first_line.size(); ++k) {
    const auto blank = [&](std::size_t at) {
      return first_line[at] == ' ' || first_line[at] == '\t' || first_line[at] == '\r';
    };
    if (!blank(k) && (k == 0 || blank(k - 1))) ++numbers;
  }
  OrLibraryProblem out;
  if (numbers == 2)
    out.warehouses = read_warehouses(words);
  else if (numbers == 3)
    out.medians = read_medians(words);
  else
    words.fail(fmt::format("the first line has {} numbers", numbers),
               "Warehouses begin with two (sites, customers), medians with three (nodes, edges, medians).");
  if (words.good() && !words.done())
    words.fail("the file goes on after its last number", "Are its first numbers right?");
  if (!words.good()) return std::unexpected(words.errors());
  return out;
}

}  // namespace hinterland
