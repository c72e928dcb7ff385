// VoiceImpl: what Voice stands for. Glue: it maps what each guild's VoiceLatch decides onto the node, Discord, timers
// and events, and what they tell back onto the latch.
//
// Everything lives on the node's strand; the members that any thread may read say what guards them.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/context_end.hpp"
#include "core/operation.hpp"
#include "core/timer.hpp"
#include "lavalink/node_impl.hpp"
#include "lavalink/voice_latch.hpp"
#include "lavalink/voice_turns.hpp"
#include "lavapp/lavalink/voice.hpp"

namespace lavapp::lavalink {

class VoiceImpl final : public std::enable_shared_from_this<VoiceImpl> {
 public:
  VoiceImpl(std::shared_ptr<NodeImpl> node, Voice::Sender sender, VoiceOptions options);
  /// Hears what the node tells from now on.
  void listen();

  // --- From any thread ---
  void join(Snowflake guild_id, VoiceJoin join, CallOptions options, Handler<PlayerState> handler);
  void leave(Snowflake guild_id, CallOptions options, Handler<void> handler);
  Result<void> voice_state_update(std::string_view json);
  Result<void> voice_server_update(std::string_view json);
  Result<void> raw_event(std::string_view payload);
  /// raw_event(), or what is in it, its error as the event `warning`.
  void feed(std::string_view payload);
  void feed(std::string_view name, std::string_view data);
  /// The Voice is destroyed, or a runtime with threads of its own before it: what waits ends, and nothing is emitted any
  /// more.
  void destroy();

  std::optional<Snowflake> channel_id(Snowflake guild_id) const;
  bool is_connected(Snowflake guild_id) const;
  const std::shared_ptr<detail::EmitterCore>& emitter() const noexcept { return emitter_; }

 private:
  struct JoinOperation {
    std::shared_ptr<detail::Operation<PlayerState>> operation;
    PendingOperations::Id pending;  // of the node's: it ends with the node
    Clock::time_point begun;
  };
  struct Guild {
    Guild(Snowflake guild_id, const VoiceOptions& options, bool node_ready, const detail::Strand& strand)
        : id(guild_id), latch(options, node_ready), timer(strand) {}
    const Snowflake id;
    VoiceLatch latch;
    detail::Timer timer;
    std::deque<VoiceAction> waiting;
    bool applying = false;
    voice_action::UpdateNode next_update{};        // when it is the guild's turn
    CancelSource update;                           // of the node's voice that is under way
    std::map<std::uint64_t, JoinOperation> joins;  // by number: the one that waits, and one that is being replaced
    std::uint64_t last_join = 0;
    std::vector<std::shared_ptr<detail::Operation<void>>> leaves;
  };
  using GuildPtr = std::shared_ptr<Guild>;

  template <int Index, class... Args, class F>
  void hear(Event<Node, Index, Args...> event, F listener);
  /// Runs `task` on the strand, unless this or the node is gone.
  void on_strand(MoveFunction<void(VoiceImpl&)> task);
  Clock::time_point now() const { return node_->now(); }
  Guild& guild(Snowflake guild_id);
  /// Calls `ask` with the latch of a guild that is known, or with the id and the latch of each, and does what it says.
  template <class Ask>
  void known_guild(Snowflake guild_id, Ask ask);
  template <class Ask>
  void each_guild(Ask ask);

  void begin_join(Snowflake guild_id, const VoiceJoin& join, CallOptions options, Handler<PlayerState> handler);
  void join_aborted(Snowflake guild_id, std::uint64_t number, const Error& why);
  void begin_leave(Snowflake guild_id, CallOptions options, Handler<void> handler);
  /// Why nothing is done: this or the node is gone, or the options are wrong.
  std::optional<Error> refusal() const;

  /// An event of the gateway, its `t` and its `d`.
  Result<void> event(std::string_view name, std::string_view data);
  Result<void> gateway_ready(std::string_view json);
  void warn(Error error);

  void apply(Guild& guild, VoiceActions actions);
  void perform(Guild&, voice_action::AskDiscord&);
  void perform(Guild&, voice_action::UpdateNode&);
  void perform(Guild&, voice_action::FetchPlayer&);
  void perform(Guild&, voice_action::DestroyPlayer&);
  void perform(Guild&, voice_action::CompleteJoin&);
  void perform(Guild&, voice_action::CompleteLeave&);
  void perform(Guild&, voice_action::TellJoined&);
  void perform(Guild&, voice_action::TellMoved&);
  void perform(Guild&, voice_action::TellLeft&);
  void perform(Guild&, voice_action::TellFailed&);
  void perform(Guild&, voice_action::Warn&);
  /// Tells the node of the guilds whose turn it is.
  void update_in_turn();
  void update_node(Guild& guild);
  void settle(Guild& guild);
  void publish(const Guild& guild);
  void drop(Guild& guild);
  /// The adopted io_context is destroyed: what waits is destroyed uncalled.
  void let_go() { const auto guilds = std::exchange(guilds_, {}); }

  /// A handler that goes on with the guild, if it is there still.
  template <class T, class F>
  Handler<T> then(Snowflake guild_id, F go_on);
  template <int Index, class Arg>
  void emit(Event<Voice, Index, Arg> event, std::common_type_t<Arg> arg, std::string_view name) {
    const auto guild_id = arg.guild_id;
    node_->emit_for(emitter_, event, std::move(arg), guild_id, name);
  }

  const VoiceOptions options_;
  const Voice::Sender sender_;
  const std::optional<Error> mistake_;  // of the options
  const std::shared_ptr<NodeImpl> node_;
  const std::string user_id_;  // in digits
  const detail::Strand strand_;  // the node's
  const std::shared_ptr<detail::EmitterCore> emitter_;
  std::vector<MoveFunction<void()>> unlisten_;  // set by listen(), used by destroy()
  std::atomic<bool> destroyed_{false};

  struct Seen {
    std::optional<Snowflake> channel_id;
    bool connected = false;
  };
  mutable std::mutex mutex_;  // guards what follows, written on the strand and read anywhere
  std::map<Snowflake, Seen> seen_;

  // What follows is the strand's own.
  std::map<Snowflake, GuildPtr> guilds_;
  VoiceTurns turns_;
  bool node_ready_ = false;
  detail::ContextEnd context_end_;
};

}  // namespace lavapp::lavalink
