#include "net/sha1_base64.hpp"

#include <openssl/evp.h>

#include <stdexcept>

#include "net/base64.hpp"

namespace lavapp::net {

std::string sha1_base64(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr) != 1) {
    throw std::runtime_error("lavapp: OpenSSL offers no SHA-1, which RFC 6455 needs");
  }
  return base64({reinterpret_cast<const char*>(digest), size});
}

}  // namespace lavapp::net
