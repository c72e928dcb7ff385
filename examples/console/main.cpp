// console: plays music on a Lavalink node and shows what it does. See `console --help`.
#include <lavapp/lavapp.hpp>
#include <lavapp/sandbox/node.hpp>

#include <exception>
#include <memory>
#include <optional>

#include "actions.hpp"
#include "client.hpp"
#include "demo.hpp"
#include "options.hpp"
#include "prompt.hpp"
#include "terminal_session.hpp"
#include "view.hpp"
#include "words.hpp"

namespace console {
namespace {

using namespace std::chrono_literals;

enum Exit { all_well = 0, failed = 1, wrong_usage = 2, interrupted = 130 };

lavapp::NodeOptions node_options(const Options& options, const lavapp::sandbox::Node* sandbox) {
  lavapp::NodeOptions node;
  node.user_id = options.user_id;
  if (sandbox) {
    node.host = sandbox->host();
    node.port = sandbox->port();
    node.password = sandbox->password();
    node.heartbeat_interval = 1s;
    node.reconnect.initial_delay = 400ms;
    node.reconnect.max_delay = 1s;
    node.reconnect.jitter = false;
    return node;
  }
  node.host = options.node->host;
  node.port = options.node->port;
  node.password = options.password;
  node.secure = options.secure;
  node.tls.ca_file = options.ca_file;
  node.path_prefix = options.path_prefix;
  node.session_id = options.session_id;
  node.heartbeat_interval = 5s;  // shorter than usual: the latency is there to be looked at
  return node;
}

lavapp::sandbox::NodeOptions sandbox_options(const Options& options) {
  lavapp::sandbox::NodeOptions sandbox;
  sandbox.speed = options.speed;
  sandbox.player_update_interval = 1s;
  sandbox.stats_interval = 5s;
  return sandbox;
}

/// Does one command to its end.
int run_command(const Command& command, const Options& options, Loop& loop, Screen& screen, Client& client,
                Actions& actions) {
  if (std::holds_alternative<command::Watch>(command) && screen.redraws()) {
    screen.line(screen.look().dim("Events as they come; Ctrl-C ends it."));
  }
  auto done = actions.run(command);
  if (done && std::holds_alternative<command::Play>(command) && !options.keep_session) done = actions.wait_for_end();
  if (loop.interrupted())
    return std::holds_alternative<command::Play>(command) && client.deck().track ? all_well : interrupted;
  if (done) return all_well;
  screen.error(sentence(done.error()));
  return failed;
}

/// A session from its beginning to its end, and in it what the user wants.
int run(const Options& options, const std::optional<Command>& command) {
  Loop loop;
  Screen screen(options.plain);
  EventLog log(screen);
  std::optional<lavapp::sandbox::Node> sandbox;
  if (!options.node) sandbox.emplace(sandbox_options(options));
  lavapp::Runtime runtime;
  Client client(loop, log, runtime, node_options(options, sandbox ? &*sandbox : nullptr), options.guild_id,
                options.voice);
  View view(screen, [&] { return client.now_playing(); });
  Actions actions(loop, screen, log, client);
  TerminalSession terminal(loop, screen, [&] { view.refresh(); });
  if (options.verbose) {
    client.node().on(lavapp::Node::debug, [&](std::string_view text) {
      loop.post([&, text = std::string(text)] { log.add(Tell::trouble, {"debug", text}); });
    });
  }

  if (command && std::holds_alternative<command::Demo>(*command)) {
    view.in_pipe(1s, "      ");
    const auto end = run_demo(loop, screen, log, client, *sandbox, options.fast);
    if (end != DemoEnd::passed) {
      loop.take_interrupt();
      (void)client.leave(lavapp::KeepSession::no);  // in order if it can be; the failure has been told
    }
    return end == DemoEnd::passed ? all_well : end == DemoEnd::failed ? failed : interrupted;
  }

  if (command && std::holds_alternative<command::Watch>(*command)) log.show(Tell::everything, true);
  if (auto connected = client.connect(); !connected) {
    if (loop.interrupted()) return interrupted;
    screen.error(sentence(connected.error()));
    return failed;
  }
  const bool plays =
      command && (std::holds_alternative<command::Play>(*command) || std::holds_alternative<command::Prompt>(*command));
  if (options.node && !options.voice && (plays || !command)) {
    screen.line(screen.look().yellow(
        "Without voice data from Discord a real node plays to nobody, and ends a track after about "
        "a minute; see --voice-token in --help."));
  }
  int status = all_well;
  if (command && !std::holds_alternative<command::Prompt>(*command)) {
    status = run_command(*command, options, loop, screen, client, actions);
  } else {
    status = run_prompt(loop, screen, view, actions) ? all_well : failed;
  }
  loop.take_interrupt();  // a second one cuts the leaving short
  terminal.stop_refreshing();
  const auto session = client.node().session_id();
  const auto left = client.leave(options.keep_session ? lavapp::KeepSession::yes : lavapp::KeepSession::no);
  if (left && options.keep_session) screen.line("The session is kept for a minute: --session " + session);
  return status;
}

int start(int argc, char** argv) {
  auto parsed = read_options(argc, argv);
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  const auto& options = std::get<Options>(parsed);
  std::optional<Command> command;
  if (!options.words.empty()) {
    const auto wanted = parse_command(options.words);
    if (!wanted) {
      Screen(options.plain).error(wanted.error().message);
      return wrong_usage;
    }
    command = *wanted;
  }
  if (command && std::holds_alternative<command::Demo>(*command) && options.node) {
    Screen(options.plain)
        .error("the demo cuts connections and restarts its node: it runs on the sandbox only, without --node");
    return wrong_usage;
  }
  if (command && std::holds_alternative<command::Help>(*command)) {
    Screen screen(options.plain);
    for (const auto& line : help_lines(screen.look())) screen.line(line);
    return all_well;
  }
  return run(options, command);
}

}  // namespace
}  // namespace console

int main(int argc, char** argv) {
  try {
    return console::start(argc, argv);
  } catch (const std::exception& error) {
    console::Screen(true).error(error.what());
    return console::failed;
  }
}
