// From Discord's voice events to a Lavalink player, the whole way.
#include <gtest/gtest.h>

#include "integration/voice_fixture.hpp"

namespace lavapp {
namespace {

using Strings = std::vector<std::string>;

TEST_F(VoiceTest, JoinsAndPlays) {
  connected();
  const auto state = join(kLounge);
  ASSERT_TRUE(state.has_value()) << state.error().what();
  EXPECT_TRUE(state->connected);
  EXPECT_TRUE(voice->is_connected(kGuild));
  EXPECT_EQ(voice->channel_id(kGuild), kLounge);
  EXPECT_EQ(events, Strings{"joined 11"});
  EXPECT_TRUE(node_is_connected());
  const auto found = await<LoadResult>([&](auto done) { node->load_tracks("sandbox:1", std::move(done)); });
  const auto playing =
      await<PlayerState>([&](auto done) { node->player(kGuild).play(found->tracks().front(), std::move(done)); });
  ASSERT_TRUE(playing.has_value());
  clock->advance(3s);
  poll();
  EXPECT_GE(node->player(kGuild).position().value_or(0ms), 2900ms);
  EXPECT_EQ(updates().size(), 1u);
}

TEST_F(VoiceTest, TheMetricsTellHowLongJoiningTookAndWhyItFailed) {
  connected();
  ASSERT_TRUE(join(kLounge).has_value());
  EXPECT_EQ(node->metrics().voice_joins.count, 1u);
  EXPECT_TRUE(node->metrics().voice_failures.empty());
  lavalink_server->hang_voice_updates();
  const auto moving = begin_join(kStage);
  ASSERT_TRUE(let_time_pass([&] { return moving->has_value(); }));
  ASSERT_FALSE((*moving)->has_value());
  const auto metrics = node->metrics();
  EXPECT_EQ(metrics.voice_joins.count, 1u);
  ASSERT_EQ(metrics.voice_failures.size(), 1u);
  EXPECT_EQ(metrics.voice_failures[0].name, "voice_timeout");
}

TEST_F(VoiceTest, TheNodeIsToldAllFourValuesOnce) {
  connected();
  ASSERT_TRUE(join(kLounge).has_value());
  voice_server("voice-token-7", R"("voice.sandbox.test:443")");
  discord_moves_the_bot(kLounge);
  let_time_pass([] { return false; }, 2s);
  ASSERT_EQ(updates().size(), 1u);
  for (const auto* value : {R"("token":"voice-token-7")", R"("endpoint":"voice.sandbox.test:443")",
                            R"("sessionId":"voice-7")", R"("channelId":"11")"}) {
    EXPECT_NE(updates()[0].find(value), std::string::npos) << value;
  }
}

TEST_F(VoiceTest, WithEtfToo) {
  connected({}, discord::Encoding::etf);
  EXPECT_TRUE(join(kLounge).has_value());
}

TEST_F(VoiceTest, JoiningAnotherChannelMoves) {
  joined();
  const auto moving = begin_join(kStage);
  ASSERT_TRUE(let_time_pass([&] { return moving->has_value(); }));
  ASSERT_TRUE((*moving)->has_value());
  EXPECT_EQ(events, (Strings{"joined 11", "moved 11 12"}));
  EXPECT_EQ(voice->channel_id(kGuild), kStage);
  ASSERT_EQ(updates().size(), 2u);
  EXPECT_NE(updates()[1].find(R"("channelId":"12")"), std::string::npos);
}

TEST_F(VoiceTest, AMoveByHandIsFollowed) {
  joined();
  discord_moves_the_bot(kStage);
  ASSERT_TRUE(let_time_pass([&] { return happened("moved 11 12"); }));
  EXPECT_TRUE(node_is_connected());
  EXPECT_TRUE(voice->is_connected(kGuild));
  ASSERT_EQ(updates().size(), 2u);
  EXPECT_NE(updates()[1].find(R"("channelId":"12")"), std::string::npos);
  EXPECT_EQ(asked(), Strings{"11"});
}

TEST_F(VoiceTest, AKickDestroysThePlayer) {
  joined();
  discord_kicks_the_bot();
  ASSERT_TRUE(run_until([&] { return lavalink_server->players().empty(); }));
  EXPECT_EQ(events, (Strings{"joined 11", "left, kicked 0"}));
  EXPECT_FALSE(voice->channel_id(kGuild).has_value());
  EXPECT_FALSE(voice->is_connected(kGuild));
  let_time_pass([] { return false; }, 12s);
  EXPECT_EQ(asked(), Strings{"11"});  // nothing is tried to come back
  ASSERT_TRUE(join(kLounge).has_value());
}

TEST_F(VoiceTest, LeavingDestroysThePlayerAndIsNoKick) {
  joined();
  ASSERT_TRUE(leave().has_value());
  EXPECT_TRUE(lavalink_server->players().empty());
  let_time_pass([] { return false; }, 12s);
  EXPECT_EQ(events, (Strings{"joined 11", "left, asked 0"}));
  EXPECT_EQ(asked(), (Strings{"11", "null"}));
  ASSERT_TRUE(join(kLounge).has_value());  // with the same data as before: the sandbox has no other
  EXPECT_EQ(updates().size(), 2u);
}

TEST_F(VoiceTest, AFullChannelEndsWithTheDeadlinesErrorAndNothingIsLeftBehind) {
  connected();
  const auto joining = begin_join(kFull);
  ASSERT_TRUE(let_time_pass([&] { return joining->has_value(); }));
  const auto& error = (*joining)->error();
  EXPECT_TRUE(error == Errc::voice_timeout) << error.what();
  EXPECT_NE(error.message.find("neither VOICE_STATE_UPDATE nor VOICE_SERVER_UPDATE"), std::string::npos);
  ASSERT_TRUE(run_until([&] { return asked() == Strings{"13", "null"}; }));
  EXPECT_EQ(events, Strings{"failed 0"});
  EXPECT_TRUE(updates().empty());
}

TEST_F(VoiceTest, ANodeThatWakesBehindAJoinThatFailedKeepsNoPlayer) {
  connected();
  ASSERT_TRUE(await<std::string>([&](auto done) { node->fetch_version(std::move(done)); }).has_value());  // a connection to spare
  lavalink_server->half_open();
  const auto joining = begin_join(kLounge);
  ASSERT_TRUE(let_time_pass([&] { return joining->has_value(); }));
  EXPECT_TRUE((*joining)->error() == Errc::voice_timeout) << (*joining)->error().what();
  lavalink_server->half_open(false);
  let_time_pass([] { return false; }, 30s);
  EXPECT_TRUE(lavalink_server->players().empty());
}

TEST_F(VoiceTest, AFullChannelLeavesTheBotWhereItWas) {
  joined();
  const auto joining = begin_join(kFull);
  ASSERT_TRUE(let_time_pass([&] { return joining->has_value(); }));
  EXPECT_TRUE((*joining)->error() == Errc::voice_timeout);
  EXPECT_TRUE(node_is_connected());
  EXPECT_TRUE(voice->is_connected(kGuild));
  EXPECT_EQ(voice->channel_id(kGuild), kLounge);
}

TEST_F(VoiceTest, ACallersDeadlineAndCancellationEndAJoin) {
  connected();
  CallOptions soon;
  soon.deadline = 2s;
  const auto limited = begin_join(kFull, soon);
  ASSERT_TRUE(let_time_pass([&] { return limited->has_value(); }, 2500ms));
  EXPECT_TRUE((*limited)->error() == Errc::voice_timeout);
  CancelSource source;
  CallOptions cancellable;
  cancellable.cancel = source.token();
  const auto cancelled = begin_join(kFull, cancellable);
  poll();
  source.cancel();
  ASSERT_TRUE(run_until([&] { return cancelled->has_value(); }));
  EXPECT_TRUE((*cancelled)->error() == Errc::cancelled);
}

TEST_F(VoiceTest, ANodeThatNeverAnswersIsNamedByTheDeadline) {
  connected();
  lavalink_server->hang_voice_updates();
  const auto joining = begin_join(kLounge);
  ASSERT_TRUE(let_time_pass([&] { return joining->has_value(); }));
  EXPECT_TRUE((*joining)->error() == Errc::voice_timeout) << (*joining)->error().what();
  EXPECT_EQ((*joining)->error().message.find("the node did not say that it is connected"), 0u);
}

TEST_F(VoiceTest, AnotherVoiceServerIsTold) {
  joined();
  voice_server("next", "null");
  voice_server("next", R"("other.sandbox.test:443")");
  ASSERT_TRUE(run_until([&] { return updates().size() == 2; }));
  EXPECT_NE(updates()[1].find(R"("endpoint":"other.sandbox.test:443")"), std::string::npos);
  ASSERT_TRUE(run_until([&] { return voice->is_connected(kGuild); }));
  EXPECT_EQ(events, Strings{"joined 11"});
}

TEST_F(VoiceTest, ARestartedNodeIsToldAgain) {
  joined();
  lavalink_server->restart();
  ASSERT_TRUE(run_until([&] { return node->state() != NodeState::ready; }));
  ASSERT_TRUE(let_time_pass([&] { return node_is_connected(); }));
  EXPECT_EQ(updates().size(), 2u);
  ASSERT_TRUE(run_until([&] { return voice->is_connected(kGuild); }));
  EXPECT_EQ(asked(), Strings{"11"});
}

TEST_F(VoiceTest, AResumedSessionIsToldNothing) {
  joined();
  lavalink_server->drop_connections();
  ASSERT_TRUE(run_until([&] { return node->state() == NodeState::reconnecting; }));
  ASSERT_TRUE(let_time_pass([&] { return node->state() == NodeState::ready; }));
  let_time_pass([] { return false; }, 2s);
  EXPECT_TRUE(node_is_connected());
  EXPECT_TRUE(voice->is_connected(kGuild));
  EXPECT_EQ(updates().size(), 1u);
}

TEST_F(VoiceTest, AVoiceSessionThatIsOverIsRenewed) {
  for (const int code : {4006, 4009, 4015}) {
    SCOPED_TRACE(code);
    joined();
    lavalink_server->close_voice(kGuild, code, "over");
    ASSERT_TRUE(run_until([&] { return happened("warning " + std::to_string(code)); }));
    ASSERT_TRUE(let_time_pass([&] { return node_is_connected() && voice->is_connected(kGuild); }));
    EXPECT_FALSE(happened("left, closed " + std::to_string(code)));
    ASSERT_TRUE(leave().has_value());
    events.clear();
  }
}

TEST_F(VoiceTest, AClosedVoiceConnectionThatIsNoMoveIsTheEnd) {
  for (const std::string code : {"4014", "4022"}) {
    SCOPED_TRACE(code);
    joined();
    lavalink_server->close_voice(kGuild, std::stoi(code), "Disconnected.");
    ASSERT_TRUE(let_time_pass([&] { return lavalink_server->players().empty(); }));
    EXPECT_EQ(events, (Strings{"joined 11", "failed " + code, "left, closed " + code}));
    ASSERT_TRUE(run_until([&] { return asked().back() == "null"; }));
    events.clear();
  }
}

TEST_F(VoiceTest, AChannelThatIsEncryptedEndToEndIsTheEndAndIsNotTriedAgain) {
  joined();
  lavalink_server->close_voice(kGuild, 4017, "E2EE/DAVE protocol required");
  ASSERT_TRUE(run_until([&] { return happened("left, closed 4017"); }));
  EXPECT_TRUE(happened("failed 4017"));
  EXPECT_NE(words.find(Error(Errc::voice_dave_required).what()), std::string::npos) << words;
  let_time_pass([] { return false; });
  EXPECT_EQ(updates().size(), 1u);
}

TEST_F(VoiceTest, ATooFrequentVoiceConnectionIsTriedOnceMoreAfterAPause) {
  joined();
  lavalink_server->close_voice(kGuild, 4021, "Rate limited.");
  ASSERT_TRUE(run_until([&] { return happened("warning 4021") || happened("failed 4021"); }));
  let_time_pass([] { return false; }, 25s);
  EXPECT_EQ(asked(), Strings{"11"});
  ASSERT_TRUE(let_time_pass([&] { return node_is_connected() && voice->is_connected(kGuild); }));
}

TEST_F(VoiceTest, ATokenThatIsNotValidFailsTheJoinAtOnce) {
  connected();
  lavalink_server->hang_voice_updates();
  const auto joining = begin_join(kLounge);
  ASSERT_TRUE(run_until([&] { return updates().size() == 1; }));
  lavalink_server->send_text(
      R"({"op":"event","type":"WebSocketClosedEvent","guildId":"7","code":4004,"reason":"no","byRemote":true})");
  ASSERT_TRUE(run_until([&] { return joining->has_value(); }));
  EXPECT_TRUE((*joining)->error() == Errc::voice_authentication_failed) << (*joining)->error().what();
  EXPECT_EQ(events, Strings{"failed 4004"});
}

TEST_F(VoiceTest, ATokenThatIsNotValidAnyMoreEndsTheConnection) {
  joined();
  lavalink_server->close_voice(kGuild, 4004, "Authentication failed.");
  ASSERT_TRUE(run_until([&] { return happened("left, closed 4004"); }));
  EXPECT_TRUE(happened("failed 4004"));
}

TEST_F(VoiceTest, ANewSessionOfTheGatewayJoinsAgain) {
  joined();
  discord_server->close_connections(4009);
  ASSERT_TRUE(let_time_pass([&] { return asked() == Strings{"11", "11"}; }));
  ASSERT_TRUE(let_time_pass([&] { return voice->is_connected(kGuild); }));
  EXPECT_EQ(updates().size(), 2u);
}

TEST_F(VoiceTest, AJoinBeforeEitherConnectionWaitsForBoth) {
  make();
  auto connecting = begin<void>([&](auto done) { gateway->connect(std::move(done)); });
  const auto joining = begin_join(kLounge);
  ASSERT_TRUE(run_until([&] { return connecting->has_value() && voice->channel_id(kGuild) == kLounge; }));
  EXPECT_FALSE(joining->has_value());
  ASSERT_TRUE(await<Ready>([&](auto done) { node->connect(std::move(done)); }).has_value());
  ASSERT_TRUE(let_time_pass([&] { return joining->has_value(); }));
  EXPECT_TRUE((*joining)->has_value()) << (*joining)->error().what();
}

TEST_F(VoiceTest, SeveralGuildsDoNotMeet) {
  connected();
  std::vector<Got<PlayerState>> all;
  for (const int guild : {1, 2, 3, 4, 5}) {
    all.push_back(begin<PlayerState>([&](auto done) { voice->join(guild, VoiceJoin{guild + 100}, std::move(done)); }));
  }
  ASSERT_TRUE(
      let_time_pass([&] { return std::all_of(all.begin(), all.end(), [](auto& got) { return got->has_value(); }); }));
  for (const auto& got : all) EXPECT_TRUE((*got)->has_value());
  ASSERT_TRUE(await<void>([&](auto done) { voice->leave(3, std::move(done)); }).has_value());
  EXPECT_EQ(lavalink_server->players().size(), 4u);
  EXPECT_TRUE(voice->is_connected(2));
  EXPECT_FALSE(voice->is_connected(3));
}

TEST_F(VoiceTest, SixteenGuildsAtMostAreToldAtOnceAndThoseThatFailMakeRoom) {
  connected();
  lavalink_server->hang_voice_updates();
  std::vector<Got<PlayerState>> all;
  for (unsigned guild = 1; guild <= 20; ++guild) {
    CallOptions options;
    if (guild <= 16) options.deadline = 5s;
    all.push_back(begin<PlayerState>([&](auto done) { voice->join(guild, VoiceJoin{5}, std::move(done), options); }));
  }
  ASSERT_TRUE(run_until([&] { return updates().size() == 16; }));
  let_time_pass([] { return false; }, 2s);
  EXPECT_EQ(updates().size(), 16u);
  lavalink_server->hang_voice_updates(false);
  for (unsigned guild = 17; guild <= 20; ++guild) EXPECT_FALSE(voice->is_connected(guild));
  ASSERT_TRUE(let_time_pass([&] { return all.back()->has_value(); }));
  for (auto each = all.begin() + 16; each != all.end(); ++each) {
    ASSERT_TRUE((*each)->has_value());
    EXPECT_TRUE((**each)->has_value()) << (**each)->error().what();
  }
}

TEST_F(VoiceTest, AGuildThatIsLeftBeforeItsTurnIsNotTold) {
  connected();
  lavalink_server->hang_voice_updates();
  for (unsigned guild = 1; guild <= 17; ++guild) voice->join(guild, VoiceJoin{5}, [](Result<PlayerState>) {});
  ASSERT_TRUE(run_until([&] { return updates().size() == 16 && voice->channel_id(17) == Snowflake(5); }));
  ASSERT_TRUE(await<void>([&](auto done) { voice->leave(17, std::move(done)); }).has_value());
  lavalink_server->hang_voice_updates(false);
  lavalink_server->clear_requests();
  let_time_pass([] { return false; }, 30s);
  for (const auto& request : lavalink_server->requests()) {
    EXPECT_EQ(request.target.find("/players/17"), std::string::npos) << request.target;
  }
}

// --- raw events, as other libraries hand them on

TEST_F(VoiceTest, RawEventsOfAnyLibrarySuffice) {
  connected();
  Strings sent;
  Voice own(*node,
            [&](Snowflake guild, const std::string& payload) { sent.push_back(guild.to_string() + " " + payload); });
  const auto joining = begin<PlayerState>([&](auto done) { own.join(9, VoiceJoin{5, true, false}, std::move(done)); });
  ASSERT_TRUE(run_until([&] { return sent.size() == 1; }));
  EXPECT_EQ(sent[0], R"(9 {"op":4,"d":{"guild_id":"9","channel_id":"5","self_mute":true,"self_deaf":false}})");
  const auto hear = [&](const std::string& payload) { return own.raw_event(payload).has_value(); };
  EXPECT_TRUE(hear(
      R"({"t":"VOICE_STATE_UPDATE","s":3,"op":0,"d":{"guild_id":"9","channel_id":"5","user_id":"1","session_id":"other"}})"));
  EXPECT_TRUE(hear(
      R"({"t":"VOICE_STATE_UPDATE","s":4,"op":0,"d":{"member":{"x":[1]},"user_id":"170939974227541168","session_id":"a","channel_id":"5","guild_id":"9"}})"));
  EXPECT_TRUE(
      hear(R"({"op":0,"d":{"token":"b","guild_id":"9","endpoint":"c.test:443"},"s":5,"t":"VOICE_SERVER_UPDATE"})"));
  ASSERT_TRUE(run_until([&] { return joining->has_value(); }));
  EXPECT_TRUE((*joining)->has_value());
  EXPECT_EQ(own.channel_id(9), Snowflake(5));
}

TEST_F(VoiceTest, OtherEventsArePassedOverUnreadAndBrokenOnesAreNamed) {
  connected();
  const auto error = [&](const std::string& payload) {
    const auto read = voice->raw_event(payload);
    return read ? std::string() : read.error().message;
  };
  for (const auto* ignored : {R"({"t":"MESSAGE_CREATE","op":0,"d":{"content":"about VOICE_STATE_UPDATE"}})",
                              R"({"op":11,"d":null,"s":null,"t":null})", "this is no JSON at all", "",
                              R"({"t":"MESSAGE_CREATE","op":0,"d":{"content":"\"VOICE_STATE_UPDATE\""}})"}) {
    EXPECT_EQ(error(ignored), "") << ignored;
  }
  EXPECT_NE(error(R"({"t":"VOICE_STATE_UPDATE","d":)").find("malformed JSON"), std::string::npos);
  EXPECT_EQ(error(R"({"t":"VOICE_STATE_UPDATE","op":0,"d":{"user_id":"1"}})"), "session_id is missing");
  EXPECT_EQ(error(R"({"t":"VOICE_STATE_UPDATE","op":0,"d":7})"), "VOICE_STATE_UPDATE must be an object, is a number");
  EXPECT_EQ(error(R"({"t":"VOICE_SERVER_UPDATE","op":0,"d":{"guild_id":"9","token":"hunter2","endpoint":5}})"),
            "endpoint must be a string, is a number");
  EXPECT_EQ(error(R"({"t":"VOICE_SERVER_UPDATE","op":0,"d":{"guild_id":"nine","token":"hunter2","endpoint":null}})"),
            "guild_id must be an id, in digits");
  EXPECT_EQ(error(R"({"t":"VOICE_SERVER_UPDATE","op":0,"d":{"guild_id":"9","token":"","endpoint":null}})"),
            "token must not be empty");
  EXPECT_TRUE(voice->voice_state_update("[").error() == Errc::bad_payload);
  EXPECT_TRUE(voice->voice_server_update("").error() == Errc::bad_payload);
}

