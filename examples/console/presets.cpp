#include "presets.hpp"

#include <algorithm>

namespace console {
namespace {

using namespace lavapp::lavalink;

Filters bassboost() { return {.equalizer = {{{0, 0.2}, {1, 0.18}, {2, 0.14}, {3, 0.08}, {4, 0.02}}}}; }
Filters treble() { return {.equalizer = {{{9, 0.05}, {10, 0.1}, {11, 0.15}, {12, 0.18}, {13, 0.2}, {14, 0.2}}}}; }
Filters nightcore() { return {.timescale = Timescale{.speed = 1.2, .pitch = 1.2, .rate = 1.0}}; }
Filters vaporwave() { return {.timescale = Timescale{.speed = 0.85, .pitch = 0.8, .rate = 1.0}}; }
Filters doubletime() { return {.timescale = Timescale{.speed = 2.0, .pitch = 1.0, .rate = 1.0}}; }
Filters karaoke() {
  return {.karaoke = Karaoke{.level = 1.0, .mono_level = 1.0, .filter_band = 220.0, .filter_width = 100.0}};
}
Filters around() { return {.rotation = Rotation{.rotation_hz = 0.2}}; }
Filters tremolo() { return {.tremolo = Tremolo{.frequency = 4.0, .depth = 0.6}}; }
Filters vibrato() { return {.vibrato = Vibrato{.frequency = 4.0, .depth = 0.6}}; }
Filters distortion() {
  return {.distortion = Distortion{.sin_offset = 0.0,
                                   .sin_scale = 0.6,
                                   .cos_offset = 0.0,
                                   .cos_scale = 0.6,
                                   .tan_offset = 0.0,
                                   .tan_scale = 0.6,
                                   .offset = 0.0,
                                   .scale = 1.0}};
}
Filters mono() {
  return {.channel_mix =
              ChannelMix{.left_to_left = 0.5, .left_to_right = 0.5, .right_to_left = 0.5, .right_to_right = 0.5}};
}
Filters soft() { return {.low_pass = LowPass{.smoothing = 20.0}}; }

}  // namespace

const std::vector<Preset>& presets() {
  static const std::vector<Preset> all = {
      {"bassboost", "more of the low bands", bassboost},
      {"treble", "more of the high bands", treble},
      {"nightcore", "faster and higher", nightcore},
      {"vaporwave", "slower and deeper", vaporwave},
      {"doubletime", "twice as fast, same pitch", doubletime},
      {"8d", "turns around the listener", around},
      {"karaoke", "takes the singer out", karaoke},
      {"tremolo", "shakes the volume", tremolo},
      {"vibrato", "shakes the pitch", vibrato},
      {"distortion", "harsh", distortion},
      {"mono", "both ears hear the same", mono},
      {"soft", "cuts the high frequencies", soft},
  };
  return all;
}

const Preset* find_preset(std::string_view name) {
  const auto found = std::find_if(presets().begin(), presets().end(), [&](const Preset& p) { return p.name == name; });
  return found == presets().end() ? nullptr : &*found;
}

}  // namespace console
