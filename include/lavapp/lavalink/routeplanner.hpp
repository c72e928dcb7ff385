// Routeplanner: how a node chooses among its addresses. https://lavalink.dev/api/rest#routeplanner-api
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "lavapp/core/named.hpp"
#include "lavapp/core/optional.hpp"

namespace lavapp::lavalink {

enum class RouteplannerClass { rotating_ip, nano_ip, rotating_nano_ip, balancing_ip, unknown };
/// As the docs spell it; "unknown" where they do not.
std::string_view to_string(RouteplannerClass kind) noexcept;

struct FailingAddress {
  std::string address = {};
  std::chrono::milliseconds failing_timestamp{0};  ///< since the Unix epoch
  std::string failing_time = {};
};
struct IpBlock {
  std::string type = {};  ///< "Inet4Address" or "Inet6Address"
  std::string size = {};  ///< a number too large for 64 bits, at times
};
struct RouteplannerDetails {
  IpBlock ip_block = {};
  std::vector<FailingAddress> failing_addresses;
  Optional<std::string> rotate_index = {};
  Optional<std::string> ip_index = {};
  Optional<std::string> current_address = {};
  Optional<std::string> current_address_index = {};
  Optional<std::string> block_index = {};
};
struct RouteplannerStatus {
  /// Absent, as are the details, if the node has no routeplanner.
  Optional<Named<RouteplannerClass>> kind = {};
  Optional<RouteplannerDetails> details = {};
  /// The answer's body as it came.
  std::string raw = {};
};

}  // namespace lavapp::lavalink
