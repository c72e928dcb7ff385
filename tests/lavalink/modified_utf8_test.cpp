#include "lavalink/modified_utf8.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "core/unicode.hpp"

namespace lavapp::lavalink {
namespace {

std::string utf8(std::uint32_t point) {
  std::string text;
  append_utf8(point, text);
  return text;
}

TEST(ModifiedUtf8, WritesNulInTwoBytesAndPairsOfSurrogatesInSix) {
  EXPECT_EQ(to_modified_utf8(std::string_view("a\0b", 3)),
            "a\xC0\x80"
            "b");
  EXPECT_EQ(to_modified_utf8("\xF0\x9F\x8E\xB5"), "\xED\xA0\xBC\xED\xBE\xB5");  // U+1F3B5
  EXPECT_EQ(to_modified_utf8("Grüße, 音楽"), "Grüße, 音楽");
  EXPECT_EQ(to_modified_utf8(""), "");
}

TEST(ModifiedUtf8, EveryCodePointComesBack) {
  for (std::uint32_t point = 0; point <= 0x10FFFF; ++point) {
    const auto text = utf8(point);
    const auto bytes = to_modified_utf8(text);
    ASSERT_TRUE(bytes) << point;
    ASSERT_EQ(from_modified_utf8(*bytes), text) << point;
  }
}

TEST(ModifiedUtf8, HalfAPairAloneStaysItsThreeBytes) {
  for (const std::string text : {"\xED\xA0\xBC", "\xED\xBE\xB5", "\xED\xBE\xB5\xED\xA0\xBC", "\xED\xA0\xBC\xED\xA0\xBC",
                                 "\xED\xA0\xBC.\xED\xBE\xB5"}) {
    EXPECT_EQ(to_modified_utf8(text), text);
    EXPECT_EQ(from_modified_utf8(text), text);
  }
  EXPECT_EQ(from_modified_utf8("\xED\xA0\xBC\xED\xA0\xBC\xED\xBE\xB5"), "\xED\xA0\xBC\xF0\x9F\x8E\xB5");
}

TEST(ModifiedUtf8, RefusesWhatJavaDoesNotWrite) {
  const std::vector<std::string> bad = {
      std::string(1, '\0'),  // U+0000 in one byte
      "\xC0\x81",            // overlong
      "\xC1\xBF",
      "\xE0\x80\x80",
      "\xE0\x9F\xBF",
      "\xF0\x9F\x8E\xB5",  // four bytes
      "\xF8\x88\x80\x80\x80",
      "\xFF",
      "\x80",  // no beginning
      "\xBF\xBF",
      "\xC3",  // no end
      "\xC3(",
      "\xE2\x82",
      "\xE2\x82(",
      "\xE2(\xA1",
      "\xC0",
  };
  for (const auto& bytes : bad) {
    EXPECT_FALSE(from_modified_utf8(bytes)) << testing::PrintToString(bytes);
    EXPECT_FALSE(from_modified_utf8("text" + bytes + "more")) << testing::PrintToString(bytes);
  }
}

TEST(ModifiedUtf8, IsMadeOfUtf8Only) {
  for (const std::string text :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF",
        "\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x8E", "\xED\xA0\xBC\xED\xBE\xB5"}) {
    EXPECT_FALSE(to_modified_utf8(text)) << testing::PrintToString(text);
    EXPECT_FALSE(to_modified_utf8("text" + text)) << testing::PrintToString(text);
  }
}

TEST(ModifiedUtf8, PrintsHalfAPairAsAQuestionMark) {
  EXPECT_EQ(printable("a\xED\xA0\xBC"
                      "b\xED\xBE\xB5\xED\xA0\xBC"),
            "a?b??");
  EXPECT_EQ(printable("\xED\x9F\xBF is U+D7FF, \xEE\x80\x80 is U+E000"),
            "\xED\x9F\xBF is U+D7FF, \xEE\x80\x80 is U+E000");
  EXPECT_EQ(printable("\xF0\x9F\x8E\xB5"), "\xF0\x9F\x8E\xB5");
  EXPECT_EQ(printable("cut short: \xED\xA0"), "cut short: \xED\xA0");
}

/// Were the rest of the text moved for each of them, it would take a minute.
TEST(ModifiedUtf8, PrintsAMillionHalvesInATimeThatGrowsWithTheirNumberOnly) {
  constexpr std::size_t kHalves = 1'000'000;
  std::string text;
  for (std::size_t i = 0; i < kHalves; ++i) text += "\xED\xA0\xBC";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(printable(text), std::string(kHalves, '?'));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace lavapp::lavalink
