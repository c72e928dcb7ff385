#include "lavapp/sandbox/node.hpp"

#include <utility>

#include "sandbox/connection.hpp"
#include "sandbox/server.hpp"
#include "websocket/frame.hpp"

namespace lavapp::sandbox {
namespace {

const std::string loopback = "127.0.0.1";

void need(bool good, const char* what) {
  if (!good) throw Exception(Error(Errc::invalid_argument, what));
}

SeenPlayer seen(const std::string& session_id, const Player& player, Time now) {
  SeenPlayer seen;
  seen.session_id = session_id;
  seen.guild_id = Snowflake(static_cast<std::uint64_t>(player.guild_id()));
  seen.position = player.position(now);
  if (player.track()) seen.track = client_track(*player.track(), seen.position, player.user_data());
  seen.volume = player.volume();
  seen.paused = player.paused();
  seen.connected = player.connected();
  seen.filters = JsonText(dump(player.filters()));
  return seen;
}

}  // namespace

class Node::Impl : public Server {
 public:
  Impl(std::shared_ptr<detail::RuntimeImpl> runtime, NodeOptions options)
      : Server(std::move(runtime), options), password(std::move(options.password)) {}
  std::string password;
};

Node::Node(NodeOptions options)
    : own_runtime_(std::make_unique<Runtime>()), impl_(std::make_shared<Impl>(own_runtime_->impl(), std::move(options))) {
  impl_->start();
}

Node::Node(Runtime& runtime, NodeOptions options) : impl_(std::make_shared<Impl>(runtime.impl(), std::move(options))) {
  impl_->start();
}

Node::~Node() { impl_->stop(); }

std::uint16_t Node::port() const noexcept { return impl_->port(); }
const std::string& Node::host() const noexcept { return loopback; }
const std::string& Node::password() const noexcept { return impl_->password; }

lavalink::Track Node::add_track(CatalogueTrack track) {
  return impl_->with_state([&](NodeState& state, Time) {
    return client_track(state.catalogue.add(std::move(track)), milliseconds(0), Json::object());
  });
}

void Node::add_playlist(CataloguePlaylist playlist) {
  impl_->with_state([&](NodeState& state, Time) { state.catalogue.add(std::move(playlist)); });
}

std::vector<lavalink::Track> Node::catalogue() const {
  return impl_->with_state([](NodeState& state, Time) {
    std::vector<lavalink::Track> tracks;
    for (const auto& track : state.catalogue.tracks()) tracks.push_back(client_track(track, milliseconds(0), Json::object()));
    return tracks;
  });
}

std::vector<SeenRequest> Node::requests() const {
  return impl_->with_trouble([](Faults&, Journal& journal, auto&) { return journal.requests(); });
}

void Node::clear_requests() {
  impl_->with_trouble([](Faults&, Journal& journal, auto&) { journal.clear(); });
}

std::vector<SeenSession> Node::sessions() const {
  return impl_->with_state([](NodeState& state, Time) {
    std::vector<SeenSession> all;
    for (const auto& [id, session] : state.sessions()) {
      const bool connected = session->presence() == Session::Presence::connected;
      all.push_back({id, session->owner().user_id, session->owner().client_name, connected, session->resuming,
                     std::chrono::seconds(session->timeout)});
    }
    return all;
  });
}

std::vector<SeenPlayer> Node::players() const {
  return impl_->with_state([](NodeState& state, Time now) {
    std::vector<SeenPlayer> all;
    for (const auto& [id, session] : state.sessions()) {
      for (const auto& [guild, player] : session->players()) all.push_back(seen(id, player, now));
    }
    return all;
  });
}

std::optional<SeenPlayer> Node::player(Snowflake guild_id) const {
  return impl_->with_state([guild_id](NodeState& state, Time now) {
    std::optional<SeenPlayer> found;
    for (const auto& [id, session] : state.sessions()) {
      const auto& players = std::as_const(*session).players();
      const auto player = players.find(static_cast<std::int64_t>(guild_id.value()));
      if (player == players.end()) continue;
      const bool connected = session->presence() == Session::Presence::connected;
      if (!found || connected) found = seen(id, player->second, now);
    }
    return found;
  });
}

std::size_t Node::connections() const { return impl_->connections(); }

std::vector<std::string> Node::texts() const {
  return impl_->with_trouble([](Faults&, Journal&, auto& texts) { return std::vector<std::string>(texts.begin(), texts.end()); });
}

void Node::order(Fault fault) {
  need(fault.kind != Fault::Kind::answer || (fault.status >= 200 && fault.status <= 599), "Fault::status must be 200 to 599");
  need(fault.delay_for.count() >= 0, "Fault::delay_for must not be negative");
  impl_->with_trouble([&](Faults& faults, Journal&, auto&) { faults.order(std::move(fault)); });
}

void Node::clear_faults() {
  impl_->with_trouble([](Faults& faults, Journal&, auto&) { faults.clear(); });
}

void Node::hang_voice_updates(bool hang) {
  impl_->with_state([&](NodeState& state, Time) { state.hang_voice = hang; });
}

void Node::close_voice(Snowflake guild_id, int code, std::string reason, bool by_remote) {
  impl_->with_state([&](NodeState& state, Time now) {
    for (const auto& [id, session] : state.sessions()) {
      auto* player = session->find_player(static_cast<std::int64_t>(guild_id.value()));
      if (!player) continue;
      PlayerEvents events;
      player->close_voice(code, reason, by_remote, now, events);
      session->send(player->guild_id(), events, state.wall());
    }
  });
}

void Node::drop_connections(Drop how) {
  impl_->on_connections([how](Connection& connection) { connection.close(how == Drop::reset); });
}

void Node::half_open(bool on) { impl_->set_half_open(on); }

void Node::send_text(std::string text) {
  impl_->on_connections([text = std::move(text)](Connection& connection) {
    if (connection.is_websocket()) connection.send_frame(websocket::Opcode::text, text);
  });
}

void Node::send_binary(std::string bytes) {
  impl_->on_connections([bytes = std::move(bytes)](Connection& connection) {
    if (connection.is_websocket()) connection.send_frame(websocket::Opcode::binary, bytes);
  });
}

void Node::close_websockets(int code, std::string reason) {
  need(websocket::valid_close_code(code), "the code must be one that a Close frame can carry");
  need(reason.size() <= websocket::kMaxCloseReason, "the reason must be at most 123 bytes");
  impl_->on_connections([code, reason = std::move(reason)](Connection& connection) { connection.close_websocket(code, reason); });
}

void Node::send_raw(std::string bytes) {
  impl_->on_connections([bytes = std::move(bytes)](Connection& connection) {
    if (connection.is_websocket()) connection.send_bytes(bytes);
  });
}

void Node::restart(std::chrono::milliseconds downtime, Stop how) { impl_->restart(downtime, how); }

bool Node::running() const { return impl_->running(); }

}  // namespace lavapp::sandbox