TEST_F(VoiceTest, WhatTheFeedCannotReadIsAWarning) {
  connected();
  const auto feed = voice->feed();
  feed(R"({"t":"VOICE_SERVER_UPDATE","op":0,"d":{}})");
  ASSERT_TRUE(run_until([&] { return happened("warning 0"); }));
  voice.reset();
  feed(R"({"t":"VOICE_SERVER_UPDATE","op":0,"d":{}})");
}

TEST_F(VoiceTest, TheFeedOfEventsReadsNoOtherUsersVoiceState) {
  connected();
  const auto feed = voice->event_feed();
  feed("VOICE_STATE_UPDATE", R"({"user_id":"1"})");
  feed("MESSAGE_CREATE", "");
  poll();
  EXPECT_EQ(words, "");
  feed("VOICE_STATE_UPDATE", R"({"user_id":"170939974227541168"})");
  poll();
  EXPECT_NE(words.find("session_id is missing"), std::string::npos) << words;
  voice.reset();
  feed("VOICE_STATE_UPDATE", R"({"user_id":"170939974227541168"})");
}

TEST_F(VoiceTest, TheVoiceTokenIsInNoErrorAndNoWarning) {
  joined();
  lavalink_server->order(
      sandbox::Fault::refuse(500, R"({"timestamp":1,"status":500,"error":"x","message":"cannot use hunter2","path":"z"})")
          .on_method("PATCH"));
  voice_server("hunter2", R"("other.sandbox.test:443")");
  ASSERT_TRUE(run_until([&] { return happened("warning 0"); })) << words;
  lavalink_server->close_voice(kGuild, 4014);
  let_time_pass([] { return false; }, 30s);
  EXPECT_NE(words.find("cannot use"), std::string::npos);
  EXPECT_EQ(words.find("hunter2"), std::string::npos) << words;
  EXPECT_EQ(words.find("voice-token"), std::string::npos) << words;
}

