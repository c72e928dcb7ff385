#include "deck.hpp"

#include <gtest/gtest.h>
#include <lavapp/lavalink/filter_presets.hpp>

using namespace console;
using namespace std::chrono_literals;

namespace {

lavapp::Track track(bool stream) {
  lavapp::Track track;
  track.encoded = "QAAA";
  track.info.length = 3min;
  track.info.is_stream = stream;
  return track;
}

}  // namespace

TEST(Deck, RebuildsAPlayerAsItWas) {
  Deck deck;
  deck.start(track(false));
  deck.position = 42s;
  deck.paused = true;
  deck.volume = 50;
  deck.filters = lavapp::lavalink::presets::nightcore();
  const auto request = deck.rebuild();
  ASSERT_TRUE(request.track);
  EXPECT_EQ(request.track->encoded.value(), "QAAA");
  EXPECT_EQ(request.position, 42s);
  EXPECT_EQ(request.paused, true);
  EXPECT_EQ(request.volume, 50);
  EXPECT_EQ(request.filters->timescale->speed, 1.2);
}

TEST(Deck, RebuildsAStreamWithoutAPosition) {
  Deck deck;
  deck.start(track(true));
  deck.position = 42s;
  EXPECT_FALSE(deck.rebuild().position);
}

TEST(Deck, StartsANewTrackUnpausedAndFromItsBeginning) {
  Deck deck;
  deck.start(track(false));
  deck.position = 42s;
  deck.paused = true;
  deck.stuck = true;
  deck.start(track(false));
  EXPECT_EQ(deck.position, 0s);
  EXPECT_FALSE(deck.paused);
  EXPECT_FALSE(deck.stuck);
}

TEST(Deck, AdoptsWhatTheNodeKnows) {
  lavapp::PlayerSnapshot snapshot;
  snapshot.track = track(false);
  snapshot.paused = true;
  snapshot.volume = 70;
  snapshot.state.position = 5s;
  Deck deck;
  deck.adopt(snapshot);
  EXPECT_TRUE(deck.track);
  EXPECT_TRUE(deck.paused);
  EXPECT_EQ(deck.volume, 70);
  EXPECT_EQ(deck.position, 5s);
}
