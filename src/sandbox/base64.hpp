// Base64 as Java's basic decoder and encoder have it (RFC 4648 4), with the same words for what is wrong.
#pragma once

#include <string>
#include <string_view>

namespace lavapp::sandbox {

std::string base64_encode(std::string_view bytes);

/// The bytes in `bytes`, or what is wrong in `error`.
struct Base64Decoded {
  std::string bytes = {};
  std::string error = {};
};
/// Padding may be left out, as Java allows.
Base64Decoded base64_decode(std::string_view text);

}  // namespace lavapp::sandbox
