// What a load came to, and why it failed: the reason that a node tells only in its stack trace.
#include "lavapp/lavalink/load_result.hpp"

#include <gtest/gtest.h>

#include "lavalink/decode.hpp"
#include "support/recordings.hpp"

namespace lavapp::test {
namespace {

using namespace lavalink;
using namespace std::chrono_literals;
using Causes = std::vector<std::string>;

/// The causes of a recording's failed loads and of its TrackExceptions, in their order.
Causes causes_in(const std::string& name) {
  Causes causes;
  for (const auto& entry : recording(name).entries) {
    const bool http = entry.at("kind") == "http" && entry.contains("response");
    const auto told =
        http ? entry["response"].value("body", nlohmann::json()) : entry.value("message", nlohmann::json());
    if (!told.is_object()) continue;
    const auto* at = told.value("loadType", "") == "error" ? "data"
                     : told.contains("exception")          ? "exception"
                                                           : nullptr;
    if (!at) continue;
    const auto text = R"({"loadType":"error","data":)" + told.at(at).dump() + "}";
    causes.push_back(decode_load_result(text).value().exception()->true_cause());
  }
  return causes;
}

TEST(TrueCause, OfEveryFailedLoadThatWasRecorded) {
  EXPECT_EQ(
      causes_in("03-loadtracks-decode"),
      (Causes{"Unknown file format.", "Unknown file format.", "Unknown file format.",
              "IllegalStateException: Status code 500", "IllegalStateException: Status code 403",
              "Unknown file format.", "ConnectException: Connection refused",
              "UnknownHostException: nope.invalid: Name or service not known", "SocketTimeoutException: Read timed out",
              "URISyntaxException: Expected authority at index 7: http://",
              "SSLException: Unsupported or unrecognized SSL message"}));
  EXPECT_EQ(causes_in("09-plugin-source"),
            (Causes{"This video is not available", "IOException: inner cause", "RuntimeException: inner fault",
                    "NullPointerException", "FileNotFoundException: not-there.mp3"}));
}

TEST(TrueCause, OfEveryTrackExceptionThatWasRecorded) {
  EXPECT_EQ(causes_in("04d-track-events"),
            (Causes{"IllegalStateException: Invalid value 88200 for sample rate, should match value 44100 in stream.",
                    "FileNotFoundException: /srv/music/gone.mp3 (No such file or directory)",
                    "RuntimeException: Not success status code: 404",
                    "ConnectionClosedException: Premature end of Content-Length delimited message body (expected: "
                    "860,980; received: 0)",
                    "IllegalArgumentException: Frequency > max (14.0)", "IllegalArgumentException: speed <= 0"}));
}

std::string true_cause(Optional<std::string> trace, std::string cause = {}, Optional<std::string> message = {}) {
  TrackException exception;
  exception.cause_stack_trace = std::move(trace);
  exception.cause = std::move(cause);
  exception.message = std::move(message);
  return exception.true_cause();
}

TEST(TrueCause, WithoutATraceIsTheCauseElseTheMessage) {
  EXPECT_EQ(true_cause({}, "java.io.IOException: broke", "general"), "IOException: broke");
  EXPECT_EQ(true_cause("", "", "general"), "general");
  EXPECT_EQ(true_cause({}, "", {}), "");
  EXPECT_EQ(true_cause("\n \n", "No class here: at all"), "No class here: at all");
}

TEST(TrueCause, IsNotWhatWasOnlySuppressed) {
  EXPECT_EQ(true_cause("a.B: outer\n\tat x.y(Z.java:1)\nCaused by: a.C: inner\n\t... 3 more\n"
                       "\tSuppressed: a.D: aside\n\tCaused by: a.E: of the aside\n  host: x\n"),
            "C: inner");
}

// The YouTube plugin tells of each client in a message of many lines, with frames between them.
TEST(TrueCause, MayHaveSeveralLines) {
  EXPECT_EQ(true_cause(
                "l.FriendlyException: Something went wrong\n\tat a.b(C.kt:1)\n"
                "Caused by: dev.lavalink.youtube.AllClientsFailedException: (yts.version: 1.16.0) All clients failed.\n"
                "\n"
                "Client [WEB] failed: This video requires login.\n        at a.b(C.java:2)\n\n"
                "Client [TV] failed: Not success status code: 403\n\tat a.b(C.java:3)\n\t... 66 more\n"),
            "AllClientsFailedException: (yts.version: 1.16.0) All clients failed; Client [WEB] failed: This video "
            "requires login; "
            "Client [TV] failed: Not success status code: 403");
}

TEST(TrueCause, IsFoundInTracesOfAnyShape) {
  EXPECT_EQ(true_cause("a.B: outer\r\n\tat x\r\nCaused by: a.b.Outer$Inner: why\r\n"), "Inner: why");
  EXPECT_EQ(true_cause("a.B: outer\nCaused by: a.C: last, and no newline"), "C: last, and no newline");
  EXPECT_EQ(true_cause("Caused by: "), "");
  EXPECT_EQ(true_cause("x.FriendlyException"), "FriendlyException");
  EXPECT_EQ(true_cause("x.FriendlyException: "), "FriendlyException:");
  for (const char* no_class : {"broke.", "example.com: not there", "a.b", ".: x", "1.2.3"}) {
    EXPECT_EQ(true_cause(no_class), no_class);
  }
  EXPECT_EQ(true_cause("said Caused by: nobody"), "said Caused by: nobody");
}

Track track(std::chrono::milliseconds length, bool is_stream = false) {
  Track result;
  result.info.length = length;
  result.info.is_stream = is_stream;
  return result;
}

TEST(LoadResult, NamesItsTypeAsTheDocsDo) {
  const auto type = [](LoadResult result) { return std::string(to_string(result.type())); };
  EXPECT_EQ(type({NothingFound{}, {}}), "empty");
  EXPECT_EQ(type({TrackLoaded{}, {}}), "track");
  EXPECT_EQ(type({PlaylistLoaded{}, {}}), "playlist");
  EXPECT_EQ(type({SearchResult{}, {}}), "search");
  EXPECT_EQ(type({LoadFailed{}, {}}), "error");
  EXPECT_EQ(type({UnknownLoad{}, {}}), "unknown");
}

TEST(LoadResult, HasAFirstTrackOrNone) {
  LoadResult result{SearchResult{{track(1s), track(2s)}}, {}};
  EXPECT_EQ(result.first(), &result.tracks()[0]);
  result.value = SearchResult{};
  EXPECT_EQ(result.first(), nullptr);
  result.value = LoadFailed{};
  EXPECT_EQ(result.first(), nullptr);
}

TEST(LoadResult, APlaylistHasASelectedTrackOrNone) {
  PlaylistLoaded list{"name", 1, {}, {track(1s), track(2s)}};
  EXPECT_EQ(list.selected(), &list.tracks[1]);
  for (const int none : {-1, 2, -2, 1'000'000}) {
    list.selected_track = none;
    EXPECT_EQ(list.selected(), nullptr) << none;
  }
}

TEST(LoadResult, TheLengthOfItsTracksLeavesStreamsOut) {
  const auto endless = std::chrono::milliseconds::max();
  LoadResult result{PlaylistLoaded{"name", -1, {}, {track(60s), track(endless, true), track(30s), track(-5ms)}}, {}};
  EXPECT_EQ(result.tracks().length(), 90s);
  result.value = SearchResult{{track(endless), track(1s)}};
  EXPECT_EQ(result.tracks().length(), endless) << "a source that calls no stream a stream";
  result.value = NothingFound{};
  EXPECT_EQ(result.tracks().length(), 0s);
}

}  // namespace
}  // namespace lavapp::test
