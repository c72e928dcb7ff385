// A Voice on a runtime with threads of its own, used from several others. For the thread sanitizer above all.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <thread>

#include "lavapp/future.hpp"
#include "lavapp/lavapp.hpp"
#include "lavapp/sandbox/gateway.hpp"
#include "lavapp/sandbox/node.hpp"
#include "lavapp/voice_bridge.hpp"

namespace lavapp {
namespace {

using namespace std::chrono_literals;

constexpr Snowflake kFull = 99;

RuntimeOptions threads(std::size_t count) {
  RuntimeOptions result;
  result.threads = count;
  return result;
}

template <class T>
T within_limit(std::future<T> future) {
  if (future.wait_for(10s) != std::future_status::ready) throw std::runtime_error("never completed");
  return future.get();
}

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
  std::atomic<int> told{0};
  voice->on(Voice::joined, [&] { ++told; });
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
  EXPECT_EQ(told, 15);
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
    within_limit(node->fetch_version(use_future));  // one that ran already has finished then
    const int before = told;
    within_limit(voice->join(guild, VoiceJoin{6}, use_future));
    EXPECT_EQ(told, before) << round;
  }
}

}  // namespace
}  // namespace lavapp
