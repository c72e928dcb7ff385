#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>

#include "net/net_fixture.hpp"
#include "net/tls_stream.hpp"
#include "support/test_certificates.hpp"

namespace lavapp::net {
namespace {

using test::CertificateWishes;
using test::Identity;

/// An authority is made once for all tests: a key costs time.
const test::CertificateAuthority& authority() {
  static const test::CertificateAuthority one;
  return one;
}

class TlsTest : public NetTest {
 protected:
  ~TlsTest() override {
    if (client) client->close();
    if (server) server->close();
    if (listener) listener->close();
    for (const auto& stream : kept) stream->close();
  }

  void serve(const Identity& identity) {
    listener =
        listen(
            strand, 0, [this](auto s) { server = std::move(s); }, identity.certificate_pem, identity.private_key_pem)
            .value();
  }
  static CertificateWishes names(std::string text) {
    CertificateWishes wishes;
    wishes.names = std::move(text);
    return wishes;
  }
  static TlsOptions trusting() {
    TlsOptions options;
    options.ca_pem = authority().pem();
    return options;
  }
  Result<void> connect(const std::string& host, TlsOptions tls) {
    std::optional<Result<void>> outcome;
    DialOptions options;
    options.tls = std::move(tls);
    options.resolver = std::make_shared<FakeResolver>(Resolver::Addresses{"127.0.0.1"});
    dial(strand, {host, listener->port(), true}, std::move(options), [&](auto stream) {
      if (stream)
        client = *stream, outcome.emplace();
      else
        outcome.emplace(stream.error());
    });
    EXPECT_TRUE(run_until([&] { return outcome && (!*outcome || server); }));
    EXPECT_TRUE(run_until([&] { return clock->pending() == 0; }));  // both ends have given up their time limits
    return outcome.value_or(Error(Errc::request_timeout, "the test's own limit"));
  }
  void expect_rejected(const Result<void>& outcome, const std::string& reason) {
    ASSERT_FALSE(outcome);
    EXPECT_TRUE(outcome.error() == Errc::certificate_rejected) << outcome.error().what();
    EXPECT_NE(outcome.error().message.find(reason), std::string::npos) << outcome.error().what();
    EXPECT_TRUE(is_fatal(outcome.error()));
  }

