// ShardView: how the shard is, as lines of text: two lines that are redrawn on a terminal, or one plain line.
#pragma once

#include <lavapp/discord/gateway_options.hpp>
#include <lavapp/discord/gateway_status.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "look.hpp"

namespace console::gateway {

struct ShardView {
  lavapp::discord::GatewayStatus status = lavapp::discord::GatewayStatus::idle;
  lavapp::discord::Shard shard = {};
  /// The heartbeat's last round trip; 0: none yet.
  std::chrono::nanoseconds latency{0};
  std::size_t guilds = 0;    ///< that are there
  std::size_t expected = 0;  ///< with those that are to come
  std::uint64_t events = 0;
  /// The types of the events, as EventCounts::most() tells them.
  std::string types = {};
};

/// The shard, then the types of its events; neither is wider than `columns` - 1, so that no terminal wraps it. What
/// does not fit is left out, the least important first. Nothing before connect().
std::vector<std::string> render(const ShardView& view, std::size_t columns, const Look& look);

/// The shard in one line, as wide as it needs to be.
std::string plain_line(const ShardView& view, const Look& look);

}  // namespace console::gateway
