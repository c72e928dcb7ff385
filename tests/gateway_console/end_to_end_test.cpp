// The built gateway console, from outside: what it prints, where, how it ends, and what the gateway sees of it.
#include <lavapp/sandbox/gateway.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <future>
#include <regex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/program.hpp"

using lavapp::test::AtTerminal;
using lavapp::test::Finished;

namespace {

const std::string token = "MTcwOTM5OTc0MjI3NTQxMTY4.Gq3aB1.not-a-token-of-anybody";

/// A gateway that takes the token, and a program that has it.
class GatewayConsole : public testing::Test {
 protected:
  explicit GatewayConsole(std::string accepted = token) : sandbox(options(std::move(accepted))) {}

  lavapp::test::Program program(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--url", sandbox.url()});
    return {GATEWAY_CONSOLE_PROGRAM, std::move(arguments), {{"DISCORD_TOKEN", token}}};
  }
  /// Runs it until it has printed `interrupt_at`, and then interrupts it.
  Finished run(std::vector<std::string> arguments, const std::string& interrupt_at = {}) const {
    return lavapp::test::run(program(std::move(arguments)), {}, interrupt_at);
  }

  /// The codes that the gateway was left with, once every connection has ended there too.
  std::vector<int> close_codes() const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (sandbox.open_connections() > 0 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    return sandbox.close_codes();
  }

  lavapp::sandbox::Gateway sandbox;

 private:
  static lavapp::sandbox::GatewayOptions options(std::string accepted) {
    lavapp::sandbox::GatewayOptions options;
    options.token = std::move(accepted);
    options.heartbeat_interval = std::chrono::seconds(2);
    options.guilds = {81, 82};
    return options;
  }
};

/// And one that does not take it.
class GatewayConsoleRefused : public GatewayConsole {
 protected:
  GatewayConsoleRefused() : GatewayConsole("another token") {}
};

/// A chroot without /dev/pts, say, has no terminals to open, and the program cannot be at fault there. CI has them.
class GatewayConsoleTerminal : public GatewayConsole {
 protected:
  void SetUp() override {
    if (lavapp::test::has_terminals()) return;
    if (std::getenv("CI") != nullptr) FAIL() << "this machine opens no pseudo terminal, and CI must have them";
    GTEST_SKIP() << "this machine opens no pseudo terminal (is /dev/pts mounted?)";
  }
};

Finished run_demo(std::vector<std::string> arguments) {
  return lavapp::test::run({GATEWAY_CONSOLE_PROGRAM, std::move(arguments)});
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
auto lines_in(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

}  // namespace

TEST(GatewayConsoleDemo, DoesEveryStepAndSaysSoInPlainText) {
  const auto demo = run_demo({"--fast"});
  EXPECT_EQ(demo.status, 0) << demo.out << demo.err;
  for (const auto* part :
       {"All 9 of 9 steps done.", "READY  session", "GUILD_CREATE  The Paper Lanterns", "VOICE_STATE_UPDATE",
        "VOICE_SERVER_UPDATE", "RESUMED", "session lost", "ETF, zstd-stream", "2 resumed", "1 lost"}) {
    EXPECT_TRUE(has(demo.out, part)) << part << " is missing in\n" << demo.out;
  }
  EXPECT_FALSE(has(demo.out, "\x1b")) << "an escape sequence";
  EXPECT_EQ(demo.err, "");
}

TEST(GatewayConsoleUsage, ExitsWithTwoAndOneReason) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"--nonsense"}, {"word"}, {"--token", "x"}, {"--shard", "0/1"}, {"--intents", "nonsense"}}) {
    const auto wrong = run_demo(arguments);
    EXPECT_EQ(wrong.status, 2) << arguments[0] << wrong.out;
    EXPECT_FALSE(wrong.err.empty());
    EXPECT_EQ(wrong.out, "");
  }
}

TEST_F(GatewayConsole, HelpNamesOptionsAndIntentsAndNoToken) {
  const auto help = run({"--help"});
  EXPECT_EQ(help.status, 0);
  for (const auto* part :
       {"--intents", "--shard", "--encoding", "--compression", "--url", "--duration", "--keep-session",
        "message_content *", "guild_voice_states\n", "DISCORD_TOKEN", "Exit status:"}) {
    EXPECT_TRUE(has(help.out, part)) << part;
  }
  EXPECT_FALSE(has(help.out + help.err, token));
}

TEST_F(GatewayConsole, ShowsStatusAndEventsUntilItIsInterrupted) {
  const auto watched = run({"--plain"}, "guilds ready");
  EXPECT_EQ(watched.status, 0) << watched.out << watched.err;
  EXPECT_EQ(watched.err, "");
  for (const auto* part : {"READY", "GUILD_CREATE", "guild 81", "2 GUILD_CREATE - 1 READY", "1 new - 0 lost"}) {
    EXPECT_TRUE(has(watched.out, part)) << part << " is missing in\n" << watched.out;
  }
}

TEST_F(GatewayConsole, ShowsTheLatencyOfHeartbeats) {
  const auto watched = run({}, "heartbeat ");
  EXPECT_EQ(watched.status, 0) << watched.err;
  EXPECT_TRUE(std::regex_search(watched.out, std::regex("heartbeat +acknowledged after [0-9.]+ ms"))) << watched.out;
}

TEST_F(GatewayConsole, EndsItsSessionWhenItIsInterrupted) {
  const auto watched = run({}, "guilds ready");
  EXPECT_EQ(watched.status, 0) << watched.err;
  EXPECT_EQ(close_codes(), std::vector<int>{1000});
}

