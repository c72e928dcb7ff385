// What the objects of plugins share: how they reach a node, and how their operations go out.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "lavalink/node_impl.hpp"
#include "lavalink/raw_request.hpp"
#include "lavapp/lavalink/node.hpp"

namespace lavapp::lavalink::plugins {

class NodeAccess {
 public:
  static const std::shared_ptr<NodeImpl>& of(const Node& node) noexcept { return node.impl_; }
};

/// An operation of a plugin: its request, and what becomes of the answer's body.
template <class T>
struct PluginCall {
  /// What the node must have; else nothing is sent.
  Requirement needs;
  Result<RawRequest> request;
  Result<T> (*decode)(std::string);
  RestBody body = RestBody::json;
  RestLane lane = {};
  std::chrono::milliseconds NodeOptions::* deadline = &NodeOptions::request_timeout;
};

/// Why a request is not made.
inline Error mistake(const RawRequest& request, std::string what) {
  Error error(Errc::invalid_argument, std::move(what));
  error.route = pattern_of(request);
  return error;
}

inline Result<void> decode_nothing(std::string) { return {}; }

template <class T>
void start(const std::shared_ptr<NodeImpl>& impl, PluginCall<T> call, CallOptions options, Handler<T> handler) {
  const auto needs = call.request && needs_session(*call.request) ? Needs::session : Needs::nothing;
  const auto pattern = call.request ? pattern_of(*call.request) : call.request.error().route;
  impl->start<T>(pattern, needs, std::move(options), std::move(handler), [call = std::move(call)](NodeImpl& node) {
    if (!call.request) {
      auto error = call.request.error();
      error.route = node.routes().name_of(error.route);
      return RestPlan<T>{std::move(error)};
    }
    RestPlan<T> plan{node.routes().raw(*call.request, node.session_id())};
    plan.body = call.body;
    plan.decode = call.decode;
    plan.deadline = node.options().*call.deadline;
    plan.lane = call.lane;
    plan.requirements = {call.needs};
    return plan;
  });
}

/// "/v4/sessions/{sessionId}/players/7"
inline std::string player_path(Snowflake guild_id) { return "/v4/sessions/{sessionId}/players/" + guild_id.to_string(); }

}  // namespace lavapp::lavalink::plugins