TEST_F(VoiceTest, ReadyConcernsTheGuildsOfItsShardOnly) {
  connected();
  Strings sent;
  Voice own(*node, [&](Snowflake guild, const std::string&) { sent.push_back(guild.to_string()); });
  const Snowflake even = 2ull << 22, odd = 3ull << 22;
  for (const auto guild : {even, odd}) {
    own.join(guild, VoiceJoin{5}, [](Result<PlayerState>) {});
    ASSERT_TRUE(own.voice_state_update(R"({"guild_id":")" + guild.to_string() + R"(","channel_id":"5","user_id":")" +
                                       kBot.to_string() + R"(","session_id":"a"})"));
  }
  const auto asked_after = [&](const std::string& d) {
    poll();
    sent.clear();
    EXPECT_TRUE(own.raw_event(R"({"op":0,"t":"READY","d":)" + d + "}").has_value());
    poll();
    return sent;
  };
  EXPECT_EQ(asked_after(R"({"v":10,"shard":[1,2]})"), Strings{odd.to_string()});
  EXPECT_EQ(asked_after(R"({"v":10,"shard":[0,2]})"), Strings{even.to_string()});
  EXPECT_EQ(asked_after(R"({"v":10})"), (Strings{even.to_string(), odd.to_string()}));
  for (const auto* wrong : {"[]", "[2,2]", "[0,0]", "[0,1,2]"}) {
    const auto read = own.raw_event(R"({"op":0,"t":"READY","d":{"shard":)" + std::string(wrong) + "}}");
    EXPECT_EQ(read.error().message, "shard must be [id, count]") << wrong;
  }
}

