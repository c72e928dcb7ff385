#include "discord/etf.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace lavapp::discord {
namespace {

using namespace std::string_literals;
using nlohmann::json;

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out.push_back(static_cast<char>(value));
  return out;
}

// What each of Erlang's terms is written as: the external term format's documentation.
TEST(Etf, EveryTagBecomesJson) {
  const std::pair<std::string, std::string> rows[] = {
      {bytes({131, 97, 255}), "255"},
      {bytes({97, 7}), "7"},  // the version byte may be missing
      {bytes({131, 98, 255, 255, 255, 255}), "-1"},
      {bytes({131, 98, 127, 255, 255, 255}), "2147483647"},
      {bytes({131, 70, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0}), "1.5"},
      {bytes({131, 99}) + "1.50000000000000000000e+00\0\0\0\0\0"s, "1.5"},
      {bytes({131, 70, 0x40, 0, 0, 0, 0, 0, 0, 0}), "2.0"},
      {bytes({131, 100, 0, 3}) + "nil", "null"},
      {bytes({131, 115, 4}) + "true", "true"},
      {bytes({131, 119, 5}) + "false", "false"},
      {bytes({131, 118, 0, 4}) + "null", "null"},
      {bytes({131, 119, 4}) + "idle", "\"idle\""},
      {bytes({131, 104, 2, 97, 1, 97, 2}), "[1,2]"},
      {bytes({131, 105, 0, 0, 0, 1, 106}), "[[]]"},
      {bytes({131, 106}), "[]"},
      {bytes({131, 107, 0, 2, 0, 255}), "[0,255]"},
      {bytes({131, 108, 0, 0, 0, 1, 98, 0, 0, 1, 0, 106}), "[256]"},
      {bytes({131, 109, 0, 0, 0, 3}) + "a\"b", "\"a\\\"b\""},
      {bytes({131, 109, 0, 0, 0, 2, 0xC3, 0xA9}), "\"\xC3\xA9\""},
      {bytes({131, 110, 8, 0, 255, 255, 255, 255, 255, 255, 255, 255}), "18446744073709551615"},
      {bytes({131, 110, 8, 1, 0, 0, 0, 0, 0, 0, 0, 128}), "-9223372036854775808"},
      {bytes({131, 110, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}), "18446744073709551616"},
      {bytes({131, 111, 0, 0, 0, 13, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}), "79228162514264337593543950336"},
      {bytes({131, 110, 0, 0}), "0"},
      {bytes({131, 116, 0, 0, 0, 2, 109, 0, 0, 0, 1}) + "a" + bytes({97, 1, 119, 1}) + "b" + bytes({106}), R"({"a":1,"b":[]})"},
      {bytes({131, 116, 0, 0, 0, 1, 110, 8, 0, 0x15, 0xCD, 0x5B, 7, 0, 0, 0, 2, 106}), R"({"144115188199312661":[]})"},
  };
  for (const auto& [term, text] : rows) {
    const auto result = etf::to_json(term);
    ASSERT_TRUE(result) << text << ": " << result.error().what();
    EXPECT_EQ(*result, text);
  }
}

