#include "net/random.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace lavapp::net {

void fill_random(void* bytes, std::size_t size) {
  auto* at = static_cast<unsigned char*>(bytes);
  while (size > 0) {
    const auto piece = std::min<std::size_t>(size, std::numeric_limits<int>::max());
    if (RAND_bytes(at, static_cast<int>(piece)) != 1) throw std::runtime_error("lavapp: no random bytes from OpenSSL");
    at += piece;
    size -= piece;
  }
}

}  // namespace lavapp::net
