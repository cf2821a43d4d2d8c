#include "hinterland/base/error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

namespace hinterland {

void add_error(Errors& errors, Error error) {
  if (errors.size() < kMostErrors) {
    errors.push_back(std::move(error));
    return;
  }
  // The last entry of another list that overflowed speaks of as many as it counts.
  const std::size_t count = std::max(error.not_shown, std::size_t{1});
  if (errors.size() == kMostErrors)
    errors.push_back(
        {.what = "More like these are not shown.", .where = {.file = error.where.file}, .mend = ""});
  errors.back().not_shown += count;
}

void add_errors(Errors& errors, const Errors& more) {
  for (const Error& error : more) add_error(errors, error);
}

std::unexpected<Errors> failure(Error error) { return std::unexpected(Errors{std::move(error)}); }

std::string describe(const Error& error) {
  if (error.not_shown > 0)
    return fmt::format("{}: {} more problem(s) like these are not shown.", error.where.file, error.not_shown);
  std::string text = error.where.file;
  if (error.where.line > 0) text += fmt::format(":{}", error.where.line);
  if (error.where.line > 0 && error.where.column > 0) text += fmt::format(":{}", error.where.column);
  if (!text.empty()) text += ": ";
  if (!error.where.field.empty()) text += error.where.field + ": ";
  text += error.what;
  if (!error.mend.empty()) text += (text.ends_with('.') ? " " : ". ") + error.mend;
  return text;
}

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_name(std::string_view wanted, const std::vector<std::string>& known) {
  if (wanted.size() > 200) return {};
  std::string best;
  std::size_t least = std::max(wanted.size() / 3, std::size_t{2}) + 1;
  for (const std::string& name : known) {
    const std::size_t distance = edit_distance(wanted, name);
    if (distance < least) {
      least = distance;
      best = name;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& known,
                         std::string_view otherwise) {
  const std::string near = nearest_name(wanted, known);
  if (!near.empty()) return fmt::format("Did you mean {}?", near);
  if (!otherwise.empty()) return std::string(otherwise);
  return known.empty() ? "There is none." : fmt::format("Known: {}.", fmt::join(known, ", "));
}

namespace {

// At most `most` bytes, and not a part of a character: bytes 10xxxxxx go on with one.
std::string shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return std::string(text.substr(0, most)) + "...";
}

}  // namespace

std::string in_quotes(std::string_view text) { return fmt::format("'{}'", shortened(text, 40)); }

Location at_flag(std::string_view flag, std::string_view text) {
  return {.file = fmt::format("{} {}", flag, shortened(text, 80))};
}

}  // namespace hinterland
