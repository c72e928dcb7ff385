// Randomness that nobody can foretell, from the system's generator.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lavapp::net {

/// Fills `size` bytes. \throws std::system_error (or what std::random_device throws) if the system has no randomness to give.
void fill_random(void* bytes, std::size_t size);

/// For pauses and shuffles: two objects, and two processes, are not to have the same.
inline std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  fill_random(&seed, sizeof(seed));
  return seed;
}

}  // namespace lavapp::net
