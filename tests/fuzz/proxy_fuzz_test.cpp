// The fuzzer's entry with every compiler: its seeds, and some thousands of mutations that are the same in each run.
#include "proxy_fuzz.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>

#include "mutations.hpp"

namespace lavapp::test {
namespace {

TEST(ProxyFuzz, SeedsAreAcceptedAndRefused) {
  const auto seeds = proxy_seeds();
  const auto good = std::count_if(seeds.begin(), seeds.end(), fuzz_proxy);
  EXPECT_GT(good, 10);
  EXPECT_LT(good + 10, static_cast<std::ptrdiff_t>(seeds.size()));
}

TEST(ProxyFuzz, Mutations) {
  run_mutations(proxy_seeds(), std::string_view("\0\1\2\3\4\5\r\n: 0247", 15), 10'000, fuzz_proxy);
}

}  // namespace
}  // namespace lavapp::test
