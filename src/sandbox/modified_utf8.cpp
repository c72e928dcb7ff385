#include "sandbox/modified_utf8.hpp"

#include <cstdint>

namespace lavapp::sandbox {
namespace {

std::uint32_t byte(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

bool continues(std::string_view text, std::size_t i) { return i < text.size() && (byte(text, i) & 0xC0) == 0x80; }

void put3(std::string& out, std::uint32_t unit) {
  out += static_cast<char>(0xE0 | unit >> 12);
  out += static_cast<char>(0x80 | (unit >> 6 & 0x3F));
  out += static_cast<char>(0x80 | (unit & 0x3F));
}

/// The UTF-16 unit in three bytes at `i`, or 0.
std::uint32_t unit3(std::string_view text, std::size_t i) {
  if (i + 2 >= text.size() || byte(text, i) >> 4 != 0xE || !continues(text, i + 1) || !continues(text, i + 2)) return 0;
  return (byte(text, i) & 0x0F) << 12 | (byte(text, i + 1) & 0x3F) << 6 | (byte(text, i + 2) & 0x3F);
}

}  // namespace

std::string to_modified_utf8(std::string_view utf8) {
  std::string out;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto first = byte(utf8, i);
    if (first == 0) {
      out += "\xC0\x80";
    } else if (first >= 0xF0 && continues(utf8, i + 1) && continues(utf8, i + 2) && continues(utf8, i + 3)) {
      const auto point = (first & 0x07) << 18 | (byte(utf8, i + 1) & 0x3F) << 12 | (byte(utf8, i + 2) & 0x3F) << 6 |
                         (byte(utf8, i + 3) & 0x3F);
      put3(out, 0xD800 + ((point - 0x10000) >> 10));
      put3(out, 0xDC00 + ((point - 0x10000) & 0x3FF));
      i += 3;
    } else {
      out += utf8[i];
    }
  }
  return out;
}

std::optional<std::string> from_modified_utf8(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto first = byte(bytes, i);
    if (first < 0x80) {
      out += bytes[i];
    } else if (first >> 5 == 0x6) {
      if (!continues(bytes, i + 1)) return std::nullopt;
      if (first == 0xC0 && byte(bytes, i + 1) == 0x80) {
        out += '\0';
      } else {
        out.append(bytes, i, 2);
      }
      ++i;
    } else if (first >> 4 == 0xE) {
      if (!continues(bytes, i + 1) || !continues(bytes, i + 2)) return std::nullopt;
      const auto high = unit3(bytes, i), low = unit3(bytes, i + 3);
      if (high >= 0xD800 && high < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
        const auto point = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        out += static_cast<char>(0xF0 | point >> 18);
        out += static_cast<char>(0x80 | (point >> 12 & 0x3F));
        out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (point & 0x3F));
        i += 5;
      } else {
        out.append(bytes, i, 3);
        i += 2;
      }
    } else {
      return std::nullopt;
    }
  }
  return out;
}

}  // namespace lavapp::sandbox
