// Randomness that nobody can foretell, from OpenSSL's generator.
#pragma once

#include <cstddef>

namespace lavapp::net {

/// Fills `size` bytes. \throws std::runtime_error if the system has no randomness to give.
void fill_random(void* bytes, std::size_t size);

}  // namespace lavapp::net
