#include "same_shape.hpp"

#include <cmath>
#include <set>

#include "sandbox/track_codec.hpp"

namespace lavapp::test {
namespace {

using sandbox::dump;
using sandbox::Json;

/// Times, loads, and the words of Java's own stack.
const std::set<std::string> volatile_keys = {"timestamp", "time",         "uptime", "free",  "used",  "allocated",
                                             "reservable", "systemLoad",  "lavalinkLoad", "ping", "position", "trace",
                                             "cause",      "causeStackTrace", "jvm", "players", "playingPlayers"};

std::string without_position(const std::string& encoded) {
  const auto decoded = sandbox::decode_track(encoded, {"local", "http", "test", "sandbox"});
  const auto* track = std::get_if<sandbox::EncodedTrack>(&decoded);
  if (!track) return "not decodable: " + encoded;
  auto moved = *track;
  moved.info.position = {};
  return lavalink::track_codec::encode(moved).value();
}

std::string key_of(const std::string& where) { return where.substr(where.rfind('.') + 1); }

bool same_value(const Json& recorded, const Json& ours, const std::string& key) {
  if (volatile_keys.count(key) > 0) return true;
  if (key == "encoded") return without_position(recorded.get<std::string>()) == without_position(ours.get<std::string>());
  // Java prints floats of 32 bits with another last digit at times.
  if (recorded.is_number_float()) return static_cast<float>(recorded.get<double>()) == static_cast<float>(ours.get<double>());
  return recorded == ours;
}

}  // namespace

std::string difference(const Json& recorded, const Json& ours, const std::string& where) {
  const auto differs = [&] { return where + ": recorded " + dump(recorded).substr(0, 200) + ", ours " + dump(ours).substr(0, 200); };
  if (recorded.is_object() && ours.is_object()) {
    for (const auto& [key, value] : recorded.items()) {
      if (!ours.contains(key)) return where + '.' + key + ": missing";
      if (auto found = difference(value, ours[key], where + '.' + key); !found.empty()) return found;
    }
    for (const auto& [key, value] : ours.items()) {
      if (!recorded.contains(key)) return where + '.' + key + ": not in the recording";
    }
    return {};
  }
  if (recorded.is_array() && ours.is_array()) {
    if (recorded.size() != ours.size()) return differs();
    for (std::size_t i = 0; i < recorded.size(); ++i) {
      if (auto found = difference(recorded[i], ours[i], where + '.' + std::to_string(i)); !found.empty()) return found;
    }
    return {};
  }
  const bool both_integers = recorded.is_number_integer() && ours.is_number_integer();  // signed or not
  if (recorded.type() != ours.type() && !both_integers) return differs();
  return same_value(recorded, ours, key_of(where)) ? std::string() : differs();
}

}  // namespace lavapp::test