// --- mistakes

TEST_F(VoiceTest, MistakesAreNamed) {
  connected();
  const auto error = [&](VoiceOptions options, Snowflake guild, Snowflake channel) {
    Voice own(
        *node, [](Snowflake, std::string) {}, options);
    const auto result = await<PlayerState>([&](auto done) { own.join(guild, VoiceJoin{channel}, std::move(done)); });
    EXPECT_TRUE(result.error() == Errc::invalid_argument);
    return result.error().message;
  };
  VoiceOptions bad;
  bad.join_timeout = 0ms;
  EXPECT_EQ(error(bad, 1, 2), "join_timeout must be more than 0 and at most a day");
  bad = {};
  bad.move_timeout = 25h;
  EXPECT_EQ(error(bad, 1, 2), "move_timeout must be more than 0 and at most a day");
  bad = {};
  bad.renewals = 101;
  EXPECT_EQ(error(bad, 1, 2), "renewals must be at most 100");
  EXPECT_EQ(error({}, 0, 2), "guild_id must not be 0");
  EXPECT_EQ(error({}, 1, 0), "channel_id must not be 0");
  Voice silent(*node, {});
  const auto nobody = await<PlayerState>([&](auto done) { silent.join(1, VoiceJoin{2}, std::move(done)); });
  EXPECT_EQ(nobody.error().message, "sender must be a function");
}

