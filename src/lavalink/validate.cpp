// The ranges of https://lavalink.dev/api/rest#filters and #update-player, checked before anything is sent: a node
// checks few of them, and some bad values kill the track that plays.
#include <cmath>
#include <sstream>

#include "lavapp/lavalink/player_types.hpp"

namespace lavapp::lavalink {
namespace {

Error invalid(const std::string& field, const std::string& what) {
  return Error(Errc::invalid_argument, field + " " + what);
}

template <class T>
std::string print(T value) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out << value;
  return out.str();
}

/// The first fault found, field by field, with the path of the object that the fields are in.
class Checker {
 public:
  explicit Checker(std::string path) : path_(std::move(path)) {}

  Checker& finite(const char* field, std::optional<double> value) {
    return check(field, value, "must be a finite number", [](double) { return true; });
  }
  Checker& between(const char* field, std::optional<double> value, double least, double most) {
    return check(field, value, "must be " + print(least) + " to " + print(most),
                 [=](double v) { return v >= least && v <= most; });
  }
  Checker& above(const char* field, std::optional<double> value, double bound) {
    return check(field, value, "must be more than " + print(bound), [=](double v) { return v > bound; });
  }
  Checker& above_to(const char* field, std::optional<double> value, double bound, double most) {
    return check(field, value, "must be more than " + print(bound) + ", to " + print(most),
                 [=](double v) { return v > bound && v <= most; });
  }
  std::optional<Error> fault() const { return fault_; }

 private:
  template <class Good>
  Checker& check(const char* field, std::optional<double> value, const std::string& range, Good good) {
    if (!fault_ && value && !(std::isfinite(*value) && good(*value))) {
      fault_ = invalid(path_ + field, range + ", is " + print(*value));
    }
    return *this;
  }

  std::string path_;
  std::optional<Error> fault_;
};

using Fault = std::optional<Error>;

Fault check(const std::string& path, const std::vector<EqualizerBand>& bands) {
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const auto element = path + "[" + std::to_string(i) + "].";
    if (bands[i].band < 0 || bands[i].band > 14) {
      return invalid(element + "band", "must be 0 to 14, is " + std::to_string(bands[i].band));
    }
    if (auto fault = Checker(element).between("gain", bands[i].gain, -0.25, 1).fault()) return fault;
  }
  return {};  // a band twice is fine: the node takes the later one
}
Fault check(const std::string& path, const Karaoke& f) {
  return Checker(path + ".")
      .between("level", f.level, 0, 1)
      .between("monoLevel", f.mono_level, 0, 1)
      .above("filterBand", f.filter_band, 0)
      .above("filterWidth", f.filter_width, 0)
      .fault();
}
Fault check(const std::string& path, const Timescale& f) {
  return Checker(path + ".").above("speed", f.speed, 0).above("pitch", f.pitch, 0).above("rate", f.rate, 0).fault();
}
Fault check(const std::string& path, const Tremolo& f) {
  return Checker(path + ".").above("frequency", f.frequency, 0).above_to("depth", f.depth, 0, 1).fault();
}
Fault check(const std::string& path, const Vibrato& f) {
  return Checker(path + ".").above_to("frequency", f.frequency, 0, 14).above_to("depth", f.depth, 0, 1).fault();
}
Fault check(const std::string& path, const Rotation& f) {
  return Checker(path + ".").finite("rotationHz", f.rotation_hz).fault();
}
Fault check(const std::string& path, const Distortion& f) {
  return Checker(path + ".")
      .finite("sinOffset", f.sin_offset)
      .finite("sinScale", f.sin_scale)
      .finite("cosOffset", f.cos_offset)
      .finite("cosScale", f.cos_scale)
      .finite("tanOffset", f.tan_offset)
      .finite("tanScale", f.tan_scale)
      .finite("offset", f.offset)
      .finite("scale", f.scale)
      .fault();
}
Fault check(const std::string& path, const ChannelMix& f) {
  return Checker(path + ".")
      .between("leftToLeft", f.left_to_left, 0, 1)
      .between("leftToRight", f.left_to_right, 0, 1)
      .between("rightToLeft", f.right_to_left, 0, 1)
      .between("rightToRight", f.right_to_right, 0, 1)
      .fault();
}
Fault check(const std::string& path, const LowPass& f) {
  return Checker(path + ".").finite("smoothing", f.smoothing).fault();
}

Fault check_filters(const std::string& prefix, const Filters& f) {
  if (auto fault = Checker(prefix).between("volume", f.volume, 0, 5).fault()) return fault;
  Fault fault;
  const auto each = [&](const char* name, const auto& filter) {
    if (!fault && filter) fault = check(prefix + name, *filter);
  };
  each("equalizer", f.equalizer);
  each("karaoke", f.karaoke);
  each("timescale", f.timescale);
  each("tremolo", f.tremolo);
  each("vibrato", f.vibrato);
  each("rotation", f.rotation);
  each("distortion", f.distortion);
  each("channelMix", f.channel_mix);
  each("lowPass", f.low_pass);
  return fault;
}

Fault check_track(const TrackUpdate& track) {
  if (track.encoded.present() && track.identifier) {
    return invalid("track", "must have encoded or identifier, not both");
  }
  if (track.encoded.present() && !track.encoded.is_null() && track.encoded.value().empty()) {
    return invalid("track.encoded", "must not be empty; null stops the player");
  }
  if (track.identifier && track.identifier->empty()) return invalid("track.identifier", "must not be empty");
  return {};
}

Fault check_voice(const VoiceState& voice) {
  if (voice.token.empty()) return invalid("voice.token", "must not be empty");
  if (voice.endpoint.empty()) return invalid("voice.endpoint", "must not be empty");
  if (voice.session_id.empty()) return invalid("voice.sessionId", "must not be empty");
  if (!voice.channel_id) return invalid("voice.channelId", "must not be absent");
  if (*voice.channel_id == Snowflake()) return invalid("voice.channelId", "must not be 0");
  return {};
}

}  // namespace

Result<void> Filters::validate() const {
  if (auto fault = check_filters("", *this)) return *std::move(fault);
  return {};
}

Result<void> PlayerUpdateRequest::validate() const {
  if (track) {
    if (auto fault = check_track(*track)) return *std::move(fault);
  }
  if (position && position->count() < 0) {
    return invalid("position", "must be 0 or more, is " + std::to_string(position->count()));
  }
  if (end_time.present() && !end_time.is_null() && end_time.value().count() <= 0) {
    return invalid("endTime", "must be more than 0, is " + std::to_string(end_time.value().count()));
  }
  if (volume && (*volume < 0 || *volume > 1000)) {
    return invalid("volume", "must be 0 to 1000, is " + std::to_string(*volume));
  }
  if (filters) {
    if (auto fault = check_filters("filters.", *filters)) return *std::move(fault);
  }
  if (voice) {
    if (auto fault = check_voice(*voice)) return *std::move(fault);
  }
  return {};
}

}  // namespace lavapp::lavalink
