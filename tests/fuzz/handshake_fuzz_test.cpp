// The fuzzer's entry with every compiler: its seeds, and some thousands of mutations that are the same in each run.
#include "handshake_fuzz.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>

#include "mutations.hpp"

namespace lavapp::test {
namespace {

TEST(HandshakeFuzz, SeedsAreAcceptedAndRefused) {
  const auto seeds = handshake_seeds();
  const auto good = std::count_if(seeds.begin(), seeds.end(), fuzz_handshake);
  EXPECT_GT(good, 10);
  EXPECT_LT(good + 10, static_cast<std::ptrdiff_t>(seeds.size()));
}

TEST(HandshakeFuzz, Mutations) { run_mutations(handshake_seeds(), "\r\n:;=, \"\\0159aF", 5'000, fuzz_handshake); }

}  // namespace
}  // namespace lavapp::test