TEST_F(VoiceTest, ALeaveThatIsRefusedLeavesNothing) {
  joined();
  CallOptions none;
  none.deadline = 0ms;
  const auto refused = await<void>([&](auto done) { voice->leave(kGuild, std::move(done), none); });
  EXPECT_EQ(refused.error().message, "deadline must be more than 0 ms");
  poll();
  EXPECT_EQ(asked(), Strings{"11"});
  EXPECT_TRUE(voice->is_connected(kGuild));
}

TEST_F(VoiceTest, AVoiceWithAMistakeDoesNothingWhateverItHears) {
  connected();
  VoiceOptions adopting;
  adopting.adopt = true;
  Voice silent(*node, {}, adopting);
  for (const auto* payload :
       {R"({"t":"VOICE_STATE_UPDATE","d":{"guild_id":"9","channel_id":"5","user_id":"170939974227541168","session_id":"a"}})",
        R"({"t":"VOICE_SERVER_UPDATE","d":{"guild_id":"9","token":"b","endpoint":"c.test:443"}})",
        R"({"t":"READY","d":{}})"}) {
    EXPECT_TRUE(silent.raw_event(payload).has_value());
    poll();
  }
  EXPECT_FALSE(silent.channel_id(9).has_value());
  let_time_pass([] { return false; }, 2s);
  EXPECT_TRUE(updates().empty());
}

