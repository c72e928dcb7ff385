// The fuzzer's entry with every compiler: its seeds, and some thousands of mutations that are the same in each run.
#include "url_fuzz.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>

#include "mutations.hpp"

namespace lavapp::test {
namespace {

TEST(UrlFuzz, SeedsAreAcceptedAndRefused) {
  const auto seeds = url_seeds();
  const auto good = std::count_if(seeds.begin(), seeds.end(), fuzz_url);
  EXPECT_GT(good, 10);
  EXPECT_LT(good + 10, static_cast<std::ptrdiff_t>(seeds.size()));
}

TEST(UrlFuzz, Mutations) { run_mutations(url_seeds(), "ws:/[]@?#%.0123456789abcdef", 20'000, fuzz_url); }

}  // namespace
}  // namespace lavapp::test
