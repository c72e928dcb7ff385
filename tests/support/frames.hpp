// Frames as bytes, for tests: written out by hand rather than by the code under test.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lavapp::test {

/// Any frame at all, forbidden ones too, with the shortest form of the length.
inline std::string frame(unsigned first_byte, std::string_view payload) {
  std::string out(1, static_cast<char>(first_byte));
  const auto put = [&out](std::uint64_t byte) { out.push_back(static_cast<char>(byte & 0xFF)); };
  if (payload.size() < 126) {
    put(payload.size());
  } else if (payload.size() <= 0xFFFF) {
    put(126);
    put(payload.size() >> 8);
    put(payload.size());
  } else {
    put(127);
    for (int shift = 56; shift >= 0; shift -= 8) put(static_cast<std::uint64_t>(payload.size()) >> shift);
  }
  return out.append(payload);
}

inline std::string text_frame(std::string_view payload) { return frame(0x81, payload); }
inline std::string binary_frame(std::string_view payload) { return frame(0x82, payload); }
inline std::string ping_frame(std::string_view payload) { return frame(0x89, payload); }
inline std::string pong_frame(std::string_view payload) { return frame(0x8A, payload); }
inline std::string close_frame(int code, std::string_view reason = {}) {
  std::string payload{static_cast<char>(code >> 8 & 0xFF), static_cast<char>(code & 0xFF)};
  return frame(0x88, payload.append(reason));
}

/// The same frame as a client sends it. `bytes` is one frame.
inline std::string masked(std::string bytes, std::string_view key = "\x12\x34\x56\x78") {
  const auto size = static_cast<unsigned char>(bytes[1]);
  const std::size_t head = size == 127 ? 10 : size == 126 ? 4 : 2;
  bytes[1] = static_cast<char>(size | 0x80);
  for (std::size_t i = head; i < bytes.size(); ++i) bytes[i] = static_cast<char>(bytes[i] ^ key[(i - head) % 4]);
  return bytes.insert(head, key);
}

}  // namespace lavapp::test
