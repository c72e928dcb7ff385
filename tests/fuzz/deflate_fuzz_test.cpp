// The fuzzers' entries with every compiler: their seeds, and mutations that are the same in each run.
#include "deflate_fuzz.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>

#include "mutations.hpp"

namespace lavapp::test {
namespace {

TEST(InflateFuzz, SeedsAreAcceptedAndRefused) {
  const auto seeds = inflate_seeds();
  const auto good = std::count_if(seeds.begin(), seeds.end(), fuzz_inflate);
  EXPECT_GT(good, 10);
  EXPECT_LT(good + 10, static_cast<std::ptrdiff_t>(seeds.size()));
}

TEST(InflateFuzz, Mutations) { run_mutations(inflate_seeds(), {}, 3'000, fuzz_inflate); }

TEST(DeflateFuzz, Seeds) {
  for (const auto& seed : deflate_seeds()) fuzz_deflate(seed);
}

TEST(DeflateFuzz, Mutations) { run_mutations(deflate_seeds(), {}, 300, fuzz_deflate); }

}  // namespace
}  // namespace lavapp::test
