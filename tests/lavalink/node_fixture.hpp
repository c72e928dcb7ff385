// NodeTest: a Node, a scripted node for it to talk to, and a clock that stands until the test moves it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lavalink/fake_node.hpp"
#include "lavapp/lavalink/node.hpp"
#include "net/net_fixture.hpp"

namespace lavapp::lavalink {

using namespace std::chrono_literals;

inline const char* const kTrackJson =
    R"({"encoded":"QAAA","info":{"identifier":"a","isSeekable":true,"author":"b","length":60000,"isStream":false,)"
    R"("position":0,"title":"c","uri":null,"artworkUrl":null,"isrc":null,"sourceName":"local"},"pluginInfo":{},"userData":{}})";

inline std::string player_json(std::string guild, std::string track = "null", std::string time = "1000",
                               std::string position = "0") {
  return R"({"guildId":")" + guild + R"(","track":)" + track + R"(,"volume":100,"paused":false,"state":{"time":)" +
         time + R"(,"position":)" + position +
         R"(,"connected":true,"ping":1},"voice":{"token":"","endpoint":"","sessionId":"","channelId":null},"filters":{}})";
}

inline const char* const kStatsJson =
    R"({"players":1,"playingPlayers":1,"uptime":5,"memory":{"free":1,"used":2,"allocated":3,"reservable":4},)"
    R"("cpu":{"cores":2,"systemLoad":0.5,"lavalinkLoad":0.25},"frameStats":null})";

inline const char* const kInfoJson =
    R"({"version":{"semver":"4.2.2","major":4,"minor":2,"patch":2,"preRelease":null,"build":null},"buildTime":1,)"
    R"("git":{"branch":"HEAD","commit":"d7d5a54","commitTime":1},"jvm":"18","lavaplayer":"2","sourceManagers":["http"],)"
    R"("filters":["volume"],"plugins":[]})";

class NodeTest : public net::NetTest {
 protected:
  NodeTest() : peer(std::make_unique<test::FakeNode>(strand)) {}
  ~NodeTest() override {
    node.reset();
    peer.reset();
    poll();
  }

  NodeOptions options() const {
    NodeOptions result;
    result.host = "127.0.0.1";
    result.port = peer->port();
    result.user_id = 170939974227541168;
    result.reconnect.jitter = false;
    return result;
  }

  Node& make(NodeOptions with) {
    node = std::make_unique<Node>(runtime, std::move(with));
    node->on(Node::state_change, [this](const StateChange& change) { states.push_back(change.to); });
    node->on(Node::error, [this](const Error& error) { errors.push_back(error); });
    node->on(Node::warning, [this](const Warning& warning) { warnings.push_back(warning.error); });
    node->on(Node::closed, [this] { ++closed; });
    node->on(Node::reconnecting, [this](const Reconnecting& told) { attempts.push_back(told); });
    return *node;
  }
  Node& make() { return make(options()); }

  /// make(), and connect() to its end.
  Node& connected(NodeOptions with) {
    make(std::move(with));
    const auto ready = await<Ready>([&](auto done) { node->connect(std::move(done)); });
    EXPECT_TRUE(ready.has_value()) << (ready ? "" : ready.error().what());
    return *node;
  }
  Node& connected() { return connected(options()); }

  bool run_until_state(NodeState state) {
    return run_until([&] { return node->state() == state; });
  }
  /// All that was sent has been read by the node: a message that belongs to no guild comes after it.
  void read_all() {
    bool read = false;
    node->once(Node::unknown, [&] { read = true; });
    peer->send_text(R"({"op":"mark"})");
    ASSERT_TRUE(run_until([&] { return read; }));
  }

  std::unique_ptr<test::FakeNode> peer;
  std::unique_ptr<Node> node;
  std::vector<NodeState> states;
  std::vector<Error> errors, warnings;
  std::vector<Reconnecting> attempts;
  int closed = 0;
};

}  // namespace lavapp::lavalink
