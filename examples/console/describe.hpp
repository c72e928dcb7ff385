// Describe: what a node tells, as lines for people.
#pragma once

#include <lavapp/lavapp.hpp>

#include <string>
#include <vector>

#include "look.hpp"

namespace console {

/// One event, for `watch`: its name as Lavalink's documentation has it, and what it says.
struct EventText {
  std::string name;
  std::string text;
};
EventText describe(const lavapp::Ready& event);
EventText describe(const lavapp::StatsUpdate& event);
EventText describe(const lavapp::PlayerUpdate& event);
EventText describe(const lavapp::TrackStart& event);
EventText describe(const lavapp::TrackEnd& event);
EventText describe(const lavapp::TrackFailed& event);
EventText describe(const lavapp::TrackStuck& event);
EventText describe(const lavapp::VoiceClosed& event);
EventText describe(const lavapp::UnknownMessage& event);
EventText describe(const lavapp::StateChange& event);
EventText describe(const lavapp::Reconnecting& event);
EventText describe(const lavapp::Error& event);
EventText describe(const lavapp::Warning& event);

/// "Title · Author".
std::string name_of(const lavapp::Track& track, const Look& look);
/// "3:32", "live".
std::string length_of(const lavapp::TrackInfo& info);
/// What went wrong inside the node: its message, or its cause where that says more.
std::string reason_of(const lavapp::TrackException& exception);

/// An error as one sentence. What was wrong with an argument says it all; other errors say what kind they are as well.
std::string sentence(const lavapp::Error& error);

/// "1 player", "3 players".
std::string count(std::int64_t n, const std::string& what);

/// Tables of "label  text"; no wider than `columns` - 1 unless that is 0.
std::vector<std::string> info_lines(const lavapp::Info& info, std::size_t columns, const Look& look);
std::vector<std::string> stats_lines(const lavapp::Stats& stats, std::size_t columns, const Look& look);
/// Numbered, one a line, at most `limit` of them; no wider than `columns` - 1 unless that is 0.
std::vector<std::string> track_lines(lavapp::TrackSpan tracks, std::size_t limit, std::size_t columns,
                                     const Look& look);

}  // namespace console
