// QueueRulesTest: the rules of a queue, done as a node would.
#pragma once

#include <gtest/gtest.h>

#include "lavalink/queue_helpers.hpp"
#include "lavalink/queue_mark.hpp"
#include "lavalink/queue_rules.hpp"

namespace lavapp::lavalink {

using namespace std::chrono_literals;
using test::name;
using test::names;
using test::track;
using test::tracks;

/// Does what the rules say as a node would, and writes it down.
class QueueRulesTest : public testing::Test {
 protected:
  QueueRulesTest() { make({}); }

  void make(QueueOptions options, const std::string& with = "abcd") {
    rules.emplace(std::move(options), 1);
    if (!with.empty()) {
      EXPECT_TRUE(rules->tracks().add(tracks(with)).has_value());
    }
  }
  /// A queue that plays its first track.
  void playing(QueueOptions options = {}, const std::string& with = "abcd") {
    make(std::move(options), with);
    perform(rules->play());
    started();
    log.clear();
  }

  void perform(QueueActions actions) {
    for (auto& each : actions) std::visit([this](const auto& a) { write(a); }, each);
  }
  void perform(Result<QueueActions> actions) {
    ASSERT_TRUE(actions.has_value()) << actions.error().what();
    perform(std::move(*actions));
  }
  /// What has been done since the last look.
  std::string done() { return std::exchange(log, {}); }

  // What the node tells of the last play, or of an earlier one.
  void started() { started(plays.back()); }
  void started(const Track& told) { perform(rules->on(about<TrackStart>(told), now)); }
  void ended(TrackEndReason reason) { ended(plays.back(), reason); }
  void ended(const Track& told, TrackEndReason reason) {
    auto event = about<TrackEnd>(told);
    event.reason = {reason, ""};
    perform(rules->on(event, now));
  }
  void excepted() {
    auto event = about<TrackFailed>(plays.back());
    event.exception.message = "no more";
    perform(rules->on(event, now));
  }
  void stuck(std::chrono::milliseconds threshold = 10s) {
    auto event = about<TrackStuck>(plays.back());
    event.threshold = threshold;
    perform(rules->on(event, now));
  }
  /// Plays to its end.
  void finished() {
    now += 3min;
    ended(TrackEndReason::finished);
  }
  /// As the node tells it: TrackStart, TrackException, TrackEnd.
  void fails() {
    started();
    excepted();
    ended(TrackEndReason::load_failed);
  }
  void skip() { perform(rules->skip(now)); }
  std::string coming() const { return names(rules->tracks().upcoming()); }

  std::optional<QueueRules> rules;
  Clock::time_point now{1h};
  std::string log;
  std::vector<Track> plays;  // as the node has them
  std::vector<PlayNumber> numbers;
  std::vector<TrackFailure> failures;
  std::optional<Error> error;  // of the last stop or end
  std::optional<queue_action::AskAutoplay> asked;
  QueueState told_state = QueueState::idle;
  bool timer = false;
  std::vector<std::uint64_t> timers;  // their numbers

 private:
  template <class Event>
  static Event about(const Track& told) {
    Event event;
    event.track = told;
    return event;
  }
  void note(const std::string& what) { log += (log.empty() ? "" : ", ") + what; }

  void write(const queue_action::Play& a) {
    note("play " + a.track.track.info.identifier);
    auto told = a.track.track;
    told.user_data = with_mark(told.user_data, {a.play, a.track.requester});
    told.encoded += " at 0";  // a node tells another text than it was given: the position is in it
    plays.push_back(std::move(told));
    numbers.push_back(a.play);
  }
  void write(const queue_action::Stop&) { note("stop"); }
  void write(const queue_action::StartTimer& a) {
    note("wait " + std::to_string(a.after.count()));
    timer = true;
    timers.push_back(a.timer);
  }
  void write(const queue_action::StopTimer&) {
    note("no wait");
    EXPECT_TRUE(std::exchange(timer, false));
  }
  void write(const queue_action::AskAutoplay& a) {
    note("ask after " + name(a.last));
    asked = a;
  }
  void write(const TracksAdded& e) { note("added " + names(e.tracks) + " at " + std::to_string(e.index)); }
  void write(const TracksRemoved& e) { note("removed " + names(e.tracks)); }
  void write(const TrackMoved&) { note("moved"); }
  void write(const QueueShuffled&) { note("shuffled"); }
  void write(const QueueCleared&) { note("cleared"); }
  void write(const CurrentChanged& e) { note(name(e.before) + " to " + name(e.now)); }
  void write(const TrackFailure& e) {
    note("failed " + e.track.track.info.identifier + " " + std::string(to_string(e.cause)));
    failures.push_back(e);
  }
  void write(const QueueStopped& e) {
    note("stopped " + std::string(to_string(e.reason)));
    error = e.error;
  }
  void write(const QueueStateChanged& e) { told_state = e.now; }
  void write(const LoopChanged& e) {
    note("loop " + std::string(to_string(e.before)) + " to " + std::string(to_string(e.now)));
  }
  void write(const QueueEnded& e) {
    note("ended");
    error = e.error;
  }

 protected:
  void time_out() {
    ASSERT_TRUE(std::exchange(timer, false)) << "nobody waits";
    perform(rules->timer_fired(timers.back()));
  }
};

}  // namespace lavapp::lavalink
