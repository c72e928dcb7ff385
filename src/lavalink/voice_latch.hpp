// VoiceLatch: the rules of one guild's voice connection: what Discord told, what the node has been told of it, and what
// is to be done when either of them changes its mind.
//
// Pure: no socket, no clock, no thread. Each function takes what has happened, and the time where it matters, and
// returns what to do, in order; timer() is to be called at next_due().
// https://discord.com/developers/docs/topics/voice-connections and https://lavalink.dev/api/rest#voice-state
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lavapp/core/clock.hpp"
#include "lavapp/core/reconnect.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/lavalink/voice.hpp"

namespace lavapp::lavalink {

/// VOICE_STATE_UPDATE of the bot itself.
struct OwnVoiceState {
  Optional<Snowflake> channel_id = {};  ///< none: it has left
  std::string session_id = {};
  bool self_mute = false;
  bool self_deaf = false;
};

namespace voice_action {
/// Send op 4; no channel: leave.
struct AskDiscord {
  Optional<Snowflake> channel_id;
  bool self_mute;
  bool self_deaf;
};
/// Tell the node, in place of an update that is under way; update_answered() follows.
struct UpdateNode {
  std::uint64_t update;
  VoiceState voice;
};
/// Ask the node for the player; player_fetched() follows.
struct FetchPlayer {
  std::uint64_t update;
};
/// player_destroyed() follows.
struct DestroyPlayer {};
struct CompleteJoin {
  std::uint64_t join;  ///< its number
  Result<PlayerState> result;
};
/// Complete each leave() that waits.
struct CompleteLeave {
  Result<void> result;
};
/// Emit `joined`, and so on.
struct TellJoined {
  Snowflake channel_id;
};
struct TellMoved {
  Snowflake from, to;
};
struct TellLeft {
  Snowflake channel_id;
  LeaveReason reason;
  int close_code;
};
struct TellFailed {
  Error error;
};
struct Warn {
  Error error;
};
}  // namespace voice_action

using VoiceAction = std::variant<voice_action::AskDiscord, voice_action::UpdateNode, voice_action::FetchPlayer,
                                 voice_action::DestroyPlayer, voice_action::CompleteJoin, voice_action::CompleteLeave,
                                 voice_action::TellJoined, voice_action::TellMoved, voice_action::TellLeft,
                                 voice_action::TellFailed, voice_action::Warn>;
using VoiceActions = std::vector<VoiceAction>;

class VoiceLatch {
 public:
  using TimePoint = Clock::time_point;

