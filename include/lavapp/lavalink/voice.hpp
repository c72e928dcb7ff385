// Voice: joins voice channels for a node's players, from what Discord's gateway tells the bot.
// https://discord.com/developers/docs/topics/voice-connections#retrieving-voice-server-information
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "lavapp/core/completion.hpp"
#include "lavapp/core/event_emitter.hpp"
#include "lavapp/core/function.hpp"
#include "lavapp/core/snowflake.hpp"
#include "lavapp/lavalink/node.hpp"
#include "lavapp/lavalink/player_types.hpp"

namespace lavapp::lavalink {

class VoiceImpl;  // src/lavalink/voice_impl.hpp

/// Time limits are more than 0 and at most a day. Mistakes are told by join(), as `invalid_argument` with the field's
/// name.
struct VoiceOptions {
  /// Of join(), unless it is given a deadline of its own.
  std::chrono::milliseconds join_timeout{15'000};
  /// How often in a row a new voice session is asked for when a connection has been closed; at most 100. It counts from
  /// 0 again after a connection that has lasted half a minute.
  std::size_t renewals = 3;
  /// How long Discord may take to answer each of those. After READY it has 3 minutes, as many guilds may be waiting.
  std::chrono::milliseconds renew_timeout{5'000};
  /// How long a connection that Discord ended (4014, 4022) may take to turn out to be a move.
  std::chrono::milliseconds move_timeout{5'000};
  /// The pause after 4021. With no `renewals` the end follows it.
  std::chrono::milliseconds rate_limit_pause{30'000};
  /// Connects the node in guilds, too, where the bot comes into a channel without a join() of this Voice. Only for the one
  /// Voice of a bot: of two, both would.
  bool adopt = false;
};

/// Where to be, and how.
struct VoiceJoin {
  Snowflake channel_id = {};  ///< not 0
  bool self_mute = false;
  bool self_deaf = true;  ///< a music bot needs to hear nobody
};

struct VoiceJoined {
  Snowflake guild_id = {};
  Snowflake channel_id = {};
};
/// By join(), or by somebody who may move members.
struct VoiceMoved {
  Snowflake guild_id = {};
  Snowflake from = {};
  Snowflake to = {};
};

enum class LeaveReason {
  asked,   ///< leave() was called
  kicked,  ///< Discord took the bot out: disconnected by somebody, or the channel was deleted
  closed,  ///< the voice connection was closed, for good; `failed` has told why
};
std::string_view to_string(LeaveReason reason) noexcept;

/// The bot is not in the channel any more, and the node's player is being destroyed.
struct VoiceLeft {
  Snowflake guild_id = {};
  Snowflake channel_id = {};
  LeaveReason reason = LeaveReason::asked;
  int close_code = 0;  ///< of `closed`; 0 if there was none
};

struct VoiceTrouble {
  Snowflake guild_id = {};
  Error error = {};
};

/// The voice connections of one node's players.
///
/// Discord tells in two events, in any order, what a node needs to join a channel; a node wants it once, whole, and
/// again when any of it changes. Give all such events of the gateway to raw_event(), or to voice_state_update() and
/// voice_server_update(): then join(), moves by hand, changes of the voice server, kicks, closed connections and a node
/// that has lost its session are taken care of. For discord::Gateway, connect_voice() of <lavapp/voice_bridge.hpp> does
/// that. What is to be said to Discord goes through a sender; Discord counts it: 120 payloads in 60 s.
/// Events: listeners run where the node's listeners of that guild do, in one order with them and never at the same time
/// (NodeOptions::guild_lanes). Getters may be ahead of them.
/// Completion: operations as Node's, on the node's runtime. `joined`, `moved` and `failed` have been told before; with lanes
/// they may still wait for their listeners.
/// Threading: every member may be called from any thread, inside listeners too.
/// Lifetime: it may outlive its node; then join() and leave() complete with `closed`. The destructor ends what waits
/// with `closed` and leaves channels and players as they are. No listener starts after it has returned; one that runs
/// on another thread may still finish.
/// Secrets: the voice token is in no error and no event.
class Voice : public EventEmitter<Voice> {
 public:
  /// Sends a whole gateway payload, `{"op":4,"d":{...}}`, on the guild's shard. Called on the node's runtime; what it
  /// throws goes to the exception handler.
  using Sender = Function<void(Snowflake guild_id, std::string payload)>;

  /// The node is connected to the voice channel, for the first time since the bot is in one.
  static constexpr Event<Voice, 0, VoiceJoined> joined{};
  static constexpr Event<Voice, 1, VoiceMoved> moved{};
  static constexpr Event<Voice, 2, VoiceLeft> left{};
  /// A join() has failed, or a connection was closed for good. After a move that failed the bot is where it was.
  /// Otherwise, if it was in the channel, `left` follows; else it is asked to leave, in case that it is let in late.
  static constexpr Event<Voice, 3, VoiceTrouble> failed{};
  /// A connection was closed and a new one is asked for, or something else went wrong that is taken care of.
  static constexpr Event<Voice, 4, VoiceTrouble> warning{};

  /// Whose user the bot is, NodeOptions::user_id tells.
  Voice(Node& node, Sender sender, VoiceOptions options = {});
  Voice(Voice&&) noexcept = default;
  Voice& operator=(Voice&&) noexcept;
  ~Voice();

  /// Joins a channel, or moves to it. Completes with the player's state once the node says that it is connected; at
  /// once if it is already. Errors: `voice_timeout`, saying which half was missing (a full or forbidden channel gets
  /// no answer at all); `voice_disconnected`, `voice_authentication_failed`, `voice_dave_required`, `voice_closed`;
  /// `voice_rate_limited`, after which it is tried once more, and success is an event; those of Node::update_player;
  /// `cancelled`, also by a later join() or leave() of the guild; `closed`, `not_open`.
  /// A move that fails leaves the bot where it was. A join that fails leaves nothing behind.
  template <class Token>
  auto join(Snowflake guild_id, VoiceJoin join, Token&& token, CallOptions options = {}) {
    return initiate_with<PlayerState>(std::forward<Token>(token), &Voice::start_join, impl_, guild_id, join,
                                      std::move(options));
  }
  /// Leaves the channel and destroys the player: completes when the node has done so, or at once if the node has no
  /// session at the moment (then it is destroyed when the session is resumed). Deadline: NodeOptions::request_timeout.
  template <class Token>
  auto leave(Snowflake guild_id, Token&& token, CallOptions options = {}) {
    return initiate_with<void>(std::forward<Token>(token), &Voice::start_leave, impl_, guild_id, std::move(options));
  }

  /// VOICE_STATE_UPDATE, its `d`; other users' are passed over. Errors: `bad_payload` with the field's name.
  Result<void> voice_state_update(std::string_view json);
  /// VOICE_SERVER_UPDATE, its `d`.
  Result<void> voice_server_update(std::string_view json);
  /// Any whole payload of the gateway, `{"op":0,"t":"VOICE_STATE_UPDATE","d":{...}}`. Besides the two above READY has a
  /// meaning: its shard has a new session, and the bot is in no channel of the shard's guilds any more: each is joined
  /// again. Without `shard` it is that of all guilds. All others are passed over unread.
  Result<void> raw_event(std::string_view payload);
  /// raw_event() for a listener of the gateway's library: a function that may outlive this, and does nothing then. What
  /// it cannot read is the event `warning`, of guild 0.
  Function<void(std::string_view)> feed() const;
  /// The same where the event's name (`t`) and its `d` are known apart. Other users' voice states are not even read.
  Function<void(std::string_view name, std::string_view data)> event_feed() const;

  /// Where Discord says that the bot is; nothing if it is in no channel of this guild.
  std::optional<Snowflake> channel_id(Snowflake guild_id) const;
  /// Whether the node has said that it is connected to the present channel.
  bool is_connected(Snowflake guild_id) const;

 private:
  using ImplPtr = std::shared_ptr<VoiceImpl>;
  explicit Voice(ImplPtr impl);
  static void start_join(const ImplPtr&, Snowflake, VoiceJoin, CallOptions, Handler<PlayerState>);
  static void start_leave(const ImplPtr&, Snowflake, CallOptions, Handler<void>);

  ImplPtr impl_;
};

}  // namespace lavapp::lavalink

template <>
struct lavapp::detail::HasLanes<lavapp::lavalink::Voice> : std::true_type {};
