#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "discord/gateway_bot_request.hpp"

namespace lavapp::discord {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

net::HttpResponse answer(int status, std::string body, Headers headers = {}) {
  net::HttpResponse response;
  response.status = status;
  response.reason = "Reason";
  response.headers = std::move(headers);
  response.body = std::move(body);
  return response;
}
json whole() {
  return {{"url", "wss://gateway.discord.gg/"},
          {"shards", 9},
          {"session_start_limit", {{"total", 1000}, {"remaining", 999}, {"reset_after", 14'400'000}, {"max_concurrency", 16}}}};
}
Result<GatewayBot> read(const net::HttpResponse& response) { return read_gateway_bot(response, std::chrono::system_clock::time_point{}); }

TEST(GatewayBot, ReadsTheAnswer) {
  const auto bot = read(answer(200, whole().dump()));
  ASSERT_TRUE(bot) << bot.error().what();
  EXPECT_EQ(bot->url, "wss://gateway.discord.gg/");
  EXPECT_EQ(bot->shards, 9u);
  EXPECT_EQ(bot->session_start_limit.total, 1'000u);
  EXPECT_EQ(bot->session_start_limit.remaining, 999u);
  EXPECT_EQ(bot->session_start_limit.reset_after, 4h);
  EXPECT_EQ(bot->session_start_limit.max_concurrency, 16u);
}

TEST(GatewayBot, AnAnswerThatLacksSomethingIsRefusedByName) {
  const auto problem = [](auto&& spoil) {
    auto body = whole();
    spoil(body);
    const auto bot = read(answer(200, body.dump()));
    return bot ? std::string("accepted") : bot.error().code.message() + ": " + bot.error().message;
  };
  const auto bad = Error(Errc::bad_response).code.message() + ": ";
  EXPECT_EQ(problem([](json& b) { b.erase("url"); }), bad + "url must be a string");
  EXPECT_EQ(problem([](json& b) { b["url"] = "nonsense"; }).rfind(bad + "url: ", 0), 0u);
  EXPECT_EQ(problem([](json& b) { b["shards"] = 0; }), bad + "shards must be a number from 1 to 2147483647");
  EXPECT_EQ(problem([](json& b) { b["shards"] = 1e300; }), bad + "shards must be a number from 1 to 2147483647");
  EXPECT_EQ(problem([](json& b) { b["session_start_limit"] = 1; }), bad + "session_start_limit must be an object");
  EXPECT_EQ(problem([](json& b) { b["session_start_limit"]["max_concurrency"] = 0; }), bad + "max_concurrency must be a number from 1 to 2147483647");
  EXPECT_EQ(problem([](json& b) { b["session_start_limit"]["remaining"] = -1; }), bad + "remaining must be a number from 0 to 2147483647");
  EXPECT_EQ(problem([](json& b) { b = json::array(); }), bad + "the body must be a JSON object");
}

TEST(GatewayBot, ARefusedTokenIsFatalAndNamed) {
  const auto bot = read(answer(401, R"({"message":"401: Unauthorized","code":0})"));
  ASSERT_FALSE(bot);
  EXPECT_EQ(bot.error(), Errc::authentication_failed);
  EXPECT_TRUE(is_fatal(bot.error()));
  EXPECT_EQ(bot.error().http_status, 401);
  EXPECT_EQ(bot.error().route, "GET /gateway/bot");
}

TEST(GatewayBot, ARateLimitSaysHowLong) {
  const auto bot = read(answer(429, R"({"message":"You are being rate limited.","retry_after":64.5})", {{"Retry-After", "65"}}));
  ASSERT_FALSE(bot);
  EXPECT_EQ(bot.error(), Errc::http_status);
  EXPECT_FALSE(is_fatal(bot.error()));
  EXPECT_EQ(bot.error().message, "You are being rate limited.");
  EXPECT_EQ(bot.error().retry_after, Optional<std::chrono::milliseconds>(65s));
}

TEST(GatewayBot, AServerErrorWithoutABodyHasItsReason) {
  const auto bot = read(answer(502, "<html>"));
  ASSERT_FALSE(bot);
  EXPECT_EQ(bot.error().message, "Reason");
  EXPECT_FALSE(is_fatal(bot.error()));
}

}  // namespace
}  // namespace lavapp::discord
