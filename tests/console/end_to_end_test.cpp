// The built console, from outside: what it prints, where, and how it ends.
#include <lavapp/sandbox/node.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "support/program.hpp"

using lavapp::test::AtTerminal;

namespace {

lavapp::test::Program console_with(std::vector<std::string> arguments) {
  return {CONSOLE_PROGRAM, std::move(arguments)};
}
lavapp::test::Finished run_console(std::vector<std::string> arguments, const std::string& input = {}) {
  return lavapp::test::run(console_with(std::move(arguments)), input);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
auto lines_in(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

/// A chroot without /dev/pts, say, has no terminals to open, and the console cannot be at fault there. CI has them.
class ConsoleTerminal : public testing::Test {
 protected:
  void SetUp() override {
    if (lavapp::test::has_terminals()) return;
    if (std::getenv("CI") != nullptr) FAIL() << "this machine opens no pseudo terminal, and CI must have them";
    GTEST_SKIP() << "this machine opens no pseudo terminal (is /dev/pts mounted?)";
  }
};

}  // namespace

TEST(ConsoleDemo, DoesEveryStepAndSaysSo) {
  const auto demo = run_console({"demo", "--fast"});
  EXPECT_EQ(demo.status, 0) << demo.out << demo.err;
  EXPECT_TRUE(has(demo.out, "All 13 of 13 steps done."));
  EXPECT_TRUE(has(demo.out, "TrackStartEvent"));
  EXPECT_TRUE(has(demo.out, "resumed"));
  EXPECT_TRUE(has(demo.out, "player set up again"));
  EXPECT_EQ(demo.err, "");
}

TEST(ConsoleDemo, WritesPlainTextIntoAPipe) {
  const auto demo = run_console({"demo", "--fast"});
  EXPECT_FALSE(has(demo.out, "\x1b")) << "an escape sequence";
  EXPECT_FALSE(has(demo.out, "\r"));
  EXPECT_TRUE(has(demo.out, "playing ["));
  EXPECT_TRUE(has(demo.out, "paused "));
}

TEST(ConsoleDemo, RefusesToTroubleARealNode) {
  const auto demo = run_console({"--node", "127.0.0.1:1", "--user-id", "1", "demo"});
  EXPECT_EQ(demo.status, 2);
  EXPECT_TRUE(has(demo.err, "sandbox only"));
}

TEST(ConsoleCommands, AnswersOneCommand) {
  const auto info = run_console({"info"});
  EXPECT_EQ(info.status, 0) << info.err;
  EXPECT_TRUE(has(info.out, "Lavalink    4."));
  const auto stats = run_console({"stats"});
  EXPECT_EQ(stats.status, 0) << stats.err;
  EXPECT_TRUE(has(stats.out, "players"));
  const auto load = run_console({"load", "sandbox:playlist"});
  EXPECT_EQ(load.status, 0) << load.err;
  EXPECT_TRUE(has(load.out, "a playlist of"));
}

TEST(ConsoleCommands, PlaysATrackToItsEnd) {
  const auto play = run_console({"--speed", "1000", "play", "sandbox:1"});
  EXPECT_EQ(play.status, 0) << play.err;
  EXPECT_TRUE(has(play.out, "playing [")) << play.out;
}

TEST(ConsoleCommands, ReadsAScriptFromAPipe) {
  const auto script = run_console({"prompt"},
                                  "# a comment\n"
                                  "play sandbox:1\n"
                                  "seek 1:00\n"
                                  "volume 50\n"
                                  "filter nightcore\n"
                                  "wait 100ms\n"
                                  "pause\n"
                                  "stop");
  EXPECT_EQ(script.status, 0) << script.out << script.err;
  EXPECT_TRUE(has(script.out, "1:00 / ")) << script.out;
  EXPECT_TRUE(has(script.out, "volume 50"));
  EXPECT_TRUE(has(script.out, "nightcore"));
  EXPECT_TRUE(has(script.out, "> stop"));
}

TEST(ConsoleCommands, TellsEachErrorOfAScriptAndGoesOn) {
  const auto script = run_console({"prompt"}, "pause\nplay sandbox:nowhere\nload sandbox:error\nvolume loud\ninfo\n");
  EXPECT_EQ(script.status, 1);
  EXPECT_EQ(lines_in(script.err), 4) << script.err;
  EXPECT_TRUE(has(script.err, "error: nothing is playing\n"));
  EXPECT_TRUE(has(script.err, "error: nothing was found for \"sandbox:nowhere\"\n"));
  EXPECT_TRUE(has(script.err, "error: \"sandbox:error\" could not be loaded: "));
  EXPECT_TRUE(has(script.out, "Lavalink    4."));
}

TEST(ConsoleCommands, FailsIfTheTrackFails) {
  const auto play = run_console({"play", "sandbox:fail"});
  EXPECT_EQ(play.status, 1);
  EXPECT_TRUE(has(play.err, "error: the track failed"));
  EXPECT_EQ(lines_in(play.err), 1) << play.err;
}

TEST(ConsoleCommands, WatchesForAsLongAsAsked) {
  const auto watch = run_console({"watch", "50ms"});
  EXPECT_EQ(watch.status, 0) << watch.err;
  EXPECT_TRUE(has(watch.out, "ready ")) << watch.out;
}

TEST(ConsoleUsage, ExitsWithTwoAndOneReason) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"dance"},
                                             {"seek"},
                                             {"--nonsense"},
                                             {"--node", "localhost", "info"},
                                             {"--node", "http://localhost", "--user-id", "1", "info"},
                                             {"--node", "localhost:0", "--user-id", "1", "info"},
                                             {"--user-id", "0", "info"},
                                             {"--user-id", "me", "info"},
                                             {"--voice-token", "x", "info"},
                                             {"--sandbox", "--node", "localhost", "info"},
                                             {"--speed", "0", "info"}}) {
    const auto wrong = run_console(arguments);
    EXPECT_EQ(wrong.status, 2) << arguments[0] << wrong.out << wrong.err;
    EXPECT_FALSE(wrong.err.empty());
    EXPECT_EQ(wrong.out, "");
  }
}

