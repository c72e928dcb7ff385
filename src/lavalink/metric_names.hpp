// Names of what a node counts: few, steady and without ids, so that they can be labels of metrics. Pure.
#pragma once

#include <string>
#include <string_view>

#include "lavalink/message_decoder.hpp"
#include "lavapp/core/error.hpp"

namespace lavapp::lavalink {

/// "connection_lost"; "status 503" and "close 1001" where those say more; "other" for what no node causes.
std::string metric_name(const Error& error);
/// "200"; "other" if it is no HTTP status.
std::string metric_name_of_status(int status);
/// As it stands on the wire: "playerUpdate", "TrackStartEvent".
std::string_view metric_name(MessageKind kind) noexcept;

}  // namespace lavapp::lavalink
