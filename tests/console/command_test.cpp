#include "command.hpp"

#include <gtest/gtest.h>
#include <lavapp/lavalink/filter_presets.hpp>

using namespace console;
using namespace std::chrono_literals;

namespace {

lavapp::Result<Command> parse(std::string_view line) { return parse_command(split_words(line)); }

template <class T>
T parsed(std::string_view line) {
  const auto command = parse(line);
  EXPECT_TRUE(command) << line << ": " << (command ? "" : command.error().message);
  if (!command || !std::holds_alternative<T>(*command)) {
    ADD_FAILURE() << line << " is another command";
    return {};
  }
  return std::get<T>(*command);
}

std::string complaint(std::string_view line) {
  const auto command = parse(line);
  EXPECT_FALSE(command) << line;
  if (command) return {};
  EXPECT_EQ(command.error(), lavapp::Errc::invalid_argument);
  return command.error().message;
}

}  // namespace

TEST(Command, ReadsEachByItsName) {
  parsed<command::Info>("info");
  parsed<command::Stats>("stats");
  parsed<command::Next>("next");
  parsed<command::Pause>("pause");
  parsed<command::Resume>("resume");
  parsed<command::Stop>("stop");
  parsed<command::Demo>("demo");
  parsed<command::Prompt>("prompt");
  parsed<command::Help>("help");
  parsed<command::Quit>("quit");
  parsed<command::Quit>("exit");
}

TEST(Command, KeepsTheSpacesOfASearch) {
  EXPECT_EQ(parsed<command::Play>("play ytsearch:never gonna  give you up").identifier,
            "ytsearch:never gonna give you up");
  EXPECT_EQ(parsed<command::Load>("  load\tsandbox:1 ").identifier, "sandbox:1");
}

TEST(Command, TakesAnArgumentWithSpacesAsItStands) {
  const auto command = parse_command({"play", "ytsearch:two  spaces"});
  ASSERT_TRUE(command);
  EXPECT_EQ(std::get<command::Play>(*command).identifier, "ytsearch:two  spaces");
}

TEST(Command, SeeksFromTheStartAndFromHere) {
  using From = command::Seek::From;
  EXPECT_EQ(parsed<command::Seek>("seek 1:30").time, 90s);
  EXPECT_EQ(parsed<command::Seek>("seek 1:30").from, From::start);
  EXPECT_EQ(parsed<command::Seek>("seek +10s").from, From::forward);
  EXPECT_EQ(parsed<command::Seek>("seek -10").time, 10s);
  EXPECT_EQ(parsed<command::Seek>("seek -10").from, From::back);
}

TEST(Command, TakesVolumesFromZeroToAThousand) {
  EXPECT_EQ(parsed<command::Volume>("volume 0").percent, 0);
  EXPECT_EQ(parsed<command::Volume>("volume 1000").percent, 1000);
  EXPECT_EQ(parsed<command::Volume>("volume 50%").percent, 50);
}

TEST(Command, KnowsEveryPresetAndNoOther) {
  for (const auto& preset : lavapp::lavalink::presets::all()) {
    EXPECT_EQ(parsed<command::Filter>("filter " + std::string(preset.name)).preset, preset.name);
  }
  EXPECT_EQ(parsed<command::Filter>("filter BassBoost").preset, "bass_boost");
  EXPECT_EQ(parsed<command::Filter>("filter off").preset, "");
  parsed<command::ListFilters>("filter");
  parsed<command::ListFilters>("filter list");
  EXPECT_NE(complaint("filter autotune").find("\"autotune\""), std::string::npos);
}

TEST(Command, TakesATimeForWatchAndWaitIfOneIsGiven) {
  EXPECT_FALSE(parsed<command::Watch>("watch").time);
  EXPECT_EQ(parsed<command::Watch>("watch 30s").time, 30s);
  EXPECT_EQ(parsed<command::Wait>("wait 2m").time, 2min);
}

TEST(Command, SaysWhatIsWrong) {
  EXPECT_NE(complaint("").find("help"), std::string::npos);
  EXPECT_NE(complaint("dance").find("\"dance\""), std::string::npos);
  EXPECT_NE(complaint("play").find("needs"), std::string::npos);
  EXPECT_NE(complaint("load").find("needs"), std::string::npos);
  EXPECT_NE(complaint("pause now").find("\"now\""), std::string::npos);
  EXPECT_NE(complaint("seek").find("1:30"), std::string::npos);
  EXPECT_NE(complaint("seek soon").find("\"soon\""), std::string::npos);
  EXPECT_NE(complaint("seek +").find("time"), std::string::npos);
  EXPECT_NE(complaint("seek 1:30 2:30").find("one time"), std::string::npos);
  EXPECT_NE(complaint("filter a b").find("one name"), std::string::npos);
  EXPECT_NE(complaint("watch 1 2").find("one time"), std::string::npos);
  for (const auto* line :
       {"volume", "volume loud", "volume -1", "volume 1001", "volume 50 60", "volume %", "volume 5x"}) {
    EXPECT_NE(complaint(line).find("0 to 1000"), std::string::npos) << line;
  }
}

TEST(Command, HelpNamesEveryCommandOnce) {
  for (const auto& [usage, about] : command_help()) {
    EXPECT_FALSE(about.empty());
    EXPECT_LE(usage.size(), 22u) << "would break the column";
  }
  EXPECT_EQ(command_help().size(), 17u);
}
