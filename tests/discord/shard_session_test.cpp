#include "discord/shard_session.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lavapp::discord {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

/// A session, a clock, and what was to be done, a line for each action.
class ShardSessionTest : public testing::Test {
 protected:
  explicit ShardSessionTest(std::uint64_t seed = 1) { make(seed); }
  void make(std::uint64_t seed = 1, Optional<GatewaySession> session = {}, bool takes_turns = false) {
    ShardSession::Options options;
    options.takes_turns = takes_turns;
    options.url = "wss://gateway.test";
    options.session = std::move(session);
    options.seed = seed;
    shard.emplace(std::move(options));
    connection = 0;
    lines.clear();
  }

  void take(ShardActions actions) {
    for (const auto& each : actions) std::visit([this](const auto& a) { write(a); }, each);
  }
  void write(const action::Dial& a) { connection = a.connection, url = a.url, lines.push_back("dial " + a.url); }
  void write(const action::Close& a) { lines.push_back("close " + std::to_string(a.code)); }
  void write(const action::Cut&) { lines.push_back("cut"); }
  void write(const action::SendHeartbeat& a) { lines.push_back("beat " + (a.sequence ? std::to_string(*a.sequence) : "null")); }
  void write(const action::AskForTurn& a) { lines.push_back(a.connection == connection ? "ask for a turn" : "ask for another's turn"); }
  void write(const action::SendIdentify&) { lines.push_back("identify"); }
  void write(const action::SendResume& a) { lines.push_back("resume " + a.session.id + " " + std::to_string(a.session.sequence)); }
  void write(const action::TellStatus& a) { lines.push_back("status " + std::string(to_string(a.change.to))); }
  void write(const action::TellReady&) { lines.push_back("ready"); }
  void write(const action::TellSessionLost&) { lines.push_back("session lost"); }
  void write(const action::TellReconnecting& a) {
    delay = a.reconnecting.delay;
    lines.push_back(std::string("reconnecting") + (a.reconnecting.resuming ? " to resume" : ""));
  }
  void write(const action::TellIdentifyLimit& a) { lines.push_back("identify limit"), limit_wait = a.wait; }
  void write(const action::TellError& a) { lines.push_back("error " + a.error.code.message()); }
  void write(const action::TellGuilds& a) { lines.push_back("guilds, missing " + std::to_string(a.guilds.missing.size())); }
  void write(const action::TellClosed&) { lines.push_back("closed"); }
  void write(const action::OpenCommands&) { lines.push_back("open"); }
  void write(const action::CompleteConnect& a) { lines.push_back(a.result ? "connected" : "not connected"); }

