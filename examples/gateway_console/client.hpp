// Client: the shard, and what this program does when it tells something.
//
// Everything here is called on the main thread, inside Loop; the listeners only post there.
#pragma once

#include <lavapp/discord/gateway.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "describe.hpp"
#include "event_counts.hpp"
#include "event_log.hpp"
#include "guild_book.hpp"
#include "loop.hpp"
#include "secret.hpp"
#include "shard_view.hpp"

namespace console::gateway {

/// What has happened so far.
struct Tally {
  int new_sessions = 0, resumes = 0, lost_sessions = 0;
  int attempts = 0, heartbeats = 0;
  int guilds_ready = 0;
};

/// `yes`: the shard goes without a word, and Discord keeps the session for some minutes.
enum class KeepSession { no, yes };

class Client {
 public:
  /// \param options  the token is left out there
  Client(Loop& loop, EventLog& log, lavapp::Runtime& runtime, lavapp::discord::GatewayOptions options, Secret token);

  /// Begins a session and waits for READY. The first failure is not final, but a fatal one is.
  lavapp::Result<void> connect();
  /// Begins one, and goes on trying; ended() tells if that is of no use.
  void start();
  void leave(KeepSession keep);

  /// Each line of the gateway's debug output goes to the log.
  void show_debug();

  lavapp::discord::Gateway& shard() { return gateway_; }
  ShardView view(const Look& look) const;
  const Tally& tally() const { return tally_; }
  const EventCounts& events() const { return events_; }
  const GuildBook& guilds() const { return guilds_; }
  /// The last of each that was told.
  const std::optional<lavapp::discord::VoiceServerUpdate>& voice_server() const { return voice_server_; }
  const std::optional<lavapp::discord::VoiceStateUpdate>& voice_state() const { return voice_state_; }
  /// The last heartbeat's round trip, of a lost connection too; 0 before the first.
  std::chrono::nanoseconds latency() const { return latency_; }
  /// Nothing follows any more, for this reason.
  const std::optional<lavapp::Error>& ended() const { return ended_; }
  /// An error for people, without the token, whoever wrote it.
  std::string sentence_of(const lavapp::Error& error) const;

  /// Called with each event.
  std::function<void(const Event&)> on_event = [](const Event&) {};

 private:
  auto poster();
  template <class Tag, class Heard>
  void hear(Tag tag, Heard heard);
  void listen();
  void on_dispatch(const Event& event);
  void tell(Tell matters, EventText event);

  Loop& loop_;
  EventLog& log_;
  const Secret token_;
  lavapp::discord::Gateway gateway_;
  Tally tally_;
  EventCounts events_;
  GuildBook guilds_;
  std::optional<lavapp::discord::VoiceServerUpdate> voice_server_;
  std::optional<lavapp::discord::VoiceStateUpdate> voice_state_;
  std::chrono::nanoseconds latency_{0};
  std::optional<lavapp::Error> ended_;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // what was posted looks whether it is there still
};

}  // namespace console::gateway
