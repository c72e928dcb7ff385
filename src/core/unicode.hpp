// Code points in UTF-8, and the pairs of surrogates by which UTF-16 writes those beyond U+FFFF.
#pragma once

#include <cstdint>
#include <string>

namespace lavapp {

constexpr bool is_high_surrogate(std::uint32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
constexpr bool is_low_surrogate(std::uint32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

constexpr std::uint32_t join_surrogates(std::uint32_t high, std::uint32_t low) {
  return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}
/// Of a code point beyond U+FFFF.
constexpr std::uint32_t high_surrogate(std::uint32_t point) { return 0xD800 + ((point - 0x10000) >> 10); }
constexpr std::uint32_t low_surrogate(std::uint32_t point) { return 0xDC00 + ((point - 0x10000) & 0x3FF); }

/// A surrogate is written like any other number of its size: three bytes.
inline void append_utf8(std::uint32_t point, std::string& out) {
  const auto byte = [&](std::uint32_t bits) { out += static_cast<char>(bits); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xC0 | point >> 6), byte(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    byte(0xE0 | point >> 12), byte(0x80 | (point >> 6 & 0x3F)), byte(0x80 | (point & 0x3F));
  } else {
    byte(0xF0 | point >> 18), byte(0x80 | (point >> 12 & 0x3F));
    byte(0x80 | (point >> 6 & 0x3F)), byte(0x80 | (point & 0x3F));
  }
}

}  // namespace lavapp
