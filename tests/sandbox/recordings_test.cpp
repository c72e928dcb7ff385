// The sandbox against the recordings of a real Lavalink 4.2.2: the same requests, the same answers.
#include <gtest/gtest.h>

#include <ostream>

#include "replay.hpp"

namespace lavapp::test {

bool operator==(const ReplayCounts& a, const ReplayCounts& b) {
  return a.requests == b.requests && a.handshakes == b.handshakes && a.messages == b.messages &&
         a.missing_updates == b.missing_updates && a.surplus_updates == b.surplus_updates && a.closes == b.closes &&
         a.frames == b.frames && a.skipped == b.skipped;
}

void PrintTo(const ReplayCounts& c, std::ostream* out) {
  *out << "{.requests = " << c.requests << ", .handshakes = " << c.handshakes << ", .messages = " << c.messages
       << ", .missing_updates = " << c.missing_updates << ", .surplus_updates = " << c.surplus_updates
       << ", .closes = " << c.closes << ", .frames = " << c.frames << ", .skipped = " << c.skipped << "}";
}

namespace {

using sandbox::CatalogueTrack;
using sandbox::NodeOptions;
using sandbox::Playback;
using std::chrono::milliseconds;

NodeOptions stock() {
  NodeOptions options;
  options.source_managers = {"local", "http"};
  options.search_prefixes = {};
  return options;
}

CatalogueTrack behaving(Playback playback, int after = 0, std::string message = {}, std::string severity = "fault") {
  CatalogueTrack track;
  track.playback = playback;
  track.trouble_after = milliseconds(after);
  track.exception_message = std::move(message);
  track.severity = std::move(severity);
  return track;
}

/// The recording server's files, and what became of them.
std::map<std::string, CatalogueTrack> server_files() {
  return {{"/srv/music/broken.flac", behaving(Playback::breaks, 80)},
          {"/srv/music/gone.mp3", behaving(Playback::fails)},
          {"http://127.0.0.1:8099/nope3.mp3", behaving(Playback::fails)},
          {"http://127.0.0.1:8099/list.m3u", behaving(Playback::ends_early)},
          {"http://127.0.0.1:8099/cut.mp3", behaving(Playback::breaks, 6'140)},
          {"http://127.0.0.1:8099/drip.mp3", behaving(Playback::stuck, 6'140)},
          {"not-there.mp3", behaving(Playback::fails, 0, "This track cannot be played", "suspicious")}};
}

}  // namespace

TEST(SandboxRecordings, InfoStatsAndPasswords) {
  EXPECT_EQ(replay({"01-info-stats-auth.json", stock()}), (ReplayCounts{.requests = 23}));
}

TEST(SandboxRecordings, Handshakes) {
  EXPECT_EQ(replay({"02-ws-open.json", stock()}),
            (ReplayCounts{.requests = 2, .handshakes = 30, .messages = 26, .closes = 42}));
}

TEST(SandboxRecordings, LoadingAndDecoding) {
  EXPECT_EQ(replay({"03-loadtracks-decode.json", stock()}), (ReplayCounts{.requests = 64}));
}

TEST(SandboxRecordings, PlayersOverRest) {
  EXPECT_EQ(replay({"04a-players-rest.json", stock(),
                    {{"t=27.24", "caused by a request of 3 MB, which the recording only notes"},
                     {"t=27.282", "the same"},
                     {"t=27.285", "the same"},
                     {"t=28.346", "the same"}}}),
            (ReplayCounts{.requests = 110, .handshakes = 1, .messages = 48, .closes = 2, .skipped = 4}));
}

TEST(SandboxRecordings, Filters) {
  EXPECT_EQ(replay({"04b-filters.json", stock()}), (ReplayCounts{.requests = 83, .handshakes = 1, .messages = 73, .closes = 3}));
}

TEST(SandboxRecordings, Voice) {
  EXPECT_EQ(replay({"04c-voice.json", stock(), {}, server_files(), {{"localhost:8099", "localhost:80"}}}),
            // Surplus: three voice servers closed before the recorded node had told of the connection.
            (ReplayCounts{.requests = 67, .handshakes = 1, .messages = 61, .surplus_updates = 3, .closes = 2}));
}

TEST(SandboxRecordings, TrackEvents) {
  EXPECT_EQ(replay({"04d-track-events.json", stock(), {}, server_files()}),
            // Tracks end up to half a second later here, and so take other updates along.
            (ReplayCounts{.requests = 41, .handshakes = 1, .messages = 143, .missing_updates = 2, .surplus_updates = 1, .closes = 2}));
}

TEST(SandboxRecordings, SessionPatch) {
  EXPECT_EQ(replay({"05a-session-patch.json", stock()}),
            (ReplayCounts{.requests = 22, .handshakes = 1, .messages = 2, .closes = 3}));
}

TEST(SandboxRecordings, Resume) {
  EXPECT_EQ(replay({"05b-resume.json", stock()}), (ReplayCounts{.requests = 12, .handshakes = 9, .messages = 33, .closes = 17}));
}

TEST(SandboxRecordings, ResumeTimeout) {
  EXPECT_EQ(replay({"05c-resume-timeout.json", stock()}),
            (ReplayCounts{.requests = 8, .handshakes = 6, .messages = 24, .closes = 12}));
}

TEST(SandboxRecordings, ResumeEdges) {
  EXPECT_EQ(replay({"05d-resume-edge.json",
                    stock(),
                    {{"conn 4", "three handshakes at once: SandboxNode.OfSeveralHandshakesOneResumes"},
                     {"conn 5", "the same"},
                     {"conn 6", "the same"},
                     {"t=7.872", "the end of the session that one of the three resumed"},
                     {"t=7.884", "the end of another's"},
                     {"t=7.891", "the end of another's"}}}),
            (ReplayCounts{.requests = 5, .handshakes = 5, .messages = 7, .closes = 6, .skipped = 22}));
}

TEST(SandboxRecordings, MiscellaneousRoutes) {
  EXPECT_EQ(replay({"06-misc-routes.json", stock()}), (ReplayCounts{.requests = 29}));
}

TEST(SandboxRecordings, WebSocketFrames) {
  EXPECT_EQ(replay({"07-websocket-frames.json", stock()}),
            (ReplayCounts{.handshakes = 29, .messages = 52, .closes = 65, .frames = 29}));
}

TEST(SandboxRecordings, LongPlay) {
  // Surplus: here the update at two minutes comes just before the player is deleted, there it would have come just after.
  EXPECT_EQ(replay({"08-long-play-stats.json", stock()}),
            (ReplayCounts{.requests = 3, .handshakes = 1, .messages = 34, .surplus_updates = 1, .closes = 2}));
}

TEST(SandboxRecordings, PluginSource) {
  auto options = stock();
  options.source_managers = {"local", "test", "http"};
  options.search_prefixes = {"testsearch:"};
  options.filters = {"volume",  "equalizer",  "timescale", "tremolo", "vibrato", "distortion", "rotation",
                     "channelMix", "lowPass", "test-filter"};
  options.plugins = {{"test-plugin", "1.0.0"}};
  options.player_update_interval = milliseconds(1'000);
  options.stuck_threshold = milliseconds(2'000);
  EXPECT_EQ(replay({"09-plugin-source.json", options,
                    {{"route of a plugin", "the sandbox runs no plugins"}},
                    server_files(),
                    {{"testsearch%3Ahello%20world", "testsearch%3Atitle"}}}),
            // Surplus: as in LongPlay.
            (ReplayCounts{.requests = 35, .handshakes = 1, .messages = 36, .surplus_updates = 1, .closes = 2, .skipped = 1}));
}

TEST(SandboxRecordings, Shutdown) {
  EXPECT_EQ(replay({"10-shutdown.json", stock()}), (ReplayCounts{.requests = 4, .handshakes = 3, .messages = 10, .closes = 5}));
}

TEST(SandboxRecordings, Routeplanner) {
  EXPECT_EQ(replay({"11-routeplanner-enabled.json", stock()}), (ReplayCounts{.requests = 20}));
}

}  // namespace lavapp::test
