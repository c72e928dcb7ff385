// The fuzzer's entry with every compiler: its seeds, and some thousands of mutations that are the same in each run.
#include "url_fuzz.hpp"

#include <gtest/gtest.h>

#include "mutations.hpp"

namespace lavapp::test {
namespace {

TEST(UrlFuzz, Seeds) {
  for (const auto& seed : url_seeds()) fuzz_url(seed);
}

TEST(UrlFuzz, Mutations) { run_mutations(url_seeds(), "ws:/[]@?#%.0123456789abcdef", 20'000, fuzz_url); }

}  // namespace
}  // namespace lavapp::test
