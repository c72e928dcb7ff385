#include "lavalink/node_address.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace lavapp::lavalink {
namespace {

using namespace std::chrono_literals;

NodeOptions good() {
  NodeOptions options;
  options.user_id = 170939974227541168;
  return options;
}

TEST(NodeAddress, TheDefaultsNeedOnlyAUserId) {
  EXPECT_TRUE(validate(good()).has_value());
  EXPECT_EQ(validate(NodeOptions{}).error().message, "user_id must not be 0");
}

struct Mistake {
  const char* field;
  std::function<void(NodeOptions&)> make;
};

TEST(NodeAddress, EachMistakeIsToldByItsField) {
  const std::vector<Mistake> mistakes = {
      {"host", [](auto& o) { o.host = ""; }},
      {"host", [](auto& o) { o.host = "a b"; }},
      {"host", [](auto& o) { o.host = "a\r\nX: y"; }},
      {"host", [](auto& o) { o.host = "http://node"; }},
      {"host", [](auto& o) { o.host = "node/path"; }},
      {"host", [](auto& o) { o.host = "node:2333"; }},
      {"host", [](auto& o) { o.host = "[::1]"; }},
      {"host", [](auto& o) { o.host = "user@node"; }},
      {"host", [](auto& o) { o.host = std::string(300, 'a'); }},
      {"port", [](auto& o) { o.port = 0; }},
      {"user_id", [](auto& o) { o.user_id = 0; }},
      {"user_id", [](auto& o) { o.user_id = std::uint64_t(1) << 63; }},
      {"password", [](auto& o) { o.password = "secret\r\nX: y"; }},
      {"password", [](auto& o) { o.password = std::string("secret\0", 7); }},
      {"password", [](auto& o) { o.password = " secret"; }},
      {"client_name", [](auto& o) { o.client_name = ""; }},
      {"client_name", [](auto& o) { o.client_name = "a\nb"; }},
      {"path_prefix", [](auto& o) { o.path_prefix = "lavalink"; }},
      {"path_prefix", [](auto& o) { o.path_prefix = "/a b"; }},
      {"path_prefix", [](auto& o) { o.path_prefix = "/a?b"; }},
      {"headers",
       [](auto& o) {
         o.headers = {{"Authorization", "x"}};
       }},
      {"headers",
       [](auto& o) {
         o.headers = {{"USER-ID", "1"}};
       }},
      {"headers",
       [](auto& o) {
         o.headers = {{"Session-Id", "1"}};
       }},
      {"headers",
       [](auto& o) {
         o.headers = {{"Sec-WebSocket-Key", "1"}};
       }},
      {"headers",
       [](auto& o) {
         o.headers = {{"a b", "1"}};
       }},
      {"headers",
       [](auto& o) {
         o.headers = {{"", "1"}};
       }},
      {"headers",
       [](auto& o) {
         o.headers = {{"X-A", "1\r\nX-B: 2"}};
       }},
      {"session_id", [](auto& o) { o.session_id = "a\r\nb"; }},
      {"resume_timeout", [](auto& o) { o.resume_timeout = 0s; }},
      {"resume_timeout", [](auto& o) { o.resume_timeout = std::chrono::seconds(1LL << 31); }},
      {"connect_timeout", [](auto& o) { o.connect_timeout = 0ms; }},
      {"ready_timeout", [](auto& o) { o.ready_timeout = -1ms; }},
      {"heartbeat_interval", [](auto& o) { o.heartbeat_interval = -1ms; }},
      {"pong_timeout", [](auto& o) { o.pong_timeout = -1ms; }},
      {"request_timeout", [](auto& o) { o.request_timeout = 0ms; }},
      {"load_timeout", [](auto& o) { o.load_timeout = 25h; }},
      {"voice_timeout", [](auto& o) { o.voice_timeout = 0ms; }},
      {"rest_connections", [](auto& o) { o.rest_connections = 0; }},
      {"rest_connections", [](auto& o) { o.rest_connections = 65; }},
      {"max_waiting_events", [](auto& o) { o.max_waiting_events = 0; }},
      {"max_waiting_events", [](auto& o) { o.max_waiting_events = 1'000'001; }},
      {"slow_listener", [](auto& o) { o.slow_listener = -1ms; }},
      {"slow_listener", [](auto& o) { o.slow_listener = std::chrono::hours(25); }},
      {"max_message_size", [](auto& o) { o.max_message_size = 0; }},
      {"reconnect.initial_delay", [](auto& o) { o.reconnect.initial_delay = 0ms; }},
      {"reconnect.factor", [](auto& o) { o.reconnect.factor = 0.5; }},
      {"reconnect.max_delay", [](auto& o) { o.reconnect.max_delay = 1ms; }},
  };
  for (const auto& mistake : mistakes) {
    auto options = good();
    mistake.make(options);
    const auto result = validate(options);
    ASSERT_FALSE(result) << mistake.field;
    EXPECT_TRUE(result.error() == Errc::invalid_argument);
    EXPECT_EQ(result.error().message.rfind(std::string(mistake.field) + " must", 0), 0u) << result.error().message;
    EXPECT_EQ(result.error().what().find("secret"), std::string::npos);
  }
}

TEST(NodeAddress, UrlOfANameAndOfAnIpv6Literal) {
  auto options = good();
  EXPECT_EQ(websocket_url(options), "ws://localhost:2333/v4/websocket");
  options.host = "fe80::1%eth0";
  options.secure = true;
  options.port = 443;
  ASSERT_TRUE(validate(options).has_value());
  EXPECT_EQ(websocket_url(options), "wss://[fe80::1%eth0]:443/v4/websocket");
}

TEST(NodeAddress, ThePathPrefixStandsBeforeTheRoute) {
  auto options = good();
  options.path_prefix = "/lavalink/";
  EXPECT_EQ(websocket_url(options), "ws://localhost:2333/lavalink/v4/websocket");
  options.path_prefix = "/";
  EXPECT_EQ(websocket_url(options), "ws://localhost:2333/v4/websocket");
}

TEST(NodeAddress, TheHandshakeHasTheDocsHeadersAndTheCallers) {
  auto options = good();
  options.headers = {{"X-Shard", "7"}};
  const Headers without = {{"Authorization", "youshallnotpass"},
                           {"User-Id", "170939974227541168"},
                           {"Client-Name", "lavapp/0.1.0"},
                           {"X-Shard", "7"}};
  EXPECT_EQ(websocket_headers(options, ""), without);
  const auto with = websocket_headers(options, "abc");
  ASSERT_NE(find_header(with, "session-id"), nullptr);
  EXPECT_EQ(*find_header(with, "session-id"), "abc");
  EXPECT_EQ(find_header(with, "origin"), nullptr);
}

}  // namespace
}  // namespace lavapp::lavalink
