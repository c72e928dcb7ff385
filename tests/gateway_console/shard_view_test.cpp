#include "shard_view.hpp"

#include <gtest/gtest.h>

#include "text.hpp"

using namespace console;
using console::gateway::ShardView;
using lavapp::discord::GatewayStatus;

namespace {

const Look plain{.colour = false, .unicode = true};

ShardView sample() {
  ShardView view;
  view.status = GatewayStatus::ready;
  view.shard = {3, 16};
  view.latency = std::chrono::milliseconds(41);
  view.guilds = view.expected = 12;
  view.events = 128;
  view.types = "100 MESSAGE_CREATE · 12 GUILD_CREATE · 1 READY";
  return view;
}

}  // namespace

TEST(ShardView, ShowsTheShardAndItsEvents) {
  EXPECT_EQ(render(sample(), 80, plain),
            (std::vector<std::string>{"● ready · latency 41 ms · 12 guilds · 128 events · shard 3/16",
                                      "  100 MESSAGE_CREATE · 12 GUILD_CREATE · 1 READY"}));
}

TEST(ShardView, IsOneLineInAPipe) {
  EXPECT_EQ(plain_line(sample(), plain), "ready · latency 41 ms · 12 guilds · 128 events · shard 3/16");
}

TEST(ShardView, ShowsNothingBeforeItConnects) { EXPECT_TRUE(render(ShardView(), 80, plain).empty()); }

TEST(ShardView, LeavesOutWhatIsNotKnownYet) {
  ShardView view;
  view.status = GatewayStatus::connecting;
  EXPECT_EQ(render(view, 80, plain), std::vector<std::string>{"↻ connecting · shard 0/1"});
}

TEST(ShardView, TellsHowManyGuildsAreToCome) {
  auto view = sample();
  view.status = GatewayStatus::waiting_for_guilds;
  view.guilds = 7;
  EXPECT_EQ(plain_line(view, plain), "waiting for guilds · latency 41 ms · 7 of 12 guilds · 128 events · shard 3/16");
}

TEST(ShardView, LeavesOutTheLeastImportantFirst) {
  EXPECT_EQ(render(sample(), 40, plain)[0], "● ready · latency 41 ms · 12 guilds");
  EXPECT_EQ(render(sample(), 10, plain)[0], "● ready");
}

TEST(ShardView, KeepsWithinTheTerminal) {
  for (std::size_t columns = 0; columns < 80; ++columns) {
    for (const auto& line : render(sample(), columns, plain)) EXPECT_LT(display_width(line), columns);
  }
}

TEST(ShardView, NeedsNeitherColourNorUnicode) {
  const Look ascii{.colour = false, .unicode = false};
  EXPECT_EQ(render(sample(), 80, ascii)[0], "* ready - latency 41 ms - 12 guilds - 128 events - shard 3/16");
}
