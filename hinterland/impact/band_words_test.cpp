// Bands and money as a planner reads them.
#include "hinterland/impact/band_words.hpp"

#include <doctest/doctest.h>

using namespace hinterland;

TEST_CASE("a band stands behind its figure, in both languages; where nothing differs there is none") {
  CHECK(band_words("270", "231", "291") == Words{"270 (231 to 291)", "270（231 至 291）"});
  CHECK(band_words("190", "190", "190") == Words{"190", "190"});
  CHECK(band_words(Words{"4.12 billion", "41.2 亿"}, Words{"1 billion", "10 亿"},
                   Words{"6.01 billion", "60.1 亿"}) ==
        Words{"4.12 billion (1 billion to 6.01 billion)", "41.2 亿（10 亿 至 60.1 亿）"});
}

TEST_CASE("money is written in words from a million on") {
  CHECK(money_in_words(532.3e9).en == "532 billion");
  CHECK(money_in_words(532.3e9).zh == "5323 亿");
  CHECK(money_in_words(-1.28e9).en == "-1.28 billion");
  CHECK(money_in_words(1.01e14).en == "101 trillion");
  CHECK(money_in_words(999.9e6).en == "1 billion");
  CHECK(money_in_words(16e6).en == "16 million");
  CHECK(money_in_words(0).en == "0");
}
