// Options: what the command line says.
#pragma once

#include <lavapp/core/snowflake.hpp>
#include <lavapp/lavalink/player_types.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "node_address.hpp"

namespace console {

struct Options {
  /// Unset: the sandbox, a node inside this program.
  std::optional<NodeAddress> node = {};
  std::string password = "youshallnotpass";
  lavapp::Snowflake user_id = 1;
  bool secure = false;
  std::string ca_file = {};
  std::string path_prefix = {};

  lavapp::Snowflake guild_id = 1;
  std::optional<lavapp::lavalink::VoiceState> voice = {};

  std::string session_id = {};
  bool keep_session = false;

  /// How fast the sandbox's tracks play.
  double speed = 1.0;
  bool fast = false;
  bool plain = false;
  bool verbose = false;

  /// The command's words; none: the prompt.
  std::vector<std::string> words = {};
};

/// Reads the command line; prints help and complaints itself. Otherwise the exit status: 0 after --help, 2 if the
/// command line was wrong.
std::variant<Options, int> read_options(int argc, const char* const* argv);

}  // namespace console
