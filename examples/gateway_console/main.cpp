// gateway_console: connects a shard to Discord's gateway and shows what it does. See `gateway_console --help`.
#include <lavapp/discord/gateway.hpp>
#include <lavapp/sandbox/gateway.hpp>

#include <cstdlib>
#include <exception>
#include <variant>

#include "client.hpp"
#include "demo.hpp"
#include "options.hpp"
#include "terminal_session.hpp"
#include "view.hpp"
#include "watch.hpp"

namespace console::gateway {
namespace {

enum Exit { all_well = 0, failed = 1, wrong_usage = 2, interrupted = 130 };

int show_demo(const Options& options) {
  Loop loop;
  Screen screen(options.plain);
  EventLog log(screen);
  lavapp::sandbox::Gateway sandbox(demo_sandbox());
  lavapp::Runtime runtime;
  Client client(loop, log, runtime, demo_shard(sandbox), demo_token());
  if (options.debug) client.show_debug();
  View view(screen, [&] { return client.view(screen.look()); });
  view.indent("      ");
  TerminalSession terminal(loop, screen, [&] { view.refresh(); });
  switch (run_demo(loop, screen, log, runtime, client, sandbox, options.fast)) {
    case DemoEnd::passed:
      return all_well;
    case DemoEnd::failed:
      return failed;
    case DemoEnd::interrupted:
      return interrupted;
  }
  return failed;
}

int show_shard(const Options& options) {
  Loop loop;
  Screen screen(options.plain);
  EventLog log(screen);
  lavapp::Runtime runtime;
  Client client(loop, log, runtime, options.shard, options.token);
  if (options.debug) client.show_debug();
  View view(screen, [&] { return client.view(screen.look()); });
  TerminalSession terminal(loop, screen, [&] { view.refresh(); });
  switch (watch(loop, screen, terminal, log, client, options)) {
    case Watched::to_the_end:
      return all_well;
    case Watched::failed:
      return failed;
    case Watched::interrupted:
      return interrupted;
  }
  return failed;
}

int start(int argc, char** argv) {
  const char* const token = std::getenv("DISCORD_TOKEN");
  const auto parsed = read_options(argc, argv, Secret(token != nullptr ? token : ""));
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  const auto& options = std::get<Options>(parsed);
  return options.token.empty() ? show_demo(options) : show_shard(options);
}

}  // namespace
}  // namespace console::gateway

int main(int argc, char** argv) {
  try {
    return console::gateway::start(argc, argv);
  } catch (const std::exception& error) {
    console::Screen(true).error(error.what());
    return console::gateway::failed;
  }
}
