// VoiceTest: a bot with everything it needs, against a sandbox gateway and a sandbox node, on a clock that the test
// moves.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "lavapp/lavapp.hpp"
#include "lavapp/sandbox/gateway.hpp"
#include "lavapp/sandbox/node.hpp"
#include "lavapp/voice_bridge.hpp"
#include "net/net_fixture.hpp"

namespace lavapp {

using namespace std::chrono_literals;

inline constexpr Snowflake kGuild = 7, kLounge = 11, kStage = 12, kFull = 13, kBot = 170939974227541168;

class VoiceTest : public net::NetTest {
 protected:
  VoiceTest() {
    sandbox::GatewayOptions for_gateway;
    for_gateway.silent_channels = {kFull};
    discord_server = std::make_unique<sandbox::Gateway>(runtime, for_gateway);
    sandbox::NodeOptions for_server;
    for_server.play_without_voice = false;
    lavalink_server = std::make_unique<sandbox::Node>(runtime, for_server);
  }
  ~VoiceTest() override {
    voice.reset();
    gateway.reset();
    node.reset();
    discord_server.reset();
    lavalink_server.reset();
    poll();
  }

  void make(VoiceOptions options = {}, discord::Encoding encoding = discord::Encoding::json) {
    discord::GatewayOptions for_gateway;
    for_gateway.token = "sandbox";
    for_gateway.url = discord_server->url();
    for_gateway.encoding = encoding;
    gateway = std::make_unique<discord::Gateway>(runtime, for_gateway);
    for_node.host = lavalink_server->host();
    for_node.port = lavalink_server->port();
    for_node.user_id = kBot;
    for_node.reconnect.jitter = false;
    node = std::make_unique<Node>(runtime, for_node);
    voice = std::make_unique<Voice>(connect_voice(*gateway, *node, options));
    const auto id = [](Snowflake snowflake) { return snowflake.to_string(); };
    voice->on(Voice::joined, [this, id](const VoiceJoined& e) { events.push_back("joined " + id(e.channel_id)); });
    voice->on(Voice::moved,
              [this, id](const VoiceMoved& e) { events.push_back("moved " + id(e.from) + " " + id(e.to)); });
    voice->on(Voice::left, [this](const VoiceLeft& e) {
      events.push_back("left, " + std::string(to_string(e.reason)) + " " + std::to_string(e.close_code));
    });
    voice->on(Voice::failed, [this](const VoiceTrouble& e) { told(e.error, "failed"); });
    voice->on(Voice::warning, [this](const VoiceTrouble& e) { told(e.error, "warning"); });
  }
  void told(const Error& error, const std::string& how) {
    events.push_back(how + " " + std::to_string(error.close_code));
    words += error.what() + error.message + error.body + error.trace + "\n";
  }
  /// make(), and both connections.
  void connected(VoiceOptions options = {}, discord::Encoding encoding = discord::Encoding::json) {
    make(options, encoding);
    ASSERT_TRUE(await<void>([&](auto done) { gateway->connect(std::move(done)); }).has_value());
    ASSERT_TRUE(await<Ready>([&](auto done) { node->connect(std::move(done)); }).has_value());
  }
  /// In the lounge, connected.
  void joined() {
    connected();
    ASSERT_TRUE(join(kLounge).has_value());
  }

  Got<PlayerState> begin_join(Snowflake channel, CallOptions options = {}) {
    return begin<PlayerState>([&](auto done) {
      voice->join(kGuild, VoiceJoin{channel, false, true}, std::move(done), std::move(options));
    });
  }
  Result<PlayerState> join(Snowflake channel) {
    return await<PlayerState>([&](auto done) {
      voice->join(kGuild, VoiceJoin{channel, false, true}, std::move(done));
    });
  }
  Result<void> leave() {
    return await<void>([&](auto done) { voice->leave(kGuild, std::move(done)); });
  }
  /// Discord puts the bot somewhere else, or out.
  void discord_moves_the_bot(Snowflake channel) { voice_state("\"" + channel.to_string() + "\""); }
  void discord_kicks_the_bot() { voice_state("null"); }
  void voice_state(const std::string& channel) {
    discord_server->dispatch("VOICE_STATE_UPDATE", R"({"guild_id":"7","channel_id":)" + channel + R"(,"user_id":")" +
                                                       kBot.to_string() + R"(","session_id":"voice-7"})");
  }
  void voice_server(const std::string& token, const std::string& endpoint) {
    discord_server->dispatch("VOICE_SERVER_UPDATE",
                             R"({"guild_id":"7","token":")" + token + R"(","endpoint":)" + endpoint + "}");
  }

  /// The bodies of the voice updates that the node has got.
  std::vector<std::string> updates() const {
    std::vector<std::string> bodies;
    for (auto& request : lavalink_server->requests()) {
      if (request.method == "PATCH" && request.body.find("\"voice\"") != std::string::npos) {
        bodies.push_back(std::move(request.body));
      }
    }
    return bodies;
  }
  /// The channels of the op 4 that the gateway has got; 0: leave.
  std::vector<std::string> asked() const {
    std::vector<std::string> channels;
    for (const auto& payload : discord_server->payloads()) {
      if (payload.op != 4) continue;
      const auto at = payload.text.find("\"channel_id\":") + 13;
      auto channel = payload.text.substr(at, payload.text.find(',', at) - at);
      channel.erase(std::remove(channel.begin(), channel.end(), '"'), channel.end());
      channels.push_back(std::move(channel));
    }
    return channels;
  }
  /// Whether the node has the player, with a voice connection.
  bool node_is_connected() const {
    const auto players = lavalink_server->players();
    return players.size() == 1 && players[0].connected;
  }
  bool happened(const std::string& event) const {
    return std::find(events.begin(), events.end(), event) != events.end();
  }

  NodeOptions for_node;
  std::unique_ptr<sandbox::Gateway> discord_server;
  std::unique_ptr<sandbox::Node> lavalink_server;
  std::unique_ptr<discord::Gateway> gateway;
  std::unique_ptr<Node> node;
  std::unique_ptr<Voice> voice;
  std::vector<std::string> events;
  std::string words;  // of all errors
};

}  // namespace lavapp
