#include "lavapp/sandbox/gateway.hpp"

#include <algorithm>
#include <utility>

#include "sandbox/gateway_connection.hpp"
#include "sandbox/gateway_impl.hpp"

namespace lavapp::sandbox {
namespace {

/// Events that a session keeps for a resume.
constexpr std::size_t kKeptEvents = 100'000;

}  // namespace

Snowflake id_in(const Json& object, const char* name) {
  const auto it = object.find(name);
  if (it == object.end()) return {};
  if (it->is_number_unsigned()) return it->get<std::uint64_t>();
  return it->is_string() ? Snowflake::parse(it->get<std::string>()).value_or(Snowflake()) : Snowflake();
}

bool belongs_to(Snowflake guild, const Json& shard) {
  return (guild.value() >> 22) % shard[1].get<std::uint64_t>() == shard[0].get<std::uint64_t>();
}

std::string guild_create(Snowflake id) {
  return dump(Json{{"id", id.to_string()}, {"name", "guild " + id.to_string()}, {"unavailable", false}, {"voice_states", Json::array()}});
}

void Gateway::Impl::stop() {
  post([](Impl& self) {
    self.listener_->close();
    for (const auto& each : self.open()) each->cut();
    self.hanging.clear();
  });
}

void Gateway::Impl::accepted(std::shared_ptr<net::ByteStream> stream) {
  connections_.erase(std::remove_if(connections_.begin(), connections_.end(), [](const auto& weak) { return weak.expired(); }),
                     connections_.end());
  const auto connection = std::make_shared<Connection>(shared_from_this(), std::move(stream));
  connections_.push_back(connection);
  connection->read();
}

std::vector<std::shared_ptr<Gateway::Impl::Connection>> Gateway::Impl::open() {
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& weak : connections_) {
    if (auto connection = weak.lock(); connection && connection->is_open()) all.push_back(std::move(connection));
  }
  return all;
}

void Gateway::Impl::dispatch(Session& session, const std::string& name, const std::string& data) {
  const auto sequence = ++session.sequence;
  auto payload = "{\"t\":\"" + name + "\",\"s\":" + std::to_string(sequence) + ",\"op\":0,\"d\":" + data + "}";
  for (const auto& connection : open()) {
    if (connection->session().get() == &session) connection->send(payload);
  }
  session.events.emplace_back(sequence, std::move(payload));
  if (session.events.size() > kKeptEvents) session.events.pop_front();
}

void Gateway::Impl::dispatch(const std::string& name, const std::string& data) {
  const auto document = Json::parse(data, nullptr, false);
  const auto guild = document.is_object() ? id_in(document, "guild_id") : Snowflake();
  for (const auto& [id, session] : sessions) {
    if (guild == Snowflake() || belongs_to(guild, session->shard)) dispatch(*session, name, data);
  }
}

// --- Gateway

Gateway::Gateway(GatewayOptions options)
    : own_runtime_(std::make_unique<Runtime>()), impl_(std::make_shared<Impl>(own_runtime_->impl(), std::move(options))) {
  impl_->start();
}
Gateway::Gateway(Runtime& runtime, GatewayOptions options) : impl_(std::make_shared<Impl>(runtime.impl(), std::move(options))) {
  impl_->start();
}
Gateway::~Gateway() { impl_->stop(); }

std::uint16_t Gateway::port() const noexcept { return impl_->port(); }
std::string Gateway::url() const { return impl_->url(); }
std::string Gateway::api() const { return "http://127.0.0.1:" + std::to_string(port()) + "/api/v10"; }
std::vector<SeenPayload> Gateway::payloads() const {
  return impl_->with_journal([](auto& journal) { return journal.payloads; });
}
std::size_t Gateway::connections() const {
  return impl_->with_journal([](auto& journal) { return journal.connections; });
}
std::size_t Gateway::open_connections() const {
  return impl_->with_journal([](auto& journal) { return journal.open; });
}
std::size_t Gateway::identifies() const {
  return impl_->with_journal([](auto& journal) { return journal.identifies; });
}
std::size_t Gateway::resumes() const {
  return impl_->with_journal([](auto& journal) { return journal.resumes; });
}
std::vector<int> Gateway::close_codes() const {
  return impl_->with_journal([](auto& journal) { return journal.close_codes; });
}

