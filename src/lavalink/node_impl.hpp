// NodeImpl: what Node and its Players stand for. Glue: it maps what NodeSession decides onto WebSocket, timer, REST and
// events, and what they tell back onto NodeSession.
//
// Everything lives on one strand, which the WebSocket shares; the members that any thread may read say what guards
// them. It is kept alive by its Node, its Players and what they have posted, and by callbacks that hold one of these. destroy()
// ends what is pending, when the Node goes or its runtime; if an adopted io_context is destroyed before, let_go() does.
#pragma once

#include <array>
#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/bounded.hpp"
#include "core/context_end.hpp"
#include "core/operation.hpp"
#include "core/runtime_impl.hpp"
#include "core/strand.hpp"
#include "core/timer.hpp"
#include "lavalink/known_capabilities.hpp"
#include "lavalink/dropped_counts.hpp"
#include "lavalink/event_lanes.hpp"
#include "lavalink/message_batch.hpp"
#include "lavalink/message_decoder.hpp"
#include "lavalink/node_metrics.hpp"
#include "lavalink/node_session.hpp"
#include "lavalink/pending_operations.hpp"
#include "lavalink/player_book.hpp"
#include "lavalink/rest.hpp"
#include "lavalink/rest_routes.hpp"
#include "lavalink/slow_listeners.hpp"
#include "lavapp/core/kept.hpp"
#include "lavapp/lavalink/node.hpp"
#include "lavapp/websocket.hpp"

namespace lavapp::lavalink {

/// What comes of a request if the node answers, but does not tell what it has.
enum class InDoubt { fail, send };

/// A REST operation: its request, and what becomes of the answer.
template <class T>
struct RestPlan {
  Result<RestRequest> request;
  RestBody body = RestBody::json;
  MoveFunction<Result<T>(std::string)> decode = {};
  std::chrono::milliseconds deadline{0};
  RestLane lane = {};
  /// What the node must have. It is asked for that, within the deadline, before the request goes out; while it is asked, the
  /// others of the lane wait. Lacking, it ends the operation with `unsupported`.
  Requirements requirements = {};
  InDoubt in_doubt = InDoubt::fail;
  /// Told of a good answer before the caller is, with the mark of the request that it answers.
  MoveFunction<void(const Result<T>&, const PlayerBook::Mark&)> learn = {};
  /// Asked when its turn in the lane has come: the answer, if it is known, and nothing need be sent.
  MoveFunction<std::optional<Result<T>>()> known = {};
  /// Told when it goes out on its connection, each time if it is sent again, with a new mark. Nothing that waits for its turn,
  /// for a connection or for the circuit breaker has changed anything yet.
  MoveFunction<void(const PlayerBook::Mark&)> leaves = {};
  /// That it is asked of (NodeImpl::session_number); 0: of none.
  std::uint64_t session = 0;
};

enum class Needs {
  nothing,
  session,      ///< or, if the options say so, one that may be resumed
  session_now,  ///< that works
};

/// By the number of the event.
inline constexpr std::string_view kNodeEventNames[] = {
    "Node::ready",       "Node::stats_update",    "Node::player_update", "Node::track_start",
    "Node::track_end",   "Node::track_exception", "Node::track_stuck",   "Node::voice_closed",
    "Node::unknown",     "Node::raw",             "Node::state_change",  "Node::reconnecting",
    "Node::error",       "Node::closed",          "Node::warning",       "Node::debug"};

class NodeImpl final : public std::enable_shared_from_this<NodeImpl>, private MessageSink {
 public:
  static std::shared_ptr<NodeImpl> make(Runtime& runtime, NodeOptions options);
  ~NodeImpl() override;

  // --- From any thread ---
  void connect(CallOptions options, Handler<Ready> handler);
  void shutdown(KeepSession keep, CallOptions options, Handler<void> handler);
  /// Starts a REST operation: on the strand, `make(*this)` gives its RestPlan<T>.
  /// \param pattern  its route, for an error that comes before there is a request
  template <class T, class Make>
  void start(std::string_view pattern, Needs needs, CallOptions options, Handler<T> handler, Make make);
  /// The Node is destroyed, or a runtime with threads of its own before it: everything ends, and nothing is emitted any
  /// more.
  void destroy();

