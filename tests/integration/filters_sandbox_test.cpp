// Filters on the sandbox: presets, position, and nodes that do not have every filter.
#include <gtest/gtest.h>

#include "integration/node_and_sandbox.hpp"

namespace lavapp {
namespace {

class FiltersOnSandbox : public NodeAndSandbox {
 protected:
  void serve(sandbox::NodeOptions with) { server = std::make_unique<sandbox::Node>(runtime, std::move(with)); }
  Result<PlayerState> set(const Filters& filters) {
    return await<PlayerState>([&](auto done) { node->player(7).set_filters(filters, std::move(done)); });
  }
  PlayerSnapshot asked() {
    return await<PlayerSnapshot>([&](auto done) { node->fetch_player(7, std::move(done)); }).value();
  }
  std::size_t sent(std::string_view method) const {
    std::size_t result = 0;
    for (const auto& request : server->requests()) result += request.method == method;
    return result;
  }
};

TEST_F(FiltersOnSandbox, EveryPresetIsTakenAndTheTrackPlaysOn) {
  connected();
  ASSERT_TRUE(play("sandbox:1").has_value());
  for (const auto& preset : presets::all()) {
    const auto result = set(preset.make());
    ASSERT_TRUE(result.has_value()) << preset.name << ": " << result.error().what();
    advance(200ms);
    const auto there = asked();
    EXPECT_TRUE(there.filters == preset.make()) << preset.name;
    EXPECT_TRUE(there.track.has_value()) << preset.name;
  }
  EXPECT_EQ(events, (std::vector<std::string>{"start " + node->player(7).track()->info.title}));
}

TEST_F(FiltersOnSandbox, ThePositionFollowsEveryTimescale) {
  sandbox::NodeOptions with;
  with.player_update_interval = 1h;  // nothing corrects it meanwhile
  serve(with);
  connected();
  ASSERT_TRUE(play("sandbox:1").has_value());
  for (const auto& filters : {presets::nightcore(), presets::slow_motion(), presets::double_time(), presets::chipmunk(),
                              Filters().with_timescale({1.5, {}, 2.0}), Filters()}) {
    ASSERT_TRUE(set(filters).has_value());
    const auto before = node->player(7).position().value();
    advance(2s);
    const auto here = node->player(7).position().value();
    const auto speed = filters.timescale ? filters.timescale->speed.value_or(1) * filters.timescale->rate.value_or(1) : 1.0;
    EXPECT_NEAR(std::chrono::duration<double>(here - before).count(), 2 * speed, 0.05);
    EXPECT_NEAR(std::chrono::duration<double>(here - asked().state.position).count(), 0, 0.05) << "of the node's own";
  }
}

TEST_F(FiltersOnSandbox, OnlyWhatTheNodeHasIsSent) {
  sandbox::NodeOptions with;
  with.filters = {"volume", "timescale", "echo"};
  serve(with);
  connected();
  const auto before = sent("PATCH");
  EXPECT_EQ(set(presets::karaoke()).error().message, "the node has no filter named karaoke");
  EXPECT_TRUE(set(Filters().with_plugin_filter("reverb", JsonText("{}"))).error() == Errc::unsupported);
  EXPECT_EQ(sent("PATCH"), before);
  const auto echo = Filters().with_plugin_filter("echo", JsonText(R"({"delay": 1})"));
  ASSERT_TRUE(set(echo).has_value());
  EXPECT_TRUE(asked().filters == echo);
  EXPECT_EQ(sent("PATCH"), before + 1);
}

TEST_F(FiltersOnSandbox, ARestartedNodeIsAskedWhatItHasAndSentTheFiltersAnew) {
  connected();
  ASSERT_TRUE(set(presets::nightcore()).has_value());
  ASSERT_TRUE(set(presets::nightcore()).has_value());
  server->restart();
  ASSERT_TRUE(let_time_pass([&] { return readies.size() == 2; }));
  ASSERT_FALSE(readies.back());
  ASSERT_TRUE(set(presets::nightcore()).has_value());
  EXPECT_TRUE(asked().filters == presets::nightcore());
  std::size_t infos = 0;
  for (const auto& request : server->requests()) infos += request.target == "/v4/info";
  EXPECT_EQ(infos, 2u);
}

}  // namespace
}  // namespace lavapp
