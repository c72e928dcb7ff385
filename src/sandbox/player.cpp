#include "sandbox/player.hpp"

#include <algorithm>
#include <cmath>

namespace lavapp::sandbox {
namespace {

using Kind = PlayerEvent::Kind;

/// Lavaplayer's frame buffer: so much still plays after decoding has failed.
constexpr milliseconds buffered{5'000};

/// No position is farther than this (30,000 years): time can be added to it.
constexpr milliseconds farthest{1'000'000'000'000'000};

milliseconds within_reach(milliseconds position) { return std::clamp(position, milliseconds(0), farthest); }

constexpr auto play_failed = "Something broke when playing the track.";
constexpr auto decode_failed = "Something went wrong when decoding the track.";

}  // namespace

bool Player::moving() const { return track_ && !paused_ && may_play(); }

double Player::rate() const {
  // A fatal timescale never takes effect.
  const bool valid = filters_.fatal.empty() && filters_.rate > 0;
  return rules_->speed * (valid ? filters_.rate : 1.0);
}

std::pair<milliseconds, Player::Ending> Player::ending() const {
  std::pair<milliseconds, Ending> first{milliseconds::max(), Ending::none};
  const auto consider = [&](milliseconds at, Ending what) {
    if (at < first.first) first = {at, what};
  };
  // A mark that the position has passed already is not met again.
  if (end_time_ && *end_time_ > anchor_) consider(*end_time_, Ending::finished);
  if (doomed_at_) consider(std::max(*doomed_at_, anchor_), Ending::finished);
  if (!track_->encoded.info.is_stream) consider(std::max(track_->length(), anchor_), Ending::finished);
  if (track_->playback == Playback::breaks && !broken_) consider(std::max(track_->trouble_after, anchor_), Ending::breaks);
  if (track_->playback == Playback::ends_early) consider(std::max(track_->trouble_after, anchor_), Ending::finished);
  if (track_->playback == Playback::stuck) consider(std::max(track_->trouble_after, anchor_), Ending::stuck);
  return first;
}

Time Player::reached_at(milliseconds position) const {
  const auto left = std::chrono::duration<double, std::milli>(position - anchor_) / rate();
  // Rounded up, so that the position has been reached by then; bounded, so that a slow player overflows nothing.
  const auto bounded = std::min(std::ceil(left.count()), 1e12);
  return anchor_time_ + milliseconds(static_cast<std::int64_t>(bounded));
}

milliseconds Player::position(Time now) const {
  if (!track_) return milliseconds(0);
  if (!moving() || now <= anchor_time_) return anchor_;
  const std::chrono::duration<double, std::milli> passed = now - anchor_time_;
  const auto played = std::min(std::floor(passed.count() * rate() + 1e-6), 1e15);
  return std::min(anchor_ + milliseconds(static_cast<std::int64_t>(played)), ending().first);
}

void Player::settle(Time now) {
  anchor_ = position(now);
  anchor_time_ = now;
}

void Player::tell(Kind kind, Time now, PlayerEvents& out, std::string reason) const {
  PlayerEvent event{kind, now};
  event.track = track_;
  event.user_data = user_data_;
  event.position = position(now);
  event.reason = std::move(reason);
  out.push_back(std::move(event));
}

void Player::update(Time now, PlayerEvents& out) const {
  PlayerEvent event{Kind::update, now};
  event.moment = moment(now);
  out.push_back(std::move(event));
}

void Player::fail(std::string message, std::string cause, Time now, PlayerEvents& out) const {
  tell(Kind::exception, now, out);
  // A track's own words are about its own failure, not about a filter's.
  const bool own = cause.empty();
  if (own && !track_->exception_message.empty()) message = track_->exception_message;
  out.back().exception = {std::move(message), own ? track_->severity : "fault",
                          own ? "java.io.IOException: This track of the sandbox is made to fail" : std::move(cause)};
}

void Player::end(std::string reason, Time now, PlayerEvents& out) {
  tell(Kind::end, now, out, std::move(reason));
  track_.reset();
  user_data_ = Json::object();
  anchor_ = milliseconds(0);
  playing_since_.reset();
}

void Player::play(PlayableTrack track, Start start, Time now, PlayerEvents& out) {
  if (track_) end("replaced", now, out);
  track_ = std::move(track);
  user_data_ = std::move(start.user_data);
  anchor_ = within_reach(start.position);
  anchor_time_ = now;
  end_time_ = start.end_time;
  doomed_at_.reset();
  started_at_ = anchor_;
  broken_ = stuck_told_ = false;
  idle_since_ = now;
  playing_since_ = now;
  next_update_ = now + rules_->update_interval;
  // A real node starts a loop of updates besides the one that announces the track: two at once.
  tell(Kind::start, now, out);
  update(now, out);
  update(now, out);
}

void Player::stop(Time now, PlayerEvents& out) {
  if (track_) end("stopped", now, out);
}

void Player::seek(milliseconds position, Time now, PlayerEvents& out) {
  if (!track_) return;
  settle(now);
  const auto before = anchor_;
  // Only a track can be sought, not a stream.
  if (!track_->encoded.info.is_stream) anchor_ = within_reach(position);
  stuck_told_ = false;
  update(now, out);
  if (end_time_ && before < *end_time_ && anchor_ >= *end_time_) doomed_at_ = anchor_;
}

void Player::set_end_time(std::optional<milliseconds> end_time, Time now) {
  if (!track_) return;
  settle(now);
  end_time_ = end_time;
}

void Player::set_paused(bool paused, Time now) {
  settle(now);
  if (paused_ && !paused) playing_since_ = now;
  paused_ = paused;
}

void Player::set_volume(int volume) { volume_ = std::clamp(volume, 0, 1000); }

void Player::set_filters(Filters filters, Time now, PlayerEvents& out) {
  settle(now);
  filters_ = std::move(filters);
  update(now, out);
}

void Player::connect_voice(Voice voice, Time now, PlayerEvents& out) {
  settle(now);
  close_voice(1000, "", false, now, out);
  voice_ = std::move(voice);
  connected_ = had_voice_ = true;
  ping_ = milliseconds(0);
  update(now, out);
}

void Player::close_voice(int code, std::string reason, bool by_remote, Time now, PlayerEvents& out) {
  if (!connected_) return;
  connected_ = false;
  if (!by_remote) ping_ = milliseconds(-1);
  PlayerEvent event{Kind::voice_closed, now};
  event.code = code;
  event.reason = std::move(reason);
  event.by_remote = by_remote;
  out.push_back(std::move(event));
  update(now, out);
}

void Player::destroy(Time now, PlayerEvents& out) {
  stop(now, out);
  close_voice(1000, "", false, now, out);
}

bool Player::fails_now() const {
  if (track_->playback == Playback::fails) return true;
  return moving() && !filters_.fatal.empty() && !doomed_at_;
}

void Player::fail_now(Time now, PlayerEvents& out) {
  if (track_->playback == Playback::fails) {
    fail(play_failed, {}, now, out);
  } else {
    fail(decode_failed, filters_.fatal, now, out);
    if (anchor_ > started_at_) {
      doomed_at_ = anchor_ + buffered;
      return;
    }
  }
  end("loadFailed", now, out);
}

std::optional<Time> Player::next_due() const {
  if (!track_) return std::nullopt;
  if (fails_now()) return anchor_time_;
  auto due = next_update_;
  if (!may_play()) due = std::min(due, idle_since_ + rules_->cleanup_threshold);
  if (moving()) {
    const auto [position, what] = ending();
    if (what == Ending::stuck) {
      if (!stuck_told_) due = std::min(due, reached_at(position) + rules_->stuck_threshold);
    } else if (what != Ending::none) {
      due = std::min(due, reached_at(position));
    }
  }
  return due;
}

void Player::advance(Time now, PlayerEvents& out) {
  for (auto due = next_due(); due && *due <= now; due = next_due()) {
    const auto at = *due;
    if (fails_now()) {
      settle(at);
      fail_now(at, out);
      continue;
    }
    if (moving()) {
      const auto [position, what] = ending();
      if (what == Ending::stuck && !stuck_told_ && reached_at(position) + rules_->stuck_threshold <= at) {
        stuck_told_ = true;
        tell(Kind::stuck, at, out);
        out.back().threshold = rules_->stuck_threshold;
        continue;
      }
      if (what == Ending::breaks && reached_at(position) <= at) {
        settle(at);
        broken_ = true;
        fail(decode_failed, {}, at, out);
        doomed_at_ = anchor_;
        continue;
      }
      if (what == Ending::finished && reached_at(position) <= at) {
        settle(at);
        end("finished", at, out);
        continue;
      }
    } else if (!may_play() && idle_since_ + rules_->cleanup_threshold <= at) {
      end("cleanup", at, out);
      continue;
    }
    update(at, out);
    next_update_ = std::max(next_update_, at) + rules_->update_interval;
  }
}

}  // namespace lavapp::sandbox
