#include "lavalink/rest_policy.hpp"

#include <gtest/gtest.h>

#include <set>

namespace lavapp::lavalink {
namespace {

using namespace std::chrono_literals;
using Kind = RestPolicy::Step::Kind;
using Answer = Result<net::HttpResponse>;

Answer status(int code, std::string body = {}, Headers headers = {}) {
  net::HttpResponse response;
  response.status = code;
  response.body = std::move(body);
  response.headers = std::move(headers);
  return response;
}

std::string lavalinks(int code, const std::string& message) {
  return R"({"timestamp":1,"status":)" + std::to_string(code) + R"(,"error":"e","message":")" + message +
         R"(","path":"/v4/info"})";
}

const std::chrono::system_clock::time_point kWall{1'700'000'000s};

class Policy : public testing::Test {
 protected:
  Policy() {
    options.jitter = false;
    make();
  }
  void make() { policy.emplace(options, 10s, 7); }
  RestPolicy::Call call(Repeat repeat = Repeat::harmless, RestPurpose purpose = RestPurpose::ordinary) {
    RestPolicy::Call result;
    result.repeat = repeat;
    result.purpose = purpose;
    result.deadline = now + 10s;
    return result;
  }
  Kind before(RestPolicy::Call& one) { return policy->before(one, now).kind; }
  RestPolicy::Step after(RestPolicy::Call& one, const Answer& answer) { return policy->after(one, answer, now, kWall); }
  /// Sends a request that ends so.
  RestPolicy::Step sent(RestPolicy::Call& one, const Answer& answer) {
    EXPECT_EQ(before(one), Kind::send);
    return after(one, answer);
  }
  RestPolicy::Step sent(const Answer& answer, Repeat repeat = Repeat::harmless) {
    auto one = call(repeat);
    return sent(one, answer);
  }
  void open_breaker() {
    for (int i = 0; i < 5 && policy->breaker().state() == CircuitState::closed; ++i) {
      sent(Error(Errc::connect_failed, "refused"));
    }
    ASSERT_EQ(policy->breaker().state(), CircuitState::open);
  }

  RestOptions options;
  std::optional<RestPolicy> policy;
  RestPolicy::TimePoint now{1000s};
};

TEST(RestRepeat, APlayersUpdateIsRepeatedOnlyIfThatChangesNothing) {
  PlayerUpdateRequest update;
  EXPECT_EQ(repeat_of(update), Repeat::harmless);
  update.volume = 50;
  update.paused = true;
  update.filters = Filters();
  update.end_time = std::chrono::milliseconds(5);
  EXPECT_EQ(repeat_of(update), Repeat::harmless);
  update.track = TrackUpdate();
  update.track->user_data = JsonText("{}");
  EXPECT_EQ(repeat_of(update), Repeat::harmless);
  update.track->encoded = nullptr;
  EXPECT_EQ(repeat_of(update), Repeat::harmless) << "stopped is stopped";
  update.track->encoded = std::string("QAAA");
  EXPECT_EQ(repeat_of(update), Repeat::never) << "it would begin anew";
  update.track = TrackUpdate();
  update.track->identifier = std::string("a");
  EXPECT_EQ(repeat_of(update), Repeat::never);
  update.track = {};
  update.position = 5s;
  EXPECT_EQ(repeat_of(update), Repeat::never) << "it would be heard twice";
  update.position = {};
  update.voice = VoiceState();
  EXPECT_EQ(repeat_of(update), Repeat::never);
}

TEST(RestJudge, TellsWhatAnAnswerMeans) {
  EXPECT_EQ(judge(status(200)), RestVerdict::answered);
  EXPECT_EQ(judge(status(400)), RestVerdict::answered);
  EXPECT_EQ(judge(status(403)), RestVerdict::answered);
  EXPECT_EQ(judge(status(429)), RestVerdict::busy);
  for (const int code : {502, 503, 504}) EXPECT_EQ(judge(status(code)), RestVerdict::unavailable) << code;
  EXPECT_EQ(judge(status(500)), RestVerdict::broken);
  EXPECT_EQ(judge(status(500, "<html></html>")), RestVerdict::broken);
  EXPECT_EQ(judge(status(500, lavalinks(500, "Illegal base64 character"))), RestVerdict::answered);
  EXPECT_EQ(judge(status(404, lavalinks(404, "Session not found"))), RestVerdict::session_away);
  EXPECT_EQ(judge(status(404, lavalinks(404, "Player not found"))), RestVerdict::answered);
  EXPECT_EQ(judge(status(404)), RestVerdict::answered);
  for (const auto code : {Errc::resolve_failed, Errc::resolve_timeout, Errc::connect_failed, Errc::connect_timeout,
                          Errc::proxy_timeout, Errc::tls_failed, Errc::tls_timeout}) {
    EXPECT_EQ(judge(Error(code)), RestVerdict::unreached) << Error(code).what();
  }
  EXPECT_EQ(judge(Error(Errc::connection_lost)), RestVerdict::lost);
  for (const auto code : {Errc::certificate_rejected, Errc::proxy_unauthorized, Errc::message_too_big, Errc::bad_response,
                          Errc::invalid_header, Errc::cancelled, Errc::closed}) {
    EXPECT_EQ(judge(Error(code)), RestVerdict::refused) << Error(code).what();
  }
  Error refused(Errc::proxy_refused);
  refused.http_status = 502;
  EXPECT_EQ(judge(refused), RestVerdict::unreached);
  refused.http_status = 403;
  EXPECT_EQ(judge(refused), RestVerdict::refused);
}

TEST(RestJudge, WhatMayHaveBeenDoneIsRepeatedOnlyIfHarmless) {
  for (const auto verdict : {RestVerdict::busy, RestVerdict::unreached}) {
    EXPECT_TRUE(may_repeat(verdict, Repeat::never));
    EXPECT_TRUE(may_repeat(verdict, Repeat::harmless));
  }
  for (const auto verdict : {RestVerdict::unavailable, RestVerdict::lost}) {
    EXPECT_FALSE(may_repeat(verdict, Repeat::never));
    EXPECT_TRUE(may_repeat(verdict, Repeat::harmless));
  }
  for (const auto verdict : {RestVerdict::answered, RestVerdict::broken, RestVerdict::session_away, RestVerdict::refused}) {
    EXPECT_FALSE(may_repeat(verdict, Repeat::harmless));
  }
}

TEST_F(Policy, PausesGrowAndTheAttemptsAreCounted) {
  options.max_attempts = 4;
  options.max_pause = 600ms;
  make();
  auto one = call();
  for (const auto pause : {250ms, 500ms, 600ms}) {
    const auto step = sent(one, Error(Errc::connection_lost));
    ASSERT_EQ(step.kind, Kind::pause);
    EXPECT_EQ(step.until, now + pause);
    now = step.until;
  }
  EXPECT_EQ(sent(one, Error(Errc::connection_lost)).kind, Kind::end);
  EXPECT_EQ(one.sent, 4u);
}

TEST_F(Policy, PausesAreDrawnAtRandomUpToTheirBound) {
  options.jitter = true;
  options.breaker_failures = 0;
  options.initial_pause = options.max_pause = 1s;
  make();
  std::set<Clock::duration> pauses;
  for (int i = 0; i < 50; ++i) {
    const auto step = sent(status(503));
    ASSERT_EQ(step.kind, Kind::pause);
    EXPECT_GE(step.until, now);
    EXPECT_LE(step.until, now + 1s);
    pauses.insert(step.until - now);
  }
  EXPECT_GT(pauses.size(), 10u);
}

TEST_F(Policy, OneAttemptTurnsRepetitionOff) {
  options.max_attempts = 1;
  make();
  EXPECT_EQ(sent(status(503)).kind, Kind::end);
  EXPECT_EQ(sent(Error(Errc::connect_failed)).kind, Kind::end);
  EXPECT_EQ(sent(status(429)).kind, Kind::end);
}

TEST_F(Policy, APauseThatTheDeadlineDoesNotAllowIsTheEnd) {
  auto one = call();
  one.deadline = now + 250ms;
  EXPECT_EQ(sent(one, Error(Errc::connection_lost)).kind, Kind::end);
  one = call();
  one.deadline = now + 251ms;
  EXPECT_EQ(sent(one, Error(Errc::connection_lost)).kind, Kind::pause);
}

TEST_F(Policy, RetryAfterOf503LengthensThePauseOfThatRequestAlone) {
  const auto step = sent(status(503, "", {{"Retry-After", "3"}}));
  ASSERT_EQ(step.kind, Kind::pause);
  EXPECT_EQ(step.until, now + 3s);
  auto other = call();
  EXPECT_EQ(before(other), Kind::send);
}

TEST_F(Policy, RetryAfterOf429HoldsUpEveryRequest) {
  const auto step = sent(status(429, "", {{"Retry-After", "3"}}), Repeat::never);
  ASSERT_EQ(step.kind, Kind::pause) << "it has not been done";
  EXPECT_EQ(step.until, now + 3s);
  auto other = call();
  const auto waits = policy->before(other, now + 1s);
  ASSERT_EQ(waits.kind, Kind::pause);
  EXPECT_EQ(waits.until, now + 3s);
  auto voice = call(Repeat::never, RestPurpose::voice);
  EXPECT_EQ(before(voice), Kind::pause);
  auto session = call(Repeat::harmless, RestPurpose::session);
  EXPECT_EQ(before(session), Kind::send) << "without it no session is kept";
  now += 3s;
  EXPECT_EQ(before(other), Kind::send);
}

TEST_F(Policy, RetryAfterMayBeADate) {
  const Headers headers = {{"Date", "Tue, 14 Nov 2023 22:13:20 GMT"}, {"Retry-After", "Tue, 14 Nov 2023 22:13:25 GMT"}};
  EXPECT_EQ(sent(status(429, "", headers)).until, now + 5s);
}

TEST_F(Policy, AWaitLongerThanTheDeadlineIsToldAtOnce) {
  auto one = call();
  EXPECT_EQ(sent(one, status(429, lavalinks(429, "slow down"), {{"Retry-After", "30"}})).kind, Kind::end);
  now += 5s;
  auto other = call();
  const auto refused = policy->refusal(other, now);
  ASSERT_TRUE(refused.has_value());
  EXPECT_TRUE(*refused == Errc::http_status);
  EXPECT_EQ(refused->http_status, 429);
  EXPECT_EQ(refused->retry_after, 25s);
  EXPECT_EQ(refused->message, "the node asked for no requests for another 25 s, which is longer than the deadline: slow down");
  other.deadline = now + 25s;
  EXPECT_EQ(before(other), Kind::end);
  other.deadline = now + 26s;
  EXPECT_FALSE(policy->refusal(other, now).has_value());
  EXPECT_EQ(before(other), Kind::pause);
}

TEST_F(Policy, AShorterWaitDoesNotReplaceALongerOne) {
  sent(status(429, "", {{"Retry-After", "5"}}));
  auto session = call(Repeat::harmless, RestPurpose::session);
  sent(session, status(429, "", {{"Retry-After", "1"}}));
  auto other = call();
  EXPECT_EQ(policy->before(other, now).until, now + 5s);
}

TEST_F(Policy, FailuresOpenTheBreakerAndWhatIsMadeThenFailsAtOnce) {
  open_breaker();
  const auto refused = policy->refusal(call(), now + 2s);
  ASSERT_TRUE(refused.has_value());
  EXPECT_TRUE(*refused == Errc::circuit_open);
  EXPECT_EQ(refused->retry_after, 3s);
  EXPECT_EQ(refused->message,
            "tried again in 3000 ms; 5 requests in a row failed, the last with: could not connect: refused");
  EXPECT_FALSE(is_fatal(*refused));
}

TEST_F(Policy, WhatWasMadeBeforeItOpenedWaits) {
  auto one = call();
  sent(one, Error(Errc::connection_lost, "mine"));
  open_breaker();
  const auto step = policy->before(one, now);
  ASSERT_EQ(step.kind, Kind::wait_breaker);
  EXPECT_EQ(step.until, now + 5s);
  one.deadline = now + 5s;
  const auto ends = policy->before(one, now);
  ASSERT_EQ(ends.kind, Kind::end);
  EXPECT_EQ(ends.error->message, "mine");
  now += 5s;
  one.deadline = now + 5s;
  EXPECT_EQ(before(one), Kind::send);
  EXPECT_TRUE(one.probe);
  EXPECT_EQ(after(one, status(200)).kind, Kind::end);
  EXPECT_EQ(policy->breaker().state(), CircuitState::closed);
}

TEST_F(Policy, NeitherVoiceNorTheSessionsPatchIsHeldUpByTheBreaker) {
  open_breaker();
  for (const auto purpose : {RestPurpose::voice, RestPurpose::session}) {
    auto one = call(Repeat::harmless, purpose);
    EXPECT_FALSE(policy->refusal(one, now).has_value());
    EXPECT_EQ(before(one), Kind::send);
  }
}

TEST_F(Policy, VoiceTellsTheBreakerNothingAndIsNotRepeated) {
  for (int i = 0; i < 20; ++i) {
    auto one = call(Repeat::never, RestPurpose::voice);
    EXPECT_EQ(sent(one, Error(Errc::connect_failed)).kind, Kind::end);
    before(one);
    policy->started(one, now);
    policy->ended(one, true, now + 15s);
  }
  EXPECT_EQ(policy->breaker().failures(), 0u);
}

TEST_F(Policy, WhatTheNodeItselfAnswersIsNoFailureOfTheNode) {
  for (int i = 0; i < 20; ++i) {
    sent(status(500, lavalinks(500, "bad base64")));
    sent(status(400));
    sent(status(429));
  }
  EXPECT_EQ(policy->breaker().failures(), 0u);
  sent(status(500));
  EXPECT_EQ(policy->breaker().failures(), 1u);
  sent(status(404));
  EXPECT_EQ(policy->breaker().failures(), 0u);
  sent(Error(Errc::connection_lost));
  sent(Error(Errc::message_too_big));
  EXPECT_EQ(policy->breaker().failures(), 1u) << "neither a failure nor a success";
}

TEST_F(Policy, SilenceIsAFailureWhenItLastsAsLongAsTheNodesOwnLimit) {
  auto one = call();
  const auto start = [&](RestPolicy::Call& which) {
    before(which);
    policy->started(which, now);
  };
  start(one);
  policy->ended(one, true, now + 9s);
  EXPECT_EQ(policy->breaker().failures(), 0u) << "the caller's own deadline was shorter";
  start(one);
  policy->ended(one, false, now + 11s);
  EXPECT_EQ(policy->breaker().failures(), 0u) << "cancelled";
  auto load = call(Repeat::harmless, RestPurpose::loading);
  start(load);
  policy->ended(load, true, now + 30s);
  EXPECT_EQ(policy->breaker().failures(), 0u) << "a source of tracks may be slow";
  start(one);
  policy->ended(one, true, now + 10s);
  EXPECT_EQ(policy->breaker().failures(), 1u);
}

TEST_F(Policy, TheTimeInWhichARequestWaitsForAConnectionIsNotTheNodes) {
  auto one = call();
  before(one);
  policy->ended(one, true, now + 10s);
  EXPECT_EQ(policy->breaker().failures(), 0u) << "not a byte has gone out";
  before(one);
  policy->started(one, now + 1s);
  policy->ended(one, true, now + 10s);
  EXPECT_EQ(policy->breaker().failures(), 0u) << "the node had 9 s";
  before(one);
  policy->started(one, now + 1s);
  policy->ended(one, true, now + 11s);
  EXPECT_EQ(policy->breaker().failures(), 1u);
}

TEST_F(Policy, ANodeKnownToBeSilentIsSoForThoseWhoseConnectionCameLateToo) {
  auto one = call();
  const auto late = [&](Clock::duration time) {
    before(one);
    policy->started(one, now + time / 2);
    policy->ended(one, true, now + time);
    return policy->breaker().failures();
  };
  before(one);
  policy->started(one, now);
  policy->ended(one, true, now + 10s);
  EXPECT_EQ(late(10s), 2u);
  EXPECT_EQ(late(9s), 2u) << "the caller's own deadline was shorter";
  sent(status(200));
  EXPECT_EQ(late(10s), 0u) << "it has answered since";
}

TEST_F(Policy, AProbeThatNeverGotAConnectionLetsAnotherGo) {
  open_breaker();
  now += 5s;
  auto one = call();
  auto other = call();
  EXPECT_EQ(before(one), Kind::send);
  policy->ended(one, true, now + 10s);
  EXPECT_EQ(policy->breaker().state(), CircuitState::half_open);
  EXPECT_EQ(before(other), Kind::send);
}

TEST_F(Policy, WhatIsAheadIsToldWithoutThePlaceOfTheProbe) {
  auto one = call();
  EXPECT_EQ(policy->ahead(one, now).kind, Kind::send);
  EXPECT_EQ(one.sent, 0u);
  open_breaker();
  EXPECT_EQ(policy->ahead(one, now).kind, Kind::wait_breaker);
  now += 5s;
  EXPECT_EQ(policy->ahead(one, now).kind, Kind::send);
  auto other = call();
  EXPECT_EQ(before(other), Kind::send) << "the place was free still";
  EXPECT_EQ(policy->ahead(call(), now).kind, Kind::wait_breaker);
}

TEST_F(Policy, AProbeThatIsCancelledLetsAnotherGo) {
  open_breaker();
  now += 5s;
  auto one = call();
  auto other = call();
  EXPECT_EQ(before(one), Kind::send);
  EXPECT_EQ(before(other), Kind::wait_breaker);
  policy->ended(one, false, now);
  EXPECT_EQ(before(other), Kind::send);
}

TEST_F(Policy, ASessionThatIsNotThereIsWaitedForAndCostsNoAttempt) {
  options.max_attempts = 1;
  make();
  auto one = call(Repeat::never);
  const auto away = status(404, lavalinks(404, "Session not found"));
  EXPECT_EQ(sent(one, away).kind, Kind::end) << "it is no session's";
  one.of_session = true;
  EXPECT_EQ(sent(one, away).kind, Kind::wait_session);
  EXPECT_EQ(sent(one, away).kind, Kind::wait_session);
  EXPECT_EQ(one.last->http_status, 404);
  EXPECT_EQ(sent(one, status(200)).kind, Kind::end);
  EXPECT_FALSE(one.last.has_value());
}

}  // namespace
}  // namespace lavapp::lavalink
