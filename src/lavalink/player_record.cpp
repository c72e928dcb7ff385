#include "lavalink/player_record.hpp"

#include <algorithm>

namespace lavapp::lavalink {
namespace {

// A node that tells the same position so long after is not playing: it has no voice connection, or no audio comes.
constexpr std::chrono::milliseconds kStandsAfter{500};

/// A node that tells of so many plays' answers and of no start tells of none.
constexpr std::size_t kMostBegun = 16;

std::optional<std::chrono::milliseconds> length_of(const Track& track) {
  if (track.info.is_stream) return {};
  return track.info.length;
}

double speed_of(const Filters& filters) {
  if (!filters.timescale) return 1.0;
  return filters.timescale->speed.value_or(1.0) * filters.timescale->rate.value_or(1.0);
}

}  // namespace

bool same_track(const Track& a, const Track& b) noexcept {
  return a.info.identifier == b.info.identifier && a.info.source_name == b.info.source_name &&
         a.info.title == b.info.title && a.info.length == b.info.length;
}

std::vector<PlayerRecord::Begun>::iterator PlayerRecord::begun_by_answer(const Track& track) {
  return std::find_if(begun_.begin(), begun_.end(), [&](const Begun& each) { return same_track(each.track, track); });
}

void PlayerRecord::on(const TrackStart& event, Tick tick, TimePoint now) {
  const auto begun = begun_by_answer(event.track);
  const bool late = begun != begun_.end();
  if (late) {
    const auto sent = begun->sent;
    begun_.erase(begun_.begin(), begun + 1);      // events come in order
    if (last_answered_ != sent) return;           // a later answer has told more of it, or of what came after it
    track_event_ = std::max(track_event_, sent);  // it is no newer than its request
  } else {
    track_event_ = tick;
  }
  ended_.reset();
  if (late && plays(event.track)) return;  // the answer has told all of it
  set_track(event.track, event.track.info.position, now);
  if (late || !asked_to_play_) return;
  const auto& asked = asked_to_play_->asked;
  set_end(asked, now);
  paused_ = asked.paused;
  clock_.set_paused(paused_, now);
}

void PlayerRecord::on(const TrackEnd& event, Tick tick, TimePoint) {
  if (event.reason == TrackEndReason::replaced) return;  // the one that replaces it has its own TrackStart
  track_event_ = tick;
  const auto begun = begun_by_answer(event.track);  // a node may end a track that it could not load without its start
  if (begun != begun_.end()) begun_.erase(begun_.begin(), begun + 1);
  ended_ = event.track;
  if (!plays(event.track)) return;
  track_.reset();
  clock_.stop();
}

void PlayerRecord::on(const TrackStuck& event, TimePoint now) {
  if (!plays(event.track)) return;
  standing_ = true;
  clock_.set_held(true, now);
}

void PlayerRecord::on(const PlayerUpdate& update, Tick tick, TimePoint now) {
  // The first one behind an answer may have been on its way already. Not more: the node's clock may have been set back.
  const bool older = last_update_ < last_taken_ && update.state.time < last_answer_;
  last_update_ = tick;
  if (older) return;
  begun_.clear();  // their TrackStarts would have come before
  set_state(update.state, now);
}

bool PlayerRecord::answered(const PlayerSnapshot& player, const Asked& asked, Tick sent, Tick tick, TimePoint now) {
  // Requests that are under way together are answered in any order; the node's clock tells which answer is the later one.
  // For one that was sent after the last answer had come, that clock is not asked: it may have been set back.
  const bool together = sent < last_taken_;
  if (together && (player.state.time < last_answer_ || (player.state.time == last_answer_ && sent < last_answered_))) {
    return false;
  }
  last_answer_ = player.state.time;
  last_answered_ = sent;
  last_taken_ = tick;
  if (asked_to_play_ && sent >= asked_to_play_->sent) asked_to_play_.reset();

  const bool newer_state = last_update_ < sent || player.state.time >= state_.time;
  bool began = false;
  if (!player.track) {
    if (track_event_ < sent) {
      track_.reset();
      clock_.stop();
    }
  } else if (answer_begins(*player.track, asked, sent)) {
    set_track(*player.track, player.state.position, now);
    began = true;
    if (asked.play != Asked::Play::no) begun_.push_back({*player.track, sent});
    if (begun_.size() > kMostBegun) begun_.erase(begun_.begin());
  } else if (plays(*player.track)) {
    track_ = player.track;
  }
  volume_ = player.volume;
  filters_ = player.filters;
  clock_.set_speed(speed_of(filters_), now);
  if (newer_state || began) set_state(player.state, now);
  paused_ = player.paused;
  clock_.set_paused(paused_, now);
  // A request that was to play if nothing did: the node took no notice of it, unless a track has begun since.
  const bool heeded = asked.play != Asked::Play::if_idle || began || track_event_ > sent;
  if (!heeded || !player.track || !plays(*player.track)) return true;
  if (asked.position) {
    if (asked.play == Asked::Play::no) {
      clock_.set_position(*asked.position, now);
    } else {
      clock_.told(*asked.position, now);  // where it began, which may be a while ago
    }
    standing_ = false;  // back at a position that was told before
    clock_.set_held(false, now);
  }
  set_end(asked, now);
  return true;
}

/// Whether the answer's track is news: not if an event after the request was sent told of its end already, or of a later
/// track. What plays already does not begin, but by a request to play it again.
bool PlayerRecord::answer_begins(const Track& track, const Asked& asked, Tick sent) const noexcept {
  if (track_event_ < sent) return asked.play == Asked::Play::at_once || !plays(track);
  return !track_ && (!ended_ || !same_track(*ended_, track));
}

bool PlayerRecord::plays(const Track& track) const noexcept { return track_ && same_track(*track_, track); }

void PlayerRecord::set_end(const Asked& asked, TimePoint now) {
  if (!asked.end_time.present()) return;
  clock_.set_end(asked.end_time.is_null() ? std::nullopt : std::optional(asked.end_time.value()), now);
}

void PlayerRecord::set_track(const Track& track, std::chrono::milliseconds position, TimePoint now) {
  track_ = track;
  standing_ = told_ = false;
  clock_.start(length_of(track), position, now);
  clock_.set_held(false, now);
}

void PlayerRecord::set_state(const PlayerState& state, TimePoint now) {
  const bool connects = state.connected && !state_.connected;  // it begins to move now
  if (state.position != state_.position || connects) {
    standing_ = false;
  } else if (told_ && !paused_ && state.time > state_.time &&
             (state_.time.count() < 0 || state.time - state_.time >= kStandsAfter)) {
    standing_ = true;
  }
  told_ = true;
  state_ = state;
  clock_.told(state.position, now);
  clock_.set_held(standing_, now);
}

}  // namespace lavapp::lavalink
