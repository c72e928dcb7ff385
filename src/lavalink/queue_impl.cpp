#include "lavalink/queue_impl.hpp"

#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include "lavalink/queue_mark.hpp"
#include "net/random.hpp"

namespace lavapp::lavalink {
namespace {

/// Before the node hears of the player.
Snowflake checked(Snowflake guild_id) {
  if (guild_id == Snowflake()) throw std::invalid_argument("lavapp: guild_id must not be 0");
  return guild_id;
}

}  // namespace

QueueImpl::QueueImpl(Node& node, Snowflake guild_id, QueueOptions options)
    : node_(node.impl_),
      strand_(node_->strand()),
      emitter_(detail::EmitterCore::create()),
      player_(node.player(checked(guild_id))),
      autoplay_(options.autoplay),
      rules_(std::move(options), net::random_seed()),
      timer_(strand_) {
  emitter_->on_exception([runtime = strand_.shared_runtime()](std::exception_ptr error) { runtime->report(error); });
}

void QueueImpl::listen() {
  // A runtime with threads of its own does what waits before it ends.
  if (!strand_.runtime().owns_context()) {
    context_end_ = detail::ContextEnd(strand_.runtime(), [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->let_go();
    });
  }
  pass_on(Node::track_start);
  pass_on(Node::track_exception);
  pass_on(Node::track_end);
  pass_on(Node::track_stuck);
  const auto lost = [weak = weak_from_this()] {
    if (auto self = weak.lock()) self->told([&](QueueRules& rules) { return rules.session_lost(self->now()); });
  };
  on(Node::closed, lost);
  on(Node::ready, [lost, weak = weak_from_this()](const Ready& ready) {
    if (!ready.resumed) return lost();
    const auto self = weak.lock();
    if (!self) return;
    const bool plays = self->player_.track().has_value();
    bool unsure = false;
    self->told([&](QueueRules& rules) {
      auto actions = rules.session_resumed(plays);
      unsure = rules.is_unsure();
      return actions;
    });
    if (unsure) self->node_->ask_what_plays();
  });
  on(NodeImpl::what_plays, [weak = weak_from_this()](const std::map<Snowflake, const Track*>& tracks) {
    const auto self = weak.lock();
    if (!self) return;
    const auto found = tracks.find(self->player_.guild_id());
    const auto* track = found == tracks.end() ? nullptr : found->second;
    self->told([&](QueueRules& rules) { return rules.told_what_plays(track, self->now()); });
  });
}

template <int Index, class Message>
void QueueImpl::pass_on(Event<Node, Index, Message> event) {
  on(event, [weak = weak_from_this()](const Message& message) {
    const auto self = weak.lock();
    if (!self || message.guild_id != self->player_.guild_id()) return;
    self->told([&](QueueRules& rules) { return rules.on(message, self->now()); });
  });
}

void QueueImpl::destroy() {
  destroyed_.store(true, std::memory_order_release);
  for (auto& each : unlisten_) each();
  strand_.post([self = shared_from_this()] { self->timer_.cancel(); });
}

TracksRemoved QueueImpl::remove_if(MoveFunction<bool(const QueuedTrack&)> gone) {
  // The caller's function may ask the queue something: it runs outside of the lock.
  const auto entries = look([](const QueueRules& rules) { return rules.tracks().upcoming(); });
  std::set<QueueEntry> doomed;
  for (const auto& entry : entries) {
    if (gone(*entry)) doomed.insert(entry);
  }
  return edit([&](QueueTracks& tracks) {
    return tracks.remove_if([&](const QueueEntry& entry) { return doomed.count(entry) != 0; });
  });
}

void QueueImpl::restore(CallOptions options, Handler<void> handler) {
  auto token = handler.cancel();
  Handler<PlayerSnapshot> fetched(
      [self = shared_from_this(), handler = std::move(handler)](Result<PlayerSnapshot> answer) mutable {
        if (!answer) return handler(std::move(answer.error()));
        // Not the answer's track: an event may have told of its end already.
        const auto track = self->player_.track();
        if (!track) return handler({});
        self->operate({}, std::move(handler), [&](QueueRules& rules) { return rules.adopt(*track, self->now()); });
      },
      std::move(token));
  Node::start_fetch_player(node_, player_.guild_id(), std::move(options), std::move(fetched));
}

// --- What the rules want done ---

/// On the strand: the node has told something, or time has.
template <class Decide>
void QueueImpl::told(Decide decide) {
  if (destroyed_.load(std::memory_order_acquire)) return;
  {
    std::lock_guard lock(mutex_);
    todo_.push_back({decide(rules_)});
  }
  work();
}

void QueueImpl::let_go() {
  std::deque<Batch> todo;  // destroyed outside of the lock: callbacks may hold what comes back here
  std::lock_guard lock(mutex_);
  todo.swap(todo_);
}

void QueueImpl::wake() {
  {
    std::lock_guard lock(mutex_);
    if (std::exchange(woken_, true)) return;
  }
  strand_.post([self = shared_from_this()] {
    {
      std::lock_guard lock(self->mutex_);
      self->woken_ = false;
    }
    self->work();
  });
}

/// One batch, and the next in a task of its own: on one thread, lanes that are told of a thousand edits have their turns between.
void QueueImpl::work() {
  const auto self = shared_from_this();
  if (working_) return;
  std::unique_lock lock(mutex_);
  if (todo_.empty()) return;
  auto batch = std::move(todo_.front());
  todo_.pop_front();
  lock.unlock();
  working_ = true;
  run(batch);
  working_ = false;
  lock.lock();
  const bool more = !todo_.empty();
  lock.unlock();
  if (more) wake();
}

void QueueImpl::run(Batch& batch) {
  auto& runtime = strand_.runtime();
  for (auto& action : batch.actions) {
    runtime.guard([&] { std::visit([&](auto& each) { perform(batch, each); }, action); });
  }
  // Else Play or Stop has it.
  if (batch.handler) runtime.guard([&] { batch.handler(std::move(batch.result)); });
}

void QueueImpl::perform(Batch& batch, queue_action::Play& action) {
  PlayOptions how;
  how.user_data = with_mark(action.track.track.user_data, {action.play, action.track.requester});
  auto token = batch.handler.cancel();
  Handler<PlayerState> answered(
      [weak = weak_from_this(), play = action.play,
       handler = std::move(batch.handler)](Result<PlayerState> result) mutable {
        if (const auto self = weak.lock()) {
          self->told([&](QueueRules& rules) {
            if (!result) return rules.play_refused(play, result.error(), self->now());
            rules.play_taken(play);
            return QueueActions();
          });
        }
        if (handler) handler(result ? Result<void>() : std::move(result.error()));
      },
      std::move(token));
  player_.play(std::move(action.track.track), std::move(answered), std::move(how), std::move(batch.options));
}

void QueueImpl::perform(Batch& batch, queue_action::Stop&) {
  auto token = batch.handler.cancel();
  Handler<PlayerState> answered(
      [weak = weak_from_this(), handler = std::move(batch.handler)](Result<PlayerState> result) mutable {
        const auto self = weak.lock();
        if (self && (result || result.error() != Errc::cancelled)) {
          self->told([&](QueueRules& rules) {
            if (!result) return rules.stop_refused(result.error());
            rules.stopped();
            return QueueActions();
          });
        }
        if (handler) handler(result ? Result<void>() : std::move(result.error()));
      },
      std::move(token));
  player_.stop(std::move(answered), std::move(batch.options));
}

void QueueImpl::perform(Batch&, queue_action::StartTimer& action) {
  timer_.start(action.after, [this, timer = action.timer] {
    told([&](QueueRules& rules) { return rules.timer_fired(timer); });
  });
}

/// What autoplay is given to answer with: once, or never, and then its end says so.
class QueueImpl::Answer {
 public:
  Answer(std::weak_ptr<QueueImpl> queue, std::uint64_t ask) : queue_(std::move(queue)), ask_(ask) {}
  Answer(Answer&&) noexcept = default;
  ~Answer() {
    decide([&](QueueRules& rules) { return rules.autoplay_dropped(ask_); });
  }
  void operator()(std::vector<QueuedTrack> tracks) {
    decide([&](QueueRules& rules) { return rules.autoplay_answered(ask_, std::move(tracks)); });
  }

 private:
  template <class Decide>
  void decide(Decide decide) {
    const auto queue = std::exchange(queue_, {}).lock();
    if (queue && !queue->destroyed_.load(std::memory_order_acquire)) queue->operate({}, {}, decide);
  }

  std::weak_ptr<QueueImpl> queue_;  // empty once it has answered, or has been moved from
  std::uint64_t ask_;
};

void QueueImpl::perform(Batch&, queue_action::AskAutoplay& action) {
  const auto began = now();
  strand_.runtime().guard([&] { autoplay_(action.last, Answer(weak_from_this(), action.ask)); });
  node_->check_call("Queue::autoplay", player_.guild_id(), began);
}

}  // namespace lavapp::lavalink
