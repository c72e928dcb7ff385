// wss://: whom a WebSocket trusts, and what it says when it does not.
#include <gtest/gtest.h>

#include <future>

#include "lavapp/future.hpp"
#include "lavapp/websocket.hpp"
#include "support/echo_server.hpp"
#include "support/test_certificates.hpp"

namespace lavapp {
namespace {

using namespace std::chrono_literals;

/// An authority is made once for all tests: a key costs time.
const test::CertificateAuthority& authority() {
  static const test::CertificateAuthority one;
  return one;
}

TlsOptions trusting() {
  TlsOptions tls;
  tls.ca_pem = authority().pem();
  return tls;
}

/// One connection to a server with `identity`: a message there and back, or the error.
Result<std::string> talk(const test::Identity& identity, TlsOptions tls, const std::string& host = "127.0.0.1",
                         const std::string& client_ca_pem = {}) {
  test::EchoServer server(identity.certificate_pem, identity.private_key_pem, client_ca_pem);
  Runtime runtime;
  WebSocketOptions options;
  options.tls = std::move(tls);
  WebSocket ws(runtime, server.url(host), options);
  std::promise<Result<std::string>> outcome;
  auto heard = outcome.get_future();
  ws.on(WebSocket::message, [&](const WebSocket::Message& m) { outcome.set_value(std::string(m.data)); });
  ws.connect([&](Result<HandshakeResponse> r) {
    if (!r)
      outcome.set_value(r.error());
    else
      EXPECT_TRUE(ws.send("over TLS"));
  });
  if (heard.wait_for(10s) != std::future_status::ready) return Error(Errc::request_timeout, "ten seconds have passed");
  auto result = heard.get();
  ws.close_and_wait();
  return result;
}

test::CertificateWishes names(std::string text) {
  test::CertificateWishes wishes;
  wishes.names = std::move(text);
  return wishes;
}

void expect_rejected(const Result<std::string>& result) {
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error() == Errc::certificate_rejected) << result.error().what();
  EXPECT_TRUE(is_fatal(result.error()));
}

TEST(Wss, TalksToAServerOfATrustedAuthority) {
  EXPECT_EQ(talk(authority().issue(), trusting()).value(), "over TLS");
  EXPECT_EQ(talk(authority().issue(), trusting(), "localhost").value(), "over TLS");
}

TEST(Wss, ChecksTheHostName) {
  expect_rejected(talk(authority().issue(names("DNS:elsewhere.example")), trusting()));
  expect_rejected(talk(authority().issue(names("DNS:elsewhere.example")), trusting(), "localhost"));
}

TEST(Wss, ChecksAgainstAnotherNameIfTold) {
  auto tls = trusting();
  tls.server_name = "elsewhere.example";
  EXPECT_EQ(talk(authority().issue(names("DNS:elsewhere.example")), tls).value(), "over TLS");
}

TEST(Wss, RefusesWhatHasExpiredOrNobodyTrusts) {
  test::CertificateWishes past;
  past.valid_from = -48h;
  past.valid_until = -24h;
  expect_rejected(talk(authority().issue(past), trusting()));
  expect_rejected(talk(test::self_signed(), trusting()));
  expect_rejected(talk(authority().issue(), {}));
}

TEST(Wss, AcceptsAnybodyOnlyIfToldSo) {
  TlsOptions tls;
  tls.insecure_accept_any_certificate = true;
  EXPECT_EQ(talk(test::self_signed(names("DNS:elsewhere.example")), tls).value(), "over TLS");
}

TEST(Wss, ShowsAServerThatAsksTheClientsOwnCertificate) {
  auto tls = trusting();
  const auto client = authority().issue(names("DNS:bot.example"));
  tls.certificate_pem = client.certificate_pem;
  tls.private_key_pem = client.private_key_pem;
  EXPECT_EQ(talk(authority().issue(), tls, "127.0.0.1", authority().pem()).value(), "over TLS");
}

TEST(Wss, TellsThatTheServerWantsACertificateOrAnother) {
  const auto expect_refused = [](const Result<std::string>& result, const char* why) {
    ASSERT_FALSE(result);
    EXPECT_TRUE(result.error() == Errc::tls_failed) << result.error().what();
    EXPECT_NE(result.error().what().find(why), std::string::npos) << result.error().what();
  };
  expect_refused(talk(authority().issue(), trusting(), "127.0.0.1", authority().pem()), "certificate required");
  auto tls = trusting();
  const auto stranger = test::self_signed();
  tls.certificate_pem = stranger.certificate_pem;
  tls.private_key_pem = stranger.private_key_pem;
  expect_refused(talk(authority().issue(), tls, "127.0.0.1", authority().pem()), "unknown ca");
}

TEST(Wss, NamesTheOptionThatCannotBeLoaded) {
  TlsOptions tls;
  tls.ca_pem = "no certificate";
  const auto result = talk(authority().issue(), tls);
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error() == Errc::invalid_argument) << result.error().what();
  EXPECT_NE(result.error().message.find("ca_pem"), std::string::npos) << result.error().message;
}

}  // namespace
}  // namespace lavapp
