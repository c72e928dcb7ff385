// What the documentation's snippets use of D++, which is not there when they are compiled: declared as D++ has it.
// https://dpp.dev
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace dpp {

struct voice_state_update_t {
  std::string raw_event;
};
struct voice_server_update_t {
  std::string raw_event;
};

/// Listeners must be copyable.
template <class T>
struct event_router_t {
  std::size_t operator()(std::function<void(const T&)> listener);
};

struct discord_client {
  void queue_message(const std::string& json, bool to_front = false);
};

struct cluster {
  explicit cluster(const std::string& token);
  discord_client* get_shard(std::uint32_t id);

  std::uint32_t numshards;
  event_router_t<voice_state_update_t> on_voice_state_update;
  event_router_t<voice_server_update_t> on_voice_server_update;
};

}  // namespace dpp
