// lavapp: core, WebSocket and Lavalink. For futures add <lavapp/future.hpp>, for Boost.Asio <lavapp/asio.hpp>.
#pragma once

#include "lavapp/core/cancel.hpp"
#include "lavapp/core/clock.hpp"
#include "lavapp/core/completion.hpp"
#include "lavapp/core/error.hpp"
#include "lavapp/core/event_emitter.hpp"
#include "lavapp/core/function.hpp"
#include "lavapp/core/json_text.hpp"
#include "lavapp/core/kept.hpp"
#include "lavapp/core/move_function.hpp"
#include "lavapp/core/named.hpp"
#include "lavapp/core/optional.hpp"
#include "lavapp/core/reconnect.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/core/runtime.hpp"
#include "lavapp/core/snowflake.hpp"
#include "lavapp/core/tls.hpp"
#include "lavapp/lavalink/event.hpp"
#include "lavapp/lavalink/filters.hpp"
#include "lavapp/lavalink/info.hpp"
#include "lavapp/lavalink/load_result.hpp"
#include "lavapp/lavalink/node.hpp"
#include "lavapp/lavalink/player.hpp"
#include "lavapp/lavalink/player_types.hpp"
#include "lavapp/lavalink/queue.hpp"
#include "lavapp/lavalink/queue_types.hpp"
#include "lavapp/lavalink/routeplanner.hpp"
#include "lavapp/lavalink/stats.hpp"
#include "lavapp/lavalink/track.hpp"
#include "lavapp/lavalink/track_codec.hpp"
#include "lavapp/lavalink/voice.hpp"
#include "lavapp/version.hpp"
#include "lavapp/websocket.hpp"

namespace lavapp {
using namespace lavalink;  // lavapp::Node is lavapp::lavalink::Node
}
