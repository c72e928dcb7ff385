// HttpConnection: one request and its response at a time on a ByteStream.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/byte_stream.hpp"
#include "net/http_message.hpp"

namespace lavapp::net {

/// Used on the stream's strand only. It always reads, so that it notices at once when the server closes it.
class HttpConnection final : public ByteStreamHandler, public std::enable_shared_from_this<HttpConnection> {
 public:
  struct End {
    Result<HttpResponse> response;
    bool reusable = false;
    bool write_failed = false;
    bool response_begun = false;
  };

  /// \param on_end   an exchange has ended; called inside what the stream tells, never inside exchange()
  /// \param on_lost  the connection ended, or misbehaved, between exchanges
  HttpConnection(std::shared_ptr<ByteStream> stream, std::function<void(End)> on_end, std::function<void()> on_lost)
      : stream_(std::move(stream)), on_end_(std::move(on_end)), on_lost_(std::move(on_lost)) {}

  void exchange(const HttpRequest& request, HttpParser::Limits limits);
  /// Ends all; neither function is called any more.
  void close();

 private:
  void on_read(const std::error_code& error, std::size_t size) override;
  void on_written(const std::error_code& error) override;
  void read();
  void end_of_stream(const std::error_code& error);
  void end(Result<HttpResponse> response, bool reusable);

  std::shared_ptr<ByteStream> stream_;
  std::function<void(End)> on_end_;
  std::function<void()> on_lost_;
  std::optional<HttpParser> parser_;  // of the exchange under way
  std::string out_;
  bool writing_ = false, write_failed_ = false, response_begun_ = false;
  bool reading_ = false, closed_ = false;
  std::array<char, 16 * 1024> buffer_;
};

}  // namespace lavapp::net
