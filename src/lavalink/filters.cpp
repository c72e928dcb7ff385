#include "lavapp/lavalink/filters.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <nlohmann/json.hpp>

namespace lavapp::lavalink {
namespace {

// --- What a node makes of a filter ---

using Gains = std::map<int, double>;

/// Of a band that is given twice a node takes the later gain.
Gains gains(const std::vector<EqualizerBand>& bands) {
  Gains result;
  for (const auto& [band, gain] : bands) result[band] = gain;
  return result;
}

/// A node keeps most numbers in 32 bits.
bool same(const Optional<double>& a, const Optional<double>& b, double otherwise) {
  return static_cast<float>(a.value_or(otherwise)) == static_cast<float>(b.value_or(otherwise));
}
bool same_exactly(const Optional<double>& a, const Optional<double>& b, double otherwise) {
  return a.value_or(otherwise) == b.value_or(otherwise);
}

bool same(const std::vector<EqualizerBand>& a, const std::vector<EqualizerBand>& b) {
  auto in_a = gains(a), in_b = gains(b);
  for (const auto& [band, gain] : in_a) in_b.try_emplace(band, 0.0);
  for (const auto& [band, gain] : in_b) in_a.try_emplace(band, 0.0);
  return std::equal(in_a.begin(), in_a.end(), in_b.begin(), in_b.end(), [](const auto& x, const auto& y) {
    return x.first == y.first && static_cast<float>(x.second) == static_cast<float>(y.second);
  });
}
bool same(const Karaoke& a, const Karaoke& b) {
  return same(a.level, b.level, 1) && same(a.mono_level, b.mono_level, 1) && same(a.filter_band, b.filter_band, 220) &&
         same(a.filter_width, b.filter_width, 100);
}
bool same(const Timescale& a, const Timescale& b) {
  return same_exactly(a.speed, b.speed, 1) && same_exactly(a.pitch, b.pitch, 1) && same_exactly(a.rate, b.rate, 1);
}
bool same(const Tremolo& a, const Tremolo& b) { return same(a.frequency, b.frequency, 2) && same(a.depth, b.depth, 0.5); }
bool same(const Vibrato& a, const Vibrato& b) { return same(a.frequency, b.frequency, 2) && same(a.depth, b.depth, 0.5); }
bool same(const Rotation& a, const Rotation& b) { return same_exactly(a.rotation_hz, b.rotation_hz, 0); }
bool same(const Distortion& a, const Distortion& b) {
  return same(a.sin_offset, b.sin_offset, 0) && same(a.sin_scale, b.sin_scale, 1) && same(a.cos_offset, b.cos_offset, 0) &&
         same(a.cos_scale, b.cos_scale, 1) && same(a.tan_offset, b.tan_offset, 0) && same(a.tan_scale, b.tan_scale, 1) &&
         same(a.offset, b.offset, 0) && same(a.scale, b.scale, 1);
}
bool same(const ChannelMix& a, const ChannelMix& b) {
  return same(a.left_to_left, b.left_to_left, 1) && same(a.left_to_right, b.left_to_right, 0) &&
         same(a.right_to_left, b.right_to_left, 0) && same(a.right_to_right, b.right_to_right, 1);
}
bool same(const LowPass& a, const LowPass& b) { return same(a.smoothing, b.smoothing, 20); }

template <class Filter>
bool same(const Optional<Filter>& a, const Optional<Filter>& b) {
  return a.has_value() == b.has_value() && (!a || same(*a, *b));
}

/// What is no JSON equals only itself.
bool same(const JsonText& a, const JsonText& b) {
  if (a == b) return true;
  const auto in_a = nlohmann::json::parse(a.text, nullptr, false), in_b = nlohmann::json::parse(b.text, nullptr, false);
  return !in_a.is_discarded() && !in_b.is_discarded() && in_a == in_b;
}

bool same(const JsonFields& a, const JsonFields& b) {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const JsonFields::Field& field) {
           const auto* other = b.find(field.name);
           return other && same(field.value, *other);
         });
}

