#include "lavalink/modified_utf8.hpp"

#include <algorithm>
#include <cstdint>

#include "core/unicode.hpp"

namespace lavapp::lavalink {
namespace {

constexpr std::uint32_t malformed = 0xFFFFFFFF;

/// The characters at the front that are one byte in either form.
std::string_view plain_part(std::string_view text) {
  const auto end =
      std::find_if(text.begin(), text.end(), [](char c) { return c == 0 || static_cast<unsigned char>(c) >= 0x80; });
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// The length that a first byte announces; 0 if no sequence begins so.
std::size_t sequence_size(unsigned char first) {
  if (first < 0x80) return 1;
  if (first < 0xC0) return 0;
  if (first < 0xE0) return 2;
  if (first < 0xF0) return 3;
  return first < 0xF8 ? 4 : 0;
}

/// Takes the sequence at the front, of `longest` bytes at most, and returns its number; `malformed` if there is none,
/// or if a shorter one would do.
std::uint32_t take(std::string_view& bytes, std::size_t longest) {
  if (bytes.empty()) return malformed;
  const auto first = static_cast<unsigned char>(bytes.front());
  const auto size = sequence_size(first);
  if (size == 0 || size > longest || size > bytes.size()) return malformed;
  std::uint32_t value = size == 1 ? first : first & (0x7FU >> size);
  for (const char c : bytes.substr(1, size - 1)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80) return malformed;
    value = value << 6 | (byte & 0x3FU);
  }
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < least[size]) return malformed;
  bytes.remove_prefix(size);
  return value;
}

/// The second half of a pair, if it comes next, and takes it then; otherwise 0.
std::uint32_t take_low_surrogate(std::string_view& bytes) {
  auto rest = bytes;
  const auto unit = take(rest, 3);
  if (!is_low_surrogate(unit)) return 0;
  bytes = rest;
  return unit;
}

}  // namespace

std::optional<std::string> to_modified_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (true) {
    const auto plain = plain_part(text);
    out += plain;
    text.remove_prefix(plain.size());
    if (text.empty()) return out;
    const auto point = take(text, 4);
    if (point > 0x10FFFF) return std::nullopt;
    // A pair takes four bytes in UTF-8.
    if (is_high_surrogate(point) && take_low_surrogate(text) != 0) return std::nullopt;
    if (point == 0) {
      out += "\xC0\x80";
    } else if (point > 0xFFFF) {
      append_utf8(high_surrogate(point), out);
      append_utf8(low_surrogate(point), out);
    } else {
      append_utf8(point, out);
    }
  }
}

std::optional<std::string> from_modified_utf8(std::string_view bytes) {
  constexpr std::string_view nul = "\xC0\x80";
  std::string out;
  out.reserve(bytes.size());
  while (true) {
    const auto plain = plain_part(bytes);
    out += plain;
    bytes.remove_prefix(plain.size());
    if (bytes.empty()) return out;
    if (bytes.substr(0, nul.size()) == nul) {
      out += '\0';
      bytes.remove_prefix(nul.size());
      continue;
    }
    auto point = take(bytes, 3);
    if (point == malformed || point == 0) return std::nullopt;
    if (is_high_surrogate(point)) {
      if (const auto low = take_low_surrogate(bytes); low != 0) point = join_surrogates(point, low);
    }
    append_utf8(point, out);
  }
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    // U+D800 to U+DFFF, in three bytes: 0xED, then 0xA0 or more.
    const bool half = text.size() >= 3 && text[0] == '\xED' && static_cast<unsigned char>(text[1]) >= 0xA0;
    out += half ? '?' : text[0];
    text.remove_prefix(half ? 3 : 1);
  }
  return out;
}

}  // namespace lavapp::lavalink
