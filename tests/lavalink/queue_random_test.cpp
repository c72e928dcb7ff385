// A queue, a node that fails in every way and answers late, and a user who does anything: what must hold all the same.
#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <set>

#include "lavalink/queue_helpers.hpp"
#include "lavalink/queue_mark.hpp"
#include "lavalink/queue_mirror.hpp"
#include "lavalink/queue_rules.hpp"

namespace lavapp::lavalink {
namespace {

using namespace std::chrono_literals;

class World {
 public:
  World(std::uint64_t seed, QueueOptions options)
      : options_(options), rules_(std::move(options), seed), random_(seed) {}

  void step() {
    now_ += below(3) == 0 ? std::chrono::milliseconds(below(20'000)) : 0ms;
    const auto before = places();
    change_ = 0;
    act();
    const auto difference = static_cast<std::ptrdiff_t>(places() - before);
    EXPECT_EQ(difference, change_.value_or(difference)) << "sizes do not add up";
  }

  /// No more trouble: all that is under way arrives, and what plays finishes.
  void come_to_rest() {
    trouble_ = false;
    perform(rules_.set_loop(Loop::none));
    change_.reset();
    for (int i = 0; i < 2'000 && !at_rest(); ++i) {
      if (!wire_.empty()) {
        deliver();
      } else if (timer_) {
        time_passes();
      } else {
        now_ += 3min;
        finish();
      }
    }
    ASSERT_TRUE(at_rest()) << "it goes on for ever";
  }

  void check() {
    std::set<const QueuedTrack*> seen;
    const auto& tracks = rules_.tracks();
    for (const auto& entry : tracks.upcoming()) EXPECT_TRUE(seen.insert(entry.get()).second) << "twice to come";
    EXPECT_EQ(seen.count(tracks.current().get()), 0u) << "current, and to come";
    EXPECT_LE(tracks.history().size(), options_.max_history);
    EXPECT_LE(tracks.upcoming().size(), options_.max_size + options_.max_history);
    if (tracks.upcoming().size() > options_.max_size) ++beyond_;
    EXPECT_EQ(timer_, rules_.state() == QueueState::waiting || rules_.state() == QueueState::loading);
    EXPECT_EQ(!tracks.current(), rules_.state() == QueueState::idle || rules_.state() == QueueState::loading);
    std::vector<QueuedTrack> upcoming;
    for (const auto& entry : tracks.upcoming()) upcoming.push_back(*entry);
    EXPECT_EQ(mirror_.loop(), rules_.loop());
    EXPECT_EQ(mirror_.text(), test::QueueMirror::text(rules_.state(), rules_.current(), upcoming)) << "events left out";
    if (!wire_.empty()) return;
    // Nothing is under way: what the node plays is what the queue takes it to play.
    if (rules_.state() == QueueState::playing) {
      ASSERT_TRUE(on_node_.has_value());
      EXPECT_EQ(mark_in(on_node_->user_data).play, last_play_);
    } else {
      EXPECT_FALSE(on_node_.has_value()) << on_node_->info.identifier << " plays on, unknown to the queue";
    }
  }

  std::size_t plays() const { return plays_of_.size(); }
  std::size_t failures() const { return failed_.size(); }
  std::size_t beyond() const { return beyond_; }

 private:
  enum class Cause { user, node, timer };

  void act() {
    switch (below(10)) {
      case 0:
      case 1:
        return user_plays();
      case 2:
        return user_edits();
      case 3:
        return time_passes();
      case 4:
      case 5:
        return node_acts();
      default:
        return deliver();
    }
  }
  std::size_t places() const { return rules_.tracks().upcoming().size() + (rules_.tracks().current() ? 1 : 0); }
  void changed(std::size_t more, std::size_t less) {
    if (change_) *change_ += static_cast<std::ptrdiff_t>(more) - static_cast<std::ptrdiff_t>(less);
  }

  // --- The user ---

  void user_plays() {
    cause_ = Cause::user;
    change_.reset();  // how many are left, the user has said
    const auto size = rules_.tracks().upcoming().size();
    switch (below(6)) {
      case 0:
        return perform(rules_.play());
      case 1:
        return perform(rules_.skip(now_));
      case 2:
        return perform(rules_.skip_to(below(size + 1), now_));
      case 3:
        return perform(rules_.previous(now_));
      case 4:
        return perform(rules_.stop(now_));
      default:
        return perform(rules_.set_loop(static_cast<Loop>(below(3))));
    }
  }

  void user_edits() {
    auto& tracks = rules_.tracks();
    const auto size = tracks.upcoming().size();
    const auto places = size + 1;
    switch (below(8)) {
      case 0:
      case 1:
      case 2: {
        std::vector<QueuedTrack> more;
        for (auto count = below(5); count > 0; --count) more.push_back(test::track(std::to_string(below(20)), ++asker_));
        return edited(tracks.insert(below(places), std::move(more)));
      }
      case 3:
        return edited(tracks.remove(below(places), below(3)));
      case 4:
        return edited(tracks.dedupe(SameBy::identifier));
      case 5:
        return edited(tracks.move(below(places), below(places)));
      case 6:
        return edited(tracks.swap(below(places), below(places)));
      default:
        if (below(4) == 0) edited(tracks.clear());
        return edited(tracks.shuffle());
    }
  }
  template <class Event>
  void edited(const Result<Event>& e) {
    if (e) edited(*e);
  }
  void edited(const std::vector<TrackMoved>& moves) {
    for (const auto& each : moves) edited(each);
  }
  template <class Event>
  void edited(const Event& e) {
    mirror_.on(e);
    count(e);
  }
  void count(const TracksAdded& e) { changed(e.tracks.size(), 0); }
  void count(const TracksRemoved& e) { changed(0, e.tracks.size()); }
  void count(const QueueCleared& e) { changed(0, e.count); }
  template <class Event>
  void count(const Event&) {}

  void time_passes() {
    if (!std::exchange(timer_, false)) return;
    cause_ = Cause::timer;
    if (asked_ && below(4) != 0) {
      timer_ = true;
      const auto ask = *std::exchange(asked_, {});
      if (below(8) == 0) return perform(rules_.autoplay_dropped(ask));
      std::vector<QueuedTrack> more;
      for (auto count = trouble_ ? below(3) : 0; count > 0; --count) more.push_back(test::track("auto", ++asker_));
      return perform(rules_.autoplay_answered(ask, std::move(more)));
    }
    perform(rules_.timer_fired(timer_number_));
  }

  // --- The node. What it tells is on its way for a while; requests reach it at once. ---

  struct Told {
    QueueRules::TimePoint at;
    MoveFunction<QueueActions()> tell;
    PlayNumber play;
    bool ends;  // after this the queue may go on, once
  };

  template <class Event>
  void tell(Track track, MoveFunction<void(Event&)> fill = {}, bool ends = false) {
    Event event;
    event.track = std::move(track);
    if (fill) fill(event);
    const auto play = mark_in(event.track.user_data).play.value();
    wire_.push_back({now_, [this, event] { return rules_.on(event, now_); }, play, ends});
  }
  void tell_end(TrackEndReason reason) {
    auto track = std::move(*on_node_);
    on_node_.reset();
    tell<TrackEnd>(
        std::move(track), [reason](TrackEnd& end) { end.reason = {reason, ""}; }, may_start_next(reason));
  }
  void tell_refusal(PlayNumber play, Error error) {
    wire_.push_back({now_, [this, play, error] { return rules_.play_refused(play, error, now_); }, play, true});
  }

  void node_plays(const queue_action::Play& play) {
    auto track = play.track.track;
    track.user_data = with_mark(track.user_data, {play.play, play.track.requester});
    const auto fate = trouble_ ? below(12) : 11;
    if (fate == 0) {
      Error bad(Errc::http_status);
      bad.http_status = 400;
      return tell_refusal(play.play, bad);  // what it played, plays on
    }
    if (fate == 1) {
      on_node_.reset();
      return tell_refusal(play.play, Error(Errc::no_session));
    }
    if (on_node_) tell_end(TrackEndReason::replaced);
    on_node_ = std::move(track);
    // An answer that is lost: it plays all the same.
    if (fate == 2) tell_refusal(play.play, Error(Errc::request_timeout));
    tell<TrackStart>(*on_node_);
    if (fate == 3) tell_refusal(play.play, Error(Errc::request_timeout));
    if (fate == 4 || fate == 5) fail(TrackEndReason::load_failed);
  }
  void fail(TrackEndReason reason) {
    if (below(3) != 0) tell<TrackFailed>(*on_node_);
    tell_end(reason);
  }

  void node_acts() {
    if (!on_node_) return;
    switch (below(8)) {
      case 0:
        return fail(TrackEndReason::finished);
      case 1:
        return fail(TrackEndReason::load_failed);
      case 2:
        return tell<TrackStuck>(
            *on_node_, [](TrackStuck& stuck) { stuck.threshold = 10s; }, true);
      case 3:
        return tell_end(TrackEndReason::cleanup);
      case 4:
        return tell_end(TrackEndReason::stopped);
      case 5:
        wire_.clear();
        on_node_.reset();
        cause_ = Cause::user;
        return perform(rules_.session_lost(now_));
      default:
        return finish();
    }
  }
  void finish() {
    if (on_node_) tell_end(TrackEndReason::finished);
  }

  void deliver() {
    if (wire_.empty()) return;
    auto told = std::move(wire_.front());
    wire_.pop_front();
    cause_ = Cause::node;
    from_ = told.play;
    may_go_on_ = told.ends;
    perform(told.tell());
  }

  // --- What the queue does ---

  void perform(QueueActions actions) {
    changes_ = 0;
    added_ = 0;
    for (auto& each : actions) std::visit([this](const auto& a) { take(a); }, each);
  }
  void perform(Result<QueueActions> actions) {
    if (actions) perform(std::move(*actions));
  }

  void take(const queue_action::Play& a) {
    EXPECT_TRUE(plays_of_.insert(a.play).second) << "the same number twice";
    last_play_ = a.play;
    node_plays(a);
  }
  void take(const queue_action::Stop&) {
    if (on_node_) tell_end(TrackEndReason::stopped);
  }
  void take(const queue_action::StartTimer& a) {
    EXPECT_GT(a.after, 0ms);
    EXPECT_GT(a.timer, std::exchange(timer_number_, a.timer)) << "the same number twice";
    timer_ = true;
  }
  void take(const queue_action::StopTimer&) {
    EXPECT_TRUE(std::exchange(timer_, false));
    asked_.reset();
  }
  void take(const queue_action::AskAutoplay& a) { asked_ = a.ask; }
  void take(const CurrentChanged& e) {
    mirror_.on(e);
    EXPECT_EQ(++changes_, 1) << "skipped twice";
    EXPECT_TRUE(e.before || e.now);
    if (e.before) {
      changed(0, 1);
      if (cause_ != Cause::user) {
        EXPECT_EQ(added_, rules_.loop() == Loop::queue ? 1u : 0u) << "lost in a loop, or doubled";
      }
    }
    if (cause_ != Cause::node) return;
    EXPECT_TRUE(may_go_on_) << "went on though nothing had ended";
    EXPECT_EQ(from_, last_play_) << "went on at what was out of date";
    EXPECT_TRUE(left_by_node_.insert(from_).second) << "one play, two skips";
  }
  void take(const TrackFailure& e) {
    EXPECT_TRUE(failed_.insert(last_play_).second) << "one play, two failures";
    EXPECT_LE(e.in_a_row, options_.max_failures);
  }
  void take(const QueueStopped&) {}
  void take(const QueueEnded&) {
    asked_.reset();
    EXPECT_TRUE(rules_.tracks().upcoming().empty()) << "ended, with tracks left";
  }
  void take(const QueueStateChanged& e) { mirror_.on(e); }
  void take(const LoopChanged& e) { mirror_.on(e); }
  void take(const TracksAdded& e) {
    edited(e);
    added_ += e.tracks.size();
  }
  void take(const TracksRemoved& e) {
    EXPECT_EQ(cause_, Cause::user) << "it was not asked for";
    edited(e);
  }
  template <class Edit>
  void take(const Edit&) {
    ADD_FAILURE() << "no edit was asked for";
  }

  bool at_rest() const { return wire_.empty() && !timer_ && !on_node_; }
  std::size_t below(std::size_t bound) { return random_() % bound; }

  const QueueOptions options_;
  QueueRules rules_;
  test::QueueMirror mirror_;
  std::mt19937_64 random_;
  QueueRules::TimePoint now_{1h};

  bool trouble_ = true;
  std::uint64_t asker_ = 0;  // another for each track
  std::optional<Track> on_node_;
  std::deque<Told> wire_;
  bool timer_ = false;
  std::uint64_t timer_number_ = 0;
  std::optional<std::uint64_t> asked_;

  Cause cause_ = Cause::user;
  PlayNumber from_ = 0, last_play_ = 0;
  bool may_go_on_ = false;
  int changes_ = 0;
  std::size_t added_ = 0;   // at once, by the queue
  std::size_t beyond_ = 0;  // steps after which there was more to come than there is room for
  std::set<PlayNumber> plays_of_, failed_, left_by_node_;
  std::optional<std::ptrdiff_t> change_;  // of the places that are taken, as the events of this step tell it
};

TEST(QueueRandom, HoldsWhateverHappens) {
  std::size_t plays = 0, failures = 0, beyond = 0;
  for (std::uint64_t seed = 1; seed <= 200 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    QueueOptions options;
    options.max_size = seed % 5 == 0 ? 3 : 20;
    options.max_history = seed % 7;
    options.max_failures = 1 + static_cast<std::uint32_t>(seed % 4);
    options.when_stuck = seed % 3 == 0 ? WhenStuck::wait : WhenStuck::skip;
    if (seed % 2 == 0) options.autoplay = [](const Optional<QueuedTrack>&, AutoplayAnswer) {};
    World world(seed, options);
    for (int i = 0; i < 400 && !testing::Test::HasFailure(); ++i) {
      SCOPED_TRACE("step " + std::to_string(i));
      world.step();
      world.check();
    }
    world.come_to_rest();
    world.check();
    plays += world.plays();
    failures += world.failures();
    beyond += world.beyond();
  }
  // The world is neither idle nor nothing but trouble.
  EXPECT_GT(plays, 4'000u);
  EXPECT_GT(failures, 500u);
  EXPECT_GT(beyond, 100u) << "previous() was never beyond max_size";
  EXPECT_LT(failures, plays / 2);
}

}  // namespace
}  // namespace lavapp::lavalink
