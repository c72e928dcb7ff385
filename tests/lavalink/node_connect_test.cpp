// connect(): how it succeeds, how it fails, and what it tries again.
#include <gtest/gtest.h>

#include "lavalink/node_fixture.hpp"

namespace lavapp::lavalink {
namespace {

using test::empty_answer;
using test::FakeNode;

class NodeConnect : public NodeTest {
 protected:
  /// Answers every handshake with this status.
  void refuse(int status, Headers headers = {}) {
    peer->on_handshake = [status, headers](const net::HttpRequest&) {
      auto response = empty_answer(status);
      response.headers.insert(response.headers.end(), headers.begin(), headers.end());
      return response;
    };
  }
  Result<Ready> connect() {
    return await<Ready>([&](auto done) { node->connect(std::move(done)); });
  }
};

TEST_F(NodeConnect, OpensASessionAndAsksTheNodeToKeepIt) {
  make();
  const auto ready = connect();
  ASSERT_TRUE(ready.has_value()) << ready.error().what();
  EXPECT_EQ(ready->session_id, "s1");
  EXPECT_FALSE(ready->resumed);
  EXPECT_EQ(node->state(), NodeState::ready);
  EXPECT_EQ(node->session_id(), "s1");
  EXPECT_EQ(states, (std::vector{NodeState::connecting, NodeState::awaiting_ready, NodeState::ready}));
  ASSERT_EQ(peer->handshakes.size(), 1u);
  const auto& handshake = peer->handshakes[0];
  EXPECT_EQ(handshake.target, "/v4/websocket");
  EXPECT_EQ(*find_header(handshake.headers, "Authorization"), "youshallnotpass");
  EXPECT_EQ(*find_header(handshake.headers, "User-Id"), "170939974227541168");
  EXPECT_EQ(*find_header(handshake.headers, "Client-Name"), "lavapp/0.1.0");
  EXPECT_EQ(find_header(handshake.headers, "Session-Id"), nullptr);
  EXPECT_EQ(find_header(handshake.headers, "Origin"), nullptr);
  const auto* patch = peer->last("PATCH", "/v4/sessions/s1");
  ASSERT_NE(patch, nullptr);
  EXPECT_EQ(patch->body, R"({"resuming":true,"timeout":60})");
}

TEST_F(NodeConnect, TellsReadyBeforeItCompletes) {
  make();
  bool told = false;
  node->on(Node::ready, [&](const Ready& ready) {
    told = true;
    EXPECT_EQ(ready.raw(), R"({"op":"ready","resumed":false,"sessionId":"s1"})");
    EXPECT_EQ(node->state(), NodeState::ready);
    EXPECT_EQ(node->session_id(), "s1");
  });
  EXPECT_TRUE(connect().has_value());
  EXPECT_TRUE(told);
}

TEST_F(NodeConnect, TakesUpTheSessionOfAnEarlierProcess) {
  auto with = options();
  with.session_id = "s1";
  make(with);
  const auto ready = connect();
  ASSERT_TRUE(ready.has_value());
  EXPECT_TRUE(ready->resumed);
  EXPECT_EQ(*find_header(peer->handshakes[0].headers, "Session-Id"), "s1");
  EXPECT_TRUE(warnings.empty());
}

TEST_F(NodeConnect, StatsBeforeReadyAreHandedOnInTheirOrder) {
  peer->greeting = [](const net::HttpRequest&) -> std::vector<std::string> {
    return {std::string(R"({"op":"stats",)") + (kStatsJson + 1), R"({"op":"ready","resumed":false,"sessionId":"s1"})"};
  };
  make();
  std::vector<std::string> order;
  node->on(Node::stats_update, [&] { order.push_back("stats"); });
  node->on(Node::ready, [&] { order.push_back("ready"); });
  EXPECT_TRUE(connect().has_value());
  EXPECT_EQ(order, (std::vector<std::string>{"stats", "ready"}));
  ASSERT_TRUE(node->stats());
  EXPECT_EQ(node->stats()->players, 1);
}

TEST_F(NodeConnect, A4xxIsFinal) {
  for (const int status : {400, 401, 403, 404}) {
    refuse(status);
    make();
    closed = 0;
    errors.clear();
    const auto ready = connect();
    ASSERT_FALSE(ready);
    EXPECT_TRUE(ready.error() == Errc::handshake_refused);
    EXPECT_EQ(ready.error().http_status, status);
    EXPECT_EQ(ready.error().what().find("youshallnotpass"), std::string::npos);
    EXPECT_EQ(node->state(), NodeState::closed);
    EXPECT_EQ(errors.size(), 1u);
    EXPECT_EQ(closed, 1);
    EXPECT_EQ(clock->pending(), 0u) << "something still waits after the end";
  }
}

TEST_F(NodeConnect, A5xxIsTriedAgain) {
  refuse(503);
  make();
  const auto ready = begin<Ready>([&](auto done) { node->connect(std::move(done)); });
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  ASSERT_EQ(attempts.size(), 1u);
  EXPECT_EQ(attempts[0].delay, 1s);
  EXPECT_EQ(attempts[0].reason.http_status, 503);
  peer->on_handshake = FakeNode::accept;
  advance(1s);
  ASSERT_TRUE(run_until([&] { return ready->has_value(); }));
  EXPECT_TRUE((*ready)->has_value());
}

TEST_F(NodeConnect, ASessionGivenUpBeforeConnectIsNotToldAnyMore) {
  auto with = options();
  with.session_id = "abc";
  make(with);
  EXPECT_EQ(node->session_id(), "abc");
  ASSERT_TRUE(await<void>([&](auto done) { node->shutdown(KeepSession::no, std::move(done)); }).has_value());
  EXPECT_EQ(node->session_id(), "");
}

TEST_F(NodeConnect, RetryAfterIsHonoured) {
  refuse(429, {{"Retry-After", "20"}});
  make();
  const auto ready = begin<Ready>([&](auto done) { node->connect(std::move(done)); });
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  EXPECT_EQ(attempts.at(0).delay, 20s);
  advance(19s);
  EXPECT_EQ(peer->handshakes.size(), 1u);
  peer->on_handshake = FakeNode::accept;
  advance(1s);
  ASSERT_TRUE(run_until([&] { return ready->has_value(); }));
}

TEST_F(NodeConnect, Close1011BeforeReadyIsARefusal) {
  peer->greeting = [](const net::HttpRequest&) { return std::vector<std::string>(); };
  make();
  const auto ready = begin<Ready>([&](auto done) { node->connect(std::move(done)); });
  ASSERT_TRUE(run_until([&] { return peer->sockets() == 1; }));
  peer->send_close(1011, "nope");
  ASSERT_TRUE(run_until([&] { return ready->has_value(); }));
  ASSERT_FALSE(**ready);
  EXPECT_TRUE((*ready)->error() == Errc::session_refused);
  EXPECT_EQ((*ready)->error().close_code, 1011);
  EXPECT_EQ(node->state(), NodeState::closed);
}

TEST_F(NodeConnect, AServerThatNeverSaysReadyIsTriedAgain) {
  peer->greeting = [](const net::HttpRequest&) { return std::vector<std::string>(); };
  make();
  const auto ready = begin<Ready>([&](auto done) { node->connect(std::move(done)); });
  ASSERT_TRUE(run_until_state(NodeState::awaiting_ready));
  advance(10s);
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  EXPECT_TRUE(attempts.at(0).reason == Errc::ready_timeout);
  ASSERT_TRUE(run_until([&] { return peer->sockets() == 0; })) << "the silent connection was not ended";
  peer->greeting = [](const net::HttpRequest&) {
    return std::vector<std::string>{R"({"op":"ready","resumed":false,"sessionId":"s1"})"};
  };
  advance(1s);
  ASSERT_TRUE(run_until([&] { return ready->has_value(); }));
  EXPECT_TRUE((*ready)->has_value());
}

TEST_F(NodeConnect, ARefusedPortIsTriedAgainUntilTheDeadlineAndBeyond) {
  make();
  peer->stop_listening();
  const auto ready = begin<Ready>([&](auto done) { node->connect(std::move(done)); });
  ASSERT_TRUE(run_until([&] { return attempts.size() == 1; }));
  EXPECT_TRUE(attempts[0].reason == Errc::connect_failed);
  for (int i = 0; i < 4; ++i) {
    const auto before = attempts.size();
    advance(attempts.back().delay);
    ASSERT_TRUE(run_until([&] { return attempts.size() > before; }));
  }
  advance(30s);
  ASSERT_TRUE(run_until([&] { return ready->has_value(); }));
  ASSERT_FALSE(**ready);
  EXPECT_TRUE((*ready)->error() == Errc::connect_timeout);
  EXPECT_NE((*ready)->error().message.find("could not connect"), std::string::npos) << (*ready)->error().message;
  EXPECT_NE(node->state(), NodeState::closed) << "trying goes on";
  EXPECT_EQ(closed, 0);
}

TEST_F(NodeConnect, GivesUpAfterItsAttempts) {
  refuse(500);
  auto with = options();
  with.reconnect.max_attempts = 1;
  make(with);
  const auto ready = begin<Ready>([&](auto done) { node->connect(std::move(done)); });
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  advance(1s);
  ASSERT_TRUE(run_until([&] { return ready->has_value(); }));
  EXPECT_EQ((*ready)->error().http_status, 500);
  EXPECT_EQ(node->state(), NodeState::closed);
  EXPECT_EQ(closed, 1);
}

TEST_F(NodeConnect, AServerThatIsNotLavalinkIsToldApart) {
  peer->on_handshake = [](const net::HttpRequest&) {
    net::HttpResponse page;
    page.status = 200;
    page.reason = "OK";
    page.headers = {{"Content-Type", "text/html"}};
    page.body = "<html>Welcome</html>";
    return page;
  };
  make();
  const auto ready = connect();
  ASSERT_FALSE(ready);
  EXPECT_TRUE(ready.error() == Errc::not_a_lavalink_node);
  EXPECT_EQ(ready.error().http_status, 200);
  EXPECT_EQ(node->state(), NodeState::closed);
}

TEST_F(NodeConnect, AServerThatDoesNotSpeakHttpIsToldApart) {
  auto ssh = net::listen(strand, 0, [](std::shared_ptr<net::ByteStream> stream) {
               static_cast<void>(std::make_shared<net::Peer>(stream));
               auto talker = net::Peer::start(std::move(stream));
               talker->write("SSH-2.0-OpenSSH_9.2\r\n");
             }).value();
  auto with = options();
  with.port = ssh->port();
  make(with);
  const auto ready = connect();
  ASSERT_FALSE(ready);
  EXPECT_TRUE(ready.error() == Errc::not_a_lavalink_node) << ready.error().what();
  ssh->close();
}

TEST_F(NodeConnect, AnotherApiVersionIsAWarning) {
  peer->on_handshake = [](const net::HttpRequest& request) {
    auto response = FakeNode::accept(request);
    for (auto& [name, value] : response.headers) {
      if (name == "Lavalink-Api-Version") value = "5";
    }
    return response;
  };
  make();
  EXPECT_TRUE(connect().has_value());
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_TRUE(warnings[0] == Errc::not_a_lavalink_node);
}

TEST_F(NodeConnect, AFailedSessionPatchIsAWarning) {
  peer->routes["PATCH /v4/sessions/s1"] = [](const net::HttpRequest&) { return empty_answer(500); };
  make();
  EXPECT_TRUE(connect().has_value());
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0].http_status, 500);
  EXPECT_EQ(warnings[0].route, "PATCH /v4/sessions/s1");
}

