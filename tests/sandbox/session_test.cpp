// Sessions as rules: what is queued, replayed and forgotten. No socket.
#include <gtest/gtest.h>

#include "lavapp/core/error.hpp"
#include "sandbox/node_state.hpp"

namespace lavapp::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr Time start{1h};

struct State {
  NodeState node{NodeOptions{}, start, 1'700'000'000'000};
  std::shared_ptr<Session> session = node.open({}, {"42", "test/1"}, start);

  /// Ops, and types of events, in the order in which they would go out.
  std::vector<std::string> sent() {
    std::vector<std::string> all;
    for (const auto& text : session->take_outbox()) {
      const auto message = Json::parse(text);
      all.push_back(message["op"] == "event" ? message["type"].get<std::string>() : message["op"].get<std::string>());
    }
    return all;
  }
  void play(std::int64_t guild, Time at) {
    PlayerEvents events;
    session->player(guild).play(std::get<PlayableTrack>(node.catalogue.find("sandbox:short")), {}, at, events);
    session->send(guild, events, node.wall());
  }
};
using List = std::vector<std::string>;

TEST(SandboxSession, BeginsWithReadyAndStats) {
  State s;
  EXPECT_EQ(s.sent(), (List{"ready", "stats"}));
  EXPECT_EQ(s.session->id().size(), 16U);
}

TEST(SandboxSession, WithoutResumingItIsOverWhenTheSocketIs) {
  State s;
  s.node.close(*s.session, start + 1s);
  EXPECT_EQ(s.node.find(s.session->id()), nullptr);
  EXPECT_NE(s.node.open(s.session->id(), {}, start + 2s)->id(), s.session->id());
}

TEST(SandboxSession, ResumesWithReadyThenQueueThenUpdates) {
  State s;
  s.session->resuming = true;
  s.play(1, start);
  s.play(2, start + 3s);
  s.sent();
  s.node.close(*s.session, start + 4s);
  EXPECT_EQ(s.node.connected(s.session->id()), nullptr);
  s.node.advance(start + 60s);
  EXPECT_TRUE(s.sent().empty());
  EXPECT_EQ(s.node.open(s.session->id(), {}, start + 61s), s.session);
  EXPECT_EQ(s.sent(), (List{"ready", "TrackEndEvent", "TrackEndEvent", "stats", "playerUpdate", "playerUpdate"}));
}

TEST(SandboxSession, IsForgottenWhenTheTimeToResumeHasPassed) {
  State s;
  s.session->resuming = true;
  s.session->timeout = 3;
  s.node.close(*s.session, start);
  s.node.advance(start + 2999ms);
  EXPECT_NE(s.node.find(s.session->id()), nullptr);
  s.node.advance(start + 3s);
  EXPECT_EQ(s.node.find(s.session->id()), nullptr);
}

TEST(SandboxSession, NamingItStopsTheTimeForGood) {
  State s;
  s.session->resuming = true;
  s.session->timeout = 3;
  s.node.close(*s.session, start);
  EXPECT_TRUE(s.session->stop_timeout());
  EXPECT_FALSE(s.session->stop_timeout());
  s.node.advance(start + 1h);
  EXPECT_EQ(s.node.open(s.session->id(), {}, start + 1h), s.session);
}

TEST(SandboxSession, AnOpenOneCannotBeTakenOver) {
  State s;
  s.session->resuming = true;
  EXPECT_NE(s.node.open(s.session->id(), {}, start), s.session);
}

TEST(SandboxSession, ZeroOrLessMeansNoTimeToResume) {
  for (const std::int64_t timeout : {0, -1}) {
    State s;
    s.session->resuming = true;
    s.session->timeout = timeout;
    s.node.close(*s.session, start);
    EXPECT_EQ(s.node.find(s.session->id()), nullptr);
  }
}

TEST(SandboxSession, AnEndlessTimeOverflowsNothing) {
  State s;
  s.session->resuming = true;
  s.session->timeout = std::numeric_limits<std::int64_t>::max();
  s.node.close(*s.session, start);
  s.node.advance(start + 1h);
  EXPECT_NE(s.node.find(s.session->id()), nullptr);
}

TEST(SandboxSession, AwayPlayersAreNotCounted) {
  State s;
  s.session->resuming = true;
  s.play(1, start);
  EXPECT_EQ(s.node.stats(start, true).players, 1U);
  EXPECT_EQ(s.node.stats(start, true).playing, 1U);
  s.node.close(*s.session, start);
  EXPECT_EQ(s.node.stats(start, true).players, 0U);
}

TEST(SandboxSession, FrameStatsComeAfterAWholeMinuteOfPlaying) {
  State s;
  PlayerEvents events;
  s.session->player(1).play(std::get<PlayableTrack>(s.node.catalogue.find("sandbox:endless")), {}, start, events);
  EXPECT_FALSE(s.node.stats(start + 59s, true).frames);
  const auto frames = s.node.stats(start + 121s, true).frames;
  ASSERT_TRUE(frames);
  EXPECT_EQ(frames->sent, 3'000);
  EXPECT_FALSE(s.node.stats(start + 121s, false).frames);
}

TEST(SandboxSession, EventsOfAllSessionsComeInOrderOfTime) {
  State s;
  s.play(1, start);
  s.sent();
  s.node.advance(start + 180s);
  EXPECT_EQ(s.sent(), (List{"TrackEndEvent", "stats", "stats", "stats"}));
}

TEST(SandboxCatalogue, FindsWhatItPromises) {
  State s;
  auto& catalogue = s.node.catalogue;
  for (int i = 1; i <= 12; ++i) {
    EXPECT_TRUE(std::holds_alternative<PlayableTrack>(catalogue.find("sandbox:" + std::to_string(i)))) << i;
  }
  EXPECT_EQ(std::get<PlaylistFound>(catalogue.find("sandbox:playlist")).tracks.size(), 6U);
  EXPECT_EQ(std::get<PlaylistFound>(catalogue.find("sandbox:album")).selected_track, 1);
  EXPECT_EQ(std::get<SearchFound>(catalogue.find("ytsearch:midnight FERRY")).tracks.at(0).encoded.info.title, "Midnight Ferry");
  EXPECT_TRUE(std::get<SearchFound>(catalogue.find("sandboxsearch:zzz")).tracks.empty());
  EXPECT_TRUE(std::holds_alternative<Unloadable>(catalogue.find("sandbox:error")));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(catalogue.find("nothing")));
}

TEST(SandboxCatalogue, EncodedTracksKeepTheirManners) {
  State s;
  const auto stuck = std::get<PlayableTrack>(s.node.catalogue.find("sandbox:stuck"));
  const auto decoded = s.node.catalogue.decode(lavalink::track_codec::encode(stuck.encoded).value());
  EXPECT_EQ(std::get<PlayableTrack>(decoded).playback, Playback::stuck);
}

TEST(SandboxOptions, AreCheckedByName) {
  NodeOptions options;
  options.speed = 0;
  try {
    check(options);
    FAIL();
  } catch (const Exception& error) {
    EXPECT_EQ(error.error(), Errc::invalid_argument);
    EXPECT_NE(error.error().message.find("speed"), std::string::npos);
  }
}

}  // namespace
}  // namespace lavapp::sandbox
