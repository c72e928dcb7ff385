// Listeners of a queue that take too long are named by the node's warning, and so is autoplay.
#include <gtest/gtest.h>

#include <algorithm>

#include "lavalink/node_fixture.hpp"
#include "lavalink/queue_helpers.hpp"
#include "lavapp/lavalink/queue.hpp"

namespace lavapp::lavalink {
namespace {

using Names = std::vector<std::string>;

class QueueSlowListeners : public NodeTest {
 protected:
  void SetUp() override {
    connected();
    peer->routes["PATCH /v4/sessions/s1/players/7"] = [](const net::HttpRequest&) { return test::empty_answer(400); };
  }
  /// What the warnings say, in alphabetical order.
  Names warned() const {
    Names result;
    for (const auto& each : warnings) {
      EXPECT_TRUE(each == Errc::slow_listener) << each.what();
      result.push_back(each.message);
    }
    std::sort(result.begin(), result.end());
    return result;
  }
};

TEST_F(QueueSlowListeners, AreNamedWhateverTheEventIs) {
  QueueOptions with;
  with.max_failures = 1;
  Queue queue(*node, 7, with);
  const auto block_at = [&](auto event) { queue.on(event, [&] { clock->advance(1100ms); }); };
  block_at(Queue::added), block_at(Queue::removed), block_at(Queue::moved), block_at(Queue::shuffled);
  block_at(Queue::cleared), block_at(Queue::current_changed), block_at(Queue::track_failed), block_at(Queue::stopped);
  block_at(Queue::ended), block_at(Queue::state_changed), block_at(Queue::loop_changed);
  ASSERT_TRUE(queue.add(test::tracks("abc")).has_value());
  ASSERT_TRUE(queue.move(0, 1).has_value());
  ASSERT_TRUE(queue.remove(0).has_value());
  queue.shuffle();
  queue.clear();
  queue.set_loop(Loop::track);
  ASSERT_TRUE(queue.add(test::tracks("a")).has_value());
  EXPECT_FALSE(await<void>([&](auto done) { queue.play(std::move(done)); }).has_value());
  static_cast<void>(await<void>([&](auto done) { queue.skip(std::move(done)); }));
  ASSERT_TRUE(run_until([&] { return warnings.size() >= 11; }));
  Names expected;
  for (const auto* event : {"added", "cleared", "current_changed", "ended", "loop_changed", "moved", "removed", "shuffled",
                            "state_changed", "stopped", "track_failed"}) {
    expected.push_back("the listeners of Queue::" + std::string(event) + " of guild 7 blocked for 1100 ms");
  }
  EXPECT_EQ(warned(), expected);
}

TEST_F(QueueSlowListeners, AreNotNamedIfTheyAreFast) {
  Queue queue(*node, 7);
  int heard = 0;
  queue.on(Queue::added, [&] {
    ++heard;
    clock->advance(900ms);
  });
  ASSERT_TRUE(queue.add(test::tracks("a")).has_value());
  ASSERT_TRUE(run_until([&] { return heard == 1; }));
  poll();
  EXPECT_EQ(warned(), Names());
}

TEST_F(QueueSlowListeners, AutoplayThatBlocksIsNamedLikeOne) {
  QueueOptions with;
  with.autoplay = [&](const Optional<QueuedTrack>&, AutoplayAnswer answer) {
    clock->advance(1500ms);
    answer({});
  };
  Queue queue(*node, 7, with);
  EXPECT_TRUE(await<void>([&](auto done) { queue.play(std::move(done)); }).has_value());
  ASSERT_TRUE(run_until([&] { return !warnings.empty(); }));
  EXPECT_EQ(warned(), Names{"the listeners of Queue::autoplay of guild 7 blocked for 1500 ms"});
}

TEST_F(QueueSlowListeners, AutoplayThatBlocksAndThrowsIsNamedToo) {
  QueueOptions with;
  with.autoplay = [&](const Optional<QueuedTrack>&, AutoplayAnswer) {
    clock->advance(1500ms);
    throw std::runtime_error("no idea");
  };
  Queue queue(*node, 7, with);
  EXPECT_TRUE(await<void>([&](auto done) { queue.play(std::move(done)); }).has_value());
  ASSERT_TRUE(run_until([&] { return !warnings.empty(); }));
  EXPECT_EQ(warned(), Names{"the listeners of Queue::autoplay of guild 7 blocked for 1500 ms"});
  EXPECT_EQ(thrown.size(), 1u);
}

}  // namespace
}  // namespace lavapp::lavalink
