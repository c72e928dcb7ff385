// batch_ended: an event of WebSocket for the library's own parts.
#pragma once

#include "lavapp/websocket.hpp"

namespace lavapp::websocket {

/// What came with one read has been handed on.
inline constexpr Event<WebSocket, 10> batch_ended{};

}  // namespace lavapp::websocket
