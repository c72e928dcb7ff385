// Redirects: where they lead, which are followed, and what goes along.
#include "websocket/url.hpp"
#include "websocket_fixture.hpp"

namespace lavapp {
namespace {

using websocket::follow_location;
using websocket::parse_url;

std::string led(const std::string& base, const std::string& location) {
  const auto to = follow_location(parse_url(base).value(), location);
  if (!to) return "refused";
  return (to->tls ? "wss://" : "ws://") + to->host_header() + to->target;
}

TEST(FollowLocation, ResolvesReferencesAsRfc3986Does) {
  const std::string base = "ws://a.example:8080/b/c/d?q";
  EXPECT_EQ(led(base, "ws://other.example/x"), "ws://other.example/x");
  EXPECT_EQ(led(base, "http://other.example"), "ws://other.example/");
  EXPECT_EQ(led(base, "//other.example:81/x"), "ws://other.example:81/x");
  EXPECT_EQ(led(base, "/x?y=1"), "ws://a.example:8080/x?y=1");
  EXPECT_EQ(led(base, "g"), "ws://a.example:8080/b/c/g");
  EXPECT_EQ(led(base, "./g"), "ws://a.example:8080/b/c/g");
  EXPECT_EQ(led(base, "../g"), "ws://a.example:8080/b/g");
  EXPECT_EQ(led(base, "../../../g"), "ws://a.example:8080/g");
  EXPECT_EQ(led(base, ".."), "ws://a.example:8080/b/");
  EXPECT_EQ(led(base, "?y"), "ws://a.example:8080/b/c/d?y");
  EXPECT_EQ(led(base, ""), "ws://a.example:8080/b/c/d?q");
  EXPECT_EQ(led(base, "/x#fragment"), "ws://a.example:8080/x");
  EXPECT_EQ(led(base, "/x/a:b"), "ws://a.example:8080/x/a:b");
  EXPECT_EQ(led("wss://[::1]/", "/x"), "wss://[::1]/x");
}

TEST(FollowLocation, NeverFromWssToWs) {
  EXPECT_EQ(led("wss://a.example/", "ws://a.example/"), "refused");
  EXPECT_EQ(led("wss://a.example/", "http://a.example/"), "refused");
  EXPECT_EQ(led("wss://a.example/", "https://a.example/x"), "wss://a.example/x");
  EXPECT_EQ(led("ws://a.example/", "wss://a.example/x"), "wss://a.example/x");
}

TEST(FollowLocation, RefusesWhatIsNoWebSocketUrl) {
  EXPECT_EQ(led("ws://a.example/", "ftp://a.example/"), "refused");
  EXPECT_EQ(led("ws://a.example/", "ws://user:secret@a.example/"), "refused");
  EXPECT_EQ(led("ws://a.example/", "/with space"), "refused");
  EXPECT_EQ(led("ws://a.example/", "javascript:alert(1)"), "refused");
}

class Redirect : public WebSocketTest {
 protected:
  static std::string redirect(int status, const std::string& location) {
    return "HTTP/1.1 " + std::to_string(status) + " Moved\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
  }
  static WebSocketOptions following(std::uint32_t most) {
    WebSocketOptions options;
    options.max_redirects = most;
    options.headers = {{"Authorization", "secret"}, {"User-Id", "1"}};
    return options;
  }
};

TEST_F(Redirect, IsNotFollowedUnlessAllowed) {
  make();
  connect();
  accept()->write(redirect(302, "/elsewhere"));
  ASSERT_TRUE(run_until_closed());
  EXPECT_TRUE(errors.back() == Errc::handshake_refused);
  EXPECT_EQ(errors.back().http_status, 302);
  EXPECT_EQ(peers.size(), 1u);
}

TEST_F(Redirect, WithinTheOriginHeadersGoAlong) {
  for (const int status : {301, 302, 303, 307, 308}) {
    make(following(1));
    connect();
    accept()->write(redirect(status, "/elsewhere?x=1"));
    const auto second = accept();
    EXPECT_EQ(request.substr(0, 19), "GET /elsewhere?x=1 ");
    EXPECT_EQ(header_of(request, "Authorization"), "secret");
    second->write(switching() + text_frame("here"));
    ASSERT_TRUE(run_until_event("text:here")) << status;
    events.clear();
  }
}

TEST_F(Redirect, ToAnotherOriginNoCredentialGoes) {
  make(following(1));
  connect();
  // Another name of the same server is another origin.
  accept()->write(redirect(307, "ws://localhost:" + std::to_string(listener->port()) + "/elsewhere"));
  const auto second = accept();
  EXPECT_EQ(header_of(request, "Authorization"), "(none)");
  EXPECT_EQ(header_of(request, "User-Id"), "(none)");
  second->write(switching());
  EXPECT_TRUE(run_until_event("open"));
}

TEST_F(Redirect, TheyAreCounted) {
  make(following(2));
  connect();
  accept()->write(redirect(302, "/1"));
  accept()->write(redirect(302, "/2"));
  accept()->write(redirect(302, "/3"));
  ASSERT_TRUE(run_until_closed());
  EXPECT_TRUE(errors.back() == Errc::handshake_refused);
  EXPECT_NE(errors.back().message.find("max_redirects"), std::string::npos) << errors.back().what();
  EXPECT_EQ(peers.size(), 3u);
  EXPECT_EQ(count("closed"), 1u);
  EXPECT_EQ(count("error"), 1u);
}

TEST_F(Redirect, TellsWhyItWasNotFollowed) {
  for (const std::string location : {"ftp://x/", "ws://user:secret@x/"}) {
    make(following(5));
    connect();
    accept()->write(redirect(302, location));
    ASSERT_TRUE(run_until_closed());
    EXPECT_TRUE(errors.back() == Errc::handshake_refused);
    EXPECT_NE(errors.back().message.find("not followed"), std::string::npos) << errors.back().what();
    EXPECT_EQ(errors.back().what().find("secret"), std::string::npos);
    events.clear();
  }
  make(following(5));
  connect();
  accept()->write("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(run_until_closed());
  EXPECT_NE(errors.back().message.find("Location"), std::string::npos) << errors.back().what();
}

TEST_F(Redirect, TheWayCanBeCutAtEachStep) {
  make(following(3));
  connect();
  accept()->write(redirect(302, "/1"));
  accept();
  ws->terminate();
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(connected.size(), 1u);
  EXPECT_EQ(count("error"), 1u);
  make(following(3));
  connect();
  accept()->write(redirect(302, "/1"));
  accept();
  ws.reset();
  poll();
}

TEST_F(Redirect, TheDeadlineOfTheSecondHandshakeHolds) {
  make(following(3));
  connect();
  accept()->write(redirect(302, "/1"));
  accept();
  advance(10s);
  ASSERT_TRUE(run_until_closed());
  EXPECT_TRUE(errors.back() == Errc::handshake_timeout) << errors.back().what();
}

}  // namespace
}  // namespace lavapp
