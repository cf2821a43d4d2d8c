#include "hinterland/render/image_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <vector>

#include "hinterland/base/number.hpp"
#include "hinterland/executor/run_program.hpp"
#include "hinterland/render/tool_environment.hpp"

namespace hinterland {

namespace {

constexpr std::int64_t kPatienceMs = 300'000;  // for one image, however large
constexpr std::array kNames = {"missing", "unreadable", "wrong size", "not finite", "black"};

std::unexpected<Errors> no_stats(const std::string& file, std::string what) {
  return failure({.what = std::move(what),
                  .where = {.file = file},
                  .mend = "Is oiiotool that of OpenImageIO 2.4 (Debian: openimageio-tools)?",
                  .outside = true});
}

// Takes a word off the front, whatever blanks stand before it.
std::string_view next_word(std::string_view& text) {
  const std::size_t from = std::min(text.find_first_not_of(' '), text.size());
  const std::size_t to = std::min(text.find(' ', from), text.size());
  const std::string_view word = text.substr(from, to - from);
  text.remove_prefix(to);
  return word;
}

// "   64 x   36, 3 channel, uint8 png"
std::optional<PixelSize> size_in(std::string_view text) {
  const auto number = [&](std::string_view word) -> std::optional<std::uint32_t> {
    if (word.ends_with(',')) word.remove_suffix(1);
    const auto value = parse_integer(word);
    if (!value || *value < 1 || *value > UINT32_MAX) return std::nullopt;
    return static_cast<std::uint32_t>(*value);
  };
  const auto width = number(next_word(text));
  if (next_word(text) != "x") return std::nullopt;
  const auto height = number(next_word(text));
  if (!width || !height) return std::nullopt;
  return PixelSize{.width = *width, .height = *height};
}

// Numbers up to what is none: "0 0 0 255 (of 255)".
std::vector<double> numbers_in(std::string_view text) {
  std::vector<double> numbers;
  while (true) {
    const std::string_view word = next_word(text);
    double value = 0;  // also nan and inf, of an image that has no finite value
    const auto read = std::from_chars(word.data(), word.data() + word.size(), value);
    if (word.empty() || read.ec != std::errc{} || read.ptr != word.data() + word.size()) return numbers;
    numbers.push_back(value);
  }
}

bool has_colour(std::vector<double> most) {
  if (most.size() == 2 || most.size() == 4) most.pop_back();
  return std::ranges::any_of(most, [](double value) { return value != 0; });
}

}  // namespace

const char* name_of(FrameFault fault) { return kNames.at(static_cast<std::size_t>(fault)); }

std::optional<FrameFault> frame_fault_of(std::string_view name) {
  for (std::size_t k = 0; k < kNames.size(); ++k) {
    if (kNames.at(k) == name) return static_cast<FrameFault>(k);
  }
  return std::nullopt;
}

Expected<ImageFacts> parse_image_stats(std::string_view text, const std::string& file) {
  ImageFacts facts;
  const std::size_t first = std::min(text.find('\n'), text.size());
  // The name before it may hold anything but what oiiotool puts behind it.
  const std::size_t colon = text.substr(0, first).rfind(" : ");
  const auto size =
      colon == std::string_view::npos ? std::nullopt : size_in(text.substr(colon + 3, first - colon - 3));
  if (!size) return no_stats(file, "What oiiotool says of it has no size.");
  facts.size = *size;
  bool colour = false, counted = false, most = false;
  for (std::size_t at = first; at < text.size();) {
    const std::size_t begin = at + 1, end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(std::min(begin, text.size()), end - std::min(begin, text.size()));
    at = end;
    const auto is = [&](std::string_view label) {
      if (!line.starts_with(label)) return false;
      line.remove_prefix(label.size());
      return true;
    };
    if (is("    Stats Max: ")) {
      most = true;
      colour = colour || has_colour(numbers_in(line));
    } else if (is("    Stats NanCount: ") || is("    Stats InfCount: ")) {
      counted = true;
      for (const double count : numbers_in(line)) {
        if (count >= 1) facts.not_finite += count < 1e18 ? static_cast<std::uint64_t>(count) : 1;
      }
    }
  }
  if (!counted || !most) return no_stats(file, "What oiiotool says of it has no statistics.");
  facts.black = !colour;
  return facts;
}

std::optional<FrameFault> fault_of(const ImageFacts& image, const ImageWanted& wanted) {
  const auto other = [](std::uint32_t has, std::uint32_t asked) { return asked != 0 && has != asked; };
  if (other(image.size.width, wanted.size.width) || other(image.size.height, wanted.size.height))
    return FrameFault::wrong_size;
  if (image.not_finite > 0) return FrameFault::not_finite;
  if (image.black && !wanted.may_be_black) return FrameFault::black;
  return std::nullopt;
}

namespace {

constexpr std::size_t kBatch =
    16;  // images: so that what is looked at again one by one, for one of them, is not much

Expected<ProgramRun> run_oiiotool(std::span<const std::string> files) {
  std::vector<std::string> words{"oiiotool", "--wildcardoff", "-a", "--stats"};
  // A name that begins with a dash is no option behind "./".
  for (const std::string& file : files) words.push_back(file.starts_with('/') ? file : "./" + file);
  auto run =
      run_program(words, tool_environment(), "", kPatienceMs * static_cast<std::int64_t>(files.size()));
  if (!run) {
    run.error().front().mend = "Frames are checked with oiiotool: install openimageio-tools.";
    return run;
  }
  constexpr int no_program = 127;
  if (run->status == no_program) return no_stats(files.front(), "oiiotool does not run: " + run->err);
  constexpr int killed = 128;  // which says nothing of the image: memory ran out, or somebody did it
  if (run->status > killed)
    return no_stats(files.front(), fmt::format("oiiotool was ended by signal {}.", run->status - killed));
  return run;
}

Expected<std::optional<FrameFault>> check_one(const std::string& file, const ImageWanted& wanted) {
  const auto run = run_oiiotool({&file, 1});
  if (!run) return std::unexpected(run.error());
  if (run->status != 0) return FrameFault::unreadable;
  const auto facts = parse_image_stats(run->out, file);
  if (!facts) return std::unexpected(facts.error());
  return fault_of(*facts, wanted);
}

// What is said of each of several images: a line that is not set in begins the next.
std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t begun = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find('\n', at), text.size() - 1) + 1;
    if (next == text.size() || !text.substr(next).starts_with(' ')) {
      parts.push_back(text.substr(begun, next - begun));
      begun = next;
    }
    at = next;
  }
  return parts;
}

