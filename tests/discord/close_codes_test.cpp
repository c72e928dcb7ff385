#include "discord/close_codes.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace lavapp::discord {
namespace {

struct Row {
  std::vector<int> codes;
  AfterClose after;
};

// The table of Discord's documentation.
TEST(CloseCodes, SayWhatToDoNext) {
  const Row rows[] = {
      {{1005, 1006, 1011, 1012, 4000, 4001, 4002, 4006, 4999}, AfterClose::resume},
      {{1000, 1001}, AfterClose::resume_once},
      {{4003, 4005, 4007, 4009}, AfterClose::identify},
      {{4008}, AfterClose::resume_later},
      {{4004, 4010, 4011, 4012, 4013, 4014}, AfterClose::give_up},
  };
  for (const auto& row : rows) {
    for (const int code : row.codes) EXPECT_EQ(after_close(code), row.after) << code;
  }
}

TEST(CloseCodes, FatalOnesNameTheirCauseAndNoOtherIsFatal) {
  const std::pair<int, Errc> fatal[] = {{4004, Errc::authentication_failed}, {4010, Errc::invalid_shard},
                                        {4011, Errc::sharding_required},     {4012, Errc::invalid_api_version},
                                        {4013, Errc::invalid_intents},       {4014, Errc::disallowed_intents}};
  for (const auto& [code, errc] : fatal) {
    const auto error = close_error(code, "so said the gateway");
    EXPECT_TRUE(error == errc) << code;
    EXPECT_EQ(error.close_code, code);
    EXPECT_EQ(error.message, "so said the gateway");
  }
  for (int code = 1000; code < 5000; ++code) {
    EXPECT_EQ(is_fatal(close_error(code, {})), after_close(code) == AfterClose::give_up) << code;
  }
  EXPECT_TRUE(close_error(1006, {}) == Errc::connection_lost);
  EXPECT_EQ(close_error(1006, {}).close_code, 0);
}

}  // namespace
}  // namespace lavapp::discord