void Gateway::dispatch(std::string name, std::string data) {
  impl_->post([name = std::move(name), data = std::move(data)](Impl& impl) { impl.dispatch(name, data); });
}
void Gateway::send(std::string payload) {
  impl_->post([payload = std::move(payload)](Impl& impl) {
    for (const auto& each : impl.open()) each->send(payload);
  });
}
void Gateway::invalidate_sessions(bool resumable) {
  if (!resumable) forget_sessions();
  send(resumable ? R"({"op":9,"d":true,"s":null,"t":null})" : R"({"op":9,"d":false,"s":null,"t":null})");
}
void Gateway::close_connections(int code, std::string reason) {
  impl_->post([code, reason = std::move(reason)](Impl& impl) {
    for (const auto& each : impl.open()) each->close(code, reason);
  });
}
void Gateway::drop_connections() {
  impl_->post([](Impl& impl) {
    for (const auto& each : impl.open()) each->cut();
  });
}
void Gateway::ignore_heartbeats(bool ignore) {
  impl_->post([ignore](Impl& impl) { impl.ignore_heartbeats = ignore; });
}
void Gateway::half_open(bool on) {
  impl_->post([on](Impl& impl) {
    impl.half_open = on;
    if (on) return;
    // What hung hangs for ever; who comes now is served.
    for (const auto& each : std::exchange(impl.hanging, {})) each->cut();
  });
}
void Gateway::send_garbage(std::string bytes) {
  impl_->post([bytes = std::move(bytes)](Impl& impl) {
    for (const auto& each : impl.open()) each->send_frame(websocket::Opcode::binary, bytes);
  });
}
void Gateway::greet_with(std::string payload) {
  impl_->post([payload = std::move(payload)](Impl& impl) mutable {
    impl.greet_with_hello = false;
    impl.greeting = std::move(payload);
  });
}
void Gateway::greet_with_hello() {
  impl_->post([](Impl& impl) { impl.greet_with_hello = true; });
}
void Gateway::refuse_with_close(int code) {
  impl_->post([code](Impl& impl) { impl.refuse_close = code; });
}
void Gateway::refuse_with_status(int status) {
  impl_->post([status](Impl& impl) { impl.refuse_status = status; });
}
void Gateway::ignore_identify(bool ignore) {
  impl_->post([ignore](Impl& impl) { impl.ignore_identify = ignore; });
}
void Gateway::add_guild(Snowflake id) {
  impl_->post([id](Impl& impl) {
    impl.guilds.push_back(id);
    for (const auto& [session_id, session] : impl.sessions) {
      if (belongs_to(id, session->shard)) impl.dispatch(*session, "GUILD_CREATE", guild_create(id));
    }
  });
}
void Gateway::remove_guild(Snowflake id) {
  impl_->post([id](Impl& impl) {
    impl.guilds.erase(std::remove(impl.guilds.begin(), impl.guilds.end(), id), impl.guilds.end());
    for (const auto& [session_id, session] : impl.sessions) {
      if (belongs_to(id, session->shard)) impl.dispatch(*session, "GUILD_DELETE", dump(Json{{"id", id.to_string()}}));
    }
  });
}
void Gateway::recommend_shards(std::uint32_t shards) {
  impl_->post([shards](Impl& impl) { impl.shards = shards; });
}
void Gateway::set_remaining_identifies(std::uint32_t remaining) {
  impl_->post([remaining](Impl& impl) { impl.remaining_identifies = remaining; });
}
void Gateway::forget_sessions() {
  impl_->post([](Impl& impl) { impl.sessions.clear(); });
}

}  // namespace lavapp::sandbox
