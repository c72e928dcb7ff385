// sandbox::Gateway: a scripted Discord gateway inside the process, for tests of bots.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lavapp/core/runtime.hpp"
#include "lavapp/core/snowflake.hpp"
#include "lavapp/discord/gateway_bot.hpp"
#include "lavapp/discord/intents.hpp"

namespace lavapp::sandbox {

struct GatewayOptions {
  /// 0: a free one.
  std::uint16_t port = 0;
  /// Any other gets 4004.
  std::string token = "sandbox";
  std::chrono::milliseconds heartbeat_interval{41'250};
  Snowflake user_id = 170939974227541168;
  Snowflake application_id = 170939974227541168;
  /// READY names those of the shard, and each comes with a GUILD_CREATE of its own.
  std::vector<Snowflake> guilds = {};
  /// The rest of the privileged ones gets 4014.
  discord::Intents allowed_intents = discord::intents::all;
  /// Guilds that one shard may have; more gets 4011.
  std::size_t max_guilds_per_shard = 2'500;
  /// Voice channels that answer nothing, as full and forbidden ones do.
  std::vector<Snowflake> silent_channels = {};
  /// What /gateway/bot recommends, and the limits that it tells. Each identify takes one of those that remain; with none left,
  /// it gets 4004, as Discord resets the token then.
  std::uint32_t shards = 1;
  discord::SessionStartLimit session_start_limit = {1'000, 1'000, std::chrono::hours(24), 1};
  /// Identifies of shards with the same `id % max_concurrency` within 5 s get op 9.
  bool enforce_max_concurrency = false;
  /// Told in READY. Empty: the gateway's own address.
  std::string resume_gateway_url = {};
};

/// A payload that a client sent, as JSON text, whichever encoding it came in.
struct SeenPayload {
  std::uint64_t connection = 0;  ///< 1, 2, 3 ... in the order in which they came
  int op = -1;
  std::string text = {};
  std::size_t bytes = 0;  ///< as it came
};

/// Speaks version 10 of Discord's gateway as its documentation says: HELLO, identify, READY, the guilds, resume with the
/// events that were missed, heartbeats, the close codes for what clients do wrong, JSON and ETF, zlib-stream, zstd-stream and
/// payload compression, the limits of 4,096 bytes and of 120 sends in 60 s, voice updates on op 4, `GET /gateway/bot`. It
/// listens on 127.0.0.1.
///
/// Threading: every member may be called from any thread. What is ordered happens on the gateway's own strand soon after.
/// Lifetime: the destructor cuts all connections and frees the port.
class Gateway {
 public:
  /// Runs on a thread of its own. \throws Exception if the port cannot be bound (`connect_failed`).
  explicit Gateway(GatewayOptions options = {});
  /// Runs on `runtime` and its clock.
  explicit Gateway(Runtime& runtime, GatewayOptions options = {});
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;
  ~Gateway();

  std::uint16_t port() const noexcept;
  std::string url() const;  ///< "ws://127.0.0.1:PORT"
  std::string api() const;  ///< "http://127.0.0.1:PORT/api/v10": for ShardManagerOptions::api

  // --- Looking in
  std::vector<SeenPayload> payloads() const;
  std::size_t connections() const;  ///< WebSockets that were opened, ever
  std::size_t open_connections() const;
  std::size_t identifies() const;
  std::size_t resumes() const;
  /// The codes with which clients closed; 1006 for one that left without a word.
  std::vector<int> close_codes() const;

  // --- What happens at Discord
  /// Sends an event to every session, connected or not; those that are not get it when they resume. One of a guild, by `guild_id`
  /// in `data`, goes to the sessions of its shard.
  void dispatch(std::string name, std::string data);
  /// Sends a payload to every connection, as it is: no sequence, and no session knows of it.
  void send(std::string payload);
  void request_heartbeat() { send(R"({"op":1,"d":null})"); }
  void request_reconnect() { send(R"({"op":7,"d":null})"); }
  void invalidate_sessions(bool resumable);
  /// The bot joins a guild, or is removed from one: GUILD_CREATE or GUILD_DELETE in the sessions of its shard, and READY names it
  /// from now on, or no more.
  void add_guild(Snowflake id);
  void remove_guild(Snowflake id);

  // --- Trouble
  void close_connections(int code, std::string reason = {});
  /// Without a Close frame.
  void drop_connections();
  /// Heartbeats are not acknowledged any more.
  void ignore_heartbeats(bool ignore = true);
  /// Nothing is read or written, but connections stay and new ones are accepted.
  void half_open(bool on = true);
  /// Writes bytes that are no payload, as one binary message.
  void send_garbage(std::string bytes);
  /// What new connections get instead of HELLO: a payload (op 7, say), or nothing at all.
  void greet_with(std::string payload);
  void greet_with_nothing() { greet_with({}); }
  void greet_with_hello();
  /// Closes new connections at once, with this code; 0: no more.
  void refuse_with_close(int code);
  /// Refuses handshakes with this HTTP status; 0: no more.
  void refuse_with_status(int status);
  /// Identify and resume get no answer.
  void ignore_identify(bool ignore = true);
  /// What /gateway/bot recommends from now on.
  void recommend_shards(std::uint32_t shards);
  /// What it says is left of the day's identifies.
  void set_remaining_identifies(std::uint32_t remaining);
  /// Forgets all sessions: resuming gets op 9.
  void forget_sessions();

 private:
  class Impl;
  std::unique_ptr<Runtime> own_runtime_;
  std::shared_ptr<Impl> impl_;
};

}  // namespace lavapp::sandbox
