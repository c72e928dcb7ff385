#include "net/proxy.hpp"

#include <gtest/gtest.h>

namespace lavapp::net {
namespace {

using namespace std::string_literals;

Proxy parsed(std::string_view url) {
  auto proxy = parse_proxy(url);
  EXPECT_TRUE(proxy) << url;
  return proxy ? *proxy : Proxy{};
}

std::unique_ptr<ProxyTalk> talk(std::string_view url, const std::string& host = "node.example", std::uint16_t port = 443) {
  return make_proxy_talk(parsed(url), host, port);
}

/// What is sent next, or "done", or the error's words.
std::string said(ProxyTalk& talk, std::string_view bytes) {
  auto step = talk.hear(bytes);
  if (!step) return step.error().what();
  return step->done ? "done" : step->send;
}

}  // namespace

TEST(ParseProxy, ReadsHostPortAndCredentials) {
  EXPECT_EQ(parsed("http://proxy.example").port, 8080);
  EXPECT_EQ(parsed("http://proxy.example/").host, "proxy.example");
  EXPECT_EQ(parsed("socks5://proxy.example").port, 1080);
  EXPECT_EQ(parsed("socks5h://proxy.example").kind, Proxy::Kind::socks5);
  EXPECT_EQ(parsed("socks5://us%3Aer%40x:p%20w@[::1]:3128").user, "us:er@x");
  EXPECT_FALSE(parse_proxy("http://us%3Aer:p@proxy")) << "in HTTP a colon ends the user";
  const auto plain = parsed("http://user:p%20w@[::1]:3128");
  EXPECT_EQ(plain.user, "user");
  EXPECT_EQ(plain.password, "p w");
  EXPECT_EQ(plain.host, "::1");
  EXPECT_EQ(plain.port, 3128);
}

TEST(ParseProxy, NamesWhatIsWrongAndNeverTheCredentials) {
  for (const auto* url : {"", "proxy.example:8080", "https://hunter2@proxy", "http://", "http://:80", "http://hunter2:hunter2@",
                          "http://hunter2:hunter2@proxy:0", "http://hunter2@proxy:65536", "http://hunter2@proxy:x",
                          "http://hunter2@proxy:80:80", "http://hunter%2@proxy", "http://hunter2@[::1", "http://hunter2@[x]", "http://hunter2@[127.0.0.1]",
                          "http://hunter2@pro xy", "http://hunter2@proxy/path", "ftp://hunter2@proxy"}) {
    const auto proxy = parse_proxy(url);
    ASSERT_FALSE(proxy) << url;
    EXPECT_TRUE(proxy.error() == Errc::invalid_argument);
    EXPECT_EQ(proxy.error().message.substr(0, 7), "proxy: ") << proxy.error().message;
    EXPECT_EQ(proxy.error().what().find("hunter"), std::string::npos) << proxy.error().what();
  }
}

TEST(HttpConnect, AsksForTheOtherEndWithCredentials) {
  EXPECT_EQ(talk("http://proxy")->begin(), "CONNECT node.example:443 HTTP/1.1\r\nHost: node.example:443\r\n\r\n");
  EXPECT_EQ(talk("http://Aladdin:open%20sesame@proxy", "::1", 80)->begin(),
            "CONNECT [::1]:80 HTTP/1.1\r\nHost: [::1]:80\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n");
}

TEST(HttpConnect, IsThroughAtAny2xxHoweverItComes) {
  const auto whole = talk("http://proxy");
  EXPECT_EQ(said(*whole, "HTTP/1.1 200 Connection established\r\nContent-Length: 7\r\n\r\n"), "done");
  const auto bytes = talk("http://proxy");
  const std::string answer = "HTTP/1.0 200 OK\r\n\r\n";
  for (std::size_t i = 0; i + 1 < answer.size(); ++i) EXPECT_EQ(said(*bytes, answer.substr(i, 1)), "");
  EXPECT_EQ(said(*bytes, "\n"), "done");
}

TEST(HttpConnect, ARefusalTellsStatusAndReason) {
  const auto error = [](const char* answer) { return talk("http://proxy")->hear(answer).error(); };
  const auto forbidden = error("HTTP/1.1 403 Not this one\r\n\r\n");
  EXPECT_TRUE(forbidden == Errc::proxy_refused);
  EXPECT_EQ(forbidden.http_status, 403);
  EXPECT_EQ(forbidden.message, "Not this one");
  EXPECT_TRUE(is_fatal(forbidden));
  EXPECT_FALSE(is_fatal(error("HTTP/1.1 502 Bad Gateway\r\n\r\n")));
  const auto login = error("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n");
  EXPECT_TRUE(login == Errc::proxy_unauthorized);
  EXPECT_TRUE(is_fatal(login));
  EXPECT_TRUE(error("SSH-2.0-OpenSSH\r\n") == Errc::proxy_refused);
  EXPECT_TRUE(error("HTTP/1.1 200 OK\r\n\r\nwhat is this") == Errc::proxy_refused);
}

TEST(Socks5, GoesThroughWithoutALogin) {
  const auto t = talk("socks5://proxy");
  EXPECT_EQ(t->begin(), "\x05\x01\x00"s);
  EXPECT_EQ(said(*t, "\x05\x00"s), "\x05\x01\x00\x03\x0cnode.example\x01\xbb"s);
  EXPECT_EQ(said(*t, "\x05\x00\x00\x01\x7f\x00\x00\x01\x12\x34"s), "done");
}

TEST(Socks5, LogsInWhenAsked) {
  const auto t = talk("socks5://user:pass@proxy", "127.0.0.1", 80);
  EXPECT_EQ(t->begin(), "\x05\x02\x00\x02"s);
  EXPECT_EQ(said(*t, "\x05\x02"s), "\x01\x04user\x04pass"s);
  EXPECT_EQ(said(*t, "\x01\x00"s), "\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x50"s);
  EXPECT_EQ(said(*t, "\x05\x00\x00\x03\x02xy\x00\x00"s), "done");
}

TEST(Socks5, ReadsTheSameByteByByte) {
  const auto t = talk("socks5://proxy", "::1", 80);
  EXPECT_EQ(said(*t, "\x05"s), "");
  EXPECT_EQ(said(*t, "\x00"s), "\x05\x01\x00\x04"s + std::string(15, '\0') + "\x01\x00\x50"s);
  const auto reply = "\x05\x00\x00\x04"s + std::string(18, '\0');
  for (std::size_t i = 0; i + 1 < reply.size(); ++i) EXPECT_EQ(said(*t, reply.substr(i, 1)), "");
  EXPECT_EQ(said(*t, reply.substr(reply.size() - 1)), "done");
}

TEST(Socks5, AnswersThatComeTogetherAreAllHeard) {
  const auto t = talk("socks5://user:pass@proxy", "127.0.0.1", 80);
  const auto step = t->hear("\x05\x02\x01\x00\x05\x00\x00\x01\x7f\x00\x00\x01\x12\x34"s);
  ASSERT_TRUE(step);
  EXPECT_EQ(step->send, "\x01\x04user\x04pass\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x50"s);
  EXPECT_TRUE(step->done);
  EXPECT_TRUE(talk("socks5://proxy")->hear("\x05\x00\x05\x05"s).error() == Errc::proxy_refused);
}

TEST(Socks5, ARefusalTellsItsReason) {
  const auto at_reply = [](const std::string& bytes) {
    const auto t = talk("socks5://proxy");
    (void)t->hear("\x05\x00"s);
    return t->hear(bytes).error();
  };
  EXPECT_EQ(at_reply("\x05\x05"s).message, "SOCKS5: connection refused");
  EXPECT_TRUE(at_reply("\x05\x02"s) == Errc::proxy_refused);
  EXPECT_FALSE(is_fatal(at_reply("\x05\x04"s)));
  EXPECT_TRUE(at_reply("HTTP/1.1 400") == Errc::proxy_refused);
  EXPECT_TRUE(at_reply("\x05\x00\x00\x07\x01"s) == Errc::proxy_refused);
  EXPECT_TRUE(at_reply("\x05\x00\x00\x01\x7f\x00\x00\x01\x12\x34more"s) == Errc::proxy_refused);

  const auto wants_login = talk("socks5://proxy")->hear("\x05\xff"s).error();
  EXPECT_TRUE(wants_login == Errc::proxy_unauthorized);
  EXPECT_TRUE(is_fatal(wants_login));
  EXPECT_TRUE(talk("socks5://proxy")->hear("\x05\x02"s).error() == Errc::proxy_unauthorized) << "it was not offered";
  const auto t = talk("socks5://user:pass@proxy");
  (void)t->hear("\x05\x02"s);
  EXPECT_TRUE(t->hear("\x01\x01"s).error() == Errc::proxy_unauthorized);
  EXPECT_TRUE(talk("socks5://proxy")->hear("SSH-2.0").error() == Errc::proxy_refused);
}

}  // namespace lavapp::net
