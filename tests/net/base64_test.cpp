#include "net/base64.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace lavapp::net {
namespace {

TEST(Base64, ComesBackWithPaddingAndWithout) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    auto text = base64(bytes);
    EXPECT_EQ(text.size() % 4, 0U);
    EXPECT_EQ(from_base64(text), bytes);
    text.erase(std::min(text.find('='), text.size()));
    EXPECT_EQ(from_base64(text), bytes);
    bytes += static_cast<char>(i);
  }
}

TEST(Base64, KnowsTheExamplesOfRfc4648) {
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(from_base64("Zm9vYmE="), "fooba");
  EXPECT_EQ(from_base64("Zm9vYmFy"), "foobar");
  EXPECT_EQ(from_base64(""), "");
}

TEST(Base64, EveryCharacterOfTheAlphabetHasItsNumberAndNoOtherIsOne) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int i = std::numeric_limits<char>::min(); i <= std::numeric_limits<char>::max(); ++i) {
    const auto c = static_cast<char>(i);
    if (c == '=') continue;
    const auto number = alphabet.find(c);
    std::optional<std::string> expected;
    if (number != std::string::npos) expected = std::string{'\0', '\0', static_cast<char>(number)};
    EXPECT_EQ(from_base64(std::string("AAA") + c), expected) << i;
  }
}

TEST(Base64, RefusesOtherCharactersAndLengths) {
  for (const auto* text : {"A", "AAAAA", "!!!", "AA-_", "AAAA----", "\xFF\xFF\xFF\xFF"})
    EXPECT_FALSE(from_base64(text)) << text;
  EXPECT_FALSE(from_base64(std::string_view("AA\0A", 4)));
}

TEST(Base64, RefusesPaddingThatIsNotDue) {
  for (const auto* text :
       {"=", "==", "A=", "A==", "A===", "AAA==", "AA=", "AAAA=", "AAAA====", "AA=A", "=AAA", "AAA=AAAA"}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

TEST(Base64, RefusesWhiteSpace) {
  for (const auto* text : {" AAAA", "AAAA ", "    AAAA", "AAAA\n", "AAAA\r\n", "AA\nAA", "AAAA\n\n\n\n"}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

TEST(Base64, RefusesBitsBehindTheLastByte) {
  EXPECT_EQ(from_base64("YQ=="), "a");
  EXPECT_FALSE(from_base64("YR=="));
  EXPECT_FALSE(from_base64("YR"));
  EXPECT_EQ(from_base64("YWI="), "ab");
  EXPECT_FALSE(from_base64("YWJ="));
}

}  // namespace
}  // namespace lavapp::net
