#include "websocket/frame.hpp"

#include <cstring>

#include "websocket/utf8.hpp"

namespace lavapp::websocket {
namespace {

/// The key repeated, turned so that its first byte is for the payload byte at `offset`.
std::uint64_t widen(MaskKey key, std::size_t offset) noexcept {
  unsigned char bytes[8];
  unsigned char plain[4];
  std::memcpy(plain, &key, 4);
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = plain[(i + offset) % 4];
  std::uint64_t wide;
  std::memcpy(&wide, bytes, 8);
  return wide;
}

/// Through words, so that the compiler makes vectors of it; memcpy because nothing here is aligned.
void apply(char* out, const char* in, std::size_t size, std::uint64_t wide) noexcept {
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    std::uint64_t word;
    std::memcpy(&word, in + i, 8);
    word ^= wide;
    std::memcpy(out + i, &word, 8);
  }
  unsigned char rest[8];
  std::memcpy(rest, &wide, 8);
  for (std::size_t j = 0; i < size; ++i, ++j) out[i] = static_cast<char>(static_cast<unsigned char>(in[i]) ^ rest[j]);
}

}  // namespace

std::size_t encode_header(char* out, const FrameHeader& header) noexcept {
  const auto put = [&out](std::uint64_t byte) { *out++ = static_cast<char>(static_cast<unsigned char>(byte)); };
  const char* const begin = out;
  const std::uint64_t masked = header.mask ? 0x80 : 0;
  put((header.fin ? 0x80u : 0u) | (header.compressed ? 0x40u : 0u) | static_cast<unsigned>(header.opcode));
  if (header.payload_size <= 125) {
    put(masked | header.payload_size);
  } else if (header.payload_size <= 0xFFFF) {
    put(masked | 126);
    put(header.payload_size >> 8);
    put(header.payload_size & 0xFF);
  } else {
    put(masked | 127);
    for (int shift = 56; shift >= 0; shift -= 8) put((header.payload_size >> shift) & 0xFF);
  }
  if (header.mask) {
    std::memcpy(out, &*header.mask, 4);
    out += 4;
  }
  return static_cast<std::size_t>(out - begin);
}

void mask(char* data, std::size_t size, MaskKey key, std::size_t offset) noexcept {
  apply(data, data, size, widen(key, offset));
}

void mask_copy(char* out, const char* in, std::size_t size, MaskKey key) noexcept {
  apply(out, in, size, widen(key, 0));
}

std::string encode_close(int code, std::string_view reason) {
  std::string payload;
  if (code == close_code::no_status) return payload;
  payload.push_back(static_cast<char>(static_cast<unsigned char>(code >> 8)));
  payload.push_back(static_cast<char>(static_cast<unsigned char>(code & 0xFF)));
  payload.append(reason);
  return payload;
}

std::optional<ClosePayload> decode_close(std::string_view payload, CloseFault& fault) {
  if (payload.empty()) return ClosePayload{};
  if (payload.size() == 1) {
    fault = {"a Close frame with a payload of one byte", close_code::protocol_error};
    return {};
  }
  const auto byte = [&](std::size_t i) { return static_cast<int>(static_cast<unsigned char>(payload[i])); };
  const int code = byte(0) << 8 | byte(1);
  if (!valid_close_code(code)) {
    fault = {"a Close frame with a code that must not be sent", close_code::protocol_error};
    return {};
  }
  if (!valid_utf8(payload.substr(2))) {
    fault = {"a Close frame whose reason is not UTF-8", close_code::invalid_payload};
    return {};
  }
  return ClosePayload{code, std::string(payload.substr(2))};
}

}  // namespace lavapp::websocket
