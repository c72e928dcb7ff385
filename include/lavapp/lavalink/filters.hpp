// Filters: what a node does to the sound. https://lavalink.dev/api/rest#filters
#pragma once

#include <string>
#include <vector>

#include "lavapp/core/json_text.hpp"
#include "lavapp/core/optional.hpp"
#include "lavapp/core/result.hpp"

namespace lavapp::lavalink {

/// One band of the equalizer.
struct EqualizerBand {
  int band = 0;       ///< 0 to 14: 25, 40, 63, 100, 160, 250, 400, 630 Hz, 1, 1.6, 2.5, 4, 6.3, 10, 16 kHz
  double gain = 0.0;  ///< -0.25 (silent) to 1.0; 0 leaves the band alone
};
/// Takes out a band of the spectrum: the singer's, usually.
struct Karaoke {
  Optional<double> level = {};         ///< 0 to 1
  Optional<double> mono_level = {};    ///< 0 to 1
  Optional<double> filter_band = {};   ///< Hz, more than 0
  Optional<double> filter_width = {};  ///< Hz, more than 0
};
struct Timescale {
  Optional<double> speed = {};  ///< more than 0; 1 is normal
  Optional<double> pitch = {};  ///< more than 0
  Optional<double> rate = {};   ///< more than 0
};
/// Shakes the volume.
struct Tremolo {
  Optional<double> frequency = {};  ///< Hz, more than 0
  Optional<double> depth = {};      ///< more than 0, to 1
};
/// Shakes the pitch.
struct Vibrato {
  Optional<double> frequency = {};  ///< Hz, more than 0, to 14
  Optional<double> depth = {};      ///< more than 0, to 1
};
/// Turns the sound around the listener ("8D").
struct Rotation {
  Optional<double> rotation_hz = {};  ///< any finite number
};
/// Each any finite number.
struct Distortion {
  Optional<double> sin_offset = {};
  Optional<double> sin_scale = {};
  Optional<double> cos_offset = {};
  Optional<double> cos_scale = {};
  Optional<double> tan_offset = {};
  Optional<double> tan_scale = {};
  Optional<double> offset = {};
  Optional<double> scale = {};
};
/// How much of each channel goes into each, 0 to 1.
struct ChannelMix {
  Optional<double> left_to_left = {};
  Optional<double> left_to_right = {};
  Optional<double> right_to_left = {};
  Optional<double> right_to_right = {};
};
struct LowPass {
  Optional<double> smoothing = {};  ///< any finite number; at most 1 turns it off
};

/// The whole set of a player's filters: sending it replaces what was there; an empty one turns everything off.
/// A node checks no ranges, and some bad values kill the track, so they are checked here before anything is sent.
struct Filters {
  Optional<double> volume = {};  ///< 0 to 5; 1 is normal
  Optional<std::vector<EqualizerBand>> equalizer = {};
  Optional<Karaoke> karaoke = {};
  Optional<Timescale> timescale = {};
  Optional<Tremolo> tremolo = {};
  Optional<Vibrato> vibrato = {};
  Optional<Rotation> rotation = {};
  Optional<Distortion> distortion = {};
  Optional<ChannelMix> channel_mix = {};
  Optional<LowPass> low_pass = {};
  /// Filters of plugins, by name, as JSON.
  JsonFields plugin_filters = {};
  /// Whatever a node answered that has no place above, by name, as JSON; never sent.
  JsonFields unknown = {};

  /// Checks every range. Errors: `invalid_argument`, whose message names the field as the docs spell it
  /// ("equalizer[2].band must be 0 to 14, is 15").
  Result<void> validate() const;
};

}  // namespace lavapp::lavalink