TEST_F(NodeConnect, MistakesInTheOptionsAreToldByConnect) {
  auto with = options();
  with.headers = {{"X-A", "1\r\nX-B: 2"}};
  make(with);
  const auto ready = connect();
  ASSERT_FALSE(ready);
  EXPECT_TRUE(ready.error() == Errc::invalid_argument);
  EXPECT_EQ(node->state(), NodeState::idle);
  EXPECT_TRUE(peer->handshakes.empty());
}

TEST_F(NodeConnect, TwiceIsRefused) {
  connected();
  const auto again = connect();
  EXPECT_TRUE(again.error() == Errc::already_connecting);
  EXPECT_EQ(node->state(), NodeState::ready);
}

TEST_F(NodeConnect, CancelledItEndsTheAttempt) {
  peer->hangs = true;
  make();
  CancelSource source;
  CallOptions call;
  call.cancel = source.token();
  const auto ready = begin<Ready>([&](auto done) { node->connect(std::move(done), call); });
  ASSERT_TRUE(run_until([&] { return peer->handshakes.size() == 1; }));
  source.cancel();
  ASSERT_TRUE(run_until([&] { return ready->has_value(); }));
  EXPECT_TRUE((*ready)->error() == Errc::cancelled);
  EXPECT_EQ(node->state(), NodeState::closed);
  ASSERT_TRUE(run_until([&] { return peer->connections() == 0; }));
}

TEST_F(NodeConnect, AfterAFinalErrorItMayBeCalledAgain) {
  refuse(401);
  make();
  EXPECT_FALSE(connect());
  peer->on_handshake = FakeNode::accept;
  EXPECT_TRUE(connect().has_value());
}

TEST_F(NodeConnect, ThePathPrefixAndHeadersGoToWebSocketAndRestAlike) {
  auto with = options();
  with.path_prefix = "/lavalink";
  with.headers = {{"X-Shard", "7"}};
  peer->routes["PATCH /lavalink/v4/sessions/s1"] = peer->routes["PATCH /v4/sessions/s1"];
  connected(with);
  EXPECT_EQ(peer->handshakes[0].target, "/lavalink/v4/websocket");
  const auto* patch = peer->last("PATCH", "/lavalink/v4/sessions/s1");
  ASSERT_NE(patch, nullptr);
  EXPECT_EQ(*find_header(patch->headers, "X-Shard"), "7");
  EXPECT_EQ(*find_header(peer->handshakes[0].headers, "X-Shard"), "7");
}

}  // namespace
}  // namespace lavapp::lavalink
