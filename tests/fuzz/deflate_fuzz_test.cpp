// The fuzzers' entries with every compiler: their seeds, and mutations that are the same in each run.
#include "deflate_fuzz.hpp"

#include <gtest/gtest.h>

#include "mutations.hpp"

namespace lavapp::test {
namespace {

TEST(InflateFuzz, Seeds) {
  for (const auto& seed : inflate_seeds()) fuzz_inflate(seed);
}

TEST(InflateFuzz, Mutations) { run_mutations(inflate_seeds(), {}, 3'000, fuzz_inflate); }

TEST(DeflateFuzz, Seeds) {
  for (const auto& seed : deflate_seeds()) fuzz_deflate(seed);
}

TEST(DeflateFuzz, Mutations) { run_mutations(deflate_seeds(), {}, 300, fuzz_deflate); }

}  // namespace
}  // namespace lavapp::test
