#include "lavapp/voice_bridge.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace lavapp {
namespace {

/// A whole payload of an event again; of READY nothing matters but that it came. Empty: not one for a Voice.
std::string payload_of(const discord::Dispatch& event) {
  const bool voice = event.name() == "VOICE_STATE_UPDATE" || event.name() == "VOICE_SERVER_UPDATE";
  if (!voice && event.name() != "READY") return {};
  const auto data = voice ? event.data() : std::string_view("null");
  return R"({"op":0,"t":")" + std::string(event.name()) + R"(","d":)" + std::string(data) + "}";
}

void hear(discord::Gateway& gateway, const Function<void(std::string_view)>& feed) {
  gateway.on(discord::Gateway::dispatch, [feed](const discord::Dispatch& event) {
    if (const auto payload = payload_of(event); !payload.empty()) feed(payload);
  });
}

}  // namespace

lavalink::Voice connect_voice(discord::Gateway& gateway, lavalink::Node& node, lavalink::VoiceOptions options) {
  lavalink::Voice voice(node, [send = gateway.sender()](Snowflake, std::string payload) { send(std::move(payload)); }, options);
  hear(gateway, voice.feed());
  return voice;
}

lavalink::Voice connect_voice(discord::ShardManager& shards, lavalink::Node& node, lavalink::VoiceOptions options) {
  lavalink::Voice voice(node, shards.sender(), options);
  shards.on(discord::ShardManager::shard_added,
            [feed = voice.feed()](const std::shared_ptr<discord::Gateway>& shard) { hear(*shard, feed); });
  return voice;
}

}  // namespace lavapp