// --- lifetimes

TEST_F(VoiceTest, NoListenerStartsAfterTheDestructor) {
  connected();
  voice->feed()(R"({"t":"VOICE_SERVER_UPDATE","op":0,"d":{}})");  // a warning, soon
  voice.reset();
  poll();
  EXPECT_TRUE(events.empty());
}

TEST_F(VoiceTest, TheNodeMayBeDestroyedFirst) {
  connected();
  const auto joining = begin_join(kFull);
  poll();
  node.reset();
  ASSERT_TRUE(run_until([&] { return joining->has_value(); }));
  EXPECT_TRUE((*joining)->error() == Errc::closed);
  EXPECT_TRUE(join(kLounge).error() == Errc::closed);
  EXPECT_TRUE(leave().error() == Errc::closed);
  let_time_pass([] { return false; }, 20s);
}

TEST_F(VoiceTest, TheVoiceMayBeDestroyedFirst) {
  joined();
  const auto moving = begin_join(kFull);
  poll();
  voice.reset();
  ASSERT_TRUE(run_until([&] { return moving->has_value(); }));
  EXPECT_TRUE((*moving)->error() == Errc::closed);
  discord_kicks_the_bot();
  poll();
  EXPECT_TRUE(node_is_connected());
  EXPECT_EQ(events, Strings{"joined 11"});
}

