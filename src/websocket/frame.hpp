// The frame of RFC 6455 section 5: its words, its header as bytes, masking, and the payload of a Close.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lavapp::websocket {

/// A client masks what it sends, a server does not (RFC 6455 5.1).
enum class Role { client, server };

/// RFC 6455 5.2; those from 8 on are control frames.
enum class Opcode : std::uint8_t { continuation = 0x0, text = 0x1, binary = 0x2, close = 0x8, ping = 0x9, pong = 0xA };

constexpr bool is_control(Opcode opcode) noexcept { return (static_cast<std::uint8_t>(opcode) & 0x8) != 0; }

/// 2 bytes, 8 of a 64-bit length, 4 of a mask.
inline constexpr std::size_t kMaxHeaderSize = 14;
/// RFC 6455 5.5.
inline constexpr std::size_t kMaxControlPayload = 125;
/// A Close spends two bytes of its payload on the code.
inline constexpr std::size_t kMaxCloseReason = 123;

/// Close codes by name (RFC 6455 7.4.1). no_status and abnormal are never sent.
namespace close_code {
inline constexpr int normal = 1000;
inline constexpr int going_away = 1001;
inline constexpr int protocol_error = 1002;
inline constexpr int unsupported_data = 1003;
inline constexpr int no_status = 1005;
inline constexpr int abnormal = 1006;
inline constexpr int invalid_payload = 1007;
inline constexpr int policy_violation = 1008;
inline constexpr int message_too_big = 1009;
inline constexpr int internal_error = 1011;
}  // namespace close_code

/// Four bytes in the order of the wire.
using MaskKey = std::uint32_t;

struct FrameHeader {
  bool fin = true;
  bool compressed = false;  ///< RSV1, on the first frame of a message (RFC 7692 6).
  Opcode opcode = Opcode::text;
  std::optional<MaskKey> mask = {};
  std::uint64_t payload_size = 0;
};

/// Writes the header with the shortest form of the length; returns its size.
/// \param out  at least kMaxHeaderSize bytes
std::size_t encode_header(char* out, const FrameHeader& header) noexcept;

/// The size that encode_header() would return.
constexpr std::size_t header_size(std::uint64_t payload_size, bool masked) noexcept {
  return 2u + (payload_size > 0xFFFF ? 8u : payload_size > 125 ? 2u : 0u) + (masked ? 4u : 0u);
}

/// Masks, or unmasks, which is the same (RFC 6455 5.3). `offset` is the place of data[0] in the frame's payload.
void mask(char* data, std::size_t size, MaskKey key, std::size_t offset = 0) noexcept;
/// As mask(), while copying.
void mask_copy(char* out, const char* in, std::size_t size, MaskKey key) noexcept;

/// What a Close frame says: 1005 and no reason if its payload is empty (RFC 6455 7.1.5).
struct ClosePayload {
  int code = close_code::no_status;
  std::string reason = {};
};

/// Whether a Close frame may hold this code: 1000 to 1003, 1007 to 1014, 3000 to 4999 (RFC 6455 7.4 and IANA).
constexpr bool valid_close_code(int code) noexcept {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

/// 1005 gives the empty payload. The code must be valid, the reason fit.
std::string encode_close(int code, std::string_view reason);

/// Nothing if the payload breaks RFC 6455 5.5.1; `why` then names the fault and `code` the answer (1002 or 1007).
struct CloseFault {
  const char* why = "";
  int code = close_code::protocol_error;
};
std::optional<ClosePayload> decode_close(std::string_view payload, CloseFault& fault);

}  // namespace lavapp::websocket
