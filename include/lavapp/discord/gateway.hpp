// Gateway: one shard of Discord's gateway. https://discord.com/developers/docs/events/gateway
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lavapp/core/clock.hpp"
#include "lavapp/core/completion.hpp"
#include "lavapp/core/event_emitter.hpp"
#include "lavapp/core/function.hpp"
#include "lavapp/core/runtime.hpp"
#include "lavapp/discord/events.hpp"
#include "lavapp/discord/gateway_options.hpp"
#include "lavapp/discord/gateway_status.hpp"
#include "lavapp/discord/members.hpp"

namespace lavapp::discord {

class GatewayImpl;  // src/discord/gateway_impl.hpp

/// How a user is to be in voice channels (op 4).
struct VoiceStateRequest {
  Optional<Snowflake> channel_id = {};  ///< none: leave
  bool self_mute = false;
  bool self_deaf = false;
};

/// One shard.
///
/// connect() opens a session and holds it: a lost connection is made again, with growing pauses, and the session resumed, so
/// that no event is missed; when that cannot be, `session_lost` tells, and a new one is begun. What cannot get better (a wrong
/// token, intents that are not allowed) is one error and the end.
/// Listeners run one after the other on the runtime, in the order of the wire. What a listener throws goes to the runtime's
/// exception handler.
/// Threading: every member may be called from any thread, inside listeners too.
/// Lifetime: the destructor leaves without a word, so that the session lives on at Discord for some minutes. No listener
/// starts after it has returned; one that runs on another thread may still finish.
class Gateway : public EventEmitter<Gateway> {
 public:
  /// Every event, before it is read any further.
  static constexpr Event<Gateway, 0, Dispatch> dispatch{};
  static constexpr Event<Gateway, 1, GatewayReady> ready{};
  /// The events that were missed have all come.
  static constexpr Event<Gateway, 2> resumed{};
  static constexpr Event<Gateway, 3, GatewayStatusChange> status_change{};
  /// The session is gone, and with it perhaps events; a new one follows, with READY.
  static constexpr Event<Gateway, 4, Error> session_lost{};
  static constexpr Event<Gateway, 5, GatewayReconnecting> reconnecting{};
  /// The connection failed or was lost: one for each. If it is fatal (is_fatal), `closed` follows.
  static constexpr Event<Gateway, 6, Error> error{};
  /// Nothing follows until connect().
  static constexpr Event<Gateway, 7, Error> closed{};
  static constexpr Event<Gateway, 8, GuildsReady> guilds_ready{};
  /// A heartbeat was acknowledged: its round trip.
  static constexpr Event<Gateway, 9, std::chrono::nanoseconds> heartbeat_ack{};
  static constexpr Event<Gateway, 10, VoiceStateUpdate> voice_state_update{};
  static constexpr Event<Gateway, 11, VoiceServerUpdate> voice_server_update{};
  /// Something came that could not be read; the connection lives.
  static constexpr Event<Gateway, 12, Error> warning{};
  /// Each step in words; no token in it.
  static constexpr Event<Gateway, 13, std::string_view> debug{};
  /// The identifies of 24 hours are used up: the next one waits so long. More would cost the token.
  static constexpr Event<Gateway, 14, std::chrono::milliseconds> identify_limit{};
  static constexpr Event<Gateway, 15, GuildCreate> guild_create{};
  static constexpr Event<Gateway, 16, GuildDelete> guild_delete{};
  static constexpr Event<Gateway, 17, VoiceChannelStatusUpdate> voice_channel_status_update{};
  static constexpr Event<Gateway, 18, MessageCreate> message_create{};
  static constexpr Event<Gateway, 19, InteractionCreate> interaction_create{};

  /// Nothing is sent yet; what is wrong with `options` is told by connect().
  Gateway(Runtime& runtime, GatewayOptions options);
  Gateway(Gateway&&) noexcept = default;
  Gateway& operator=(Gateway&&) noexcept;
  ~Gateway();

  /// Completes at READY or RESUMED; with the first fatal error; or at its deadline (2 minutes) with `ready_timeout`: trying
  /// goes on then. Errors besides: `already_connecting`, `closed`, `cancelled` (which ends the attempt), `invalid_argument`.
  template <class Token>
  auto connect(Token&& token, CallOptions options = {}) {
    return initiate_with<void>(std::forward<Token>(token), &Gateway::start_connect, impl_, std::move(options));
  }
  /// Closes the connection, keeping the session, and opens another at once. `not_open` if there is none, or if
  /// reconnecting is prevented.
  Result<void> reconnect();
  /// Closes. 1000 and 1001 end the session at Discord, any other code keeps it for some minutes. A code that no client may
  /// send (RFC 6455 7.4) is a `warning`, and nothing is done.
  void close(int code = 1000);
  /// The same, and completes when the connection is gone; at once if there is none. Errors: `invalid_argument`, `closed`. Deadline 10 s: then, or cancelled, it is cut
  /// (`close_timeout`, `cancelled`).
  template <class Token>
  auto close(int code, Token&& token, CallOptions options = {}) {
    return initiate_with<void>(std::forward<Token>(token), &Gateway::start_close, impl_, code, std::move(options));
  }
  /// Leaves without a word; the session lives on at Discord.
  void terminate();
  /// A connection that ends is not made again. Also set by fatal close codes; connect() takes it back.
  void prevent_reconnect(bool prevent = true);

