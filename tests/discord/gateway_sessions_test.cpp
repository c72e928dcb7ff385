// Sessions that outlive their shard.
#include <memory>
#include <stdexcept>

#include "discord/gateway_fixture.hpp"
#include "lavapp/discord/session_store.hpp"

namespace lavapp::discord {
namespace {

TEST_F(GatewayTest, AClosedSessionCannotBeResumed) {
  serve();
  live();
  const auto session = shard->session();
  shard->close(1000);
  ASSERT_TRUE(run_until([&] { return server->open_connections() == 0; }));
  auto with = options();
  with.session = session;
  make(with);
  connect();
  ASSERT_TRUE(advance_until([&] { return server->identifies() == 2; })) << shown();
}

TEST_F(GatewayTest, AnotherProcessTakesTheSessionUp) {
  serve();
  live();
  for (int n = 0; n < 3; ++n) server->dispatch("TEST", json{{"n", n}}.dump());
  ASSERT_TRUE(run_until([&] { return tests.size() == 3; }));
  const auto kept = shard->session();
  ASSERT_TRUE(kept);
  shard->terminate();
  ASSERT_TRUE(run_until([&] { return server->open_connections() == 0; }));
  for (int n = 3; n < 6; ++n) server->dispatch("TEST", json{{"n", n}}.dump());
  auto successor = options();
  successor.session = kept;
  make(successor);
  connect();
  ASSERT_TRUE(hears("resumed")) << shown();
  EXPECT_EQ(tests, (std::vector{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(server->identifies(), 1u);
}

/// Writes down what it is told.
class NotedSessions final : public SessionStore {
 public:
  Optional<GatewaySession> load(Shard) override { return kept; }
  void save(Shard, const GatewaySession& session) override {
    if (fails) throw std::runtime_error("the disk is full");
    kept = session;
    saved.push_back(session.sequence);
  }
  void remove(Shard) override { kept.reset(); }
  Optional<GatewaySession> kept;
  std::vector<std::uint64_t> saved;
  bool fails = false;
};

TEST_F(GatewayTest, ARestartedProcessResumesFromTheStoreAndMissesNothing) {
  serve();
  const auto store = std::make_shared<NotedSessions>();
  auto with = options();
  with.session_store = store;
  live(with);
  ASSERT_TRUE(store->kept);
  server->dispatch("TEST", R"({"n":1})");
  ASSERT_TRUE(run_until([&] { return tests.size() == 1; }));
  shard.reset();
  ASSERT_TRUE(run_until([&] { return server->open_connections() == 0; }));
  EXPECT_EQ(store->kept->sequence, 2u) << "what the last event was is kept when the shard is left";
  server->dispatch("TEST", R"({"n":2})");
  live(with);
  ASSERT_TRUE(run_until([&] { return tests.size() == 2; }));
  EXPECT_EQ(tests, (std::vector<int>{1, 2}));
  EXPECT_EQ(server->identifies(), 1u);
}

TEST_F(GatewayTest, WhileEventsComeTheSessionIsSavedEachFiveSeconds) {
  serve();
  const auto store = std::make_shared<NotedSessions>();
  auto with = options();
  with.session_store = store;
  live(with);
  const auto before = store->saved.size();
  for (int n = 1; n <= 3; ++n) server->dispatch("TEST", R"({"n":1})");
  ASSERT_TRUE(run_until([&] { return tests.size() == 3; }));
  EXPECT_EQ(store->saved.size(), before);
  advance(5s);
  EXPECT_EQ(store->saved.size(), before + 1);
  EXPECT_EQ(store->saved.back(), 4u);
  advance(5s);
  EXPECT_EQ(store->saved.size(), before + 1) << "nothing has changed";
}

TEST_F(GatewayTest, AClosedSessionIsForgottenByTheStore) {
  serve();
  const auto store = std::make_shared<NotedSessions>();
  auto with = options();
  with.session_store = store;
  live(with);
  shard->close(4000);
  ASSERT_TRUE(hears("closed"));
  EXPECT_TRUE(store->kept);
  connected.clear();
  connect();
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  shard->close(1000);
  ASSERT_TRUE(run_until([&] { return shard->status() == GatewayStatus::disconnected; }));
  poll();
  EXPECT_FALSE(store->kept);
}

TEST_F(GatewayTest, AStoreThatThrowsHarmsNobody) {
  serve();
  const auto store = std::make_shared<NotedSessions>();
  store->fails = true;
  auto with = options();
  with.session_store = store;
  live(with);
  server->dispatch("TEST", R"({"n":1})");
  ASSERT_TRUE(run_until([&] { return tests.size() == 1; }));
  EXPECT_TRUE(store->saved.empty());
}

}  // namespace
}  // namespace lavapp::discord
