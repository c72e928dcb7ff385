// Describe: what a shard tells, as lines for people. What is secret in it, a voice server's token say, is left out.
#pragma once

#include <lavapp/discord/gateway.hpp>

#include <cstdint>
#include <string>

#include "event_log.hpp"

namespace console::gateway {

/// A Dispatch that can be kept.
struct Event {
  std::string name;
  std::uint64_t sequence = 0;
  std::string data;  ///< JSON text
};

EventText describe(const Event& event);
EventText describe(const lavapp::discord::GatewayReady& event);
EventText describe(const lavapp::discord::GuildsReady& event);
EventText describe(const lavapp::discord::VoiceStateUpdate& event);
EventText describe(const lavapp::discord::VoiceServerUpdate& event);
EventText describe(const lavapp::discord::GatewayStatusChange& event);
EventText describe(const lavapp::discord::GatewayReconnecting& event);

/// "JSON, zlib-stream"
std::string transport_of(const lavapp::discord::GatewayOptions& options);

}  // namespace console::gateway
