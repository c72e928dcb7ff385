// sandbox::Node: a Lavalink v4 node inside the process, for tests, demos and development.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lavapp/core/optional.hpp"
#include "lavapp/core/runtime.hpp"
#include "lavapp/core/snowflake.hpp"
#include "lavapp/lavalink/track.hpp"
#include "lavapp/sandbox/catalogue.hpp"
#include "lavapp/sandbox/fault.hpp"
#include "lavapp/sandbox/node_options.hpp"
#include "lavapp/websocket.hpp"  // Headers

namespace lavapp::sandbox {

/// A request that reached the node, WebSocket handshakes among them.
struct SeenRequest {
  std::string method = {};
  std::string target = {};  ///< path and query, as they came
  Headers headers = {};     ///< without Authorization
  std::string body = {};
  int status = 0;  ///< what was answered; 0 if nothing yet, or never
};

/// A session as it is now.
struct SeenSession {
  std::string id = {};
  std::string user_id = {};
  std::string client_name = {};
  bool connected = false;  ///< its WebSocket is open
  bool resuming = false;
  std::chrono::seconds timeout{60};
};

/// A player as it is now.
struct SeenPlayer {
  std::string session_id = {};
  Snowflake guild_id = {};
  Optional<lavalink::Track> track = {};
  std::chrono::milliseconds position{0};
  int volume = 100;
  bool paused = false;
  bool connected = false;  ///< has a voice connection
  JsonText filters = {};
};

/// Speaks the whole of Lavalink v4's WebSocket and REST interface as version 4.2 does, with a catalogue of invented
/// tracks and players that count time instead of playing. It listens on 127.0.0.1.
///
/// What is in the catalogue: see docs/sandbox.md. "sandbox:1" to "sandbox:12" play, "sandbox:playlist" is a playlist,
/// "sandboxsearch:words" (and ytsearch:, ytmsearch:, scsearch:) searches, "sandbox:fail", "sandbox:break",
/// "sandbox:stuck" and "sandbox:endless" do what they say, "sandbox:error" cannot be loaded; all else is not found.
///
/// Threading: every member may be called from any thread. What is ordered takes effect at once for what comes after;
/// what is done to connections happens on the node's own strand soon after.
/// Lifetime: the destructor cuts all connections and frees the port.
class Node {
 public:
  /// Runs on a thread of its own. \throws Exception if the port cannot be bound (`connect_failed`) or an option is out
  /// of range (`invalid_argument`).
  explicit Node(NodeOptions options = {});
  /// Runs on `runtime` and on its clock: give it a ManualClock, and tracks play when the test says so.
  explicit Node(Runtime& runtime, NodeOptions options = {});
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  ~Node();

  std::uint16_t port() const noexcept;
  const std::string& host() const noexcept;  ///< "127.0.0.1"
  const std::string& password() const noexcept;

  /// Adds to the catalogue, in place of what has the same identifier, and returns the track as clients will see it.
  /// \throws Exception (`invalid_argument`) if the length is not positive, `plugin_info` is no JSON object, or a string is not
  /// UTF-8 or takes more than 65,535 bytes.
  lavalink::Track add_track(CatalogueTrack track);
  void add_playlist(CataloguePlaylist playlist);
  /// The tracks of the catalogue, in their order.
  std::vector<lavalink::Track> catalogue() const;

  // --- Looking in ---
  /// Every request since the beginning, or since clear_requests(); the last 10,000.
  std::vector<SeenRequest> requests() const;
  void clear_requests();
  std::vector<SeenSession> sessions() const;
  std::vector<SeenPlayer> players() const;
  /// One guild's; of several sessions that have one, that of a connected session.
  std::optional<SeenPlayer> player(Snowflake guild_id) const;
  /// TCP connections that are open.
  std::size_t connections() const;
  /// WebSocket text that clients sent; Lavalink ignores it.
  std::vector<std::string> texts() const;

  // --- Trouble to order ---
  /// For requests to come; of several that match, the one ordered first.
  void order(Fault fault);
  void clear_faults();
  /// Voice updates are never answered, as when Discord's voice server cannot be reached. Those that hang go on hanging.
  void hang_voice_updates(bool hang = true);
  /// Discord ends a guild's voice connection: WebSocketClosedEvent. Nothing happens if there is none.
  void close_voice(Snowflake guild_id, int code, std::string reason = {}, bool by_remote = true);

  enum class Drop { fin, reset };
  /// Cuts every TCP connection, without a close frame.
  void drop_connections(Drop how = Drop::fin);
  /// While on, the node neither reads nor writes, but keeps its connections and accepts new ones: a machine that hangs.
  void half_open(bool on = true);

  /// Sends to every open WebSocket a text message, whatever is in it: malformed JSON, invalid UTF-8.
  void send_text(std::string text);
  void send_binary(std::string bytes);
  /// Sends a Close frame, then ends the connection once it is answered.
  void close_websockets(int code, std::string reason = {});
  /// Writes these bytes into every WebSocket connection, no frame around them.
  void send_raw(std::string bytes);

  enum class Stop {
    orderly,  ///< as on SIGTERM: close 1001, then the end of every connection
    abrupt,   ///< as on SIGKILL: every connection cut
  };
  /// Ends and starts again after `downtime`, on the same port, without its sessions and players. Meanwhile connections
  /// are refused.
  void restart(std::chrono::milliseconds downtime = std::chrono::milliseconds(0), Stop how = Stop::orderly);
  /// Whether the port is being listened on.
  bool running() const;

 private:
  class Impl;
  std::unique_ptr<Runtime> own_runtime_;
  std::shared_ptr<Impl> impl_;
};

}  // namespace lavapp::sandbox
