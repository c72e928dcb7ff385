// QueueMirror: a queue as its events tell it, and nothing else.
#pragma once

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "lavapp/lavalink/queue.hpp"

namespace lavapp::test {

using namespace lavalink;

class QueueMirror {
 public:
  void follow(Queue& queue) {
    const auto hear = [&](auto event) { queue.on(event, [this](const auto& e) { this->on(e); }); };
    hear(Queue::added), hear(Queue::removed), hear(Queue::moved), hear(Queue::shuffled), hear(Queue::cleared);
    hear(Queue::current_changed), hear(Queue::state_changed), hear(Queue::loop_changed);
    loop_ = queue.loop();
  }
  void on(const TracksAdded& e) { upcoming_.insert(at(e.index), e.tracks.begin(), e.tracks.end()); }
  void on(const TracksRemoved& e) {
    ASSERT_EQ(e.indexes.size(), e.tracks.size());
    for (auto left = e.indexes.size(); left > 0; --left) {
      const auto gone = at(e.indexes[left - 1]);
      EXPECT_EQ(name(*gone), name(e.tracks[left - 1]));
      upcoming_.erase(gone);
    }
  }
  void on(const TrackMoved& e) {
    auto track = *at(e.from);
    upcoming_.erase(at(e.from));
    upcoming_.insert(at(e.to), std::move(track));
  }
  void on(const QueueShuffled& e) {
    ASSERT_EQ(e.order.size(), upcoming_.size());
    const auto before = upcoming_;
    for (std::size_t i = 0; i < before.size(); ++i) upcoming_[i] = before.at(e.order[i]);
  }
  void on(const QueueCleared& e) {
    EXPECT_EQ(e.count, upcoming_.size());
    upcoming_.clear();
  }
  void on(const CurrentChanged& e) {
    EXPECT_EQ(name(e.before), name(current_));
    if (e.taken != 0) {
      EXPECT_EQ(name(e.now), name(*at(e.taken - 1)));
    }
    upcoming_.erase(upcoming_.begin(), at(e.taken));
    current_ = e.now;
  }
  void on(const QueueStateChanged& e) {
    EXPECT_EQ(e.before, state_);
    EXPECT_NE(e.now, state_);
    state_ = e.now;
  }

  void on(const LoopChanged& e) {
    EXPECT_EQ(e.before, loop_);
    EXPECT_NE(e.now, loop_);
    loop_ = e.now;
  }

  Loop loop() const noexcept { return loop_; }
  /// "state: current, and those to come", each with its requester.
  std::string text() const { return text(state_, current_, upcoming_); }
  template <class Tracks>
  static std::string text(QueueState state, const Optional<QueuedTrack>& current, const Tracks& upcoming) {
    auto result = std::string(to_string(state)) + ": " + name(current);
    for (const auto& each : upcoming) result += " " + name(each);
    return result;
  }

 private:
  static std::string name(const QueuedTrack& track) {
    return track.track.info.identifier + "/" + track.requester.to_string();
  }
  static std::string name(const Optional<QueuedTrack>& track) { return track ? name(*track) : "-"; }
  std::vector<QueuedTrack>::iterator at(std::size_t index) {
    if (index > upcoming_.size()) throw std::out_of_range("an event told of index " + std::to_string(index));
    return upcoming_.begin() + static_cast<std::ptrdiff_t>(index);
  }

  QueueState state_ = QueueState::idle;
  Loop loop_ = Loop::none;
  Optional<QueuedTrack> current_ = {};
  std::vector<QueuedTrack> upcoming_ = {};
};

}  // namespace lavapp::test
