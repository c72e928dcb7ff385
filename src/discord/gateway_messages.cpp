// GatewayImpl: what its WebSocket tells, and what that means: payloads, events, typed events.
#include <utility>

#include "discord/close_codes.hpp"
#include "discord/event_reader.hpp"
#include "discord/gateway_impl.hpp"
#include "websocket/byte_buffer.hpp"

namespace lavapp::discord {

void GatewayImpl::listen(WebSocket& socket, std::uint64_t connection) {
  // A listener that runs may be the last to hold this: each holds on to it while it does.
  const auto mine = [weak = weak_from_this(), connection](auto&& task) {
    const auto self = weak.lock();
    if (self && self->socket_connection_ == connection) task(*self);
  };
  socket.on(WebSocket::open, [mine, connection](const HandshakeResponse&) {
    mine([&](GatewayImpl& self) { self.apply(self.session_->opened(connection, self.now())); });
  });
  socket.on(WebSocket::message, [mine](const WebSocket::Message& message) {
    mine([&](GatewayImpl& self) { self.on_message(message); });
  });
  socket.on(WebSocket::error, [mine](const Error& error) { mine([&](GatewayImpl& self) { self.socket_error_ = error; }); });
  socket.on(WebSocket::closed, [mine, connection](const WebSocket::Close& close) {
    mine([&](GatewayImpl& self) { self.on_closed(connection, close); });
  });
}

void GatewayImpl::on_closed(std::uint64_t connection, const WebSocket::Close& close) {
  leave_socket();
  Error error = close_error(close.code, close.reason);
  if (socket_error_ && close.code == 1006) error = std::move(*socket_error_);
  socket_error_.reset();
  apply(session_->lost(connection, close.code, std::move(error), now()));
}

void GatewayImpl::on_message(const WebSocket::Message& message) {
  const auto connection = socket_connection_;
  const auto fail = [&](Error error) { apply(session_->broken(connection, std::move(error), now())); };
  if (message.binary && decompressor_) {
    Scratch bytes;
    const auto whole = decompressor_->feed(message.data, *bytes);
    if (!whole) return fail(std::move(whole).error());
    if (*whole) on_bytes({bytes->data(), bytes->size()});
  } else if (message.binary != (options_.encoding == Encoding::etf)) {
    return fail(Error(Errc::bad_payload, message.binary ? "a binary message, and no compression was asked for" : "text where ETF was asked for"));
  } else {
    on_bytes(message.data);
  }
}

/// \param bytes  with PayloadReader::kPadding behind them: a ScratchBuffer has that, and so has what a WebSocket hands on
void GatewayImpl::on_bytes(std::string_view bytes) {
  static_assert(PayloadReader::kPadding <= websocket::ByteBuffer::kPadding);
  auto payload = reader_.read(bytes, options_.encoding);
  if (!payload) return apply(session_->broken(socket_connection_, std::move(payload).error(), now()));
  on_payload(*payload);
}

Dispatch GatewayImpl::dispatch_of(const Payload& payload) const {
  const auto s = payload.s.value_or(0);
  if (!payload.unread.empty()) return {payload.t, s, payload.unread, Dispatch::Holds::payload};
  return {payload.t, s, payload.d, options_.encoding == Encoding::etf ? Dispatch::Holds::term : Dispatch::Holds::json};
}

void GatewayImpl::on_payload(const Payload& payload) {
  const auto connection = socket_connection_;
  const auto body = dispatch_of(payload);
  switch (payload.op) {
    case Op::dispatch: return on_dispatch(payload);
    case Op::heartbeat: return apply(session_->heartbeat_wanted(connection, now()));
    case Op::reconnect: return apply(session_->reconnect_wanted(connection, now()));
    case Op::invalid_session: return apply(session_->session_invalid(connection, body.data() == "true", now()));
    case Op::hello: {
      const auto interval = read_hello(body.data());
      if (!interval) return apply(session_->broken(connection, interval.error(), now()));
      if (!limit_) limit_.emplace(*interval);
      return apply(session_->hello(connection, *interval, now()));
    }
    case Op::heartbeat_ack: {
      const auto trip = session_->acknowledged(connection, now());
      publish();
      if (!trip) return;
      const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(*trip);
      ping_.store(nanoseconds.count(), std::memory_order_relaxed);
      emit(Gateway::heartbeat_ack, nanoseconds);
      return;
    }
    default: warn(Error(Errc::bad_payload, "an opcode that is not known: " + std::to_string(static_cast<std::int64_t>(payload.op))));
  }
}

void GatewayImpl::on_dispatch(const Payload& payload) {
  const auto connection = socket_connection_;
  const auto current = [&] { return socket_connection_ == connection && !destroyed_.load(std::memory_order_acquire); };
  const auto dispatch = dispatch_of(payload);
  if (payload.t == "READY") {
    const auto ready = read_event<GatewayReady>(dispatch.data());
    if (!ready) return apply(session_->broken(connection, unreadable(dispatch, ready.error()), now()));
    ready_ = &*ready;
    apply(session_->ready(connection, ready->session_id, ready->resume_gateway_url, ready->guilds, now()));
    ready_ = nullptr;
    session_->event(connection, dispatch.sequence(), now());
    if (current()) emit(Gateway::dispatch, dispatch);
    return;
  }
  if (payload.s) session_->event(connection, *payload.s, now());
  if (session_->session()) sequence_.store(session_->session()->sequence, std::memory_order_relaxed);
  emit(Gateway::dispatch, dispatch);
  if (!current()) return;
  if (payload.t == "RESUMED") {
    apply(session_->resumed(connection, now()));
    if (current()) emit(Gateway::resumed);
  } else if (payload.t == "GUILD_CREATE" || payload.t == "GUILD_DELETE") {
    tell_typed(payload, dispatch);
    if (!current() || session_->expected_guilds().empty()) return;
    const auto id = payload.unread.empty() ? read_id(dispatch.data()) : find_id(payload.unread);
    if (id) apply(session_->guild(connection, *id, now()));
  } else if (payload.t == "GUILD_MEMBERS_CHUNK") {
    if (!members_.empty()) members_ended(members_.chunk(dispatch.data()));
  } else if (payload.t == "RATE_LIMITED") {
    if (!members_.empty()) members_ended(members_.rate_limited(dispatch.data()));
  } else {
    tell_typed(payload, dispatch);
  }
}

// --- typed events

Error GatewayImpl::unreadable(const Dispatch& dispatch, const Error& why) {
  return Error(Errc::bad_payload, std::string(dispatch.name()) + ": " + why.message);
}

template <int Index, class Typed>
void GatewayImpl::tell(Event<Gateway, Index, Typed> event, const Payload& payload, const Dispatch& dispatch) {
  if (!listened(event)) return;
  const auto typed = payload.unread.empty() ? read_event<Typed>(dispatch.data()) : read_event_in<Typed>(payload.unread);
  if (typed)
    emit(event, *typed);
  else
    warn(unreadable(dispatch, typed.error()));
}

void GatewayImpl::tell_typed(const Payload& payload, const Dispatch& dispatch) {
  const auto name = dispatch.name();
  if (name == "MESSAGE_CREATE") return tell(Gateway::message_create, payload, dispatch);
  if (name == "VOICE_STATE_UPDATE") return tell(Gateway::voice_state_update, payload, dispatch);
  if (name == "VOICE_SERVER_UPDATE") return tell(Gateway::voice_server_update, payload, dispatch);
  if (name == "VOICE_CHANNEL_STATUS_UPDATE") return tell(Gateway::voice_channel_status_update, payload, dispatch);
  if (name == "INTERACTION_CREATE") return tell(Gateway::interaction_create, payload, dispatch);
  if (name == "GUILD_CREATE") return tell(Gateway::guild_create, payload, dispatch);
  if (name == "GUILD_DELETE") return tell(Gateway::guild_delete, payload, dispatch);
}

}  // namespace lavapp::discord
