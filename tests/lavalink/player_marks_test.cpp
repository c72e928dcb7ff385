// When a request of a player counts: from the moment that it goes out, and not from its call.
#include <gtest/gtest.h>

#include "lavalink/node_fixture.hpp"

namespace lavapp::lavalink {
namespace {

using test::empty_answer;
using test::json_answer;

const char* const kPlayer = "/v4/sessions/s1/players/7";
const char* const kInfo = "GET /v4/info";

std::string track_json(const std::string& name) {
  const std::string of_a = R"("identifier":"a")";
  std::string result = kTrackJson;
  return result.replace(result.find(of_a), of_a.size(), R"("identifier":")" + name + "\"");
}

class PlayerMarks : public NodeTest {
 protected:
  void SetUp() override {
    auto with = options();
    with.rest.max_attempts = 1;
    with.rest.breaker_failures = 1;
    connected(with);
    peer->requests.clear();
    hang("PATCH");
    peer->routes[delete_route()] = [](const net::HttpRequest&) { return empty_answer(204); };
  }
  static std::string delete_route() { return std::string("DELETE ") + kPlayer; }
  void hang(const std::string& method) {
    peer->routes[method + " " + kPlayer] = [](const net::HttpRequest&) { return std::nullopt; };
  }
  Got<PlayerState> play(bool paused = false) {
    Track track;
    track.encoded = "QAAA";
    PlayOptions how;
    how.paused = paused;
    return begin<PlayerState>([&](auto done) { node->player(7).play(track, std::move(done), how); });
  }
  Got<PlayerState> pause() {
    return begin<PlayerState>([&](auto done) { node->player(7).pause(true, std::move(done)); });
  }
  Got<PlayerState> update_voice() {
    const VoiceState voice{"t", "e", "s", 3};
    return begin<PlayerState>([&](auto done) { node->player(7).update_voice(voice, std::move(done)); });
  }
  Got<void> destroy(CallOptions with = {}) {
    return begin<void>([&](auto done) { node->destroy_player(7, std::move(done), with); });
  }
  template <class T>
  bool ended(const Got<T>& got) {
    return run_until([&] { return got->has_value(); });
  }
  bool sent(std::size_t requests) {
    return run_until([&] { return peer->requests.size() == requests; });
  }
  void answer(const std::string& track) {
    peer->answer_late("PATCH", kPlayer, json_answer(player_json("7", track == "null" ? track : track_json(track))));
  }
  /// And waits for it to be told.
  void tell(const std::string& type, const std::string& track, const std::string& more = "") {
    int told = 0;
    const auto start = node->on(Node::track_start, [&] { ++told; });
    const auto end = node->on(Node::track_end, [&] { ++told; });
    peer->send_text(R"({"op":"event","type":")" + type + R"(","guildId":"7","track":)" + track_json(track) + more + "}");
    ASSERT_TRUE(run_until([&] { return told == 1; }));
    node->off(Node::track_start, start);
    node->off(Node::track_end, end);
  }
  std::string plays() const {
    const auto track = node->player(7).track();
    return track ? track->info.identifier : "nothing";
  }
};

TEST_F(PlayerMarks, AnEventThatComesBeforeAPlayGoesOutIsOlderThanItsAnswer) {
  const auto first = play(), second = play();
  ASSERT_TRUE(sent(1));
  tell("TrackStartEvent", "a");
  answer("a");
  ASSERT_TRUE(ended(first));
  ASSERT_TRUE(sent(2));
  EXPECT_EQ(plays(), "a");
  answer("b");
  ASSERT_TRUE(ended(second));
  EXPECT_EQ(plays(), "b");
  tell("TrackEndEvent", "a", R"(,"reason":"replaced")");
  tell("TrackStartEvent", "b");
  EXPECT_EQ(plays(), "b");
}

TEST_F(PlayerMarks, EventsThatComeLateDoNotUndoTheAnswerToTheNextPlay) {
  const auto first = play(), second = play();
  ASSERT_TRUE(sent(1));
  answer("a");
  ASSERT_TRUE(ended(first));
  ASSERT_TRUE(sent(2));
  answer("b");
  ASSERT_TRUE(ended(second));
  for (const auto& [type, track, more] : {std::tuple("TrackStartEvent", "a", ""),
                                          std::tuple("TrackEndEvent", "a", R"(,"reason":"replaced")"),
                                          std::tuple("TrackStartEvent", "b", "")}) {
    tell(type, track, more);
    EXPECT_EQ(plays(), "b") << type << " of " << track;
  }
}

TEST_F(PlayerMarks, APlayThatIsNotSentYetPausesNothing) {
  const auto first = play(), second = play(true);
  ASSERT_TRUE(sent(1));
  tell("TrackStartEvent", "a");
  EXPECT_FALSE(node->player(7).paused());
  answer("a");
  ASSERT_TRUE(sent(2));
  tell("TrackStartEvent", "b");
  EXPECT_TRUE(node->player(7).paused());
}

TEST_F(PlayerMarks, APlayThatIsNeverSentPausesNothing) {
  CallOptions none;
  none.deadline = 0ms;
  PlayOptions how;
  how.paused = true;
  Track track;
  track.encoded = "QAAA";
  const auto refused = await<PlayerState>([&](auto done) { node->player(7).play(track, std::move(done), how, none); });
  EXPECT_TRUE(refused.error() == Errc::invalid_argument);
  tell("TrackStartEvent", "a");
  EXPECT_FALSE(node->player(7).paused());
}

TEST_F(PlayerMarks, ADestroyThatIsRefusedEndsNoVoiceUpdate) {
  const auto joining = update_voice();
  ASSERT_TRUE(sent(1));
  CallOptions none;
  none.deadline = 0ms;
  const auto at_once = destroy(none);
  ASSERT_TRUE(ended(at_once));
  EXPECT_TRUE((*at_once)->error() == Errc::invalid_argument);

  peer->routes[kInfo] = [](const net::HttpRequest&) { return empty_answer(503); };
  ASSERT_FALSE(await<Info>([&](auto done) { node->fetch_info(std::move(done)); }).has_value());
  const auto refused = destroy();
  ASSERT_TRUE(ended(refused));
  EXPECT_TRUE((*refused)->error() == Errc::circuit_open);

  EXPECT_FALSE(joining->has_value());
  EXPECT_EQ(peer->last("DELETE", kPlayer), nullptr);
  answer("null");
  ASSERT_TRUE(ended(joining));
  EXPECT_TRUE((*joining)->has_value());
}

TEST_F(PlayerMarks, ADestroyThatIsCancelledBeforeItsTurnEndsNoVoiceUpdate) {
  const auto joining = update_voice(), before = pause();
  ASSERT_TRUE(sent(2));
  CancelSource source;
  CallOptions with;
  with.cancel = source.token();
  const auto destroyed = destroy(with);
  poll();
  source.cancel();
  ASSERT_TRUE(ended(destroyed));
  EXPECT_FALSE(joining->has_value());
  EXPECT_EQ(peer->last("DELETE", kPlayer), nullptr);
}

TEST_F(PlayerMarks, ADestroyThatFindsNoConnectionEndsNoVoiceUpdate) {
  peer->routes[kInfo] = [](const net::HttpRequest&) { return std::nullopt; };
  const auto joining = update_voice();
  const auto other = begin<Info>([&](auto done) { node->fetch_info(std::move(done)); });  // has the connection that is there
  ASSERT_TRUE(sent(2));
  peer->stop_listening();
  const auto lost = destroy();
  ASSERT_TRUE(ended(lost));
  EXPECT_TRUE((*lost)->error() == Errc::connect_failed) << (*lost)->error().what();
  EXPECT_FALSE(joining->has_value());
}

TEST_F(PlayerMarks, ADestroyEndsTheVoiceUpdatesBeforeItWhenItGoesOutAndNoneBehindIt) {
  const auto joining = update_voice(), before = pause();
  ASSERT_TRUE(sent(2));
  const auto destroyed = destroy();
  const auto joining_again = update_voice();
  poll();
  EXPECT_FALSE(joining->has_value()) << "the DELETE waits for its turn";
  hang("DELETE");
  peer->answer_late("PATCH", kPlayer, json_answer(player_json("7")));
  ASSERT_TRUE(ended(joining));
  EXPECT_TRUE((*joining)->error() == Errc::cancelled);
  EXPECT_TRUE(sent(4));
  EXPECT_FALSE(destroyed->has_value());
  EXPECT_FALSE(joining_again->has_value());
}

}  // namespace
}  // namespace lavapp::lavalink
