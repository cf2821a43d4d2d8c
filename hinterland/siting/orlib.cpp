#include "hinterland/siting/orlib.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "hinterland/base/file.hpp"
#include "hinterland/base/number.hpp"

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
      fail(fmt::format("{} is {}, not {}", in_quotes(word), value ? "too small" : "no number", what),
           fmt::format("Give a number, at least {}.", shortest(least)));
      return 0;
    }
    return *value;
  }

  std::size_t count(std::string_view what, double most = 1e5) {
    const double value = number(what, 1);
    if (good() && (value != std::floor(value) || value > most))
      fail(fmt::format("{} is no {}", shortest(value), what),
           fmt::format("Give a whole number up to {}.", shortest(most)));
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
  const std::size_t sites = words.count("the number of sites"),
                    customers = words.count("the number of customers");
  for (std::size_t j = 0; j < sites && words.good(); ++j) {
    out.capacity.push_back(words.number("a capacity"));
    out.fixed.push_back(words.number("a fixed cost"));
  }
  for (std::size_t i = 0; i < customers && words.good(); ++i) {
    out.demand.push_back(words.number("a demand"));
    for (std::size_t j = 0; j < sites && words.good(); ++j) out.cost.push_back(words.number("a cost"));
  }
  return out;
}

Medians read_medians(Words& words) {
  Medians out;
  const std::size_t n = out.nodes = words.count("the number of nodes", kMostNodes);
  const std::size_t edges = words.count("the number of edges", kMostNodes * kMostNodes);
  out.medians = words.count("the number of medians", kMostNodes);
  if (words.good() && out.medians > n)
    words.fail(fmt::format("{} medians of {} nodes", out.medians, n), "Ask for fewer.");
  if (!words.good()) return out;
  out.distance.assign(n * n, kFar);
  for (std::size_t i = 0; i < n; ++i) out.distance[i * n + i] = 0;
  for (std::size_t k = 0; k < edges && words.good(); ++k) {
    const auto most = static_cast<double>(n);
    const std::size_t a = words.count("node", most), b = words.count("node", most);
    const double length = words.number("a length");
    if (words.good() && a != b)
      out.distance[(a - 1) * n + b - 1] = out.distance[(b - 1) * n + a - 1] = length;
  }
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        out.distance[i * n + j] =
            std::min(out.distance[i * n + j], out.distance[i * n + k] + out.distance[k * n + j]);
  return out;
}

LocationAnswer answer(const ProgramSolution& solution, const std::vector<LinearProgram::Column>& sites) {
  LocationAnswer out{
      .end = solution.end, .objective = solution.objective, .bound = solution.bound, .open = {}};
  if (solution.columns.empty()) return out;
  for (std::size_t j = 0; j < sites.size(); ++j)
    if (solution.columns[static_cast<std::size_t>(sites[j])] > 0.5) out.open.push_back(j);
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

LocationAnswer solve(const Warehouses& problem, double gap, double seconds) {
  LinearProgram program;
  const std::size_t sites = problem.capacity.size();
  std::vector<LinearProgram::Column> open;
  std::vector<LinearProgram::Row> capacity;
  for (std::size_t j = 0; j < sites; ++j) {
    open.push_back(program.add_column(problem.fixed[j], 0, 1, true));
    capacity.push_back(program.add_row(-kFar, 0));
    program.put(capacity[j], open[j], -problem.capacity[j]);
  }
  // All that is open together must carry all there is: it follows from the rest, and helps to branch.
  double all = 0;
  for (const double demand : problem.demand) all += demand;
  const auto enough = program.add_row(all, kFar);
  for (std::size_t j = 0; j < sites; ++j) program.put(enough, open[j], problem.capacity[j]);
  for (std::size_t i = 0; i < problem.demand.size(); ++i) {
    const auto served = program.add_row(1, 1);
    for (std::size_t j = 0; j < sites; ++j) {
      const auto x = program.add_column(problem.cost[i * sites + j], 0, 1);
      program.put(served, x, 1);
      program.put(capacity[j], x, problem.demand[i]);
      const auto linked = program.add_row(-kFar, 0);
      program.put(linked, x, 1);
      program.put(linked, open[j], -1);
    }
  }
  return answer(program.solve(gap, seconds), open);
}

LocationAnswer solve(const Medians& problem, double gap, double seconds) {
  LinearProgram program;
  const std::size_t n = problem.nodes;
  // HiGHS takes half the time when the chain of each node comes before what is chosen.
  std::vector<std::pair<LinearProgram::Row, std::size_t>> covers;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<std::size_t> nearest(n);
    for (std::size_t j = 0; j < n; ++j) nearest[j] = j;
    const double* distance = &problem.distance[i * n];
    std::ranges::sort(nearest, {}, [&](std::size_t j) { return std::pair(distance[j], j); });
    // Distance 0 is the node itself, and costs nothing. Of n - medians + 1 nodes one is always chosen.
    LinearProgram::Column before = -1;
    for (std::size_t k = 0; k < n;) {
      const auto row = program.add_row(before < 0 ? 1 : 0, kFar);
      if (before >= 0) program.put(row, before, -1);
      const double here = distance[nearest[k]];
      for (; k < n && distance[nearest[k]] == here; ++k) covers.emplace_back(row, nearest[k]);
      if (k > n - problem.medians) break;
      const double next = distance[nearest[k]];
      before = program.add_column(std::isinf(next) ? 1e12 : next - here, 0, kFar);
      program.put(row, before, 1);
      if (std::isinf(next)) break;
    }
  }
  std::vector<LinearProgram::Column> open;
  const auto chosen =
      program.add_row(static_cast<double>(problem.medians), static_cast<double>(problem.medians));
  for (std::size_t j = 0; j < n; ++j) {
    open.push_back(program.add_column(0, 0, 1, true));
    program.put(chosen, open[j], 1);
  }
  for (const auto& [row, node] : covers) program.put(row, open[node], 1);
  return answer(program.solve(gap, seconds), open);
}

}  // namespace hinterland
