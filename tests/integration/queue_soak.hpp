// QueueSoak: a bot's day with many guilds: queues, voice and one node, users and trouble at random, on a clock that jumps from
// timer to timer.
//
// What the node was asked to play, the sandbox's journal tells; what it should have been asked, an ExpectedQueue for each guild.
// After each step both lists must be the same, and each queue must agree with its player. While the node is silent or busy that
// cannot be asked for: then what is to come and what has been must be the same all the same, and once it is well again, and every
// deadline is over, everything. One seed is one day: a failure tells the seed, the step and what had happened in the guild.
#pragma once

#include <utility>  // before Asio: Boost 1.74 needs std::exchange in C++20

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "integration/expected_queue.hpp"
#include "integration/soak_discord.hpp"
#include "lavapp/lavapp.hpp"
#include "lavapp/sandbox/node.hpp"

namespace lavapp::test {

struct SoakOptions {
  unsigned seed = 1;
  std::size_t guilds = 1'000;
  std::chrono::hours length{24};
  /// From when on memory must be level.
  std::chrono::hours warm{2};
  /// Of each step, on average.
  std::size_t actions = 6;
};

/// What has happened, so that a soak in which nothing happens does not pass.
struct SoakCount {
  std::size_t steps = 0, actions = 0, plays = 0, failures = 0, stuck = 0, resumes = 0, sessions_lost = 0, restarts = 0, kicks = 0,
              moves = 0, voice_closes = 0, voice_ends = 0, refused = 0, unanswered = 0, away = 0, compared = 0, cleanups = 0,
              hung = 0, slow = 0, busy = 0, half_opens = 0, late = 0, ends_lost = 0, autoplays = 0;
  /// What is in use; `bytes` is 0 where that cannot be asked.
  struct Use {
    std::size_t bytes = 0, timers = 0, tracks = 0;
  } warm, last;
  std::string text() const;
};

class QueueSoak {
 public:
  explicit QueueSoak(SoakOptions options);
  ~QueueSoak();

  /// The first disagreement; empty if there was none.
  std::string run();
  const SoakCount& count() const { return count_; }

 private:
  using Time = Clock::time_point;
  struct Guild {
    Guild(Snowflake guild_id, std::size_t max_history, bool autoplay) : id(guild_id), expected(max_history, autoplay) {}
    Snowflake id;
    std::unique_ptr<Queue> queue;
    ExpectedQueue expected;
    std::deque<std::string> log;  // the last of what has happened
    std::optional<std::uint64_t> play;  // the number of the last one that the node was asked for
    std::vector<int> given_up;          // what the queue did not wait for any longer; the node may do it yet
    std::uint32_t failures = 0;         // that the queue has told
    std::uint32_t in_a_row = 0;         // with the last of them
    bool unreachable = false;           // the queue has said so
    bool owed = false;                  // the bot plays once more when the node is there
    bool unsure = false;                // a change of its player was not answered, and none has been since
    enum { none, not_taken, unanswered } fault = none;  // what becomes of the next play
    std::size_t asked = 0;              // autoplay, by the queue
    AutoplayAnswer answer;              // to the last of that
    Optional<QueuedTrack> last;         // what was told with it
    bool may_be_destroyed = true;       // its player, by Voice
    std::optional<Time> voice_differs_since;
  };

  void make(std::size_t number);
  void listen();
  void note(Guild& guild, const std::string& what);
  void problem(Guild* guild, const std::string& what);
  Guild* guild_of(Snowflake id);
  static int number_of(const QueuedTrack& track);
  std::uint64_t draw(std::uint64_t below) { return random_() % below; }
  bool one_in(std::uint64_t n) { return draw(n) == 0; }
  Time now() const { return clock_->now(); }
  /// Until then, requests may be under way, held up or given up.
  void doubt(Clock::duration lasts) { doubt_until_ = std::max(doubt_until_, now() + lasts); }
  bool in_doubt() const { return now() < doubt_until_; }

  // --- soak_actions.cpp
  void act();
  void trouble();
  void act_on_voice(Guild& guild);
  void act_on_player(Guild& guild);
  void edit(Guild& guild);
  void change_what_plays(Guild& guild);
  void fault_while_skipping(Guild& guild);
  void patience_while_skipping(Guild& guild);
  void answer_autoplay(Guild& guild);
  std::vector<QueuedTrack> new_tracks(std::size_t count, std::vector<int>& numbers);
  template <class T, class Start>
  void operate(Guild& guild, const char* name, Start start);

  // --- what follows
  void go_on(Clock::duration by);
  void poll_quiet();
  void settle();
  bool reconcile();
  void read_journal();
  void asked_to_play(Guild& guild, int track, int status);
  void give_up(Guild& guild, std::size_t plays);
  bool end_was_lost(Guild& guild);
  void play_owed();
  std::string differs(Guild& guild, bool voice_too);
  std::string compare(bool all);
  SoakCount::Use use() const;

  const SoakOptions options_;
  std::mt19937 random_;
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  boost::asio::io_context context_;
  Runtime runtime_;
  std::unique_ptr<sandbox::Node> server_;
  SoakDiscord discord_;
  std::unique_ptr<Node> node_;
  std::unique_ptr<Voice> voice_;
  std::vector<std::unique_ptr<Guild>> guilds_;
  std::vector<Track> tracks_, bad_tracks_;
  std::set<Guild*> touched_, waiting_, asking_;
  Time doubt_until_{};
  bool ends_may_be_lost_ = false;
  Time silent_until_{};
  bool faults_left_ = false;  // ordered, and perhaps not met yet
  int last_track_ = 0;
  std::size_t open_ = 0;       // operations without an answer
  std::size_t joins_ = 0;      // likewise; they may take their time
  bool node_was_away_ = true;  // in this settling
  std::size_t read_ = 0;       // of the journal
  std::string problem_;
  SoakCount count_;
};

}  // namespace lavapp::test
