// Routes: Lavalink's REST interface, from a request to its answer.
#pragma once

#include "net/http_message.hpp"
#include "sandbox/node_state.hpp"
#include "sandbox/reply.hpp"

namespace lavapp::sandbox {

Reply handle_request(NodeState& node, const net::HttpRequest& request, Time now);

}  // namespace lavapp::sandbox
