#include "text.hpp"

#include <gtest/gtest.h>

using namespace console;

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width("abc"), 3u);
  EXPECT_EQ(display_width("Björk"), 5u);
  EXPECT_EQ(display_width("夜曲"), 4u);
  EXPECT_EQ(display_width("🎵"), 2u);
  EXPECT_EQ(display_width("e\u0301"), 1u);
  EXPECT_EQ(display_width("ひらがな"), 8u);
  EXPECT_EQ(display_width("한국"), 4u);
}

TEST(DisplayWidth, LeavesColoursOut) { EXPECT_EQ(display_width("\x1b[1mbold\x1b[0m!"), 5u); }

TEST(Fit, LeavesShortTextAlone) {
  EXPECT_EQ(fit("abc", 3), "abc");
  EXPECT_EQ(fit("", 0), "");
}

TEST(Fit, CutsAndSaysSo) {
  EXPECT_EQ(fit("abcdef", 4), "abc…");
  EXPECT_EQ(fit("abcdef", 5, "..."), "ab...");
  EXPECT_EQ(fit("ab cdef", 4), "ab…");  // no space before the ellipsis
}

TEST(Fit, NeverCutsInsideACharacter) {
  const std::string title = "Ünïcödé 夜曲 🎵 e\u0301e\u0301 👩\u200D🎤 end";
  for (std::size_t width = 0; width <= display_width(title) + 1; ++width) {
    const auto cut = fit(title, width);
    EXPECT_LE(display_width(cut), width);
    EXPECT_EQ(printable(cut), cut) << "broken UTF-8 at width " << width;
  }
}

TEST(Fit, KeepsWideCharactersWhole) {
  EXPECT_EQ(fit("夜曲夜曲", 5), "夜曲…");
  EXPECT_EQ(fit("夜曲夜曲", 6), "夜曲…");
  EXPECT_EQ(fit("夜曲夜曲", 2), "…");
}

TEST(Fit, KeepsMarksAndJoinedCharactersWithTheirBase) {
  EXPECT_EQ(fit("e\u0301xyz", 2), "e\u0301…");
  EXPECT_EQ(fit("👩\u200D🎤 singer", 4), "…");  // the pair does not fit
}

TEST(FitEnd, KeepsTheEnd) {
  EXPECT_EQ(fit_end("abcdef", 3), "def");
  EXPECT_EQ(fit_end("a夜曲", 3), "曲");
  EXPECT_EQ(fit_end("abc", 9), "abc");
}

TEST(Printable, TakesEscapesAndControlsOut) {
  EXPECT_EQ(printable("a\x1b[31mb\x07\x7f"), "a[31mb");
  EXPECT_EQ(printable("two\r\nlines\tand tab"), "two lines and tab");
  EXPECT_EQ(printable("a\xC2\x9B"
                      "31mb"),
            "a31mb");                              // CSI as one C1 control
  EXPECT_EQ(printable("abc\u202Edef"), "abcdef");  // would turn the direction of the rest
}

TEST(Printable, ReplacesBrokenUtf8) {
  EXPECT_EQ(printable("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(printable("a\xE5\xA4"), "a\uFFFD\uFFFD");
  EXPECT_EQ(printable("\xC0\x80"), "\uFFFD\uFFFD");            // overlong NUL
  EXPECT_EQ(printable("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
}

TEST(Pad, CountsColumns) {
  EXPECT_EQ(pad("夜", 4), "夜  ");
  EXPECT_EQ(pad("long", 2), "long");
}

TEST(Wrap, BreaksAtSpaces) {
  EXPECT_EQ(wrap("one two three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrap("one two three", 80), (std::vector<std::string>{"one two three"}));
  EXPECT_EQ(wrap("夜曲 夜曲 夜曲", 9), (std::vector<std::string>{"夜曲 夜曲", "夜曲"}));
}

TEST(Wrap, CutsAWordThatIsTooLong) {
  EXPECT_EQ(wrap("a https://example.org/long", 10), (std::vector<std::string>{"a", "https://e…"}));
}

TEST(Wrap, HasAtLeastOneLine) { EXPECT_EQ(wrap("", 10), (std::vector<std::string>{""})); }
