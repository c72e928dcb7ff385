#include "json/string.hpp"

#include <gtest/gtest.h>

namespace lavapp::json {
namespace {

std::string meaning(std::string_view escaped) {
  std::string out = "what was there";
  return unescape(escaped, out) ? out : "refused";
}

TEST(Unescape, KnowsTheEscapesOfRfc8259) {
  EXPECT_EQ(meaning(""), "");
  EXPECT_EQ(meaning("plain \xC3\xA9"), "plain \xC3\xA9");
  EXPECT_EQ(meaning(R"(\"\\\/\b\f\n\r\t)"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(meaning(R"(a\u0041\u00e9\u20AC)"), "aA\xC3\xA9\xE2\x82\xAC");
  EXPECT_EQ(meaning(R"(\ud83c\udfb5)"), "\xF0\x9F\x8E\xB5");
}

TEST(Unescape, PutsTheReplacementCharacterForHalfAPair) {
  EXPECT_EQ(meaning(R"(\ud83c)"), "\xEF\xBF\xBD");
  EXPECT_EQ(meaning(R"(\udfb5x)"), "\xEF\xBF\xBDx");
  EXPECT_EQ(meaning(R"(\ud83c\u0041)"), "\xEF\xBF\xBD\x41");
}

TEST(Unescape, RefusesOthers) {
  for (const char* wrong : {R"(\)", R"(\x)", R"(\u12)", R"(\u12g4)", R"(a\')"}) EXPECT_EQ(meaning(wrong), "refused") << wrong;
}

}  // namespace
}  // namespace lavapp::json
