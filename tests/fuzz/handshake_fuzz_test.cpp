// The fuzzer's entry with every compiler: its seeds, and some thousands of mutations that are the same in each run.
#include "handshake_fuzz.hpp"

#include <gtest/gtest.h>

#include "mutations.hpp"

namespace lavapp::test {
namespace {

TEST(HandshakeFuzz, Seeds) {
  for (const auto& seed : handshake_seeds()) fuzz_handshake(seed);
}

TEST(HandshakeFuzz, Mutations) { run_mutations(handshake_seeds(), "\r\n:;=, \"\\0159aF", 5'000, fuzz_handshake); }

}  // namespace
}  // namespace lavapp::test
