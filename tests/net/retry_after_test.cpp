#include "net/retry_after.hpp"

#include <gtest/gtest.h>

namespace lavapp::net {
namespace {

using namespace std::chrono_literals;

const std::chrono::system_clock::time_point kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 27) + 12h;

std::optional<std::chrono::milliseconds> asked(std::string value) { return retry_after({{"Retry-After", value}}, kNow); }

}  // namespace

TEST(RetryAfter, InSeconds) {
  EXPECT_EQ(asked("0"), 0ms);
  EXPECT_EQ(asked("120"), 120s);
  EXPECT_EQ(asked(" 30 "), 30s);
  EXPECT_EQ(asked("99999999999999999999"), 24h) << "a day at most";
}

TEST(RetryAfter, UntilADateInEachOfItsForms) {
  EXPECT_EQ(asked("Fri, 27 Nov 2026 12:00:30 GMT"), 30s);
  EXPECT_EQ(asked("Friday, 27-Nov-26 12:01:00 GMT"), 60s);
  EXPECT_EQ(asked("Fri Nov 27 12:00:05 2026"), 5s);
  EXPECT_EQ(asked("Fri, 31 Dec 1999 23:59:59 GMT"), 0ms) << "it has passed";
  EXPECT_EQ(asked("Fri, 31 Dec 2099 23:59:59 GMT"), 24h);
}

TEST(RetryAfter, ADateIsComparedWithTheServersOwnClock) {
  const Headers headers{{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"}};
  EXPECT_EQ(retry_after(headers, kNow), 30s);
}

TEST(RetryAfter, WhatCannotBeUnderstoodIsNothing) {
  EXPECT_FALSE(retry_after({}, kNow));
  for (const auto* text : {"", " ", "-1", "+1", "1.5", "soon", "1 2", "Fri, 27 Nov 2026 12:00:30", "Fri, 32 Nov 2026 12:00:30 GMT",
                           "Fri, 31 Nov 2026 12:00:30 GMT", "Fri, 27 Nov 2026 24:00:30 GMT", "Fri, 27 Nov 2026 12:00 GMT",
                           "Fri, 27 Foo 2026 12:00:30 GMT", "Fri, 27 Nov 99999 12:00:30 GMT", "Fri, -7 Nov 2026 12:00:30 GMT x"}) {
    EXPECT_FALSE(asked(text)) << text;
  }
}

TEST(HttpDate, ReadsTheExampleOfRfc9110) {
  const auto expected = std::chrono::sys_seconds(784'111'777s);
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), expected);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), expected);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), expected);
}

}  // namespace lavapp::net
