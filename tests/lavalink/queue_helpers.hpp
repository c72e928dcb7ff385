// Tracks for the tests of queues, and what became of them in words.
#pragma once

#include <string>
#include <vector>

#include "lavalink/queue_tracks.hpp"

namespace lavapp::test {

using namespace lavalink;

inline QueuedTrack track(std::string name, Snowflake requester = {}) {
  Track result;
  result.encoded = "encoded " + name;
  result.info.identifier = name;
  result.info.source_name = "source";
  result.info.title = name;
  result.info.length = std::chrono::minutes(3);
  return {std::move(result), requester};
}

inline std::vector<QueuedTrack> tracks(const std::string& names) {
  std::vector<QueuedTrack> result;
  for (const char name : names) result.push_back(track(std::string(1, name)));
  return result;
}

/// The identifiers, one after the other: "abc".
template <class Tracks>
std::string names(const Tracks& tracks) {
  std::string result;
  for (const auto& each : tracks) result += each.track.info.identifier;
  return result;
}
inline std::string names(const std::deque<QueueEntry>& entries) {
  std::string result;
  for (const auto& each : entries) result += each->track.info.identifier;
  return result;
}
inline std::string name(const Optional<QueuedTrack>& track) { return track ? track->track.info.identifier : "-"; }

}  // namespace lavapp::test