// None: one of them is not well enough for oiiotool to go on, or what it says fits none.
Expected<std::optional<Checked>> check_at_once(std::span<const std::string> files,
                                               const ImageWanted& wanted) {
  const auto run = run_oiiotool(files);
  if (!run) return std::unexpected(run.error());
  const auto parts = parts_of(run->out);
  if (run->status != 0 || parts.size() != files.size()) return std::nullopt;
  Checked out;
  for (std::size_t k = 0; k < files.size(); ++k) {
    const auto facts = parse_image_stats(parts[k], files[k]);
    if (!facts) return std::nullopt;
    out.push_back(fault_of(*facts, wanted));
  }
  return out;
}

}  // namespace

Expected<Checked> check_images(const std::vector<std::string>& files, const ImageWanted& wanted) {
  Checked out;
  for (std::size_t at = 0; at < files.size(); at += kBatch) {
    const auto batch = std::span(files).subspan(at, std::min(kBatch, files.size() - at));
    if (batch.size() > 1) {
      const auto all = check_at_once(batch, wanted);
      if (!all) return std::unexpected(all.error());
      if (*all) {
        out.insert(out.end(), (*all)->begin(), (*all)->end());
        continue;
      }
    }
    for (const std::string& file : batch) {
      const auto one = check_one(file, wanted);
      if (!one) return std::unexpected(one.error());
      out.push_back(*one);
    }
  }
  return out;
}

}  // namespace hinterland
