#include "demo.hpp"

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "checklist.hpp"
#include "describe.hpp"
#include "presets.hpp"
#include "text.hpp"
#include "time_text.hpp"

namespace console {
namespace {

using namespace std::chrono_literals;
using lavapp::Result;
using std::chrono::milliseconds;

struct Failed : std::runtime_error {
  using runtime_error::runtime_error;
};
struct Interrupted {};

/// One after the other; what a step returns is the detail behind its check mark, and it throws Failed if it failed.
class Demo {
 public:
  Demo(Loop& loop, Screen& screen, EventLog& log, Client& client, lavapp::sandbox::Node& sandbox, bool fast)
      : loop_(loop), screen_(screen), log_(log), client_(client), sandbox_(sandbox), fast_(fast) {}

  DemoEnd run();

 private:
  using Steps = std::vector<std::pair<std::string, std::string (Demo::*)()>>;
  static const Steps& steps();

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

  /// Waits for what must come. \throws Failed after 5 s
  template <class Done>
  void until(const std::string& what, Done done) {
    if (loop_.run_until(done, 5s)) return;
    if (loop_.interrupted()) throw Interrupted();
    throw Failed(what + " did not happen within 5 s");
  }
  void check(bool holds, const std::string& what) {
    if (!holds) throw Failed(what);
  }
  template <class T>
  T must(Result<T> result) {
    if (loop_.interrupted()) throw Interrupted();
    if (!result) throw Failed(sentence(result.error()));
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }
  /// Lets the user see it.
  void show_for(milliseconds time) {
    if (!loop_.run_for(fast_ ? milliseconds(150) : time)) throw Interrupted();
  }
  /// The player moves on by at least `by`.
  std::string moves_on(milliseconds by = 200ms) {
    const auto from = client_.position();
    until("the position's moving on", [&] { return client_.position() >= from + by; });
    return "position " + format_time(from);
  }
  /// The terminal's width without an indentation; 0 if it is none.
  std::size_t columns_less(std::size_t indent) const {
    const auto columns = screen_.columns();
    return columns > indent ? columns - indent : columns;
  }
  void paragraph(const std::string& text) {
    const auto columns = screen_.columns();
    for (const auto& line : wrap(text, columns ? columns - 1 : std::string::npos)) screen_.line(line);
  }
  void headline(const std::string& text) { screen_.line(" " + screen_.look().bold(text)); }
  DemoEnd finish(DemoEnd end);

  Loop& loop_;
  Screen& screen_;
  EventLog& log_;
  Client& client_;
  lavapp::sandbox::Node& sandbox_;
  const bool fast_;
  const Loop::Clock::time_point began_ = Loop::Clock::now();
  Checklist checklist_;
  std::vector<lavapp::Track> found_;
};

const Demo::Steps& Demo::steps() {
  static const Steps all = {
      {"Connect", &Demo::connect},
      {"Ask the node what it is", &Demo::ask},
      {"Search", &Demo::search},
      {"Play", &Demo::play},
      {"Pause", &Demo::pause},
      {"Go on", &Demo::go_on},
      {"Seek", &Demo::seek},
      {"Filter", &Demo::filter},
      {"Next track", &Demo::next_track},
      {"Lose the connection", &Demo::lose_connection},
      {"Restart the node", &Demo::restart_node},
      {"Stop", &Demo::stop},
      {"Shut down", &Demo::shut_down},
  };
  return all;
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
  must(client_.set_filters(find_preset("nightcore")->make(), "nightcore"));
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
  const auto& look = screen_.look();
  for (const auto& [what, step] : steps()) checklist_.add(what);
  screen_.line(look.bold("lavapp console: the demo"));
  paragraph("A Lavalink v4 node inside this program, the sandbox, listens at " + sandbox_.host() + ":" +
            std::to_string(sandbox_.port()) + ". No network, no Discord, no sound; all else is as with a real one.");
  screen_.line();
  log_.show(Tell::events, false);
  for (std::size_t i = 0; i < steps().size(); ++i) {
    headline(steps()[i].first);
    try {
      const auto detail = (this->*steps()[i].second)();
      checklist_.pass(i, detail);
      const auto columns = screen_.columns();
      screen_.line("    " + look.good() + " " +
                   (columns ? fit(detail, columns > 7 ? columns - 7 : 0, look.ellipsis()) : detail));
    } catch (const Failed& failed) {
      checklist_.fail(i, failed.what());
      screen_.line("    " + look.bad() + " " + failed.what());
      return finish(DemoEnd::failed);
    } catch (const Interrupted&) {
      return finish(DemoEnd::interrupted);
    }
  }
  return finish(checklist_.all_passed() ? DemoEnd::passed : DemoEnd::failed);
}

DemoEnd Demo::finish(DemoEnd end) {
  const auto& look = screen_.look();
  const auto& tally = client_.tally();
  screen_.clear_live();
  screen_.line();
  headline("Summary");
  for (const auto& line : checklist_.render(columns_less(2), look)) screen_.line("  " + line);
  screen_.line();
  const auto row = [&](const std::string& label, const std::string& text) {
    constexpr std::size_t indent = 16;
    const auto columns = columns_less(indent + 1);
    auto begin = "    " + look.dim(pad(label, 12));
    for (const auto& line : wrap(text, columns ? columns : std::string::npos)) {
      screen_.line(begin + line);
      begin.assign(indent, ' ');
    }
  };
  row("events", count(tally.track_starts, "TrackStart") + std::string(look.dot()) +
                    count(tally.track_ends, "TrackEnd") + std::string(look.dot()) +
                    count(tally.player_updates, "playerUpdate") + std::string(look.dot()) +
                    std::to_string(tally.stats) + " stats");
  row("sessions", std::to_string(tally.new_sessions) + " new" + std::string(look.dot()) +
                      std::to_string(tally.resumed_sessions) + " resumed");
  row("reconnects",
      count(tally.lost_connections, "lost connection") + std::string(look.dot()) + count(tally.attempts, "attempt"));
  row("latency", format_latency(client_.latency()));
  row("took", format_span(std::chrono::duration_cast<milliseconds>(Loop::Clock::now() - began_)));
  screen_.line();
  const auto result = std::to_string(checklist_.passed()) + " of " + std::to_string(checklist_.size()) + " steps";
  screen_.line(
      " " + (end == DemoEnd::passed ? look.green("All " + result + " done.") : look.red("Only " + result + " done.")));
  return end;
}

}  // namespace

DemoEnd run_demo(Loop& loop, Screen& screen, EventLog& log, Client& client, lavapp::sandbox::Node& sandbox, bool fast) {
  return Demo(loop, screen, log, client, sandbox, fast).run();
}

}  // namespace console
