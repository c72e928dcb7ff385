#include "demo.hpp"

#include <functional>
#include <string>
#include <vector>

#include "describe.hpp"
#include "time_text.hpp"

namespace console {
namespace {

using namespace std::chrono_literals;

class Demo final : DemoSteps {
 public:
  Demo(Loop& loop, Screen& screen, EventLog& log, Client& client, lavapp::sandbox::Node& sandbox, bool fast);

  DemoEnd run();

 private:
  std::string connect();
  std::string ask();
  std::string search();
  std::string play();
  std::string pause();
  std::string go_on();
  std::string seek();
  std::string filter();
  std::string next_track();
  std::string lose_connection();
  std::string restart_node();
  std::string stop();
  std::string shut_down();

  /// The player moves on by at least `by`.
  std::string moves_on(milliseconds by = 200ms) {
    const auto from = client_.position();
    until("the position's moving on", [&] { return client_.position() >= from + by; });
    return "position " + format_time(from);
  }
  Rows rows() const;

  EventLog& log_;
  Client& client_;
  lavapp::sandbox::Node& sandbox_;
  std::vector<lavapp::Track> found_;
};

Demo::Demo(Loop& loop, Screen& screen, EventLog& log, Client& client, lavapp::sandbox::Node& sandbox, bool fast)
    : DemoSteps(loop, screen, fast), log_(log), client_(client), sandbox_(sandbox) {
  add("Connect", std::bind_front(&Demo::connect, this));
  add("Ask the node what it is", std::bind_front(&Demo::ask, this));
  add("Search", std::bind_front(&Demo::search, this));
  add("Play", std::bind_front(&Demo::play, this));
  add("Pause", std::bind_front(&Demo::pause, this));
  add("Go on", std::bind_front(&Demo::go_on, this));
  add("Seek", std::bind_front(&Demo::seek, this));
  add("Filter", std::bind_front(&Demo::filter, this));
  add("Next track", std::bind_front(&Demo::next_track, this));
  add("Lose the connection", std::bind_front(&Demo::lose_connection, this));
  add("Restart the node", std::bind_front(&Demo::restart_node, this));
  add("Stop", std::bind_front(&Demo::stop, this));
  add("Shut down", std::bind_front(&Demo::shut_down, this));
}

std::string Demo::connect() {
  const auto before = Loop::Clock::now();
  must(client_.connect());
  const auto took = Loop::Clock::now() - before;
  check(client_.node().state() == lavapp::NodeState::ready, "the node's state is not ready");
  return "session " + client_.node().session_id() + " in " + format_latency(took);
}

std::string Demo::ask() {
  const auto info =
      must(loop_.await<lavapp::Info>([&](auto... then) { client_.node().fetch_info(std::move(then)...); }));
  check(info.version.major == 4, "it is no Lavalink v4");
  return "Lavalink " + info.version.semver + ", " + count(static_cast<std::int64_t>(info.filters.size()), "filter");
}

std::string Demo::search() {
  const std::string words = "sandboxsearch:paper";
  const auto found = must(client_.load(words));
  const auto tracks = found.tracks();
  for (const auto& line : track_lines(tracks, 4, columns_less(2), screen_.look())) screen_.line("  " + line);
  for (const auto& track : tracks) {
    if (track.info.is_seekable && track.info.length > 2min) found_.push_back(track);
  }
  check(found_.size() >= 2, "fewer than two tracks were found");
  show_for(1s);
  return count(static_cast<std::int64_t>(tracks.size()), "track") + " for \"" + words + "\"";
}

std::string Demo::play() {
  const auto before = client_.tally().track_starts;
  must(client_.play(found_[0]));
  until("TrackStartEvent", [&] { return client_.tally().track_starts > before; });
  const auto moved = moves_on();
  show_for(2s);
  return name_of(found_[0], screen_.look());
}

std::string Demo::pause() {
  must(client_.pause(true));
  check(must(client_.fetch_player()).paused, "the node does not say that it is paused");
  const auto position = client_.position();
  show_for(1200ms);
  check(client_.position() == position, "the position moved on");
  return "held at " + format_time(position);
}

std::string Demo::go_on() {
  must(client_.pause(false));
  moves_on();
  show_for(700ms);
  return "moving again";
}

std::string Demo::seek() {
  must(client_.seek(90s));
  const auto told = must(client_.fetch_player()).state.position;
  check(told >= 90s && told < 95s, "the node is at " + format_time(told));
  moves_on();
  show_for(1s);
  return "to " + format_time(90s);
}

std::string Demo::filter() {
  must(client_.set_filters(lavapp::presets::nightcore(), "nightcore"));
  const auto told = must(client_.fetch_player()).filters;
  check(told.timescale && told.timescale->speed == 1.2, "the node does not have the filter");
  moves_on();
  show_for(1200ms);
  return "nightcore: 1.2 times as fast";
}

std::string Demo::next_track() {
  // Close to its end, so that the track ends by itself; what waits then begins.
  const auto before = client_.tally();
  client_.play_next(found_[1]);
  must(client_.seek(found_[0].info.length - 1'200ms));
  until("TrackEndEvent", [&] { return client_.tally().track_ends > before.track_ends; });
  until("TrackStartEvent", [&] { return client_.tally().track_starts > before.track_starts; });
  check(client_.deck().track && client_.deck().track->info.identifier == found_[1].info.identifier,
        "another track plays");
  moves_on();
  show_for(1200ms);
  return name_of(found_[1], screen_.look());
}

std::string Demo::lose_connection() {
  const auto session = client_.node().session_id();
  const auto before = client_.tally();
  const auto position = client_.position();
  sandbox_.drop_connections();
  until("the session's resuming",
        [&] { return client_.tally().resumed_sessions > before.resumed_sessions && client_.online(); });
  check(client_.node().session_id() == session, "it is another session");
  check(client_.tally().track_ends == before.track_ends, "the track ended");
  until("the position's moving on", [&] { return client_.position() > position; });
  const auto now = client_.position();
  show_for(1200ms);
  return "same session; the music went on, " + format_time(position) + " to " + format_time(now);
}

std::string Demo::restart_node() {
  const auto session = client_.node().session_id();
  const auto before = client_.tally();
  const auto position = client_.position();
  sandbox_.restart(fast_ ? 100ms : 1000ms);
  until("the new session", [&] { return client_.tally().new_sessions > before.new_sessions && client_.online(); });
  until("the player's return", [&] { return client_.tally().rebuilt > before.rebuilt; });
  check(client_.node().session_id() != session, "a restarted node kept its session");
  const auto told = must(client_.fetch_player());
  check(told.track && told.track->info.identifier == found_[1].info.identifier, "another track plays");
  check(told.filters.timescale && told.filters.timescale->speed == 1.2, "the filter was lost");
  check(told.state.position >= position, "the position was lost");
  moves_on();
  show_for(1500ms);
  return "new session, same track at " + format_time(told.state.position);
}

std::string Demo::stop() {
  const auto before = client_.tally().track_ends;
  must(client_.stop());
  until("TrackEndEvent", [&] { return client_.tally().track_ends > before; });
  check(!must(client_.fetch_player()).track, "the node still has a track");
  return "the player is empty";
}

std::string Demo::shut_down() {
  must(client_.leave(lavapp::KeepSession::no));
  check(client_.node().state() == lavapp::NodeState::closed, "the node's state is not closed");
  until("the session's end at the node", [&] { return sandbox_.sessions().empty(); });
  return "the session is over, the connection closed";
}

DemoEnd Demo::run() {
  screen_.line(screen_.look().bold("lavapp console: the demo"));
  paragraph("A Lavalink v4 node inside this program, the sandbox, listens at " + sandbox_.host() + ":" +
            std::to_string(sandbox_.port()) + ". No network, no Discord, no sound; all else is as with a real one.");
  screen_.line();
  log_.show(Tell::events, false);
  return run_steps([this] { return rows(); });
}

Demo::Rows Demo::rows() const {
  const std::string dot(screen_.look().dot());
  const auto& tally = client_.tally();
  return {{"events", count(tally.track_starts, "TrackStart") + dot + count(tally.track_ends, "TrackEnd") + dot +
                         count(tally.player_updates, "playerUpdate") + dot + std::to_string(tally.stats) + " stats"},
          {"sessions",
           std::to_string(tally.new_sessions) + " new" + dot + std::to_string(tally.resumed_sessions) + " resumed"},
          {"reconnects", count(tally.lost_connections, "lost connection") + dot + count(tally.attempts, "attempt")},
          {"latency", format_latency(client_.latency())}};
}

}  // namespace

DemoEnd run_demo(Loop& loop, Screen& screen, EventLog& log, Client& client, lavapp::sandbox::Node& sandbox, bool fast) {
  return Demo(loop, screen, log, client, sandbox, fast).run();
}

}  // namespace console
