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

  template <class T, class Start>
  Result<T> await(Start start) {
    const auto got = std::make_shared<std::optional<Result<T>>>();
    start([got](Result<T> result) { got->emplace(std::move(result)); });
    EXPECT_TRUE(run_until([&] { return got->has_value(); })) << "the operation never completed";
    if (!got->has_value()) return Error(Errc::abandoned, "the test gave up waiting");
    return std::move(**got);
  }
  Track found(std::string identifier) {
    auto result = await<LoadResult>([&](auto done) { node->load_tracks(identifier, std::move(done)); });
    EXPECT_TRUE(result.has_value() && !result->tracks().empty()) << identifier;
    return result->tracks().front();
  }
  Result<PlayerState> play(std::string identifier, PlayOptions how = {}) {
    const auto track = found(std::move(identifier));
    return await<PlayerState>([&](auto done) { node->player(7).play(track, std::move(done), how); });
  }
  void advance(Clock::duration by) {
    poll();
    clock->advance(by);
    poll();
  }
  /// Moves the clock in small steps until `condition` holds.
  template <class Condition>
  bool let_time_pass(Condition&& condition, Clock::duration limit) {
    for (Clock::duration passed{0}; passed <= limit; passed += 100ms) {
      if (condition()) return true;
      clock->advance(100ms);
      // Bytes on their way arrive in real time, however the clock stands.
      context.restart();
      context.run_for(2ms);
    }
    return condition();
  }

  std::unique_ptr<sandbox::Node> server;
  std::unique_ptr<Node> node;
  std::vector<std::string> events;
  std::vector<bool> readies;
};

}  // namespace lavapp