  /// Sends a payload, `{"op": ..., "d": ...}`, as JSON text, in whatever encoding is spoken. It waits for READY, and for the
  /// limit of 120 sends in 60 s. Completes when it is on its way: the connection's own queue has it. Errors: `invalid_argument`,
  /// `payload_too_big` (more than 4,096 bytes encoded), `queue_full`, `not_open`; `closed` and what ended the shard.
  template <class Token>
  auto send(std::string payload, Token&& token, CallOptions options = {}) {
    return initiate_with<void>(std::forward<Token>(token), &Gateway::start_send, impl_, std::move(payload), std::move(options));
  }
  /// send() as a function, whose outcome nobody hears. It may outlive this, and does nothing then.
  Function<void(std::string payload)> sender() const;
  /// Op 4: joins, moves or leaves. Success says that it has been sent: a full or forbidden channel gets no answer at all.
  template <class Token>
  auto update_voice_state(Snowflake guild_id, VoiceStateRequest state, Token&& token, CallOptions options = {}) {
    return send(voice_state_payload(guild_id, state), std::forward<Token>(token), std::move(options));
  }
  /// Op 3; of these 5 in 20 s. \param presence  its `d`, as JSON text
  template <class Token>
  auto update_presence(JsonText presence, Token&& token, CallOptions options = {}) {
    return send("{\"op\":3,\"d\":" + presence.text + "}", std::forward<Token>(token), std::move(options));
  }

  /// Op 8: members of a guild, all chunks of them. Deadline 30 s, `request_timeout`. Errors besides those of send():
  /// `rate_limited` with retry_after; `session_invalid` if the session was lost meanwhile.
  template <class Token>
  auto request_members(MembersRequest request, Token&& token, CallOptions options = {}) {
    return initiate_with<Members>(std::forward<Token>(token), &Gateway::start_request_members, impl_, std::move(request),
                                  std::move(options));
  }
  /// Op 31: each guild answers with the event SOUNDBOARD_SOUNDS.
  template <class Token>
  auto request_soundboard_sounds(const std::vector<Snowflake>& guild_ids, Token&& token, CallOptions options = {}) {
    return send(soundboard_payload(guild_ids), std::forward<Token>(token), std::move(options));
  }

  /// Op 43: the event CHANNEL_INFO answers. \param fields  of its channels: "status", "voice_start_time"
  template <class Token>
  auto request_channel_info(Snowflake guild_id, const std::vector<std::string>& fields, Token&& token, CallOptions options = {}) {
    return send(channel_info_payload(guild_id, fields), std::forward<Token>(token), std::move(options));
  }

  GatewayStatus status() const noexcept;
  bool is_connected() const noexcept;   ///< ready, waiting for guilds, resuming or identifying
  bool is_connecting() const noexcept;  ///< connecting or reconnecting
  bool is_closed() const noexcept;      ///< idle or disconnected
  /// The round trip of the last heartbeat; 0 before the first.
  std::chrono::nanoseconds ping() const noexcept;
  bool last_heartbeat_acked() const noexcept;
  std::chrono::milliseconds heartbeat_interval() const noexcept;  ///< as HELLO told; 0 before
  // On the runtime's clock.
  Optional<Clock::time_point> connected_since() const noexcept;  ///< none while there is no connection
  Optional<Clock::time_point> last_heartbeat() const noexcept;   ///< when it was sent
  Optional<Clock::time_point> last_resume() const noexcept;
  bool has_been_ready() const noexcept;
  bool do_not_reconnect() const noexcept;
  /// For a successor: GatewayOptions::session.
  Optional<GatewaySession> session() const;
  /// To be resumed by the next connection.
  void set_session(Optional<GatewaySession> session);
  /// Guilds that READY named and that have not come.
  std::vector<Snowflake> expected_guilds() const;
  const GatewayOptions& options() const noexcept;
  /// Where it connects to, or would: with version, encoding and compression.
  std::string url() const;

 private:
  friend class ShardManager;
  friend class ShardManagerImpl;
  using ImplPtr = std::shared_ptr<GatewayImpl>;
  explicit Gateway(ImplPtr impl);
  static std::string voice_state_payload(Snowflake guild_id, const VoiceStateRequest& state);
  static void start_connect(const ImplPtr&, CallOptions, Handler<void>);
  static void start_close(const ImplPtr&, int, CallOptions, Handler<void>);
  static std::string channel_info_payload(Snowflake guild_id, const std::vector<std::string>& fields);
  static std::string soundboard_payload(const std::vector<Snowflake>& guild_ids);
  static void start_request_members(const ImplPtr&, MembersRequest, CallOptions, Handler<Members>);
  static void start_send(const ImplPtr&, std::string, CallOptions, Handler<void>);

  ImplPtr impl_;
};

}  // namespace lavapp::discord
