// NodeAddress: "host:port" as given to --node.
#pragma once

#include <lavapp/core/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace console {

struct NodeAddress {
  std::string host = "localhost";  ///< IPv6 without brackets
  std::uint16_t port = 2333;       ///< Lavalink's own default
};

/// Reads "host", "host:port", "[::1]", "[::1]:port" and a bare "::1".
/// Errors: `invalid_argument`, saying what is wrong with it.
lavapp::Result<NodeAddress> parse_node_address(std::string_view text);

/// "host:port", with brackets where they are needed.
std::string to_string(const NodeAddress& address);

}  // namespace console
