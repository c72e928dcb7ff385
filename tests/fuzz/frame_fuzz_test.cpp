// The fuzzer's entry with every compiler: its seeds, and some thousands of mutations that are the same in each run.
#include "frame_fuzz.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "mutations.hpp"

namespace lavapp::test {
namespace {

void run(const std::string& input) { fuzz_frames(reinterpret_cast<const std::uint8_t*>(input.data()), input.size()); }

TEST(FrameFuzz, Seeds) {
  for (const auto& seed : frame_seeds()) run(seed);
}

TEST(FrameFuzz, Mutations) {
  auto seeds = frame_seeds();
  for (auto& seed : seeds) seed.resize(std::min<std::size_t>(seed.size(), 5'000));
  run_mutations(seeds, {}, 4'000, run);
}

}  // namespace
}  // namespace lavapp::test
