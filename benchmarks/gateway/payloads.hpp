// Payloads of Discord's gateway: what a shard of a large bot gets, made up. Sizes and shares are those of real traffic.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

struct GatewayEvent {
  std::string type;  ///< `t`
  std::string data;  ///< `d`, JSON text
};

/// 2,000 events, the same in every run: of each fifty 19 PRESENCE_UPDATE, 14 MESSAGE_CREATE, 7 VOICE_STATE_UPDATE,
/// 5 TYPING_START, 4 small ones and one GUILD_CREATE of 31 to 297 KB.
std::vector<GatewayEvent> gateway_events();

/// An event's payload as Discord writes it: `t`, `s`, `op`, `d`.
std::string gateway_payload(const GatewayEvent& event, std::uint64_t sequence);

std::string gateway_hello();
std::string gateway_ready();

}  // namespace bench
