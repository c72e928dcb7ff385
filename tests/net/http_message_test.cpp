#include "net/http_message.hpp"

#include <gtest/gtest.h>

namespace lavapp::net {
namespace {

/// Feeds `text` cut at `at`; the message ends within it or at its end.
Result<std::size_t> feed_in_two(HttpParser& parser, std::string_view text, std::size_t at) {
  auto first = parser.feed(text.substr(0, at));
  if (!first || parser.done()) return first;
  EXPECT_EQ(*first, at);
  auto second = parser.feed(text.substr(at));
  if (!second) return second;
  return *first + *second;
}

TEST(HttpSerialize, WritesARequestAsGiven) {
  HttpRequest request;
  request.method = "PATCH";
  request.target = "/v4/sessions/a?trace=true";
  request.headers = {{"Host", "localhost:2333"}, {"Content-Type", "application/json"}};
  request.body = "{}";
  EXPECT_EQ(serialize(request),
            "PATCH /v4/sessions/a?trace=true HTTP/1.1\r\nHost: localhost:2333\r\nContent-Type: application/json\r\n"
            "Content-Length: 2\r\n\r\n{}");
}

TEST(HttpSerialize, AGetWithoutBodyHasNoContentLengthAndAPostHasOne) {
  HttpRequest request;
  EXPECT_EQ(serialize(request), "GET / HTTP/1.1\r\n\r\n");
  request.method = "POST";
  EXPECT_EQ(serialize(request), "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
}

TEST(HttpSerialize, AResponseHasALengthUnlessItsStatusForbidsIt) {
  HttpResponse response;
  response.status = 200;
  response.reason = "OK";
  EXPECT_EQ(serialize(response), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  response.status = 204;
  response.reason = "No Content";
  EXPECT_EQ(serialize(response), "HTTP/1.1 204 No Content\r\n\r\n");
  response.status = 200;
  response.reason = "OK";
  response.body = "abc";
  response.headers = {{"content-length", "3"}};
  EXPECT_EQ(serialize(response), "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc");
}

TEST(HttpParser, ReadsAResponseCutAnywhere) {
  const std::string text =
      "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nSet-A: 1\r\nSet-A: 2\r\nContent-Length: "
      "5\r\n\r\nhello";
  const auto all = text + "HTTP/1.1 200 OK\r\n";
  for (std::size_t at = 0; at <= text.size(); ++at) {
    HttpParser parser(HttpPart::response);
    const auto taken = feed_in_two(parser, all, at);
    ASSERT_TRUE(taken) << at;
    EXPECT_EQ(*taken, text.size()) << at;
    ASSERT_TRUE(parser.done()) << at;
    EXPECT_EQ(parser.response().status, 404);
    EXPECT_EQ(parser.response().reason, "Not Found");
    EXPECT_EQ(parser.response().headers.size(), 4u);
    EXPECT_EQ(parser.response().headers[2].second, "2");
    EXPECT_EQ(parser.response().body, "hello");
    EXPECT_TRUE(parser.response().keep_alive);
  }
}

TEST(HttpParser, ReadsAResponseByteByByte) {
  const std::string text =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n10\r\n0123456789abcdef\r\n"
      "0\r\nTrailer: 1\r\n\r\n";
  HttpParser parser(HttpPart::response);
  for (std::size_t i = 0; i < text.size(); ++i) {
    ASSERT_FALSE(parser.done());
    const auto taken = parser.feed(text.substr(i, 1));
    ASSERT_TRUE(taken) << i << taken.error().what();
    EXPECT_EQ(*taken, 1u);
  }
  EXPECT_TRUE(parser.done());
  EXPECT_EQ(parser.response().body, "abc0123456789abcdef");
}

TEST(HttpParser, ReadsAChunkedResponseCutAnywhere) {
  const std::string text = "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n";
  for (std::size_t at = 0; at <= text.size(); ++at) {
    HttpParser parser(HttpPart::response);
    const auto taken = feed_in_two(parser, text + "next", at);
    ASSERT_TRUE(taken) << at;
    EXPECT_EQ(*taken, text.size()) << at;
    EXPECT_EQ(parser.response().body, "abc");
  }
}

TEST(HttpParser, ReadsAnEmptyChunkedResponseByteByByte) {
  HttpParser parser(HttpPart::response);
  for (const char c : std::string_view("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")) {
    ASSERT_FALSE(parser.done());
    ASSERT_TRUE(parser.feed({&c, 1}));
  }
  EXPECT_TRUE(parser.done());
  EXPECT_EQ(parser.response().body, "");
}

TEST(HttpParser, ReadsARequest) {
  HttpParser parser(HttpPart::request);
  ASSERT_TRUE(parser.feed("PATCH /v4/x?y=z HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n"));
  EXPECT_TRUE(parser.head_done());
  EXPECT_FALSE(parser.done());
  EXPECT_FALSE(parser.keep_alive());
  ASSERT_TRUE(parser.feed("{}"));
  ASSERT_TRUE(parser.done());
  EXPECT_EQ(parser.request().method, "PATCH");
  EXPECT_EQ(parser.request().target, "/v4/x?y=z");
  EXPECT_EQ(*find_header(parser.request().headers, "host"), "a");
  EXPECT_EQ(parser.request().body, "{}");
}

TEST(HttpParser, LeavesWhatFollowsASwitchOfProtocols) {
  HttpParser parser(HttpPart::response);
  const std::string head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
  const auto taken = parser.feed(head + "\x81\x02hi");
  ASSERT_TRUE(taken);
  EXPECT_EQ(*taken, head.size());
  EXPECT_TRUE(parser.done());
  EXPECT_EQ(parser.response().status, 101);
  EXPECT_EQ(parser.response().body, "");
}

TEST(HttpParser, PassesOverInterimResponsesCutAnywhere) {
  const std::string text =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
      "1\r\n\r\nx";
  for (std::size_t at = 0; at <= text.size(); ++at) {
    HttpParser parser(HttpPart::response);
    const auto taken = feed_in_two(parser, text, at);
    ASSERT_TRUE(taken) << at;
    EXPECT_EQ(*taken, text.size());
    EXPECT_EQ(parser.response().status, 200);
    EXPECT_EQ(parser.response().headers.size(), 1u);
    EXPECT_EQ(parser.response().body, "x");
  }
}

TEST(HttpParser, AnAnswerToHeadHasNoBody) {
  HttpParser parser(HttpPart::response);
  parser.skip_body();
  ASSERT_TRUE(parser.feed("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"));
  EXPECT_TRUE(parser.done());
}

TEST(HttpParser, NoContentEndsWithItsHead) {
  HttpParser parser(HttpPart::response);
  ASSERT_TRUE(parser.feed("HTTP/1.1 204 No Content\r\n\r\n"));
  EXPECT_TRUE(parser.done());
  EXPECT_TRUE(parser.keep_alive());
}

TEST(HttpParser, ABodyWithoutLengthLastsUntilTheEnd) {
  HttpParser parser(HttpPart::response);
  ASSERT_TRUE(parser.feed("HTTP/1.1 200 OK\r\n\r\nab"));
  ASSERT_TRUE(parser.feed("cd"));
  EXPECT_FALSE(parser.done());
  EXPECT_TRUE(parser.feed_end());
  ASSERT_TRUE(parser.done());
  EXPECT_EQ(parser.response().body, "abcd");
  EXPECT_FALSE(parser.response().keep_alive);
}

TEST(HttpParser, AnEndWithinTheMessageIsAnErrorWhereverItComes) {
  const std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < text.size(); ++size) {
    HttpParser parser(HttpPart::response);
    ASSERT_TRUE(parser.feed(text.substr(0, size)));
    const auto ended = parser.feed_end();
    ASSERT_FALSE(ended) << size;
    EXPECT_TRUE(ended.error() == Errc::connection_lost);
  }
}

TEST(HttpParser, RefusesWhatIsNoHttp) {
  for (const std::string_view garbage :
       {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "\x15\x03\x03\x02\x02\x02\x28 not HTTP\r\n", "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    HttpParser parser(HttpPart::response);
    const auto taken = parser.feed(garbage);
    ASSERT_FALSE(taken) << garbage;
    EXPECT_TRUE(taken.error() == Errc::bad_handshake) << taken.error().what();
  }
}

TEST(HttpParser, HasALimitForTheHead) {
  HttpParser parser(HttpPart::response, {1000, 1000});
  ASSERT_TRUE(parser.feed("HTTP/1.1 200 OK\r\n"));
  Result<std::size_t> taken = std::size_t{0};
  for (int i = 0; i < 200 && taken; ++i) taken = parser.feed("Name: value\r\n");
  ASSERT_FALSE(taken);
  EXPECT_TRUE(taken.error() == Errc::message_too_big);
}

TEST(HttpParser, HasALimitForAHeadThatComesCutWithinItsFields) {
  HttpParser parser(HttpPart::response, {1000, 1000});
  auto taken = parser.feed("HTTP/1.1 200 OK\r\nN");
  for (int i = 0; i < 200 && taken; ++i) taken = parser.feed("ame: value\r\nN");
  ASSERT_FALSE(taken);
  EXPECT_TRUE(taken.error() == Errc::message_too_big);
}

TEST(HttpParser, RefusesWhatIsNoHttpWithoutWaitingForMoreHoweverItIsCut) {
  for (const std::string text : {"SSH-2.0-OpenSSH_9.2\r\n", "\x15\x03\x03", "HTTQ", "HTTP/1.1 2x0 OK\r\n",
                                 "HTTP/1.1 200 OK\n", "HTTP/1.1 200 OK\r\nName: value\n\n"}) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      HttpParser parser(HttpPart::response);
      const auto taken = feed_in_two(parser, text, at);
      ASSERT_FALSE(taken) << text << " cut at " << at;
      EXPECT_TRUE(taken.error() == Errc::bad_handshake) << taken.error().what();
    }
  }
}

TEST(HttpParser, HasALimitForABodyOfAnyKind) {
  for (const std::string_view head :
       {"Content-Length: 1001\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n3e9\r\n", "\r\n"}) {
    HttpParser parser(HttpPart::response, {1000, 1000});
    auto taken = parser.feed("HTTP/1.1 200 OK\r\n" + std::string(head));
    if (taken) taken = parser.feed(std::string(1001, 'x'));
    ASSERT_FALSE(taken) << head;
    EXPECT_TRUE(taken.error() == Errc::message_too_big) << head << taken.error().what();
  }
}

TEST(HttpParser, HasALimitForABodyThatComesWithItsHead) {
  HttpParser parser(HttpPart::response, {1000, 1000});
  const auto taken = parser.feed("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" + std::string(1001, 'x'));
  ASSERT_FALSE(taken);
  EXPECT_TRUE(taken.error() == Errc::message_too_big);
}

TEST(HttpParser, AChunkExtensionWithoutEndIsRefused) {
  HttpParser parser(HttpPart::response, {1000, 1000});
  auto taken = parser.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;");
  for (int i = 0; i < 300 && taken; ++i) taken = parser.feed("abcdefgh");
  ASSERT_FALSE(taken);
  EXPECT_TRUE(taken.error() == Errc::message_too_big);
}

TEST(HttpParser, ALengthThatNoMemoryHoldsIsRefusedEvenIfBytesOfTheBodyCame) {
  HttpParser parser(HttpPart::response);
  const auto taken = parser.feed("HTTP/1.1 403 Forbidden\r\nContent-Length: 100000000000000\r\n\r\nx");
  ASSERT_FALSE(taken);
  EXPECT_TRUE(taken.error() == Errc::message_too_big);
  ASSERT_TRUE(parser.head_done());
  EXPECT_EQ(parser.response().status, 403);
}

}  // namespace
}  // namespace lavapp::net
