// SHA1() and EVP_Digest() set up the whole of OpenSSL 3, which takes a process more memory than a hundred connections without
// TLS. SHA1_Init() and its kin do not; OpenSSL 3 calls them deprecated, and has them still.
#define OPENSSL_API_COMPAT 0x10101000L

#include "net/sha1_base64.hpp"

#include <openssl/sha.h>

#include <stdexcept>

#include "net/base64.hpp"

namespace lavapp::net {

std::string sha1_base64(std::string_view text) {
  unsigned char digest[SHA_DIGEST_LENGTH];
  SHA_CTX context;
  if (SHA1_Init(&context) != 1 || SHA1_Update(&context, text.data(), text.size()) != 1 || SHA1_Final(digest, &context) != 1) {
    throw std::runtime_error("lavapp: OpenSSL offers no SHA-1, which RFC 6455 needs");
  }
  return base64({reinterpret_cast<const char*>(digest), sizeof(digest)});
}

}  // namespace lavapp::net
