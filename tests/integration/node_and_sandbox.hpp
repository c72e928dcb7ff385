// NodeAndSandbox: a Node, a sandbox node for it to talk to, and a clock that stands until the test moves it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lavapp/lavapp.hpp"
#include "lavapp/sandbox/node.hpp"
#include "net/net_fixture.hpp"

namespace lavapp {

using namespace std::chrono_literals;

class NodeAndSandbox : public net::NetTest {
 protected:
  NodeAndSandbox() : server(std::make_unique<sandbox::Node>(runtime)) {}
  ~NodeAndSandbox() override {
    node.reset();
    server.reset();
    poll();
  }

  NodeOptions options() const {
    NodeOptions result;
    result.host = server->host();
    result.port = server->port();
    result.user_id = 170939974227541168;
    result.reconnect.jitter = false;
    return result;
  }
  Node& connected(NodeOptions with) {
    node = std::make_unique<Node>(runtime, std::move(with));
    node->on(Node::track_start, [this](const TrackStart& e) { events.push_back("start " + e.track.info.title); });
    node->on(Node::track_end, [this](const TrackEnd& e) { events.push_back("end " + e.reason.text); });
    node->on(Node::track_exception, [this] { events.push_back("exception"); });
    node->on(Node::track_stuck, [this] { events.push_back("stuck"); });
    node->on(Node::ready, [this](const Ready& ready) { readies.push_back(ready.resumed); });
    const auto ready = await<Ready>([&](auto done) { node->connect(std::move(done)); });
    EXPECT_TRUE(ready.has_value()) << (ready ? "" : ready.error().what());
    return *node;
  }
  Node& connected() { return connected(options()); }

  Track found(std::string identifier) {
    auto result = await<LoadResult>([&](auto done) { node->load_tracks(identifier, std::move(done)); });
    EXPECT_TRUE(result.has_value() && !result->tracks().empty()) << identifier;
    return result->tracks().front();
  }
  Result<PlayerState> play(std::string identifier, PlayOptions how = {}) {
    const auto track = found(std::move(identifier));
    return await<PlayerState>([&](auto done) { node->player(7).play(track, std::move(done), how); });
  }

  std::unique_ptr<sandbox::Node> server;
  std::unique_ptr<Node> node;
  std::vector<std::string> events;
  std::vector<bool> readies;
};

}  // namespace lavapp
