#include "lavalink/queue_rules.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/bounded.hpp"
#include "lavalink/next_try.hpp"
#include "lavalink/player_record.hpp"
#include "lavalink/queue_mark.hpp"

namespace lavapp::lavalink {
namespace {

using namespace queue_action;
using namespace std::chrono_literals;

/// A track that is over sooner than this has not been heard. Without an end to that, one that loops would spin.
constexpr std::chrono::milliseconds kHeard{100};

QueueOptions checked(QueueOptions options) {
  const auto result = options.validate();
  if (!result) throw std::invalid_argument("lavapp: " + result.error().message);
  return options;
}

Backoff failures_of(const QueueOptions& options) {
  ReconnectOptions result;
  result.initial_delay = options.first_pause;
  result.max_delay = options.longest_pause;
  result.jitter = false;
  result.stable_after = options.stable_after;
  result.max_attempts = options.max_failures - 1;
  return Backoff(result, 0);
}

/// Below 2^53, so that every reader of JSON has it exact, with room to count.
PlayNumber first_play(std::uint64_t seed) { return std::mt19937_64(seed)() >> 12; }

/// A node answers 400, or 500, if it cannot read the track. Anything else would befall the next one too.
bool blames_the_track(const Error& error) {
  return error == Errc::invalid_argument || (error == Errc::http_status && (error.http_status == 400 || error.http_status == 500));
}

}  // namespace

QueueRules::QueueRules(QueueOptions options, std::uint64_t seed)
    : options_(checked(std::move(options))),
      tracks_(options_.max_size, options_.max_history, options_.seed.value_or(seed)),
      play_(first_play(seed)),
      failures_(failures_of(options_)) {}

// --- What the user wants ---

QueueActions QueueRules::set_loop(Loop loop) {
  if (loop == options_.loop) return {};
  return {LoopChanged{std::exchange(options_.loop, loop), loop}};
}

QueueActions QueueRules::play() {
  QueueActions out;
  switch (state_) {
    case QueueState::playing:
    case QueueState::waiting:
      break;
    case QueueState::stopped:
      failures_.reset();
      pause_ = {};
      begin(out);
      break;
    case QueueState::idle:
    case QueueState::loading:
      if (tracks_.upcoming().empty() && (state_ == QueueState::loading || !options_.autoplay)) break;
      failures_.reset();
      pause_ = {};
      if (state_ == QueueState::loading) out.push_back(StopTimer{});
      step(out, 1);
      break;
  }
  return out;
}

QueueActions QueueRules::skip(TimePoint now) {
  QueueActions out;
  const bool nothing = !tracks_.current() && tracks_.upcoming().empty();
  if (nothing && (state_ == QueueState::loading || !options_.autoplay)) return out;
  leave(out, now);
  const bool last = tracks_.upcoming().empty() && loop() != Loop::queue;
  if (last && tracks_.current() && (!about_to_play() || owes_stop_)) out.push_back(Stop{});
  step(out, 1);
  return out;
}

Result<QueueActions> QueueRules::skip_to(std::size_t index, TimePoint now) {
  if (index >= tracks_.upcoming().size()) {
    return Error(Errc::invalid_argument, "index must be less than " + std::to_string(tracks_.upcoming().size()) +
                                             ", is " + std::to_string(index));
  }
  QueueActions out;
  leave(out, now);
  step(out, index + 1);
  return out;
}

Result<QueueActions> QueueRules::previous(TimePoint now) {
  if (tracks_.history().empty()) return Error(Errc::invalid_argument, "there is no track before this one");
  QueueActions out;
  leave(out, now);
  auto before = current();
  tell(out, std::move(before), tracks_.previous());
  begin(out);
  return out;
}

QueueActions QueueRules::stop(TimePoint now) {
  QueueActions out;
  if (state_ == QueueState::idle) return out;
  leave(out, now);
  ++play_;
  // If it has stopped already: the node may have been told to play, and its answer lost.
  if (!about_to_play() || owes_stop_) out.push_back(Stop{});
  if (state_ != QueueState::stopped) halt(out, StopReason::requested);
  return out;
}

Result<QueueActions> QueueRules::adopt(const Track& told, TimePoint now) {
  if (tracks_.current()) return Error(Errc::invalid_argument, "the queue has a current track already");
  QueueActions out;
  leave(out, now);
  tracks_.adopt(read_back(told));
  // What is not marked is nobody's play, and its events are known by their track.
  play_ = mark_in(told.user_data).play.value_or(play_ + 1);
  started_ = now;
  exception_.reset();
  out.push_back(CurrentChanged{{}, current()});
  become(out, QueueState::playing);
  return out;
}

// --- What the node tells ---

bool QueueRules::concerns_current(const Track& told) const {
  if (!tracks_.current()) return false;
  const auto mark = mark_in(told.user_data);
  return mark.play ? *mark.play == play_ : same_track(tracks_.current()->track, told);
}

QueueActions QueueRules::on(const TrackStart& event, TimePoint now) {
  QueueActions out;
  // A play whose answer never came may work all the same.
  const bool awaited = state_ == QueueState::playing || state_ == QueueState::stopped;
  if (!awaited || !concerns_current(event.track)) return out;
  become(out, QueueState::playing);
  started_ = now;
  held_up_ = 0;
  return out;
}

QueueActions QueueRules::on(const TrackFailed& event, TimePoint) {
  if (state_ == QueueState::playing && concerns_current(event.track)) exception_ = event.exception;
  return {};
}

QueueActions QueueRules::on(const TrackEnd& event, TimePoint now) {
  QueueActions out;
  if (state_ != QueueState::playing || !concerns_current(event.track)) return out;
  if (!may_start_next(event.reason)) {
    // By a node that does not hand the mark back: our own doing, of the play before this one.
    const bool replaced = event.reason == TrackEndReason::replaced;
    if (replaced && !mark_in(event.track.user_data).play) return out;
    halt(out, event.reason == TrackEndReason::cleanup ? StopReason::cleanup : StopReason::by_others);
  } else if (exception_) {
    fail(out, exception(), now);
  } else if (event.reason == TrackEndReason::load_failed) {
    fail(out, {FailureCause::exception, "the node could not load it"}, now);
  } else if (over_at_once(event.track, now)) {
    fail(out, {FailureCause::no_audio, "it was over as soon as it had begun"}, now);
  } else {
    failures_.reset();
    go_on(out);
  }
  return out;
}

QueueRules::Failure QueueRules::exception() const {
  return {FailureCause::exception, exception_->message.value_or(exception_->cause), *exception_};
}

/// By the clock, and by the position that a node tells at the end: after a connection that was away, start and end of a
/// track that was played well arrive together.
bool QueueRules::over_at_once(const Track& told, TimePoint now) const {
  const auto position = detail::bounded(told.info.position) - detail::bounded(tracks_.current()->track.info.position);
  return started_ && std::max(played(now), position) < std::clamp(told.info.length, 0ms, kHeard);
}

QueueActions QueueRules::on(const TrackStuck& event, TimePoint now) {
  QueueActions out;
  if (state_ != QueueState::playing || !concerns_current(event.track)) return out;
  if (options_.when_stuck == WhenStuck::wait) return out;
  // No audio has come for that time already.
  fail(out, {FailureCause::stuck, "no audio for " + std::to_string(event.threshold.count()) + " ms", {}, true},
       now - detail::bounded(event.threshold));
  return out;
}

QueueActions QueueRules::play_refused(PlayNumber play, const Error& error, TimePoint now) {
  QueueActions out;
  if (state_ != QueueState::playing || play != play_ || started_) return out;
  if (blames_the_track(error)) {
    fail(out, {FailureCause::refused, error.what(), {}, true}, now);
  } else if (is_held_up(error) && held_up_ < options_.max_failures) {
    const auto asked_for = error.retry_after.value_or(options_.first_pause);
    pause_ = std::clamp(asked_for, options_.first_pause, options_.longest_pause);
    ++held_up_;
    owes_stop_ = true;  // what was to be replaced plays on
    begin(out);
  } else {
    halt(out, error == Errc::cancelled ? StopReason::cancelled : StopReason::node_failed, error);
    // What was to be replaced plays on.
    const bool not_sent = is_held_up(error) || is_unreached(error);
    if (not_sent || error == Errc::no_session || error.http_status == 404) owes_stop_ = true;
    if (not_sent) stop_later(out, error);
  }
  return out;
}

QueueActions QueueRules::stop_refused(const Error& error) {
  QueueActions out;
  owes_stop_ = state_ != QueueState::playing;
  if (owes_stop_ && !about_to_play() && may_be_told_again(error)) stop_later(out, error);
  return out;
}

/// The node is told again, after pauses that grow.
void QueueRules::stop_later(QueueActions& out, const Error& error) {
  std::chrono::milliseconds pause = options_.first_pause * (1 << std::min(stops_refused_++, 10u));
  pause = std::max(pause, error.retry_after.value_or(0ms));
  start_timer(out, std::min(pause, options_.longest_pause));
  stop_timer_ = timer_;
}

QueueActions QueueRules::session_resumed(bool plays) {
  QueueActions out;
  unsure_.reset();
  if (state_ == QueueState::playing && (started_ || taken_)) unsure_ = play_;
  if (std::exchange(owes_stop_, false) && plays && state_ != QueueState::playing) out.push_back(Stop{});
  return out;
}

QueueActions QueueRules::told_what_plays(const Track* told, TimePoint now) {
  QueueActions out;
  const bool unsure = state_ == QueueState::playing && is_unsure();
  unsure_.reset();
  if (!unsure || (told && concerns_current(*told))) return out;
  if (told) {
    halt(out, StopReason::by_others);
  } else if (exception_) {
    fail(out, exception(), now);
  } else {
    failures_.reset();
    go_on(out);
  }
  return out;
}

QueueActions QueueRules::session_lost(TimePoint now) {
  QueueActions out;
  owes_stop_ = false;
  if (state_ != QueueState::playing) return out;
  leave(out, now);
  halt(out, StopReason::session_lost);
  return out;
}

QueueActions QueueRules::timer_fired(std::uint64_t timer) {
  QueueActions out;
  if (timer != timer_) return out;
  if (state_ == QueueState::waiting) {
    pause_ = {};
    send(out);
  } else if (state_ == QueueState::loading) {
    const auto limit = std::to_string(options_.autoplay_timeout.count());
    loaded(out, Error(Errc::request_timeout, "autoplay did not answer within " + limit + " ms"));
  } else if (owes_stop_ && timer == stop_timer_) {
    out.push_back(Stop{});
  }
  return out;
}

QueueActions QueueRules::autoplay_answered(std::uint64_t ask, std::vector<QueuedTrack> tracks) {
  QueueActions out;
  if (!awaits(ask)) return out;
  out.push_back(StopTimer{});
  auto added = tracks_.add(std::move(tracks));
  if (added && !added->tracks.empty()) out.push_back(*added);
  loaded(out, added ? Optional<Error>() : added.error());
  return out;
}

QueueActions QueueRules::autoplay_dropped(std::uint64_t ask) {
  QueueActions out;
  if (!awaits(ask)) return out;
  out.push_back(StopTimer{});
  loaded(out, Error(Errc::cancelled, "autoplay's answer was destroyed uncalled"));
  return out;
}

/// The question is over. The user may have added tracks meanwhile.
void QueueRules::loaded(QueueActions& out, Optional<Error> error) {
  if (!tracks_.upcoming().empty()) return step(out, 1);
  if (owes_stop_) out.push_back(Stop{});
  become(out, QueueState::idle);
  out.push_back(QueueEnded{std::move(error)});
}

// --- What follows ---

/// One failure more: the next track, or in a loop the same, after a pause; or the end, if there were too many.
void QueueRules::fail(QueueActions& out, Failure failure, TimePoint now) {
  leave(out, now);
  const auto in_a_row = failures_.attempts() + 1;
  const auto pause = failures_.next();
  out.push_back(TrackFailure{*tracks_.current(), failure.cause, std::move(failure.message),
                             std::move(failure.exception), in_a_row});
  if (failure.on_node) out.push_back(Stop{});
  ++play_;  // the node may have begun it all the same; it is given up
  if (!pause) {
    const auto count = std::to_string(in_a_row);
    return halt(out, StopReason::too_many_failures, Error(Errc::tracks_failed, count + " failures in a row"));
  }
  pause_ = *pause;
  go_on(out);
}

/// Behind a track that is over.
void QueueRules::go_on(QueueActions& out) {
  if (options_.loop == Loop::track) return begin(out);
  step(out, 1);
}

void QueueRules::halt(QueueActions& out, StopReason reason, Optional<Error> error) {
  held_up_ = 0;
  become(out, tracks_.current() ? QueueState::stopped : QueueState::idle);
  out.push_back(QueueStopped{reason, std::move(error)});
}

/// The current track is about to be left or given up: by whatever way, a pause or question under way is over, and what
/// was played long enough has worked.
void QueueRules::leave(QueueActions& out, TimePoint now) {
  if (about_to_play()) out.push_back(StopTimer{});
  pause_ = {};
  if (state_ == QueueState::stopped) failures_.reset();  // whoever goes on from there begins anew
  if (state_ == QueueState::playing && started_) {
    failures_.connection_lasted(std::chrono::duration_cast<std::chrono::milliseconds>(played(now)));
  }
}

/// Goes on by so many tracks, and begins the one that it comes to.
void QueueRules::step(QueueActions& out, std::size_t tracks) {
  auto before = current();
  tell(out, std::move(before), tracks_.next(tracks, options_.loop == Loop::queue));
  if (tracks_.current()) return begin(out);
  run_dry(out);
}

void QueueRules::tell(QueueActions& out, Optional<QueuedTrack> before, QueueStep step) const {
  if (!step.removed.tracks.empty()) out.push_back(std::move(step.removed));
  if (!step.added.tracks.empty()) out.push_back(std::move(step.added));
  if (before || tracks_.current()) out.push_back(CurrentChanged{std::move(before), current(), step.taken});
}

void QueueRules::begin(QueueActions& out) {
  if (pause_.count() == 0) return send(out);
  become(out, QueueState::waiting);
  start_timer(out, pause_);
}

void QueueRules::send(QueueActions& out) {
  become(out, QueueState::playing);
  owes_stop_ = taken_ = false;
  stops_refused_ = 0;
  started_.reset();
  exception_.reset();
  out.push_back(Play{++play_, *tracks_.current()});
}

void QueueRules::run_dry(QueueActions& out) {
  if (!options_.autoplay) {
    become(out, QueueState::idle);
    out.push_back(QueueEnded{});
    return;
  }
  become(out, QueueState::loading);
  Optional<QueuedTrack> last;
  if (!tracks_.history().empty()) last = *tracks_.history().back();
  out.push_back(AskAutoplay{++ask_, std::move(last)});
  start_timer(out, options_.autoplay_timeout);
}

void QueueRules::become(QueueActions& out, QueueState state) {
  if (state == state_) return;
  out.push_back(QueueStateChanged{std::exchange(state_, state), state});
}

void QueueRules::start_timer(QueueActions& out, std::chrono::milliseconds after) {
  out.push_back(StartTimer{++timer_, after});
}

Optional<QueuedTrack> QueueRules::current() const {
  if (!tracks_.current()) return {};
  return *tracks_.current();
}

Clock::duration QueueRules::played(TimePoint now) const { return started_ ? now - *started_ : Clock::duration::zero(); }

}  // namespace lavapp::lavalink
