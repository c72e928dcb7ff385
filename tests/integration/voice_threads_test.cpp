// A Voice on a runtime with threads of its own, used from several others. For the thread sanitizer above all.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "lavapp/future.hpp"
#include "lavapp/lavapp.hpp"
#include "lavapp/sandbox/gateway.hpp"
#include "lavapp/sandbox/node.hpp"
#include "lavapp/voice_bridge.hpp"
#include "support/threads.hpp"

namespace lavapp {
namespace {

using namespace std::chrono_literals;

constexpr Snowflake kFull = 99;

using test::let_threads_finish;
using test::threads;
using test::within_limit;

/// Servers with threads of their own, as in other processes, and a bot whose parts can be destroyed in any order.
class VoiceThreads : public testing::Test {
 protected:
  VoiceThreads() : runtime(threads(3)), discord_server(with_a_full_channel()) {}

  void connect() {
    discord::GatewayOptions for_gateway;
    for_gateway.token = "sandbox";
    for_gateway.url = discord_server.url();
    gateway = std::make_unique<discord::Gateway>(runtime, for_gateway);
    NodeOptions for_node;
    for_node.host = lavalink_server.host();
    for_node.port = lavalink_server.port();
    for_node.user_id = 170939974227541168;
    node = std::make_unique<Node>(runtime, for_node);
    voice = std::make_unique<Voice>(connect_voice(*gateway, *node));
    auto ready = node->connect(use_future);
    within_limit(gateway->connect(use_future));
    within_limit(std::move(ready));
  }
  static sandbox::GatewayOptions with_a_full_channel() {
    sandbox::GatewayOptions options;
    options.silent_channels = {kFull};
    return options;
  }

