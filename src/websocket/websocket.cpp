#include "lavapp/websocket.hpp"

#include <algorithm>
#include <cmath>

#include "websocket/websocket_impl.hpp"

namespace lavapp {

using detail::WebSocketImpl;
using websocket::Opcode;

std::chrono::nanoseconds Latency::percentile(double percent) const {
  if (recent.empty()) return std::chrono::nanoseconds(0);
  auto sorted = recent;
  std::sort(sorted.begin(), sorted.end());
  const auto rank = std::ceil(std::clamp(percent, 0.0, 100.0) / 100.0 * static_cast<double>(sorted.size()));
  return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

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
Counters WebSocket::counters() const { return impl_->counters(); }
void WebSocket::pause() { impl_->pause(); }
void WebSocket::resume() { impl_->resume(); }
bool WebSocket::is_paused() const noexcept { return impl_->is_paused(); }
Latency WebSocket::latency() const { return impl_->latency(); }
std::size_t WebSocket::buffered_amount() const noexcept { return impl_->buffered_amount(); }
const std::string& WebSocket::url() const noexcept { return impl_->url(); }

}  // namespace lavapp
