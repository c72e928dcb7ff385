// The fuzzers' entries with every compiler: their seeds, and some thousands of mutations that are the same in each run.
#include "rest_fuzz.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>

#include "mutations.hpp"

namespace lavapp::test {
namespace {

constexpr std::string_view kSyntax = "{}[]\":,\\null0123456789.-e";

void expect_both(const std::vector<std::string>& seeds, bool (*run)(std::string_view)) {
  const auto good = std::count_if(seeds.begin(), seeds.end(), run);
  EXPECT_GE(good, 3);
  EXPECT_LT(good, static_cast<std::ptrdiff_t>(seeds.size()));
}

TEST(RestFuzz, SeedsAreAcceptedAndRefused) {
  expect_both(rest_body_seeds(), fuzz_rest_body);
  expect_both(rest_error_seeds(), fuzz_rest_error);
  expect_both(plugin_event_seeds(), fuzz_plugin_event);
}

TEST(RestFuzz, Bodies) { run_mutations(rest_body_seeds(), kSyntax, 20'000, fuzz_rest_body); }
TEST(RestFuzz, Errors) { run_mutations(rest_error_seeds(), kSyntax, 5'000, fuzz_rest_error); }
TEST(RestFuzz, PluginEvents) { run_mutations(plugin_event_seeds(), kSyntax, 20'000, fuzz_plugin_event); }

}  // namespace
}  // namespace lavapp::test
