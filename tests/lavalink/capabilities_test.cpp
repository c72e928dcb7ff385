// What a node has, and when it is asked for it: by plain calls.
#include "lavalink/capabilities.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lavalink/known_capabilities.hpp"

namespace lavapp::lavalink {
namespace {

Info info() {
  Info result;
  result.filters = {"volume", "echo"};
  result.plugins = {{"lavasearch-plugin", "1.0.0"}};
  result.source_managers = {"http", "local"};
  return result;
}

std::string refused(const Requirements& requirements) {
  const auto refusal = Capabilities(info()).refusal(requirements);
  if (!refusal) return "";
  EXPECT_TRUE(*refusal == Errc::unsupported);
  return refusal->message;
}

TEST(Capabilities, AreWhatInfoTells) {
  const Capabilities node(info());
  EXPECT_TRUE(node.has_filter("volume"));
  EXPECT_TRUE(node.has_filter("echo"));
  EXPECT_FALSE(node.has_filter("vibrato"));
  EXPECT_FALSE(node.has_filter("Volume"));
  EXPECT_TRUE(node.has_plugin("lavasearch-plugin"));
  EXPECT_FALSE(node.has_plugin("lavasrc-plugin"));
  EXPECT_TRUE(node.has_source_manager("http"));
  EXPECT_FALSE(node.has_source_manager("spotify"));
}

TEST(Capabilities, TheFirstThingLackingIsNamed) {
  EXPECT_EQ(refused({}), "");
  EXPECT_EQ(refused({{Requirement::filter, "volume"}, {Requirement::plugin, "lavasearch-plugin"}}), "");
  EXPECT_EQ(refused({{Requirement::filter, "volume"}, {Requirement::filter, "vibrato"}, {Requirement::filter, "karaoke"}}),
            "the node has no filter named vibrato");
  EXPECT_EQ(refused({{Requirement::plugin, "lavasrc-plugin"}}), "the node has no plugin lavasrc-plugin");
  EXPECT_EQ(refused({{Requirement::source_manager, "spotify"}}),
            "the node has no source manager named spotify, but http, local");
}

TEST(Capabilities, NoSourceManagersAtAllAreNoList) {
  Info silent = info();
  silent.source_managers.clear();
  EXPECT_TRUE(Capabilities(silent).has({Requirement::source_manager, "spotify"}));
  EXPECT_FALSE(Capabilities(silent).has_source_manager("spotify"));
}

TEST(Capabilities, APluginWithoutANameWillNotDoInsteadOfAnother) {
  Info nameless = info();
  nameless.plugins.push_back({"", "1.0.0"});
  EXPECT_FALSE(Capabilities(nameless).has({Requirement::filter, "vibrato"}));
  EXPECT_TRUE(Capabilities(nameless).has({Requirement::filter, "vibrato", "lavasearch-plugin"}));
}

TEST(Capabilities, EveryFilterThatIsSetIsRequired) {
  Filters filters;
  EXPECT_TRUE(required_by(filters).empty());
  filters.unknown["answered"] = JsonText("1");  // never sent
  EXPECT_TRUE(required_by(filters).empty());
  filters.volume = 1;
  filters.equalizer.emplace();
  filters.karaoke.emplace();
  filters.timescale.emplace();
  filters.tremolo.emplace();
  filters.vibrato.emplace();
  filters.rotation.emplace();
  filters.distortion.emplace();
  filters.channel_mix.emplace();
  filters.low_pass.emplace();
  filters.plugin_filters["echo"] = JsonText("{}");
  std::vector<std::string> names;
  for (const auto& each : required_by(filters)) {
    EXPECT_EQ(each.kind, Requirement::filter);
    names.push_back(each.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"volume", "equalizer", "karaoke", "timescale", "tremolo", "vibrato", "rotation",
                                             "distortion", "channelMix", "lowPass", "echo"}));
}

class KnownCapabilitiesTest : public testing::Test {
 protected:
  using Next = KnownCapabilities::Next;
  Next ask(std::string who) {
    return known.ask([this, who = std::move(who)](const KnownCapabilities::Answer& answer) {
      heard.push_back(who + ": " + (answer ? (*answer)->has_filter("echo") ? "echo" : "no echo" : answer.error().message));
    });
  }
  std::vector<std::string> take() { return std::exchange(heard, {}); }
  using Heard = std::vector<std::string>;

  KnownCapabilities known;
  std::vector<std::string> heard;
};

TEST_F(KnownCapabilitiesTest, TheNodeIsAskedOnceForAllThatWait) {
  EXPECT_EQ(ask("a"), Next::fetch);
  EXPECT_EQ(ask("b"), Next::nothing);
  EXPECT_EQ(take(), Heard{});
  EXPECT_EQ(known.fetched(info()), Next::nothing);
  EXPECT_EQ(take(), (Heard{"a: echo", "b: echo"}));
  EXPECT_EQ(ask("c"), Next::nothing);
  EXPECT_EQ(take(), Heard{"c: echo"});
}

TEST_F(KnownCapabilitiesTest, AFailureIsToldToAllAndNotKept) {
  EXPECT_EQ(ask("a"), Next::fetch);
  EXPECT_EQ(ask("b"), Next::nothing);
  EXPECT_EQ(known.fetched(Error(Errc::connection_lost, "lost")), Next::nothing);
  EXPECT_EQ(take(), (Heard{"a: lost", "b: lost"}));
  EXPECT_EQ(ask("c"), Next::fetch);
}

TEST_F(KnownCapabilitiesTest, ANewSessionIsAskedAnew) {
  known.forget();
  EXPECT_EQ(ask("a"), Next::fetch);
  EXPECT_EQ(known.fetched(info()), Next::nothing);
  known.forget();
  EXPECT_EQ(ask("b"), Next::fetch);
  EXPECT_EQ(known.fetched(Info()), Next::nothing);
  EXPECT_EQ(take(), (Heard{"a: echo", "b: no echo"}));
}

TEST_F(KnownCapabilitiesTest, AnAnswerAboutTheOldSessionIsNotBelieved) {
  EXPECT_EQ(ask("a"), Next::fetch);
  known.forget();
  EXPECT_EQ(ask("b"), Next::nothing);
  EXPECT_EQ(known.fetched(Info()), Next::fetch);
  EXPECT_EQ(take(), Heard{});
  EXPECT_EQ(known.fetched(info()), Next::nothing);
  EXPECT_EQ(take(), (Heard{"a: echo", "b: echo"}));
}

}  // namespace
}  // namespace lavapp::lavalink