  NodeState state() const noexcept { return state_.load(std::memory_order_acquire); }
  std::string session_id() const;
  std::optional<Stats> stats() const;
  std::chrono::nanoseconds latency() const noexcept {
    return std::chrono::nanoseconds(latency_.load(std::memory_order_relaxed));
  }
  DroppedEvents dropped_events() const noexcept { return dropped_->read(); }
  const NodeOptions& options() const noexcept { return options_; }
  const std::shared_ptr<detail::EmitterCore>& emitter() const noexcept { return emitter_; }
  const RestRoutes& routes() const noexcept { return routes_; }
  Metrics metrics() const;
  NodeMetrics& recorder() noexcept { return metrics_; }
  PlayerBook& players() noexcept { return players_; }
  const detail::Strand& strand() const noexcept { return strand_; }
  Clock::time_point now() const { return strand_.runtime().clock().now(); }

  // --- On the strand ---
  /// Why nothing can be asked of the node now, if so.
  std::optional<Error> refusal(Needs needs) const;
  /// What waits, besides requests, for something that the node tells: it ends with the node.
  PendingOperations& pending() noexcept { return pending_; }
  /// Calls `then`, now or later, when it is known whether the node has all this. Errors: `unsupported`, naming what it
  /// lacks; those of `GET /v4/info`.
  void require(Requirements requirements, MoveFunction<void(Result<void>)> then);
  /// Ends those operations that wait, or are under way, in the lane of this name.
  /// \param last  those behind this one stay
  void end_lane(const std::string& name, PendingOperations::Id last, const Error& error);
  /// The session was patched at the user's wish.
  void session_patched(const std::string& session_id, const SessionState& state);
  /// Another one for each session: what comes with an older one is too late.
  std::uint64_t session_number() const noexcept { return session_number_; }
  /// For the library's own parts: they hear each event on the strand, in the order of the wire, before the user's
  /// listeners do. Any thread.
  EventEmitter<Node>& inside() noexcept { return inside_; }
  /// The node has answered a DELETE. Of inside() only.
  static constexpr Event<Node, 16, Snowflake> player_destroyed{};
  void tell_player_destroyed(Snowflake guild_id) { inside_.emit(player_destroyed, guild_id); }
  void fetch_players(CallOptions options, Handler<std::vector<PlayerSnapshot>> handler);
  /// Asks once for all who want to know, and after an error again, as long as there is the session; `what_plays` follows. Of
  /// inside() only: nullptr is a player that plays nothing, and so is none.
  void ask_what_plays();
  static constexpr Event<Node, 17, std::map<Snowflake, const Track*>> what_plays{};
  /// Calls the listeners that a Queue or a Voice has for an event where the node's of that guild are called: now, or in
  /// the guild's lane, behind what waits there. Works on when the node is destroyed.
  /// \param guild_id  0: of none
  /// \param name      "Queue::added"; it lasts for ever
  template <class Owner, int Index, class Arg>
  void emit_for(const std::shared_ptr<detail::EmitterCore>& emitter, Event<Owner, Index, Arg>,
                std::common_type_t<Arg>&& arg, Snowflake guild_id, std::string_view name);
  void tell_warning(const Warning& warning) { emit(Node::warning, warning); }
  void count_old_voice(std::uint64_t events) noexcept { dropped_->add(dropped_->old_voice, events); }
  /// Something of the user's that a part of the library has called by itself: it is named if it took too long since
  /// `began`, and listeners in whose midst it was called are not blamed for it. Any thread.
  /// \param name  "Queue::autoplay"; it lasts for ever
  void check_call(std::string_view name, Snowflake guild_id, Clock::time_point began);

 private:
  NodeImpl(Runtime& runtime, NodeOptions options);
  /// The adopted io_context is destroyed: what is pending is destroyed uncalled.
  void let_go();

  struct Inside : EventEmitter<Node> {
    explicit Inside(std::shared_ptr<detail::EmitterCore> core) : EventEmitter(std::move(core)) {}
  };
  template <class T>
  void run(CallOptions options, Handler<T> handler, RestPlan<T> plan);
  /// What is known of a request under way, and of its end, besides its result.
  struct RestEnd {
    PlayerBook::Mark mark;       // of when it went out last
    std::optional<Error> error;  // to be told instead of the deadline's
    int status = 0;
    bool known = false;  // and never sent
  };
  void record(const std::string& pattern, const RestEnd& end, const Error* error, Clock::time_point begun);
  template <class T>
  static Result<T> read(const RestRequest& asked, Result<net::HttpResponse> answer, RestPlan<T>& plan);
  template <class T>
  void complete(Handler<T>& handler, Result<T> result) {
    strand_.runtime().guard([&] { handler(std::move(result)); });
  }
  Rest& rest();
  void drop_rest();
  template <class T>
  Rest::Gate gate(RestPlan<T>& plan, const std::shared_ptr<detail::Operation<T>>& operation, const std::shared_ptr<RestEnd>& end);
  void fetch_capabilities();
  void told_what_plays(const Result<std::vector<PlayerSnapshot>>& players);
  void circuit_changed(const CircuitBreaker& breaker);
  void look_after_the_connection();

