// Player: the handle, and what is known through it.
#include "lavapp/lavalink/player.hpp"

#include <gtest/gtest.h>

#include "lavalink/node_fixture.hpp"

namespace lavapp::lavalink {
namespace {

using test::json_answer;

class PlayerTest : public NodeTest {
 protected:
  void SetUp() override {
    connected();
    peer->requests.clear();
  }
  void answer(std::string body) { peer->route("PATCH /v4/sessions/s1/players/7", std::move(body)); }
  template <class Start>
  Result<PlayerState> run(Start start) {
    return await<PlayerState>(std::move(start));
  }
  std::string body() const { return peer->last("PATCH", "/v4/sessions/s1/players/7")->body; }
  Track track() const {
    Track result;
    result.encoded = "QAAA";
    return result;
  }
};

TEST_F(PlayerTest, EachCallSendsWhatItSays) {
  answer(player_json("7"));
  auto player = node->player(7);
  EXPECT_TRUE(run([&](auto t) { player.set_filters({}, std::move(t)); }).has_value());
  EXPECT_EQ(body(), R"({"filters":{}})");
  auto mine = track();
  mine.user_data = JsonText(R"({"by":1})");
  PlayOptions play;
  play.position = 1s;
  play.end_time = 2s;
  play.volume = 50;
  play.paused = true;
  EXPECT_TRUE(run([&](auto t) { player.play(mine, std::move(t), play); }).has_value());
  EXPECT_EQ(
      body(),
      R"({"track":{"encoded":"QAAA","userData":{"by":1}},"position":1000,"endTime":2000,"volume":50,"paused":true})");
  play = {};
  play.replace = Replace::no;
  EXPECT_TRUE(run([&](auto t) { player.play(track(), std::move(t), play); }).has_value());
  EXPECT_EQ(body(), R"({"track":{"encoded":"QAAA"}})");
  EXPECT_NE(peer->requests.back().target.find("noReplace=true"), std::string::npos);
  EXPECT_TRUE(run([&](auto t) { player.stop(std::move(t)); }).has_value());
  EXPECT_EQ(body(), R"({"track":{"encoded":null}})");
  EXPECT_TRUE(run([&](auto t) { player.pause(true, std::move(t)); }).has_value());
  EXPECT_EQ(body(), R"({"paused":true})");
  EXPECT_TRUE(run([&](auto t) { player.seek(5s, std::move(t)); }).has_value());
  EXPECT_EQ(body(), R"({"position":5000})");
  EXPECT_TRUE(run([&](auto t) { player.set_volume(30, std::move(t)); }).has_value());
  EXPECT_EQ(body(), R"({"volume":30})");
  EXPECT_TRUE(run([&](auto t) { player.update_voice(VoiceState{"t", "e", "s", 3}, std::move(t)); }).has_value());
  EXPECT_EQ(body(), R"({"voice":{"token":"t","endpoint":"e","sessionId":"s","channelId":"3"}})");
}

TEST_F(PlayerTest, CompletesWithTheStateThatTheNodeAnswered) {
  answer(player_json("7", kTrackJson, "5000", "1234"));
  const auto state = run([&](auto t) { node->player(7).play(track(), std::move(t)); });
  EXPECT_EQ(state.value().position, 1234ms);
  EXPECT_TRUE(state.value().connected);
  EXPECT_EQ(node->player(7).state().position, 1234ms);
  EXPECT_EQ(node->player(7).track()->info.title, "c");
}

TEST_F(PlayerTest, ThePositionMovesWithTheClock) {
  answer(player_json("7", kTrackJson));
  ASSERT_TRUE(run([&](auto t) { node->player(7).play(track(), std::move(t)); }).has_value());
  EXPECT_EQ(node->player(7).position(), 0ms);
  clock->advance(1500ms);
  EXPECT_EQ(node->player(7).position(), 1500ms);
}

TEST_F(PlayerTest, ThePositionStopsAtTheEndTimeThatIsAskedFor) {
  answer(player_json("7", kTrackJson));
  EXPECT_FALSE(node->player(7).position()) << "nothing plays";
  PlayOptions play;
  play.end_time = 2s;
  ASSERT_TRUE(run([&](auto t) { node->player(7).play(track(), std::move(t), play); }).has_value());
  clock->advance(9s);
  EXPECT_EQ(node->player(7).position(), 2s);
  // This node answers that it is at 0, each time.
  const auto update_end = [&](Update<std::chrono::milliseconds> end) {
    PlayerUpdateRequest request;
    request.end_time = std::move(end);
    return await<PlayerSnapshot>([&](auto t) { node->update_player(7, request, Replace::yes, std::move(t)); }).has_value();
  };
  ASSERT_TRUE(update_end(3s));
  clock->advance(9s);
  EXPECT_EQ(node->player(7).position(), 3s);
  ASSERT_TRUE(update_end(nullptr));
  clock->advance(4s);
  EXPECT_EQ(node->player(7).position(), 4s);
  ASSERT_TRUE(update_end(3s));
  ASSERT_TRUE(run([&](auto t) { node->player(7).play(track(), std::move(t)); }).has_value());
  clock->advance(4s);
  EXPECT_EQ(node->player(7).position(), 4s) << "the next play has its own";
  play.replace = Replace::no;
  ASSERT_TRUE(run([&](auto t) { node->player(7).play(track(), std::move(t), play); }).has_value());
  clock->advance(4s);
  EXPECT_EQ(node->player(7).position(), 4s) << "it did not play";
}

TEST_F(PlayerTest, MistakesAreToldByTheFieldsName) {
  auto player = node->player(7);
  const auto field = [&](auto start) {
    const auto result = run(start);
    EXPECT_TRUE(!result && result.error() == Errc::invalid_argument);
    return result ? std::string() : result.error().message.substr(0, result.error().message.find(' '));
  };
  EXPECT_EQ(field([&](auto t) { player.set_volume(1001, std::move(t)); }), "volume");
  EXPECT_EQ(field([&](auto t) { player.set_volume(-1, std::move(t)); }), "volume");
  EXPECT_EQ(field([&](auto t) { player.seek(-1ms, std::move(t)); }), "position");
  PlayOptions play;
  play.end_time = 0ms;
  EXPECT_EQ(field([&](auto t) { player.play(track(), std::move(t), play); }), "endTime");
  EXPECT_EQ(field([&](auto t) { player.play(Track{}, std::move(t)); }), "track.encoded");
  EXPECT_TRUE(peer->requests.empty());
}

TEST_F(PlayerTest, AnAnswerThatComesAfterTheTracksEndDoesNotBringItBack) {
  peer->routes["PATCH /v4/sessions/s1/players/7"] = [](const net::HttpRequest&) { return std::nullopt; };
  const auto state = begin<PlayerState>([&](auto t) { node->player(7).play(track(), std::move(t)); });
  ASSERT_TRUE(run_until([&] { return !peer->requests.empty(); }));
  int ends = 0;
  node->on(Node::track_end, [&] { ++ends; });
  const auto event = [](std::string type, std::string more) {
    return R"({"op":"event","type":")" + type + R"(","guildId":"7","track":)" + kTrackJson + more + "}";
  };
  peer->send_text(event("TrackStartEvent", ""));
  peer->send_text(event("TrackEndEvent", R"(,"reason":"loadFailed")"));
  ASSERT_TRUE(run_until([&] { return ends == 1; }));
  peer->answer_late("PATCH", "/v4/sessions/s1/players/7", json_answer(player_json("7", kTrackJson)));
  ASSERT_TRUE(run_until([&] { return state->has_value(); }));
  EXPECT_TRUE((*state)->has_value());
  EXPECT_FALSE(node->player(7).track().has_value());
}

TEST_F(PlayerTest, MayOutliveItsNode) {
  auto player = node->player(7);
  node.reset();
  EXPECT_TRUE(run([&](auto t) { player.stop(std::move(t)); }).error() == Errc::closed);
  EXPECT_FALSE(player.position());
  EXPECT_EQ(player.volume(), 100);
}

TEST_F(PlayerTest, FetchedPlayersAreKnownFromThenOn) {
  peer->route("GET /v4/sessions/s1/players", "[" + player_json("8", kTrackJson) + "," + player_json("9") + "]");
  ASSERT_TRUE(await<std::vector<PlayerSnapshot>>([&](auto t) { node->fetch_players(std::move(t)); }).has_value());
  EXPECT_EQ(node->guilds(), (std::vector<Snowflake>{8, 9}));
  EXPECT_TRUE(node->player(8).track().has_value());
}

// It may hang for ever, or come late: then it would make the player anew.
TEST_F(PlayerTest, DestroyingEndsItsVoiceUpdates) {
  peer->routes["PATCH /v4/sessions/s1/players/7"] = [](const net::HttpRequest&) { return std::nullopt; };
  peer->routes["PATCH /v4/sessions/s1/players/8"] = [](const net::HttpRequest&) { return std::nullopt; };
  peer->routes["DELETE /v4/sessions/s1/players/7"] = [](const net::HttpRequest&) { return test::empty_answer(204); };
  const VoiceState voice{"t", "e", "s", 3};
  const auto join = [&](Snowflake guild) {
    return begin<PlayerState>([&](auto done) { node->player(guild).update_voice(voice, std::move(done)); });
  };
  const auto under_way = join(7), waits = join(7), others = join(8);
  ASSERT_TRUE(run_until([&] { return peer->requests.size() == 2; }));
  EXPECT_TRUE(await<void>([&](auto t) { node->destroy_player(7, std::move(t)); }).has_value());
  for (const auto& ended : {under_way, waits}) {
    ASSERT_TRUE(ended->has_value());
    EXPECT_TRUE((*ended)->error() == Errc::cancelled) << (*ended)->error().what();
  }
  EXPECT_FALSE(others->has_value());
  EXPECT_EQ(peer->requests.size(), 3u) << "the second voice update was never sent";
}

TEST_F(PlayerTest, ADestroyedOneIsForgotten) {
  answer(player_json("7", kTrackJson));
  ASSERT_TRUE(run([&](auto t) { node->player(7).play(track(), std::move(t)); }).has_value());
  peer->routes["DELETE /v4/sessions/s1/players/7"] = [](const net::HttpRequest&) { return test::empty_answer(204); };
  ASSERT_TRUE(await<void>([&](auto t) { node->destroy_player(7, std::move(t)); }).has_value());
  EXPECT_TRUE(node->guilds().empty());
}

}  // namespace
}  // namespace lavapp::lavalink
