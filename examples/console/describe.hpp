// Describe: what a node tells, as lines for people.
#pragma once

#include <lavapp/lavapp.hpp>

#include <string>
#include <vector>

#include "event_log.hpp"
#include "look.hpp"

namespace console {

// One event, for `watch`.
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

/// Tables of "label  text"; no wider than `columns` - 1 unless that is 0.
std::vector<std::string> info_lines(const lavapp::Info& info, std::size_t columns, const Look& look);
std::vector<std::string> stats_lines(const lavapp::Stats& stats, std::size_t columns, const Look& look);
/// Numbered, one a line, at most `limit` of them; no wider than `columns` - 1 unless that is 0.
std::vector<std::string> track_lines(lavapp::TrackSpan tracks, std::size_t limit, std::size_t columns,
                                     const Look& look);

}  // namespace console
