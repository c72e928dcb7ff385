#include "sandbox/base64.hpp"

#include <array>
#include <cstdint>
#include <cstdio>

namespace lavapp::sandbox {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string illegal(char c) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "Illegal base64 character %x", static_cast<unsigned>(static_cast<unsigned char>(c)));
  return text.data();
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto left = bytes.size() - i;
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (j < left ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) text += j <= left ? alphabet[group >> (18 - 6 * j) & 63] : '=';
  }
  return text;
}

Base64Decoded base64_decode(std::string_view text) {
  Base64Decoded result;
  if (text.size() == 1) return {{}, "Input byte[] should at least have 2 bytes for base64 bytes"};
  std::uint32_t group = 0;
  int bits = 0;
  std::size_t i = 0;
  for (; i < text.size() && text[i] != '='; ++i) {
    const auto value = alphabet.find(text[i]);
    if (value == std::string_view::npos) return {{}, illegal(text[i])};
    group = group << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    result.bytes += static_cast<char>(group >> bits & 0xFF);
  }
  const auto tail = i % 4;  // symbols in the last group
  if (tail == 1) return {{}, "Last unit does not have enough valid bits"};
  if (i == text.size()) return result;
  const auto padding = text.size() - i;
  if (tail == 0 || text.substr(i).find_first_not_of('=') != std::string_view::npos || padding != 4 - tail) {
    return {{}, "Input byte array has wrong 4-byte ending unit"};
  }
  return result;
}

}  // namespace lavapp::sandbox
