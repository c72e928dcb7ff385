#include "net/random.hpp"

#if defined(__has_include) && __has_include(<sys/random.h>)
#include <sys/random.h>
#include <unistd.h>
#define LAVAPP_HAS_GETENTROPY
#else
#include <random>
#endif

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace lavapp::net {
namespace {

#ifdef LAVAPP_HAS_GETENTROPY

constexpr std::size_t kMostAtOnce = 256;  // POSIX.1-2024, getentropy()

void fill_piece(unsigned char* at, std::size_t size) {
  if (getentropy(at, size) != 0) throw std::system_error(errno, std::generic_category(), "lavapp: no random bytes");
}

#else

constexpr std::size_t kMostAtOnce = sizeof(std::random_device::result_type);

void fill_piece(unsigned char* at, std::size_t size) {
  thread_local std::random_device device;
  const auto word = device();
  std::memcpy(at, &word, size);
}

#endif

}  // namespace

// Not from OpenSSL's generator: setting that up takes a process more memory than a hundred connections without TLS.
void fill_random(void* bytes, std::size_t size) {
  auto* at = static_cast<unsigned char*>(bytes);
  while (size > 0) {
    const auto piece = std::min(size, kMostAtOnce);
    fill_piece(at, piece);
    at += piece;
    size -= piece;
  }
}

}  // namespace lavapp::net
