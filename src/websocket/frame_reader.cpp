#include "websocket/frame_reader.hpp"

#include <algorithm>
#include <cstring>

namespace lavapp::websocket {
namespace {

/// An assembled message leaves at most so much memory behind.
constexpr std::size_t kKeptMessage = 128 * 1024;
constexpr int kQuietReads = 8;

}  // namespace

void FrameReader::reallocate(std::size_t capacity) {
  std::unique_ptr<char[]> next(new char[capacity + ByteBuffer::kPadding]);
  if (available() > 0) std::memcpy(next.get(), bytes_.get() + begin_, available());
  bytes_ = std::move(next);
  capacity_ = capacity;
  end_ = available();
  begin_ = 0;
}

FrameReader::Room FrameReader::prepare() {
  if (begin_ == end_) begin_ = end_ = 0;
  auto capacity = std::max(capacity_, limits_.min_buffer);
  if (filled_) capacity = std::max(capacity, std::min(capacity * 4, limits_.max_buffer));
  if (quiet_reads_ >= kQuietReads && available() == 0) {
    capacity = std::max(limits_.min_buffer, std::min(capacity / 4, quiet_most_ * 4));
    quiet_reads_ = 0;
  }
  if (wanted_ > capacity) capacity = std::min(std::max(wanted_, capacity * 4), limits_.max_buffer);
  if (capacity != capacity_) {
    reallocate(capacity);
  } else if (begin_ > 0 && capacity_ - begin_ < std::max(wanted_, kMaxHeaderSize)) {
    // The frame at begin_ does not fit behind it. It is moved once: afterwards it begins at 0.
    std::memmove(bytes_.get(), bytes_.get() + begin_, available());
    end_ = available();
    begin_ = 0;
  }
  // Of what comes behind a large frame no more than a header is read with it: the rest would have to be moved.
  const bool large = wanted_ > limits_.max_buffer / 4;
  const auto size = capacity_ - end_;
  return {bytes_.get() + end_, large ? std::min(size, wanted_ - available() + kMaxHeaderSize) : size};
}

void FrameReader::commit(std::size_t size) noexcept {
  filled_ = size > 0 && end_ + size == capacity_;
  const bool quiet = size <= capacity_ / 8 && capacity_ > limits_.min_buffer;
  quiet_most_ = quiet_reads_ > 0 ? std::max(quiet_most_, size) : size;
  quiet_reads_ = quiet ? quiet_reads_ + 1 : 0;
  end_ += size;
}

void FrameReader::append(std::string_view bytes) {
  if (bytes.empty()) return;
  if (capacity_ - end_ < bytes.size()) reallocate(std::max(available() + bytes.size(), limits_.min_buffer));
  std::memcpy(bytes_.get() + end_, bytes.data(), bytes.size());
  end_ += bytes.size();
}

std::optional<Violation> FrameReader::parse(FrameSink& sink) {
  wanted_ = 0;
  while (!stopped_ && !paused_ && begin_ < end_) {
    if (next(sink) == Step::need_more) break;
  }
  if (stopped_) begin_ = end_;  // what still comes is read, so that the peer is not reset, and forgotten
  return std::exchange(violation_, std::nullopt);
}

FrameReader::Step FrameReader::next(FrameSink& sink) {
  if (in_frame_) return stream_payload(sink);
  Head head;
  const auto step = read_head(head);
  if (step != Step::go_on) return step;
  return is_control(head.opcode) ? control_frame(sink, head) : data_frame(sink, head);
}

FrameReader::Step FrameReader::fail(Errc errc, int close_code, const char* what) {
  stopped_ = true;
  violation_ = Violation{errc, close_code, what};
  return Step::stop;
}

/// RFC 6455 5.2. What the first two bytes show to be wrong is refused before the rest has come.
FrameReader::Step FrameReader::read_head(Head& head) {
  const auto* p = reinterpret_cast<const unsigned char*>(bytes_.get() + begin_);
  const auto fault = [this](const char* what) { return fail(Errc::protocol_error, close_code::protocol_error, what); };
  // RSV1 says that the message is compressed, if that was agreed upon, and stands on its first frame (RFC 7692 6).
  head.compressed = (p[0] & 0x40) != 0;
  if ((p[0] & 0x30) != 0 || (head.compressed && !inflater_)) return fault("a reserved bit (RSV) is set");
  const auto opcode = static_cast<unsigned>(p[0] & 0x0F);
  if ((opcode > 0x2 && opcode < 0x8) || opcode > 0xA) return fault("a reserved opcode");
  head.opcode = static_cast<Opcode>(opcode);
  head.fin = (p[0] & 0x80) != 0;
  if (head.compressed && (is_control(head.opcode) || head.opcode == Opcode::continuation)) {
    return fault("RSV1 on a frame that begins no message");
  }
  if (is_control(head.opcode)) {
    if (!head.fin) return fault("a fragmented control frame");
  } else if (in_message_ != (head.opcode == Opcode::continuation)) {
    return fault(in_message_ ? "a new message inside a fragmented one" : "a continuation of no message");
  }
  if (available() < 2) return Step::need_more;

  const bool masked = (p[1] & 0x80) != 0;
  if (masked && role_ == Role::client) return fault("a masked frame from a server");
  if (!masked && role_ == Role::server) return fault("an unmasked frame from a client");
  const auto short_size = static_cast<unsigned>(p[1] & 0x7F);
  if (short_size > 125 && is_control(head.opcode)) return fault("a control frame of more than 125 bytes");
  const std::size_t extended = short_size == 127 ? 8 : short_size == 126 ? 2 : 0;
  head.size = 2 + extended + (masked ? 4 : 0);
  if (available() < head.size) return Step::need_more;

  head.payload_size = extended == 0 ? short_size : 0;
  for (std::size_t i = 0; i < extended; ++i) head.payload_size = head.payload_size << 8 | p[2 + i];
  if (extended == 8 && (head.payload_size >> 63) != 0) return fault("a length of 64 bits with its top bit set");
  if (extended != 0 && header_size(head.payload_size, masked) != head.size) {
    return fault("a length that is not in its shortest form");
  }
  if (masked) std::memcpy(&head.key, p + 2 + extended, 4);
  return Step::go_on;
}

FrameReader::Step FrameReader::control_frame(FrameSink& sink, const Head& head) {
  const auto size = static_cast<std::size_t>(head.payload_size);
  if (available() < head.size + size) {
    wanted_ = head.size + size;
    return Step::need_more;
  }
  char* const data = bytes_.get() + begin_ + head.size;
  if (role_ == Role::server) mask(data, size, head.key);
  begin_ += head.size + size;
  const std::string_view payload(data, size);
  if (head.opcode == Opcode::close) {
    CloseFault fault;
    const auto close = decode_close(payload, fault);
    if (!close) {
      const bool text = fault.code == close_code::invalid_payload;
      return fail(text ? Errc::invalid_utf8 : Errc::protocol_error, fault.code, fault.why);
    }
    stopped_ = true;
    sink.on_close(*close);
    return Step::stop;
  }
  if (!(head.opcode == Opcode::ping ? sink.on_ping(payload) : sink.on_pong(payload))) stopped_ = true;
  return Step::go_on;
}

FrameReader::Step FrameReader::data_frame(FrameSink& sink, const Head& head) {
  // RFC 6455 5.6: the opcode of the first frame holds for the whole message.
  if (!in_message_) {
    binary_ = head.opcode == Opcode::binary;
    compressed_ = head.compressed;
  }
  // What is compressed is measured as it comes out.
  if (head.payload_size > limits_.max_frame_size) {
    return fail(Errc::message_too_big, close_code::message_too_big, "a frame over the limit");
  }
  if (!compressed_ && head.payload_size > limits_.max_message_size - message_.size() - handed_on_) {
    return fail(Errc::message_too_big, close_code::message_too_big, "a message over the limit");
  }
  const bool in_place = head.fin && !in_message_ && !compressed_ && !limits_.pieces;
  if (in_place && head.size + head.payload_size <= limits_.max_buffer) return whole_message(sink, head);
  in_message_ = true;
  in_frame_ = true;
  frame_ = head;
  frame_taken_ = 0;
  begin_ += head.size;
  return stream_payload(sink);
}

FrameReader::Step FrameReader::whole_message(FrameSink& sink, const Head& head) {
  const auto size = static_cast<std::size_t>(head.payload_size);
  const bool whole = available() >= head.size + size;
  took_data_ = true;
  char* const data = bytes_.get() + begin_ + head.size;
  const std::size_t here = whole ? size : available() - head.size;
  if (whole && role_ == Role::server) mask(data, size, head.key);
  // Masked text cannot be looked at before it is whole; a client's can, and fails fast.
  if (!binary_ && (whole || role_ == Role::client)) {
    const std::string_view unchecked(data + checked_, here - checked_);
    const bool at_once = whole && checked_ == 0;
    if (!(at_once ? valid_utf8(unchecked) : utf8_.feed(unchecked) && (!whole || utf8_.finish()))) {
      return fail(Errc::invalid_utf8, close_code::invalid_payload, "a text message that is not UTF-8");
    }
    checked_ = here;
  }
  if (!whole) {
    wanted_ = head.size + size;
    return Step::need_more;
  }
  checked_ = 0;
  begin_ += head.size + size;
  if (!sink.on_message({data, size}, binary_)) stopped_ = true;
  return Step::go_on;
}

FrameReader::Step FrameReader::stream_payload(FrameSink& sink) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(available(), frame_.payload_size - frame_taken_));
  char* const data = bytes_.get() + begin_;
  if (role_ == Role::server) mask(data, size, frame_.key, static_cast<std::size_t>(frame_taken_ % 4));
  begin_ += size;
  frame_taken_ += size;
  if (size > 0) took_data_ = true;
  const bool whole = frame_taken_ == frame_.payload_size;
  if (append_to_message({data, size}, whole && frame_.fin) == Step::stop) return Step::stop;
  if (whole) in_frame_ = false;
  const bool over = whole && frame_.fin;
  if (limits_.pieces) return hand_on(sink, over);
  if (!whole) return Step::need_more;
  if (!over) return Step::go_on;

  if (!binary_ && !utf8_.finish()) {
    return fail(Errc::invalid_utf8, close_code::invalid_payload, "a text message that ends inside a character");
  }
  in_message_ = false;
  if (!sink.on_message(message_.view(), binary_)) stopped_ = true;
  message_.clear(kKeptMessage);
  return Step::go_on;
}