TEST_F(VoiceTest, TheGatewayMayBeDestroyedFirst) {
  joined();
  gateway.reset();
  poll();
  const auto moving = begin_join(kStage);
  ASSERT_TRUE(let_time_pass([&] { return moving->has_value(); }));
  EXPECT_TRUE((*moving)->error() == Errc::voice_timeout);
  EXPECT_TRUE(voice->is_connected(kGuild));
}

TEST_F(VoiceTest, APlayerThatIsDestroyedByHandIsNotConnectedEvenRightAfterTheJoin) {
  joined();
  bool closed = false;
  node->on(Node::voice_closed, [&] { closed = true; });
  ASSERT_TRUE(await<void>([&](auto done) { node->destroy_player(kGuild, std::move(done)); }).has_value());
  EXPECT_FALSE(voice->is_connected(kGuild));
  ASSERT_TRUE(run_until([&] { return closed; })) << "the node closes what it had";
  EXPECT_FALSE(voice->is_connected(kGuild));
  EXPECT_EQ(voice->channel_id(kGuild), kLounge) << "nothing is done about it";
  EXPECT_EQ(events, (std::vector<std::string>{"joined 11"}));
  ASSERT_TRUE(join(kLounge).has_value());
  EXPECT_TRUE(voice->is_connected(kGuild));
}

