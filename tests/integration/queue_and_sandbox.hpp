// QueueAndSandbox: a bot's queue on a sandbox node, on a clock that the test moves.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "integration/node_and_sandbox.hpp"

namespace lavapp {

class QueueAndSandbox : public NodeAndSandbox {
 protected:
  ~QueueAndSandbox() override { queue.reset(); }

  Queue& make(QueueOptions with = {}) {
    if (!node) connected();
    queue = std::make_unique<Queue>(*node, 7, std::move(with));
    queue->on(Queue::current_changed, [this](const CurrentChanged& e) { told.push_back("now " + title(e.now)); });
    queue->on(Queue::track_failed, [this](const TrackFailure& e) { told.push_back("failed " + title(e.track)); });
    queue->on(Queue::stopped, [this](const QueueStopped& e) {
      told.push_back("stopped " + std::string(to_string(e.reason)));
      error = e.error;
    });
    queue->on(Queue::ended, [this](const QueueEnded& e) {
      told.push_back("ended");
      error = e.error;
    });
    return *queue;
  }
  void add(std::initializer_list<const char*> identifiers) {
    for (const auto* each : identifiers) ASSERT_TRUE(queue->add({found(each), 42}).has_value());
  }
  static std::string title(const Optional<QueuedTrack>& track) { return track ? track->track.info.identifier : "-"; }

  Result<void> play() {
    return await<void>([&](auto done) { queue->play(std::move(done)); });
  }
  Result<void> skip() {
    return await<void>([&](auto done) { queue->skip(std::move(done)); });
  }
  /// The identifier of what the node plays; "-" if nothing.
  std::string on_node() const {
    const auto players = server->players();
    if (players.empty() || !players[0].track) return "-";
    return players[0].track->info.identifier;
  }
  /// PATCHes of the player since the last look.
  std::size_t patches() {
    std::size_t count = 0;
    for (const auto& request : server->requests()) {
      if (request.method == "PATCH" && request.target.find("/players/") != std::string::npos) ++count;
    }
    server->clear_requests();
    return count;
  }
  bool until(const std::string& what, Clock::duration limit = 5min) {
    return let_time_pass([&] { return std::find(told.begin(), told.end(), what) != told.end(); }, limit);
  }

  std::unique_ptr<Queue> queue;
  std::vector<std::string> told;
  std::optional<Error> error;
};

using Told = std::vector<std::string>;

}  // namespace lavapp