TEST(ConsoleUsage, HelpNamesOptionsAndCommands) {
  const auto help = run_console({"--help"});
  EXPECT_EQ(help.status, 0);
  for (const auto* part : {"--node", "--password", "--user-id", "--secure", "--path-prefix", "--sandbox",
                           "--voice-channel", "seek TIME", "Examples:", "Exit status:"}) {
    EXPECT_TRUE(has(help.out, part)) << part;
  }
}

TEST(ConsoleNode, TellsInOneLineThatNobodyAnswers) {
  const auto info = run_console({"--node", "127.0.0.1:1", "--user-id", "1", "info"});
  EXPECT_EQ(info.status, 1);
  EXPECT_EQ(lines_in(info.err), 1) << info.err;
  EXPECT_TRUE(has(info.err, "refused")) << info.err;
  EXPECT_EQ(info.out, "");
}

TEST(ConsoleNode, TellsOfAWrongPasswordWithoutTellingIt) {
  lavapp::sandbox::Node node({.password = "right-secret"});
  const auto address = node.host() + ":" + std::to_string(node.port());
  const auto info = run_console({"--node", address, "--user-id", "1", "--password", "wrong-secret", "info"});
  EXPECT_EQ(info.status, 1);
  EXPECT_EQ(lines_in(info.err), 1) << info.err;
  EXPECT_TRUE(has(info.err, "401")) << info.err;
  EXPECT_FALSE(has(info.out + info.err, "secret"));
}

TEST(ConsoleNode, SaysThatARealNodeNeedsVoice) {
  lavapp::sandbox::Node node({.speed = 1000});
  const auto address = node.host() + ":" + std::to_string(node.port());
  const auto play = run_console({"--node", address, "--user-id", "1", "play", "sandbox:1"});
  EXPECT_EQ(play.status, 0) << play.err;
  EXPECT_TRUE(has(play.out, "Without voice data")) << play.out;
}

TEST(ConsoleNode, GivesTheNodeItsVoiceData) {
  lavapp::sandbox::Node node({.speed = 1000, .play_without_voice = false});
  const auto address = node.host() + ":" + std::to_string(node.port());
  const auto play =
      run_console({"--node", address, "--user-id", "1", "--guild", "81", "--voice-token", "t", "--voice-endpoint",
                   "voice.example:443", "--voice-session", "s", "--voice-channel", "5", "play", "sandbox:1"});
  EXPECT_EQ(play.status, 0) << play.out << play.err;
  EXPECT_FALSE(has(play.out, "Without voice data"));
}

