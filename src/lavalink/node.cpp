#include "lavapp/lavalink/node.hpp"

#include <utility>

#include "lavalink/decode.hpp"
#include "lavalink/load_tracks.hpp"
#include "lavalink/node_impl.hpp"
#include "lavalink/patch_player.hpp"
#include "lavalink/raw_request.hpp"

namespace lavapp::lavalink {
namespace {

Result<void> decode_nothing(std::string) { return {}; }
Result<JsonText> decode_raw(std::string body) { return JsonText(std::move(body)); }

/// A plan whose answer teaches nothing, with the deadline that most have.
template <class T>
RestPlan<T> plan(const NodeImpl& node, Result<RestRequest> request, Result<T> (*decode)(std::string),
                 RestBody body = RestBody::json) {
  RestPlan<T> result{std::move(request)};
  result.body = body;
  result.decode = decode;
  result.deadline = node.options().request_timeout;
  return result;
}

Result<std::string> decode_version(std::string body) {
  while (!body.empty() && (body.back() == '\n' || body.back() == '\r')) body.pop_back();
  if (body.empty() || body.size() > 256 || body.front() == '<' || body.front() == '{') {
    return Error(Errc::not_a_lavalink_node, "the answer is no version");
  }
  return body;
}

Result<Track> decode_the_only_track(std::string body) {
  auto tracks = decode_tracks(std::move(body));
  if (!tracks) return std::move(tracks.error());
  if (tracks->size() != 1) return Error(Errc::bad_response, "one track was asked for");
  return std::move(tracks->front());
}

}  // namespace

Node::Node(Runtime& runtime, NodeOptions options) : Node(NodeImpl::make(runtime, std::move(options))) {}

Node::Node(ImplPtr impl) : EventEmitter(impl->emitter()), impl_(std::move(impl)) {}

Node& Node::operator=(Node&& other) noexcept {
  if (this == &other) return *this;
  if (impl_) impl_->destroy();
  EventEmitter::operator=(std::move(other));
  impl_ = std::move(other.impl_);
  return *this;
}

Node::~Node() {
  if (impl_) impl_->destroy();
}

NodeState Node::state() const noexcept { return impl_->state(); }
std::string Node::session_id() const { return impl_->session_id(); }
std::optional<Stats> Node::stats() const { return impl_->stats(); }
std::chrono::nanoseconds Node::latency() const noexcept { return impl_->latency(); }
DroppedEvents Node::dropped_events() const noexcept { return impl_->dropped_events(); }
const NodeOptions& Node::options() const noexcept { return impl_->options(); }
Metrics Node::metrics() const { return impl_->metrics(); }

Player Node::player(Snowflake guild_id) {
  impl_->players().add(guild_id);
  return {impl_, guild_id};
}

std::vector<Snowflake> Node::guilds() const { return impl_->players().guilds(); }

void Node::start_connect(const ImplPtr& impl, CallOptions options, Handler<Ready> handler) {
  impl->connect(std::move(options), std::move(handler));
}

void Node::start_shutdown(const ImplPtr& impl, KeepSession keep, CallOptions options, Handler<void> handler) {
  impl->shutdown(keep, std::move(options), std::move(handler));
}

void Node::start_fetch_version(const ImplPtr& impl, CallOptions options, Handler<std::string> handler) {
  impl->start<std::string>(route::version, Needs::nothing, std::move(options), std::move(handler), [](NodeImpl& node) {
    return plan<std::string>(node, node.routes().version(), decode_version, RestBody::text);
  });
}

void Node::start_fetch_info(const ImplPtr& impl, CallOptions options, Handler<Info> handler) {
  impl->start<Info>(route::info, Needs::nothing, std::move(options), std::move(handler),
                    [](NodeImpl& node) { return plan<Info>(node, node.routes().info(), decode_info); });
}

void Node::start_fetch_stats(const ImplPtr& impl, CallOptions options, Handler<Stats> handler) {
  impl->start<Stats>(route::stats, Needs::nothing, std::move(options), std::move(handler),
                     [](NodeImpl& node) { return plan<Stats>(node, node.routes().stats(), decode_stats); });
}

void Node::start_load_tracks(const ImplPtr& impl, std::string identifier, CallOptions options,
                             Handler<LoadResult> handler) {
  lavalink::load_tracks(*impl, std::move(identifier), std::move(options), std::move(handler));
}

void Node::start_search(const ImplPtr& impl, std::string query, std::vector<SearchSource> sources, CallOptions options,
                        Handler<SearchAnswer> handler) {
  lavalink::search(*impl, query, sources, std::move(options), std::move(handler));
}

void Node::start_decode_track(const ImplPtr& impl, std::string encoded, CallOptions options, Handler<Track> handler) {
  impl->start<Track>(route::decode_track, Needs::nothing, std::move(options), std::move(handler),
                     [encoded = std::move(encoded)](NodeImpl& node) {
                       const auto& routes = node.routes();
                       if (routes.fits_a_head(encoded))
                         return plan<Track>(node, routes.decode_track(encoded), lavalink::decode_track);
                       return plan<Track>(node, routes.decode_tracks({encoded}), decode_the_only_track);
                     });
}

void Node::start_decode_tracks(const ImplPtr& impl, std::vector<std::string> encoded, CallOptions options,
                               Handler<std::vector<Track>> handler) {
  impl->start<std::vector<Track>>(
      route::decode_tracks, Needs::nothing, std::move(options), std::move(handler),
      [encoded = std::move(encoded)](NodeImpl& node) {
        return plan<std::vector<Track>>(node, node.routes().decode_tracks(encoded), lavalink::decode_tracks);
      });
}

void Node::start_update_session(const ImplPtr& impl, SessionUpdate update, CallOptions options,
                                Handler<SessionState> handler) {
  impl->start<SessionState>(
      route::update_session, Needs::session, std::move(options), std::move(handler), [update](NodeImpl& node) {
        auto session_id = node.session_id();
        auto result = plan<SessionState>(node, node.routes().update_session(session_id, update), decode_session);
        result.learn = [&node, session_id = std::move(session_id)](const Result<SessionState>& state, const auto&) {
          node.session_patched(session_id, *state);
        };
        return result;
      });
}

void Node::start_fetch_players(const ImplPtr& impl, CallOptions options, Handler<std::vector<PlayerSnapshot>> handler) {
  impl->fetch_players(std::move(options), std::move(handler));
}

void Node::start_fetch_player(const ImplPtr& impl, Snowflake guild_id, CallOptions options,
                              Handler<PlayerSnapshot> handler) {
  impl->start<PlayerSnapshot>(
      route::player, Needs::session, std::move(options), std::move(handler), [guild_id](NodeImpl& node) {
        auto result = plan<PlayerSnapshot>(node, node.routes().player(node.session_id(), guild_id), decode_player);
        result.learn = [&node](const Result<PlayerSnapshot>& player, const PlayerBook::Mark& mark) {
          node.players().told(mark, *player, node.now());
        };
        return result;
      });
}

void Node::start_update_player(const ImplPtr& impl, Snowflake guild_id, PlayerUpdateRequest update, Replace replace,
                               CallOptions options, Handler<PlayerSnapshot> handler) {
  patch_player(*impl, guild_id, std::move(update), replace, std::move(options), std::move(handler));
}

void Node::start_destroy_player(const ImplPtr& impl, Snowflake guild_id, CallOptions options, Handler<void> handler) {
  impl->start<void>(
      route::destroy_player, Needs::session, std::move(options), std::move(handler), [guild_id](NodeImpl& node) {
        auto result =
            plan<void>(node, node.routes().destroy_player(node.session_id(), guild_id), decode_nothing, RestBody::none);
        result.lane = player_lane(guild_id);
        result.leaves = [&node, guild_id, before = node.pending().last()](const PlayerBook::Mark& mark) {
          node.players().filters_asked(mark, guild_id);
          // A voice update that overtook, or came late, would make the player anew. One that was called later may do so.
          node.end_lane(voice_lane(guild_id).name, before, Error(Errc::cancelled, "the player is destroyed"));
        };
        result.learn = [&node, guild_id](const Result<void>&, const PlayerBook::Mark& mark) {
          node.players().remove(mark, guild_id);
          node.tell_player_destroyed(guild_id);
        };
        return result;
      });
}

void Node::start_fetch_routeplanner_status(const ImplPtr& impl, CallOptions options,
                                           Handler<RouteplannerStatus> handler) {
  impl->start<RouteplannerStatus>(
      route::routeplanner_status, Needs::nothing, std::move(options), std::move(handler), [](NodeImpl& node) {
        return plan<RouteplannerStatus>(node, node.routes().routeplanner_status(), decode_routeplanner_status);
      });
}

void Node::start_free_routeplanner_address(const ImplPtr& impl, std::string address, CallOptions options,
                                           Handler<void> handler) {
  impl->start<void>(
      route::free_address, Needs::nothing, std::move(options), std::move(handler),
      [address = std::move(address)](NodeImpl& node) {
        return plan<void>(node, node.routes().free_routeplanner_address(address), decode_nothing, RestBody::none);
      });
}

void Node::start_free_all_routeplanner_addresses(const ImplPtr& impl, CallOptions options, Handler<void> handler) {
  impl->start<void>(
      route::free_all_addresses, Needs::nothing, std::move(options), std::move(handler), [](NodeImpl& node) {
        return plan<void>(node, node.routes().free_all_routeplanner_addresses(), decode_nothing, RestBody::none);
      });
}

void Node::start_request(const ImplPtr& impl, RawRequest request, CallOptions options, Handler<JsonText> handler) {
  const auto needs = needs_session(request) ? Needs::session : Needs::nothing;
  const auto pattern = pattern_of(request);
  impl->start<JsonText>(
      pattern, needs, std::move(options), std::move(handler), [request = std::move(request)](NodeImpl& node) {
        auto result = plan<JsonText>(node, node.routes().raw(request, node.session_id()), decode_raw, RestBody::text);
        // It may change the filters of any player, and the calls behind it do not wait for it to go out.
        if (request.method != "GET" && needs_session(request)) {
          node.players().all_filters_asked(node.players().mark());
          result.leaves = [&node](const PlayerBook::Mark& mark) { node.players().all_filters_asked(mark); };
        }
        return result;
      });
}

}  // namespace lavapp::lavalink
