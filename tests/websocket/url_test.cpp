#include "websocket/url.hpp"

#include <gtest/gtest.h>

namespace lavapp::websocket {
namespace {

TEST(Url, Parts) {
  const auto url = parse_url("ws://lavalink.example:2333/v4/websocket?a=1").value();
  EXPECT_FALSE(url.tls);
  EXPECT_EQ(url.host, "lavalink.example");
  EXPECT_EQ(url.port, 2333);
  EXPECT_EQ(url.target, "/v4/websocket?a=1");
  EXPECT_EQ(url.path(), "/v4/websocket");
  EXPECT_EQ(url.host_header(), "lavalink.example:2333");
}

TEST(Url, DefaultPortsAreLeftOutOfTheHostHeader) {
  EXPECT_EQ(parse_url("ws://h").value().port, 80);
  EXPECT_EQ(parse_url("WSS://h").value().port, 443);
  EXPECT_EQ(parse_url("wss://h:443").value().host_header(), "h");
  EXPECT_EQ(parse_url("ws://h:443").value().host_header(), "h:443");
  EXPECT_EQ(parse_url("ws://h:").value().port, 80);
  EXPECT_TRUE(parse_url("https://h").value().tls);
  EXPECT_FALSE(parse_url("http://h").value().tls);
}

TEST(Url, TargetIsNeverEmpty) {
  EXPECT_EQ(parse_url("ws://h").value().target, "/");
  EXPECT_EQ(parse_url("ws://h?q").value().target, "/?q");
  EXPECT_EQ(parse_url("ws://h/?a@b:c").value().target, "/?a@b:c");
}

TEST(Url, Ipv6LiteralsStandInBrackets) {
  const auto url = parse_url("ws://[::1]:2333/").value();
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.port, 2333);
  EXPECT_EQ(url.host_header(), "[::1]:2333");
  EXPECT_EQ(parse_url("wss://[2001:db8::1]").value().host_header(), "[2001:db8::1]");
}

TEST(Url, NamesWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "empty"},
      {"localhost:2333", "ws://"},
      {"ftp://h/", "scheme"},
      {"ws:///path", "host"},
      {"ws://:2333", "host"},
      {"ws://h:0", "port"},
      {"ws://h:65536", "port"},
      {"ws://h:99999999999999999999", "port"},
      {"ws://h:12a", "port"},
      {"ws://h:-1", "port"},
      {"ws://u:p@h/", "user information"},
      {"ws://h/#f", "fragment"},
      {"ws://h/a b", "space"},
      {"ws://h/\r\nX: y", "control"},
      {"ws://h\\x", "backslash"},
      {"ws://::1/", "brackets"},
      {"ws://[::1/", "bracket"},
      {"ws://[::g]/", "IPv6"},
      {"ws://[127.0.0.1]/", "IPv6"},
      {"ws://[::1]x/", "IPv6"},
      {"ws://ho%20st/", "host"},
      {"ws://h\xC3\xBC/", "percent-encoded"},
  };
  for (const auto& [text, word] : cases) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_TRUE(url.error() == Errc::invalid_url) << text;
    EXPECT_NE(url.error().message.find(word), std::string::npos) << text << ": " << url.error().message;
  }
  EXPECT_FALSE(parse_url(std::string("ws://h\0x/", 9)));
  EXPECT_FALSE(parse_url("ws://" + std::string(254, 'a')));
}

TEST(Url, ErrorsRepeatNoSecret) {
  for (const char* text : {"ws://user:hunter2@h/", "ws://h/?token=hunter2#f", "ws://h:bad/?token=hunter2"}) {
    EXPECT_EQ(parse_url(text).error().what().find("hunter2"), std::string::npos);
  }
}

}  // namespace
}  // namespace lavapp::websocket
