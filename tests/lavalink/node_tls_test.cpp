// One option for both: wss:// and https://. And addresses of all kinds.
#include <gtest/gtest.h>

#include "lavalink/node_fixture.hpp"
#include "support/test_certificates.hpp"

namespace lavapp::lavalink {
namespace {

class NodeTls : public NodeTest {
 protected:
  NodeTls() {
    const auto identity = authority.issue();
    peer = std::make_unique<test::FakeNode>(strand, identity.certificate_pem, identity.private_key_pem);
    peer->route("GET /v4/info", kInfoJson);
  }
  NodeOptions secure() const {
    auto with = options();
    with.secure = true;
    with.tls.ca_pem = authority.pem();
    return with;
  }
  test::CertificateAuthority authority;
};

TEST_F(NodeTls, OneOptionSecuresWebSocketAndRest) {
  connected(secure());
  EXPECT_NE(peer->last("PATCH", "/v4/sessions/s1"), nullptr);
  EXPECT_TRUE(await<Info>([&](auto done) { node->fetch_info(std::move(done)); }).has_value());
}

TEST_F(NodeTls, ACertificateThatIsNotTrustedIsFinal) {
  auto with = secure();
  with.tls.ca_pem = test::CertificateAuthority().pem();
  make(with);
  const auto ready = await<Ready>([&](auto done) { node->connect(std::move(done)); });
  EXPECT_TRUE(ready.error() == Errc::certificate_rejected) << ready.error().what();
  EXPECT_EQ(node->state(), NodeState::closed);
}

TEST_F(NodeTls, ACertificateThatIsNotTrustedIsToldByRestToo) {
  auto with = secure();
  with.tls.ca_pem = test::CertificateAuthority().pem();
  make(with);
  EXPECT_TRUE(await<Info>([&](auto done) { node->fetch_info(std::move(done)); }).error() == Errc::certificate_rejected);
}

class NodeHosts : public NodeTest {};

TEST_F(NodeHosts, AnIpv6LiteralIsAnAddress) {
  auto with = options();
  with.host = "::1";
  with.reconnect.enabled = false;
  peer->stop_listening();
  make(with);
  // Nobody listens there; with or without IPv6 on this machine it is a network's failure, not a mistake in the URL.
  const auto ready = await<Ready>([&](auto done) { node->connect(std::move(done)); });
  EXPECT_TRUE(ready.error() == Errc::connect_failed) << ready.error().what();
}

TEST_F(NodeHosts, LocalhostFindsANodeOnOneOfItsAddresses) {
  auto with = options();
  with.host = "localhost";
  connected(with);
  EXPECT_EQ(*find_header(peer->handshakes[0].headers, "Host"), "localhost:" + std::to_string(peer->port()));
}

}  // namespace
}  // namespace lavapp::lavalink
