#include "lavapp/discord/gateway.hpp"

#include <nlohmann/json.hpp>

#include "discord/gateway_impl.hpp"
#include "discord/gateway_url.hpp"

namespace lavapp::discord {

Gateway::Gateway(Runtime& runtime, GatewayOptions options)
    : Gateway(std::make_shared<GatewayImpl>(runtime.impl(), std::move(options))) {}
Gateway::Gateway(ImplPtr impl) : EventEmitter(impl->emitter()), impl_(std::move(impl)) {}

Gateway& Gateway::operator=(Gateway&& other) noexcept {
  if (impl_ && impl_ != other.impl_) impl_->destroy();
  EventEmitter::operator=(std::move(other));
  impl_ = std::move(other.impl_);
  return *this;
}

Gateway::~Gateway() {
  if (impl_) impl_->destroy();
}

void Gateway::start_connect(const ImplPtr& impl, CallOptions options, Handler<void> handler) {
  impl->connect(std::move(options), std::move(handler));
}
void Gateway::start_close(const ImplPtr& impl, int code, CallOptions options, Handler<void> handler) {
  impl->close(code, std::move(options), std::move(handler));
}
void Gateway::start_send(const ImplPtr& impl, std::string payload, CallOptions options, Handler<void> handler) {
  impl->send(std::move(payload), std::move(options), std::move(handler));
}

void Gateway::start_request_members(const ImplPtr& impl, MembersRequest request, CallOptions options, Handler<Members> handler) {
  impl->request_members(std::move(request), std::move(options), std::move(handler));
}

Function<void(std::string payload)> Gateway::sender() const {
  return [weak = std::weak_ptr<GatewayImpl>(impl_)](std::string payload) {
    if (const auto impl = weak.lock()) impl->send(std::move(payload), {}, Handler<void>([](Result<void>) {}));
  };
}

std::string Gateway::soundboard_payload(const std::vector<Snowflake>& guild_ids) {
  std::string ids;
  for (const auto id : guild_ids) ids += (ids.empty() ? "\"" : ",\"") + id.to_string() + "\"";
  return "{\"op\":31,\"d\":{\"guild_ids\":[" + ids + "]}}";
}

std::string Gateway::channel_info_payload(Snowflake guild_id, const std::vector<std::string>& fields) {
  return nlohmann::json{{"op", 43}, {"d", {{"guild_id", guild_id.to_string()}, {"fields", fields}}}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<void> Gateway::reconnect() { return impl_->reconnect(); }
void Gateway::close(int code) { impl_->close(code); }
void Gateway::terminate() { impl_->terminate(); }
void Gateway::prevent_reconnect(bool prevent) { impl_->prevent_reconnect(prevent); }

std::string Gateway::voice_state_payload(Snowflake guild_id, const VoiceStateRequest& state) {
  const auto channel = state.channel_id ? "\"" + state.channel_id->to_string() + "\"" : std::string("null");
  return "{\"op\":4,\"d\":{\"guild_id\":\"" + guild_id.to_string() + "\",\"channel_id\":" + channel +
         ",\"self_mute\":" + (state.self_mute ? "true" : "false") + ",\"self_deaf\":" + (state.self_deaf ? "true" : "false") + "}}";
}

GatewayStatus Gateway::status() const noexcept { return impl_->told(&GatewayImpl::Snapshot::status); }
bool Gateway::is_connected() const noexcept {
  const auto now = status();
  return now == GatewayStatus::ready || now == GatewayStatus::waiting_for_guilds || now == GatewayStatus::resuming ||
         now == GatewayStatus::identifying;
}
bool Gateway::is_connecting() const noexcept {
  const auto now = status();
  return now == GatewayStatus::connecting || now == GatewayStatus::reconnecting;
}
bool Gateway::is_closed() const noexcept {
  const auto now = status();
  return now == GatewayStatus::idle || now == GatewayStatus::disconnected;
}
std::chrono::nanoseconds Gateway::ping() const noexcept { return impl_->ping(); }
bool Gateway::last_heartbeat_acked() const noexcept { return impl_->told(&GatewayImpl::Snapshot::acked); }
std::chrono::milliseconds Gateway::heartbeat_interval() const noexcept { return impl_->told(&GatewayImpl::Snapshot::interval); }
Optional<Clock::time_point> Gateway::connected_since() const noexcept { return impl_->told(&GatewayImpl::Snapshot::connected_since); }
Optional<Clock::time_point> Gateway::last_heartbeat() const noexcept { return impl_->told(&GatewayImpl::Snapshot::last_heartbeat); }
Optional<Clock::time_point> Gateway::last_resume() const noexcept { return impl_->told(&GatewayImpl::Snapshot::last_resume); }
bool Gateway::has_been_ready() const noexcept { return impl_->told(&GatewayImpl::Snapshot::has_been_ready); }
bool Gateway::do_not_reconnect() const noexcept { return impl_->told(&GatewayImpl::Snapshot::do_not_reconnect); }
Optional<GatewaySession> Gateway::session() const { return impl_->snapshot().session; }
void Gateway::set_session(Optional<GatewaySession> session) { impl_->set_session(std::move(session)); }
std::vector<Snowflake> Gateway::expected_guilds() const { return impl_->told(&GatewayImpl::Snapshot::expected_guilds); }
const GatewayOptions& Gateway::options() const noexcept { return impl_->options(); }
std::string Gateway::url() const {
  const auto session = impl_->snapshot().session;
  const bool resumes = session && !session->resume_url.empty();
  return gateway_url(resumes ? session->resume_url : options().url, options());
}

}  // namespace lavapp::discord
