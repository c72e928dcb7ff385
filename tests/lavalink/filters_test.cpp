#include "lavapp/lavalink/filters.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string_view>

namespace lavapp::lavalink {
namespace {

/// What validate() says; "" if nothing.
std::string fault(const Filters& filters) {
  const auto result = filters.validate();
  if (result) return "";
  EXPECT_TRUE(result.error() == Errc::invalid_argument);
  return result.error().message;
}

/// One field that takes a number: how to set it, its name, and values within and without its range.
struct Range {
  const char* name;
  std::function<void(Filters&, double)> set;
  std::vector<double> good;
  std::vector<double> bad;
};

template <class Filter>
std::function<void(Filters&, double)> field(Optional<Filter> Filters::*filter, Optional<double> Filter::*member) {
  return [=](Filters& filters, double value) {
    (filters.*filter).emplace();
    (*(filters.*filter)).*member = value;
  };
}

const double tiny = 1e-300, huge = 1e300;

std::vector<Range> ranges() {
  return {
      {"volume", [](Filters& f, double v) { f.volume = v; }, {0, 1, 5}, {-0.001, 5.001}},
      {"equalizer[0].gain",
       [](Filters& f, double v) {
         f.equalizer = {{0, v}};
       },
       {-0.25, 0, 1},
       {-0.26, 1.01}},
      {"karaoke.level", field(&Filters::karaoke, &Karaoke::level), {0, 1}, {-0.1, 1.1}},
      {"karaoke.monoLevel", field(&Filters::karaoke, &Karaoke::mono_level), {0, 1}, {-0.1, 1.1}},
      {"karaoke.filterBand", field(&Filters::karaoke, &Karaoke::filter_band), {tiny, huge}, {0, -1}},
      {"karaoke.filterWidth", field(&Filters::karaoke, &Karaoke::filter_width), {tiny, huge}, {0, -1}},
      {"timescale.speed", field(&Filters::timescale, &Timescale::speed), {tiny, 100}, {0, -1}},
      {"timescale.pitch", field(&Filters::timescale, &Timescale::pitch), {tiny, 100}, {0, -1}},
      {"timescale.rate", field(&Filters::timescale, &Timescale::rate), {tiny, 100}, {0, -1}},
      {"tremolo.frequency", field(&Filters::tremolo, &Tremolo::frequency), {tiny, huge}, {0, -1}},
      {"tremolo.depth", field(&Filters::tremolo, &Tremolo::depth), {tiny, 1}, {0, -1, 1.1}},
      {"vibrato.frequency", field(&Filters::vibrato, &Vibrato::frequency), {tiny, 14}, {0, -1, 14.1}},
      {"vibrato.depth", field(&Filters::vibrato, &Vibrato::depth), {tiny, 1}, {0, -1, 1.1}},
      {"rotation.rotationHz", field(&Filters::rotation, &Rotation::rotation_hz), {-huge, 0, huge}, {}},
      {"distortion.sinOffset", field(&Filters::distortion, &Distortion::sin_offset), {-huge, huge}, {}},
      {"distortion.sinScale", field(&Filters::distortion, &Distortion::sin_scale), {-huge, huge}, {}},
      {"distortion.cosOffset", field(&Filters::distortion, &Distortion::cos_offset), {-huge, huge}, {}},
      {"distortion.cosScale", field(&Filters::distortion, &Distortion::cos_scale), {-huge, huge}, {}},
      {"distortion.tanOffset", field(&Filters::distortion, &Distortion::tan_offset), {-huge, huge}, {}},
      {"distortion.tanScale", field(&Filters::distortion, &Distortion::tan_scale), {-huge, huge}, {}},
      {"distortion.offset", field(&Filters::distortion, &Distortion::offset), {-huge, huge}, {}},
      {"distortion.scale", field(&Filters::distortion, &Distortion::scale), {-huge, huge}, {}},
      {"channelMix.leftToLeft", field(&Filters::channel_mix, &ChannelMix::left_to_left), {0, 1}, {-0.1, 1.1}},
      {"channelMix.leftToRight", field(&Filters::channel_mix, &ChannelMix::left_to_right), {0, 1}, {-0.1, 1.1}},
      {"channelMix.rightToLeft", field(&Filters::channel_mix, &ChannelMix::right_to_left), {0, 1}, {-0.1, 1.1}},
      {"channelMix.rightToRight", field(&Filters::channel_mix, &ChannelMix::right_to_right), {0, 1}, {-0.1, 1.1}},
      {"lowPass.smoothing", field(&Filters::low_pass, &LowPass::smoothing), {-huge, 0, 1, huge}, {}},
  };
}

TEST(Filters, EveryRangeIsCheckedAndItsFieldNamed) {
  for (const auto& range : ranges()) {
    for (const double value : range.good) {
      Filters filters;
      range.set(filters, value);
      EXPECT_EQ(fault(filters), "") << range.name << " = " << value;
    }
    auto bad = range.bad;
    bad.insert(bad.end(),
               {std::nan(""), std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()});
    for (const double value : bad) {
      Filters filters;
      range.set(filters, value);
      EXPECT_EQ(fault(filters).find(std::string(range.name) + " must be "), 0u) << fault(filters);
    }
  }
}

TEST(Filters, EqualizerBandsAreNamedByTheirIndex) {
  Filters filters;
  filters.equalizer = {{0, 0.1}, {14, 0.1}, {15, 0.1}};
  EXPECT_EQ(fault(filters), "equalizer[2].band must be 0 to 14, is 15");
  filters.equalizer = {{-1, 0.1}};
  EXPECT_EQ(fault(filters), "equalizer[0].band must be 0 to 14, is -1");
  filters.equalizer = {{3, 1.5}};
  EXPECT_EQ(fault(filters), "equalizer[0].gain must be -0.25 to 1, is 1.5");
  filters.equalizer = {{0, 0.1}, {0, 0.2}};  // as the node: the later one counts
  EXPECT_EQ(fault(filters), "");
}

TEST(Filters, NothingSetIsFine) {
  Filters filters;
  EXPECT_EQ(fault(filters), "");
  filters.karaoke.emplace();
  filters.timescale.emplace();
  filters.equalizer.emplace();
  EXPECT_EQ(fault(filters), "");
}

TEST(Filters, ABuilderSetsOneFilterEach) {
  const auto filters = Filters()
                           .with_volume(0.8)
                           .with_equalizer({{0, 0.2}, {1, 0.1}})
                           .with_karaoke()
                           .with_timescale({1.2, 1.3})
                           .with_tremolo({4.0, 0.6})
                           .with_vibrato({5.0, 0.7})
                           .with_rotation({0.2})
                           .with_distortion({0.0, 0.5})
                           .with_channel_mix({0.5, 0.5, 0.5, 0.5})
                           .with_low_pass({15.0})
                           .with_plugin_filter("echo", JsonText(R"({"delay":1})"));
  EXPECT_EQ(filters.volume, 0.8);
  ASSERT_EQ(filters.equalizer->size(), 2u);
  EXPECT_EQ(filters.equalizer->at(1).gain, 0.1);
  EXPECT_FALSE(filters.karaoke.value().level.has_value());
  EXPECT_EQ(filters.timescale.value().pitch, 1.3);
  EXPECT_FALSE(filters.timescale->rate.has_value());
  EXPECT_EQ(filters.tremolo.value().depth, 0.6);
  EXPECT_EQ(filters.vibrato.value().frequency, 5.0);
  EXPECT_EQ(filters.rotation.value().rotation_hz, 0.2);
  EXPECT_EQ(filters.distortion.value().sin_scale, 0.5);
  EXPECT_EQ(filters.channel_mix.value().right_to_left, 0.5);
  EXPECT_EQ(filters.low_pass.value().smoothing, 15.0);
  EXPECT_EQ(filters.plugin_filters.find("echo")->text, R"({"delay":1})");
  EXPECT_EQ(fault(filters), "");
}

TEST(Filters, ABuilderLeavesWhatItBeginsWithAsItIs) {
  const auto quiet = Filters().with_volume(0.5);
  const auto loud = quiet.with_volume(2);
  EXPECT_EQ(quiet.volume, 0.5);
  EXPECT_EQ(loud.volume, 2.0);
  EXPECT_EQ(fault(loud.with_volume(9)), "volume must be 0 to 5, is 9");
}

TEST(Filters, AreEmptyUntilOneIsSet) {
  Filters filters;
  filters.unknown["answered"] = JsonText("1");
  EXPECT_TRUE(filters.empty());
  EXPECT_FALSE(filters.with_karaoke().empty());
  filters.tremolo = {4.0, 0.6};
  EXPECT_FALSE(filters.empty());
  filters.tremolo.reset();
  EXPECT_TRUE(filters.empty());
  EXPECT_FALSE(filters.with_equalizer({}).empty());
  EXPECT_FALSE(filters.with_plugin_filter("echo", JsonText("{}")).empty());
}

/// One set for each field, none of which a node takes for another.
std::vector<Filters> all_different() {
  std::vector<Filters> result = {{},
                                 Filters().with_volume(1),
                                 Filters().with_volume(0.5),
                                 Filters().with_equalizer({}),
                                 Filters().with_equalizer({{0, 0.1}}),
                                 Filters().with_equalizer({{1, 0.1}}),
                                 Filters().with_karaoke(),
                                 Filters().with_timescale({}),
                                 Filters().with_tremolo(),
                                 Filters().with_vibrato(),
                                 Filters().with_rotation({}),
                                 Filters().with_distortion({}),
                                 Filters().with_channel_mix({}),
                                 Filters().with_low_pass(),
                                 Filters().with_plugin_filter("echo", JsonText("{}")),
                                 Filters().with_plugin_filter("echo", JsonText(R"({"delay":1})")),
                                 Filters().with_plugin_filter("reverb", JsonText("{}"))};
  for (const auto& range : ranges()) {
    if (std::string_view(range.name) == "volume" || std::string_view(range.name) == "equalizer[0].gain") continue;
    Filters filters;
    range.set(filters, 0.75);
    result.push_back(filters);
  }
  return result;
}

TEST(Filters, AreEqualOnlyIfANodeMakesTheSameOfThem) {
  const auto sets = all_different();
  for (std::size_t a = 0; a < sets.size(); ++a) {
    for (std::size_t b = 0; b < sets.size(); ++b) {
      EXPECT_EQ(sets[a] == sets[b], a == b) << a << " and " << b;
      EXPECT_EQ(sets[a] != sets[b], a != b) << a << " and " << b;
    }
  }
}

TEST(Filters, WhatIsAbsentInAFilterIsItsDefault) {
  // As a node answers them: https://lavalink.dev/api/rest#filters
  EXPECT_EQ(Filters().with_karaoke(), Filters().with_karaoke({1.0, 1.0, 220.0, 100.0}));
  EXPECT_EQ(Filters().with_timescale({1.5}), Filters().with_timescale({1.5, 1.0, 1.0}));
  EXPECT_EQ(Filters().with_tremolo(), Filters().with_tremolo({2.0, 0.5}));
  EXPECT_EQ(Filters().with_vibrato(), Filters().with_vibrato({2.0, 0.5}));
  EXPECT_EQ(Filters().with_rotation({}), Filters().with_rotation({0.0}));
  EXPECT_EQ(Filters().with_distortion({}), Filters().with_distortion({0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0}));
  EXPECT_EQ(Filters().with_channel_mix({}), Filters().with_channel_mix({1.0, 0.0, 0.0, 1.0}));
  EXPECT_EQ(Filters().with_low_pass(), Filters().with_low_pass({20.0}));
}

TEST(Filters, NumbersAreComparedAsANodeKeepsThem) {
  EXPECT_EQ(Filters().with_volume(0.123456789), Filters().with_volume(0.12345679));  // a Float's text
  EXPECT_NE(Filters().with_volume(0.1234), Filters().with_volume(0.1235));
  EXPECT_NE(Filters().with_timescale({0.123456789}), Filters().with_timescale({0.12345679}));  // a Double
}

TEST(Filters, AnEqualizerIsItsBandsInAnyOrder) {
  const auto equalizer = [](std::vector<EqualizerBand> bands) { return Filters().with_equalizer(std::move(bands)); };
  EXPECT_EQ(equalizer({{0, 0.1}, {1, 0.2}}), equalizer({{1, 0.2}, {0, 0.1}}));
  EXPECT_EQ(equalizer({{0, 0.1}, {0, 0.2}}), equalizer({{0, 0.2}}));
  EXPECT_EQ(equalizer({{0, 0.1}, {7, 0}}), equalizer({{0, 0.1}}));
  EXPECT_NE(equalizer({{0, 0.2}, {0, 0.1}}), equalizer({{0, 0.2}}));
}

TEST(Filters, PluginsJsonIsComparedByItsMeaning) {
  const auto echo = [](const char* json) { return Filters().with_plugin_filter("echo", JsonText(json)); };
  EXPECT_EQ(echo(R"({"delay":1,"decay":0.5})"), echo(R"( {"decay": 0.50, "delay": 1.0} )"));
  EXPECT_NE(echo(R"({"delay":1})"), echo(R"({"delay":"1"})"));
  EXPECT_EQ(echo("broken"), echo("broken"));
  EXPECT_NE(echo("broken"), echo("broken "));
  EXPECT_NE(echo("broken"), echo("{}"));
  EXPECT_EQ(echo("{}").with_plugin_filter("a", JsonText("1")),
            Filters().with_plugin_filter("a", JsonText("1")).with_plugin_filter("echo", JsonText("{}")));
}

TEST(Filters, WhatANodeAnsweredBesidesDoesNotCount) {
  Filters answered;
  answered.unknown["new"] = JsonText("1");
  EXPECT_EQ(answered, Filters());
}

TEST(Filters, OfTwoSetsTheLaterOneWinsFilterByFilter) {
  const auto merged = Filters()
                          .with_volume(0.5)
                          .with_karaoke({0.5})
                          .with_timescale({1.2, 1.2})
                          .with_plugin_filter("echo", JsonText("1"))
                          .with_plugin_filter("reverb", JsonText("1"))
                          .merged_with(Filters()
                                           .with_timescale({0.8})
                                           .with_rotation({0.2})
                                           .with_plugin_filter("echo", JsonText("2")));
  EXPECT_EQ(merged, Filters()
                        .with_volume(0.5)
                        .with_karaoke({0.5})
                        .with_timescale({0.8})
                        .with_rotation({0.2})
                        .with_plugin_filter("echo", JsonText("2"))
                        .with_plugin_filter("reverb", JsonText("1")));
  EXPECT_FALSE(merged.timescale->pitch.has_value()) << "whole, not field by field";
  for (const auto& set : all_different()) {
    EXPECT_EQ(set.merged_with({}), set);
    EXPECT_EQ(Filters().merged_with(set), set);
    if (set.equalizer) continue;  // its gains are added
    EXPECT_EQ(set.merged_with(set), set);
  }
}

TEST(Filters, TheGainsOfTwoEqualizersAreAdded) {
  const auto equalizer = [](std::vector<EqualizerBand> bands) { return Filters().with_equalizer(std::move(bands)); };
  const auto merged = equalizer({{0, 0.25}, {1, 0.7}, {2, -0.2}, {3, 0.1}}).merged_with(
      equalizer({{14, 0.3}, {0, 0.25}, {1, 0.7}, {2, -0.2}}));
  EXPECT_EQ(merged, equalizer({{0, 0.5}, {1, 1.0}, {2, -0.25}, {3, 0.1}, {14, 0.3}}));
  EXPECT_EQ(fault(merged), "");
  const auto odd = equalizer({{15, 0.1}}).merged_with(equalizer({{0, 0.1}}));
  EXPECT_NE(fault(odd), "") << "a mistake stays one";
}

}  // namespace
}  // namespace lavapp::lavalink
