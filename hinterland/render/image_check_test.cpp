// What oiiotool says, read; and the faults of real images.
#include "hinterland/render/image_check.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <filesystem>
#include <fstream>

using namespace hinterland;

namespace {

const char* const kStats =
    "a : b.png                :   64 x   36, 4 channel, uint8 png\n"
    "    Stats Min: 0 0 0 255 (of 255)\n"
    "    Stats Max: 218 48 0 255 (of 255)\n"
    "    Stats NanCount: 0 0 0 0 \n"
    "    Stats InfCount: 0 0 0 0 \n"
    "    Constant: No\n";

std::string with(const char* from, const char* to) {
  std::string text = kStats;
  return text.replace(text.find(from), std::strlen(from), to);
}

ImageFacts facts(const std::string& text) {
  const auto read = parse_image_stats(text, "a.png");
  REQUIRE(read.has_value());
  return *read;
}

// A portable float map, as the machine has its numbers.
void write_map(const std::filesystem::path& file, std::initializer_list<float> values) {
  std::ofstream out(file, std::ios::binary);
  out << "PF\n" << values.size() / 3 << " 1\n-1.0\n";
  for (const float value : values) out.write(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace

TEST_CASE("size, black and what is no number are read from oiiotool's words") {
  CHECK(facts(kStats).size == PixelSize{.width = 64, .height = 36});
  CHECK_FALSE(facts(kStats).black);
  CHECK(facts(kStats).not_finite == 0);
  CHECK(facts(with("218 48 0 255", "0 0 0 255")).black);
  CHECK_FALSE(facts(with("218 48 0 255", "0 0 255")).black);  // of 3 channels all are colours
  CHECK(facts(with("218 48 0 255 (of 255)", "0.000000 0.000000 0.000000 (float)")).black);
  CHECK(facts(with("NanCount: 0 0 0 0", "NanCount: 0 7 0 1")).not_finite == 8);
  CHECK(facts(with("InfCount: 0 0 0 0", "InfCount: 0 0 2 0")).not_finite == 2);
  CHECK_FALSE(facts(with("218 48 0 255 (of 255)", "nan nan nan nan (float)")).black);
}

TEST_CASE("of several parts none may be wrong, and all must be black for the image to be") {
  const std::string second = " subimage  1:   64 x   36, 3 channel, half openexr\n";
  CHECK_FALSE(facts(with("218 48 0 255", "0 0 0 255") + second + "    Stats Max: 1 0 0 (float)\n").black);
  CHECK(facts(kStats + second + "    Stats NanCount: 0 3 0 \n").not_finite == 3);
}

TEST_CASE("other words are none of oiiotool's") {
  for (const std::string& text :
       {std::string(), std::string("a.png : big\n"), with("64 x", "64 by"), with("64 x", "0 x"),
        with("64 x   36", "64 x"), std::string("a.png : 64 x 36, 3 channel, uint8 png"),
        with("    Stats Max", "Stats Max")}) {
    CAPTURE(text);
    CHECK_FALSE(parse_image_stats(text, "a.png").has_value());
  }
}

TEST_CASE("faults, the plainest first") {
  const ImageFacts black{.size = {.width = 64, .height = 36}, .black = true, .not_finite = 1};
  CHECK(fault_of(black, {.size = {.width = 65, .height = 36}}) == FrameFault::wrong_size);
  CHECK(fault_of(black, {.size = {.width = 64, .height = 35}}) == FrameFault::wrong_size);
  CHECK(fault_of(black, {.size = {.width = 64, .height = 36}}) == FrameFault::not_finite);
  const ImageFacts dark{.size = {.width = 64, .height = 36}, .black = true};
  CHECK(fault_of(dark, {}) == FrameFault::black);
  CHECK_FALSE(fault_of(dark, {.size = {}, .may_be_black = true}).has_value());
  for (const FrameFault fault : {FrameFault::missing, FrameFault::unreadable, FrameFault::wrong_size,
                                 FrameFault::not_finite, FrameFault::black})
    CHECK(frame_fault_of(name_of(fault)) == fault);
  CHECK_FALSE(frame_fault_of("dim").has_value());
}

TEST_CASE("real files, with names that oiiotool might take for something else") {
  namespace fs = std::filesystem;
  if (std::system("command -v oiiotool >/dev/null") != 0) {
    MESSAGE("skipped: oiiotool is missing; run tools/setup.sh render test");
    return;
  }
  const fs::path folder = fs::temp_directory_path() / "hinterland-image-check";
  fs::create_directories(folder);
  const fs::path good = folder / "- 图 : a%04d#.pfm", bad = folder / "nan.pfm", black = folder / "black.pfm",
                 cut = folder / "cut.pfm";
  write_map(good, {0.5F, 0, 0, 1, 1, 1});
  write_map(bad, {0.5F, std::numeric_limits<float>::quiet_NaN(), 0, 1, 1, 1});
  write_map(black, {0, 0, 0, 0, 0, 0});
  std::ofstream(cut) << "PF\n2 1\n-1.0\nabc";
  const auto fault = [](const fs::path& file, const ImageWanted& wanted = {}) {
    const auto checked = check_images({file.string()}, wanted);
    REQUIRE(checked.has_value());
    return checked->front();
  };
  CHECK_FALSE(fault(good, {.size = {.width = 2, .height = 1}}).has_value());
  CHECK(fault(good, {.size = {.width = 2, .height = 2}}) == FrameFault::wrong_size);
  CHECK(fault(bad) == FrameFault::not_finite);
  CHECK(fault(black) == FrameFault::black);
  CHECK(fault(cut) == FrameFault::unreadable);
  CHECK(fault(folder / "none.png") == FrameFault::unreadable);
  // Of many each is told as it is told alone, also where one keeps oiiotool from going on.
  for (const bool sound : {true, false}) {
    std::vector<std::string> files;
    Checked alone;
    for (int k = 0; k < 20; ++k) {
      const fs::path& file = k == 17 && !sound ? cut : k % 3 == 0 ? bad : k % 3 == 1 ? black : good;
      files.push_back(file.string());
      alone.push_back(fault(file));
    }
    const auto checked = check_images(files, {});
    REQUIRE(checked.has_value());
    CHECK(*checked == alone);
  }
  fs::remove_all(folder);
}
