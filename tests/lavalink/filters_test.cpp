#include "lavapp/lavalink/filters.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

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

}  // namespace
}  // namespace lavapp::lavalink
