#include "lavalink/voice_impl.hpp"

#include <algorithm>
#include <utility>

#include "lavalink/patch_player.hpp"
#include "lavalink/voice_events.hpp"

namespace lavapp::lavalink {
namespace {

std::optional<Error> find_mistake(const VoiceOptions& options, const Voice::Sender& sender) {
  const auto invalid = [](const std::string& what) { return Error(Errc::invalid_argument, what); };
  if (!sender) return invalid("sender must be a function");
  if (options.renewals > 100) return invalid("renewals must be at most 100");
  const std::pair<const char*, std::chrono::milliseconds> limits[] = {{"join_timeout", options.join_timeout},
                                                                      {"renew_timeout", options.renew_timeout},
                                                                      {"move_timeout", options.move_timeout},
                                                                      {"rate_limit_pause", options.rate_limit_pause}};
  for (const auto& [name, limit] : limits) {
    if (limit.count() > 0 && limit <= std::chrono::hours(24)) continue;
    return invalid(std::string(name) + " must be more than 0 and at most a day");
  }
  return {};
}

std::optional<Error> find_mistake(Snowflake guild_id, const CallOptions& options) {
  if (guild_id == Snowflake()) return Error(Errc::invalid_argument, "guild_id must not be 0");
  if (auto checked = detail::check_deadline(options); !checked) return std::move(checked).error();
  return {};
}

/// https://discord.com/developers/docs/events/gateway-events#update-voice-state
std::string op4(Snowflake guild_id, const voice_action::AskDiscord& ask) {
  const auto flag = [](bool on) { return on ? "true" : "false"; };
  const auto channel = ask.channel_id ? "\"" + ask.channel_id->to_string() + "\"" : std::string("null");
  return "{\"op\":4,\"d\":{\"guild_id\":\"" + guild_id.to_string() + "\",\"channel_id\":" + channel +
         ",\"self_mute\":" + flag(ask.self_mute) + ",\"self_deaf\":" + flag(ask.self_deaf) + "}}";
}

Result<PlayerState> state_of(Result<PlayerSnapshot> player) {
  if (!player) return std::move(player.error());
  return player->state;
}

}  // namespace

VoiceImpl::VoiceImpl(std::shared_ptr<NodeImpl> node, Voice::Sender sender, VoiceOptions options)
    : options_(options),
      sender_(std::move(sender)),
      mistake_(find_mistake(options_, sender_)),
      node_(std::move(node)),
      user_id_(node_->options().user_id.to_string()),
      strand_(node_->strand()),
      emitter_(detail::EmitterCore::create()) {
  emitter_->on_exception([runtime = strand_.shared_runtime()](std::exception_ptr error) { runtime->report(error); });
}

template <int Index, class... Args, class F>
void VoiceImpl::hear(Event<Node, Index, Args...> event, F listener) {
  const auto id = node_->inside().on(event, [weak = weak_from_this(), listener](const Args&... args) {
    const auto self = weak.lock();
    if (self && !self->destroyed_.load(std::memory_order_acquire)) listener(*self, args...);
  });
  unlisten_.emplace_back([node = node_, event, id] { node->inside().off(event, id); });
}

void VoiceImpl::listen() {
  context_end_ = detail::ContextEnd(strand_.runtime(), [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->strand_.runtime().owns_context() ? self->destroy() : self->let_go();
  });
  hear(Node::ready, [](VoiceImpl& self, const Ready& ready) {
    self.node_ready_ = true;
    self.each_guild([&](Snowflake, VoiceLatch& latch) { return latch.node_ready(ready.resumed, self.now()); });
  });
  hear(Node::state_change, [](VoiceImpl& self, const StateChange& change) {
    if (change.to == NodeState::ready || !std::exchange(self.node_ready_, false)) return;
    self.each_guild([](Snowflake, VoiceLatch& latch) { return latch.node_lost(), VoiceActions(); });
  });
  hear(Node::player_update, [](VoiceImpl& self, const PlayerUpdate& update) {
    self.known_guild(update.guild_id, [&](VoiceLatch& latch) { return latch.player_update(update.state, self.now()); });
  });
  hear(Node::voice_closed, [](VoiceImpl& self, const VoiceClosed& closed) {
    self.known_guild(closed.guild_id, [&](VoiceLatch& latch) {
      return latch.voice_closed(closed.code, closed.reason, closed.by_remote, self.now());
    });
  });
  hear(NodeImpl::player_destroyed, [](VoiceImpl& self, Snowflake guild_id) {
    self.known_guild(guild_id, [](VoiceLatch& latch) { return latch.destroyed_by_user(), VoiceActions(); });
  });
  // The listeners above tell what changes; this, on the same strand, what was before.
  on_strand([](VoiceImpl& self) { self.node_ready_ = self.node_->state() == NodeState::ready; });
}

void VoiceImpl::on_strand(MoveFunction<void(VoiceImpl&)> task) {
  strand_.post([self = shared_from_this(), task = std::move(task)]() mutable {
    if (!self->refusal()) task(*self);
  });
}

std::optional<Error> VoiceImpl::refusal() const {
  if (destroyed_.load(std::memory_order_acquire)) return Error(Errc::closed);
  if (mistake_) return mistake_;
  auto of_node = node_->refusal(Needs::nothing);
  // While the node is down, what Discord tells is kept for its return.
  if (of_node && *of_node == Errc::not_open) return {};
  return of_node;
}

VoiceImpl::Guild& VoiceImpl::guild(Snowflake guild_id) {
  auto& guild = guilds_[guild_id];
  if (!guild) guild = std::make_shared<Guild>(guild_id, options_, node_ready_, strand_);
  return *guild;
}

template <class Ask>
void VoiceImpl::known_guild(Snowflake guild_id, Ask ask) {
  const auto found = guilds_.find(guild_id);
  if (found == guilds_.end()) return;
  const auto guild = found->second;  // it may be forgotten meanwhile
  auto actions = ask(guild->latch);
  if (const auto late = guild->latch.take_late()) node_->count_old_voice(late);
  apply(*guild, std::move(actions));
}

template <class Ask>
void VoiceImpl::each_guild(Ask ask) {
  for (const auto& [id, guild] : std::map<Snowflake, GuildPtr>(guilds_)) apply(*guild, ask(id, guild->latch));
}

void VoiceImpl::destroy() {
  destroyed_.store(true, std::memory_order_release);
  emitter_->close();
  for (auto& each : unlisten_) each();
  strand_.post([self = shared_from_this()] {
    for (const auto& [id, guild] : std::exchange(self->guilds_, {})) self->drop(*guild);
  });
}

/// Ends what waits for a guild that has been forgotten.
void VoiceImpl::drop(Guild& guild) {
  guild.timer.cancel();
  for (const auto& [number, join] : std::exchange(guild.joins, {})) {
    node_->pending().remove(join.pending);
    strand_.runtime().guard([&, &operation = join.operation] { operation->abort(Error(Errc::closed)); });
  }
  for (const auto& leave : std::exchange(guild.leaves, {})) {
    strand_.runtime().guard([&] { leave->abort(Error(Errc::closed)); });
  }
}

// --- join() and leave()

void VoiceImpl::join(Snowflake guild_id, VoiceJoin join, CallOptions options, Handler<PlayerState> handler) {
  strand_.post([self = shared_from_this(), guild_id, join, options = std::move(options),
                handler = std::move(handler)]() mutable {
    self->begin_join(guild_id, join, std::move(options), std::move(handler));
  });
}

void VoiceImpl::begin_join(Snowflake guild_id, const VoiceJoin& join, CallOptions options,
                           Handler<PlayerState> handler) {
  if (destroyed_.load(std::memory_order_acquire)) return handler(Error(Errc::closed));
  if (mistake_) return handler(*mistake_);
  if (auto refused = node_->refusal(Needs::nothing)) return handler(std::move(*refused));
  if (join.channel_id == Snowflake()) return handler(Error(Errc::invalid_argument, "channel_id must not be 0"));
  if (auto mistake = find_mistake(guild_id, options)) return handler(std::move(*mistake));
  auto& guild = this->guild(guild_id);
  const auto number = ++guild.last_join;
  const auto operation = detail::Operation<PlayerState>::start(
      strand_, std::move(handler), std::move(options), {options_.join_timeout, Errc::voice_timeout},
      [weak = weak_from_this(), guild_id, number](const Error& why) {
        if (const auto self = weak.lock()) self->join_aborted(guild_id, number, why);
      });
  const auto pending = node_->pending().add([operation](Error error) { operation->abort(std::move(error)); });
  guild.joins[number] = {operation, pending, now()};
  apply(guild, guild.latch.join(number, join));
}

void VoiceImpl::join_aborted(Snowflake guild_id, std::uint64_t number, const Error& why) {
  known_guild(guild_id, [&](VoiceLatch& latch) {
    if (why == Errc::voice_timeout) return latch.join_timed_out(now());  // which completes it, saying what was missing
    auto& joins = guilds_.at(guild_id)->joins;
    const auto found = joins.find(number);
    if (found == joins.end()) return VoiceActions();
    node_->pending().remove(found->second.pending);
    joins.erase(found);
    return latch.join_cancelled(now());
  });
}

void VoiceImpl::leave(Snowflake guild_id, CallOptions options, Handler<void> handler) {
  strand_.post(
      [self = shared_from_this(), guild_id, options = std::move(options), handler = std::move(handler)]() mutable {
        self->begin_leave(guild_id, std::move(options), std::move(handler));
      });
}

void VoiceImpl::begin_leave(Snowflake guild_id, CallOptions options, Handler<void> handler) {
  if (auto refused = refusal()) return handler(std::move(*refused));
  if (auto mistake = find_mistake(guild_id, options)) return handler(std::move(*mistake));
  auto& guild = this->guild(guild_id);
  guild.leaves.push_back(detail::Operation<void>::start(
      strand_, std::move(handler), std::move(options),
      {node_->options().request_timeout, Errc::request_timeout, "the node has not destroyed the player"}));
  apply(guild, guild.latch.leave(now()));
}

// --- what Discord tells

Result<void> VoiceImpl::voice_state_update(std::string_view json) {
  auto event = read_voice_state(json);
  if (!event) return std::move(event.error());
  if (event->user_id != node_->options().user_id || !event->guild_id) return {};
  on_strand([event = std::move(*event)](VoiceImpl& self) mutable {
    auto& guild = self.guild(*event.guild_id);
    OwnVoiceState state{event.channel_id, std::move(event.session_id), event.self_mute, event.self_deaf};
    self.apply(guild, guild.latch.voice_state(std::move(state), self.now()));
  });
  return {};
}

Result<void> VoiceImpl::voice_server_update(std::string_view json) {
  auto event = read_voice_server(json);
  if (!event) return std::move(event.error());
  on_strand([event = std::move(*event)](VoiceImpl& self) mutable {
    auto& guild = self.guild(event.guild_id);
    self.apply(guild, guild.latch.voice_server(std::move(event.token), std::move(event.endpoint), self.now()));
  });
  return {};
}

Result<void> VoiceImpl::raw_event(std::string_view payload) {
  const auto event = read_gateway_event(payload);
  if (!event) return event.error();
  if (!event->has_value()) return {};
  return this->event((*event)->name, (*event)->data);
}

Result<void> VoiceImpl::event(std::string_view name, std::string_view data) {
  if (name == "VOICE_STATE_UPDATE") return voice_state_update(data);
  if (name == "VOICE_SERVER_UPDATE") return voice_server_update(data);
  if (name == "READY") return gateway_ready(data);
  return {};
}

Result<void> VoiceImpl::gateway_ready(std::string_view json) {
  const auto shard = read_ready(json);
  if (!shard) return shard.error();
  on_strand([shard = *shard](VoiceImpl& self) {
    self.each_guild([&](Snowflake guild_id, VoiceLatch& latch) {
      return shard.has(guild_id) ? latch.gateway_session_began(self.now()) : VoiceActions();
    });
  });
  return {};
}

void VoiceImpl::feed(std::string_view payload) {
  if (auto read = raw_event(payload); !read) warn(std::move(read.error()));
}

void VoiceImpl::feed(std::string_view name, std::string_view data) {
  // Every user's come: nearly all of them are somebody else's, which this tells without reading them.
  if (name == "VOICE_STATE_UPDATE" && data.find(user_id_) == data.npos) return;
  if (auto read = event(name, data); !read) warn(std::move(read.error()));
}

void VoiceImpl::warn(Error error) {
  on_strand([error = std::move(error)](VoiceImpl& self) { self.emit(Voice::warning, {{}, error}, "Voice::warning"); });
}

// --- what the latch wants done

void VoiceImpl::apply(Guild& guild, VoiceActions actions) {
  for (auto& each : actions) guild.waiting.push_back(std::move(each));
  if (std::exchange(guild.applying, true)) return;
  const auto self = shared_from_this();
  while (!guild.waiting.empty() && !destroyed_.load(std::memory_order_acquire)) {
    auto next = std::move(guild.waiting.front());
    guild.waiting.pop_front();
    publish(guild);
    strand_.runtime().guard([&] { std::visit([&](auto& each) { perform(guild, each); }, next); });
  }
  guild.applying = false;
  settle(guild);
}

/// Afterwards: the timer, what others see, and whether there is anything left to remember.
void VoiceImpl::settle(Guild& guild) {
  publish(guild);
  if (guild.latch.idle() && guild.joins.empty() && guild.leaves.empty()) {
    guild.timer.cancel();
    guilds_.erase(Snowflake(guild.id));  // a copy: the guild goes
    return;
  }
  const auto due = guild.latch.next_due();
  if (!due) return guild.timer.cancel();
  guild.timer.start(std::max(*due - now(), Clock::duration::zero()), [this, id = guild.id] {
    if (refusal()) return;
    known_guild(id, [&](VoiceLatch& latch) { return latch.timer(now()); });
  });
}

void VoiceImpl::publish(const Guild& guild) {
  std::lock_guard lock(mutex_);
  if (guild.latch.idle()) {
    seen_.erase(guild.id);
  } else {
    seen_[guild.id] = {guild.latch.channel_id(), guild.latch.connected()};
  }
}

template <class T, class F>
Handler<T> VoiceImpl::then(Snowflake guild_id, F go_on) {
  return {[weak = weak_from_this(), guild_id, go_on](Result<T> result) {
    const auto self = weak.lock();
    if (!self || self->destroyed_.load(std::memory_order_acquire)) return;
    self->known_guild(guild_id, [&](VoiceLatch& latch) { return go_on(latch, std::move(result), self->now()); });
  }};
}

void VoiceImpl::perform(Guild& guild, voice_action::AskDiscord& ask) { sender_(guild.id, op4(guild.id, ask)); }

void VoiceImpl::perform(Guild& guild, voice_action::UpdateNode& action) {
  guild.update.cancel();
  guild.next_update = std::move(action);
  turns_.wait(guild.id);
  update_in_turn();
}

void VoiceImpl::update_in_turn() {
  while (const auto guild_id = turns_.next()) {
    const auto found = guilds_.find(*guild_id);
    if (found != guilds_.end() && found->second->latch.awaits(found->second->next_update.update)) {
      update_node(*found->second);
    } else {
      turns_.end();
    }
  }
}

void VoiceImpl::update_node(Guild& guild) {
  guild.update = CancelSource();
  PlayerUpdateRequest update;
  update.voice = std::move(guild.next_update.voice);
  CallOptions options;
  options.cancel = guild.update.token();
  guild.latch.update_goes_out();
  patch_player(*node_, guild.id, std::move(update), Replace::yes, std::move(options),
               {[weak = weak_from_this(), id = guild.id,
                 number = guild.next_update.update](Result<PlayerSnapshot> player) {
                 const auto self = weak.lock();
                 if (!self || self->destroyed_.load(std::memory_order_acquire)) return;
                 self->turns_.end();
                 self->known_guild(id, [&](VoiceLatch& latch) {
                   return latch.update_answered(number, state_of(std::move(player)), self->now());
                 });
                 self->update_in_turn();
               }});
}

void VoiceImpl::perform(Guild& guild, voice_action::FetchPlayer& action) {
  Node::start_fetch_player(
      node_, guild.id, {},
      then<PlayerSnapshot>(
          guild.id, [number = action.update](VoiceLatch& latch, Result<PlayerSnapshot> player, Clock::time_point at) {
            return latch.player_fetched(number, state_of(std::move(player)), at);
          }));
}

void VoiceImpl::perform(Guild& guild, voice_action::DestroyPlayer&) {
  guild.update.cancel();  // it may never be answered, and others wait for their turn
  Node::start_destroy_player(node_, guild.id, {},
                             then<void>(guild.id, [node = node_, session = node_->session_number()](
                                                      VoiceLatch& latch, Result<void> result, Clock::time_point at) {
                               // The player of another session: the latch has forgotten it with that.
                               const bool late = session != node->session_number() && !result && result.error() == Errc::no_session;
                               return late ? VoiceActions() : latch.player_destroyed(std::move(result), at);
                             }));
}

void VoiceImpl::perform(Guild& guild, voice_action::CompleteJoin& complete) {
  const auto found = guild.joins.find(complete.join);
  if (found == guild.joins.end()) return;
  const auto join = std::move(found->second);
  guild.joins.erase(found);
  node_->pending().remove(join.pending);
  auto& recorder = node_->recorder();
  complete.result ? recorder.voice_joined(now() - join.begun) : recorder.voice_failed(complete.result.error());
  join.operation->complete(std::move(complete.result));
}

void VoiceImpl::perform(Guild& guild, voice_action::CompleteLeave& complete) {
  for (const auto& leave : std::exchange(guild.leaves, {})) {
    strand_.runtime().guard([&] { leave->complete(complete.result); });
  }
}

void VoiceImpl::perform(Guild& guild, voice_action::TellJoined& tell) {
  emit(Voice::joined, {guild.id, tell.channel_id}, "Voice::joined");
}
void VoiceImpl::perform(Guild& guild, voice_action::TellMoved& tell) {
  emit(Voice::moved, {guild.id, tell.from, tell.to}, "Voice::moved");
}
void VoiceImpl::perform(Guild& guild, voice_action::TellLeft& tell) {
  emit(Voice::left, {guild.id, tell.channel_id, tell.reason, tell.close_code}, "Voice::left");
}
void VoiceImpl::perform(Guild& guild, voice_action::TellFailed& tell) { emit(Voice::failed, {guild.id, tell.error}, "Voice::failed"); }
void VoiceImpl::perform(Guild& guild, voice_action::Warn& tell) { emit(Voice::warning, {guild.id, tell.error}, "Voice::warning"); }

// --- from any thread

std::optional<Snowflake> VoiceImpl::channel_id(Snowflake guild_id) const {
  std::lock_guard lock(mutex_);
  const auto found = seen_.find(guild_id);
  return found == seen_.end() ? std::nullopt : found->second.channel_id;
}

bool VoiceImpl::is_connected(Snowflake guild_id) const {
  std::lock_guard lock(mutex_);
  const auto found = seen_.find(guild_id);
  return found != seen_.end() && found->second.connected;
}

}  // namespace lavapp::lavalink