  void begin_connect(CallOptions options, Handler<Ready> handler);
  void connect_ended(Result<Ready>& result);
  void begin_shutdown(KeepSession keep, CallOptions options, Handler<void> handler);

  void apply(NodeActions actions);
  void perform(action::Dial&);
  void perform(action::Close&);
  void perform(action::Cut&);
  void perform(action::StartTimer&);
  void perform(action::StopTimer&);
  void perform(action::PatchSession&);
  void perform(action::ForgetPlayers&);
  void perform(action::TellReady&);
  void perform(action::TellState&);
  void perform(action::TellReconnecting&);
  void perform(action::TellError&);
  void perform(action::Warn&);
  void perform(action::TellClosed&);
  void perform(action::CompleteConnect&);
  void perform(action::CompleteShutdown&);

  void publish_session_id();
  void listen(WebSocket& socket, std::uint64_t connection);
  void on_socket_message(const WebSocket::Message& message);
  void on_socket_closed(std::uint64_t connection, const WebSocket::Close& close);
  void warn(Error error);

  bool wants(MessageKind kind) const noexcept override;
  void on(const Ready& message) override;
  void on(const StatsUpdate& message) override;
  void on(const PlayerUpdate& message) override;
  void on(const TrackStart& message) override;
  void on(const TrackEnd& message) override;
  void on(const TrackFailed& message) override;
  void on(const TrackStuck& message) override;
  void on(const VoiceClosed& message) override;
  void on(const UnknownMessage& message) override;
  void on(const Warning& warning) override;

  /// Calls the user's listeners.
  template <int Index, class... Args>
  bool emit(Event<Node, Index, Args...>, const std::common_type_t<Args>&... args) {
    std::tuple<const Args&...> arguments(args...);
    return emitter_->emit(Index, &arguments);
  }
  /// What is no message, for everybody: now.
  template <int Index, class Arg>
  void tell(Event<Node, Index, Arg> event, const Arg& arg);
  /// A message: for the library's own parts now, for the user's listeners now or in the guild's lane.
  /// \param guild_id  0: of none
  template <int Index, class Message>
  void tell(Event<Node, Index, Message> event, const Message& message, Snowflake guild_id);
  /// Whether listeners of a guild are called in lanes. Once one has asked for it all are, whosever they are: those of one
  /// guild have one order.
  bool uses_lanes(const detail::EmitterCore& emitter) noexcept {
    if (lanes_on_demand_ && emitter.wants_lanes()) lanes_on_ = true;
    return lanes_on_;
  }
  /// \param event  without its `tell`: that calls the listeners of `emitter`
  template <int Index, class Arg>
  void put_in_lane(const std::shared_ptr<detail::EmitterCore>& emitter, LaneEvent event, Arg&& arg, Snowflake guild_id);
  EventLanes& lanes();
  void lane_is_full(Snowflake guild_id, std::string_view dropped);
  void batch_ended();
  void end_batch();
  void end_batch_soon();
  void tell_raw(std::string_view text);
  // Whether listeners were too slow.
  void check_batch();
  void check_time(std::string_view event, Snowflake guild_id, Clock::time_point began);
  void check_elsewhere(std::string_view event, Snowflake guild_id, Clock::duration took);
  void was_slow(const MessageBatch::Slow& slow);
  void session_over();

  template <int Index, class... Args>
  bool listened(Event<Node, Index, Args...>) const {
    return emitter_->heard(Index) || inside_core_->heard(Index);
  }

  const NodeOptions options_;
  const std::optional<Error> mistake_;  // of the options
  const RestRoutes routes_;
  const detail::Strand strand_;
  const std::shared_ptr<detail::EmitterCore> emitter_;
  const std::shared_ptr<detail::EmitterCore> inside_core_;
  Inside inside_;
  const std::shared_ptr<DroppedCounts> dropped_ = std::make_shared<DroppedCounts>();
  const bool lanes_on_demand_;

  PlayerBook players_;                             // guards itself
  mutable NodeMetrics metrics_;                    // likewise
  std::atomic<NodeState> state_{NodeState::idle};  // written on the strand, read anywhere
  std::atomic<std::int64_t> latency_{0};           // likewise; nanoseconds
  std::atomic<bool> destroyed_{false};             // written by destroy()
  mutable std::mutex mutex_;                       // guards the next two, written on the strand and read anywhere
  std::string session_id_;
  std::optional<Stats> stats_;

