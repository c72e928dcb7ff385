// The fuzzers' entries with every compiler: their seeds, and some thousands of mutations that are the same in each run.
#include "gateway_fuzz.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>

#include "mutations.hpp"

namespace lavapp::test {
namespace {

void expect_both(const std::vector<std::string>& seeds, bool (*run)(std::string_view)) {
  const auto good = std::count_if(seeds.begin(), seeds.end(), run);
  EXPECT_GT(good, 5);
  EXPECT_LT(good, static_cast<std::ptrdiff_t>(seeds.size()));
}

TEST(GatewayFuzz, SeedsAreAcceptedAndRefused) {
  expect_both(etf_seeds(), fuzz_etf);
  expect_both(payload_seeds(), fuzz_payload);
  expect_both(event_seeds(), fuzz_event);
  expect_both(decompressor_seeds(), fuzz_decompressor);
}

TEST(GatewayFuzz, Terms) { run_mutations(etf_seeds(), "\x83\x61\x62\x6A\x6B\x6C\x6D\x6E\x6F\x73\x74\x77", 20'000, fuzz_etf); }
TEST(GatewayFuzz, Payloads) { run_mutations(payload_seeds(), "{}[]\":,\\null0123456789", 20'000, fuzz_payload); }
TEST(GatewayFuzz, Events) { run_mutations(event_seeds(), "{}[]\":,\\null0123456789", 20'000, fuzz_event); }
TEST(GatewayFuzz, Streams) { run_mutations(decompressor_seeds(), "", 5'000, fuzz_decompressor); }

}  // namespace
}  // namespace lavapp::test
