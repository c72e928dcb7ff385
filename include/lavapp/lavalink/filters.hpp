// Filters: what a node does to the sound. https://lavalink.dev/api/rest#filters
#pragma once

#include <string>
#include <string_view>
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
// What is absent in a filter that is set has a node's default, given in brackets.

/// Takes out a band of the spectrum: the singer's, usually.
struct Karaoke {
  Optional<double> level = {};         ///< 0 to 1 [1]
  Optional<double> mono_level = {};    ///< 0 to 1 [1]
  Optional<double> filter_band = {};   ///< Hz, more than 0 [220]
  Optional<double> filter_width = {};  ///< Hz, more than 0 [100]
};
struct Timescale {
  Optional<double> speed = {};  ///< more than 0; 1 is normal [1]
  Optional<double> pitch = {};  ///< more than 0 [1]
  Optional<double> rate = {};   ///< more than 0: speed and pitch together [1]
};
/// Shakes the volume.
struct Tremolo {
  Optional<double> frequency = {};  ///< Hz, more than 0 [2]
  Optional<double> depth = {};      ///< more than 0, to 1 [0.5]
};
/// Shakes the pitch.
struct Vibrato {
  Optional<double> frequency = {};  ///< Hz, more than 0, to 14 [2]
  Optional<double> depth = {};      ///< more than 0, to 1 [0.5]
};
/// Turns the sound around the listener ("8D").
struct Rotation {
  Optional<double> rotation_hz = {};  ///< any finite number [0]
};
/// Each any finite number [offsets 0, scales 1].
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
/// How much of each channel goes into each, 0 to 1 [left to left and right to right 1, the others 0].
struct ChannelMix {
  Optional<double> left_to_left = {};
  Optional<double> left_to_right = {};
  Optional<double> right_to_left = {};
  Optional<double> right_to_right = {};
};
struct LowPass {
  Optional<double> smoothing = {};  ///< any finite number; at most 1 turns it off [20]
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
  /// Whether no filter is set; `unknown` does not count.
  bool empty() const noexcept;

  // A set with one filter more, in place of the one of that kind: Filters().with_volume(0.8).with_timescale({1.2, 1.2}).
  // A filter made of {} has a node's defaults.
  [[nodiscard]] Filters with_volume(double value) const;
  [[nodiscard]] Filters with_equalizer(std::vector<EqualizerBand> bands) const;
  [[nodiscard]] Filters with_karaoke(Karaoke filter = {}) const;
  [[nodiscard]] Filters with_timescale(Timescale filter) const;
  [[nodiscard]] Filters with_tremolo(Tremolo filter = {}) const;
  [[nodiscard]] Filters with_vibrato(Vibrato filter = {}) const;
  [[nodiscard]] Filters with_rotation(Rotation filter) const;
  [[nodiscard]] Filters with_distortion(Distortion filter) const;
  [[nodiscard]] Filters with_channel_mix(ChannelMix filter) const;
  [[nodiscard]] Filters with_low_pass(LowPass filter = {}) const;
  /// \param value  JSON, as the plugin wants it
  [[nodiscard]] Filters with_plugin_filter(std::string_view name, JsonText value) const;

  /// Both sets in one. Of a filter that both have, `later`'s counts, whole; but the gains of two equalizers are added, band
  /// by band, within -0.25 to 1.
  [[nodiscard]] Filters merged_with(const Filters& later) const;

  /// Whether a node makes the same of both: what is absent in a filter counts as its default, the bands of an equalizer in
  /// any order, numbers with a node's precision (32 bits, timescale and rotation 64), plugins' JSON by its meaning. A filter
  /// that is absent equals only an absent one. `unknown` does not count.
  friend bool operator==(const Filters& a, const Filters& b);
  friend bool operator!=(const Filters& a, const Filters& b) { return !(a == b); }
};

}  // namespace lavapp::lavalink
