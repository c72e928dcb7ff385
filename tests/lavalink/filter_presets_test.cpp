#include "lavapp/lavalink/filter_presets.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace lavapp::lavalink {
namespace {

using presets::BassBoost;

TEST(FilterPresets, EachIsASetThatANodeTakes) {
  for (const auto& preset : presets::all()) {
    const auto filters = preset.make();
    EXPECT_FALSE(filters.empty()) << preset.name;
    const auto valid = filters.validate();
    EXPECT_TRUE(valid.has_value()) << preset.name << ": " << (valid ? "" : valid.error().message);
    EXPECT_TRUE(filters.plugin_filters.empty()) << preset.name << " needs a plugin";
  }
}

TEST(FilterPresets, EachSoundsDifferent) {
  for (const auto& a : presets::all()) {
    for (const auto& b : presets::all()) {
      if (&a == &b) continue;
      // One sound has two names.
      const auto is_medium_bass = [](std::string_view name) { return name == "bass_boost" || name == "bass_boost_medium"; };
      const bool same = is_medium_bass(a.name) && is_medium_bass(b.name);
      EXPECT_EQ(a.make() == b.make(), same) << a.name << " and " << b.name;
    }
  }
}

TEST(FilterPresets, BassBoostGrowsInSteps) {
  EXPECT_TRUE(presets::bass_boost(BassBoost::off).empty());
  EXPECT_EQ(presets::bass_boost(), presets::bass_boost(BassBoost::medium));
  double before = 0;
  for (const auto level : {BassBoost::low, BassBoost::medium, BassBoost::high, BassBoost::extreme}) {
    const auto filters = presets::bass_boost(level);
    EXPECT_EQ(filters.equalizer.value().front().band, 0);
    EXPECT_GT(filters.equalizer->front().gain, before);
    before = filters.equalizer->front().gain;
    for (const auto& band : *filters.equalizer) EXPECT_LE(band.band, 4) << "the rest stays as it is";
  }
}

TEST(FilterPresets, AreWhatTheirNamesSay) {
  EXPECT_GT(*presets::nightcore().timescale->speed, 1.0);
  EXPECT_GT(*presets::nightcore().timescale->pitch, 1.0);
  EXPECT_LT(*presets::vaporwave().timescale->speed, 1.0);
  EXPECT_LT(*presets::vaporwave().timescale->pitch, 1.0);
  EXPECT_EQ(presets::double_time().timescale->speed, 2.0);
  EXPECT_EQ(presets::double_time().timescale->pitch, 1.0);
  EXPECT_LT(*presets::slow_motion().timescale->speed, 1.0);
  EXPECT_EQ(presets::chipmunk().timescale->speed, 1.0);
  EXPECT_GT(*presets::chipmunk().timescale->pitch, 1.0);
  EXPECT_LT(*presets::darth_vader().timescale->pitch, 1.0);
  EXPECT_GT(*presets::eight_d().rotation->rotation_hz, 0.0);
  EXPECT_GT(*presets::low_pass().low_pass->smoothing, 1.0) << "1 and less is off";
  const auto mono = presets::mono().channel_mix.value();
  EXPECT_EQ(*mono.left_to_left + *mono.right_to_left, 1.0);
  EXPECT_EQ(*mono.left_to_left, *mono.right_to_right);
  EXPECT_EQ(*mono.left_to_right, *mono.right_to_left);
}

TEST(FilterPresets, NamesAreForCommands) {
  std::set<std::string_view> names;
  for (const auto& preset : presets::all()) {
    EXPECT_TRUE(names.insert(preset.name).second) << preset.name;
    EXPECT_FALSE(preset.description.empty()) << preset.name;
    EXPECT_EQ(preset.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), preset.name.npos) << preset.name;
    EXPECT_LE(preset.name.size(), 32u) << "Discord's limit for an option's name";
    EXPECT_EQ(presets::find(preset.name), &preset);
  }
}

TEST(FilterPresets, AreFoundAsPeopleWriteThem) {
  const auto name = [](std::string_view text) {
    const auto* preset = presets::find(text);
    return preset ? std::string(preset->name) : "";
  };
  EXPECT_EQ(name("Bass Boost"), "bass_boost");
  EXPECT_EQ(name("bassboost"), "bass_boost");
  EXPECT_EQ(name("BASS-BOOST high"), "bass_boost_high");
  EXPECT_EQ(name("bass"), "bass_boost");
  EXPECT_EQ(name("Treble"), "treble_boost");
  EXPECT_EQ(name("8D"), "8d");
  EXPECT_EQ(name("eight_d"), "8d");
  EXPECT_EQ(name("doubletime"), "double_time");
  EXPECT_EQ(name("DarthVader"), "darth_vader");
  EXPECT_EQ(name("slowmo"), "slow_motion");
  EXPECT_EQ(name("classic"), "classical");
  for (const auto* none : {"", "off", "autotune", "bass_boost_off", "nightcor"}) EXPECT_EQ(name(none), "") << none;
}

TEST(FilterPresets, AreMerged) {
  const auto both = presets::nightcore().merged_with(presets::bass_boost()).merged_with(presets::treble_boost());
  EXPECT_EQ(both, presets::treble_bass().merged_with(presets::nightcore()));
}

}  // namespace
}  // namespace lavapp::lavalink