TEST(Etf, WhatIsBrokenIsNamedWithItsPlace) {
  const std::string broken[] = {
      "",
      bytes({131}),
      bytes({131, 98, 0, 0}),
      bytes({131, 200}),
      bytes({131, 80, 0, 0, 0, 1, 120}),
      bytes({131, 97, 1, 97, 1}),
      bytes({131, 109, 255, 255, 255, 255}),
      bytes({131, 108, 255, 255, 255, 255, 106}),
      bytes({131, 116, 127, 255, 255, 255}),
      bytes({131, 108, 0, 0, 0, 1, 106, 97, 1}),       // an improper list
      bytes({131, 109, 0, 0, 0, 1, 0xFF}),             // not UTF-8
      bytes({131, 70, 0x7F, 0xF0, 0, 0, 0, 0, 0, 0}),  // infinity
      bytes({131, 116, 0, 0, 0, 1, 106, 106}),         // a key that is a list
      bytes({131, 111, 0, 0, 8, 0, 0}) + std::string(2'048, '\1'),
      bytes({131, 110, 128, 0}) + std::string(128, '\xFF'),
      std::string(400, static_cast<char>(104)).replace(0, 1, "\x83"),
  };
  for (const auto& term : broken) {
    const auto result = etf::to_json(term);
    ASSERT_FALSE(result) << *result;
    EXPECT_TRUE(result.error() == Errc::bad_payload);
    EXPECT_NE(result.error().message.find("byte "), std::string::npos);
  }
}

TEST(Etf, WhatComesOutIsBounded) {
  // A thousand bytes, four characters each, twice.
  const auto list = bytes({107, 3, 232}) + std::string(1'000, '\xFF');
  const auto two = bytes({131, 104, 2}) + list + list;
  EXPECT_TRUE(etf::to_json(two, {10'000, 128}));
  EXPECT_TRUE(etf::to_json(two, {3'000, 128}).error() == Errc::bad_payload);
}

TEST(Etf, WhatIsNestedTooDeeplyIsNotSent) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(etf::from_json(nested(200)));
  const auto refused = etf::from_json(nested(1'000'000));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), Errc::invalid_argument);
}

TEST(Etf, JsonGoesThereAndBack) {
  const std::string texts[] = {
      R"({"op":2,"d":{"token":"t","shard":[0,1],"intents":129,"compress":false,"presence":null}})",
      R"([0,1,-1,255,256,2147483647,2147483648,-2147483648,-2147483649,9223372036854775807,-9223372036854775808,18446744073709551615])",
      R"([1.5,-0.25,1e300,0.0])",
      R"({"":"","a":{"b":{"c":[[],{},[[]]]}},"text":"\u00e9\n\"\ud83d\ude00"})",
      "null",
      "[]",
      R"("plain")",
  };
  for (const auto& text : texts) {
    const auto term = etf::from_json(text);
    ASSERT_TRUE(term) << text;
    EXPECT_EQ(static_cast<unsigned char>(term->front()), 131);
    const auto back = etf::to_json(*term);
    ASSERT_TRUE(back) << back.error().what();
    EXPECT_EQ(json::parse(*back), json::parse(text)) << *back;
  }
  EXPECT_TRUE(etf::from_json("{").error() == Errc::invalid_argument);
}

TEST(Etf, ScanReadsTheEnvelopeInAnyOrderAndLeavesTheRest) {
  const auto payload = json{{"op", 0}, {"s", 70'000}, {"t", "READY"}, {"d", {{"v", 10}, {"guilds", {1, 2, 3}}}}, {"_trace", {"x"}}};
  const auto term = etf::from_json(payload.dump()).value();
  const auto envelope = etf::scan(term).value();
  EXPECT_EQ(envelope.op, 0);
  EXPECT_EQ(envelope.s, 70'000u);
  EXPECT_EQ(envelope.t, "READY");
  EXPECT_EQ(json::parse(etf::to_json(envelope.d).value()), payload["d"]);

  const auto ack = etf::scan(etf::from_json(R"({"t":null,"s":null,"op":11,"d":null})").value()).value();
  EXPECT_EQ(ack.op, 11);
  EXPECT_FALSE(ack.s);
  EXPECT_EQ(ack.t, "");
  const auto atoms = bytes({131, 116, 0, 0, 0, 2, 119, 2}) + "op" + bytes({97, 10, 119, 1}) + "d" + bytes({106});
  EXPECT_EQ(etf::scan(atoms).value().op, 10);
  for (const std::string text : {"[]", "{}", R"({"op":-1})", R"({"op":"0"})", R"({"op":0,"s":-1})", R"({"op":0,"s":"1"})"}) {
    EXPECT_FALSE(etf::scan(etf::from_json(text).value())) << text;
  }
}

}  // namespace
}  // namespace lavapp::discord
