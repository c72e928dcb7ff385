// CloseHandshake: who has said Close, and what the end is called (RFC 6455 7.1). Pure.
#pragma once

#include <optional>

#include "lavapp/websocket.hpp"
#include "websocket/frame.hpp"

namespace lavapp::websocket {

class CloseHandshake {
 public:
  /// A Close frame of ours is wanted. False if there is one already.
  bool start() noexcept { return !std::exchange(started_, true); }
  /// It has been handed to the operating system.
  void sent() noexcept { sent_ = true; }
  void received(ClosePayload close) { peer_ = std::move(close); }

  bool has_started() const noexcept { return started_; }
  bool has_received() const noexcept { return peer_.has_value(); }
  /// Both sides have said it: only the end of TCP is missing.
  bool complete() const noexcept { return sent_ && peer_; }

  /// The code with which a Close frame is answered: the peer's own (RFC 6455 5.5.1), or none if it gave none.
  int answer() const noexcept { return peer_ ? peer_->code : close_code::no_status; }

  /// RFC 6455 7.1.5: the peer's word, 1006 without one.
  WebSocket::Close outcome() const {
    if (!peer_) return {close_code::abnormal, {}, false};
    return {peer_->code, peer_->reason, complete()};
  }

 private:
  bool started_ = false;
  bool sent_ = false;
  std::optional<ClosePayload> peer_;
};

}  // namespace lavapp::websocket
