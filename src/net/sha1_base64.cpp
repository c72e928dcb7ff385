#include "net/sha1_base64.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace lavapp::net {

std::string base64(std::string_view bytes) {
  // OpenSSL ends the text with a NUL, for which std::string has its own place behind the last character.
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  return text;
}

std::string sha1_base64(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr) != 1) {
    throw std::runtime_error("lavapp: OpenSSL offers no SHA-1, which RFC 6455 needs");
  }
  return base64({reinterpret_cast<const char*>(digest), size});
}

}  // namespace lavapp::net
