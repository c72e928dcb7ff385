// Node: one Lavalink v4 node: its session, its events, its REST routes. https://lavalink.dev/api
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "lavapp/core/completion.hpp"
#include "lavapp/core/event_emitter.hpp"
#include "lavapp/core/optional.hpp"
#include "lavapp/core/reconnect.hpp"
#include "lavapp/core/runtime.hpp"
#include "lavapp/core/tls.hpp"
#include "lavapp/lavalink/event.hpp"
#include "lavapp/lavalink/info.hpp"
#include "lavapp/lavalink/load_result.hpp"
#include "lavapp/lavalink/metrics.hpp"
#include "lavapp/lavalink/player.hpp"
#include "lavapp/lavalink/player_types.hpp"
#include "lavapp/lavalink/raw_request.hpp"
#include "lavapp/lavalink/rest_options.hpp"
#include "lavapp/lavalink/routeplanner.hpp"
#include "lavapp/lavalink/search.hpp"
#include "lavapp/lavalink/stats.hpp"

namespace lavapp::lavalink {

class NodeImpl;  // src/lavalink/node_impl.hpp
namespace plugins {
class NodeAccess;  // src/lavalink/plugins/plugin.hpp
}

/// Where listeners of a guild's events run: the node's, and those of its Queues and Voices.
enum class GuildLanes {
  automatic,  ///< as `on` where the runtime has several threads or a listener is a coroutine (co_listener), else as `off`
  off,        ///< one after the other, those of all guilds together
  on,         ///< one after the other within a guild; guilds do not wait for each other
};

/// What a node needs to know. Credentials are never logged. Mistakes in it are told by connect(), and by every other
/// operation, as `invalid_argument` with the field's name.
struct NodeOptions {
  /// A name or an address, IPv6 without brackets. The port has its own field.
  std::string host = "localhost";
  std::uint16_t port = 2333;  ///< not 0
  std::string password = "youshallnotpass";
  /// The bot's user id; not 0, and at most 2^63 - 1.
  Snowflake user_id = {};
  /// Sent as Client-Name, "NAME/VERSION". https://lavalink.dev/api/websocket#opening-a-connection
  std::string client_name = "lavapp/0.1.0";
  /// wss:// and https:// instead of ws:// and http://.
  bool secure = false;
  TlsOptions tls = {};
  /// The way to the node, for WebSocket and REST: as WebSocketOptions::proxy.
  std::string proxy = {};
  /// For nodes behind a proxy: "/lavalink" gives "/lavalink/v4/websocket". Empty, or begins with "/".
  std::string path_prefix = {};
  /// More headers, for WebSocket and REST alike; not Authorization, User-Id, Client-Name, Session-Id, nor those that
  /// HTTP and the handshake need themselves.
  std::vector<std::pair<std::string, std::string>> headers = {};

  /// The session of an earlier process, to take up again where it left.
  std::string session_id = {};
  /// Asks the node to keep the session for `resume_timeout` when the connection is lost.
  bool resuming = true;
  std::chrono::seconds resume_timeout{60};  ///< 1 to 2^31 - 1
  ReconnectOptions reconnect = {};