  Runtime runtime;
  sandbox::Gateway discord_server;
  sandbox::Node lavalink_server;
  std::unique_ptr<discord::Gateway> gateway;
  std::unique_ptr<Node> node;
  std::unique_ptr<Voice> voice;
};

TEST_F(VoiceThreads, EveryMemberFromAnyThread) {
  connect();
  const auto told = std::make_shared<std::atomic<int>>(0);
  std::promise<void> all;
  voice->on(Voice::joined, [&all, told] {
    if (++*told == 15) all.set_value();
  });
  std::vector<std::thread> users;
  for (int user = 0; user < 3; ++user) {
    users.emplace_back([&, user] {
      for (int k = 0; k < 5; ++k) {
        const Snowflake guild = 10 * user + k + 1;
        auto joining = voice->join(guild, VoiceJoin{guild}, use_future);
        static_cast<void>(
            voice->raw_event(R"({"t":"VOICE_STATE_UPDATE","op":0,"d":{"user_id":"1","session_id":"x"}})"));
        voice->feed()("{}");
        const auto id = voice->on(Voice::left, [] {});
        within_limit(std::move(joining));
        EXPECT_EQ(voice->channel_id(guild), guild);
        EXPECT_TRUE(voice->is_connected(guild));
        voice->off(Voice::left, id);
        if (k % 2 == 0) within_limit(voice->leave(guild, use_future));
      }
    });
  }
  for (auto& each : users) each.join();
  within_limit(all.get_future());  // a join completes while its listener waits for a thread
  let_threads_finish(runtime, 3);
  EXPECT_EQ(*told, 15);
}

TEST_F(VoiceThreads, DestroyedInAnyOrderFromOtherThreadsNothingHangs) {
  for (int round = 0; round < 24; ++round) {
    connect();
    auto joining = voice->join(1, VoiceJoin{5}, use_future);
    auto never = voice->join(2, VoiceJoin{kFull}, use_future);
    if (round % 2 == 0) joining.wait_for(10s);
    std::vector<std::thread> ends;
    const auto end = [&](int which) {
      if (which == 0) voice.reset();
      if (which == 1) gateway.reset();
      if (which == 2) node.reset();
    };
    for (int i = 0; i < 3; ++i) ends.emplace_back(end, (round + i) % 3);
    for (auto& each : ends) each.join();
    ASSERT_EQ(joining.wait_for(10s), std::future_status::ready) << round;
    ASSERT_EQ(never.wait_for(10s), std::future_status::ready) << round;
    EXPECT_THROW(never.get(), Exception);
  }
}

TEST_F(VoiceThreads, NoListenerStartsAfterTheDestructor) {
  connect();
  for (int round = 0; round < 20; ++round) {
    auto own = std::make_unique<Voice>(connect_voice(*gateway, *node));
    std::atomic<int> told{0};
    own->on(Voice::joined, [&] { ++told; });
    const Snowflake guild = round + 1;
    auto joining = own->join(guild, VoiceJoin{5}, use_future);
    if (round % 2 == 0) within_limit(std::move(joining));
    own.reset();
    let_threads_finish(runtime, 3);  // one that ran already has finished then
    const int before = told;
    within_limit(voice->join(guild, VoiceJoin{6}, use_future));
    let_threads_finish(runtime, 3);
    EXPECT_EQ(told, before) << round;
  }
}

TEST_F(VoiceThreads, AListenerThatBlocksHoldsUpItsGuildOnlyAndNotTheNode) {
  connect();
  const auto other = std::make_shared<std::promise<void>>(), answered = std::make_shared<std::promise<void>>();
  const auto done = std::make_shared<std::promise<bool>>();
  voice->on(Voice::joined, [other, answered, done](const VoiceJoined& e) {
    if (e.guild_id != Snowflake(1)) return other->set_value();
    const auto in_time = [](std::promise<void>& told) {
      return told.get_future().wait_for(10s) == std::future_status::ready;
    };
    done->set_value(in_time(*other) && in_time(*answered));
  });
  within_limit(voice->join(1, VoiceJoin{5}, use_future));
  within_limit(voice->join(2, VoiceJoin{5}, use_future));
  node->fetch_version([answered](Result<std::string>) { answered->set_value(); });
  EXPECT_TRUE(within_limit(done->get_future()));
}

TEST_F(VoiceThreads, ListenersOfNodeAndVoiceOfAGuildRunOneAfterTheOther) {
  constexpr std::size_t kGuilds = 6, kRounds = 4;
  connect();
  struct State {
    // No lock: two listeners of one guild at a time are a race that the thread sanitizer sees.
    std::array<std::vector<std::string>, kGuilds> told;
    std::atomic<std::size_t> left{kGuilds * kRounds};
    std::promise<void> all;
  };
  const auto state = std::make_shared<State>();
  const auto note = [state](Snowflake guild, const char* what) { state->told[guild.value() - 1].emplace_back(what); };
  voice->on(Voice::joined, [note](const VoiceJoined& e) { note(e.guild_id, "joined"); });
  voice->on(Voice::left, [state, note](const VoiceLeft& e) {
    note(e.guild_id, "left");
    if (--state->left == 0) state->all.set_value();
  });
  node->on(Node::player_update, [note](const PlayerUpdate& e) { note(e.guild_id, "update"); });
  std::vector<std::thread> users;
  for (std::size_t user = 0; user < 2; ++user) {
    users.emplace_back([this, user] {
      for (std::size_t round = 0; round < kRounds; ++round) {
        for (std::size_t guild = user + 1; guild <= kGuilds; guild += 2) {
          within_limit(voice->join(guild, VoiceJoin{5}, use_future));
          within_limit(voice->leave(guild, use_future));
        }
      }
    });
  }
  for (auto& each : users) each.join();
  within_limit(state->all.get_future());
  node.reset();
  let_threads_finish(runtime, 3);
  for (auto& told : state->told) {
    EXPECT_GE(std::count(told.begin(), told.end(), "update"), static_cast<std::ptrdiff_t>(kRounds));
    told.erase(std::remove(told.begin(), told.end(), "update"), told.end());
    ASSERT_EQ(told.size(), 2 * kRounds);
    for (std::size_t i = 0; i < told.size(); ++i) EXPECT_EQ(told[i], i % 2 == 0 ? "joined" : "left") << i;
  }
}

}  // namespace
}  // namespace lavapp
