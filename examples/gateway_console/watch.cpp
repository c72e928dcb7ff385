#include "watch.hpp"

#include <chrono>

#include "shard_text.hpp"
#include "summary.hpp"
#include "table.hpp"
#include "time_text.hpp"

namespace console::gateway {
namespace {

using std::chrono::milliseconds;

void summarize(Screen& screen, const Client& client, milliseconds took) {
  Table table(screen.columns(), screen.look());
  for (const auto& [label, text] : summary_of(client, screen.look())) table.row(label, text);
  table.row("took", format_span(took));
  screen.line();
  for (const auto& line : table.lines()) screen.line(line);
}

}  // namespace

Watched watch(Loop& loop, Screen& screen, TerminalSession& terminal, EventLog& log, Client& client,
              const Options& options) {
  const auto began = Loop::Clock::now();
  log.show(Tell::everything, true);
  screen.line(screen.look().dim("Shard " + format_shard(options.shard.shard) + ", " + transport_of(options.shard) +
                                "; events as they come, Ctrl-C ends it."));
  client.start();
  loop.run_until([&] { return client.ended().has_value(); }, options.duration);
  const auto failure = client.ended();
  const bool interrupted = loop.take_interrupt();  // a second one cuts the leaving short
  terminal.stop_refreshing();
  client.leave(options.keep_session ? KeepSession::yes : KeepSession::no);

  const bool had_session = client.tally().new_sessions > 0;
  if (had_session) {
    summarize(screen, client, std::chrono::duration_cast<milliseconds>(Loop::Clock::now() - began));
    if (options.keep_session && !failure) screen.line("The session lives on at Discord for some minutes.");
  }
  if (failure) {
    screen.error(client.sentence_of(*failure));
    return Watched::failed;
  }
  if (had_session) return Watched::to_the_end;
  if (interrupted) return Watched::interrupted;
  screen.error("there was no session within " + format_span(*options.duration));
  return Watched::failed;
}

}  // namespace console::gateway
