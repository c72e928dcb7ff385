// Command: one line of what the user wants, read from arguments or from the prompt.
#pragma once

#include <lavapp/core/result.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace console {

namespace command {
struct Info {};
struct Stats {};
struct Load {
  std::string identifier;
};
struct Play {
  std::string identifier;
};
struct Next {};
struct Pause {};
struct Resume {};
struct Seek {
  std::chrono::milliseconds time{0};
  enum class From { start, forward, back } from = From::start;
};
struct Volume {
  int percent = 100;
};
struct Filter {
  std::string preset;  ///< empty: off
};
struct ListFilters {};
struct Stop {};
/// For so long, or until the user has enough.
struct Watch {
  std::optional<std::chrono::milliseconds> time = {};
};
/// Until what plays has ended, or for so long.
struct Wait {
  std::optional<std::chrono::milliseconds> time = {};
};
struct Demo {};
struct Prompt {};
struct Help {};
struct Quit {};
}  // namespace command

using Command =
    std::variant<command::Info, command::Stats, command::Load, command::Play, command::Next, command::Pause,
                 command::Resume, command::Seek, command::Volume, command::Filter, command::ListFilters, command::Stop,
                 command::Watch, command::Wait, command::Demo, command::Prompt, command::Help, command::Quit>;

/// Reads a command from its words; identifiers and searches may have spaces.
/// Errors: `invalid_argument`, saying what was expected.
lavapp::Result<Command> parse_command(const std::vector<std::string>& words);

/// Splits a typed line at white space.
std::vector<std::string> split_words(std::string_view line);

struct CommandHelp {
  std::string_view usage, about;
};
/// Every command, in the order to show them.
const std::vector<CommandHelp>& command_help();

}  // namespace console
