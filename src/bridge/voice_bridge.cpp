#include "lavapp/voice_bridge.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace lavapp {
namespace {

using Feed = Function<void(std::string_view name, std::string_view data)>;

/// What matters of READY, which is long.
std::string ready_of(const discord::Shard& shard) {
  return R"({"shard":[)" + std::to_string(shard.id) + "," + std::to_string(shard.count) + "]}";
}

void hear(discord::Gateway& gateway, const Feed& feed) {
  gateway.on(discord::Gateway::dispatch, [feed, shard = gateway.options().shard](const discord::Dispatch& event) {
    const auto name = event.name();
    if (name == "VOICE_STATE_UPDATE" || name == "VOICE_SERVER_UPDATE") feed(name, event.data());
    if (name == "READY") feed(name, ready_of(shard));
  });
}

}  // namespace

lavalink::Voice connect_voice(discord::Gateway& gateway, lavalink::Node& node, lavalink::VoiceOptions options) {
  lavalink::Voice voice(node, [send = gateway.sender()](Snowflake, std::string payload) { send(std::move(payload)); }, options);
  hear(gateway, voice.event_feed());
  return voice;
}

lavalink::Voice connect_voice(discord::ShardManager& shards, lavalink::Node& node, lavalink::VoiceOptions options) {
  lavalink::Voice voice(node, shards.sender(), options);
  shards.on(discord::ShardManager::shard_added, [feed = voice.event_feed()](const std::shared_ptr<discord::Gateway>& shard) {
    hear(*shard, feed);
    // Of a resharding: its READY has come already, and what was joined belongs to a session that ends now.
    if (shard->has_been_ready()) feed("READY", ready_of(shard->options().shard));
  });
  return voice;
}

}  // namespace lavapp