  /// A move is told in two events, the state first: the node is told of both at once, or of the first after this time.
  static constexpr std::chrono::milliseconds kSettle{100};
  /// From the node's answer until it is asked whether it is connected, if it has not said so by itself.
  static constexpr std::chrono::milliseconds kConfirm{1'000};
  /// So long after an update the connection that it replaced may be closed.
  static constexpr std::chrono::milliseconds kOwnChange{5'000};
  /// Until a request is made again that was not sent because of others.
  static constexpr std::chrono::milliseconds kAskAgain{1'000};
  /// A DELETE that fails again and again is made again after pauses that grow to this.
  static constexpr std::chrono::milliseconds kLongestPause{30'000};
  /// So long Discord may take to confirm that the bot has left.
  static constexpr std::chrono::milliseconds kLeave{10'000};
  /// So long Discord may take to let the bot in again after READY: with many guilds each waits for its turn to send.
  static constexpr std::chrono::minutes kRejoin{3};
  /// A connection that has lasted so long was a good one.
  static constexpr std::chrono::seconds kStable{30};

  VoiceLatch(const VoiceOptions& options, bool node_ready);

  // What the user wants. A join() ends the one that waits.
  VoiceActions join(std::uint64_t number, const VoiceJoin& join);
  /// The waiting join() reached its deadline, and completes with what was missing.
  VoiceActions join_timed_out(TimePoint now);
  /// The waiting join() was cancelled, and has completed.
  VoiceActions join_cancelled(TimePoint now);
  VoiceActions leave(TimePoint now);

  // What Discord tells.
  VoiceActions voice_state(OwnVoiceState state, TimePoint now);
  /// \param endpoint  none: the voice server is gone, and another will be told
  VoiceActions voice_server(std::string token, Optional<std::string> endpoint, TimePoint now);
  /// The gateway has a new session: the bot is in no channel any more.
  VoiceActions gateway_session_began(TimePoint now);

  // What the node tells.
  VoiceActions node_ready(bool resumed, TimePoint now);
  /// Its session is away.
  void node_lost();
  VoiceActions player_update(const PlayerState& state, TimePoint now);
  VoiceActions voice_closed(int code, const std::string& reason, bool by_remote, TimePoint now);
  /// It has destroyed the player at somebody's wish, not leave()'s: what it still tells is of no connection. Not while a
  /// join() waits, which makes the player anew.
  void destroyed_by_user();
  /// The request of the update goes out: whatever becomes of its answer, the node may do it.
  void update_goes_out() noexcept { update_in_doubt_ = true; }
  // Of an older update they are ignored.
  VoiceActions update_answered(std::uint64_t update, Result<PlayerState> result, TimePoint now);
  VoiceActions player_fetched(std::uint64_t update, Result<PlayerState> result, TimePoint now);
  VoiceActions player_destroyed(Result<void> result, TimePoint now);

  VoiceActions timer(TimePoint now);
  std::optional<TimePoint> next_due() const;

  const Optional<Snowflake>& channel_id() const noexcept { return channel_id_; }
  bool connected() const noexcept { return connected_; }
  /// Whether this is still what the node is to be told.
  bool awaits(std::uint64_t update) const noexcept { return answer_waits_ && update == update_; }
  /// Nothing is known, wanted or under way.
  bool idle() const noexcept;
  /// How much of what the node told was of a connection before, and passed over, since this was last asked.
  std::uint64_t take_late() noexcept { return std::exchange(late_, 0); }

 private:
  bool leaving(TimePoint now) const noexcept { return leaving_until_ && now < *leaving_until_; }
  void ask_to_join(VoiceActions& out);
  void ask_to_leave(VoiceActions& out, TimePoint now);
  void send_if_news(VoiceActions& out, TimePoint now);
  void confirm(VoiceActions& out, const PlayerState& state, TimePoint now);
  void renew(VoiceActions& out, Error why, TimePoint now);
  void ask_again(VoiceActions& out, Error why, TimePoint now, Clock::duration limit);
  void give_up(VoiceActions& out, Error why, TimePoint now);
  void take_out(VoiceActions& out, LeaveReason reason, int close_code);
  void destroy_player(VoiceActions& out);
  void stop_destroying();
  void end_join(VoiceActions& out, Result<PlayerState> result);
  void join_failed(VoiceActions& out, TimePoint now);
  Error without_token(Error error) const;
  void forget_server();
  void forget_connection();
  void forget_all();
  std::string missing() const;

  const VoiceOptions options_;
  bool node_ready_;

  std::optional<VoiceJoin> wanted_;  // where to be
  std::optional<std::uint64_t> waiting_join_;

  // What Discord told.
  Optional<Snowflake> channel_id_;
  std::string session_id_, token_, endpoint_;  // empty: not told
  std::optional<TimePoint> leaving_until_;     // op 4 without a channel was sent, and is not confirmed

  // What the node was told, and told.
  std::optional<VoiceState> sent_;
  std::uint64_t update_ = 0;
  bool answer_waits_ = false;
  bool player_made_ = false;     // by an update, in this session
  bool node_connected_ = false;  // as it last said, of whatever connection
  bool superseded_ = false;      // what it says is of the connection before, until it has closed that
  bool close_awaited_ = false;   // of the connection that an update replaced
  bool destroyed_ = false;       // by the user: what it says is of that player, until the next update
  std::uint64_t late_ = 0;
  bool connected_ = false;       // with what was sent last
  bool last_look_ = false;       // it is being asked once more, before the end
  bool close_may_be_lost_ = false;  // told into a connection that had died unnoticed; the next playerUpdate tells
  PlayerState state_;
  std::optional<TimePoint> sent_at_, connected_at_;
  bool update_in_doubt_ = false;  // one went out, and no answer has told what became of it
  bool destroying_ = false, destroy_later_ = false, leave_waits_ = false;
  Backoff destroy_pauses_;       // after each that failed in a row
  bool destroy_failed_ = false;  // and it has been told, to leave() or by a warning

  Optional<Snowflake> told_channel_;  // of the last `joined` or `moved`
  std::size_t renewals_ = 0;
  bool paused_ = false;           // by 4021, lately
  std::optional<Error> trouble_;  // why the connection is renewed

  std::optional<TimePoint> settle_at_, confirm_at_, renew_at_, pause_until_, move_until_, destroy_again_at_;
};

}  // namespace lavapp::lavalink
