// FrameReader: bytes in, messages and control frames out (RFC 6455 section 5). No socket, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "lavapp/core/error.hpp"
#include "lavapp/websocket.hpp"
#include "websocket/byte_buffer.hpp"
#include "websocket/deflate.hpp"
#include "websocket/frame.hpp"
#include "websocket/utf8.hpp"

namespace lavapp::websocket {

/// Receives what FrameReader finds; views are valid during the call. Each returns whether to go on: after false
/// nothing more is handed on.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  /// \param data  with ByteBuffer::kPadding readable bytes behind it
  virtual bool on_message(std::string_view data, bool binary) = 0;
  /// With Limits::pieces, instead of on_message().
  virtual bool on_piece(const WebSocket::Fragment&) { return true; }
  virtual bool on_ping(std::string_view payload) = 0;
  virtual bool on_pong(std::string_view payload) = 0;
  /// Nothing follows: what comes behind a Close frame is ignored (RFC 6455 5.5.1).
  virtual bool on_close(const ClosePayload& close) = 0;
};

/// What the peer did wrong, and the code of the Close frame that says so (RFC 6455 7.1.7).
struct Violation {
  Errc errc = Errc::protocol_error;
  int close_code = websocket::close_code::protocol_error;
  const char* what = "";
};

/// Reads frames from one contiguous buffer, into which the socket reads directly: prepare(), read, commit(), parse().
///
/// A message in one frame that fits into the buffer is handed on where it lies; longer, fragmented and compressed ones are
/// put together in a buffer of their own, which grows with the bytes that arrive, never with those that are announced.
/// The read buffer starts small, grows while reads fill it, and shrinks again when they no longer do.
class FrameReader {
 public:
  struct Limits {
    std::size_t max_message_size = 16 * 1024 * 1024;
    /// Of the payload of one frame of data, as it comes over the wire.
    std::size_t max_frame_size = std::numeric_limits<std::size_t>::max();
    /// Messages are handed on as they arrive, and not put together.
    bool pieces = false;
    /// Bounds of the read buffer. The lower one is what an idle connection holds.
    std::size_t min_buffer = 1024;
    std::size_t max_buffer = 512 * 1024;
  };
  struct Room {
    char* data;
    std::size_t size;
  };

  /// \param role  whose reader this is: a client refuses masked frames, a server unmasked ones.
  FrameReader(Role role, Limits limits) : role_(role), limits_(limits) {}
  explicit FrameReader(Role role) : FrameReader(role, Limits{}) {}
  /// permessage-deflate was agreed upon: the peer may compress its messages.
  void decompress(DeflateParameters parameters) { inflater_ = std::make_unique<Inflater>(parameters); }

  /// Where to read into next; never empty.
  Room prepare();
  /// `size` bytes have been put there.
  void commit(std::size_t size) noexcept;
  /// prepare() and commit() for bytes that are somewhere else already.
  void append(std::string_view bytes);

  /// Hands on every frame that is whole. After a violation, a Close or a sink's `false`, it finds nothing any more.
  std::optional<Violation> parse(FrameSink& sink);

  /// Called by a sink: nothing more is handed on until resume(), and parse().
  void pause() noexcept { paused_ = true; }
  void resume() noexcept { paused_ = false; }
  /// Whether a message, or a part of one, has come since this was asked last.
  bool took_data() noexcept { return std::exchange(took_data_, false); }

  std::size_t buffer_capacity() const noexcept { return capacity_; }
  std::size_t message_capacity() const noexcept { return message_.capacity(); }

 private:
  struct Head {
    std::size_t size = 0;
    std::uint64_t payload_size = 0;
    Opcode opcode = Opcode::text;
    bool fin = false;
    bool compressed = false;
    MaskKey key = 0;
  };
  enum class Step { go_on, need_more, stop };

  Step next(FrameSink& sink);
  Step read_head(Head& head);
  Step control_frame(FrameSink& sink, const Head& head);
  Step data_frame(FrameSink& sink, const Head& head);
  Step whole_message(FrameSink& sink, const Head& head);
  Step stream_payload(FrameSink& sink);
  Step hand_on(FrameSink& sink, bool last);
  Step append_to_message(std::string_view piece, bool last);
  Step fail(Errc errc, int close_code, const char* what);
  void reallocate(std::size_t capacity);
  std::size_t available() const noexcept { return end_ - begin_; }

  Role role_;
  Limits limits_;

  std::unique_ptr<char[]> bytes_;  ///< [begin_, end_) has not been parsed.
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t wanted_ = 0;   ///< The size of the frame at begin_, as far as it must be in the buffer as a whole.
  std::size_t checked_ = 0;  ///< So much of that frame's text has gone through utf8_ already.
  bool filled_ = false;      ///< The last read left no room: a larger buffer takes fewer reads.
  int quiet_reads_ = 0;      ///< Reads in a row that a much smaller buffer would have held,
  std::size_t quiet_most_ = 0;  ///< and the largest of them.

  bool in_message_ = false;  ///< A message has begun in message_ and is not at its end.
  bool binary_ = false;
  bool compressed_ = false;
  ByteBuffer message_;           ///< What has come of it; with pieces, what has not been handed on.
  std::size_t handed_on_ = 0;    ///< Bytes of it that have been.
  bool any_handed_on_ = false;   ///< A piece of it has been, even if an empty one.
  std::unique_ptr<Inflater> inflater_;  ///< None: nothing may be compressed.
  Utf8Checker utf8_;

  bool in_frame_ = false;  ///< The rest of a frame's payload goes straight into message_.
  Head frame_;
  std::uint64_t frame_taken_ = 0;

  bool took_data_ = false;
  bool paused_ = false;
  bool stopped_ = false;
  std::optional<Violation> violation_;
};

}  // namespace lavapp::websocket
