#include "net/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <limits>

namespace lavapp::net {
namespace {

/// Whole groups of four characters without padding; three bytes of each go to `out`.
bool decode_groups(std::string_view groups, char* out) {
  // OpenSSL passes over white space at either end, so that less comes out.
  return EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out), reinterpret_cast<const unsigned char*>(groups.data()),
                         static_cast<int>(groups.size())) == static_cast<int>(groups.size() / 4 * 3);
}

}  // namespace

std::string base64(std::string_view bytes) {
  // OpenSSL ends the text with a NUL, for which std::string has its own place behind the last character.
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() > std::size_t{std::numeric_limits<int>::max()}) return std::nullopt;
  const bool padded = text.size() % 4 == 0;
  for (int i = 0; i < 2 && padded && !text.empty() && text.back() == '='; ++i) text.remove_suffix(1);
  // To OpenSSL, an equals sign within is the number 0.
  if (text.find('=') != std::string_view::npos) return std::nullopt;

  const auto tail = text.size() % 4;
  if (tail == 1) return std::nullopt;
  const auto whole = text.size() - tail;
  std::string bytes(whole / 4 * 3, '\0');
  if (!decode_groups(text.substr(0, whole), bytes.data())) return std::nullopt;
  if (tail == 0) return bytes;

  char group[] = {'A', 'A', 'A', 'A'};  // zero bits
  std::copy(text.begin() + static_cast<std::ptrdiff_t>(whole), text.end(), group);
  char last[3] = {};
  if (!decode_groups({group, 4}, last)) return std::nullopt;
  // Bits behind the last byte: an encoder leaves them at 0 (RFC 4648 3.5).
  if (std::any_of(last + tail - 1, last + 3, [](char byte) { return byte != 0; })) return std::nullopt;
  return bytes.append(last, tail - 1);
}

}  // namespace lavapp::net