/// What has come of the message, even if nothing when that ends it.
FrameReader::Step FrameReader::hand_on(FrameSink& sink, bool last) {
  if (last && !binary_ && !utf8_.finish()) {
    return fail(Errc::invalid_utf8, close_code::invalid_payload, "a text message that ends inside a character");
  }
  if (message_.empty() && !last) return Step::go_on;
  const bool first = !std::exchange(any_handed_on_, !last);
  if (last) in_message_ = false;
  handed_on_ = last ? 0 : handed_on_ + message_.size();
  if (!sink.on_piece({message_.view(), binary_, first, last})) stopped_ = true;
  message_.clear(kKeptMessage);
  return Step::go_on;
}

FrameReader::Step FrameReader::append_to_message(std::string_view piece, bool last) {
  const auto before = message_.size();
  if (compressed_) {
    const auto limit = limits_.max_message_size - handed_on_;
    auto outcome = inflater_->feed(piece, message_, limit);
    if (last && outcome == Inflater::Outcome::ok) outcome = inflater_->finish(message_, limit);
    if (outcome == Inflater::Outcome::too_big) {
      return fail(Errc::message_too_big, close_code::message_too_big, "a compressed message over the limit");
    }
    if (outcome == Inflater::Outcome::broken) {
      return fail(Errc::protocol_error, close_code::invalid_payload, "a compressed message that is no DEFLATE data");
    }
  } else {
    message_.append(piece);
  }
  if (!binary_ && !utf8_.feed(message_.view().substr(before))) {
    return fail(Errc::invalid_utf8, close_code::invalid_payload, "a text message that is not UTF-8");
  }
  return Step::go_on;
}

}  // namespace lavapp::websocket
