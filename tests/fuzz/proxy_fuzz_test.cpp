// The fuzzer's entry with every compiler: its seeds, and some thousands of mutations that are the same in each run.
#include "proxy_fuzz.hpp"

#include <gtest/gtest.h>

#include "mutations.hpp"

namespace lavapp::test {
namespace {

TEST(ProxyFuzz, Seeds) {
  for (const auto& seed : proxy_seeds()) fuzz_proxy(seed);
}

TEST(ProxyFuzz, Mutations) {
  run_mutations(proxy_seeds(), std::string_view("\0\1\2\3\4\5\r\n: 0247", 15), 10'000, fuzz_proxy);
}

}  // namespace
}  // namespace lavapp::test
