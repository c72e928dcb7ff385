#include "websocket/handshake.hpp"

#include <gtest/gtest.h>

namespace lavapp::websocket {
namespace {

using namespace std::chrono_literals;

// The key and its answer are those of RFC 6455 1.3.
constexpr const char* kKey = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr const char* kAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

Url url() { return parse_url("ws://h:2333/v4/websocket?secret=hunter2").value(); }

net::HttpResponse good() {
  net::HttpResponse response;
  response.status = 101;
  response.headers = {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", kAccept}};
  return response;
}

Result<HandshakeResponse> check(const net::HttpResponse& response, std::vector<std::string> subprotocols = {}) {
  WebSocketOptions offered;
  offered.subprotocols = std::move(subprotocols);
  auto agreed = check_response(response, url(), kKey, offered);
  if (!agreed) return std::move(agreed).error();
  return std::move(agreed->response);
}

void expect_bad(const net::HttpResponse& response, const char* word) {
  const auto result = check(response);
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error() == Errc::bad_handshake);
  EXPECT_NE(result.error().message.find(word), std::string::npos) << result.error().message;
}

TEST(Handshake, KeyAndAcceptOfTheRfc) {
  EXPECT_EQ(make_key("the sample nonce"), kKey);
  EXPECT_EQ(accept_value(kKey), kAccept);
}

TEST(Handshake, RequestHoldsWhatTheRfcAsksAndThenTheCallersHeadersInOrder) {
  WebSocketOptions options;
  options.headers = {{"Authorization", "pass"}, {"User-Id", "1"}, {"authorization", "twice"}};
  options.subprotocols = {"a", "b"};
  EXPECT_EQ(net::serialize(make_request(url(), options, kKey)),
            "GET /v4/websocket?secret=hunter2 HTTP/1.1\r\nHost: h:2333\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: a, b\r\nAuthorization: pass\r\nUser-Id: 1\r\nauthorization: twice\r\n\r\n");
}

TEST(Handshake, OffersCompressionAndTakesWhatWasAgreedUpon) {
  WebSocketOptions options;
  options.compression.enabled = true;
  const auto request = make_request(url(), options, kKey);
  const auto* offer = find_header(request.headers, "Sec-WebSocket-Extensions");
  ASSERT_NE(offer, nullptr);
  EXPECT_EQ(*offer, "permessage-deflate; client_max_window_bits");

  auto response = good();
  EXPECT_FALSE(check_response(response, url(), kKey, options)->deflate) << "the server may decline";
  response.headers.emplace_back("Sec-WebSocket-Extensions", "permessage-deflate; server_no_context_takeover");
  const auto agreed = check_response(response, url(), kKey, options);
  ASSERT_TRUE(agreed && agreed->deflate);
  EXPECT_FALSE(agreed->deflate->receiving.context_takeover);
  response.headers.emplace_back("sec-websocket-extensions", "permessage-deflate");
  EXPECT_FALSE(check_response(response, url(), kKey, options)) << "twice, in two fields";
}

TEST(Handshake, HeadersThatBreakTheRequestAreNamedWithoutTheirValue) {
  const Headers bad = {{"X-Token", "hunter2\r\nEvil: 1"},
                       {"X-Token", "hunter2\n"},
                       {"X-Token", std::string("hunter2\0", 8)},
                       {"Host", "hunter2"},
                       {"upgrade", "hunter2"},
                       {"CONNECTION", "hunter2"},
                       {"Sec-WebSocket-Key", "hunter2"},
                       {"sec-websocket-extensions", "hunter2"},
                       {"Content-Length", "7"},
                       {"", "hunter2"},
                       {"X Token", "hunter2"},
                       {"X:", "hunter2"},
                       {"X-Token: hunter2", ""}};
  for (const auto& header : bad) {
    WebSocketOptions options;
    options.headers = {{"Fine", "fine"}, header};
    const auto result = check_options(options);
    ASSERT_FALSE(result) << header.first;
    EXPECT_TRUE(result.error() == Errc::invalid_header);
    EXPECT_NE(result.error().message.find(header.first.substr(0, header.first.find_first_of(" :"))), std::string::npos);
    EXPECT_EQ(result.error().what().find("hunter2"), std::string::npos);
  }
}

TEST(Handshake, OrdinaryHeadersAreFine) {
  WebSocketOptions options;
  options.headers = {{"Authorization", "p\xC3\xA4ss w\tord"}, {"Origin", ""}, {"X-~!", "1"}};
  EXPECT_TRUE(check_options(options));
}

TEST(Handshake, OptionsOutOfRangeAreNamed) {
  const auto message = [](auto change) {
    WebSocketOptions options;
    change(options);
    const auto result = check_options(options);
    return result ? std::string() : result.error().message;
  };
  EXPECT_NE(message([](auto& o) { o.resolve_timeout = 0ms; }).find("resolve_timeout"), std::string::npos);
  EXPECT_NE(message([](auto& o) { o.close_timeout = 0ms; }).find("close_timeout"), std::string::npos);
  EXPECT_NE(message([](auto& o) { o.pong_timeout = -1ms; }).find("pong_timeout"), std::string::npos);
  EXPECT_NE(message([](auto& o) { o.max_queue_bytes = 0; }).find("max_queue_bytes"), std::string::npos);
  EXPECT_NE(message([](auto& o) { o.subprotocols = {"a b"}; }).find("subprotocols"), std::string::npos);
  EXPECT_NE(message([](auto& o) { o.subprotocols = {"a", "b", "a"}; }).find("subprotocols"), std::string::npos);
  EXPECT_EQ(message([](auto& o) { o.heartbeat_interval = o.pong_timeout = o.write_timeout = 0ms; }), "");
}

TEST(Handshake, AcceptsTheAnswerOfTheRfc) {
  auto response = good();
  response.headers[0].second = "WebSocket";
  response.headers[1].second = "keep-alive, UPGRADE";
  response.headers.emplace_back("Session-Resumed", "true");
  const auto result = check(response).value();
  EXPECT_EQ(result.status, 101);
  EXPECT_EQ(*find_header(result.headers, "session-resumed"), "true");
  EXPECT_EQ(result.subprotocol, "");
}

TEST(Handshake, NamesWhatIsWrongWithA101) {
  auto response = good();
  response.headers[0].second = "h2c";
  expect_bad(response, "Upgrade");
  response = good();
  response.headers.erase(response.headers.begin());
  expect_bad(response, "Upgrade");
  response = good();
  response.headers[1].second = "close";
  expect_bad(response, "Connection");
  response = good();
  response.headers[2].second = "xxxx";
  expect_bad(response, "Accept");
  response = good();
  response.headers.pop_back();
  expect_bad(response, "Accept");
  response = good();
  response.headers.emplace_back("Sec-WebSocket-Extensions", "permessage-deflate");
  expect_bad(response, "extension");
  response = good();
  response.headers.emplace_back("Sec-WebSocket-Protocol", "chat");
  expect_bad(response, "subprotocol");
}

TEST(Handshake, SubprotocolMustHaveBeenOffered) {
  auto response = good();
  response.headers.emplace_back("Sec-WebSocket-Protocol", "chat");
  EXPECT_EQ(check(response, {"other", "chat"}).value().subprotocol, "chat");
  EXPECT_FALSE(check(response, {"Chat"}));
}

TEST(Handshake, RefusalTellsStatusBodyAndRetryAfterButNoQuery) {
  net::HttpResponse response;
  response.status = 429;
  response.reason = "Too Many Requests";
  response.headers = {{"retry-after", " 30 "}};
  response.body = std::string(70'000, 'x');
  const auto error = check(response).error();
  EXPECT_TRUE(error == Errc::handshake_refused);
  EXPECT_EQ(error.http_status, 429);
  EXPECT_EQ(error.body.size(), 64u * 1024);
  EXPECT_EQ(error.retry_after, 30s);
  EXPECT_EQ(error.route, "GET /v4/websocket");
  EXPECT_EQ(error.what().find("hunter2"), std::string::npos);
}

TEST(Handshake, RedirectsAreRefusals) {
  for (const int status : {301, 302, 307, 308}) {
    net::HttpResponse response;
    response.status = status;
    response.headers = {{"Location", "ws://evil.example/"}};
    EXPECT_TRUE(check(response).error() == Errc::handshake_refused);
    EXPECT_EQ(check(response).error().http_status, status);
  }
}

}  // namespace
}  // namespace lavapp::websocket
