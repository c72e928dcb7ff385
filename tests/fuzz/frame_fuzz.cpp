#include "frame_fuzz.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

#include "websocket/frame_reader.hpp"

namespace lavapp::test {
namespace {

using namespace websocket;

struct Transcript final : FrameSink {
  std::string text;
  bool note(char kind, std::string_view payload) {
    text += kind;
    text += std::to_string(payload.size());
    text += ':';
    text += payload;
    return true;
  }
  bool on_message(std::string_view data, bool binary) override {
    if (!binary && !valid_utf8(data)) std::abort();
    return note(binary ? 'b' : 't', data);
  }
  bool on_ping(std::string_view payload) override { return note('i', payload); }
  bool on_pong(std::string_view payload) override { return note('o', payload); }
  bool on_close(const ClosePayload& close) override {
    if (close.code != close_code::no_status && !valid_close_code(close.code)) std::abort();
    return note('c', std::to_string(close.code) + close.reason);
  }
};

std::string run(Role role, FrameReader::Limits limits, std::string_view bytes, std::size_t piece) {
  FrameReader reader(role, limits);
  Transcript transcript;
  while (!bytes.empty()) {
    const auto room = reader.prepare();
    if (room.size == 0) std::abort();
    const auto size = std::min({room.size, bytes.size(), piece});
    std::memcpy(room.data, bytes.data(), size);
    reader.commit(size);
    bytes.remove_prefix(size);
    if (const auto violation = reader.parse(transcript)) {
      if (!valid_close_code(violation->close_code)) std::abort();
      transcript.text += '!' + std::to_string(violation->close_code);
      break;
    }
  }
  return transcript.text;
}

}  // namespace

void fuzz_frames(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return;
  const auto role = (data[0] & 1) != 0 ? Role::server : Role::client;
  FrameReader::Limits limits;
  limits.max_message_size = (data[0] & 2) != 0 ? 300 : 100'000;
  if ((data[0] & 4) != 0) {
    limits.min_buffer = 16;
    limits.max_buffer = 150;
  }
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const auto whole = run(role, limits, bytes, bytes.size());
  if (run(role, limits, bytes, 1u + data[1]) != whole) std::abort();
  if (run(role, limits, bytes, 1) != whole) std::abort();
  // Masked text is looked at when its frame is whole, or earlier if it is too long for the buffer: only a client's
  // reader stops at the same byte whatever its buffer.
  if (role == Role::client && run(role, FrameReader::Limits{limits.max_message_size}, bytes, 1) != whole) std::abort();
}

}  // namespace lavapp::test