  Lines heard() { return std::exchange(lines, {}); }
  void connect() { take(shard->connect(now).value()); }
  void opened() { take(shard->opened(connection, now)); }
  void hello(std::chrono::milliseconds interval = 41'250ms) { take(shard->hello(connection, interval, now)); }
  void event(std::uint64_t sequence) { shard->event(connection, sequence, now); }
  void ready(std::vector<Snowflake> guilds = {}) {
    take(shard->ready(connection, "abc", "wss://resume.test", std::move(guilds), now));
    event(1);
  }
  void lost(int code) { take(shard->lost(connection, code, Error(code == 1006 ? Errc::connection_lost : Errc::closed_by_peer), now)); }
  void fail(Errc code) { take(shard->lost(connection, 1006, Error(code), now)); }
  /// Lets time pass; timers fire when they are due.
  void advance(std::chrono::milliseconds by) {
    const auto until = now + by;
    for (int i = 0; i < 100'000; ++i) {
      const auto due = shard->next_due();
      if (!due || *due > until) break;
      now = std::max(now, *due);
      take(shard->timer(now));
    }
    now = until;
  }
  /// Up to READY, without guilds.
  void live() {
    connect();
    opened();
    hello();
    ready();
    heard();
  }
  /// Waits for the next attempt.
  void wait_for_dial() {
    for (int i = 0; i < 100 && shard->next_due(); ++i) {
      now = *shard->next_due();
      take(shard->timer(now));
      if (!lines.empty() && lines.back().rfind("dial", 0) == 0) return;
    }
    FAIL() << "nothing was dialled";
  }

  std::optional<ShardSession> shard;
  ShardSession::TimePoint now{};
  std::uint64_t connection = 0;
  std::string url;
  std::chrono::milliseconds delay{0}, limit_wait{0};
  Lines lines;
};

TEST_F(ShardSessionTest, AmongOthersItIdentifiesWhenItsTurnComes) {
  make(1, {}, true);
  connect();
  opened();
  hello();
  EXPECT_EQ(heard(), (Lines{"status connecting", "dial wss://gateway.test", "status identifying", "ask for a turn"}));
  for (int i = 0; i < 40; ++i) {  // heartbeats go on, and no deadline of READY's runs
    advance(41'250ms);
    shard->acknowledged(connection, now);
  }
  for (const auto& line : heard()) EXPECT_EQ(line.rfind("beat", 0), 0u) << line;
  take(shard->turn(connection, now));
  EXPECT_EQ(heard(), (Lines{"identify"}));
  take(shard->turn(connection, now));
  EXPECT_EQ(heard(), Lines{});
}

TEST_F(ShardSessionTest, ATurnOfAnEarlierConnectionIsNotUsed) {
  make(1, {}, true);
  connect();
  opened();
  hello();
  const auto earlier = connection;
  lost(1006);
  wait_for_dial();
  opened();
  hello();
  heard();
  take(shard->turn(earlier, now));
  EXPECT_EQ(heard(), Lines{});
  take(shard->turn(connection, now));
  EXPECT_EQ(heard(), (Lines{"identify"}));
}

TEST_F(ShardSessionTest, AResumeNeedsNoTurn) {
  make(1, GatewaySession{"abc", "", 7}, true);
  connect();
  opened();
  hello();
  EXPECT_EQ(heard().back(), "resume abc 7");
}

TEST_F(ShardSessionTest, IdentifiesAndWaitsForItsGuilds) {
  connect();
  EXPECT_EQ(heard(), (Lines{"status connecting", "dial wss://gateway.test"}));
  opened();
  hello();
  EXPECT_EQ(heard(), (Lines{"status identifying", "identify"}));
  ready({1, 2});
  EXPECT_EQ(heard(), (Lines{"status waiting for guilds", "ready", "open", "connected"}));
  take(shard->guild(connection, 2, now));
  EXPECT_EQ(heard(), Lines{});
  take(shard->guild(connection, 1, now));
  EXPECT_EQ(heard(), (Lines{"status ready", "guilds, missing 0"}));
  EXPECT_TRUE(shard->has_been_ready());
}

TEST_F(ShardSessionTest, GuildsThatNeverComeAreToldAfterAWhile) {
  connect();
  opened();
  hello(1h);
  ready({1, 2, 3});
  heard();
  advance(14'999ms);
  take(shard->guild(connection, 2, now));  // the time counts from the last one
  advance(14'999ms);
  EXPECT_EQ(heard(), Lines{});
  advance(1ms);
  EXPECT_EQ(heard(), (Lines{"status ready", "guilds, missing 2"}));
}

TEST_F(ShardSessionTest, TheFirstHeartbeatIsJitteredAndCarriesTheSequence) {
  std::vector<double> firsts;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    make(seed);
    connect();
    opened();
    hello(10s);
    firsts.push_back(std::chrono::duration<double>(*shard->next_due() - now).count());
  }
  EXPECT_LT(*std::min_element(firsts.begin(), firsts.end()), 1);
  EXPECT_GT(*std::max_element(firsts.begin(), firsts.end()), 9);
  for (const double first : firsts) EXPECT_TRUE(first >= 0 && first < 10);

  heard();
  advance(10s);
  EXPECT_EQ(heard(), (Lines{"beat null"}));
  shard->acknowledged(connection, now);
  ready();
  event(17);
  heard();
  advance(10s);
  EXPECT_EQ(heard(), (Lines{"beat 17"}));
}

TEST_F(ShardSessionTest, AMissingAckIsADeadConnectionAndResumes) {
  live();
  event(9);
  advance(41'250ms);
  EXPECT_EQ(heard(), (Lines{"beat 9"}));
  advance(41'249ms);
  // Whatever else comes does not count (an event is no ack).
  event(10);
  advance(41'250ms);
  const auto told = heard();
  ASSERT_GE(told.size(), 4u);
  EXPECT_EQ(told[0], "close 4000");
  EXPECT_EQ(told[1], "error the heartbeat was not acknowledged");
  EXPECT_EQ(told[2], "status reconnecting");
  EXPECT_EQ(told[3], "reconnecting to resume");
}

TEST_F(ShardSessionTest, AnAckGivesTheLatencyAndKeepsItAlive) {
  live();
  for (int i = 0; i < 100; ++i) {
    advance(std::chrono::duration_cast<std::chrono::milliseconds>(*shard->next_due() - now) + 1ms);
    now += 120ms;
    const auto trip = shard->acknowledged(connection, now);
    ASSERT_TRUE(trip);
    EXPECT_GE(*trip, 120ms);
    EXPECT_LE(*trip, 122ms);
  }
  EXPECT_EQ(shard->status(), GatewayStatus::ready);
}

TEST_F(ShardSessionTest, Op1IsAnsweredAtOnceAndIsNoReasonToDoubt) {
  live();
  event(5);
  const auto before_beat = *shard->next_due() - 1ms;
  now = before_beat;
  take(shard->heartbeat_wanted(connection, now));
  EXPECT_EQ(heard(), (Lines{"beat 5"}));
  advance(1ms);  // the regular one, a millisecond later, although no ack could have come
  EXPECT_EQ(heard(), (Lines{"beat 5"}));
}

TEST_F(ShardSessionTest, Op7ResumesWithoutEndingTheSession) {
  live();
  event(3);
  take(shard->reconnect_wanted(connection, now));
  EXPECT_EQ(heard(), (Lines{"close 4000", "error the gateway asked to reconnect", "status reconnecting", "reconnecting to resume"}));
  wait_for_dial();
  EXPECT_EQ(url, "wss://resume.test");
  now += 10s;
  opened();
  hello();
  EXPECT_EQ(heard(), (Lines{"dial wss://resume.test", "status resuming", "resume abc 3"}));
  event(4);
  take(shard->resumed(connection, now));
  EXPECT_EQ(heard(), (Lines{"status ready", "open"}));
}

TEST_F(ShardSessionTest, Op7BeforeHelloReconnects) {
  connect();
  opened();
  heard();
  take(shard->reconnect_wanted(connection, now));
  EXPECT_EQ(heard(), (Lines{"close 4000", "error the gateway asked to reconnect", "status reconnecting", "reconnecting"}));
}

TEST_F(ShardSessionTest, Op9SaysWhetherTheSessionLives) {
  live();
  event(8);
  take(shard->session_invalid(connection, true, now));
  EXPECT_EQ(heard(), (Lines{"close 4000", "error the session is invalid", "status reconnecting", "reconnecting to resume"}));
  wait_for_dial();
  now += 10s;
  opened();
  hello();
  heard();
  take(shard->session_invalid(connection, false, now));
  EXPECT_EQ(heard(), (Lines{"session lost", "close 4000", "error the session is invalid", "status reconnecting", "reconnecting"}));
  EXPECT_GE(delay, 1s);
  EXPECT_LE(delay, 5s);
  wait_for_dial();
  EXPECT_EQ(url, "wss://gateway.test");
  opened();
  hello();
  EXPECT_EQ(heard().back(), "identify");
}

TEST_F(ShardSessionTest, EveryCloseCodeDoesWhatTheTableSays) {
  for (const int code : {1005, 1006, 4000, 4001, 4002}) {
    make();
    live();
    lost(code);
    EXPECT_EQ(heard().back(), "reconnecting to resume") << code;
    EXPECT_LE(delay, 1s);
  }
  for (const int code : {4003, 4005, 4007, 4009}) {
    make();
    live();
    lost(code);
    const auto told = heard();
    EXPECT_EQ(told.front(), "session lost") << code;
    EXPECT_EQ(told.back(), "reconnecting") << code;
  }
  for (const int code : {4004, 4010, 4011, 4012, 4013, 4014}) {
    make();
    live();
    lost(code);
    const auto told = heard();
    EXPECT_EQ(std::count_if(told.begin(), told.end(), [](const auto& line) { return line.rfind("error", 0) == 0; }), 1) << code;
    EXPECT_EQ(told.back(), "closed") << code;
    EXPECT_EQ(shard->status(), GatewayStatus::disconnected);
    EXPECT_FALSE(shard->next_due());
  }
  make();
  live();
  lost(4008);
  EXPECT_EQ(heard().back(), "reconnecting to resume");
  EXPECT_GE(delay, 60s);
}

TEST_F(ShardSessionTest, A1000FromTheServerIsResumedOnceThenIdentified) {
  for (const int code : {1000, 1001}) {
    make();
    live();
    lost(code);
    EXPECT_EQ(heard().back(), "reconnecting to resume");
    wait_for_dial();
    now += 10s;
    opened();
    hello();
    EXPECT_EQ(heard().back(), "resume abc 1");
    lost(1006);
    const auto told = heard();
    EXPECT_EQ(told.front(), "session lost");
    EXPECT_EQ(told.back(), "reconnecting");
  }
}

TEST_F(ShardSessionTest, ADeadResumeUrlIsGivenUpAfterOneFailure) {
  live();
  lost(1006);
  wait_for_dial();
  EXPECT_EQ(url, "wss://resume.test");
  fail(Errc::resolve_failed);
  wait_for_dial();
  EXPECT_EQ(url, "wss://gateway.test");
  now += 10s;
  opened();
  hello();
  EXPECT_EQ(heard().back(), "resume abc 1");  // the session itself may live
}

TEST_F(ShardSessionTest, AResumeUrlThatRefusesIsNoReasonToGiveUp) {
  for (const auto code : {Errc::handshake_refused, Errc::certificate_rejected, Errc::invalid_url}) {
    SCOPED_TRACE(Error(code).code.message());
    make(1, GatewaySession{"abc", "wss://resume.test", 7});
    connect();
    Error refusal(code);
    refusal.http_status = 404;
    take(shard->lost(connection, 1006, refusal, now));
    wait_for_dial();
    EXPECT_EQ(url, "wss://gateway.test");
    take(shard->lost(connection, 1006, refusal, now));  // the gateway's own address: that is another matter
    EXPECT_EQ(shard->status(), GatewayStatus::disconnected);
  }
}

TEST_F(ShardSessionTest, ASessionThatIsSetIsForTheNextConnection) {
  live();
  shard->set_session(GatewaySession{"other", "wss://other.test", 1'000});
  event(5);
  EXPECT_EQ(shard->session()->id, "abc");
  EXPECT_EQ(shard->session()->sequence, 5u);
  advance(41'250ms);
  EXPECT_EQ(heard(), (Lines{"beat 5"}));
  lost(1006);
  wait_for_dial();
  EXPECT_EQ(url, "wss://other.test");
  opened();
  hello();
  EXPECT_EQ(heard().back(), "resume other 1000");
}

TEST_F(ShardSessionTest, EachStepHasALimit) {
  connect();
  opened();
  heard();
  advance(10s - 1ms);
  EXPECT_EQ(heard(), Lines{});
  advance(1ms);
  EXPECT_EQ(heard()[1], "error timed out waiting for HELLO");

  make();
  connect();
  opened();
  hello(24h);
  heard();
  advance(60s);
  auto told = heard();
  EXPECT_NE(std::find(told.begin(), told.end(), "error timed out waiting for ready"), told.end());

  make();
  live();
  lost(1006);
  wait_for_dial();
  now += 10s;
  opened();
  hello(24h);
  heard();
  advance(59s);
  event(2);  // it is being replayed: the time counts anew
  advance(59s);
  EXPECT_EQ(heard(), Lines{});
  advance(1s);
  told = heard();
  EXPECT_NE(std::find(told.begin(), told.end(), "error timed out waiting for ready"), told.end());
}

TEST_F(ShardSessionTest, AResumeRightAfterAResumeIsALoop) {
  live();
  lost(1006);
  wait_for_dial();
  opened();
  hello();
  EXPECT_EQ(heard().back(), "resume abc 1");
  now += 1s;
  lost(1006);
  wait_for_dial();
  opened();
  hello();
  const auto told = heard();
  EXPECT_NE(std::find(told.begin(), told.end(), "session lost"), told.end());
}

TEST_F(ShardSessionTest, BackoffGrowsAndIsResetByAStableConnectionOnly) {
  connect();
  std::chrono::milliseconds longest{0};
  for (int i = 0; i < 50; ++i) {
    lost(1006);
    longest = std::max(longest, delay);
    wait_for_dial();
  }
  EXPECT_GT(longest, 30s);
  EXPECT_LE(longest, 60s);
  opened();
  hello();
  ready();
  now += 1s;  // not stable
  for (int i = 0; i < 3; ++i) shard->acknowledged(connection, now);
  lost(1006);
  wait_for_dial();
  opened();
  hello();
  now += 6s;
  take(shard->resumed(connection, now));
  now += 31s;
  lost(1006);
  EXPECT_LE(delay, 1s);
}

/// A gateway that accepts and closes at once, for an hour.
TEST_F(ShardSessionTest, AnIdentifyStormIsHeldBackByTheBackoff) {
  connect();
  int identifies = 0;
  const auto until = now + 1h;
  while (now < until) {
    opened();
    hello();
    const auto told = heard();
    identifies += static_cast<int>(std::count(told.begin(), told.end(), "identify"));
    lost(1006);
    wait_for_dial();
  }
  EXPECT_LT(identifies, 250);  // 30 s in the mean, once the bound is reached
  EXPECT_GT(identifies, 50);
}

/// The same for four days: no more than the budget in any 24 hours, and it is told when the shard waits for it.
TEST_F(ShardSessionTest, AnIdentifyStormNeverBreaksTheBudgetOfADay) {
  ShardSession::Options options;
  options.url = "wss://gateway.test";
  options.reconnect.max_delay = 10s;
  options.identifies_per_day = 1'000;
  shard.emplace(options);
  connect();
  std::vector<ShardSession::TimePoint> when;
  std::size_t told = 0;
  for (const auto until = now + 96h; now < until;) {
    opened();
    hello();
    while (std::count(lines.begin(), lines.end(), "identify") == 0 && shard->next_due()) {
      now = std::max(now, *shard->next_due());
      take(shard->timer(now));
      for (int i = 0; i < 2; ++i) shard->acknowledged(connection, now);
    }
    if (std::count(lines.begin(), lines.end(), "identify") > 0) when.push_back(now);
    lost(1006);
    told += static_cast<std::size_t>(std::count(lines.begin(), lines.end(), "identify limit"));
    wait_for_dial();
    lines.clear();
  }
  EXPECT_GT(when.size(), 3'000u);
  EXPECT_GE(told, 3u);
  for (std::size_t i = 1'000; i < when.size(); ++i) ASSERT_GE(when[i] - when[i - 1'000], 24h) << i;
}

TEST_F(ShardSessionTest, IdentifiesAtMostOnceInFiveSeconds) {
  ShardSession::Options options;
  options.url = "wss://gateway.test";
  options.reconnect.initial_delay = 1ms;
  options.reconnect.max_delay = 1ms;
  shard.emplace(options);
  connect();
  std::vector<ShardSession::TimePoint> when;
  for (int i = 0; i < 20; ++i) {
    opened();
    hello(24h);
    while (std::count(lines.begin(), lines.end(), "identify") == 0) {
      now = *shard->next_due();
      take(shard->timer(now));
    }
    when.push_back(now);
    heard();
    lost(1006);
    wait_for_dial();
    heard();
  }
  for (std::size_t i = 1; i < when.size(); ++i) EXPECT_GE(when[i] - when[i - 1], 5s);
}

TEST_F(ShardSessionTest, NothingOfAnOldConnectionTouchesTheNewOne) {
  live();
  const auto old = connection;
  lost(1006);
  wait_for_dial();
  opened();
  heard();
  take(shard->lost(old, 1000, Error(Errc::closed_by_peer), now));
  take(shard->hello(old, 1s, now));
  take(shard->session_invalid(old, false, now));
  take(shard->reconnect_wanted(old, now));
  take(shard->heartbeat_wanted(old, now));
  take(shard->ready(old, "x", "y", {}, now));
  take(shard->resumed(old, now));
  take(shard->broken(old, Error(Errc::bad_payload), now));
  EXPECT_FALSE(shard->acknowledged(old, now));
  EXPECT_EQ(heard(), Lines{});
  EXPECT_EQ(shard->session()->id, "abc");
}

TEST_F(ShardSessionTest, WhatIsBrokenIsClosedResumably) {
  live();
  take(shard->broken(connection, Error(Errc::bad_payload), now));
  EXPECT_EQ(heard(), (Lines{"close 4000", "error unreadable payload", "status reconnecting", "reconnecting to resume"}));
}

TEST_F(ShardSessionTest, CloseAndTerminateEndIt) {
  live();
  take(shard->close(4000, now));
  EXPECT_EQ(heard(), (Lines{"close 4000", "status disconnected", "closed"}));
  EXPECT_TRUE(shard->session());
  EXPECT_FALSE(shard->next_due());
  connect();
  now += 10s;
  opened();
  hello();
  EXPECT_EQ(heard().back(), "resume abc 1");
  take(shard->close(1000, now));
  EXPECT_FALSE(shard->session());
  heard();
  connect();
  take(shard->terminate(now));
  EXPECT_EQ(heard(), (Lines{"status connecting", "dial wss://gateway.test", "cut", "status disconnected", "closed", "not connected"}));
}

TEST_F(ShardSessionTest, ReconnectSaysWhyNot) {
  EXPECT_TRUE(shard->reconnect(now).error() == Errc::not_open);
  live();
  shard->prevent_reconnect(true);
  EXPECT_NE(shard->reconnect(now).error().message.find("prevented"), std::string::npos);
  shard->prevent_reconnect(false);
  take(shard->reconnect(now).value());
  EXPECT_EQ(heard(), (Lines{"close 4000", "status reconnecting"}));
  wait_for_dial();
  heard();
  shard->prevent_reconnect(true);
  lost(1006);
  EXPECT_EQ(heard(), (Lines{"error connection lost", "status disconnected", "closed"}));
}

TEST_F(ShardSessionTest, AnEarlierProcesssSessionIsResumed) {
  make(1, GatewaySession{"earlier", "wss://resume.test", 1234});
  connect();
  opened();
  hello();
  EXPECT_EQ(heard(), (Lines{"status connecting", "dial wss://resume.test", "status resuming", "resume earlier 1234"}));
}

TEST_F(ShardSessionTest, AFatalErrorOfTheNetworkStops) {
  connect();
  heard();
  fail(Errc::certificate_rejected);
  EXPECT_EQ(heard(), (Lines{"error certificate rejected", "status disconnected", "closed", "not connected"}));
}

}  // namespace
}  // namespace lavapp::discord
