#include "lavapp/lavalink/filter_presets.hpp"

#include <algorithm>
#include <string>

namespace lavapp::lavalink::presets {
namespace {

/// Gains of the bands from 25 Hz on; those at the end that are not named stay as they are.
Filters equalizer(std::initializer_list<double> gains) {
  std::vector<EqualizerBand> bands;
  for (const double gain : gains) bands.push_back({static_cast<int>(bands.size()), gain});
  return Filters().with_equalizer(std::move(bands));
}

template <BassBoost level>
Filters bass() {
  return bass_boost(level);
}
Filters medium_bass() { return bass_boost(); }

/// As find() compares names.
std::string plain(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (c == ' ' || c == '-' || c == '_') continue;
    result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return result;
}

struct Alias {
  std::string_view other, name;
};
constexpr Alias kAliases[] = {
    {"bass", "bassboost"},    {"treble", "trebleboost"}, {"eightd", "8d"},         {"rotation", "8d"},
    {"classic", "classical"}, {"slowmo", "slowmotion"},  {"vader", "darthvader"},
};

}  // namespace

Filters bass_boost(BassBoost level) {
  switch (level) {
    case BassBoost::off:
      return {};
    case BassBoost::low:
      return equalizer({0.10, 0.10, 0.08, 0.05, 0.02});
    case BassBoost::medium:
      return equalizer({0.20, 0.18, 0.14, 0.08, 0.02});
    case BassBoost::high:
      return equalizer({0.35, 0.32, 0.25, 0.15, 0.05});
    case BassBoost::extreme:
      return equalizer({0.60, 0.55, 0.45, 0.25, 0.10});
  }
  return {};
}

Filters treble_boost() { return equalizer({0, 0, 0, 0, 0, 0, 0, 0, 0, 0.05, 0.10, 0.15, 0.18, 0.20, 0.20}); }
Filters treble_bass() {
  return equalizer({0.20, 0.18, 0.14, 0.08, 0.02, 0, 0, 0, 0, 0.05, 0.10, 0.15, 0.18, 0.20, 0.20});
}
Filters full_sound() {
  return equalizer({0.12, 0.12, 0.10, 0.08, 0.04, 0, -0.02, -0.02, 0, 0.04, 0.06, 0.08, 0.10, 0.12, 0.12});
}
Filters soft() { return equalizer({0, 0, 0, 0, 0, 0, 0, 0, -0.04, -0.07, -0.10, -0.13, -0.16, -0.18, -0.20}); }
Filters pop() {
  return equalizer({-0.04, -0.03, 0, 0.03, 0.06, 0.09, 0.11, 0.12, 0.11, 0.09, 0.06, 0.03, 0, -0.02, -0.03});
}
Filters rock() {
  return equalizer({0.16, 0.15, 0.12, 0.08, 0.03, -0.03, -0.06, -0.06, -0.03, 0.02, 0.06, 0.09, 0.12, 0.13, 0.13});
}
Filters classical() {
  return equalizer({0.10, 0.09, 0.08, 0.06, 0.04, 0.02, 0, 0, -0.02, -0.02, 0, 0.04, 0.06, 0.08, 0.09});
}
Filters jazz() { return equalizer({0.10, 0.09, 0.07, 0.04, 0.02, 0, -0.04, -0.04, 0, 0.03, 0.05, 0.07, 0.09, 0.10, 0.10}); }
Filters electronic() {
  return equalizer({0.22, 0.20, 0.15, 0.08, 0, -0.04, -0.05, -0.02, 0.02, 0.05, 0.08, 0.12, 0.16, 0.18, 0.18});
}
Filters party() {
  return equalizer({0.25, 0.24, 0.20, 0.12, 0.05, 0, 0, 0, 0.02, 0.05, 0.08, 0.10, 0.14, 0.16, 0.16});
}
Filters gaming() {
  return equalizer({0.12, 0.11, 0.08, 0.03, 0, -0.04, -0.04, 0, 0.04, 0.08, 0.12, 0.14, 0.12, 0.10, 0.08});
}
Filters vocal() {
  return equalizer({-0.12, -0.10, -0.08, -0.05, 0, 0.04, 0.08, 0.12, 0.15, 0.15, 0.12, 0.08, 0.03, -0.03, -0.06});
}
Filters radio() {
  return equalizer({-0.25, -0.25, -0.22, -0.18, -0.12, -0.05, 0.05, 0.15, 0.20, 0.20, 0.12, 0, -0.12, -0.20, -0.25});
}

Filters nightcore() { return Filters().with_timescale({1.2, 1.2, 1.0}); }
Filters daycore() { return Filters().with_timescale({0.9, 0.9, 1.0}); }
Filters vaporwave() { return Filters().with_timescale({0.85, 0.8, 1.0}); }
Filters lofi() { return Filters().with_timescale({0.95, 0.95, 1.0}).with_low_pass({12.0}); }
Filters double_time() { return Filters().with_timescale({2.0, 1.0, 1.0}); }
Filters slow_motion() { return Filters().with_timescale({0.7, 1.0, 1.0}); }
Filters chipmunk() { return Filters().with_timescale({1.0, 1.6, 1.0}); }
Filters darth_vader() { return Filters().with_timescale({1.0, 0.6, 1.0}); }

Filters eight_d() { return Filters().with_rotation({0.2}); }
Filters mono() { return Filters().with_channel_mix({0.5, 0.5, 0.5, 0.5}); }
Filters karaoke() { return Filters().with_karaoke({1.0, 1.0, 220.0, 100.0}); }
Filters tremolo() { return Filters().with_tremolo({4.0, 0.6}); }
Filters vibrato() { return Filters().with_vibrato({4.0, 0.6}); }
Filters low_pass() { return Filters().with_low_pass({20.0}); }
Filters underwater() { return Filters().with_low_pass({80.0}); }
Filters distortion() { return Filters().with_distortion({0.0, 0.6, 0.0, 0.6, 0.0, 0.6, 0.0, 1.0}); }

const std::vector<Preset>& all() {
  static const std::vector<Preset> presets = {
      {"bass_boost", "more of the low bands", medium_bass},
      {"bass_boost_low", "a little more of the low bands", bass<BassBoost::low>},
      {"bass_boost_medium", "more of the low bands", bass<BassBoost::medium>},
      {"bass_boost_high", "much more of the low bands", bass<BassBoost::high>},
      {"bass_boost_extreme", "so much of the low bands that it distorts", bass<BassBoost::extreme>},
      {"treble_boost", "more of the high bands", treble_boost},
      {"treble_bass", "more of the low and the high bands", treble_bass},
      {"full_sound", "fuller", full_sound},
      {"soft", "less of what is sharp", soft},
      {"pop", "for pop", pop},
      {"rock", "for rock", rock},
      {"classical", "for classical music", classical},
      {"jazz", "for jazz", jazz},
      {"electronic", "for electronic music", electronic},
      {"party", "loud lows and clear highs", party},
      {"gaming", "steps and voices in front", gaming},
      {"vocal", "speech in front", vocal},
      {"radio", "as from a small speaker", radio},
      {"nightcore", "faster and higher", nightcore},
      {"daycore", "slower and deeper", daycore},
      {"vaporwave", "slower, and deeper still", vaporwave},
      {"lofi", "a little slower, and dull", lofi},
      {"double_time", "twice as fast, same pitch", double_time},
      {"slow_motion", "slower, same pitch", slow_motion},
      {"chipmunk", "higher, same speed", chipmunk},
      {"darth_vader", "deeper, same speed", darth_vader},
      {"8d", "turns around the listener", eight_d},
      {"mono", "both ears hear the same", mono},
      {"karaoke", "takes the singer out", karaoke},
      {"tremolo", "shakes the volume", tremolo},
      {"vibrato", "shakes the pitch", vibrato},
      {"low_pass", "cuts the high frequencies", low_pass},
      {"underwater", "cuts all but the low frequencies", underwater},
      {"distortion", "harsh", distortion},
  };
  return presets;
}

const Preset* find(std::string_view name) {
  auto wanted = plain(name);
  const auto alias = std::find_if(std::begin(kAliases), std::end(kAliases), [&](const Alias& a) { return a.other == wanted; });
  if (alias != std::end(kAliases)) wanted = alias->name;
  const auto found = std::find_if(all().begin(), all().end(), [&](const Preset& p) { return plain(p.name) == wanted; });
  return found == all().end() ? nullptr : &*found;
}

}  // namespace lavapp::lavalink::presets