  std::shared_ptr<Listener> listener;
  std::shared_ptr<ByteStream> client, server;
  std::vector<std::shared_ptr<ByteStream>> kept;
};

TEST_F(TlsTest, TrustsItsOwnAuthorityFromPem) {
  serve(authority().issue());
  ASSERT_TRUE(connect("localhost", trusting()));
  const auto a = Peer::start(client), b = Peer::start(server);
  a->write("hello");
  b->write("hi");
  EXPECT_TRUE(run_until([&] { return b->received == "hello" && a->received == "hi"; }));
}

// A reader holds its stream, and the stream its reader.
TEST_F(TlsTest, AContextThatIsDestroyedFreesTheStreamsThatAreRead) {
  serve(authority().issue());
  std::weak_ptr<Peer> reader;
  {
    boost::asio::io_context own;
    Runtime of_client(own, {});
    std::shared_ptr<ByteStream> stream;
    DialOptions options;
    options.tls = trusting();
    dial(detail::Strand(of_client.impl()), {"127.0.0.1", listener->port(), true}, std::move(options),
         [&](auto dialled) { stream = dialled.value(); });
    ASSERT_TRUE(run_until([&] {
      own.restart();
      own.poll();
      return stream != nullptr;
    }, 1ms));
    reader = Peer::start(std::move(stream));
    own.restart();
    own.poll();
    EXPECT_FALSE(reader.expired()) << "the stream holds it while it reads";
  }
  EXPECT_TRUE(reader.expired());
}

TEST_F(TlsTest, TrustsItsOwnAuthorityFromAFile) {
  const auto path = testing::TempDir() + "lavapp_tls_test_" + std::to_string(::getpid()) + ".pem";
  std::ofstream(path) << authority().pem();
  serve(authority().issue());
  TlsOptions options;
  options.ca_file = path;
  EXPECT_TRUE(connect("localhost", options));
  std::remove(path.c_str());
}

TEST_F(TlsTest, ChecksAnIpLiteralAgainstTheCertificatesAddresses) {
  serve(authority().issue(names("IP:127.0.0.1")));
  EXPECT_TRUE(connect("127.0.0.1", trusting()));
}

TEST_F(TlsTest, RejectsAnAddressThatTheCertificateDoesNotName) {
  serve(authority().issue(names("DNS:127.0.0.1,IP:127.0.0.2")));
  expect_rejected(connect("127.0.0.1", trusting()), "IP address mismatch");
}

TEST_F(TlsTest, RejectsAnotherHostsCertificate) {
  serve(authority().issue(names("DNS:example.org")));
  expect_rejected(connect("localhost", trusting()), "hostname mismatch");
}

TEST_F(TlsTest, ATrailingDotIsNoPartOfTheName) {
  serve(authority().issue(names("DNS:node.example")));
  EXPECT_TRUE(connect("node.example.", trusting()));
}

TEST_F(TlsTest, ServerNameReplacesTheHost) {
  serve(authority().issue(names("DNS:example.org")));
  auto options = trusting();
  options.server_name = "example.org";
  EXPECT_TRUE(connect("127.0.0.1", options));
}

TEST_F(TlsTest, RejectsAnExpiredCertificate) {
  CertificateWishes wishes;
  wishes.valid_from = std::chrono::hours(-2);
  wishes.valid_until = std::chrono::hours(-1);
  serve(authority().issue(wishes));
  expect_rejected(connect("localhost", trusting()), "expired");
}

TEST_F(TlsTest, RejectsACertificateThatIsNotValidYet) {
  CertificateWishes wishes;
  wishes.valid_from = std::chrono::hours(1);
  serve(authority().issue(wishes));
  expect_rejected(connect("localhost", trusting()), "not yet valid");
}

TEST_F(TlsTest, RejectsASelfSignedCertificate) {
  serve(test::self_signed());
  expect_rejected(connect("localhost", trusting()), "self-signed certificate");
}

TEST_F(TlsTest, RejectsAnAuthorityThatTheSystemDoesNotKnow) {
  serve(authority().issue());
  expect_rejected(connect("localhost", {}), "unable to get local issuer certificate");
}

TEST_F(TlsTest, AcceptsAnythingWhenToldTo) {
  serve(test::self_signed(names("DNS:example.org")));
  TlsOptions options;
  options.insecure_accept_any_certificate = true;
  EXPECT_TRUE(connect("localhost", options));
}

TEST_F(TlsTest, NamesTheFieldThatCannotBeLoaded) {
  serve(authority().issue());
  const auto mine = authority().issue(), others = authority().issue();
  const auto broken = [](auto change) {
    auto options = trusting();
    change(options);
    return options;
  };
  const std::pair<TlsOptions, std::string> cases[] = {
      {broken([](auto& o) { o.ca_pem = "nonsense"; }), "ca_pem: "},
      {broken([](auto& o) { o.ca_pem += "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"; }),
       "ca_pem: "},
      {broken([](auto& o) { o.ca_file = "/nowhere/ca.pem"; }), "ca_file: "},
      {broken([&](auto& o) { o.certificate_pem = mine.certificate_pem; }), "private_key_pem: "},
      {broken([&](auto& o) { o.private_key_pem = mine.private_key_pem; }), "certificate_pem: "},
      {broken([&](auto& o) { o.certificate_pem = "x", o.private_key_pem = mine.private_key_pem; }),
       "certificate_pem: "},
      {broken([&](auto& o) { o.certificate_pem = mine.certificate_pem, o.private_key_pem = "x"; }),
       "private_key_pem: "},
      {broken([&](auto& o) { o.certificate_pem = mine.certificate_pem, o.private_key_pem = others.private_key_pem; }),
       "private_key_pem: "},
      {broken([](auto& o) { o.server_name = std::string("a\0b", 3); }), "server_name: "},
      {broken([](auto& o) { o.server_name = std::string(300, 'a'); }), "server_name: "},
  };
  for (const auto& [options, field] : cases) {
    const auto outcome = connect("localhost", options);
    ASSERT_FALSE(outcome) << field;
    EXPECT_TRUE(outcome.error() == Errc::invalid_argument) << outcome.error().what();
    EXPECT_EQ(outcome.error().message.substr(0, field.size()), field) << outcome.error().what();
    EXPECT_EQ(outcome.error().what().find("PRIVATE"), std::string::npos);
  }
}

TEST_F(TlsTest, TheListenerNamesWhatItCannotLoad) {
  const auto outcome = listen(
      strand, 0, [](auto) {}, "x", "y");
  ASSERT_FALSE(outcome);
  EXPECT_TRUE(outcome.error() == Errc::invalid_argument);
}

TEST_F(TlsTest, AServerWithoutTlsIsTlsFailed) {
  listener = listen(strand, 0, [&](auto stream) {
               kept.push_back(stream);
               Peer::start(stream)->write("HTTP/1.1 400 Bad Request\r\n\r\n");
             }).value();
  const auto outcome = connect("localhost", trusting());
  ASSERT_FALSE(outcome);
  EXPECT_TRUE(outcome.error() == Errc::tls_failed) << outcome.error().what();
  EXPECT_EQ(outcome.error().cause.message(), "wrong version number");
}

TEST_F(TlsTest, AnEndWithinTheHandshakeIsTlsFailed) {
  listener = listen(strand, 0, [&](auto stream) { stream->close(); }).value();
  const auto outcome = connect("localhost", trusting());
  ASSERT_FALSE(outcome);
  EXPECT_TRUE(outcome.error() == Errc::tls_failed) << outcome.error().what();
  EXPECT_TRUE(outcome.error().cause);
}

TEST_F(TlsTest, TheHandshakeHasATimeLimitOfItsOwnAndCanBeCancelled) {
  listener = listen(strand, 0, [&](auto stream) { kept.push_back(std::move(stream)); }).value();
  for (const bool cancel : {false, true}) {
    std::optional<Error> error;
    const auto accepted = kept.size();
    const auto dialer = dial(strand, {"127.0.0.1", listener->port(), true}, {}, [&](auto r) { error = r.error(); });
    ASSERT_TRUE(run_until([&] { return kept.size() > accepted; }));
    const auto peer = Peer::start(kept.back());
    ASSERT_TRUE(run_until([&] { return !peer->received.empty(); }));
    EXPECT_FALSE(error);
    if (cancel)
      dialer->cancel();
    else
      clock->advance(5s);
    ASSERT_TRUE(run_until([&] { return error && peer->ended; }));
    EXPECT_TRUE(*error == (cancel ? Errc::cancelled : Errc::tls_timeout));
  }
}

TEST_F(TlsTest, CarriesManyBytesBothWays) {
  serve(authority().issue());
  ASSERT_TRUE(connect("localhost", trusting()));
  const auto a = Peer::start(client, 64 * 1024), b = Peer::start(server, 1000);
  std::string there(3'000'001, '\0'), back(2'000'003, '\0');
  for (std::size_t i = 0; i < there.size(); ++i) there[i] = static_cast<char>(i * 7 / 5);
  for (std::size_t i = 0; i < back.size(); ++i) back[i] = static_cast<char>(i * 11 / 3);
  a->write(there);
  b->write(back);
  ASSERT_TRUE(run_until([&] { return b->received.size() == there.size() && a->received.size() == back.size(); }));
  EXPECT_TRUE(b->received == there);
  EXPECT_TRUE(a->received == back);
  EXPECT_TRUE(run_until([&] { return a->writes_ended == 1 && b->writes_ended == 1; }));
  EXPECT_FALSE(a->write_error);
}

TEST_F(TlsTest, ManySmallRecordsArriveInOrder) {
  serve(authority().issue());
  ASSERT_TRUE(connect("localhost", trusting()));
  const auto b = Peer::start(server);
  std::string expected;
  for (int i = 0; i < 200; ++i) {
    const auto text = "message " + std::to_string(i);
    expected += text;
    b->write(text);
    ASSERT_TRUE(run_until([&] { return b->writes_ended == i + 1; }));
  }
  const auto a = Peer::start(client, 1000);
  ASSERT_TRUE(run_until([&] { return a->received.size() >= expected.size(); }));
  EXPECT_EQ(a->received, expected);
}

TEST_F(TlsTest, AnOrderlyEndAndACutAreBothConnectionLost) {
  for (const bool orderly : {true, false}) {
    server.reset();
    listener.reset();
    serve(authority().issue());
    ASSERT_TRUE(connect("localhost", trusting()));
    const auto a = Peer::start(client);
    if (orderly)
      server->shutdown_send();
    else
      server->close();
    ASSERT_TRUE(run_until([&] { return a->ended; }));
    EXPECT_EQ(a->ended, Errc::connection_lost);
  }
}

TEST_F(TlsTest, AfterShutdownSendItStillReads) {
  serve(authority().issue());
  ASSERT_TRUE(connect("localhost", trusting()));
  const auto a = Peer::start(client), b = Peer::start(server);
  a->write("last");
  client->shutdown_send();
  ASSERT_TRUE(run_until([&] { return b->ended; }));
  EXPECT_EQ(b->received, "last");
  EXPECT_EQ(b->ended, Errc::connection_lost);
  const std::string late(100'000, 'x');
  b->write(late);
  ASSERT_TRUE(run_until([&] { return a->received.size() == late.size(); }));
  b->stream->close();
  ASSERT_TRUE(run_until([&] { return a->ended; }));
  EXPECT_EQ(a->ended, Errc::connection_lost);
}

TEST_F(TlsTest, AResetIsTold) {
  serve(authority().issue());
  ASSERT_TRUE(connect("localhost", trusting()));
  const auto a = Peer::start(client);
  server->close(true);
  ASSERT_TRUE(run_until([&] { return a->ended; }));
  EXPECT_EQ(a->ended, std::errc::connection_reset);
}

TEST_F(TlsTest, CloseEndsWhatIsPendingLater) {
  serve(authority().issue());
  ASSERT_TRUE(connect("localhost", trusting()));
  const auto a = Peer::start(client);
  a->write(std::string(50'000'000, 'x'));
  poll();
  client->close();
  EXPECT_FALSE(client->is_open());
  EXPECT_FALSE(a->ended);
  EXPECT_EQ(a->writes_ended, 0);
  ASSERT_TRUE(run_until([&] { return a->ended && a->writes_ended == 1; }));
  EXPECT_EQ(a->ended, std::errc::operation_canceled);
  EXPECT_EQ(a->write_error, std::errc::operation_canceled);
}

TEST_F(TlsTest, AListenerClosedInTheMiddleOfAHandshakeLetsGo) {
  serve(authority().issue());
  std::shared_ptr<ByteStream> plain;
  dial(strand, {"127.0.0.1", listener->port(), false}, {}, [&](auto s) { plain = std::move(s).value(); });
  ASSERT_TRUE(run_until([&] { return plain && clock->pending() > 0; }));
  const auto peer = Peer::start(plain);
  listener->close();
  ASSERT_TRUE(run_until([&] { return peer->ended; }));
  EXPECT_EQ(clock->pending(), 0u);
}

TEST_F(TlsTest, OneCacheReadsTheCertificatesOnce) {
  TlsContextCache cache;
  const auto first = cache.get(trusting()).value();
  EXPECT_EQ(cache.get(trusting()).value(), first);
  auto other = trusting();
  other.insecure_accept_any_certificate = true;
  EXPECT_NE(cache.get(other).value(), first);
  EXPECT_EQ(cache.get(trusting()).value(), first);
  other.ca_pem = "broken";
  EXPECT_FALSE(cache.get(other));
  other = trusting();
  other.pinned_public_keys = {"no pin"};  // known options otherwise
  EXPECT_FALSE(cache.get(other));
}

TEST_F(TlsTest, ACacheForgetsTheOldestContext) {
  TlsContextCache cache;
  const auto first = cache.get(trusting()).value();
  auto other = trusting();
  for (std::size_t i = 0; i < TlsContextCache::kMost; ++i) {
    other.server_name = "host" + std::to_string(i);
    EXPECT_NE(cache.get(other).value(), first);
  }
  EXPECT_NE(cache.get(trusting()).value(), first);
}

/// The server asks for a client certificate.
class TlsClientCertificateTest : public TlsTest {
 protected:
  void serve_known_clients_only() {
    TlsServerOptions options;
    const auto identity = authority().issue();
    options.certificate_pem = identity.certificate_pem;
    options.private_key_pem = identity.private_key_pem;
    options.client_ca_pem = authority().pem();
    const auto server_side = make_server_context(options).value();
    listener = listen(strand, 0, [this, server_side](auto stream) {
                 shake_hands(strand, std::move(stream), make_server_session(server_side).value(), [this](auto secured) {
                   if (secured)
                     server = *secured;
                   else
                     server_error = secured.error();
                 });
               }).value();
  }
  std::optional<Error> server_error;
};

TEST_F(TlsClientCertificateTest, IsShown) {
  serve_known_clients_only();
  const auto mine = authority().issue(names("DNS:client"));
  auto options = trusting();
  options.certificate_pem = mine.certificate_pem;
  options.private_key_pem = mine.private_key_pem;
  ASSERT_TRUE(connect("localhost", options));
  EXPECT_FALSE(server_error);
}

TEST_F(TlsClientCertificateTest, WithoutOneTheServersReasonIsTold) {
  serve_known_clients_only();
  DialOptions options;
  options.tls = trusting();
  dial(strand, {"localhost", listener->port(), true}, std::move(options),
       [&](auto s) { client = std::move(s).value(); });
  ASSERT_TRUE(run_until([&] { return client && server_error; }));
  // TLS 1.3: the client has finished its handshake before the server looks at the certificate.
  const auto a = Peer::start(client);
  ASSERT_TRUE(run_until([&] { return a->ended; }));
  EXPECT_NE(a->ended.message().find("certificate required"), std::string::npos) << a->ended.message();
  EXPECT_TRUE(*server_error == Errc::tls_failed) << server_error->what();
}

}  // namespace
}  // namespace lavapp::net
