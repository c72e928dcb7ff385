// Filter presets: sounds that bots offer by name. Each is a set of filters to send as it is, or to build on with
// Filters::merged_with.
#pragma once

#include <string_view>
#include <vector>

#include "lavapp/lavalink/filters.hpp"

namespace lavapp::lavalink::presets {

enum class BassBoost { off, low, medium, high, extreme };

// Equalizers.
/// More of 25 to 160 Hz. `off` is the empty set; `extreme` distorts.
Filters bass_boost(BassBoost level = BassBoost::medium);
Filters treble_boost();
Filters treble_bass();  ///< both ends
Filters full_sound();   ///< a little of everything but the middle
Filters soft();         ///< less of what is sharp
Filters pop();
Filters rock();
Filters classical();
Filters jazz();
Filters electronic();
Filters party();
Filters gaming();
Filters vocal();  ///< speech in front
Filters radio();  ///< as from a small speaker

// Speed and pitch.
Filters nightcore();    ///< faster and higher
Filters daycore();      ///< slower and deeper, like a record that is played too slowly
Filters vaporwave();    ///< slower, and deeper still
Filters lofi();         ///< a little slower, and dull
Filters double_time();  ///< twice as fast, the same pitch
Filters slow_motion();  ///< slower, the same pitch
Filters chipmunk();     ///< higher, the same speed
Filters darth_vader();  ///< deeper, the same speed

// Space and movement.
Filters eight_d();  ///< turns around the listener
Filters mono();     ///< both ears hear the same
Filters karaoke();  ///< takes the singer out
Filters tremolo();  ///< shakes the volume
Filters vibrato();  ///< shakes the pitch
Filters low_pass();    ///< cuts the high frequencies
Filters underwater();  ///< cuts all but the low ones
Filters distortion();

/// A preset as a command names it.
struct Preset {
  std::string_view name;         ///< "bass_boost_low", "8d"
  std::string_view description;  ///< for people, in a few words
  Filters (*make)();
};

/// Every preset above, bass_boost in its four steps and as "bass_boost", which is the medium one.
const std::vector<Preset>& all();

/// The preset of this name, or nullptr. Upper and lower case are the same, and spaces, hyphens and underscores do not count:
/// "Bass Boost", "bassboost", "bass_boost". A few other names are known, too: "bass", "treble", "eight_d".
const Preset* find(std::string_view name);

}  // namespace lavapp::lavalink::presets
