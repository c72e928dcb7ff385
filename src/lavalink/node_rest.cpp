// How a node's requests go out, and what it learns from them: capabilities, the circuit breaker, whether its session is there.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lavalink/decode.hpp"
#include "lavalink/node_address.hpp"
#include "lavalink/node_impl.hpp"
#include "net/random.hpp"

namespace lavapp::lavalink {
namespace {

using Players = std::vector<PlayerSnapshot>;

constexpr auto players_plan = [](NodeImpl& node) {
  RestPlan<Players> plan{node.routes().players(node.session_id())};
  plan.decode = decode_players;
  plan.deadline = node.options().request_timeout;
  plan.learn = [&node](const Result<Players>& players, const PlayerBook::Mark& mark) {
    for (const auto& player : *players) node.players().told(mark, player, node.now());
  };
  return plan;
};

/// The node is asked anew when it has a session again, if there is anything to ask then.
bool ends_with_the_session(const Error& error) {
  return error == Errc::closed || error == Errc::not_open || error == Errc::no_session;
}

}  // namespace

Rest& NodeImpl::rest() {
  if (rest_) return *rest_;
  Rest::Hooks hooks;
  hooks.circuit_changed = [weak = weak_from_this()](const CircuitBreaker& breaker) {
    if (auto self = weak.lock()) self->circuit_changed(breaker);
  };
  hooks.sent_again = [weak = weak_from_this()](const Error& after) {
    if (auto self = weak.lock()) self->metrics_.rest_repeated(after);
  };
  hooks.session_missing = [weak = weak_from_this()] {
    if (auto self = weak.lock()) self->look_after_the_connection();
  };
  rest_ = std::make_shared<Rest>(strand_, options_, session_->session_id(), net::random_seed(), std::move(hooks));
  if (state() == NodeState::ready) rest_->session_began(session_->session_id(), false);
  return *rest_;
}

void NodeImpl::drop_rest() {
  const auto rest = std::exchange(rest_, nullptr);
  if (!rest) return;
  rest->close();
  metrics_.circuit_changed(CircuitState::closed);  // the next one begins anew
}

void NodeImpl::require(Requirements requirements, MoveFunction<void(Result<void>)> then) {
  const auto next = capabilities_.ask([requirements = std::move(requirements),
                                       then = std::move(then)](const KnownCapabilities::Answer& answer) mutable {
    if (!answer) return then(answer.error());
    if (auto lacking = (*answer)->refusal(requirements)) return then(std::move(*lacking));
    then({});
  });
  if (next == KnownCapabilities::Next::fetch) fetch_capabilities();
}

void NodeImpl::fetch_capabilities() {
  RestPlan<Info> plan{routes_.info()};
  plan.decode = decode_info;
  plan.deadline = options_.request_timeout;
  plan.lane.bounded = false;  // those that it is for are counted
  run<Info>({},
            [weak = weak_from_this()](Result<Info> info) {
              const auto self = weak.lock();
              if (!self) return;
              if (self->capabilities_.fetched(std::move(info)) == KnownCapabilities::Next::fetch) self->fetch_capabilities();
            },
            std::move(plan));
}

void NodeImpl::fetch_players(CallOptions options, Handler<Players> handler) {
  start<Players>(route::players, Needs::session, std::move(options), std::move(handler), players_plan);
}

void NodeImpl::ask_what_plays() {
  if (asking_what_plays_ != Asking::no) {
    asking_what_plays_ = Asking::again;
    return;
  }
  asking_what_plays_ = Asking::yes;
  ask_what_plays_again_.cancel();
  Handler<Players> told([weak = weak_from_this()](const Result<Players>& players) {
    if (const auto self = weak.lock()) self->told_what_plays(players);
  });
  start<Players>(route::players, Needs::session, {}, std::move(told), [](NodeImpl& node) {
    auto plan = players_plan(node);
    plan.lane.own_connection = true;  // those of the pool may have died with the one that told too little
    return plan;
  });
}

void NodeImpl::told_what_plays(const Result<Players>& players) {
  // If the connection was lost once more meanwhile, the answer may be too old.
  if (std::exchange(asking_what_plays_, Asking::no) == Asking::again) return ask_what_plays();
  if (!players && !ends_with_the_session(players.error())) {
    // Queues wait for it, and nothing else would end that.
    const auto pause = what_plays_pauses_.next(players.error().retry_after);
    return ask_what_plays_again_.start(*pause, [this] { ask_what_plays(); });
  }
  what_plays_pauses_.reset();
  if (!players) return;
  std::map<Snowflake, const Track*> tracks;
  for (const auto& player : *players) {
    if (player.track) tracks.emplace(player.guild_id, &*player.track);
  }
  inside_.emit(what_plays, tracks);
}

void NodeImpl::circuit_changed(const CircuitBreaker& breaker) {
  metrics_.circuit_changed(breaker.state());
  std::string text = "circuit breaker: " + std::string(to_string(breaker.state()));
  if (const auto& last = breaker.last_failure()) {
    text += ", " + std::to_string(breaker.failures()) + " failures in a row, the last: " + last->what();
  }
  if (strand_.runtime().logs()) {
    const auto level = breaker.state() == CircuitState::open ? LogLevel::warning : LogLevel::info;
    strand_.runtime().log(level, "node " + authority(options_) + ": " + text);
  }
  emit(Node::debug, std::string_view(text));
}

/// The node does not know the session whose connection seems to be there. A Ping tells: a dead one ends, sooner than by the
/// heartbeat, and the session may be resumed; from a live one the answer is final.
void NodeImpl::look_after_the_connection() {
  if (!socket_ || state() != NodeState::ready || std::exchange(looking_after_, true)) return;
  socket_->ping("", [weak = weak_from_this(), connection = socket_connection_](Result<std::chrono::nanoseconds> pong) {
    const auto self = weak.lock();
    if (!self) return;
    self->looking_after_ = false;
    if (self->socket_connection_ != connection) return;
    if (pong && self->rest_) self->rest_->session_stays_missing();
    if (pong || pong.error() != Errc::pong_timeout) return;
    if (!self->socket_ || self->options_.pong_timeout.count() == 0) return;
    self->socket_error_ = std::move(pong.error());
    self->socket_error_->message = "the node does not know the session, and answers no Ping";
    self->socket_->terminate();  // `closed` follows
  });
}

void NodeImpl::record(const std::string& pattern, const RestEnd& end, const Error* error, Clock::time_point begun) {
  if (end.known) return metrics_.rest_not_needed();
  metrics_.rest_ended(pattern, end.status, error, now() - begun);
}

void NodeImpl::end_lane(const std::string& name, PendingOperations::Id last, const Error& error) {
  pending_.end_labelled(name, last, error, [this](auto&& task) { strand_.runtime().guard(task); });
}

}  // namespace lavapp::lavalink
