// GatewayOptions: what a shard needs to know.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "lavapp/core/json_text.hpp"
#include "lavapp/core/optional.hpp"
#include "lavapp/core/reconnect.hpp"
#include "lavapp/core/tls.hpp"
#include "lavapp/discord/intents.hpp"

namespace lavapp::discord {

class IdentifyQueue;  // <lavapp/discord/identify_queue.hpp>
class SessionStore;   // <lavapp/discord/session_store.hpp>

enum class Encoding { json, etf };

/// https://discord.com/developers/docs/topics/gateway#encoding-and-compression
enum class Compression {
  none,
  zlib_stream,  ///< one zlib stream for the whole connection
  zstd_stream,  ///< one zstd stream: the fastest
  payload,      ///< large payloads are zlib streams of their own; with Encoding::json only
};

/// `[id, count]`. A guild belongs to shard `(guild_id >> 22) % count`.
struct Shard {
  std::uint32_t id = 0;
  std::uint32_t count = 1;
};

/// What a resume needs. It outlives the process if you keep it: Gateway::session() tells it, GatewayOptions::session takes it.
struct GatewaySession {
  std::string id = {};
  std::string resume_url = {};
  std::uint64_t sequence = 0;  ///< Of the last event.
};

/// Credentials are never logged. Mistakes are told by connect(), as `invalid_argument` with the field's name.
struct GatewayOptions {
  /// Without "Bot " in front.
  std::string token = {};
  Intents intents = intents::music;
  Shard shard = {};
  /// Scheme and host of the gateway; version, encoding and compression are added.
  std::string url = "wss://gateway.discord.gg";
  Encoding encoding = Encoding::json;
  Compression compression = Compression::zlib_stream;
  /// The presence to begin with, as in op 3; empty: none.
  JsonText presence = {};
  /// Guilds with more members send only those that are online; 50 to 250.
  int large_threshold = 50;
  std::string os = "linux", browser = "lavapp", device = "lavapp";

  /// The session of an earlier process, to take up where it left.
  Optional<GatewaySession> session = {};
  /// Where sessions are kept and looked for, if `session` is empty. Null: nowhere.
  std::shared_ptr<SessionStore> session_store = {};
  ReconnectOptions reconnect = {};

  /// Each is more than 0 and at most a day. This one is for each of resolving, TCP and TLS, and the WebSocket handshake.
  std::chrono::milliseconds connect_timeout{10'000};
  /// From the open WebSocket to HELLO.
  std::chrono::milliseconds hello_timeout{10'000};
  /// From identify to READY, and from resume to RESUMED or the first event.
  std::chrono::milliseconds ready_timeout{60'000};
  /// How long the guilds that READY names are waited for, counted from the last that came.
  std::chrono::milliseconds guild_timeout{15'000};

  /// New sessions that this shard may begin in any 24 hours; then it waits. Discord takes 1,000 of all shards together
  /// (more of large bots), and resets the token of who exceeds them. Resuming costs nothing.
  std::size_t identifies_per_day = 1'000;
  /// Shared by all shards of a token. Null: this one takes its own pauses of 5 s only.
  std::shared_ptr<IdentifyQueue> identify_queue = {};

  TlsOptions tls = {};
  /// As WebSocketOptions::proxy.
  std::string proxy = {};
  /// What one payload may be at most, decompressed, in bytes.
  std::size_t max_payload = 64 * 1024 * 1024;
  /// Commands that wait, before READY or for the limit of 120 sends in 60 s.
  std::size_t max_queued_commands = 1'000;
};

}  // namespace lavapp::discord
