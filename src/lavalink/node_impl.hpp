// NodeImpl: what Node and its Players stand for. Glue: it maps what NodeSession decides onto WebSocket, timer, REST and
// events, and what they tell back onto NodeSession.
//
// Everything lives on one strand, which the WebSocket shares; the members that any thread may read say what guards
// them. It is kept alive by its Node, its Players and whatever is pending.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/bounded.hpp"
#include "core/operation.hpp"
#include "core/runtime_impl.hpp"
#include "core/strand.hpp"
#include "core/timer.hpp"
#include "lavalink/message_decoder.hpp"
#include "lavalink/node_metrics.hpp"
#include "lavalink/node_session.hpp"
#include "lavalink/pending_operations.hpp"
#include "lavalink/player_book.hpp"
#include "lavalink/rest.hpp"
#include "lavalink/rest_routes.hpp"
#include "lavapp/lavalink/node.hpp"
#include "lavapp/websocket.hpp"

namespace lavapp::lavalink {

/// A REST operation: its request, and what becomes of the answer.
template <class T>
struct RestPlan {
  Result<RestRequest> request;
  RestBody body = RestBody::json;
  MoveFunction<Result<T>(std::string)> decode = {};
  std::chrono::milliseconds deadline{0};
  RestLane lane = {};
  /// Told of a good answer before the caller is.
  MoveFunction<void(const Result<T>&)> learn = {};
};

enum class Needs {
  nothing,
  session,      ///< or, if the options say so, one that may be resumed
  session_now,  ///< that works
};

class NodeImpl final : public std::enable_shared_from_this<NodeImpl>, private MessageSink {
 public:
  NodeImpl(Runtime& runtime, NodeOptions options);
  ~NodeImpl() override;

  // --- From any thread ---
  void connect(CallOptions options, Handler<Ready> handler);
  void shutdown(KeepSession keep, CallOptions options, Handler<void> handler);
  /// Starts a REST operation: on the strand, `make(*this)` gives its RestPlan<T>.
  template <class T, class Make>
  void start(Needs needs, CallOptions options, Handler<T> handler, Make make);
  /// The Node is destroyed: everything ends, and nothing is emitted any more.
  void destroy();

  NodeState state() const noexcept { return state_.load(std::memory_order_acquire); }
  std::string session_id() const;
  std::optional<Stats> stats() const;
  std::chrono::nanoseconds latency() const noexcept {
    return std::chrono::nanoseconds(latency_.load(std::memory_order_relaxed));
  }
  const NodeOptions& options() const noexcept { return options_; }
  const std::shared_ptr<detail::EmitterCore>& emitter() const noexcept { return emitter_; }
  const RestRoutes& routes() const noexcept { return routes_; }
  Metrics metrics() const { return metrics_.snapshot(state() == NodeState::ready); }
  NodeMetrics& recorder() noexcept { return metrics_; }
  PlayerBook& players() noexcept { return players_; }
  const detail::Strand& strand() const noexcept { return strand_; }
  Clock::time_point now() const { return strand_.runtime().clock().now(); }

  // --- On the strand ---
  /// Why nothing can be asked of the node now, if so.
  std::optional<Error> refusal(Needs needs) const;
  /// What waits, besides requests, for something that the node tells: it ends with the node.
  PendingOperations& pending() noexcept { return pending_; }
  /// Ends those operations that wait, or are under way, in the lane of this name.
  void end_lane(const std::string& name, const Error& error);
  /// The session was patched at the user's wish.
  void session_patched(const std::string& session_id, const SessionState& state);

 private:
  template <class T>
  void run(CallOptions options, Handler<T> handler, RestPlan<T> plan);
  /// How a request under way ended, besides its result.
  struct RestEnd {
    std::optional<Error> error;  // to be told instead of the deadline's
    int status = 0;
  };
  void record(const std::string& pattern, const RestEnd& end, const Error* error, Clock::time_point begun);
  template <class T>
  static Result<T> read(const RestRequest& asked, Result<net::HttpResponse> answer, RestPlan<T>& plan);
  template <class T>
  void complete(Handler<T>& handler, Result<T> result) {
    strand_.runtime().guard([&] { handler(std::move(result)); });
  }
  Rest& rest();
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
  void debug(std::string_view text);

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

  template <int Index, class... Args>
  bool emit(Event<Node, Index, Args...>, const std::common_type_t<Args>&... args) {
    std::tuple<const Args&...> arguments(args...);
    return emitter_->emit(Index, &arguments);
  }
  template <int Index, class... Args>
  bool listened(Event<Node, Index, Args...>) const {
    return emitter_->count(Index) != 0;
  }

  const NodeOptions options_;
  const std::optional<Error> mistake_;  // of the options
  const RestRoutes routes_;
  const detail::Strand strand_;
  const std::shared_ptr<detail::EmitterCore> emitter_;

  PlayerBook players_;                             // guards itself
  mutable NodeMetrics metrics_;                    // likewise
  std::atomic<NodeState> state_{NodeState::idle};  // written on the strand, read anywhere
  std::atomic<std::int64_t> latency_{0};           // likewise; nanoseconds
  std::atomic<bool> destroyed_{false};             // written by Node's destructor
  mutable std::mutex mutex_;                       // guards the next two, written on the strand and read anywhere
  std::string session_id_;
  std::optional<Stats> stats_;

  // What follows is the strand's own.
  std::optional<NodeSession> session_;  // none if the options have a mistake
  std::deque<NodeAction> todo_;
  bool applying_ = false;
  detail::Timer timer_;
  std::optional<WebSocket> socket_;
  std::uint64_t socket_connection_ = 0;
  std::optional<Error> socket_error_;
  bool looking_after_ = false;  // a Ping of look_after_the_connection() is under way
  MessageDecoder decoder_;
  std::shared_ptr<Rest> rest_;
  PendingOperations pending_;
  std::shared_ptr<detail::Operation<Ready>> connect_;
  bool connect_told_ = false;  // the session completes connect(), not its deadline or cancellation
  std::optional<Error> last_failure_;
  std::vector<std::shared_ptr<detail::Operation<void>>> shutdowns_;
};

template <class T, class Make>
void NodeImpl::start(Needs needs, CallOptions options, Handler<T> handler, Make make) {
  strand_.post([self = shared_from_this(), needs, options = std::move(options), handler = std::move(handler),
                make = std::move(make)]() mutable {
    if (auto error = self->refusal(needs)) return handler(std::move(*error));
    self->run<T>(std::move(options), std::move(handler), make(*self));
  });
}

template <class T>
void NodeImpl::run(CallOptions options, Handler<T> handler, RestPlan<T> plan) {
  if (!plan.request) return complete<T>(handler, std::move(plan.request.error()));
  if (auto checked = detail::check_deadline(options); !checked) return complete<T>(handler, std::move(checked).error());
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
  *cancel = rest().send(std::move(request), std::move(lane), begun + detail::bounded(deadline),
                        [self = shared_from_this(), operation, id, asked, end,
                         plan = std::move(plan)](Result<net::HttpResponse> answer) mutable {
                          self->pending_.remove(*id);
                          if (answer) end->status = answer->status;
                          auto result = read<T>(asked, std::move(answer), plan);
                          if (result && plan.learn) plan.learn(result);
                          // What the caller throws goes to the exception handler, not through the HTTP client.
                          self->strand_.runtime().guard([&] { operation->complete(std::move(result)); });
                        });
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

}  // namespace lavapp::lavalink
