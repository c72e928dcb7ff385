// wss://: whom a WebSocket trusts, and what it says when it does not.
#include <gtest/gtest.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <future>

#include "lavapp/future.hpp"
#include "lavapp/websocket.hpp"
#include "net/base64.hpp"
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

/// RFC 7469 2.4.
std::string pin_of(const std::string& certificate_pem) {
  const std::unique_ptr<BIO, int (*)(BIO*)> text(BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size())), BIO_free);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), X509_free);
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &der);
  unsigned char digest[32];
  EVP_Digest(der, static_cast<std::size_t>(size), digest, nullptr, EVP_sha256(), nullptr);
  OPENSSL_free(der);
  return net::base64({reinterpret_cast<const char*>(digest), sizeof(digest)});
}

TEST(Wss, APinnedKeyIsWantedBesidesAllElse) {
  const auto server = authority().issue();
  auto tls = trusting();
  tls.pinned_public_keys = {pin_of(authority().issue().certificate_pem), pin_of(server.certificate_pem)};
  EXPECT_EQ(talk(server, tls).value(), "over TLS");
  tls.pinned_public_keys.pop_back();
  expect_rejected(talk(server, tls));
  // A key is no reason to trust a certificate of somebody else, nor of nobody.
  TlsOptions pinned_only;
  pinned_only.pinned_public_keys = {pin_of(server.certificate_pem)};
  expect_rejected(talk(server, pinned_only));
  pinned_only.insecure_accept_any_certificate = true;
  EXPECT_EQ(talk(server, pinned_only).value(), "over TLS");
  expect_rejected(talk(authority().issue(), pinned_only));
}

TEST(Wss, APinThatIsNoneIsNamed) {
  for (const std::string pin : {"", "sha256/abc", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA?"}) {
    auto tls = trusting();
    tls.pinned_public_keys = {pin};
    const auto result = talk(authority().issue(), tls);
    ASSERT_FALSE(result);
    EXPECT_TRUE(result.error() == Errc::invalid_argument) << result.error().what();
    EXPECT_NE(result.error().message.find("pinned_public_keys"), std::string::npos);
  }
}

std::shared_ptr<void> context_of(void (*prepare)(SSL_CTX*)) {
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  prepare(context.get());
  return context;
}

TEST(Wss, ACallersOwnContextDecidesWhomToTrust) {
  TlsOptions tls;
  tls.native_context = context_of([](SSL_CTX* c) { SSL_CTX_set_verify(c, SSL_VERIFY_NONE, nullptr); });
  EXPECT_EQ(talk(test::self_signed(), tls).value(), "over TLS");
  tls.native_context = context_of([](SSL_CTX* c) { SSL_CTX_set_verify(c, SSL_VERIFY_PEER, nullptr); });
  expect_rejected(talk(test::self_signed(), tls));
  const auto trusts_authority = context_of([](SSL_CTX* c) {
    SSL_CTX_set_verify(c, SSL_VERIFY_PEER, nullptr);
    const auto& pem = authority().pem();
    const std::unique_ptr<BIO, int (*)(BIO*)> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    const std::unique_ptr<X509, void (*)(X509*)> one(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), X509_free);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(c), one.get());
  });
  tls.native_context = trusts_authority;
  EXPECT_EQ(talk(authority().issue(), tls).value(), "over TLS");
  expect_rejected(talk(authority().issue(names("DNS:elsewhere.example")), tls));
  tls.ca_pem = authority().pem();
  const auto both = talk(authority().issue(), tls);
  ASSERT_FALSE(both);
  EXPECT_TRUE(both.error() == Errc::invalid_argument);
  EXPECT_NE(both.error().message.find("native_context"), std::string::npos);
}

TEST(Wss, AnOlderVersionThanWantedIsRefused) {
  TlsOptions tls;
  // A client that is held to 1.2 from above and to 1.3 from below can speak with nobody.
  tls.native_context = context_of([](SSL_CTX* c) {
    SSL_CTX_set_verify(c, SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_max_proto_version(c, TLS1_2_VERSION);
  });
  EXPECT_EQ(talk(authority().issue(), tls).value(), "over TLS");
  tls.minimum_version = TlsVersion::tls1_3;
  const auto refused = talk(authority().issue(), tls);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error() == Errc::tls_failed) << refused.error().what();
  auto modern = trusting();
  modern.minimum_version = TlsVersion::tls1_3;
  EXPECT_EQ(talk(authority().issue(), modern).value(), "over TLS");
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
