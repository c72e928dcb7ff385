#include "lavapp/websocket.hpp"

#include "websocket/websocket_impl.hpp"

namespace lavapp {

using detail::WebSocketImpl;
using websocket::Opcode;

WebSocket::WebSocket(Runtime& runtime, std::string url, WebSocketOptions options)
    : WebSocket(detail::Strand(runtime.impl()), std::move(url), std::move(options)) {}

WebSocket::WebSocket(const detail::Strand& strand, std::string url, WebSocketOptions options)
    : WebSocket(std::make_shared<WebSocketImpl>(strand, std::move(url), std::move(options))) {}

WebSocket::WebSocket(ImplPtr impl) : EventEmitter<WebSocket>(impl->emitter()), impl_(std::move(impl)) {}

WebSocket& WebSocket::operator=(WebSocket&& other) noexcept {
  if (this == &other) return *this;
  if (impl_) impl_->abandon();
  EventEmitter<WebSocket>::operator=(std::move(other));
  impl_ = std::move(other.impl_);
  return *this;
}

WebSocket::~WebSocket() {
  if (impl_) impl_->abandon();
}

void WebSocket::start_connect(const ImplPtr& impl, CallOptions options, Handler<HandshakeResponse> handler) {
  impl->connect(std::move(options), std::move(handler));
}

void WebSocket::start_send(const ImplPtr& impl, std::string data, bool binary, CallOptions options,
                           Handler<void> handler) {
  impl->send(binary ? Opcode::binary : Opcode::text, data, std::move(options), std::move(handler));
}

void WebSocket::start_ping(const ImplPtr& impl, std::string payload, CallOptions options,
                           Handler<std::chrono::nanoseconds> handler) {
  impl->ping(std::move(payload), std::move(options), std::move(handler));
}

void WebSocket::start_close(const ImplPtr& impl, int code, std::string reason, CallOptions options,
                            Handler<Close> handler) {
  impl->close(code, std::move(reason), std::move(options), std::move(handler));
}

Result<void> WebSocket::send(std::string_view text) { return impl_->send(Opcode::text, text); }
Result<void> WebSocket::send_binary(std::string_view bytes) { return impl_->send(Opcode::binary, bytes); }
Result<void> WebSocket::close(int code, std::string_view reason) { return impl_->close(code, reason); }
void WebSocket::terminate() { impl_->terminate(); }
void WebSocket::close_and_wait() { impl_->terminate_and_wait(); }
ReadyState WebSocket::ready_state() const noexcept { return impl_->ready_state(); }
Latency WebSocket::latency() const { return impl_->latency(); }
std::size_t WebSocket::buffered_amount() const noexcept { return impl_->buffered_amount(); }
const std::string& WebSocket::url() const noexcept { return impl_->url(); }

}  // namespace lavapp
