// RawPeer: a blocking socket that speaks HTTP and frames by hand, so that the sandbox is not judged by our own client.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lavapp::test {

struct RawResponse {
  int status = 0;
  std::string reason = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};

  std::optional<std::string> header(std::string_view name) const;
};

struct RawFrame {
  int opcode = 0;
  std::string payload = {};
};

/// Every wait ends after ten seconds: with an exception, which fails the test.
class RawPeer {
 public:
  /// \throws std::runtime_error if nobody listens there
  explicit RawPeer(std::uint16_t port);
  RawPeer(RawPeer&& other) noexcept : socket_(std::exchange(other.socket_, -1)), input_(std::move(other.input_)) {}
  RawPeer& operator=(RawPeer&&) = delete;
  ~RawPeer();

  void send(std::string_view bytes);
  RawResponse read_response(bool head_only = false);
  /// Nothing at the end of the stream.
  std::optional<RawFrame> read_frame();
  /// Nothing has come, and the connection is open.
  bool silent();
  /// Reads, and throws away, until the stream ends, orderly or reset.
  void read_to_end();
  void finish();  ///< FIN
  void reset();   ///< RST

 private:
  bool fill();
  std::string take_until(std::string_view end);
  std::string take(std::size_t size);

  int socket_ = -1;
  std::string input_;
};

}  // namespace lavapp::test
