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
};

/// What lies between the frames and TCP, or in the frames.
enum class Layer { plain, tls, deflate };

struct Load {
  Kind kind = Kind::receive;
  std::size_t size = 200;  ///< bytes of a message; unused for lavalink
  std::uint64_t messages = 0;  ///< idle: connections
  Layer layer = Layer::plain;
};

/// Both of "receive", "echo", "lavalink", "idle". \throws std::invalid_argument
Kind kind_of(std::string_view name);
const char* name_of(Kind kind);
/// Both of "plain", "tls", "deflate". \throws std::invalid_argument
Layer layer_of(std::string_view name);
const char* name_of(Layer layer);

/// The messages of a stream, in a cycle that the server repeats.
std::vector<std::string> cycle(const Load& load);

/// Bytes of payload that `load.messages` messages of the cycle have.
std::uint64_t payload_bytes(const Load& load);

}  // namespace bench
