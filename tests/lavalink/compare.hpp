// Compares a decoded value with the same JSON as another parser reads it, field by field, written once per type. A
// field of the JSON that no line here names is a failure, so that nothing the wire carries is forgotten.
#pragma once

#include <nlohmann/json.hpp>

#include "lavapp/lavalink/event.hpp"
#include "lavapp/lavalink/info.hpp"
#include "lavapp/lavalink/routeplanner.hpp"

namespace lavapp::test {

using namespace lavalink;

using Json = nlohmann::json;

// The parts.
void compare(const TrackInfo& value, const Json& json);
void compare(const VoiceState& value, const Json& json);
void compare(const EqualizerBand& value, const Json& json);
void compare(const std::vector<EqualizerBand>& value, const Json& json);
void compare(const Karaoke& value, const Json& json);
void compare(const Timescale& value, const Json& json);
void compare(const Tremolo& value, const Json& json);
void compare(const Vibrato& value, const Json& json);
void compare(const Rotation& value, const Json& json);
void compare(const Distortion& value, const Json& json);
void compare(const ChannelMix& value, const Json& json);
void compare(const LowPass& value, const Json& json);
void compare(const Version& value, const Json& json);
void compare(const Git& value, const Json& json);
void compare(const Plugin& value, const Json& json);
void compare(const MemoryStats& value, const Json& json);
void compare(const CpuStats& value, const Json& json);
void compare(const FrameStats& value, const Json& json);
void compare(const IpBlock& value, const Json& json);
void compare(const FailingAddress& value, const Json& json);
void compare(const RouteplannerDetails& value, const Json& json);

// What REST answers.
void compare(const Track& value, const Json& json);
void compare(const TrackException& value, const Json& json);
void compare(const Stats& value, const Json& json);
void compare(const PlayerState& value, const Json& json);
void compare(const Filters& value, const Json& json);
void compare(const PlayerSnapshot& value, const Json& json);
void compare(const SessionState& value, const Json& json);
void compare(const Info& value, const Json& json);
void compare(const RouteplannerStatus& value, const Json& json);
void compare(const LoadResult& value, const Json& json);
void compare(const std::vector<Track>& value, const Json& json);
void compare(const std::vector<PlayerSnapshot>& value, const Json& json);

// What comes over the WebSocket.
void compare(const Ready& value, const Json& json);
void compare(const StatsUpdate& value, const Json& json);
void compare(const PlayerUpdate& value, const Json& json);
void compare(const TrackStart& value, const Json& json);
void compare(const TrackEnd& value, const Json& json);
void compare(const TrackFailed& value, const Json& json);
void compare(const TrackStuck& value, const Json& json);
void compare(const VoiceClosed& value, const Json& json);
void compare(const UnknownMessage& value, const Json& json);
void compare(const Warning& value, const Json& json);

}  // namespace lavapp::test
