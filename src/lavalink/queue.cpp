#include "lavapp/lavalink/queue.hpp"

#include "lavalink/queue_impl.hpp"

namespace lavapp::lavalink {
namespace {

std::vector<QueuedTrack> copied(const std::deque<QueueEntry>& entries) {
  std::vector<QueuedTrack> result;
  result.reserve(entries.size());
  for (const auto& entry : entries) result.push_back(*entry);
  return result;
}

Error why_empty(const LoadResult& found) {
  const auto asked = found.identifier.empty() ? std::string() : " for \"" + found.identifier + '"';
  if (const auto* exception = found.exception()) {
    const auto cause = exception->true_cause();
    return {Errc::load_failed, "no track could be loaded" + asked + (cause.empty() ? "" : ": " + cause)};
  }
  if (const auto* unknown = std::get_if<UnknownLoad>(&found.value)) {
    return {Errc::bad_response, "no track is known in an answer of the type \"" + unknown->load_type + '"' + asked};
  }
  return {Errc::nothing_found, "no track was found" + asked};
}

}  // namespace

Queue::Queue(Node& node, Snowflake guild_id, QueueOptions options)
    : Queue(std::make_shared<QueueImpl>(node, guild_id, std::move(options))) {
  impl_->listen();
}

Queue::Queue(ImplPtr impl) : EventEmitter(impl->emitter()), impl_(std::move(impl)) {}

Queue& Queue::operator=(Queue&& other) noexcept {
  if (this == &other) return *this;
  if (impl_) impl_->destroy();
  EventEmitter::operator=(std::move(other));
  impl_ = std::move(other.impl_);
  return *this;
}

Queue::~Queue() {
  if (impl_) impl_->destroy();
}

// --- What is to come ---

Result<TracksAdded> Queue::add(QueuedTrack track) {
  std::vector<QueuedTrack> tracks;
  tracks.push_back(std::move(track));
  return add(std::move(tracks));
}

Result<TracksAdded> Queue::add(Track track, Snowflake requester) { return add(QueuedTrack(std::move(track), requester)); }

Result<TracksAdded> Queue::add(std::vector<QueuedTrack> tracks) {
  return impl_->edit([&](QueueTracks& queue) { return queue.add(std::move(tracks)); });
}

Result<TracksAdded> Queue::add(TrackSpan tracks, Snowflake requester) {
  std::vector<QueuedTrack> all;
  all.reserve(tracks.size());
  for (const auto& track : tracks) all.emplace_back(track, requester);
  return add(std::move(all));
}

Result<TracksAdded> Queue::add(const LoadResult& found, Snowflake requester) {
  const auto tracks = found.tracks();
  if (tracks.empty()) return why_empty(found);
  return add(found.type() == LoadType::search ? TrackSpan(tracks.begin(), 1) : tracks, requester);
}

Result<TracksAdded> Queue::insert(std::size_t index, std::vector<QueuedTrack> tracks) {
  return impl_->edit([&](QueueTracks& queue) { return queue.insert(index, std::move(tracks)); });
}

Result<TrackMoved> Queue::move(std::size_t from, std::size_t to) {
  return impl_->edit([&](QueueTracks& queue) { return queue.move(from, to); });
}

Result<std::vector<TrackMoved>> Queue::swap(std::size_t a, std::size_t b) {
  return impl_->edit([&](QueueTracks& queue) { return queue.swap(a, b); });
}

Result<TracksRemoved> Queue::remove(std::size_t index) { return remove(index, 1); }

Result<TracksRemoved> Queue::remove(std::size_t first, std::size_t count) {
  return impl_->edit([&](QueueTracks& queue) { return queue.remove(first, count); });
}

TracksRemoved Queue::remove_if(MoveFunction<bool(const QueuedTrack&)> gone) {
  return impl_->remove_if(std::move(gone));
}

TracksRemoved Queue::dedupe(SameBy same) {
  return impl_->edit([&](QueueTracks& queue) { return queue.dedupe(same); });
}

void Queue::shuffle() {
  impl_->edit([](QueueTracks& queue) { return queue.shuffle(); });
}

QueueCleared Queue::clear() {
  return impl_->edit([](QueueTracks& queue) { return queue.clear(); });
}

// --- What plays ---

void Queue::start_play(const ImplPtr& impl, CallOptions options, Handler<void> handler) {
  impl->operate(std::move(options), std::move(handler), [](QueueRules& rules) { return rules.play(); });
}

void Queue::start_skip(const ImplPtr& impl, CallOptions options, Handler<void> handler) {
  impl->operate(std::move(options), std::move(handler), [&](QueueRules& rules) { return rules.skip(impl->now()); });
}

void Queue::start_skip_to(const ImplPtr& impl, std::size_t index, CallOptions options, Handler<void> handler) {
  impl->operate(std::move(options), std::move(handler),
                [&](QueueRules& rules) { return rules.skip_to(index, impl->now()); });
}

void Queue::start_previous(const ImplPtr& impl, CallOptions options, Handler<void> handler) {
  impl->operate(std::move(options), std::move(handler), [&](QueueRules& rules) { return rules.previous(impl->now()); });
}

void Queue::start_stop(const ImplPtr& impl, CallOptions options, Handler<void> handler) {
  impl->operate(std::move(options), std::move(handler), [&](QueueRules& rules) { return rules.stop(impl->now()); });
}

void Queue::start_restore(const ImplPtr& impl, CallOptions options, Handler<void> handler) {
  impl->restore(std::move(options), std::move(handler));
}

Loop Queue::loop() const {
  return impl_->look([](const QueueRules& rules) { return rules.loop(); });
}
void Queue::set_loop(Loop loop) { impl_->set_loop(loop); }
QueueState Queue::state() const {
  return impl_->look([](const QueueRules& rules) { return rules.state(); });
}
Optional<QueuedTrack> Queue::current() const {
  return impl_->look([](const QueueRules& rules) { return rules.current(); });
}
std::vector<QueuedTrack> Queue::upcoming() const {
  return impl_->look([](const QueueRules& rules) { return copied(rules.tracks().upcoming()); });
}
std::vector<QueuedTrack> Queue::history() const {
  return impl_->look([](const QueueRules& rules) { return copied(rules.tracks().history()); });
}
Player Queue::player() const { return impl_->player(); }

}  // namespace lavapp::lavalink
