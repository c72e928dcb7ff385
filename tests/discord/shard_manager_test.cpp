// All shards of a bot against the sandbox gateway: turns to identify, budgets, ranges, resharding.
#include "lavapp/discord/shard_manager.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lavapp/discord/session_store.hpp"
#include "lavapp/sandbox/gateway.hpp"
#include "support/runtime_test.hpp"

namespace lavapp::discord {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

constexpr std::uint64_t guild(std::uint64_t n) { return n << 22; }

class MemoryStore final : public SessionStore {
 public:
  Optional<GatewaySession> load(Shard shard) override {
    const auto it = sessions.find(key(shard));
    return it == sessions.end() ? Optional<GatewaySession>() : Optional<GatewaySession>(it->second);
  }
  void save(Shard shard, const GatewaySession& session) override { sessions[key(shard)] = session; }
  void remove(Shard shard) override { sessions.erase(key(shard)); }
  std::map<std::string, GatewaySession> sessions;

 private:
  static std::string key(Shard shard) { return std::to_string(shard.id) + "/" + std::to_string(shard.count); }
};

class ShardManagerTest : public test::RuntimeTest {
 protected:
  ~ShardManagerTest() override {
    manager.reset();
    server.reset();
    poll();
  }

  void serve(sandbox::GatewayOptions options = {}) {
    options.enforce_max_concurrency = true;
    server.emplace(runtime, std::move(options));
  }
  ShardManagerOptions options() const {
    ShardManagerOptions result;
    result.gateway.token = "sandbox";
    result.gateway.compression = Compression::none;
    result.api = server->api();
    return result;
  }
  ShardManager& make(ShardManagerOptions with) {
    manager.emplace(runtime, std::move(with));
    manager->on(ShardManager::shard_added, [this](const std::shared_ptr<Gateway>& shard) {
      const auto name = std::to_string(shard->options().shard.id) + "/" + std::to_string(shard->options().shard.count);
      added.push_back(name);
      shard->on(Gateway::dispatch, [this, name](const Dispatch& event) {
        if (event.name() == "TEST") heard.push_back(name);
      });
    });
    manager->on(ShardManager::status_change, [this](const ShardStatusChange& change) {
      if (change.change.to == GatewayStatus::ready) ready.push_back(std::to_string(change.shard.id) + "/" + std::to_string(change.shard.count));
    });
    manager->on(ShardManager::error, [this](const ShardError& error) { errors.push_back(error.error); });
    manager->on(ShardManager::resharding, [this](const Resharding& r) { note("resharding " + std::to_string(r.from) + " " + std::to_string(r.to)); });
    manager->on(ShardManager::resharded, [this](const Resharding& r) { note("resharded " + std::to_string(r.from) + " " + std::to_string(r.to)); });
    manager->on(ShardManager::closed, [this](const Error& error) { note("closed " + error.code.message()); });
    manager->on(ShardManager::debug, [this](std::string_view line) { debug += std::string(line) + "\n"; });
    return *manager;
  }
  auto into(std::vector<Result<void>>& results) {
    return [&results](Result<void> result) { results.push_back(std::move(result)); };
  }
  void connect() { manager->connect(into(connected)); }
  void live(ShardManagerOptions with) {
    make(std::move(with));
    connect();
    ASSERT_TRUE(advance_until([&] { return !connected.empty(); })) << debug;
    ASSERT_TRUE(connected.front()) << connected.front().error().what();
  }

  void note(std::string line) { lines.push_back(std::move(line)); }
  Lines sorted(Lines all) const {
    std::sort(all.begin(), all.end());
    return all;
  }

