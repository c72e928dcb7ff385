#include "time_text.hpp"

#include <gtest/gtest.h>

using namespace console;
using namespace std::chrono_literals;

namespace {

milliseconds parsed(std::string_view text) {
  const auto time = parse_time(text);
  EXPECT_TRUE(time) << text;
  return time ? *time : milliseconds(-1);
}

}  // namespace

TEST(ParseTime, ReadsSecondsWithAndWithoutUnit) {
  EXPECT_EQ(parsed("90"), 90s);
  EXPECT_EQ(parsed("90s"), 90s);
  EXPECT_EQ(parsed("0"), 0s);
  EXPECT_EQ(parsed("1.5"), 1500ms);
  EXPECT_EQ(parsed("0.25s"), 250ms);
}

TEST(ParseTime, ReadsClockTimes) {
  EXPECT_EQ(parsed("1:30"), 90s);
  EXPECT_EQ(parsed("0:07"), 7s);
  EXPECT_EQ(parsed("1:02:03"), 1h + 2min + 3s);
  EXPECT_EQ(parsed("90:00"), 90min);
  EXPECT_EQ(parsed("1:30.5"), 90'500ms);
}

TEST(ParseTime, ReadsUnitsFromLargeToSmall) {
  EXPECT_EQ(parsed("1m30s"), 90s);
  EXPECT_EQ(parsed("2h"), 2h);
  EXPECT_EQ(parsed("1h2m3s4ms"), 1h + 2min + 3s + 4ms);
  EXPECT_EQ(parsed("1500ms"), 1500ms);
  EXPECT_EQ(parsed("1.5m"), 90s);
}

TEST(ParseTime, RefusesWhatIsNoTimeAndQuotesIt) {
  for (const auto* text :
       {"",      "abc",     "-5",  "+5", "1:", ":30",    "1:60", "1:2:3:4", "1:60:00", "30s1m",
        "1m1m",  "1x",      "5 s", "1.", ".5", "1.5:30", "1m30", "1e3",     "0x10",    "99999999999999999999",
        "1001h", "60001:00"}) {
    const auto time = parse_time(text);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error(), lavapp::Errc::invalid_argument);
    EXPECT_NE(time.error().message.find("\"" + std::string(text) + "\""), std::string::npos);
  }
}

TEST(FormatTime, ShowsMinutesAndHours) {
  EXPECT_EQ(format_time(0ms), "0:00");
  EXPECT_EQ(format_time(7'999ms), "0:07");
  EXPECT_EQ(format_time(90s), "1:30");
  EXPECT_EQ(format_time(59min + 59s), "59:59");
  EXPECT_EQ(format_time(1h + 2min + 3s), "1:02:03");
  EXPECT_EQ(format_time(-1s), "0:00");
}

TEST(FormatTime, ShowsLatencyWithItsMeaningfulDigits) {
  EXPECT_EQ(format_latency(0ns), "-");
  EXPECT_EQ(format_latency(420us), "0.42 ms");
  EXPECT_EQ(format_latency(12'300us), "12 ms");
}

TEST(FormatTime, ShowsSpansInTheTwoLargestUnits) {
  EXPECT_EQ(format_span(4'200ms), "4.2 s");
  EXPECT_EQ(format_span(200s), "3 min 20 s");
  EXPECT_EQ(format_span(5h + 12min), "5 h 12 min");
  EXPECT_EQ(format_span(76h), "3 d 4 h");
}
