#include "sandbox/filters.hpp"

#include <algorithm>
#include <string_view>

#include "sandbox/coerce.hpp"

namespace lavapp::sandbox {
namespace {

struct Field {
  const char* name;
  double fallback;
  bool is_double = false;  // else 32 bits
};
struct Object {
  const char* name;
  std::vector<Field> fields;
};

const std::vector<Object>& objects() {
  static const std::vector<Object> all = {
      {"karaoke", {{"level", 1.0}, {"monoLevel", 1.0}, {"filterBand", 220.0}, {"filterWidth", 100.0}}},
      {"timescale", {{"speed", 1.0, true}, {"pitch", 1.0, true}, {"rate", 1.0, true}}},
      {"tremolo", {{"frequency", 2.0}, {"depth", 0.5}}},
      {"vibrato", {{"frequency", 2.0}, {"depth", 0.5}}},
      {"distortion",
       {{"sinOffset", 0.0}, {"sinScale", 1.0}, {"cosOffset", 0.0}, {"cosScale", 1.0}, {"tanOffset", 0.0}, {"tanScale", 1.0},
        {"offset", 0.0}, {"scale", 1.0}}},
      {"rotation", {{"rotationHz", 0.0, true}}},
      {"channelMix", {{"leftToLeft", 1.0}, {"leftToRight", 0.0}, {"rightToLeft", 0.0}, {"rightToRight", 1.0}}},
      {"lowPass", {{"smoothing", 20.0}}},
  };
  return all;
}

std::optional<Json> complete(const Object& object, const Json& given) {
  if (!given.is_object()) return std::nullopt;
  auto result = Json::object();
  for (const auto& field : object.fields) {
    const auto found = given.find(field.name);
    if (found == given.end()) {
      result[field.name] = field.fallback;
      continue;
    }
    const auto value = field.is_double ? to_double(*found) : to_float(*found);
    if (!value) return std::nullopt;
    result[field.name] = *value;
  }
  return result;
}

/// What lavadsp, which does the work in a real node, throws when it is given such values.
std::string fatal_value(const Json& filters) {
  const std::string illegal = "java.lang.IllegalArgumentException: ";
  const auto vibrato = filters.find("vibrato");
  if (vibrato != filters.end() && (*vibrato)["depth"] != 0.0) {
    const double frequency = (*vibrato)["frequency"], depth = (*vibrato)["depth"];
    if (frequency <= 0.0) return illegal + "Frequency <= 0";
    if (frequency > 14.0) return illegal + "Frequency > max (14.0)";
    if (depth < 0.0) return illegal + "Depth <= 0";
    if (depth > 1.0) return illegal + "Depth > 1";
  }
  const auto timescale = filters.find("timescale");
  if (timescale != filters.end()) {
    for (const auto* name : {"speed", "pitch", "rate"}) {
      if ((*timescale)[name].get<double>() <= 0.0) return illegal + name + " <= 0";
    }
  }
  return {};
}

}  // namespace

std::variant<Filters, UndecodableFilters, BadBand> parse_filters(const Json& json,
                                                                 const std::vector<std::string>& plugin_filters) {
  if (!json.is_object()) return UndecodableFilters{};
  Filters result;
  std::optional<std::int64_t> bad_band;
  if (const auto volume = json.find("volume"); volume != json.end()) {
    const auto value = to_float(*volume);
    if (!value) return UndecodableFilters{};
    result.json["volume"] = *value;
  }
  if (const auto equalizer = json.find("equalizer"); equalizer != json.end()) {
    if (!equalizer->is_array()) return UndecodableFilters{};
    auto bands = Json::array();
    for (const auto& given : *equalizer) {
      if (!given.is_object() || !given.contains("band")) return UndecodableFilters{};
      const auto band = to_int32(given["band"]);
      const auto gain = given.contains("gain") ? to_float(given["gain"]) : 1.0;
      if (!band || !gain) return UndecodableFilters{};
      if ((*band < 0 || *band > 14) && !bad_band) bad_band = *band;
      bands.push_back(Json{{"band", *band}, {"gain", *gain}});
    }
    result.json["equalizer"] = std::move(bands);
  }
  for (const auto& object : objects()) {
    const auto given = json.find(object.name);
    if (given == json.end() || given->is_null()) continue;  // null is as good as absent
    auto completed = complete(object, *given);
    if (!completed) return UndecodableFilters{};
    result.json[object.name] = *std::move(completed);
  }
  if (const auto plugins = json.find("pluginFilters"); plugins != json.end()) {
    if (!plugins->is_object()) return UndecodableFilters{};
    for (const auto& [name, value] : plugins->items()) {
      const bool known = std::find(plugin_filters.begin(), plugin_filters.end(), name) != plugin_filters.end();
      if (known) result.json["pluginFilters"][name] = value;
    }
  }
  if (bad_band) return BadBand{*bad_band};
  if (const auto timescale = result.json.find("timescale"); timescale != result.json.end()) {
    result.rate = (*timescale)["speed"].get<double>() * (*timescale)["rate"].get<double>();
  }
  result.fatal = fatal_value(result.json);
  return result;
}

std::vector<std::string> disabled_filters(const Json& json, const std::vector<std::string>& enabled) {
  std::vector<std::string> names = {"volume", "equalizer"};
  for (const auto& object : objects()) names.emplace_back(object.name);
  names.erase(std::remove_if(names.begin(), names.end(),
                             [&](const std::string& name) {
                               return !json.contains(name) || std::find(enabled.begin(), enabled.end(), name) != enabled.end();
                             }),
              names.end());
  return names;
}

}  // namespace lavapp::sandbox