  std::optional<sandbox::Gateway> server;
  std::optional<ShardManager> manager;
  Lines lines, added, ready, heard;
  std::string debug;
  std::vector<Error> errors;
  std::vector<Result<void>> connected, resharded;
};

TEST_F(ShardManagerTest, BeginsAsManyShardsAsTheGatewayRecommends) {
  sandbox::GatewayOptions with;
  with.shards = 3;
  with.guilds = {guild(0), guild(1), guild(2), guild(3)};
  serve(with);
  live(options());
  EXPECT_EQ(manager->shard_count(), 3u);
  EXPECT_EQ(added, (Lines{"0/3", "1/3", "2/3"}));
  ASSERT_TRUE(advance_until([&] { return ready.size() == 3; }));
  EXPECT_EQ(sorted(ready), (Lines{"0/3", "1/3", "2/3"}));
  for (const auto& each : manager->shards()) EXPECT_EQ(each.status, GatewayStatus::ready);
  EXPECT_EQ(server->identifies(), 3u);
  EXPECT_TRUE(errors.empty()) << errors.front().what();
}

TEST_F(ShardManagerTest, ShardsOfOneGroupIdentifyFiveSecondsApart) {
  serve();
  auto with = options();
  with.shards.count = 3;
  make(with);
  connect();
  const auto begin = clock->now();
  ASSERT_TRUE(advance_until([&] { return !connected.empty(); })) << debug;
  ASSERT_TRUE(connected.front()) << connected.front().error().what();
  EXPECT_GE(clock->now() - begin, 10s);
  EXPECT_LT(clock->now() - begin, 15s);
  EXPECT_EQ(server->identifies(), 3u);  // none was refused for coming too soon
}

TEST_F(ShardManagerTest, MaxConcurrencyLetsGroupsIdentifyTogether) {
  sandbox::GatewayOptions limits;
  limits.session_start_limit.max_concurrency = 4;
  serve(limits);
  auto with = options();
  with.shards.count = 8;
  make(with);
  connect();
  const auto begin = clock->now();
  ASSERT_TRUE(advance_until([&] { return !connected.empty(); })) << debug;
  EXPECT_GE(clock->now() - begin, 5s);
  EXPECT_LT(clock->now() - begin, 10s);
  EXPECT_EQ(server->identifies(), 8u);
}

TEST_F(ShardManagerTest, ARangeOfShardsForThisProcess) {
  serve();
  auto with = options();
  with.shards = {8, 2, 3u};
  live(with);
  EXPECT_EQ(added, (Lines{"2/8", "3/8"}));
  EXPECT_TRUE(manager->shard(2));
  EXPECT_FALSE(manager->shard(4));
  EXPECT_EQ(manager->shard_of(guild(11)), manager->shard(3));
  EXPECT_FALSE(manager->shard_of(guild(4)));
}

TEST_F(ShardManagerTest, RefusesToBeginIfTheDaysIdentifiesDoNotSuffice) {
  sandbox::GatewayOptions limits;
  limits.session_start_limit = {1'000, 2, 1h, 1};
  serve(limits);
  auto with = options();
  with.shards.count = 3;
  make(with);
  connect();
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  ASSERT_FALSE(connected.front());
  EXPECT_EQ(connected.front().error(), Errc::rate_limited);
  EXPECT_EQ(connected.front().error().retry_after, Optional<std::chrono::milliseconds>(1h));
  EXPECT_EQ(server->connections(), 0u);
  EXPECT_EQ(lines, (Lines{"closed " + Error(Errc::rate_limited).code.message()}));
}

TEST_F(ShardManagerTest, SessionsThatWereKeptNeedNoIdentify) {
  const auto store = std::make_shared<MemoryStore>();
  serve();
  auto with = options();
  with.shards.count = 2;
  with.gateway.session_store = store;
  live(with);
  ASSERT_EQ(store->sessions.size(), 2u);
  manager->close(4000);
  ASSERT_TRUE(run_until([&] { return !lines.empty(); }));
  ASSERT_TRUE(run_until([&] { return server->open_connections() == 0; }));
  server->dispatch("TEST", "{}");
  server->set_remaining_identifies(0);
  manager.reset();
  connected.clear();
  live(with);
  EXPECT_EQ(server->identifies(), 2u);
  EXPECT_EQ(server->resumes(), 2u);
  EXPECT_EQ(sorted(heard), (Lines{"0/2", "1/2"})) << "what happened meanwhile was missed";
}

TEST_F(ShardManagerTest, AskedAgainWhenTheApiIsAway) {
  serve();
  server->refuse_with_status(503);
  make(options());
  connect();
  ASSERT_TRUE(advance_until([&] { return debug.find("asking again") != std::string::npos; })) << debug;
  EXPECT_TRUE(connected.empty());
  ASSERT_FALSE(errors.empty());
  EXPECT_EQ(errors.back().http_status, 503);
  server->refuse_with_status(0);
  ASSERT_TRUE(advance_until([&] { return !connected.empty(); })) << debug;
  EXPECT_TRUE(connected.front());
}

TEST_F(ShardManagerTest, AWrongTokenIsOneErrorWithoutTheToken) {
  serve();
  auto with = options();
  with.gateway.token = "not-the-token";
  make(with);
  connect();
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  EXPECT_EQ(connected.front().error(), Errc::authentication_failed);
  EXPECT_EQ(lines, (Lines{"closed " + Error(Errc::authentication_failed).code.message()}));
  EXPECT_EQ(debug.find("not-the-token"), std::string::npos);
  EXPECT_EQ(connected.front().error().what().find("not-the-token"), std::string::npos);
}

TEST_F(ShardManagerTest, AFatalErrorOfOneShardEndsTheBeginningOfAll) {
  sandbox::GatewayOptions with;
  with.allowed_intents = intents::unprivileged;
  serve(with);
  auto mine = options();
  mine.shards.count = 2;
  mine.gateway.intents = intents::all;
  make(mine);
  connect();
  ASSERT_TRUE(advance_until([&] { return !connected.empty(); }));
  EXPECT_EQ(connected.front().error(), Errc::disallowed_intents);
  EXPECT_EQ(connected.front().error().message.rfind("shard ", 0), 0u) << connected.front().error().message;
  EXPECT_TRUE(run_until([&] { return server->open_connections() == 0; }));
  EXPECT_EQ(lines, (Lines{"closed " + Error(Errc::disallowed_intents).code.message()}));
  connected.clear();
  connect();
  EXPECT_TRUE(advance_until([&] { return !connected.empty(); })) << "connect() begins anew";
}

TEST_F(ShardManagerTest, CancelledItEndsAll) {
  serve();
  auto with = options();
  with.shards.count = 3;
  make(with);
  CancelSource stop;
  manager->connect(into(connected), CallOptions{{}, stop.token()});
  ASSERT_TRUE(advance_until([&] { return server->identifies() == 1; }));
  stop.cancel();
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  EXPECT_EQ(connected.front().error(), Errc::cancelled);
  EXPECT_TRUE(run_until([&] { return server->open_connections() == 0; }));
  clock->advance(1min);
  poll();
  EXPECT_EQ(server->identifies(), 1u) << "turns that were waited for are given up";
}

TEST_F(ShardManagerTest, AfterItsDeadlineItGoesOnTrying) {
  serve();
  auto with = options();
  with.shards.count = 3;
  make(with);
  manager->connect(into(connected), CallOptions{std::chrono::milliseconds(6'000), {}});
  ASSERT_TRUE(advance_until([&] { return !connected.empty(); }));
  EXPECT_EQ(connected.front().error(), Errc::ready_timeout);
  EXPECT_TRUE(advance_until([&] { return ready.size() == 3; }));
  connected.clear();
  connect();
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  EXPECT_EQ(connected.front().error(), Errc::already_connecting);
}

TEST_F(ShardManagerTest, CommandsGoByTheShardOfTheirGuild) {
  sandbox::GatewayOptions with;
  with.session_start_limit.max_concurrency = 2;
  serve(with);
  auto mine = options();
  mine.shards.count = 2;
  live(mine);
  std::vector<Result<void>> sent;
  VoiceStateRequest join;
  join.channel_id = 5;
  Lines voice;
  for (std::uint32_t id = 0; id < 2; ++id) {
    manager->shard(id)->on(Gateway::voice_server_update, [&voice, id](const VoiceServerUpdate& update) {
      voice.push_back(std::to_string(id) + " " + update.guild_id.to_string());
    });
  }
  manager->update_voice_state(guild(3), join, into(sent));
  ASSERT_TRUE(run_until([&] { return sent.size() == 1 && voice.size() == 1; }));
  EXPECT_EQ(voice, (Lines{"1 " + std::to_string(guild(3))}));
}

TEST_F(ShardManagerTest, AGuildOfAnotherProcessIsAnErrorThatSaysSo) {
  serve();
  auto with = options();
  with.shards = {4, 0, 0u};
  std::vector<Result<void>> sent;
  make(with);
  manager->send(guild(1), R"({"op":3,"d":{}})", into(sent));
  ASSERT_TRUE(run_until([&] { return sent.size() == 1; }));
  EXPECT_EQ(sent[0].error(), Errc::not_open);
  connect();
  ASSERT_TRUE(advance_until([&] { return !connected.empty(); }));
  manager->send(guild(1), R"({"op":3,"d":{}})", into(sent));
  ASSERT_TRUE(run_until([&] { return sent.size() == 2; }));
  EXPECT_EQ(sent[1].error(), Errc::invalid_argument);
  EXPECT_NE(sent[1].error().message.find("shard 1 of 4"), std::string::npos) << sent[1].error().message;
}

TEST_F(ShardManagerTest, ReshardsWithoutDowntime) {
  serve();
  live(options());
  EXPECT_EQ(manager->shard_count(), 1u);
  manager->reshard({3, 0, {}}, into(resharded));
  ASSERT_TRUE(advance_until([&] { return lines.size() == 1; }));
  EXPECT_EQ(lines, (Lines{"resharding 1 3"}));
  // Up to the last of the new ones the old one is heard, and it alone.
  ASSERT_TRUE(advance_until([&] { return server->identifies() == 3; }));
  server->dispatch("TEST", "{}");
  ASSERT_TRUE(run_until([&] { return !heard.empty(); }));
  poll();
  EXPECT_EQ(heard, (Lines{"0/1"}));
  ASSERT_TRUE(advance_until([&] { return !resharded.empty(); })) << debug;
  ASSERT_TRUE(resharded.front()) << resharded.front().error().what();
  EXPECT_EQ(lines, (Lines{"resharding 1 3", "resharded 1 3"}));
  EXPECT_EQ(manager->shard_count(), 3u);
  EXPECT_EQ(added, (Lines{"0/1", "0/3", "1/3", "2/3"}));
  ASSERT_TRUE(run_until([&] { return server->open_connections() == 3; }));
  EXPECT_EQ(server->close_codes(), (std::vector<int>{1000}));
  heard.clear();
  server->dispatch("TEST", "{}");
  ASSERT_TRUE(run_until([&] { return heard.size() == 3; }));
  EXPECT_EQ(sorted(heard), (Lines{"0/3", "1/3", "2/3"}));
}

TEST_F(ShardManagerTest, AReshardingThatFailsLeavesThePresentShards) {
  serve();
  live(options());
  server->set_remaining_identifies(1);
  manager->reshard({2, 0, {}}, into(resharded));
  ASSERT_TRUE(run_until([&] { return !resharded.empty(); }));
  EXPECT_EQ(resharded.front().error(), Errc::rate_limited);
  EXPECT_EQ(manager->shard_count(), 1u);
  EXPECT_EQ(lines, Lines{});
  server->dispatch("TEST", "{}");
  EXPECT_TRUE(run_until([&] { return heard.size() == 1; }));
}

TEST_F(ShardManagerTest, ThePresentNumberIsNoResharding) {
  serve();
  live(options());
  manager->reshard({1, 0, {}}, into(resharded));
  ASSERT_TRUE(run_until([&] { return !resharded.empty(); }));
  EXPECT_EQ(resharded.front().error(), Errc::invalid_argument);
  EXPECT_EQ(server->identifies(), 1u);
}

TEST_F(ShardManagerTest, AReshardingThatTheGatewayWantsIsTriedAgain) {
  sandbox::GatewayOptions with;
  with.max_guilds_per_shard = 2;
  with.guilds = {guild(0), guild(1), guild(2), guild(3)};
  with.shards = 2;
  serve(with);
  live(options());
  server->add_guild(guild(4));
  server->set_remaining_identifies(0);
  server->recommend_shards(3);
  server->set_remaining_identifies(1);  // for the shard that will be thrown out with 4011
  server->invalidate_sessions(false);
  ASSERT_TRUE(advance_until([&] { return !errors.empty() && errors.back() == Errc::rate_limited; })) << debug;
  EXPECT_TRUE(lines.empty());
  server->set_remaining_identifies(100);
  ASSERT_TRUE(advance_until([&] { return lines.size() == 2; }, 48h)) << debug;
  EXPECT_EQ(lines, (Lines{"resharding 2 3", "resharded 2 3"}));
}

TEST_F(ShardManagerTest, TellsThatTheIdentifiesOfTheDayAreUsedUp) {
  sandbox::GatewayOptions limits;
  limits.session_start_limit = {1, 1, 1h, 1};
  serve(limits);
  live(options());
  std::vector<std::chrono::milliseconds> told;
  manager->on(ShardManager::identify_limit, [&](std::chrono::milliseconds wait) { told.push_back(wait); });
  server->invalidate_sessions(false);
  ASSERT_TRUE(advance_until([&] { return told.size() == 1; }));
  EXPECT_GT(told[0], 50min);
  EXPECT_LE(told[0], 1h);
  EXPECT_EQ(server->identifies(), 1u);
}

TEST_F(ShardManagerTest, ShardingRequiredReshardsByItself) {
  sandbox::GatewayOptions with;
  with.max_guilds_per_shard = 2;
  with.guilds = {guild(0), guild(1)};
  serve(with);
  live(options());
  server->add_guild(guild(2));
  server->recommend_shards(2);
  server->invalidate_sessions(false);
  ASSERT_TRUE(advance_until([&] { return !errors.empty() && errors.back() == Errc::sharding_required; })) << debug;
  ASSERT_TRUE(advance_until([&] { return lines.size() == 2; })) << debug;
  EXPECT_EQ(lines, (Lines{"resharding 1 2", "resharded 1 2"}));
  EXPECT_EQ(manager->shard_count(), 2u);
}

TEST_F(ShardManagerTest, WithAFixedCountShardingRequiredIsTheEnd) {
  serve();
  auto with = options();
  with.shards.count = 1;
  live(with);
  server->refuse_with_close(4011);
  server->drop_connections();
  ASSERT_TRUE(advance_until([&] { return !lines.empty(); }));
  EXPECT_EQ(lines, (Lines{"closed " + Error(Errc::sharding_required).code.message()}));
}

TEST_F(ShardManagerTest, CloseCompletesWhenAllConnectionsAreGone) {
  serve();
  auto with = options();
  with.shards.count = 2;
  live(with);
  std::vector<Result<void>> ended;
  manager->close(1000, [&](Result<void> result) {
    EXPECT_EQ(server->open_connections(), 0u);
    ended.push_back(std::move(result));
  });
  ASSERT_TRUE(run_until([&] { return ended.size() == 1; }));
  EXPECT_TRUE(ended[0]) << ended[0].error().what();
  EXPECT_EQ(server->close_codes(), (std::vector<int>{1000, 1000}));
  manager->close(999, into(ended));
  ASSERT_TRUE(run_until([&] { return ended.size() == 2; }));
  EXPECT_EQ(ended[1].error(), Errc::invalid_argument);
  make(with);
  manager->close(1000, into(ended));  // there is nothing to close
  ASSERT_TRUE(run_until([&] { return ended.size() == 3; }));
  EXPECT_TRUE(ended[2]);
}

TEST_F(ShardManagerTest, CloseIsEndedByTheDestructor) {
  serve();
  live(options());
  server->half_open();
  std::vector<Result<void>> ended;
  manager->close(1000, into(ended));
  manager.reset();
  ASSERT_TRUE(run_until([&] { return ended.size() == 1; }));
  EXPECT_EQ(ended[0].error(), Errc::closed);
}

TEST_F(ShardManagerTest, TerminateKeepsTheSessions) {
  serve();
  live(options());
  manager->terminate();
  ASSERT_TRUE(run_until([&] { return server->open_connections() == 0; }));
  EXPECT_EQ(server->close_codes(), (std::vector<int>{1006}));
}

TEST_F(ShardManagerTest, AGatewayUrlOfOnesOwnIsAMistakeThatSaysWhatToDo) {
  serve();
  auto with = options();
  with.gateway.url = server->url();
  make(with);
  connect();
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  EXPECT_EQ(connected.front().error(), Errc::invalid_argument);
  EXPECT_NE(connected.front().error().message.find("api"), std::string::npos);
  EXPECT_EQ(server->connections(), 0u);
}

TEST_F(ShardManagerTest, AnEventOfAGuildComesToItsShardOnly) {
  sandbox::GatewayOptions with;
  with.session_start_limit.max_concurrency = 2;
  serve(with);
  auto mine = options();
  mine.shards.count = 2;
  live(mine);
  server->dispatch("TEST", R"({"guild_id":")" + std::to_string(guild(3)) + R"("})");
  server->dispatch("TEST", "{}");
  ASSERT_TRUE(run_until([&] { return heard.size() == 3; }));
  EXPECT_EQ(sorted(heard), (Lines{"0/2", "1/2", "1/2"}));
}

TEST_F(ShardManagerTest, CloseEndsAllSessions) {
  serve();
  auto with = options();
  with.shards.count = 2;
  live(with);
  manager->close();
  ASSERT_TRUE(run_until([&] { return !lines.empty(); }));
  EXPECT_EQ(lines, (Lines{"closed " + Error(Errc::closed).code.message()}));
  ASSERT_TRUE(run_until([&] { return server->open_connections() == 0; }));
  EXPECT_EQ(server->close_codes(), (std::vector<int>{1000, 1000}));
}

TEST_F(ShardManagerTest, DestroyedAtAnyTimeItLeavesNothingBehind) {
  for (int steps = 0; steps < 60; steps += 3) {
    serve();
    auto with = options();
    with.shards.count = 2;
    make(with);
    connect();
    for (int i = 0; i < steps; ++i) {
      context.restart();
      context.run_one_for(20ms);
    }
    manager.reset();
    ASSERT_TRUE(run_until([&] { return connected.size() == 1; })) << steps;
    EXPECT_TRUE(connected.front() || connected.front().error() == Errc::closed) << connected.front().error().what();
    ASSERT_TRUE(run_until([&] { return server->open_connections() == 0; })) << steps;
    connected.clear();
    server.reset();
    poll();
  }
}

TEST(ShardManagerThreads, TwoHundredAndFiftySixShardsOnFourThreads) {
  RuntimeOptions options;
  options.threads = 4;
  sandbox::GatewayOptions serving;
  serving.session_start_limit.max_concurrency = 256;
  sandbox::Gateway server(serving);
  std::atomic<int> heard{0};
  std::promise<void> all_heard;
  std::promise<Result<void>> connected;
  std::vector<GatewayStatus> statuses;  // listeners of the manager's own events run one after the other
  Runtime runtime(options);
  ShardManagerOptions with;
  with.gateway.token = "sandbox";
  with.api = "http://127.0.0.1:" + std::to_string(server.port());
  with.shards.count = 256;
  ShardManager manager(runtime, with);
  manager.on(ShardManager::status_change, [&](const ShardStatusChange& change) { statuses.push_back(change.change.to); });
  manager.on(ShardManager::shard_added, [&](const std::shared_ptr<Gateway>& shard) {
    shard->on(Gateway::dispatch, [&](const Dispatch& event) {
      if (event.name() == "TEST" && ++heard == 256) all_heard.set_value();
    });
  });
  manager.connect([&](Result<void> result) { connected.set_value(std::move(result)); });
  const auto result = connected.get_future().get();
  ASSERT_TRUE(result) << result.error().what();
  EXPECT_EQ(server.open_connections(), 256u);
  server.dispatch("TEST", "{}");
  EXPECT_EQ(all_heard.get_future().wait_for(30s), std::future_status::ready) << heard;
}

}  // namespace
}  // namespace lavapp::discord
