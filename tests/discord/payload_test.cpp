#include "discord/payload.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace lavapp::discord {
namespace {

/// Text with something behind it that must not matter.
class Padded {
 public:
  explicit Padded(std::string_view text, char behind = '}') : size_(text.size()), bytes_(text) {
    bytes_.append(PayloadReader::kPadding, behind);
  }
  std::string_view text() const { return std::string_view(bytes_).substr(0, size_); }

 private:
  std::size_t size_;
  std::string bytes_;
};

struct Read {
  Op op = Op::dispatch;
  std::optional<std::uint64_t> s;
  std::string t, d;
  bool by_its_front = false;
};

Read read(std::string_view text, char behind = '}') {
  const Padded padded(text, behind);
  PayloadReader reader;
  const auto payload = reader.read(padded.text(), Encoding::json);
  EXPECT_TRUE(payload) << text << ": " << payload.error().what();
  if (!payload) return {};
  Read result{payload->op, payload->s, std::string(payload->t), std::string(payload->d), !payload->unread.empty()};
  if (result.by_its_front) {
    EXPECT_TRUE(payload->d.empty());
    const auto d = find_d(payload->unread);
    EXPECT_TRUE(d) << text << ": " << d.error().what();
    if (d) result.d = *d;
  }
  return result;
}

std::string refused(std::string_view text) {
  const Padded padded(text);
  PayloadReader reader;
  const auto payload = reader.read(padded.text(), Encoding::json);
  EXPECT_FALSE(payload) << text;
  if (payload) return {};
  EXPECT_TRUE(payload.error() == Errc::bad_payload);
  return payload.error().message;
}

TEST(PayloadReader, AnEventIsToldByItsFront) {
  const auto event = read(R"({"t":"MESSAGE_CREATE","s":18446744073709551615,"op":0,"d":{"content":"hello"}})");
  EXPECT_TRUE(event.by_its_front);
  EXPECT_EQ(event.op, Op::dispatch);
  EXPECT_EQ(event.s, 18446744073709551615u);
  EXPECT_EQ(event.t, "MESSAGE_CREATE");
  EXPECT_EQ(event.d, R"({"content":"hello"})");
}

/// In each order, with what looks like members inside of `d` and behind it.
TEST(PayloadReader, MembersMayComeInAnyOrder) {
  const std::string d = R"({"op":5,"t":"NOT_THIS","s":6,"d":{"d":[1,"}"]},"text":"\\\"},\"op\":7,\"d\":{","e":"\u00e9"})";
  std::vector<std::string> members{R"("t":"A_B")", R"("s":3)", R"("op":0)", R"("d":)" + d, R"("x":{"op":8,"d":[]})"};
  std::sort(members.begin(), members.end());
  int by_their_front = 0;
  do {
    std::string text;
    for (const auto& member : members) text += (text.empty() ? "{" : ",") + member;
    const auto event = read(text + "}");
    EXPECT_EQ(event.op, Op::dispatch) << text;
    EXPECT_EQ(event.s, 3u) << text;
    EXPECT_EQ(event.t, "A_B") << text;
    EXPECT_EQ(event.d, d) << text;
    if (event.by_its_front) ++by_their_front;
  } while (std::next_permutation(members.begin(), members.end()));
  EXPECT_EQ(by_their_front, 6);  // t, s and op in front, then d, then x
}

TEST(PayloadReader, WhatIsWrittenInAnotherWayIsTheSame) {
  for (const auto* text : {
           "{\"t\": \"AB\", \"s\": 3, \"op\": 0, \"d\": [1, 2]}",
           " {\"t\":\"AB\",\"s\":3,\"op\":0,\"d\":[1, 2]}",
           "{\"t\":\"AB\",\"s\":3,\"op\":0,\"d\":[1, 2]}\n",
           "{\"t\":\"\\u0041B\",\"s\":3,\"op\":0,\"d\":[1, 2]}",
           "{\"\\u0074\":\"AB\",\"s\":3,\"op\":0,\"d\":[1, 2]}",
           "{\"t\":\"AB\",\"s\":3,\"op\":0,\"\\u0064\":[1, 2]}",
       }) {
    const auto event = read(text);
    EXPECT_EQ(event.t, "AB") << text;
    EXPECT_EQ(event.s, 3u) << text;
    EXPECT_EQ(event.d, "[1, 2]") << text;
  }
}

TEST(PayloadReader, DataOfAnyKindEndsWhereItDoes) {
  for (const auto* d : {"{}", "[]", "null", "true", "-1.5e3", "\"text\"", "\"\\\\\"", "{\"a\":[{},{}]}", "\"}\""}) {
    EXPECT_EQ(read(std::string(R"({"t":"A","s":1,"op":0,"d":)") + d + "}").d, d);
    EXPECT_EQ(read(std::string(R"({"t":"A","s":1,"op":0,"d":)") + d + R"(,"z":1})").d, d);
    EXPECT_EQ(read(std::string(R"({"op":9,"d":)") + d + "}").d, d);
  }
}

