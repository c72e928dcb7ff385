#include "websocket/utf8.hpp"

#include <simdjson.h>

#include <cstdint>
#include <cstring>

namespace lavapp::websocket {
namespace {

unsigned char at(std::string_view text, std::size_t i) noexcept { return static_cast<unsigned char>(text[i]); }

/// The length that a first byte announces; 0 if no sequence begins so.
std::size_t sequence_size(unsigned char first) noexcept {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

/// Whether `bytes`, 1 to 4 of them, begin one sequence of RFC 3629 (overlong forms, surrogates and what lies beyond
/// U+10FFFF show in the second byte).
bool begins_sequence(std::string_view bytes) noexcept {
  const auto first = at(bytes, 0);
  if (sequence_size(first) < bytes.size()) return false;
  if (bytes.size() > 1) {
    const auto second = at(bytes, 1);
    const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < low || second > high) return false;
  }
  for (std::size_t i = 2; i < bytes.size(); ++i) {
    if ((at(bytes, i) & 0xC0) != 0x80) return false;
  }
  return true;
}

/// How many bytes at the end begin a sequence that is not whole.
std::size_t open_tail(std::string_view text) noexcept {
  const auto longest = text.size() < 3 ? text.size() : std::size_t{3};
  for (std::size_t n = 1; n <= longest; ++n) {
    const auto byte = at(text, text.size() - n);
    if (byte < 0x80) return 0;
    if (byte >= 0xC0) return sequence_size(byte) > n ? n : 0;
  }
  return 0;
}

/// How many bytes at the front are ASCII, in whole blocks: JSON mostly is, and short messages are through here before
/// the general routine has set up its registers. Text that is ASCII to its end is counted to its end.
std::size_t ascii_blocks(std::string_view text) noexcept {
  constexpr std::size_t kBlock = 64;
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  const auto word = [&](std::size_t i) {
    std::uint64_t value;
    std::memcpy(&value, text.data() + i, sizeof(value));
    return value;
  };
  std::size_t i = 0;
  for (; i + kBlock <= text.size(); i += kBlock) {
    std::uint64_t seen = 0;
    for (std::size_t j = 0; j < kBlock; j += 8) seen |= word(i + j);
    if ((seen & kHighBits) != 0) return i;
  }
  std::uint64_t seen = 0;
  std::size_t j = i;
  for (; j + 8 <= text.size(); j += 8) seen |= word(j);
  for (; j < text.size(); ++j) seen |= static_cast<std::uint64_t>(at(text, j)) << 56;
  return (seen & kHighBits) != 0 ? i : text.size();
}

}  // namespace

bool valid_utf8(std::string_view text) noexcept {
  constexpr std::size_t kShort = 2'048;  // beyond, the general routine's wider registers win
  const auto ascii = text.size() <= kShort ? ascii_blocks(text) : 0;
  return ascii == text.size() || simdjson::validate_utf8(text.data() + ascii, text.size() - ascii);
}

bool Utf8Checker::feed(std::string_view piece) noexcept {
  while (held_ > 0 && !piece.empty()) {
    hold_[held_++] = piece.front();
    piece.remove_prefix(1);
    if (!begins_sequence({hold_, held_})) return false;
    if (sequence_size(static_cast<unsigned char>(hold_[0])) == held_) held_ = 0;
  }
  if (piece.empty()) return true;
  const auto tail = open_tail(piece);
  if (!valid_utf8(piece.substr(0, piece.size() - tail))) return false;
  if (tail > 0) {
    std::memcpy(hold_, piece.data() + piece.size() - tail, tail);
    held_ = tail;
    return begins_sequence({hold_, held_});
  }
  return true;
}

bool Utf8Checker::finish() noexcept {
  const bool whole = held_ == 0;
  held_ = 0;
  return whole;
}

}  // namespace lavapp::websocket
