#include "now_playing.hpp"

#include <gtest/gtest.h>

#include "text.hpp"

using namespace console;
using namespace std::chrono_literals;

namespace {

const Look plain{.colour = false, .unicode = true};
const Look ascii{.colour = false, .unicode = false};
const Look coloured{.colour = true, .unicode = true};

NowPlaying song() {
  NowPlaying now;
  now.status = PlayStatus::playing;
  now.title = "Night Drive";
  now.author = "The Invented";
  now.position = 83s;
  now.length = 212s;
  now.latency = 420us;
  return now;
}

}  // namespace

TEST(Bar, FillsInProportion) {
  EXPECT_EQ(bar(0.0, 5, plain), "●────");
  EXPECT_EQ(bar(0.5, 5, plain), "━━●──");
  EXPECT_EQ(bar(1.0, 5, plain), "━━━━●");
  EXPECT_EQ(bar(0.5, 5, ascii), "==>--");
}

TEST(Bar, StaysInsideItself) {
  EXPECT_EQ(bar(-3.0, 3, ascii), ">--");
  EXPECT_EQ(bar(7.0, 3, ascii), "==>");
  EXPECT_EQ(bar(0.5, 0, ascii), "");
  EXPECT_EQ(bar(0.5, 1, ascii), ">");
}

TEST(Render, ShowsEverythingAtEightyColumns) {
  const auto lines = render(song(), 80, plain);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0], "▶ Night Drive · The Invented                                  playing · 0.42 ms");
  EXPECT_EQ(lines[1], "  1:23 ━━━━━━━━━━━━━━━━━━━━━━━━━━●──────────────────────────────────────── 3:32");
}

TEST(Render, LeavesOutTheLatencyWhenItIsNarrow) {
  const auto lines = render(song(), 40, plain);
  EXPECT_EQ(lines[0], "▶ Night Drive · The Invented    playing");
  EXPECT_EQ(lines[1], "  1:23 ━━━━━━━━━━●──────────────── 3:32");
}

TEST(Render, LeavesOutTheStateWhenItIsVeryNarrow) {
  const auto lines = render(song(), 20, plain);
  EXPECT_EQ(lines[0], "▶ Night Drive");
  EXPECT_EQ(lines[1], "  1:23 ━━●──── 3:32");
}

TEST(Render, NeverReachesTheLastColumn) {
  auto now = song();
  now.title = "夜曲 🎵 A title that is much longer than any terminal is wide, e\u0301 and on and on and on and on";
  now.volume = 1000;
  now.filter = "nightcore";
  for (const bool stream : {false, true}) {
    now.is_stream = stream;
    for (std::size_t columns = 2; columns <= 200; ++columns) {
      for (const auto& line : render(now, columns, coloured)) {
        EXPECT_LT(display_width(line), columns) << columns << " columns: " << line;
      }
    }
  }
}

TEST(Render, FillsWideTerminals) {
  for (const std::size_t columns : {80u, 120u, 200u}) {
    for (const auto& line : render(song(), columns, plain)) EXPECT_EQ(display_width(line), columns - 1);
  }
}

TEST(Render, CutsWideTitlesBetweenCharacters) {
  auto now = song();
  now.title = "夜曲夜曲夜曲夜曲夜曲夜曲夜曲夜曲夜曲夜曲";
  now.author = {};
  const auto lines = render(now, 40, plain);
  EXPECT_EQ(lines[0], "▶ 夜曲夜曲夜曲夜曲夜曲夜曲夜…   playing");
}

TEST(Render, ShowsVolumeAndFilterWhenTheyAreOutOfTheOrdinary) {
  auto now = song();
  now.volume = 50;
  now.filter = "nightcore";
  EXPECT_NE(render(now, 80, plain)[1].find("3:32 · volume 50 · nightcore"), std::string::npos);
}

TEST(Render, ShowsTheStateInColourOnlyIfAsked) {
  auto now = song();
  now.status = PlayStatus::paused;
  EXPECT_EQ(render(now, 80, plain)[0].find('\x1b'), std::string::npos);
  EXPECT_NE(render(now, 80, coloured)[0].find("\x1b[33mpaused\x1b[0m"), std::string::npos);
}

TEST(Render, TakesEscapesOutOfTitles) {
  auto now = song();
  now.title = "evil\x1b[2Jtitle";
  EXPECT_EQ(render(now, 80, plain)[0].find('\x1b'), std::string::npos);
}

TEST(Render, ShowsAStreamAsLive) {
  auto now = song();
  now.is_stream = true;
  now.length = std::chrono::milliseconds::max();
  const auto bar = render(now, 60, plain)[1];
  EXPECT_NE(bar.find(" live"), std::string::npos);
  EXPECT_EQ(bar.find("1:23"), std::string::npos) << "a stream has no position";
  EXPECT_EQ(plain_line(now, ascii), "playing [===================>] live  Night Drive - The Invented - latency 0.42 ms");
}

TEST(Render, IsEmptyWhenNothingPlays) { EXPECT_TRUE(render(NowPlaying{}, 80, plain).empty()); }

TEST(PlainLine, HasAllOfItInOneLine) {
  EXPECT_EQ(plain_line(song(), ascii),
            "playing [=======>------------] 1:23 / 3:32  Night Drive - The Invented - latency 0.42 ms");
  EXPECT_EQ(plain_line(NowPlaying{}, ascii), "stopped");
}
