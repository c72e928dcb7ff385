// The node from outside: its life, what it shows, and the trouble that can be ordered.
#include "lavapp/sandbox/node.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "raw_peer.hpp"
#include "sandbox/json.hpp"
#include "support/frames.hpp"

namespace lavapp::test {
namespace {

using namespace std::chrono_literals;
using sandbox::Fault;
using sandbox::Json;
using sandbox::Node;

template <class Condition>
bool poll_until(Condition condition) {
  const auto limit = std::chrono::steady_clock::now() + 10s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::this_thread::yield();
  }
  return true;
}

std::string request(const std::string& method, const std::string& target, const std::string& body = {}, const std::string& more = {}) {
  return method + ' ' + target + " HTTP/1.1\r\nHost: sandbox\r\nAuthorization: youshallnotpass\r\nContent-Type: application/json\r\n" + more +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// A WebSocket client by hand.
struct Client {
  explicit Client(std::uint16_t port, const std::string& session_id = {}) : peer(port) {
    std::string head = "GET /v4/websocket HTTP/1.1\r\nHost: sandbox\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                       "Authorization: youshallnotpass\r\nUser-Id: 42\r\nClient-Name: test/1\r\n";
    if (!session_id.empty()) head += "Session-Id: " + session_id + "\r\n";
    peer.send(head + "\r\n");
    answer = peer.read_response();
    if (answer.status != 101) return;
    const auto ready = next();
    id = ready.value("sessionId", "");
    resumed = ready.value("resumed", false);
    if (!resumed) next();  // stats
  }
  Json next() {
    const auto frame = peer.read_frame();
    return frame ? Json::parse(frame->payload) : Json();
  }
  /// The next message of that type.
  Json event(const std::string& type) {
    for (;;) {
      auto message = next();
      if (message.is_null() || message.value("type", message.value("op", "")) == type) return message;
    }
  }
  RawPeer peer;
  RawResponse answer;
  std::string id;
  bool resumed = false;
};

struct SandboxNode : ::testing::Test {
  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  Runtime runtime{RuntimeOptions{.clock = clock}};
  Node node{runtime};

  RawResponse ask(const std::string& text) {
    RawPeer peer(node.port());
    peer.send(text);
    return peer.read_response();
  }
  RawResponse patch(const Client& client, const std::string& body) {
    return ask(request("PATCH", "/v4/sessions/" + client.id + "/players/1", body));
  }
};

TEST_F(SandboxNode, PlaysATrackWhenTheClockMoves) {
  Client client(node.port());
  EXPECT_EQ(patch(client, R"({"track":{"identifier":"sandbox:short"}})").status, 200);
  EXPECT_EQ(client.event("TrackStartEvent")["track"]["info"]["title"], "Five Seconds");
  clock->advance(2s);
  ASSERT_EQ(node.players().size(), 1U);
  EXPECT_EQ(node.players()[0].position, 2s);
  EXPECT_EQ(node.players()[0].track->info.title, "Five Seconds");
  clock->advance(10s);
  const auto end = client.event("TrackEndEvent");
  EXPECT_EQ(end["reason"], "finished");
  EXPECT_EQ(end["track"]["info"]["position"], 5'000);
}

TEST_F(SandboxNode, AClockThatJumpsSendsEverythingInOrder) {
  Client client(node.port());
  patch(client, R"({"track":{"identifier":"sandbox:endless"}})");
  clock->advance(1h);
  std::int64_t last = 0;
  int updates = 0, stats = 0;
  while (stats < 60) {
    const auto message = client.next();
    ASSERT_FALSE(message.is_null());
    if (message["op"] == "stats") ++stats;
    if (message["op"] != "playerUpdate") continue;
    ++updates;
    EXPECT_GE(message["state"]["time"].get<std::int64_t>(), last);
    last = message["state"]["time"].get<std::int64_t>();
  }
  EXPECT_GE(updates, 700);
}

TEST_F(SandboxNode, ShowsRequestsWithoutThePassword) {
  ask(request("POST", "/v4/decodetracks", "[]", "X-Extra: 1\r\n"));
  const auto seen = node.requests();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].method, "POST");
  EXPECT_EQ(seen[0].target, "/v4/decodetracks");
  EXPECT_EQ(seen[0].body, "[]");
  EXPECT_EQ(seen[0].status, 400);
  EXPECT_EQ(find_header(seen[0].headers, "Authorization"), nullptr);
  ASSERT_NE(find_header(seen[0].headers, "X-Extra"), nullptr);
  node.clear_requests();
  EXPECT_TRUE(node.requests().empty());
}

TEST_F(SandboxNode, ShowsSessionsAndTexts) {
  Client client(node.port());
  ASSERT_EQ(node.sessions().size(), 1U);
  EXPECT_EQ(node.sessions()[0].id, client.id);
  EXPECT_EQ(node.sessions()[0].user_id, "42");
  EXPECT_TRUE(node.sessions()[0].connected);
  client.peer.send(masked(text_frame("hello")));
  EXPECT_TRUE(poll_until([&] { return node.texts() == std::vector<std::string>{"hello"}; }));
}

TEST_F(SandboxNode, TakesTracksAndPlaylistsOfItsUser) {
  sandbox::CatalogueTrack track;
  track.identifier = "mine";
  track.aliases = {"https://example.invalid/mine"};
  track.title = "Mine";
  const auto added = node.add_track(track);
  EXPECT_EQ(ask(request("GET", "/v4/loadtracks?identifier=https%3A%2F%2Fexample.invalid%2Fmine")).body,
            ask(request("GET", "/v4/loadtracks?identifier=mine")).body);
  EXPECT_EQ(Json::parse(ask(request("GET", "/v4/loadtracks?identifier=mine")).body)["data"]["encoded"], added.encoded);
  node.add_playlist({"list", "List", 0, {track}, {}});
  EXPECT_EQ(Json::parse(ask(request("GET", "/v4/loadtracks?identifier=list")).body)["data"]["tracks"].size(), 1U);
  track.length = 0ms;
  EXPECT_THROW(node.add_track(track), Exception);
  EXPECT_THROW(node.add_playlist({"bad", "Bad", 5, {}, {}}), Exception);
}

TEST_F(SandboxNode, TellsOfTheSourcesThatItsSearchesBelongTo) {
  // lavalink-client sends "ytsearch:" only to a node that says it has YouTube.
  const auto info = Json::parse(ask(request("GET", "/v4/info")).body);
  EXPECT_EQ(info["sourceManagers"], Json::parse(R"(["sandbox","youtube","soundcloud","local","http"])"));
  for (const char* prefix : {"sandboxsearch", "ytsearch", "ytmsearch", "scsearch"}) {
    const auto found = Json::parse(ask(request("GET", std::string("/v4/loadtracks?identifier=") + prefix + ":ferry")).body);
    EXPECT_EQ(found["loadType"], "search") << prefix;
    EXPECT_EQ(found["data"].size(), 2U) << prefix;
  }
}

TEST_F(SandboxNode, LoadsATrackByItsLink) {
  const auto loaded = Json::parse(ask(request("GET", "/v4/loadtracks?identifier=sandbox:1")).body);
  const auto uri = loaded["data"]["info"]["uri"].get<std::string>();
  EXPECT_EQ(Json::parse(ask(request("GET", "/v4/loadtracks?identifier=" + uri)).body), loaded);
}

TEST_F(SandboxNode, AnswersPipelinedRequestsInOrder) {
  RawPeer peer(node.port());
  peer.send(request("GET", "/version") + request("GET", "/v4/nope") + request("GET", "/version"));
  EXPECT_EQ(peer.read_response().status, 200);
  EXPECT_EQ(peer.read_response().status, 404);
  EXPECT_EQ(peer.read_response().body, "4.2.2");
}

TEST_F(SandboxNode, LimitsTheRequestHead) {
  const auto head = [](std::size_t size) {
    const auto text = request("GET", "/version", "", "X: \r\n");
    return request("GET", "/version", "", "X: " + std::string(size - text.size(), 'x') + "\r\n");
  };
  EXPECT_EQ(ask(head(8'192)).status, 200);
  EXPECT_EQ(ask(head(8'193)).status, 400);
}

TEST_F(SandboxNode, ClosesIdleConnectionsAfterAMinute) {
  RawPeer peer(node.port());
  peer.send(request("GET", "/version"));
  peer.read_response();
  EXPECT_TRUE(poll_until([&] { return clock->pending() > 0; }));
  clock->advance(60s);
  peer.read_to_end();
}

TEST_F(SandboxNode, RefusesGarbage) {
  EXPECT_EQ(ask("nonsense\r\n\r\n").status, 400);
  EXPECT_EQ(ask("GET /version HTTP/1.1\r\nAuthorization: youshallnotpass\r\n\r\n").status, 400);
}

TEST_F(SandboxNode, SaysContinueWhenAsked) {
  RawPeer peer(node.port());
  const auto text = request("POST", "/v4/decodetracks", "[]", "Expect: 100-continue\r\n");
  peer.send(text.substr(0, text.size() - 2));
  EXPECT_EQ(peer.read_response().status, 100);
  peer.send("[]");
  EXPECT_EQ(peer.read_response().status, 400);
}

TEST_F(SandboxNode, RefusesAsOrderedAndThenNoMore) {
  node.order(Fault::refuse(503, "busy").header("Retry-After", "2").times(2));
  for (int i = 0; i < 2; ++i) {
    const auto answer = ask(request("GET", "/version"));
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.header("Retry-After"), "2");
    EXPECT_EQ(answer.body, "busy");
  }
  EXPECT_EQ(ask(request("GET", "/version")).status, 200);
}

TEST_F(SandboxNode, FaultsMatchTargetMethodAndHandshake) {
  node.order(Fault::refuse(500).on_target("decode").on_method("POST").always());
  node.order(Fault::refuse(429).on_handshakes());
  EXPECT_EQ(ask(request("GET", "/version")).status, 200);
  EXPECT_EQ(ask(request("POST", "/v4/decodetracks", "[]")).status, 500);
  EXPECT_EQ(Client(node.port()).answer.status, 429);
  EXPECT_EQ(Client(node.port()).answer.status, 101);
  node.clear_faults();
  EXPECT_EQ(ask(request("POST", "/v4/decodetracks", "[]")).status, 400);
}

TEST_F(SandboxNode, AnswersWithTheBodyThatIsOrdered) {
  node.order(Fault::answer("{not json"));
  const auto answer = ask(request("GET", "/v4/info"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.body, "{not json");
}

TEST_F(SandboxNode, DelaysAnAnswer) {
  node.order(Fault::delay(3s));
  RawPeer peer(node.port());
  peer.send(request("GET", "/version"));
  EXPECT_TRUE(poll_until([&] { return !node.requests().empty() && clock->pending() > 0; }));
  clock->advance(2s);
  EXPECT_EQ(ask(request("GET", "/version")).status, 200);
  EXPECT_TRUE(peer.silent());
  clock->advance(1s);
  EXPECT_EQ(peer.read_response().status, 200);
}

TEST_F(SandboxNode, HangsDropsAndCuts) {
  node.order(Fault::hang());
  node.order(Fault::drop());
  node.order(Fault::cut());
  RawPeer hanging(node.port());
  hanging.send(request("GET", "/version"));
  EXPECT_TRUE(poll_until([&] { return node.requests().size() == 1; }));
  RawPeer dropped(node.port());
  dropped.send(request("GET", "/version"));
  EXPECT_FALSE(dropped.read_frame());
  RawPeer cut(node.port());
  cut.send(request("GET", "/v4/info"));
  EXPECT_THROW(cut.read_response(), std::runtime_error);
  EXPECT_EQ(ask(request("GET", "/version")).status, 200);
  EXPECT_TRUE(hanging.silent());
}

TEST_F(SandboxNode, SwallowsAnAnswerToWhatItHasDone) {
  Client client(node.port());
  node.order(Fault::swallow().on_method("PATCH"));
  RawPeer peer(node.port());
  peer.send(request("PATCH", "/v4/sessions/" + client.id + "/players/1", R"({"volume":30})"));
  EXPECT_TRUE(poll_until([&] { return node.player(1).has_value(); }));
  EXPECT_EQ(node.player(1)->volume, 30);
  EXPECT_TRUE(peer.silent());
}

TEST_F(SandboxNode, HangsVoiceUpdatesOfThatGuildUntilItIsDeleted) {
  Client client(node.port());
  const auto voice = R"({"voice":{"token":"t","endpoint":"e","sessionId":"s","channelId":"1"}})";
  node.hang_voice_updates();
  RawPeer first(node.port()), second(node.port());
  const auto update = request("PATCH", "/v4/sessions/" + client.id + "/players/1", voice);
  first.send(update);
  EXPECT_TRUE(poll_until([&] { return !node.players().empty(); }));
  node.hang_voice_updates(false);
  second.send(update);
  EXPECT_TRUE(poll_until([&] { return node.requests().size() == 3; }));
  EXPECT_EQ(patch(client, R"({"volume":10})").status, 200);
  EXPECT_TRUE(first.silent());
  EXPECT_TRUE(second.silent());
  EXPECT_EQ(ask(request("DELETE", "/v4/sessions/" + client.id + "/players/1")).status, 204);
  EXPECT_EQ(patch(client, voice).status, 200);
  EXPECT_TRUE(node.players()[0].connected);
}

TEST_F(SandboxNode, LetsDiscordCloseVoice) {
  Client client(node.port());
  patch(client, R"({"voice":{"token":"t","endpoint":"e","sessionId":"s","channelId":"1"}})");
  node.close_voice(1, 4014, "Disconnected.");
  const auto closed = client.event("WebSocketClosedEvent");
  EXPECT_EQ(closed["code"], 4014);
  EXPECT_EQ(closed["byRemote"], true);
  EXPECT_FALSE(node.players()[0].connected);
}

TEST_F(SandboxNode, DropsConnectionsAndKeepsResumableSessions) {
  Client client(node.port());
  ask(request("PATCH", "/v4/sessions/" + client.id, R"({"resuming":true})"));
  for (const auto how : {Node::Drop::fin, Node::Drop::reset}) {
    Client again(node.port(), how == Node::Drop::fin ? std::string() : client.id);
    node.drop_connections(how);
    again.peer.read_to_end();
  }
  client.peer.read_to_end();
  EXPECT_TRUE(poll_until([&] { return node.connections() == 0; }));
  Client back(node.port(), client.id);
  EXPECT_TRUE(back.resumed);
  EXPECT_EQ(back.answer.header("Session-Resumed"), "true");
}

TEST_F(SandboxNode, OfSeveralHandshakesOneResumes) {
  std::string id;
  {
    Client client(node.port());
    id = client.id;
    ask(request("PATCH", "/v4/sessions/" + id, R"({"resuming":true})"));
  }
  EXPECT_TRUE(poll_until([&] { return node.connections() == 0; }));
  Client first(node.port(), id), second(node.port(), id), third(node.port(), id);
  EXPECT_TRUE(first.resumed);
  EXPECT_FALSE(second.resumed);
  EXPECT_FALSE(third.resumed);
}

TEST_F(SandboxNode, HalfOpenSaysNothingUntilItEnds) {
  Client client(node.port());
  patch(client, R"({"track":{"identifier":"sandbox:endless"}})");
  client.event("TrackStartEvent");
  client.event("playerUpdate");
  client.event("playerUpdate");
  node.half_open();
  RawPeer late(node.port());
  late.send(request("GET", "/version"));
  clock->advance(20s);
  client.peer.send(masked(ping_frame("hello")));
  EXPECT_EQ(node.players().size(), 1U);  // the state is there, and nothing goes out
  EXPECT_TRUE(client.peer.silent());
  EXPECT_TRUE(late.silent());
  node.half_open(false);
  EXPECT_EQ(client.event("playerUpdate")["op"], "playerUpdate");
  EXPECT_EQ(late.read_response().status, 200);
}

TEST_F(SandboxNode, SendsWhateverItIsTold) {
  Client client(node.port());
  node.send_text("{malformed \xFF");
  EXPECT_EQ(client.peer.read_frame()->payload, "{malformed \xFF");
  node.send_binary("\x01\x02");
  const auto binary = client.peer.read_frame();
  EXPECT_EQ(binary->opcode, 2);
  node.send_raw(std::string("\x81\x02hi", 4));
  EXPECT_EQ(client.peer.read_frame()->payload, "hi");
  node.close_websockets(4321, "because");
  EXPECT_EQ(client.peer.read_frame()->payload, std::string("\x10\xE1") + "because");
  EXPECT_THROW(node.close_websockets(1005), Exception);
  client.peer.send(masked(close_frame(4321)));
  client.peer.read_to_end();
}

TEST_F(SandboxNode, RestartsOnItsPortWithoutItsSessions) {
  Client client(node.port());
  ask(request("PATCH", "/v4/sessions/" + client.id, R"({"resuming":true})"));
  const auto port = node.port();
  node.restart(5s);
  EXPECT_EQ(client.peer.read_frame()->payload, std::string("\x03\xE9"));
  client.peer.read_to_end();
  EXPECT_FALSE(node.running());
  EXPECT_THROW(RawPeer{port}, std::runtime_error);
  EXPECT_TRUE(poll_until([&] { return clock->pending() > 0; }));
  clock->advance(5s);
  EXPECT_TRUE(poll_until([&] { return node.running(); }));
  EXPECT_EQ(node.port(), port);
  Client back(port, client.id);
  EXPECT_FALSE(back.resumed);
}

TEST_F(SandboxNode, RestartsAbruptlyWithoutAWord) {
  Client client(node.port());
  node.restart(0s, Node::Stop::abrupt);
  EXPECT_FALSE(client.peer.read_frame());
  EXPECT_TRUE(poll_until([&] { return node.running(); }));
  EXPECT_EQ(ask(request("GET", "/version")).status, 200);
}

TEST(SandboxNodeLife, RunsOnAThreadOfItsOwn) {
  Node node;
  Client client(node.port());
  EXPECT_EQ(client.answer.status, 101);
}

TEST(SandboxNodeLife, SeveralLiveSideBySide) {
  Runtime runtime;
  Node first(runtime), second(runtime);
  EXPECT_NE(first.port(), second.port());
}

TEST(SandboxNodeLife, APortThatIsTakenIsAClearError) {
  Node node;
  sandbox::NodeOptions options;
  options.port = node.port();
  try {
    Node second(options);
    FAIL();
  } catch (const Exception& error) {
    EXPECT_EQ(error.error(), Errc::connect_failed);
    EXPECT_NE(error.error().message.find(std::to_string(node.port())), std::string::npos);
  }
}

TEST(SandboxNodeLife, DestructionCutsWhatIsOpenAndFreesThePort) {
  auto node = std::make_unique<Node>();
  const auto port = node->port();
  Client client(port);
  node->order(Fault::hang());
  RawPeer hanging(port);
  hanging.send(request("GET", "/version"));
  EXPECT_TRUE(poll_until([&] { return node->requests().size() == 2; }));
  node.reset();
  client.peer.read_to_end();
  hanging.read_to_end();
  sandbox::NodeOptions options;
  options.port = port;
  EXPECT_NO_THROW(Node{options});
}

}  // namespace
}  // namespace lavapp::test
