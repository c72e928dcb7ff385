// A shard destroyed in each of its states, and inside each of its listeners.
#include <functional>

#include "discord/event_samples.hpp"
#include "discord/gateway_fixture.hpp"

namespace lavapp::discord {
namespace {

TEST_F(GatewayTest, DestroyedAtAnyStepItIsSilent) {
  for (int step = 0; step < 6; ++step) {
    SCOPED_TRACE(step);
    server.reset();
    serve(with_guilds({1}));
    if (step == 1) server->greet_with_nothing();
    if (step == 2) server->ignore_identify();
    connected.clear();
    make(options());
    connect();
    if (step == 1) {
      ASSERT_TRUE(run_until([&] { return server->connections() == 1; }));
    }
    if (step == 2) {
      ASSERT_TRUE(run_until([&] { return server->identifies() == 1; }));
    }
    if (step >= 3) {
      ASSERT_TRUE(run_until([&] { return shard->status() == GatewayStatus::ready; }));
    }
    if (step == 4) {
      server->drop_connections();
      ASSERT_TRUE(run_until([&] { return shard->status() == GatewayStatus::reconnecting; }));
    }
    if (step == 5) {
      server->ignore_identify();
      server->drop_connections();
      ASSERT_TRUE(advance_until([&] { return server->resumes() == 1; }));
      ASSERT_EQ(shard->status(), GatewayStatus::resuming);
    }
    lines.clear();
    shard.reset();
    ASSERT_TRUE(run_until([&] { return connected.size() == 1 && server->open_connections() == 0; }));
    EXPECT_EQ(connected[0].has_value(), step >= 3);
    advance(10min);
    EXPECT_TRUE(lines.empty()) << shown();
  }
}

TEST_F(GatewayTest, MayBeDestroyedAsItEntersAnyStatus) {
  using Status = GatewayStatus;
  for (const auto status : {Status::connecting, Status::identifying, Status::waiting_for_guilds, Status::ready, Status::reconnecting,
                            Status::resuming, Status::disconnected}) {
    SCOPED_TRACE(to_string(status));
    server.reset();
    serve(with_guilds({1, 2}));
    make(options());
    bool struck = false;
    shard->on(Gateway::status_change, [&](const GatewayStatusChange& change) {
      if (change.to != status) return;
      struck = true;
      shard.reset();
    });
    connect();
    const auto is_ready = [&] { return struck || shard->status() == Status::ready; };
    ASSERT_TRUE(advance_until(is_ready));
    if (!struck) server->drop_connections();
    ASSERT_TRUE(advance_until([&] { return struck || server->resumes() == 1; }));
    ASSERT_TRUE(advance_until(is_ready));
    if (!struck) shard->close(1000, [](Result<void>) {});
    ASSERT_TRUE(advance_until([&] { return struck; }));
    ASSERT_TRUE(run_until([&] { return server->open_connections() == 0; }));
  }
}

/// What makes a ready shard tell an event.
struct Provocation {
  const char* name;
  void (*listen)(Gateway& shard, std::function<void()> strike);
  void (*provoke)(sandbox::Gateway& server);
};
template <const auto& event>
void listen_to(Gateway& shard, std::function<void()> strike) {
  shard.on(event, std::move(strike));
}
template <const auto& event>
constexpr Provocation provocation(const char* name, void (*provoke)(sandbox::Gateway&) = [](sandbox::Gateway&) {}) {
  return {name, listen_to<event>, provoke};
}

void drop(sandbox::Gateway& server) { server.drop_connections(); }

const Provocation kProvocations[] = {
    // Those of a connection that is made:
    provocation<Gateway::dispatch>("dispatch"),
    provocation<Gateway::ready>("ready"),
    provocation<Gateway::status_change>("status_change"),
    provocation<Gateway::guilds_ready>("guilds_ready"),
    provocation<Gateway::guild_create>("guild_create"),
    provocation<Gateway::debug>("debug"),
    provocation<Gateway::heartbeat_ack>("heartbeat_ack"),
    // Those of its end:
    provocation<Gateway::error>("error", drop),
    provocation<Gateway::reconnecting>("reconnecting", drop),
    provocation<Gateway::resumed>("resumed", drop),
    provocation<Gateway::session_lost>("session_lost", [](sandbox::Gateway& server) { server.close_connections(4009); }),
    provocation<Gateway::closed>("closed", [](sandbox::Gateway& server) { server.close_connections(4004); }),
    provocation<Gateway::identify_limit>("identify_limit", [](sandbox::Gateway& server) { server.invalidate_sessions(false); }),
    // Those of Discord's events:
    provocation<Gateway::guild_delete>("guild_delete", [](sandbox::Gateway& server) { server.remove_guild(1); }),
    provocation<Gateway::voice_state_update>(
        "voice_state_update", [](sandbox::Gateway& server) { server.dispatch("VOICE_STATE_UPDATE", sample::voice_state); }),
    provocation<Gateway::voice_server_update>(
        "voice_server_update", [](sandbox::Gateway& server) { server.dispatch("VOICE_SERVER_UPDATE", sample::voice_server); }),
    provocation<Gateway::voice_channel_status_update>(
        "voice_channel_status_update",
        [](sandbox::Gateway& server) { server.dispatch("VOICE_CHANNEL_STATUS_UPDATE", sample::voice_channel_status); }),
    provocation<Gateway::message_create>("message_create",
                                         [](sandbox::Gateway& server) { server.dispatch("MESSAGE_CREATE", sample::message); }),
    provocation<Gateway::interaction_create>(
        "interaction_create", [](sandbox::Gateway& server) { server.dispatch("INTERACTION_CREATE", sample::interaction); }),
    // An event that cannot be read, which somebody must listen to:
    {"warning",
     [](Gateway& shard, std::function<void()> strike) {
       shard.on(Gateway::message_create, [](const MessageCreate&) {});
       shard.on(Gateway::warning, std::move(strike));
     },
     [](sandbox::Gateway& server) { server.dispatch("MESSAGE_CREATE", "[]"); }},
};

TEST_F(GatewayTest, MayBeDestroyedInsideEachListener) {
  for (const auto& event : kProvocations) {
    SCOPED_TRACE(event.name);
    server.reset();
    serve(with_guilds({1}));
    auto with = options();
    with.identifies_per_day = 1;
    make(with);
    bool struck = false;
    event.listen(*shard, [&] {
      struck = true;
      shard.reset();
    });
    connect();
    ASSERT_TRUE(advance_until([&] { return struck || shard->status() == GatewayStatus::ready; }));
    if (!struck) event.provoke(*server);
    ASSERT_TRUE(advance_until([&] { return struck; }));
    ASSERT_TRUE(run_until([&] { return server->open_connections() == 0; }));
  }
}

}  // namespace
}  // namespace lavapp::discord
