// SendQueue: what waits to be written, bounded, as one run of bytes. No socket, no lock.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lavapp/core/move_function.hpp"
#include "lavapp/core/result.hpp"
#include "websocket/byte_buffer.hpp"
#include "websocket/deflate.hpp"
#include "websocket/frame.hpp"
#include "websocket/mask_keys.hpp"

namespace lavapp::websocket {

/// Frames are encoded as they come, one behind the other, so that whatever waits goes out in one write; what makes more
/// than one write goes out piece by piece. Pings and Pongs overtake messages, and wait for the end of the piece under way
/// at most. Long messages are sent in fragments (RFC 6455 5.4), so that one of them does not hold up a Pong for as long as
/// it takes. A message counts as buffered as far as it has not been written.
class SendQueue {
 public:
  /// Told once what became of a message.
  using Sent = MoveFunction<void(Result<void>)>;
  enum class Push { queued, closed, full };
  struct Limits {
    std::size_t bytes = 1024 * 1024;
    std::size_t messages = 1'000;
    bool keep = false;  ///< Messages can be had again if they have not been written: see Unsent.
  };
  /// A message that was queued and not written as a whole.
  struct Unsent {
    Opcode opcode = Opcode::text;
    std::string payload = {};  ///< As it was given; empty unless Limits::keep.
    Sent sent = {};
  };

  SendQueue(Role role, Limits limits) : role_(role), limits_(limits) {}
  /// permessage-deflate was agreed upon: messages of `threshold` bytes and more are compressed.
  void compress(std::unique_ptr<Deflater> deflater, std::size_t threshold) {
    deflater_ = std::move(deflater);
    threshold_ = threshold;
  }

  /// `opcode` is text or binary. `sent` is kept only if the message is queued.
  Push message(Opcode opcode, std::string_view payload, Sent sent = {});
  /// `full` when so many Pings wait that the peer cannot be reading.
  Push ping(std::string_view payload);
  /// Never refused: when too many wait, the new one alone stays (RFC 6455 5.5.3 allows it).
  void pong(std::string_view payload);
  /// Puts a Close frame behind the messages; nothing is accepted afterwards. 1005: a Close without a code.
  void close(int code, std::string_view reason);
  /// Forgets the messages that no write has begun with; returns them, with `keep`, or those that somebody waits for.
  [[nodiscard]] std::vector<Unsent> drop_waiting();
  /// Forgets everything; nothing is accepted afterwards.
  [[nodiscard]] std::vector<Unsent> drop_all();

  /// The next bytes to write, as many as make one write; empty if there are none. They stay where they are until
  /// written().
  std::string_view next();
  /// What has gone out.
  struct Landed {
    std::size_t messages = 0;  ///< Those whose last byte has.
    std::size_t bytes = 0;     ///< Of payloads.
  };
  /// What next() gave has been written. Adds to `done` who waited for the messages in it.
  Landed written(std::vector<Sent>& done);

  /// Bytes of the payloads that wait.
  std::size_t buffered() const noexcept { return buffered_; }
  bool accepts() const noexcept { return !closed_; }
  /// The Close frame has been written.
  bool close_written() const noexcept { return close_written_; }

 private:
  /// A frame of a message.
  struct Entry {
    std::size_t end;  ///< Where it ends in its buffer.
    std::size_t payload;
    bool last;  ///< The message is at its end, and `unsent` is what is known of it.
    Unsent unsent;
  };
  void collect(std::vector<Entry>& entries, std::size_t from, std::vector<Unsent>& to) const;
  void encode(ByteBuffer& to, FrameHeader header, std::string_view payload);
  void encode(ByteBuffer& to, Opcode opcode, std::string_view payload);
  void load();
  bool at_frame_boundary() const noexcept;
  std::size_t next_piece() const noexcept;

  Role role_;
  Limits limits_;
  MaskKeys keys_;
  std::unique_ptr<Deflater> deflater_;  ///< None: nothing is compressed.
  std::size_t threshold_ = 0;
  ByteBuffer compressed_;
  ByteBuffer pings_, pongs_, data_;
  std::vector<Entry> waiting_;  ///< The frames in data_.
  ByteBuffer batch_;            ///< What is being written, piece by piece.
  ByteBuffer between_;          ///< Pings and Pongs that are being written between two pieces.
  std::vector<Entry> flying_;   ///< The frames in batch_, of which `landed_` have been written.
  std::size_t landed_ = 0;
  std::size_t batch_done_ = 0;
  std::size_t piece_ = 0;
  std::size_t buffered_ = 0;
  std::size_t messages_ = 0;
  bool closed_ = false;
  bool close_waits_ = false;
  bool close_in_batch_ = false;
  bool close_written_ = false;
};

}  // namespace lavapp::websocket