  /// Time limits are more than 0 and at most a day. This one is for each of resolving, TCP and TLS, of WebSocket and
  /// REST.
  std::chrono::milliseconds connect_timeout{5'000};
  /// From the open WebSocket to `ready`.
  std::chrono::milliseconds ready_timeout{10'000};
  /// WebSocket heartbeat, 0: off. A node that does not answer a ping within `pong_timeout` (0: for ever) is gone. It
  /// may not have noticed that the connection was cut when the next one comes, and then does not resume the session.
  std::chrono::milliseconds heartbeat_interval{30'000};
  std::chrono::milliseconds pong_timeout{5'000};
  /// Deadlines of REST requests that name none of their own.
  std::chrono::milliseconds request_timeout{10'000};
  std::chrono::milliseconds load_timeout{30'000};
  std::chrono::milliseconds voice_timeout{15'000};
  /// Kept-alive connections for REST, 1 to 64. Voice updates have others of their own, one a guild: they may hang.
  std::size_t rest_connections = 4;
  /// Repetitions, the circuit breaker, how many requests may wait.
  RestOptions rest = {};
  /// The longest message or answer accepted, in bytes.
  std::size_t max_message_size = 16 * 1024 * 1024;
  /// Asks for the node's stack trace with each REST error (`Error::trace`).
  bool trace = false;

  /// With lanes, on a runtime of several threads, listeners of two guilds run at the same time, and beside completions and
  /// listeners of what belongs to no guild: what they share must be safe for that.
  GuildLanes guild_lanes = GuildLanes::automatic;
  /// So many events of a guild may wait in its lane, 1 to 1,000,000, its Queue's and its Voice's among them. Then only the
  /// newest playerUpdate is kept, and after that the oldest event is dropped, with a `warning`.
  std::size_t max_waiting_events = 1'000;
  /// Listeners that block longer than this are named by a `warning`, each event of a guild at most once a minute.
  /// 0: never.
  std::chrono::milliseconds slow_listener{1'000};
};

/// What was not told, or not believed, because it came too late or waited too long. It only grows.
struct DroppedEvents {
  /// Events that still waited for their listeners, or were still read, when their session or connection had gone.
  std::uint64_t old_session = 0;
  /// Answers of a session that had gone: their operations failed with `no_session`.
  std::uint64_t old_replies = 0;
  /// playerUpdates and WebSocketClosedEvents of a voice connection that a Voice has replaced or ended. The node's
  /// listeners heard them.
  std::uint64_t old_voice = 0;
  /// playerUpdates that a newer one has replaced while the guild's listeners were busy.
  std::uint64_t coalesced = 0;
  /// Other events, those of Queues and Voices too, for which there was no room (NodeOptions::max_waiting_events).
  std::uint64_t overflow = 0;
};

/// Where a node's session is. Every change is an event with its reason.
enum class NodeState {
  idle,            ///< connect() has not been called
  connecting,      ///< the first attempt, up to the open WebSocket
  awaiting_ready,  ///< the WebSocket is open, `ready` has not come
  ready,           ///< the session works
  reconnecting,    ///< lost or failed; waiting for the next attempt, or in it
  closing,         ///< shutdown() is under way
  closed,          ///< shut down, or given up for good; connect() begins anew
};
std::string_view to_string(NodeState state) noexcept;

struct StateChange {
  NodeState from = NodeState::idle;
  NodeState to = NodeState::idle;
  /// In words, for people.
  std::string reason = {};
  /// What caused it, if something went wrong.
  Optional<Error> error = {};
};

/// Told before each further attempt to connect.
struct Reconnecting {
  std::uint32_t attempt = 1;
  std::chrono::milliseconds delay{0};
  Error reason = {};
};

/// What becomes of the session at shutdown().
enum class KeepSession {
  no,   ///< players stop, the session ends for good; while its connection is away only its `resume_timeout` ends it
  yes,  ///< a successor can resume it within `resume_timeout`: give it session_id()
};

/// A Lavalink v4 node.
///
/// connect() opens a session and holds it: a lost connection is made again, with growing pauses, and the session
/// resumed. Players go on meanwhile.
/// Events: listeners run on the runtime, those of a guild one after the other in the order of the wire. On one thread all
/// of them do; on several, guilds do not wait for each other (NodeOptions::guild_lanes), and what belongs to no guild
/// (`ready`, `stats_update`, `state_change` and so on) does not wait for them. Getters tell what has come, of which a
/// listener may not have heard yet. What is unknown arrives as `unknown`, what is malformed as `warning`.
/// Operations: each completes exactly once, on the runtime or on the token's executor, never inside the call, with a
/// deadline. Errors of REST operations: `http_status` with the node's status, message, route and, if asked for, trace;
/// `bad_response`, `not_a_lavalink_node`, `request_timeout`, `connection_lost`, `connect_failed` and its kin,
/// `message_too_big`, `invalid_argument`, `cancelled`; `circuit_open` and `queue_full`; `not_open` after shutdown() or a
/// fatal error, and `closed` if those, or the destructor, came while it waited; of those that are a session's also
/// `no_session`, at once while the node is not `ready` (but RestOptions::wait_while_away), or when the session is lost while
/// they wait; of those that need a filter or plugin, `unsupported` if the node does not have it. The others work before
/// connect() too. What is sent again, and when: RestOptions, docs/node.md.
/// Requests that change one player reach the node in the order of the calls, but for voice updates: those may never be
/// answered, so that they go beside the others, in their own order.
/// Threading: every member may be called from any thread, inside listeners too.
/// Lifetime: the destructor cuts the connection and leaves the session to its `resume_timeout`; shutdown() ends it in
/// order. No listener starts after the destructor has returned; one that runs on another thread may still finish. A Runtime
/// with threads of its own that is destroyed before does to the node what the destructor does.
class Node : public EventEmitter<Node> {
 public:
  /// The session began or was resumed. Trust `resumed` here, not the handshake's header.
  static constexpr Event<Node, 0, Ready> ready{};
  static constexpr Event<Node, 1, StatsUpdate> stats_update{};
  static constexpr Event<Node, 2, PlayerUpdate> player_update{};
  static constexpr Event<Node, 3, TrackStart> track_start{};
  static constexpr Event<Node, 4, TrackEnd> track_end{};
  static constexpr Event<Node, 5, TrackFailed> track_exception{};
  static constexpr Event<Node, 6, TrackStuck> track_stuck{};
  static constexpr Event<Node, 7, VoiceClosed> voice_closed{};  ///< the docs' WebSocketClosedEvent
  static constexpr Event<Node, 8, UnknownMessage> unknown{};
  /// The text of every message, before it is read.
  static constexpr Event<Node, 9, std::string_view> raw{};
  static constexpr Event<Node, 10, StateChange> state_change{};
  static constexpr Event<Node, 11, Reconnecting> reconnecting{};
  /// The connection failed or was lost. If it is fatal (is_fatal), or reconnection is off or used up, `closed` follows.
  static constexpr Event<Node, 12, Error> error{};
  /// The node is shut down or given up; nothing follows until connect().
  static constexpr Event<Node, 13, StateChange> closed{};
  static constexpr Event<Node, 14, Warning> warning{};
  static constexpr Event<Node, 15, std::string_view> debug{};

  /// Nothing is sent yet; what is wrong with `options` is told by connect().
  Node(Runtime& runtime, NodeOptions options);
  Node(Node&&) noexcept = default;
  Node& operator=(Node&&) noexcept;
  ~Node();

  /// Opens the session. Completes with what `ready` told (without its raw()), once the node has been asked to keep the
  /// session, if `resuming` is on; with the first fatal error (is_fatal), or the last one if `reconnect` allows no
  /// more; or at its deadline, 30 s, with `connect_timeout` and what went wrong last: trying goes on then, and a later
  /// success is an event. Cancelled, it ends the attempt, unless the session has worked before. While the node is
  /// trying to reconnect, it waits along. Errors besides: `already_connecting`; `not_open` during shutdown().
  template <class Token>
  auto connect(Token&& token, CallOptions options = {}) {
    return run<Ready>(std::forward<Token>(token), &Node::start_connect, std::move(options));
  }

  /// Ends the connection in order, and completes when it is gone. What is pending completes with `closed`. Deadline 10
  /// s; then, or cancelled, it is cut (`close_timeout`, `cancelled`). If the node could not be told what is to become
  /// of the session, it completes with that error, and the connection is gone all the same. A node that is not
  /// connected succeeds at once. connect() works again afterwards.
  template <class Token>
  auto shutdown(KeepSession keep, Token&& token, CallOptions options = {}) {
    return run<void>(std::forward<Token>(token), &Node::start_shutdown, std::move(options), keep);
  }

  NodeState state() const noexcept;
  /// The present session, or the one that connect() will ask for; empty if there is none.
  std::string session_id() const;
  /// What the node last told by itself; nothing before that.
  std::optional<Stats> stats() const;
  /// The last round trip of the heartbeat; 0 before the first.
  std::chrono::nanoseconds latency() const noexcept;
  const NodeOptions& options() const noexcept;
  DroppedEvents dropped_events() const noexcept;
  /// What this node has done so far; docs/metrics.md. It takes a lock and memory: for now and then.
  Metrics metrics() const;

  /// The player of a guild: a light handle, its record made on first use; nothing is sent.
  Player player(Snowflake guild_id);
  /// Guilds whose players this node has seen, made or been told of.
  std::vector<Snowflake> guilds() const;

  /// `GET /version`: plain text, "4.2.2".
  template <class Token>
  auto fetch_version(Token&& token, CallOptions options = {}) {
    return run<std::string>(std::forward<Token>(token), &Node::start_fetch_version, std::move(options));
  }
  /// `GET /v4/info`, asked of the node each time.
  template <class Token>
  auto fetch_info(Token&& token, CallOptions options = {}) {
    return run<Info>(std::forward<Token>(token), &Node::start_fetch_info, std::move(options));
  }
  /// `GET /v4/stats`; it never has `frame_stats`.
  template <class Token>
  auto fetch_stats(Token&& token, CallOptions options = {}) {
    return run<Stats>(std::forward<Token>(token), &Node::start_fetch_stats, std::move(options));
  }
  /// `GET /v4/loadtracks`. \param identifier  a URL, or a search as in "ytsearch:never gonna give you up"; it is
  /// percent-encoded here. Deadline `load_timeout`. A node takes at most 8 KiB of it: longer gives `invalid_argument`.
  template <class Token>
  auto load_tracks(std::string identifier, Token&& token, CallOptions options = {}) {
    return run<LoadResult>(std::forward<Token>(token), &Node::start_load_tracks, std::move(options),
                           std::move(identifier));
  }
  /// Finds tracks for what somebody typed (identifier_of). A URL, or a query with a prefix, is loaded once, as it is;
  /// words are tried at each source in turn, until one has tracks. What the others said is in SearchAnswer::others; a
  /// failure is never told as an empty answer. Deadline of the whole: `load_timeout`. Each try gets an equal share of
  /// what is left, and one that takes longer counts as failed. A source that the node lacks, as its `/v4/info` tells, is
  /// not asked: the node is asked for that once a session. Errors: those of load_tracks, at once if they are not about one
  /// source (statuses of 400 and 5xx, `bad_response` and time are); `unsupported`, naming what the node has, if it has
  /// none of the sources; `invalid_argument` if there are no words, or `sources` is empty and needed.
  template <class Token>
  auto search(std::string query, std::vector<SearchSource> sources, Token&& token, CallOptions options = {}) {
    return run<SearchAnswer>(std::forward<Token>(token), &Node::start_search, std::move(options), std::move(query),
                             std::move(sources));
  }
  /// `GET /v4/decodetrack`, or `POST /v4/decodetracks` when the text is too long for a request's head.
  template <class Token>
  auto decode_track(std::string encoded, Token&& token, CallOptions options = {}) {
    return run<Track>(std::forward<Token>(token), &Node::start_decode_track, std::move(options), std::move(encoded));
  }
  /// `POST /v4/decodetracks`; one bad entry fails the whole call.
  template <class Token>
  auto decode_tracks(std::vector<std::string> encoded, Token&& token, CallOptions options = {}) {
    return run<std::vector<Track>>(std::forward<Token>(token), &Node::start_decode_tracks, std::move(options),
                                   std::move(encoded));
  }
  /// `PATCH /v4/sessions/{sessionId}`
  template <class Token>
  auto update_session(SessionUpdate update, Token&& token, CallOptions options = {}) {
    return run<SessionState>(std::forward<Token>(token), &Node::start_update_session, std::move(options), update);
  }
  /// `GET /v4/sessions/{sessionId}/players`
  template <class Token>
  auto fetch_players(Token&& token, CallOptions options = {}) {
    return run<std::vector<PlayerSnapshot>>(std::forward<Token>(token), &Node::start_fetch_players, std::move(options));
  }
  /// `GET /v4/sessions/{sessionId}/players/{guildId}`
  template <class Token>
  auto fetch_player(Snowflake guild_id, Token&& token, CallOptions options = {}) {
    return run<PlayerSnapshot>(std::forward<Token>(token), &Node::start_fetch_player, std::move(options), guild_id);
  }
  /// `PATCH /v4/sessions/{sessionId}/players/{guildId}`. An update with `voice` has the deadline `voice_timeout` and a
  /// connection of its own. The update is checked first (PlayerUpdateRequest::validate). It is always sent as it is: only
  /// Player::set_filters compares filters with those that the node has.
  template <class Token>
  auto update_player(Snowflake guild_id, PlayerUpdateRequest update, Replace replace, Token&& token,
                     CallOptions options = {}) {
    return run<PlayerSnapshot>(std::forward<Token>(token), &Node::start_update_player, std::move(options), guild_id,
                               std::move(update), replace);
  }
  /// `DELETE /v4/sessions/{sessionId}/players/{guildId}`; succeeds if there is none. When it goes out, and only then, earlier
  /// voice updates of that player that are not answered end with `cancelled`: one that came late would make the player anew.
  template <class Token>
  auto destroy_player(Snowflake guild_id, Token&& token, CallOptions options = {}) {
    return run<void>(std::forward<Token>(token), &Node::start_destroy_player, std::move(options), guild_id);
  }
  /// `GET /v4/routeplanner/status`
  template <class Token>
  auto fetch_routeplanner_status(Token&& token, CallOptions options = {}) {
    return run<RouteplannerStatus>(std::forward<Token>(token), &Node::start_fetch_routeplanner_status,
                                   std::move(options));
  }
  /// `POST /v4/routeplanner/free/address`
  template <class Token>
  auto free_routeplanner_address(std::string address, Token&& token, CallOptions options = {}) {
    return run<void>(std::forward<Token>(token), &Node::start_free_routeplanner_address, std::move(options),
                     std::move(address));
  }
  /// `POST /v4/routeplanner/free/all`
  template <class Token>
  auto free_all_routeplanner_addresses(Token&& token, CallOptions options = {}) {
    return run<void>(std::forward<Token>(token), &Node::start_free_all_routeplanner_addresses, std::move(options));
  }
  /// Any route of the node or of a plugin. Completes with the answer's body as it came, empty if there was none (status
  /// 204). Such requests do not wait for one another, nor for those that change a player.
  template <class Token>
  auto request(RawRequest request, Token&& token, CallOptions options = {}) {
    return run<JsonText>(std::forward<Token>(token), &Node::start_request, std::move(options), std::move(request));
  }

 private:
  friend class Player;
  friend class plugins::NodeAccess;
  friend class QueueImpl;
  friend class Voice;
  friend class VoiceImpl;
  using ImplPtr = std::shared_ptr<NodeImpl>;
  explicit Node(ImplPtr impl);

  /// One way in for every operation.
  template <class T, class Token, class Start, class... Args>
  auto run(Token&& token, Start start, CallOptions options, Args... args) {
    return initiate_with<T>(std::forward<Token>(token), start, impl_, std::move(args)..., std::move(options));
  }

  static void start_connect(const ImplPtr&, CallOptions, Handler<Ready>);
  static void start_shutdown(const ImplPtr&, KeepSession, CallOptions, Handler<void>);
  static void start_fetch_version(const ImplPtr&, CallOptions, Handler<std::string>);
  static void start_fetch_info(const ImplPtr&, CallOptions, Handler<Info>);
  static void start_fetch_stats(const ImplPtr&, CallOptions, Handler<Stats>);
  static void start_load_tracks(const ImplPtr&, std::string, CallOptions, Handler<LoadResult>);
  static void start_search(const ImplPtr&, std::string, std::vector<SearchSource>, CallOptions, Handler<SearchAnswer>);
  static void start_decode_track(const ImplPtr&, std::string, CallOptions, Handler<Track>);
  static void start_decode_tracks(const ImplPtr&, std::vector<std::string>, CallOptions, Handler<std::vector<Track>>);
  static void start_update_session(const ImplPtr&, SessionUpdate, CallOptions, Handler<SessionState>);
  static void start_fetch_players(const ImplPtr&, CallOptions, Handler<std::vector<PlayerSnapshot>>);
  static void start_fetch_player(const ImplPtr&, Snowflake, CallOptions, Handler<PlayerSnapshot>);
  static void start_update_player(const ImplPtr&, Snowflake, PlayerUpdateRequest, Replace, CallOptions,
                                  Handler<PlayerSnapshot>);
  static void start_destroy_player(const ImplPtr&, Snowflake, CallOptions, Handler<void>);
  static void start_fetch_routeplanner_status(const ImplPtr&, CallOptions, Handler<RouteplannerStatus>);
  static void start_free_routeplanner_address(const ImplPtr&, std::string, CallOptions, Handler<void>);
  static void start_free_all_routeplanner_addresses(const ImplPtr&, CallOptions, Handler<void>);
  static void start_request(const ImplPtr&, RawRequest, CallOptions, Handler<JsonText>);

  ImplPtr impl_;
};

}  // namespace lavapp::lavalink

template <>
struct lavapp::detail::HasLanes<lavapp::lavalink::Node> : std::true_type {};
