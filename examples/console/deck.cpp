#include "deck.hpp"

#include <utility>

namespace console {

void Deck::start(lavapp::Track started) {
  track = std::move(started);
  position = track->info.position;
  paused = false;
  stuck = false;
}

void Deck::clear() {
  track.reset();
  position = {};
  paused = false;
  stuck = false;
}

void Deck::adopt(const lavapp::PlayerSnapshot& snapshot) {
  track = snapshot.track;
  position = snapshot.state.position;
  paused = snapshot.paused;
  volume = snapshot.volume;
  filters = snapshot.filters;
}

lavapp::PlayerUpdateRequest Deck::rebuild() const {
  lavapp::PlayerUpdateRequest request;
  if (track) {
    request.track = lavapp::TrackUpdate{.encoded = track->encoded, .identifier = {}, .user_data = {}};
    if (!track->info.is_stream) request.position = position;
  }
  request.volume = volume;
  request.paused = paused;
  request.filters = filters;
  return request;
}

}  // namespace console
