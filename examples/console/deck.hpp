// Deck: what should be playing, kept on this side, so that a player can be set up again on a node that forgot it.
#pragma once

#include <lavapp/lavapp.hpp>

#include <chrono>
#include <deque>
#include <optional>
#include <string>

namespace console {

struct Deck {
  std::optional<lavapp::Track> track = {};
  std::deque<lavapp::Track> up_next = {};
  /// Where the track was when the node could last be asked.
  std::chrono::milliseconds position{0};
  bool paused = false;
  bool stuck = false;
  int volume = 100;
  lavapp::Filters filters = {};
  std::string filter_name = {};

  /// A track has started: from its beginning, and not paused.
  void start(lavapp::Track started);
  void clear();
  /// Takes what the node knows of its player.
  void adopt(const lavapp::PlayerSnapshot& snapshot);
  /// What makes a new player like this one.
  lavapp::PlayerUpdateRequest rebuild() const;
};

}  // namespace console
