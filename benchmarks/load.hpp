// Load: what one run sends. Shared by the server, which makes it, and the clients, which check that they got all of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

enum class Kind {
  receive,   ///< text messages of one size, as fast as they are taken
  echo,      ///< the client sends one text message and waits for it to come back
  lavalink,  ///< `ready`, then a node's mixed stream: 80% playerUpdate, 10% track events, 10% stats
  idle,      ///< connections that say nothing
  players,   ///< `ready`, then a track for each player at once, then an update of each within kUpdateSeconds
  gateway,        ///< events of Discord's gateway: their name and sequence are looked at
  gateway_data,   ///< the same, and where their data ends
  gateway_typed,  ///< the same, and those that a music bot needs as values
  gateway_idle,   ///< shards that get nothing after READY
};
inline bool is_gateway(Kind kind) { return kind >= Kind::gateway; }

/// What lies between the frames and TCP, or in the frames: zlib and zstd are the gateway's, a stream for all of a connection.
enum class Layer { plain, tls, deflate, zlib, zstd };

struct Load {
  Kind kind = Kind::receive;
  std::size_t size = 200;  ///< bytes of a message; unused for lavalink and gateway
  std::uint64_t messages = 0;  ///< idle: connections; players: players; gateway_idle: shards
  Layer layer = Layer::plain;
};

/// Between two playerUpdates of a player, as a node is set up by default.
inline constexpr int kUpdateSeconds = 5;

/// Both by the enumerator's name. \throws std::invalid_argument
Kind kind_of(std::string_view name);
const char* name_of(Kind kind);
/// Both by the enumerator's name. \throws std::invalid_argument
Layer layer_of(std::string_view name);
const char* name_of(Layer layer);

/// The messages of a stream, in a cycle that the server repeats; of players, those of the whole load. Not for gateway.
std::vector<std::string> cycle(const Load& load);

/// Bytes of payload that `load.messages` messages of the cycle have. Of a gateway's event count the name, and with
/// gateway_data the data.
std::uint64_t payload_bytes(const Load& load);

}  // namespace bench
