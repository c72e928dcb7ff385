#include "discord/members_book.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace lavapp::discord {
namespace {

using nlohmann::json;

MembersRequest everybody() {
  MembersRequest request;
  request.guild_id = 5;
  return request;
}

std::string chunk(const std::string& nonce, int index, int count, int member) {
  return json{{"guild_id", "5"}, {"nonce", nonce}, {"chunk_index", index}, {"chunk_count", count},
              {"members", {{{"user", {{"id", std::to_string(member)}}}}}}, {"not_found", {std::to_string(1'000 + member)}}}
      .dump();
}

TEST(MembersBook, AsksWithANonceOfItsOwn) {
  MembersBook book;
  auto request = everybody();
  request.user_ids = {1, 2};
  const auto one = book.begin(request).value(), two = book.begin(everybody()).value();
  EXPECT_NE(one.nonce, two.nonce);
  EXPECT_LE(two.nonce.size(), MembersBook::kMaxNonce);
  EXPECT_EQ(json::parse(one.payload), json::parse(R"({"op":8,"d":{"guild_id":"5","nonce":")" + one.nonce +
                                                  R"(","presences":false,"user_ids":["1","2"]}})"));
  EXPECT_EQ(json::parse(two.payload)["d"]["query"], "");
  EXPECT_EQ(json::parse(two.payload)["d"]["limit"], 0);
}

TEST(MembersBook, MistakesAreNamed) {
  MembersBook book;
  const auto expect = [&](const char* name, auto&& change) {
    auto request = everybody();
    change(request);
    const auto begun = book.begin(request);
    ASSERT_FALSE(begun) << name;
    EXPECT_TRUE(begun.error() == Errc::invalid_argument);
    EXPECT_EQ(begun.error().message.rfind(name, 0), 0u) << begun.error().message;
  };
  expect("guild_id", [](auto& r) { r.guild_id = 0; });
  expect("user_ids", [](auto& r) { r.user_ids.assign(101, 1); });
  expect("limit", [](auto& r) { r.query = "a"; });
  expect("limit", [](auto& r) { r.limit = 101; });
  EXPECT_TRUE(book.empty());
}

TEST(MembersBook, CollectsChunksInAnyOrderAndTwice) {
  MembersBook book;
  const auto one = book.begin(everybody()).value().nonce, two = book.begin(everybody()).value().nonce;
  EXPECT_FALSE(book.chunk(chunk(one, 2, 3, 12)));
  EXPECT_FALSE(book.chunk(chunk(two, 0, 2, 20)));
  EXPECT_FALSE(book.chunk(chunk(one, 0, 3, 10)));
  EXPECT_FALSE(book.chunk(chunk(one, 0, 3, 10)));
  EXPECT_FALSE(book.chunk(chunk("somebody else's", 1, 3, 11)));
  const auto ended = book.chunk(chunk(one, 1, 3, 11));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->nonce, one);
  ASSERT_EQ(ended->result->members.size(), 3u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(json::parse(ended->result->members[static_cast<std::size_t>(i)].text)["user"]["id"], std::to_string(10 + i));
    EXPECT_EQ(ended->result->not_found[static_cast<std::size_t>(i)], Snowflake(1'010 + i));
  }
  EXPECT_FALSE(book.empty());
  book.forget(two);
  EXPECT_TRUE(book.empty());
}

TEST(MembersBook, AContradictionAndARateLimitEndTheRequestThatTheyName) {
  MembersBook book;
  const auto one = book.begin(everybody()).value().nonce;
  const auto broken = book.chunk(chunk(one, 3, 3, 1));
  ASSERT_TRUE(broken);
  EXPECT_TRUE(broken->result.error() == Errc::bad_payload);

  const auto two = book.begin(everybody()).value().nonce;
  EXPECT_FALSE(book.rate_limited(R"({"opcode":3,"retry_after":1})"));
  const auto limited = book.rate_limited(R"({"opcode":8,"retry_after":2.5,"meta":{"guild_id":"5","nonce":")" + two + "\"}}");
  ASSERT_TRUE(limited);
  EXPECT_EQ(limited->nonce, two);
  EXPECT_TRUE(limited->result.error() == Errc::rate_limited);
  EXPECT_EQ(limited->result.error().retry_after->count(), 2'500);

  const auto three = book.begin(everybody()).value().nonce;
  EXPECT_FALSE(book.rate_limited(R"({"opcode":8,"retry_after":1,"meta":{"guild_id":"6"}})"));
  EXPECT_EQ(book.rate_limited(R"({"opcode":8,"retry_after":1,"meta":{"guild_id":"5"}})")->nonce, three);
}

}  // namespace
}  // namespace lavapp::discord