TEST(PayloadReader, SpacesBehindTheDataAreNotPartOfIt) {
  for (const std::string d : {R"({"a":[1]})", "[{}]", "12", "\"x\"", "null"}) {
    for (const std::string behind : {"\n\n \t}", "  ,\"z\":1}"}) {
      EXPECT_EQ(read(R"({"t":"X","s":1,"op":0,"d":)" + d + behind).d, d) << behind;
      EXPECT_EQ(read(R"({"op":9,"d":)" + d + behind).d, d) << behind;
    }
  }
}

TEST(PayloadReader, WhatLiesBehindTheTextDoesNotMatter) {
  for (const char behind : {'}', '"', '{', '0', '\\', ',', '\0', '\xFF'}) {
    EXPECT_EQ(read(R"({"t":"A","s":1,"op":0,"d":{"a":"b"}})", behind).d, R"({"a":"b"})");
    EXPECT_EQ(read(R"({"op":1,"d":12})", behind).d, "12");
  }
}

TEST(PayloadReader, PayloadsThatAreNoEvents) {
  EXPECT_EQ(read(R"({"op":11})").op, Op::heartbeat_ack);
  const auto hello = read(R"({"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}})");
  EXPECT_EQ(hello.op, Op::hello);
  EXPECT_FALSE(hello.s);
  EXPECT_EQ(hello.t, "");
  EXPECT_FALSE(hello.by_its_front);
  EXPECT_EQ(read(R"({"t":"A","s":1,"op":7,"d":null})").op, Op::reconnect);
}

TEST(PayloadReader, WhatCannotBeReadIsRefused) {
  EXPECT_EQ(refused(""), "an empty payload");
  EXPECT_EQ(refused(R"({"t":"A","s":1})"), "op is missing");
  EXPECT_EQ(refused(R"({"t":"A","s":1,"op":-1,"d":{}})"), "op must be a number");
  EXPECT_EQ(refused(R"({"t":"A","s":1,"op":"0","d":{}})"), "op must be a number");
  EXPECT_EQ(refused(R"({"t":"A","s":1.5,"op":0,"d":{}})"), "s must be a number");
  EXPECT_EQ(refused(R"({"t":"A","s":1e3,"op":0,"d":{}})"), "s must be a number");
  EXPECT_EQ(refused(R"({"t":"A","s":18446744073709551616,"op":0,"d":{}})"), "s must be a number");
  EXPECT_EQ(refused(R"({"t":5,"s":1,"op":0,"d":{}})"), "t must be a string");
  for (const auto* text : {"[]", "{", "}", "nothing", R"({"t":"A","s":1,"op":0,"d":{"a":)", R"({"t":"A,"s":1,"op":0,"d":{}})",
                           R"({"t":"A" "s":1,"op":0,"d":{}})", R"({"op":0,"d":"\"})"}) {
    EXPECT_NE(refused(text), "") << text;
  }
}

TEST(PayloadReader, BrokenDataShowsWhenItIsAskedFor) {
  const Padded padded(R"({"t":"A","s":1,"op":0,"d":{"a":"no end})");
  PayloadReader reader;
  const auto event = reader.read(padded.text(), Encoding::json);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->s, 1u);
  const auto d = find_d(event->unread);
  ASSERT_FALSE(d);
  EXPECT_TRUE(d.error() == Errc::bad_payload);
  EXPECT_EQ(Dispatch("A", 1, event->unread, Dispatch::Holds::payload).data(), "null");
}

TEST(PayloadReader, TheIdOfAGuildIsFound) {
  const auto id_in = [](std::string_view d) {
    const Padded padded(R"({"t":"GUILD_CREATE","s":1,"op":0,"d":)" + std::string(d) + "}");
    return find_id(padded.text());
  };
  EXPECT_EQ(id_in(R"({"id":"5","name":"x"})").value(), Snowflake(5));
  EXPECT_EQ(id_in(R"({"owner":{"id":"9"},"roles":[{"id":"8"}],"name":"\"id\":\"7\"","id":"5"})").value(), Snowflake(5));
  EXPECT_EQ(id_in(R"({"id":1234567890123456789})").value(), Snowflake(1234567890123456789));
  for (const auto* d : {"{}", "[]", "null", R"({"id":"five"})", R"({"id":null})", R"({"id":-1})", R"({"i":)"}) {
    const auto id = id_in(d);
    ASSERT_FALSE(id) << d;
    EXPECT_TRUE(id.error() == Errc::bad_payload);
  }
  const Padded none(R"({"op":0})");
  EXPECT_FALSE(find_id(none.text()));
}

TEST(Dispatch, ItsDataIsLookedForWhenItIsAskedFor) {
  const Padded payload(R"({"t":"A","s":4,"op":0,"d":{"a":[1]}})");
  const Dispatch unread("A", 4, payload.text(), Dispatch::Holds::payload);
  EXPECT_EQ(unread.data(), R"({"a":[1]})");
  EXPECT_EQ(unread.raw(), R"({"a":[1]})");
  const Dispatch text("A", 4, "[2]", Dispatch::Holds::json);
  EXPECT_EQ(text.raw(), "[2]");
  EXPECT_EQ(text.data(), "[2]");
  const Dispatch term("A", 4, "\x61\x07", Dispatch::Holds::term);
  EXPECT_EQ(term.raw(), "\x61\x07");
  EXPECT_EQ(term.data(), "7");
}

}  // namespace
}  // namespace lavapp::discord