  // What follows is the strand's own.
  std::optional<NodeSession> session_;  // none if the options have a mistake
  std::deque<NodeAction> todo_;
  bool applying_ = false;
  enum class Asking { no, yes, again } asking_what_plays_ = Asking::no;
  detail::Timer ask_what_plays_again_;
  Backoff what_plays_pauses_;
  detail::Timer timer_;
  std::optional<WebSocket> socket_;
  std::uint64_t socket_connection_ = 0;
  std::optional<Error> socket_error_;
  bool looking_after_ = false;  // a Ping of look_after_the_connection() is under way
  MessageDecoder decoder_;
  std::uint64_t session_number_ = 1;
  bool lanes_on_;
  std::shared_ptr<EventLanes> lanes_;  // made when first needed
  MessageBatch batch_;
  SlowListeners slow_;
  std::shared_ptr<Rest> rest_;
  KnownCapabilities capabilities_;
  PendingOperations pending_;
  std::shared_ptr<detail::Operation<Ready>> connect_;
  bool connect_told_ = false;  // the session completes connect(), not its deadline or cancellation
  std::optional<Error> last_failure_;
  std::vector<std::shared_ptr<detail::Operation<void>>> shutdowns_;
  detail::ContextEnd context_end_;
};

template <class T, class Make>
void NodeImpl::start(std::string_view pattern, Needs needs, CallOptions options, Handler<T> handler, Make make) {
  strand_.post([self = shared_from_this(), route = routes_.name_of(pattern), needs, options = std::move(options),
                handler = std::move(handler), make = std::move(make)]() mutable {
    if (auto error = self->refusal(needs)) {
      error->route = std::move(route);
      return handler(std::move(*error));
    }
    auto plan = make(*self);
    if (needs != Needs::nothing) plan.session = self->session_number_;
    self->run<T>(std::move(options), std::move(handler), std::move(plan));
  });
}

template <class T>
void NodeImpl::run(CallOptions options, Handler<T> handler, RestPlan<T> plan) {
  if (!plan.request) return complete<T>(handler, std::move(plan.request.error()));
  if (auto checked = detail::check_deadline(options); !checked) {
    checked.error().route = std::move(plan.request->route);
    return complete<T>(handler, std::move(checked).error());
  }
  auto token = handler.cancel();
  const auto end = std::make_shared<RestEnd>();
  const auto begun = now();
  // Every error of a request tells its route, a timeout's and a refused connection's too.
  Handler<T> routed(
      [handler = std::move(handler), route = plan.request->route, pattern = plan.request->pattern, end, begun,
       weak = weak_from_this()](Result<T> result) mutable {
        if (!result && end->error) result = std::move(*end->error);
        if (!result && result.error().route.empty()) result.error().route = std::move(route);
        if (const auto self = weak.lock()) self->record(pattern, *end, result ? nullptr : &result.error(), begun);
        handler(std::move(result));
      },
      std::move(token));
  metrics_.rest_began();
  const auto deadline = options.deadline.value_or(plan.deadline);
  const auto cancel = std::make_shared<Rest::Cancel>();
  const auto id = std::make_shared<PendingOperations::Id>(0);
  auto operation = detail::Operation<T>::start(
      strand_, std::move(routed), std::move(options),
      {deadline, Errc::request_timeout, "no answer within " + std::to_string(deadline.count()) + " ms"},
      [weak = weak_from_this(), cancel, id, end](const Error& why) {
        if (auto self = weak.lock()) self->pending_.remove(*id);
        if (*cancel) end->error = (*cancel)(why);
      });
  *id = pending_.add([operation](Error error) { operation->abort(std::move(error)); }, plan.lane.name);
  const RestRequest asked{{}, plan.request->route};
  auto request = std::move(*plan.request);
  auto lane = std::move(plan.lane);
  auto turn = gate(plan, operation, end);
  Rest::Leaves leaves = [weak = weak_from_this(), end, told = std::move(plan.leaves)]() mutable {
    const auto self = weak.lock();
    if (!self) return;
    end->mark = self->players_.mark();
    if (told) told(end->mark);
  };
  *cancel = rest().send(std::move(request), std::move(lane), begun + detail::bounded(deadline),
                        [weak = weak_from_this(), operation, id, asked, end,
                         plan = std::move(plan)](Result<net::HttpResponse> answer) mutable {
                          const auto self = weak.lock();
                          if (!self) return;
                          self->pending_.remove(*id);
                          if (answer) end->status = answer->status;
                          auto result = read<T>(asked, std::move(answer), plan);
                          if (result && plan.session != 0 && plan.session != self->session_number_) {
                            self->dropped_->add(self->dropped_->old_replies);
                            result = Error(Errc::no_session, "the session had gone when its answer came");
                          }
                          if (result && plan.learn) plan.learn(result, end->mark);
                          // What the caller throws goes to the exception handler, not through the HTTP client.
                          self->strand_.runtime().guard([&] { operation->complete(std::move(result)); });
                        },
                        std::move(turn), std::move(leaves));
}

/// What is done when a request's turn has come; nothing if it is simply sent.
template <class T>
Rest::Gate NodeImpl::gate(RestPlan<T>& plan, const std::shared_ptr<detail::Operation<T>>& operation,
                          const std::shared_ptr<RestEnd>& end) {
  if (plan.requirements.empty() && !plan.known) return {};
  return [weak = weak_from_this(), operation, end, requirements = std::move(plan.requirements), in_doubt = plan.in_doubt,
          known = std::move(plan.known)](Rest::Open open) mutable {
    const auto self = weak.lock();
    if (!self) return open(Error(Errc::closed));
    if (auto answer = known ? known() : std::nullopt) {
      end->known = true;
      self->strand_.runtime().guard([&] { operation->complete(std::move(*answer)); });
      return open(Error(Errc::cancelled));  // heard by nobody: the operation is complete
    }
    if (requirements.empty()) return open({});
    self->require(std::move(requirements), [in_doubt, open = std::move(open)](Result<void> has) mutable {
      if (!has && in_doubt == InDoubt::send && has.error().http_status != 0) has = {};
      open(std::move(has));
    });
  };
}

template <class T>
Result<T> NodeImpl::read(const RestRequest& asked, Result<net::HttpResponse> answer, RestPlan<T>& plan) {
  if (!answer) return std::move(answer.error());
  const auto status = answer->status;
  auto body = read_answer(asked, std::move(*answer), plan.body);
  if (!body) return std::move(body.error());
  auto result = plan.decode(std::move(*body));
  if (!result) result.error().http_status = status;
  return result;
}

template <int Index, class Arg>
void NodeImpl::tell(Event<Node, Index, Arg>, const Arg& arg) {
  if (batch_.has_told()) check_batch();
  std::tuple<const Arg&> arguments(arg);
  inside_core_->emit(Index, &arguments);
  const auto began = now();
  if (emitter_->emit(Index, &arguments)) check_time(kNodeEventNames[Index], {}, began);
  check_batch();  // from here on
}

template <int Index, class Message>
void NodeImpl::tell(Event<Node, Index, Message>, const Message& message, Snowflake guild_id) {
  if (batch_.next()) check_batch();
  std::tuple<const Message&> arguments(message);
  if (inside_core_->heard(Index)) {  // they see to their own listeners
    if (batch_.has_told()) check_batch();
    inside_core_->emit(Index, &arguments);  // not held for a whole read: in `ready` a thousand queues may begin to listen
    check_batch();
  }
  if (guild_id != Snowflake() && uses_lanes(*emitter_)) {
    constexpr bool is_player_update = std::is_same_v<Message, PlayerUpdate>;
    return put_in_lane<Index>(emitter_, {kNodeEventNames[Index], is_player_update, lanes().session()}, message, guild_id);
  }
  if (emitter_->emit_held(Index, &arguments)) batch_.told(kNodeEventNames[Index], guild_id);
}

template <class Owner, int Index, class Arg>
void NodeImpl::emit_for(const std::shared_ptr<detail::EmitterCore>& emitter, Event<Owner, Index, Arg>,
                        std::common_type_t<Arg>&& arg, Snowflake guild_id, std::string_view name) {
  if (guild_id != Snowflake() && uses_lanes(*emitter)) {
    return put_in_lane<Index>(emitter, {name}, std::move(arg), guild_id);
  }
  std::tuple<const Arg&> arguments(arg);
  const auto began = now();
  if (emitter->emit(Index, &arguments)) check_time(name, guild_id, began);
}

template <int Index, class Arg>
void NodeImpl::put_in_lane(const std::shared_ptr<detail::EmitterCore>& emitter, LaneEvent event, Arg&& arg,
                           Snowflake guild_id) {
  if (!emitter->heard(Index)) return;
  using Type = std::decay_t<Arg>;
  event.tell = [emitter, kept = std::make_unique<const detail::Kept<Type>>(std::forward<Arg>(arg))] {
    std::tuple<const Type&> arguments(kept->get());
    emitter->emit_apart(Index, &arguments);
  };
  if (const auto dropped = lanes().push(guild_id, std::move(event)); !dropped.empty()) lane_is_full(guild_id, dropped);
}

}  // namespace lavapp::lavalink