TEST_F(GatewayConsole, LeavesItsSessionOnIfAsked) {
  const auto watched = run({"--keep-session"}, "guilds ready");
  EXPECT_EQ(watched.status, 0) << watched.err;
  EXPECT_EQ(close_codes(), std::vector<int>{1006});
  EXPECT_TRUE(has(watched.out, "The session lives on"));
}

TEST_F(GatewayConsole, IdentifiesAsItsOptionsSay) {
  const auto watched =
      run({"--shard", "0/3", "--intents", "guilds,guild_messages", "--encoding", "etf", "--compression", "zstd-stream"},
          "READY");
  EXPECT_EQ(watched.status, 0) << watched.err;
  const auto seen = sandbox.payloads();
  const auto identify = std::find_if(seen.begin(), seen.end(), [](const auto& payload) { return payload.op == 2; });
  ASSERT_NE(identify, seen.end());
  EXPECT_TRUE(has(identify->text, R"("shard":[0,3])")) << identify->text;
  EXPECT_TRUE(has(identify->text, R"("intents":513)")) << identify->text;
  EXPECT_TRUE(has(watched.out, "ETF, zstd-stream"));
}

TEST_F(GatewayConsole, EndsAfterItsDuration) {
  const auto watched = run({"--duration", "2s"});
  EXPECT_EQ(watched.status, 0) << watched.out << watched.err;
  EXPECT_EQ(close_codes(), std::vector<int>{1000});
}

TEST_F(GatewayConsole, FailsIfThereWasNoSessionInTime) {
  sandbox.ignore_identify();
  const auto watched = run({"--duration", "200ms"});
  EXPECT_EQ(watched.status, 1) << watched.out;
  EXPECT_EQ(watched.err, "error: there was no session within 0.2 s\n");
}

TEST_F(GatewayConsole, ExitsWith130IfItIsInterruptedBeforeThereWasASession) {
  sandbox.ignore_identify();
  EXPECT_EQ(run({}, "identifying").status, 130);
}

TEST_F(GatewayConsole, TellsWhatIsWrongWithItsOptions) {
  const auto watched = run({"--encoding", "etf", "--compression", "payload"});
  EXPECT_EQ(watched.status, 1);
  EXPECT_EQ(watched.err, "error: compression: payload compression is for Encoding::json only\n");
}

TEST_F(GatewayConsole, NeverShowsTheTokenInDebugLines) {
  const auto watched = run({"--debug"}, "guilds ready");
  EXPECT_EQ(watched.status, 0) << watched.err;
  EXPECT_TRUE(has(watched.out, "identifying")) << watched.out;
  EXPECT_TRUE(has(watched.out, "connecting to ws://")) << watched.out;
  EXPECT_FALSE(has(watched.out + watched.err, token));
}

TEST_F(GatewayConsoleRefused, TellsTheCauseAndNotTheToken) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{{}, {"--debug"}, {"--encoding", "etf"}}) {
    const auto watched = run(arguments);
    EXPECT_EQ(watched.status, 1);
    EXPECT_TRUE(has(watched.err, "error: authentication failed")) << watched.err;
    EXPECT_EQ(lines_in(watched.err), 1) << watched.err;
    EXPECT_FALSE(has(watched.out + watched.err, token)) << watched.out << watched.err;
  }
}

TEST_F(GatewayConsole, HidesTheTokenIfTheGatewayRepeatsIt) {
  auto watching = std::async(std::launch::async, [&] { return run({"--debug"}); });
  while (sandbox.identifies() == 0 && watching.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
  }
  sandbox.dispatch("YOU_ARE_" + token, "{}");
  sandbox.close_connections(4004, "I do not know " + token);
  const auto watched = watching.get();
  EXPECT_EQ(watched.status, 1);
  EXPECT_TRUE(has(watched.err, "I do not know [hidden]")) << watched.err;
  EXPECT_TRUE(has(watched.out, "1 YOU_ARE_[hidden]")) << watched.out;
  EXPECT_FALSE(has(watched.out + watched.err, token));
}

TEST_F(GatewayConsoleTerminal, RedrawsInPlaceAndLeavesItClean) {
  AtTerminal terminal(program({}), 100);
  ASSERT_TRUE(terminal.wait_for("● ready")) << terminal.shown();
  ASSERT_TRUE(terminal.wait_for("\x1b[J")) << "the lines are redrawn";
  terminal.type("\x03");
  EXPECT_EQ(terminal.finish(), 0) << terminal.shown();
  const auto hidden = terminal.shown().rfind("\x1b[?25l"), visible = terminal.shown().rfind("\x1b[?25h");
  ASSERT_NE(visible, std::string::npos);
  EXPECT_GT(visible, hidden);
  EXPECT_FALSE(has(terminal.shown(), "^C")) << "it would break the lines that are redrawn";
  EXPECT_TRUE(terminal.cooked());
  EXPECT_EQ(close_codes(), std::vector<int>{1000});
}

TEST_F(GatewayConsoleTerminal, EndsTheDemoAtCtrlC) {
  AtTerminal terminal({GATEWAY_CONSOLE_PROGRAM}, 80);
  ASSERT_TRUE(terminal.wait_for("ready")) << terminal.shown();
  terminal.type("\x03");
  EXPECT_EQ(terminal.finish(), 130) << terminal.shown();
}
