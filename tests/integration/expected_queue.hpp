// ExpectedQueue: what docs/queue.md says of a queue, told a second time and more simply: tracks are numbers, and what the node
// is to be asked to play is a list. Whoever has a Queue do the same can compare.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lavapp/core/clock.hpp"
#include "lavapp/lavalink/event.hpp"
#include "lavapp/lavalink/queue_types.hpp"

namespace lavapp::test {

class ExpectedQueue {
 public:
  using Time = Clock::time_point;
  using State = lavalink::QueueState;

  ExpectedQueue(std::size_t max_history, bool autoplay) : max_history_(max_history), autoplay_(autoplay) {}

  State state = State::idle;
  lavalink::Loop loop = lavalink::Loop::none;
  std::optional<int> current = {};
  std::deque<int> upcoming = {}, history = {};
  std::vector<int> plays = {};    ///< what the node is to be asked to play; whoever has seen it take one takes it out
  std::optional<Time> due_at = {};    ///< the end of the pause in `waiting`, and of autoplay's time in `loading`
  std::size_t asks = 0;               ///< how often autoplay is to have been asked
  std::uint32_t failures = 0;         ///< in all
  std::uint32_t in_a_row = 0, last_in_a_row = 0;  ///< now, and with the last failure

  // --- Edits; indexes are good ones.
  void insert(std::size_t index, const std::vector<int>& tracks) { upcoming.insert(at(index), tracks.begin(), tracks.end()); }
  void remove(std::size_t index) { upcoming.erase(at(index)); }
  void move(std::size_t from, std::size_t to) {
    const auto track = upcoming[from];
    upcoming.erase(at(from));
    upcoming.insert(at(to), track);
  }
  void shuffle(const std::vector<std::size_t>& order) {
    const auto before = upcoming;
    for (std::size_t i = 0; i < order.size(); ++i) upcoming[i] = before.at(order[i]);
  }

  // --- What the user wants.
  void play(Time now) {
    if (state == State::playing || state == State::waiting) return;
    if (state != State::stopped && upcoming.empty() && !asks_from_idle()) return;
    in_a_row = 0;
    pause_ = {};
    if (state != State::stopped) step(1);
    send(now);
  }
  /// Whether there was something to leave or to come to.
  void skip(Time now) {
    if (!current && upcoming.empty() && !asks_from_idle()) return;
    skip_to(0, now);
  }
  void skip_to(std::size_t index, Time now) {
    leave(now);
    step(index + 1);
    send(now);
  }
  /// There is a history.
  void previous(Time now) {
    leave(now);
    const auto before = history.back();
    history.pop_back();
    const auto again = std::find(upcoming.rbegin(), upcoming.rend(), before);
    if (again != upcoming.rend()) upcoming.erase(std::next(again).base());
    if (current && *current != before) upcoming.push_front(*current);
    current = before;
    send(now);
  }
  void stop(Time now) {
    if (state == State::idle) return;
    leave(now);
    state = current ? State::stopped : State::idle;
  }

  // --- What the node tells of the current play.
  void started(Time now) {
    if (state == State::playing && !started_) started_ = now;
  }
  void excepted() { excepted_ = state == State::playing; }
  void ended(lavalink::TrackEndReason reason, Time now) {
    if (state != State::playing) return;
    if (!lavalink::may_start_next(reason)) {
      state = State::stopped;
    } else if (excepted_ || reason == lavalink::TrackEndReason::load_failed) {
      failed(now);
    } else {
      in_a_row = 0;
      go_on();
      send(now);
    }
  }
  void stuck(std::chrono::milliseconds threshold, Time now) {
    if (state == State::playing) failed(now - threshold, now);
  }
  /// It did not take the track.
  void refused(Time now) { failed(now); }
  /// It could not be asked, or is gone.
  void halt() {
    if (state == State::playing) state = State::stopped;
  }
  /// It began what it had been given up for: it was asked, and the answer was lost.
  void revive(Time now) {
    if (state != State::stopped) return;
    state = State::playing;
    started_ = now;
    excepted_ = false;
  }

  /// Autoplay has answered the last question.
  void loaded(const std::vector<int>& tracks, Time now) {
    if (state != State::loading) return;
    due_at.reset();
    upcoming.insert(upcoming.end(), tracks.begin(), tracks.end());
    if (upcoming.empty()) {
      state = State::idle;
      return;
    }
    step(1);
    begin(now);
  }

  void time_passed(Time now) {
    if (!due_at || now < *due_at) return;
    if (state == State::loading) return loaded({}, now);
    due_at.reset();
    pause_ = {};
    send(now);
  }

  std::string text() const { return std::string(to_string(state)) + ": " + lists(); }
  std::string lists() const {
    auto result = (current ? std::to_string(*current) : "-") + " |";
    for (const auto each : upcoming) result += " " + std::to_string(each);
    result += " | history";
    for (const auto each : history) result += " " + std::to_string(each);
    return result;
  }

 private:
  std::deque<int>::iterator at(std::size_t index) { return upcoming.begin() + static_cast<std::ptrdiff_t>(index); }
  bool lasted(Time until) const { return started_ && until - *started_ >= std::chrono::seconds(10); }
  bool asks_from_idle() const { return autoplay_ && state != State::loading; }
  void leave(Time now) {
    due_at.reset();
    pause_ = {};
    if (state == State::stopped) in_a_row = 0;
    if (state == State::playing && lasted(now)) in_a_row = 0;
  }
  void step(std::size_t tracks) {
    for (; tracks > 0; --tracks) {
      if (current) {
        history.push_back(*current);
        if (history.size() > max_history_) history.pop_front();
        if (loop == lavalink::Loop::queue) upcoming.push_back(*current);
      }
      current.reset();
      if (upcoming.empty()) break;
      current = upcoming.front();
      upcoming.pop_front();
    }
  }
  void go_on() {
    if (loop != lavalink::Loop::track) step(1);
  }
  /// The current track, after the pause that is due.
  void begin(Time now) {
    if (pause_.count() == 0) return send(now);
    state = State::waiting;
    due_at = now + pause_;
  }
  void send(Time now) {
    if (!current) return run_dry(now);
    state = State::playing;
    due_at.reset();
    started_.reset();
    excepted_ = false;
    plays.push_back(*current);
  }
  void run_dry(Time now) {
    state = autoplay_ ? State::loading : State::idle;
    if (!autoplay_) return;
    ++asks;
    due_at = now + std::chrono::seconds(30);
  }
  void failed(Time now) { failed(now, now); }
  /// Half a second, a second, and after the third in a row no more.
  void failed(Time heard_until, Time now) {
    if (lasted(heard_until)) in_a_row = 0;
    ++failures;
    last_in_a_row = ++in_a_row;
    if (in_a_row == 3) {
      state = State::stopped;
      return;
    }
    pause_ = std::chrono::milliseconds(in_a_row == 1 ? 500 : 1'000);
    go_on();
    current ? begin(now) : run_dry(now);
  }

  std::size_t max_history_;
  bool autoplay_;
  std::chrono::milliseconds pause_{0};  // before the next track is tried
  std::optional<Time> started_ = {};
  bool excepted_ = false;
};

}  // namespace lavapp::test
