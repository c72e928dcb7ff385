#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include <nlohmann/json.hpp>

#include "lavapp/json.hpp"
#include "lavapp/lavapp.hpp"

namespace lavapp {
namespace {

TEST(Snowflake, ParsesAndPrintsTheDecimalString) {
  EXPECT_EQ(Snowflake::parse("18446744073709551615")->to_string(), "18446744073709551615");
  EXPECT_EQ(Snowflake(170939974227541168).to_string(), "170939974227541168");
  EXPECT_EQ(*Snowflake::parse("0"), Snowflake(0));
  EXPECT_EQ(*Snowflake::parse("00000000000000000000000018"), Snowflake(18));
  for (const char* bad : {"", "-1", "+1", " 1", "1 ", "1a", "18446744073709551616", "18446744073709551620", "98446744073709551615",
                          "100000000000000000000", "1a234567890123456789", "1234567890123456789:"}) EXPECT_FALSE(Snowflake::parse(bad)) << bad;
}

TEST(Snowflake, EachByteAtEachPlaceIsADigitOrRefused) {
  for (std::size_t size = 1; size <= 19; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        auto text = std::string("1234567890987654321").substr(0, size);
        text[at] = static_cast<char>(byte);
        const auto id = Snowflake::parse(text);
        if (byte < '0' || byte > '9') {
          ASSERT_FALSE(id) << text;
        } else {
          ASSERT_TRUE(id) << text;
          ASSERT_EQ(id->value(), std::stoull(text)) << text;
        }
      }
    }
  }
}

TEST(Error, SaysWhatHappenedInOneLine) {
  Error error(Errc::http_status, "Session not found");
  error.http_status = 404;
  error.route = "GET /v4/sessions/x/players";
  EXPECT_EQ(error.what(), "HTTP error (status 404) at GET /v4/sessions/x/players: Session not found");
  EXPECT_TRUE(error == Errc::http_status);
}

TEST(IsFatal, AnyClientErrorButTheThreeThatPass) {
  for (int status : {400, 401, 403, 404, 410, 426, 499}) {
    Error error(Errc::handshake_refused);
    error.http_status = status;
    EXPECT_TRUE(is_fatal(error)) << status;
  }
  for (int status : {200, 301, 408, 425, 429, 500, 502, 503}) {
    Error error(Errc::handshake_refused);
    error.http_status = status;
    EXPECT_FALSE(is_fatal(error)) << status;
  }
  EXPECT_FALSE(is_fatal(Error(Errc::connection_lost)));
  EXPECT_FALSE(is_fatal(Error(Errc::pong_timeout)));
  EXPECT_TRUE(is_fatal(Error(Errc::session_refused)));
  EXPECT_TRUE(is_fatal(Error(Errc::certificate_rejected)));
}

TEST(Result, HoldsAValueOrThrowsItsError) {
  Result<int> good(7);
  EXPECT_EQ(good.value(), 7);
  Result<int> bad(Error(Errc::closed, "gone"));
  EXPECT_FALSE(bad);
  try {
    (void)bad.value();
    FAIL();
  } catch (const Exception& e) {
    EXPECT_TRUE(e.error() == Errc::closed);
    EXPECT_STREQ(e.what(), "closed: gone");
  }
}

TEST(Result, CopiesMovesAndChangesBetweenValueAndError) {
  const Result<std::string> good(std::string(40, 'a')), bad(Error(Errc::closed, std::string(40, 'b')));
  Result<std::string> result(good);
  EXPECT_EQ(*result, *good);
  result = bad;
  EXPECT_EQ(result.error().message, bad.error().message);
  result = good;
  EXPECT_EQ(*result, *good);
  const auto& itself = result;
  result = itself;
  EXPECT_EQ(*result, *good);
  Result<std::string> taken(std::move(result));
  EXPECT_EQ(taken->size(), 40u);
  taken = Result<std::string>(bad);
  EXPECT_TRUE(taken.error() == Errc::closed);
}

TEST(Result, IsOnlyMovedIfItsValueIs) {
  static_assert(!std::is_copy_constructible_v<Result<std::unique_ptr<int>>>);
  static_assert(!std::is_copy_assignable_v<Result<std::unique_ptr<int>>>);
  static_assert(std::is_copy_constructible_v<Result<int>> && std::is_copy_assignable_v<Result<int>>);
  Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
  auto taken = std::move(result);
  EXPECT_EQ(**taken, 7);
  taken = Error(Errc::closed);
  EXPECT_FALSE(taken.has_value());
}

struct Nested {
  std::string name;
  std::vector<Result<Nested>> inner;
};

TEST(Result, TakesAPartOfItself) {
  Result<Nested> result(Nested{std::string(40, 'a'), {}});
  result->inner.push_back(Nested{std::string(40, 'b'), {}});
  result = std::move(result->inner[0]);
  EXPECT_EQ(result->name, std::string(40, 'b'));
  result = std::move(*&result);
  EXPECT_EQ(result->name, std::string(40, 'b'));
}

TEST(Result, DestroysWhatItHoldsOnce) {
  const auto alive = std::make_shared<int>(1);
  {
    Result<std::shared_ptr<int>> result(alive);
    auto copy = result;
    EXPECT_EQ(alive.use_count(), 3);
    result = Error(Errc::closed);
    EXPECT_EQ(alive.use_count(), 2);
    result = std::move(copy);
  }
  EXPECT_EQ(alive.use_count(), 1);
}

TEST(JsonText, GoesToNlohmannAndBack) {
  EXPECT_EQ(parse(JsonText(R"({"a":[1,2]})"))["a"][1], 2);
  EXPECT_TRUE(parse(JsonText()).is_null());
  EXPECT_EQ(to_json_text(nlohmann::json{{"x", 1}}).text, R"({"x":1})");
  EXPECT_THROW(parse(JsonText("{")), Exception);
}

}  // namespace
}  // namespace lavapp
