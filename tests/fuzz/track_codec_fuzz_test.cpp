// The fuzzer's entry with every compiler: its seeds, and some thousands of mutations that are the same in each run.
#include "track_codec_fuzz.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>

#include "mutations.hpp"

namespace lavapp::test {
namespace {

TEST(TrackCodecFuzz, SeedsAreAcceptedAndRefused) {
  const auto seeds = track_codec_seeds();
  const auto good = std::count_if(seeds.begin(), seeds.end(), fuzz_track_codec);
  EXPECT_GT(good, 5);
  EXPECT_LT(good + 5, static_cast<std::ptrdiff_t>(seeds.size()));
}

TEST(TrackCodecFuzz, Mutations) {
  const std::string syntax("\0\1\2\3\x40\xC0\x80\xED\xA0\xBC\xBE\xB5\xF0=", 14);
  run_mutations(track_codec_seeds(), syntax, 20'000, fuzz_track_codec);
}

}  // namespace
}  // namespace lavapp::test
