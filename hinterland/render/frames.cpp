#include "hinterland/render/frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

struct Span {
  std::int64_t first = 0, last = 0, step = 1;
  [[nodiscard]] std::int64_t count() const {
    const bool none = step > 0 ? last < first : last > first;
    return none ? 0 : (last - first) / step + 1;
  }
};

class Reader {
 public:
  Reader(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  Expected<Frames> read() {
    std::vector<Span> spans;
    std::int64_t count = 0;
    for (std::size_t at = 0; at <= text_.size();) {
      const std::size_t end = std::min(text_.find(',', at), text_.size());
      const auto span = read_part(text_.substr(at, end - at), at);
      if (span) {
        // Counted before any of them is made: 1-99999999 costs nothing to refuse.
        count = std::min<std::int64_t>(count + span->count(), kMostFrames + 1);
        spans.push_back(*span);
        starts_.push_back(at);
      }
      at = end + 1;
    }
    if (errors_.empty() && count > static_cast<std::int64_t>(kMostFrames))
      complain(0, fmt::format("names more than {} frames", kMostFrames), "Render it in parts.");
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    return frames_of(spans, static_cast<std::size_t>(count));
  }

 private:
  void complain(std::size_t at, std::string what, std::string mend) {
    add_error(errors_,
              {.what = std::move(what),
               .where = {.file = where_, .line = 1, .column = static_cast<long>(at) + 1, .field = {}},
               .mend = std::move(mend)});
  }

  std::optional<std::int64_t> number(std::string_view text) const {
    text = trimmed(text);
    if (text.starts_with('+')) return std::nullopt;
    const auto value = parse_integer(text);
    if (!value || std::abs(*value) > kMostFrameNumber) return std::nullopt;
    return value;
  }

  // Whether a number in it has more digits than one may have.
  static bool is_beyond(std::string_view part) {
    std::size_t digits = 0, most = 0;
    for (const char c : part) {
      digits = c >= '0' && c <= '9' ? digits + (c != '0' || digits > 0 ? 1 : 0) : 0;
      most = std::max(most, digits);
    }
    return most > std::to_string(kMostFrameNumber).size();
  }

  std::optional<Span> read_part(std::string_view part, std::size_t at) {
    const auto fail = [&](std::string what, std::string mend) {
      complain(at, std::move(what), std::move(mend));
      return std::nullopt;
    };
    if (trimmed(part).empty())
      return fail("nothing stands here", "Give frames such as 1-100:2,110, with a comma between parts.");
    std::string no_frames = in_quotes(trimmed(part)) + " names no frames";
    if (is_beyond(part))
      no_frames = fmt::format("{} is beyond {}", in_quotes(trimmed(part)), kMostFrameNumber);
    const std::string mend = fmt::format(
        "Give a frame (7), a range (1-100) or a range with a step (1-100:2); numbers up to {} either way.",
        kMostFrameNumber);
    // The dash of a range is the first that does not begin the first number.
    const std::size_t sign = std::min(part.find_first_not_of(kBlanks), part.size());
    const std::size_t dash = part.find('-', sign + 1), colon = part.find(':');
    const auto first = number(part.substr(0, std::min(dash, colon)));
    if (!first || (dash == std::string_view::npos && colon != std::string_view::npos))
      return fail(no_frames, mend);
    if (dash == std::string_view::npos) return Span{.first = *first, .last = *first};
    if (colon < dash) return fail(no_frames, mend);
    const auto last =
        number(part.substr(dash + 1, colon == std::string_view::npos ? colon : colon - dash - 1));
    if (!last) return fail(no_frames, mend);
    Span span{.first = *first, .last = *last};
    if (colon != std::string_view::npos) {
      const auto step = number(part.substr(colon + 1));
      if (!step) return fail(no_frames, mend);
      if (*step == 0) return fail("its step is 0", "Give another, or leave it out: 1-100 goes up by 1.");
      span.step = *step;
    }
    if (span.count() == 0)
      return fail(fmt::format("{} names no frames: it ends before it begins", in_quotes(trimmed(part))),
                  fmt::format("Write {}-{}{}.", span.first, span.last,
                              span.first > span.last ? ":-1" : ", which goes up by 1"));
    return span;
  }

  Expected<Frames> frames_of(const std::vector<Span>& spans, std::size_t count) {
    struct Named {
      Frame frame;
      std::size_t part;
    };
    Frames frames;
    std::vector<Named> sorted;
    frames.reserve(count);
    sorted.reserve(count);
    for (std::size_t part = 0; part < spans.size(); ++part) {
      const Span& span = spans[part];
      for (std::int64_t k = 0; k < span.count(); ++k) {
        const Frame frame{static_cast<std::int32_t>(span.first + k * span.step)};
        frames.push_back(frame);
        sorted.push_back({.frame = frame, .part = part});
      }
    }
    std::ranges::stable_sort(sorted, {}, &Named::frame);
    for (std::size_t k = 1; k < sorted.size(); ++k) {
      if (sorted[k].frame == sorted[k - 1].frame)
        complain(starts_[sorted[k].part], fmt::format("frame {} is there already", sorted[k].frame.number),
                 "Name each frame once.");
    }
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    return frames;
  }

  std::string_view text_;
  std::string where_;
  std::vector<std::size_t> starts_;  // of the parts that are right
  Errors errors_;
};

}  // namespace

Expected<Frames> parse_frames(std::string_view text, const std::string& where) {
  return Reader(text, where).read();
}

std::string frames_text(const Frames& frames) {
  std::string text;
  for (std::size_t at = 0; at < frames.size();) {
    // As many as one step leads through; two that are not neighbours are no range.
    std::size_t end = at + 1;
    std::int64_t step = 0;
    if (end < frames.size()) step = std::int64_t{frames[end].number} - frames[at].number;
    while (end < frames.size() && std::int64_t{frames[end].number} - frames[end - 1].number == step) ++end;
    if (end - at < 3 && step != 1) end = at + 1;
    if (!text.empty()) text += ',';
    text += std::to_string(frames[at].number);
    if (end - at > 1) text += fmt::format("-{}", frames[end - 1].number);
    if (end - at > 1 && step != 1) text += fmt::format(":{}", step);
    at = end;
  }
  return text;
}

}  // namespace hinterland
