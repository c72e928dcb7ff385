#include "websocket/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace lavapp::websocket {
namespace {

// One to four bytes a character, at both ends of each range.
const std::string kGood =
    "k\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF plain again";

TEST(Utf8Checker, AcceptsTextCutAnywhere) {
  for (std::size_t a = 0; a <= kGood.size(); ++a) {
    for (std::size_t b = a; b <= kGood.size(); ++b) {
      Utf8Checker checker;
      const std::string_view text(kGood);
      EXPECT_TRUE(checker.feed(text.substr(0, a)) && checker.feed(text.substr(a, b - a)) &&
                  checker.feed(text.substr(b)) && checker.finish());
    }
  }
}

TEST(Utf8Checker, RefusesAtTheFirstImpossibleByte) {
  // Each is wrong at its last byte and not before.
  for (const std::string bad : {"\x80", "\xC0", "\xC1", "\xF5", "\xFF", "\xC2\x41", "\xE0\x9F", "\xED\xA0",
                                "\xE1\x80\x41", "\xF0\x8F", "\xF4\x90", "\xF1\x80\x80\xC0", "a\xE2\x82\x41"}) {
    EXPECT_FALSE(valid_utf8(bad));
    Utf8Checker whole;
    EXPECT_FALSE(whole.feed(bad));
    Utf8Checker bytewise;
    for (std::size_t i = 0; i + 1 < bad.size(); ++i) EXPECT_TRUE(bytewise.feed({&bad[i], 1}));
    EXPECT_FALSE(bytewise.feed({&bad.back(), 1}));
  }
}

TEST(ValidUtf8, SeesABadByteWhereverItStandsInTextOfAnyLength) {
  for (const std::size_t size : {1u, 7u, 8u, 9u, 63u, 64u, 65u, 200u, 2'047u, 2'048u, 2'049u}) {
    std::string text(size, 'x');
    EXPECT_TRUE(valid_utf8(text)) << size;
    for (std::size_t i = 0; i < size; ++i) {
      text[i] = '\xFF';
      EXPECT_FALSE(valid_utf8(text)) << size << " at " << i;
      text[i] = 'x';
      if (i + 1 == size) break;
      text.replace(i, 2, "\xC3\xA9");
      EXPECT_TRUE(valid_utf8(text)) << size << " at " << i;
      text.replace(i, 2, "xx");
    }
  }
}

TEST(Utf8Checker, RefusesTextThatEndsInsideACharacter) {
  Utf8Checker checker;
  EXPECT_TRUE(checker.feed("a\xF0\x9F\x98"));
  EXPECT_FALSE(checker.finish());
  EXPECT_TRUE(checker.feed("fresh"));
  EXPECT_TRUE(checker.finish());
}

}  // namespace
}  // namespace lavapp::websocket