std::vector<EqualizerBand> sum(const std::vector<EqualizerBand>& a, const std::vector<EqualizerBand>& b) {
  auto total = gains(a);
  for (const auto& [band, gain] : gains(b)) {
    const auto [place, only_in_b] = total.try_emplace(band, gain);
    if (!only_in_b) place->second = std::clamp(place->second + gain, -0.25, 1.0);
  }
  std::vector<EqualizerBand> result;
  for (const auto& [band, gain] : total) result.push_back({band, gain});
  return result;
}

template <class Value>
Filters with(Filters filters, Optional<Value> Filters::*filter, Value value) {
  filters.*filter = std::move(value);
  return filters;
}

}  // namespace

bool Filters::empty() const noexcept {
  return !volume && !equalizer && !karaoke && !timescale && !tremolo && !vibrato && !rotation && !distortion &&
         !channel_mix && !low_pass && plugin_filters.empty();
}

bool operator==(const Filters& a, const Filters& b) {
  return a.volume.has_value() == b.volume.has_value() && same(a.volume, b.volume, 1) && same(a.equalizer, b.equalizer) &&
         same(a.karaoke, b.karaoke) && same(a.timescale, b.timescale) && same(a.tremolo, b.tremolo) &&
         same(a.vibrato, b.vibrato) && same(a.rotation, b.rotation) && same(a.distortion, b.distortion) &&
         same(a.channel_mix, b.channel_mix) && same(a.low_pass, b.low_pass) && same(a.plugin_filters, b.plugin_filters);
}

Filters Filters::with_volume(double value) const {
  auto result = *this;
  result.volume = Optional<double>(value);
  return result;
}
Filters Filters::with_equalizer(std::vector<EqualizerBand> bands) const {
  return with(*this, &Filters::equalizer, std::move(bands));
}
Filters Filters::with_karaoke(Karaoke filter) const { return with(*this, &Filters::karaoke, std::move(filter)); }
Filters Filters::with_timescale(Timescale filter) const { return with(*this, &Filters::timescale, std::move(filter)); }
Filters Filters::with_tremolo(Tremolo filter) const { return with(*this, &Filters::tremolo, std::move(filter)); }
Filters Filters::with_vibrato(Vibrato filter) const { return with(*this, &Filters::vibrato, std::move(filter)); }
Filters Filters::with_rotation(Rotation filter) const { return with(*this, &Filters::rotation, std::move(filter)); }
Filters Filters::with_distortion(Distortion filter) const { return with(*this, &Filters::distortion, std::move(filter)); }
Filters Filters::with_channel_mix(ChannelMix filter) const { return with(*this, &Filters::channel_mix, std::move(filter)); }
Filters Filters::with_low_pass(LowPass filter) const { return with(*this, &Filters::low_pass, std::move(filter)); }

Filters Filters::with_plugin_filter(std::string_view name, JsonText value) const {
  auto result = *this;
  result.plugin_filters[name] = std::move(value);
  return result;
}

Filters Filters::merged_with(const Filters& later) const {
  auto result = *this;
  const auto take = [](auto& filter, const auto& other) {
    if (other) filter = other;
  };
  take(result.volume, later.volume);
  if (equalizer && later.equalizer) {
    result.equalizer = sum(*equalizer, *later.equalizer);
  } else {
    take(result.equalizer, later.equalizer);
  }
  take(result.karaoke, later.karaoke);
  take(result.timescale, later.timescale);
  take(result.tremolo, later.tremolo);
  take(result.vibrato, later.vibrato);
  take(result.rotation, later.rotation);
  take(result.distortion, later.distortion);
  take(result.channel_mix, later.channel_mix);
  take(result.low_pass, later.low_pass);
  for (const auto& [name, value] : later.plugin_filters) result.plugin_filters[name] = value;
  return result;
}

}  // namespace lavapp::lavalink
