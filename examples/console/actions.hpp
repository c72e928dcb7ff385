// Actions: does what a command says.
#pragma once

#include "client.hpp"
#include "command.hpp"
#include "screen.hpp"

namespace console {

class Actions {
 public:
  Actions(Loop& loop, Screen& screen, EventLog& log, Client& client)
      : loop_(loop), screen_(screen), log_(log), client_(client) {}

  /// Not `demo`, `prompt` and `quit`: they are not done inside a session, but with one.
  lavapp::Result<void> run(const Command& command);

  /// Until nothing plays any more. Errors: why the last track did not play to its end; `cancelled` if the user
  /// interrupted.
  lavapp::Result<void> wait_for_end(std::optional<std::chrono::milliseconds> limit = {});

 private:
  lavapp::Result<void> info();
  lavapp::Result<void> stats();
  lavapp::Result<void> load(const std::string& identifier);
  lavapp::Result<void> seek(const command::Seek& seek);
  lavapp::Result<void> filter(const std::string& preset);
  lavapp::Result<void> watch(std::optional<std::chrono::milliseconds> time);
  void lines(const std::vector<std::string>& lines);

  Loop& loop_;
  Screen& screen_;
  EventLog& log_;
  Client& client_;
};

/// The list of commands.
std::vector<std::string> help_lines(const Look& look);
/// The list of filters.
std::vector<std::string> filter_lines(const Look& look);

}  // namespace console
