// lavapp-sandbox: the sandbox node as a program, for bots in any language.
#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <exception>

#include "lavapp/sandbox/node.hpp"

namespace {

int serve(const lavapp::sandbox::NodeOptions& options, const sigset_t& stop_signals) {
  const lavapp::sandbox::Node node(options);
  std::printf(
      "A Lavalink 4 node is listening on %s:%u\n"
      "  WebSocket   ws://%s:%u/v4/websocket\n"
      "  password    %s\n"
      "It plays no sound. Try the identifiers sandbox:1 to sandbox:12, sandbox:playlist, sandboxsearch:ferry,\n"
      "sandbox:short, sandbox:endless, sandbox:fail, sandbox:break, sandbox:stuck, sandbox:error.\n"
      "Ctrl-C ends it.\n",
      node.host().c_str(), node.port(), node.host().c_str(), node.port(), node.password().c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&stop_signals, &signal);
  std::puts("\nended");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  lavapp::sandbox::NodeOptions options;
  options.port = 2333;
  bool real_voice = false;
  CLI::App app{"A Lavalink 4 node for developing and testing bots: it answers as Lavalink does, but plays nothing."};
  app.add_option("--port", options.port, "TCP port on 127.0.0.1; 0 takes a free one")->capture_default_str();
  app.add_option("--password", options.password, "what clients must send as Authorization")->capture_default_str();
  app.add_option("--speed", options.speed, "how fast tracks play; 10 makes a minute last 6 seconds")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--need-voice", real_voice,
               "tracks stand still until a voice update has come, and end with `cleanup` after a minute, as on a real node");
  CLI11_PARSE(app, argc, argv);
  options.play_without_voice = !real_voice;

  // Blocked before the node starts its thread, so that only sigwait() sees them.
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGINT);
  sigaddset(&stop_signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
  try {
    return serve(options, stop_signals);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lavapp-sandbox: %s\n", error.what());
    return 1;
  }
}
