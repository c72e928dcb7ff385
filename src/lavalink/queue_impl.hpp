// QueueImpl: what Queue stands for. Glue: it maps what QueueRules decides onto the player, a timer and events, and what
// the node tells back onto QueueRules.
//
// The rules decide under the lock, on whatever thread asks; what they decided is done on the node's strand, without the
// lock, in the order of the decisions. It is kept alive by its Queue.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "core/context_end.hpp"
#include "core/strand.hpp"
#include "core/timer.hpp"
#include "lavalink/node_impl.hpp"
#include "lavalink/queue_rules.hpp"
#include "lavapp/lavalink/queue.hpp"

namespace lavapp::lavalink {

class QueueImpl final : public std::enable_shared_from_this<QueueImpl> {
 public:
  /// \throws std::invalid_argument as QueueRules does, and if `guild_id` is 0.
  QueueImpl(Node& node, Snowflake guild_id, QueueOptions options);
  void listen();
  /// The Queue is destroyed: nothing more is decided or emitted.
  void destroy();

  // --- From any thread ---
  /// Calls `edit` with the tracks, and tells what it changed.
  template <class Edit>
  auto edit(Edit edit) {
    std::unique_lock lock(mutex_);
    auto result = edit(rules_.tracks());
    todo_.emplace_back();
    tell(todo_.back().actions, result);
    lock.unlock();
    wake();
    return result;
  }
  TracksRemoved remove_if(MoveFunction<bool(const QueuedTrack&)> gone);
  /// Calls `decide` with the rules, does what it returns, and completes `handler` with the outcome. Not if the deadline
  /// is out of range: what was decided could not be taken back once the node's request is refused for it.
  template <class Decide>
  void operate(CallOptions options, Handler<void> handler, Decide decide) {
    Batch batch;
    auto checked = detail::check_deadline(options);
    batch.options = std::move(options);
    batch.handler = std::move(handler);
    std::unique_lock lock(mutex_);
    if (checked)
      take(batch, decide(rules_));
    else
      batch.result = std::move(checked);
    todo_.push_back(std::move(batch));
    lock.unlock();
    wake();
  }
  void restore(CallOptions options, Handler<void> handler);
  template <class Look>
  auto look(Look look) const {
    std::lock_guard lock(mutex_);
    return look(rules_);
  }
  void set_loop(Loop loop) {
    operate({}, {}, [&](QueueRules& rules) { return rules.set_loop(loop); });
  }
  Player player() const { return player_; }
  const std::shared_ptr<detail::EmitterCore>& emitter() const noexcept { return emitter_; }
  Clock::time_point now() const { return node_->now(); }

 private:
  class Answer;
  /// What was decided at once, and whoever waits for its outcome.
  struct Batch {
    QueueActions actions = {};
    CallOptions options = {};
    Handler<void> handler = {};
    Result<void> result = {};
  };
  static void take(Batch& batch, QueueActions actions) { batch.actions = std::move(actions); }
  static void take(Batch& batch, Result<QueueActions> actions) {
    if (actions) {
      batch.actions = std::move(*actions);
    } else {
      batch.result = std::move(actions.error());
    }
  }

  // The events of an edit: none if nothing has changed.
  template <class T>
  static void tell(QueueActions& out, const Result<T>& edited) {
    if (edited) tell(out, *edited);
  }
  static void tell(QueueActions& out, const TracksAdded& e) {
    if (!e.tracks.empty()) out.push_back(e);
  }
  static void tell(QueueActions& out, const TracksRemoved& e) {
    if (!e.tracks.empty()) out.push_back(e);
  }
  static void tell(QueueActions& out, const TrackMoved& e) { out.push_back(e); }
  static void tell(QueueActions& out, const std::vector<TrackMoved>& moves) {
    out.insert(out.end(), moves.begin(), moves.end());
  }
  static void tell(QueueActions& out, const QueueShuffled& e) { out.push_back(e); }
  static void tell(QueueActions& out, const QueueCleared& e) {
    if (e.count != 0) out.push_back(e);
  }

  template <int Index, class... Args, class F>
  void on(Event<Node, Index, Args...> event, F&& listener) {
    unlisten_.emplace_back(
        [node = node_, event, id = node_->inside().on(event, std::forward<F>(listener))] { node->inside().off(event, id); });
  }
  /// An event of this guild's player goes to the rules.
  template <int Index, class Message>
  void pass_on(Event<Node, Index, Message> event);
  template <class Decide>
  void told(Decide decide);

  /// The adopted io_context is destroyed: what waits is destroyed uncalled.
  void let_go();
  void wake();
  void work();
  void run(Batch& batch);
  void perform(Batch&, queue_action::Play&);
  void perform(Batch&, queue_action::Stop&);
  void perform(Batch&, queue_action::StartTimer&);
  void perform(Batch&, queue_action::StopTimer&) { timer_.cancel(); }
  void perform(Batch&, queue_action::AskAutoplay&);
  void perform(Batch&, TracksAdded& e) { emit(Queue::added, e, "Queue::added"); }
  void perform(Batch&, TracksRemoved& e) { emit(Queue::removed, e, "Queue::removed"); }
  void perform(Batch&, TrackMoved& e) { emit(Queue::moved, e, "Queue::moved"); }
  void perform(Batch&, QueueShuffled& e) { emit(Queue::shuffled, e, "Queue::shuffled"); }
  void perform(Batch&, QueueCleared& e) { emit(Queue::cleared, e, "Queue::cleared"); }
  void perform(Batch&, LoopChanged& e) { emit(Queue::loop_changed, e, "Queue::loop_changed"); }
  void perform(Batch&, CurrentChanged& e) { emit(Queue::current_changed, e, "Queue::current_changed"); }
  void perform(Batch&, TrackFailure& e) { emit(Queue::track_failed, e, "Queue::track_failed"); }
  void perform(Batch&, QueueStopped& e) { emit(Queue::stopped, e, "Queue::stopped"); }
  void perform(Batch&, QueueEnded& e) { emit(Queue::ended, e, "Queue::ended"); }
  void perform(Batch&, QueueStateChanged& e) { emit(Queue::state_changed, e, "Queue::state_changed"); }

  /// Takes the argument, which may hold thousands of tracks.
  template <int Index, class Arg>
  void emit(Event<Queue, Index, Arg> event, Arg& argument, std::string_view name) {
    node_->emit_for(emitter_, event, std::move(argument), player_.guild_id(), name);
  }

  const std::shared_ptr<NodeImpl> node_;
  const detail::Strand strand_;  // the node's
  const std::shared_ptr<detail::EmitterCore> emitter_;
  Player player_;
  const decltype(QueueOptions::autoplay) autoplay_;
  std::vector<MoveFunction<void()>> unlisten_;  // set by listen(), used by destroy()
  std::atomic<bool> destroyed_{false};

  mutable std::mutex mutex_;  // guards what follows, up to the strand's own
  QueueRules rules_;
  std::deque<Batch> todo_;
  bool woken_ = false;  // work() is on its way

  // What follows is the strand's own.
  bool working_ = false;
  detail::Timer timer_;
  detail::ContextEnd context_end_;
};

}  // namespace lavapp::lavalink