TEST(ConsoleNode, TakesUpASessionThatWasKept) {
  lavapp::sandbox::Node node;
  const auto address = node.host() + ":" + std::to_string(node.port());
  const auto play = run_console({"--node", address, "--user-id", "1", "--keep-session", "play", "sandbox:1"});
  ASSERT_EQ(play.status, 0) << play.err;
  ASSERT_EQ(node.sessions().size(), 1u);
  const auto session = node.sessions().front().id;
  EXPECT_TRUE(has(play.out, "--session " + session)) << play.out;

  const auto pause =
      run_console({"--node", address, "--user-id", "1", "--session", session, "--keep-session", "pause"});
  EXPECT_EQ(pause.status, 0) << pause.out << pause.err;
  ASSERT_EQ(node.players().size(), 1u);
  EXPECT_TRUE(node.players().front().paused);

  const auto stop = run_console({"--node", address, "--user-id", "1", "--session", session, "stop"});
  EXPECT_EQ(stop.status, 0) << stop.out << stop.err;
  EXPECT_TRUE(node.sessions().empty());
}

TEST_F(ConsoleTerminal, RedrawsInPlaceAndLeavesItClean) {
  AtTerminal console(console_with({"--sandbox"}), 80);
  ASSERT_TRUE(console.wait_for("lavapp> ")) << console.shown();
  console.type("play sandbox:1\r");
  ASSERT_TRUE(console.wait_for("playing")) << console.shown();
  ASSERT_TRUE(console.wait_for("\x1b[J")) << "the lines are redrawn";
  console.type("pause\r");
  ASSERT_TRUE(console.wait_for("paused")) << console.shown();
  EXPECT_FALSE(console.cooked());
  console.type("quit\r");
  EXPECT_EQ(console.finish(), 0) << console.shown();
  EXPECT_TRUE(console.cooked());
}

TEST_F(ConsoleTerminal, ShowsTheCursorAgainAfterCtrlC) {
  AtTerminal console(console_with({"play", "sandbox:1"}), 80);
  ASSERT_TRUE(console.wait_for("playing")) << console.shown();
  ASSERT_TRUE(console.wait_for("\x1b[?25l"));
  console.type("\x03");
  EXPECT_EQ(console.finish(), 0) << console.shown();
  const auto hidden = console.shown().rfind("\x1b[?25l"), visible = console.shown().rfind("\x1b[?25h");
  ASSERT_NE(visible, std::string::npos);
  EXPECT_GT(visible, hidden);
  EXPECT_FALSE(has(console.shown(), "^C")) << "it would break the lines that are redrawn";
  EXPECT_TRUE(console.cooked());
}

TEST_F(ConsoleTerminal, EndsTheDemoAtCtrlC) {
  AtTerminal console(console_with({"demo"}), 80);
  ASSERT_TRUE(console.wait_for("playing")) << console.shown();
  console.type("\x03");
  EXPECT_EQ(console.finish(), 130) << console.shown();
}

TEST_F(ConsoleTerminal, LeavesAtCtrlD) {
  AtTerminal console(console_with({"prompt"}), 80);
  ASSERT_TRUE(console.wait_for("lavapp> ")) << console.shown();
  console.type("\x04");
  EXPECT_EQ(console.finish(), 0);
  EXPECT_TRUE(console.cooked());
}

TEST_F(ConsoleTerminal, FollowsTheTerminalsWidth) {
  AtTerminal console(console_with({"--speed", "0.01", "play", "sandbox:1"}), 120);
  ASSERT_TRUE(console.wait_for("playing")) << console.shown();
  console.resize(40);
  // Beside the times there is room for a bar of 27 columns: its head, and 26 to come.
  std::string rest;
  for (int i = 0; i < 26; ++i) rest += "─";
  EXPECT_TRUE(console.wait_for("●\x1b[0m\x1b[2m" + rest + "\x1b[0m ")) << console.shown();
}
