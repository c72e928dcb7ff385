#include "client.hpp"

#include <memory>

#include "describe.hpp"
#include "time_text.hpp"

namespace console {
namespace {

using lavapp::Errc;
using lavapp::Error;
using lavapp::Node;
using lavapp::Result;

Error no(std::string why) { return {Errc::invalid_argument, std::move(why)}; }

}  // namespace

Client::Client(Loop& loop, EventLog& log, lavapp::Runtime& runtime, lavapp::NodeOptions options,
               lavapp::Snowflake guild_id, std::optional<lavapp::VoiceState> voice)
    : loop_(loop),
      log_(log),
      node_(runtime, std::move(options)),
      player_(node_.player(guild_id)),
      voice_(std::move(voice)) {
  listen();
}

/// Hands an event over to the main thread: the time it was said is past by then, so the event is copied.
template <class Tag, class Heard>
void Client::hear(Tag tag, Heard heard) {
  node_.on(tag, [this, heard](const auto& event) { loop_.post([heard, event] { heard(event); }); });
}

void Client::listen() {
  hear(Node::ready, [this](const lavapp::Ready& e) { on_ready(e); });
  hear(Node::state_change, [this](const lavapp::StateChange& e) {
    if (e.from == lavapp::NodeState::ready && e.to == lavapp::NodeState::reconnecting) ++tally_.lost_connections;
    online_ = online_ && e.to == lavapp::NodeState::ready;
    log_.add(Tell::everything, describe(e));
  });
  hear(Node::reconnecting, [this](const lavapp::Reconnecting& e) {
    ++tally_.attempts;
    const bool first = tally_.new_sessions + tally_.resumed_sessions == 0;
    log_.add(first ? Tell::everything : Tell::trouble, describe(e));  // connect() tells of the first itself
  });
  hear(Node::error, [this](const Error& e) {
    refused_ = e;
    log_.add(Tell::everything, describe(e));
  });
  hear(Node::track_start, [this](const lavapp::TrackStart& e) {
    ++tally_.track_starts;
    log_.add(Tell::events, describe(e));
  });
  hear(Node::track_end, [this](const lavapp::TrackEnd& e) { on_end(e); });
  hear(Node::track_exception, [this](const lavapp::TrackFailed& e) {
    ++tally_.track_failures;
    failure_ = "the track failed: " + reason_of(e.exception);
    log_.add(Tell::trouble, describe(e));
  });
  hear(Node::track_stuck, [this](const lavapp::TrackStuck& e) {
    deck_.stuck = true;
    failure_ = "the track got stuck";
    log_.add(Tell::trouble, describe(e));
  });
  hear(Node::player_update, [this](const lavapp::PlayerUpdate& e) {
    ++tally_.player_updates;
    log_.add(Tell::everything, describe(e));
  });
  hear(Node::stats_update, [this](const lavapp::StatsUpdate& e) {
    ++tally_.stats;
    log_.add(Tell::everything, describe(e));
  });
  hear(Node::voice_closed,
       [this](const lavapp::VoiceClosed& e) { log_.add(e.by_remote ? Tell::trouble : Tell::events, describe(e)); });
  hear(Node::unknown, [this](const lavapp::UnknownMessage& e) { log_.add(Tell::events, describe(e)); });
  hear(Node::warning, [this](const lavapp::Warning& e) { log_.add(Tell::trouble, describe(e)); });
}

void Client::on_ready(const lavapp::Ready& event) {
  const bool first = tally_.new_sessions + tally_.resumed_sessions == 0;
  ++(event.resumed ? tally_.resumed_sessions : tally_.new_sessions);
  log_.add(first ? Tell::events : Tell::trouble, describe(event));
  online_ = true;
  if (!first && !event.resumed && deck_.track) rebuild();
}

/// A node that was restarted knows nothing of its players: sets ours up as it was, in one request.
void Client::rebuild() {
  auto request = deck_.rebuild();
  request.voice = voice_;
  node_.update_player(player_.guild_id(), std::move(request), lavapp::Replace::yes,
                      [this](Result<lavapp::PlayerSnapshot> answer) {
                        loop_.post([this, answer = std::move(answer)] {
                          if (!answer) return log_.add(Tell::trouble, {"player lost", answer.error().what()});
                          ++tally_.rebuilt;
                          const auto at = format_time(answer->state.position);
                          log_.add(Tell::trouble, {"player set up again", "at " + at});
                        });
                      });
}

void Client::on_end(const lavapp::TrackEnd& event) {
  ++tally_.track_ends;
  log_.add(Tell::events, describe(event));
  if (event.reason == lavapp::TrackEndReason::replaced) return;
  if (event.reason == lavapp::TrackEndReason::cleanup) {
    failure_ = "the node ended the track, because it has no voice connection";
    log_.add(Tell::trouble, {"track ended", "the node has no voice connection to play it to"});
  }
  deck_.clear();
  if (!may_start_next(event.reason) || deck_.up_next.empty()) return;
  // Not awaited: this runs inside the loop. TrackStart or an exception tells the rest.
  auto track = std::move(deck_.up_next.front());
  deck_.up_next.pop_front();
  deck_.start(track);
  failure_.clear();
  player_.play(std::move(track), [this](Result<lavapp::PlayerState> answer) {
    loop_.post([this, answer = std::move(answer)] {
      if (answer) return;
      failure_ = answer.error().what();
      deck_.clear();
      log_.add(Tell::trouble, {"next track", failure_});
    });
  });
}

Result<void> Client::connect() {
  refused_.reset();
  auto ready = loop_.await<lavapp::Ready>([&](auto... then) { node_.connect(std::move(then)...); },
                                          [&] { return refused_.has_value(); });
  if (!ready) return refused_ ? *refused_ : ready.error();
  loop_.run_until([&] { return online_; }, std::chrono::seconds(1));
  if (!ready->resumed) return {};
  auto player = fetch_player();
  if (player) deck_.adopt(*player);
  if (!player && player.error().http_status != 404) return player.error();
  return {};
}

Result<void> Client::leave(lavapp::KeepSession keep) {
  return loop_.await<void>([&](auto... then) { node_.shutdown(keep, std::move(then)...); });
}

Result<lavapp::LoadResult> Client::load(const std::string& identifier) {
  auto found =
      loop_.await<lavapp::LoadResult>([&](auto... then) { node_.load_tracks(identifier, std::move(then)...); });
  if (!found) return found;
  if (const auto* exception = found->exception())
    return no("\"" + identifier + "\" could not be loaded: " + reason_of(*exception));
  if (found->tracks().empty()) return no("nothing was found for \"" + identifier + "\"");
  return found;
}

Result<void> Client::play(const std::string& identifier) {
  const auto found = load(identifier);
  if (!found) return found.error();
  const auto tracks = found->tracks();
  std::size_t first = 0;
  std::deque<lavapp::Track> rest;
  if (const auto* playlist = found->playlist()) {
    if (playlist->selected_track > 0 && static_cast<std::size_t>(playlist->selected_track) < tracks.size()) {
      first = static_cast<std::size_t>(playlist->selected_track);
    }
    rest.assign(tracks.begin() + first + 1, tracks.end());
  }
  auto played = play(tracks[first]);
  if (played) deck_.up_next = std::move(rest);
  return played;
}

template <class Start>
Result<void> Client::ask_player(Start start) {
  auto answer = loop_.await<lavapp::PlayerState>(start);
  if (!answer) return answer.error();
  return {};
}

Result<void> Client::play(lavapp::Track track) {
  if (voice_ && !player_.state().connected) {
    auto joined = ask_player([&](auto... then) { player_.update_voice(*voice_, std::move(then)...); });
    if (!joined) return joined;
  }
  failure_.clear();
  const auto before = tally_.track_ends;
  auto played = ask_player(
      [&](auto callback, auto options) { player_.play(track, std::move(callback), {}, std::move(options)); });
  // Its end may have been told before its beginning was answered: then it is over.
  if (played && (tally_.track_ends == before || failure_.empty())) deck_.start(std::move(track));
  return played;
}

Result<void> Client::next() {
  if (deck_.up_next.empty()) return no("nothing waits to be played");
  auto track = std::move(deck_.up_next.front());
  deck_.up_next.pop_front();
  return play(std::move(track));
}

Result<void> Client::need_track() const {
  if (deck_.track) return {};
  return no("nothing is playing");
}

Result<void> Client::pause(bool paused) {
  if (auto ready = need_track(); !ready) return ready;
  auto done = ask_player([&](auto... then) { player_.pause(paused, std::move(then)...); });
  if (done) deck_.paused = paused;
  return done;
}

Result<void> Client::seek(std::chrono::milliseconds position) {
  if (auto ready = need_track(); !ready) return ready;
  const auto& info = deck_.track->info;
  if (info.is_stream || !info.is_seekable) return no("this track cannot be sought");
  if (position >= info.length) return no("the track is only " + format_time(info.length) + " long");
  return ask_player([&](auto... then) { player_.seek(position, std::move(then)...); });
}

Result<void> Client::set_volume(int percent) {
  auto done = ask_player([&](auto... then) { player_.set_volume(percent, std::move(then)...); });
  if (done) deck_.volume = percent;
  return done;
}

Result<void> Client::set_filters(lavapp::Filters filters, std::string name) {
  auto done = ask_player([&](auto... then) { player_.set_filters(filters, std::move(then)...); });
  if (!done) return done;
  deck_.filters = std::move(filters);
  deck_.filter_name = std::move(name);
  return done;
}

Result<void> Client::stop() {
  if (auto ready = need_track(); !ready) return ready;
  deck_.up_next.clear();
  auto done = ask_player([&](auto... then) { player_.stop(std::move(then)...); });
  if (done) deck_.clear();
  return done;
}

Result<lavapp::PlayerSnapshot> Client::fetch_player() {
  return loop_.await<lavapp::PlayerSnapshot>(
      [&](auto... then) { node_.fetch_player(player_.guild_id(), std::move(then)...); });
}

std::chrono::milliseconds Client::position() {
  if (online_ && deck_.track) deck_.position = player_.position().value_or(std::chrono::milliseconds(0));
  return deck_.position;
}

std::chrono::nanoseconds Client::latency() {
  if (const auto latest = node_.latency(); latest.count() > 0) latency_ = latest;
  return latency_;
}

NowPlaying Client::now_playing() {
  NowPlaying now;
  if (!deck_.track) return now;
  const auto& info = deck_.track->info;
  now.status = !online_       ? PlayStatus::reconnecting
               : deck_.stuck  ? PlayStatus::stuck
               : deck_.paused ? PlayStatus::paused
                              : PlayStatus::playing;
  now.title = info.title;
  now.author = info.author;
  now.position = position();
  now.length = info.length;
  now.is_stream = info.is_stream;
  now.volume = deck_.volume;
  now.filter = deck_.filter_name;
  now.latency = latency();
  return now;
}

}  // namespace console
