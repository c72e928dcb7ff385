// A WebSocket through proxies, ws:// and wss://.
#include <gtest/gtest.h>

#include <future>

#include "lavapp/future.hpp"
#include "lavapp/websocket.hpp"
#include "support/echo_server.hpp"
#include "support/test_certificates.hpp"
#include "support/test_proxy.hpp"

namespace lavapp {
namespace {

using namespace std::chrono_literals;
using test::TestProxy;

/// A message there and back through `proxy`, or the error; `lines` gets what `debug` tells.
Result<std::string> talk(const std::string& url, const std::string& proxy, TlsOptions tls = {},
                         std::vector<std::string>* lines = nullptr) {
  Runtime runtime;
  WebSocketOptions options;
  options.proxy = proxy;
  options.tls = std::move(tls);
  WebSocket ws(runtime, url, options);
  std::promise<Result<std::string>> outcome;
  auto heard = outcome.get_future();
  ws.on(WebSocket::message, [&](const WebSocket::Message& m) { outcome.set_value(std::string(m.data)); });
  if (lines != nullptr) ws.on(WebSocket::debug, [&](std::string_view line) { lines->emplace_back(line); });
  ws.connect([&](Result<HandshakeResponse> r) {
    if (!r)
      outcome.set_value(r.error());
    else
      EXPECT_TRUE(ws.send("through the proxy"));
  });
  if (heard.wait_for(10s) != std::future_status::ready) return Error(Errc::request_timeout, "ten seconds have passed");
  auto result = heard.get();
  ws.close_and_wait();
  return result;
}

}  // namespace

TEST(Proxy, HttpConnectCarriesWs) {
  test::EchoServer server;
  TestProxy proxy(TestProxy::Kind::http);
  EXPECT_EQ(talk(server.url(), proxy.url()).value(), "through the proxy");
  EXPECT_EQ(proxy.asked().substr(0, 18), "CONNECT 127.0.0.1:");
}

TEST(Proxy, HttpConnectCarriesWssWhoseHostIsStillChecked) {
  const test::CertificateAuthority authority;
  const auto identity = authority.issue();
  test::EchoServer server(identity.certificate_pem, identity.private_key_pem);
  TestProxy proxy(TestProxy::Kind::http);
  TlsOptions tls;
  tls.ca_pem = authority.pem();
  EXPECT_EQ(talk(server.url("localhost"), proxy.url(), tls).value(), "through the proxy");
  EXPECT_TRUE(talk(server.url(), proxy.url()).error() == Errc::certificate_rejected) << "nobody trusts it";
}

TEST(Proxy, Socks5CarriesBothAndResolvesTheName) {
  const test::CertificateAuthority authority;
  const auto identity = authority.issue();
  test::EchoServer plain, secure(identity.certificate_pem, identity.private_key_pem);
  TestProxy proxy(TestProxy::Kind::socks5);
  TlsOptions tls;
  tls.ca_pem = authority.pem();
  EXPECT_EQ(talk(plain.url(), proxy.url()).value(), "through the proxy");
  EXPECT_EQ(talk(secure.url("localhost"), proxy.url("user:secret@"), tls).value(), "through the proxy");
  EXPECT_NE(proxy.asked().find("localhost"), std::string::npos);
  EXPECT_NE(proxy.asked().find("secret"), std::string::npos);
}

TEST(Proxy, ARefusalIsTheProxysOwnAndNamesNoCredentials) {
  test::EchoServer server;
  TestProxy proxy(TestProxy::Kind::http, "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  std::vector<std::string> lines;
  const auto result = talk(server.url(), proxy.url("user:hunter2@"), {}, &lines);
  EXPECT_TRUE(result.error() == Errc::proxy_unauthorized) << result.error().what();
  EXPECT_EQ(result.error().http_status, 407);
  EXPECT_NE(proxy.asked().find("Proxy-Authorization: Basic"), std::string::npos);
  lines.push_back(result.error().what());
  for (const auto& line : lines) {
    EXPECT_EQ(line.find("hunter2"), std::string::npos) << line;
    EXPECT_EQ(line.find("dXNlcjpodW50ZXIy"), std::string::npos) << line;
  }
}

TEST(Proxy, OneThatCannotBeReachedIsNamed) {
  const auto result = talk("ws://node.example/", "http://127.0.0.1:1");
  EXPECT_TRUE(result.error() == Errc::connect_failed);
  EXPECT_EQ(result.error().message, "proxy 127.0.0.1:1");
}

TEST(Proxy, AMistakeInItsUrlIsToldByConnect) {
  const auto result = talk("ws://node.example/", "ftp://user:hunter2@proxy");
  EXPECT_TRUE(result.error() == Errc::invalid_argument);
  EXPECT_EQ(result.error().message, "proxy: it does not begin with http:// or socks5://");
}

}  // namespace lavapp
