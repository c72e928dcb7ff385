// Frames that a load server writes beneath its WebSocket stream: they are made before the clock runs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

/// What a frame begins with: FIN and the opcode (RFC 6455 5.2).
enum class FirstByte : unsigned char { text = 0x81, compressed_text = 0xC1, binary = 0x82 };

/// Unmasked and unfragmented.
inline void append_frame(std::string& out, FirstByte first, std::string_view payload) {
  const auto size = payload.size();
  const auto put = [&](std::uint64_t value) { out.push_back(static_cast<char>(value & 0xff)); };
  put(static_cast<unsigned char>(first));
  if (size < 126) {
    put(size);
  } else if (size < 65'536) {
    put(126), put(size >> 8), put(size);
  } else {
    put(127);
    for (int shift = 56; shift >= 0; shift -= 8) put(size >> shift);
  }
  out += payload;
}

}  // namespace bench
