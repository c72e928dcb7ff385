// One real message of each kind, and one answer of each route.
#pragma once

#include <string>

namespace lavapp::test::sample {

inline const std::string track =
    R"({"encoded":"QAAAfAMADVNpeHR5","info":{"identifier":"/srv/music/tone60.mp3","isSeekable":true,)"
    R"("author":"Test Artist","length":60055,"isStream":false,"position":6140,"title":"Sixty Seconds",)"
    R"("uri":"/srv/music/tone60.mp3","sourceName":"local","artworkUrl":"http://127.0.0.1/a.png","isrc":"USRC17607839"},)"
    R"("pluginInfo":{"probeInfo":"mp3"},"userData":{"requester":"42","n":[1,2.5,null,true,{"x":"ü"}]}})";
inline const std::string exception =
    R"({"message":"Something went wrong.","severity":"fault","cause":"java.lang.IllegalStateException: x",)"
    R"("causeStackTrace":"java.lang\n\tat x"})";

inline const std::string ready = R"({"op":"ready","resumed":false,"sessionId":"2jp9wrh1evje9kwe"})";
inline const std::string stats_body =
    R"("frameStats":{"sent":6000,"nulled":10,"deficit":-3010},"players":2,"playingPlayers":1,"uptime":40273,)"
    R"("memory":{"free":48076560,"used":43149552,"allocated":91226112,"reservable":536870912},)"
    R"("cpu":{"cores":2,"systemLoad":0.25,"lavalinkLoad":0.5})";
inline const std::string stats = R"({"op":"stats",)" + stats_body + "}";
inline const std::string player_update =
    R"({"op":"playerUpdate","state":{"time":1795417085657,"position":45,"connected":true,"ping":21},)"
    R"("guildId":"817327181659111454"})";
inline const std::string event = R"({"op":"event","type":")";
inline const std::string guild = R"(","guildId":"817327181659111454")";
inline const std::string track_start = event + "TrackStartEvent" + guild + R"(,"track":)" + track + "}";
inline const std::string track_end =
    event + "TrackEndEvent" + guild + R"(,"track":)" + track + R"(,"reason":"replaced"})";
inline const std::string track_exception =
    event + "TrackExceptionEvent" + guild + R"(,"track":)" + track + R"(,"exception":)" + exception + "}";
inline const std::string track_stuck =
    event + "TrackStuckEvent" + guild + R"(,"track":)" + track + R"(,"thresholdMs":10000})";
inline const std::string voice_closed =
    event + "WebSocketClosedEvent" + guild + R"(,"code":4006,"reason":"Session is no longer valid.","byRemote":true})";

inline const std::string messages[] = {ready,     stats,           player_update, track_start,
                                       track_end, track_exception, track_stuck,   voice_closed};

inline const std::string player =
    R"({"guildId":"817327181659111454","track":)" + track +
    R"(,"volume":80,"paused":true,"state":{"time":1795417085231,"position":12,"connected":false,"ping":-1},)"
    R"("voice":{"token":"t","endpoint":"localhost:8443","sessionId":"s","channelId":"123456789012345678"},)"
    R"("filters":{"volume":0.8,"equalizer":[{"band":1,"gain":0.15}],)"
    R"("karaoke":{"level":0.9,"monoLevel":0.8,"filterBand":200.0,"filterWidth":90.0},)"
    R"("timescale":{"speed":1.1,"pitch":0.9,"rate":1.05},"tremolo":{"frequency":3.0,"depth":0.4},)"
    R"("vibrato":{"frequency":4.0,"depth":0.3},"rotation":{"rotationHz":0.2},)"
    R"("distortion":{"sinOffset":0.1,"sinScale":0.9,"cosOffset":0.2,"cosScale":0.8,"tanOffset":0.3,"tanScale":0.7,)"
    R"("offset":0.4,"scale":0.6},)"
    R"("channelMix":{"leftToLeft":0.9,"leftToRight":0.1,"rightToLeft":0.2,"rightToRight":0.8},)"
    R"("lowPass":{"smoothing":15.0},"pluginFilters":{"test-filter":{"a":[1,2]}}}})";
inline const std::string info =
    R"({"version":{"semver":"4.2.2-rc.1+b5","major":4,"minor":2,"patch":2,"preRelease":"rc.1","build":"b5"},)"
    R"("buildTime":1795415158000,"git":{"branch":"master","commit":"d7d5a54","commitTime":1775927134000},)"
    R"("jvm":"17.0.15","lavaplayer":"2.2.6","sourceManagers":["local","http"],"filters":["volume"],)"
    R"("plugins":[{"name":"test","version":"1.0"}]})";
inline const std::string playlist =
    R"({"loadType":"playlist","data":{"info":{"name":"A list","selectedTrack":1},"pluginInfo":{"type":"playlist"},)"
    R"("tracks":[)" +
    track + "," + track + "]}}";
inline const std::string routeplanner =
    R"({"class":"RotatingNanoIpRoutePlanner","details":{"ipBlock":{"type":"Inet6Address","size":"1208925819614629174706176"},)"
    R"("failingAddresses":[{"failingAddress":"/1.0.0.0","failingTimestamp":1573520707545,"failingTime":"Mon Nov 11"}],)"
    R"("rotateIndex":"1","ipIndex":"2","currentAddress":"/1.0.0.1","currentAddressIndex":"3","blockIndex":"0"}})";

}  // namespace lavapp::test::sample
