// Randomness that nobody can foretell, from the system's generator.
#pragma once

#include <cstddef>

namespace lavapp::net {

/// Fills `size` bytes. \throws std::system_error (or what std::random_device throws) if the system has no randomness to give.
void fill_random(void* bytes, std::size_t size);

}  // namespace lavapp::net
