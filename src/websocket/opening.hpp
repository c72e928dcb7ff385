// Opening: from a URL to an open WebSocket: dial, ask, read the answer.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/timer.hpp"
#include "net/byte_stream.hpp"
#include "websocket/handshake.hpp"

namespace lavapp::websocket {

/// One attempt. Used on its strand only.
class Opening final : public net::ByteStreamHandler, public std::enable_shared_from_this<Opening> {
 public:
  struct Opened {
    std::shared_ptr<net::ByteStream> stream;
    Agreement agreed;
    std::string rest;  ///< What came behind the answer: frames already.
  };
  using Done = MoveFunction<void(Result<Opened>)>;
  using Trace = std::function<void(std::string_view)>;

  /// Ends once, through `done`, never inside this call; not at all after cancel().
  static std::shared_ptr<Opening> start(const detail::Strand& strand, Url url, const WebSocketOptions& options,
                                        Trace trace, Done done);
  void cancel();
  /// The timeout that a deadline over all would have to be called at this moment.
  Errc step_timeout() const {
    if (next_) return next_->step_timeout();
    return dialer_ ? dialer_->step_timeout() : Errc::handshake_timeout;
  }

 private:
  Opening(const detail::Strand& strand, Url url, const WebSocketOptions& options, Trace trace, Done done);
  void dial();
  void dialled(Result<std::shared_ptr<net::ByteStream>> stream);
  void on_read(const std::error_code& error, std::size_t size) override;
  void on_written(const std::error_code& error) override;
  void read_more();
  void stream_ended(const std::error_code& error);
  void trace_headers(std::string_view arrow, const Headers& headers);
  void answered(std::string rest);
  bool redirected();
  void follow(Url to);
  void timed_out();
  void finish(Result<Opened> result);

  detail::Strand strand_;
  Url url_;
  WebSocketOptions options_;
  Trace trace_;
  Done done_;
  detail::Timer timer_;
  std::shared_ptr<net::Dialer> dialer_;
  std::shared_ptr<net::ByteStream> stream_;
  std::string key_;
  std::string request_;  ///< Lives until it has been written.
  bool written_ = false;
  std::vector<char> buffer_;
  net::HttpParser parser_;
  std::optional<Opened> opened_;   ///< While the write's completion is still to come.
  std::shared_ptr<Opening> next_;  ///< The server has sent us there.
};

}  // namespace lavapp::websocket
