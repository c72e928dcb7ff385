// Deflater and Inflater: the payloads of permessage-deflate (RFC 7692 7.2) on zlib. Pure: no frames, no socket.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "websocket/byte_buffer.hpp"

namespace lavapp::websocket {

/// One direction's share of what was negotiated (RFC 7692 7.1).
struct DeflateParameters {
  int window_bits = 15;          ///< Of the LZ77 window, 8 to 15.
  bool context_takeover = true;  ///< Whether a message may refer to those before it.
};

/// Compresses messages. zlib's memory (some 256 KiB at most) is taken with the first one.
class Deflater {
 public:
  /// \param level  1 (fast) to 9 (small). \param memory_level  1 to 9: what zlib keeps besides the window.
  Deflater(DeflateParameters parameters, int level, int memory_level) noexcept;
  ~Deflater();
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  /// False if zlib has no compressor for a window so small: then messages must go out as they are.
  static constexpr bool supports(int window_bits) noexcept { return window_bits >= 9 && window_bits <= 15; }

  /// Appends the payload of a compressed message to `to`. \throws std::bad_alloc
  void compress(std::string_view payload, ByteBuffer& to);

 private:
  struct Stream;
  DeflateParameters parameters_;
  int level_, memory_level_;
  std::unique_ptr<Stream> stream_;
};

/// Decompresses messages, piece by piece as they come. zlib's memory (some 40 KiB) is taken with the first one.
class Inflater {
 public:
  enum class Outcome {
    ok,
    broken,   ///< The bytes are no DEFLATE data, or the message ends inside of it.
    too_big,  ///< `to` would grow beyond the limit: it is not filled further.
  };

  explicit Inflater(DeflateParameters parameters) noexcept;
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Takes the next piece of a message's payload; what comes out of it is appended to `to`, which must not become longer
  /// than `limit`. \throws std::bad_alloc
  Outcome feed(std::string_view piece, ByteBuffer& to, std::size_t limit);
  /// The payload is at its end (RFC 7692 7.2.2); the next feed() begins another message.
  Outcome finish(ByteBuffer& to, std::size_t limit);

 private:
  struct Stream;
  DeflateParameters parameters_;
  std::unique_ptr<Stream> stream_;
};

}  // namespace lavapp::websocket