TEST_F(VoiceTest, ANodeThatIsShutDownEndsTheJoinAndRefusesTheNext) {
  connected();
  const auto joining = begin_join(kFull);
  poll();
  ASSERT_TRUE(await<void>([&](auto done) { node->shutdown(KeepSession::no, std::move(done)); }).has_value());
  ASSERT_TRUE(run_until([&] { return joining->has_value(); }));
  EXPECT_TRUE((*joining)->error() == Errc::closed);
  EXPECT_TRUE(join(kLounge).error() == Errc::not_open);
  EXPECT_TRUE(leave().has_value());
}

TEST_F(VoiceTest, MayBeDestroyedInsideEachListener) {
  for (const std::string name : {"joined", "moved", "left", "failed", "warning"}) {
    SCOPED_TRACE(name);
    joined();
    bool struck = false;
    const auto strike = [&] {
      struck = true;
      voice.reset();
    };
    if (name == "joined")
      voice->on(Voice::joined, strike), voice->join(8, VoiceJoin{kLounge}, [](Result<PlayerState>) {});
    if (name == "moved") voice->on(Voice::moved, strike), discord_moves_the_bot(kStage);
    if (name == "left") voice->on(Voice::left, strike), discord_kicks_the_bot();
    if (name == "failed") voice->on(Voice::failed, strike), lavalink_server->close_voice(kGuild, 4004);
    if (name == "warning") voice->on(Voice::warning, strike), lavalink_server->close_voice(kGuild, 4006);
    ASSERT_TRUE(let_time_pass([&] { return struck; }));
    poll();
    events.clear();
  }
}

}  // namespace
}  // namespace lavapp
