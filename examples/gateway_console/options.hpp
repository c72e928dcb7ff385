// Options: what the command line and the environment say.
#pragma once

#include <lavapp/discord/gateway_options.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "secret.hpp"

namespace console::gateway {

struct Options {
  /// From DISCORD_TOKEN, never from the command line. Empty: the demo, on the sandbox.
  Secret token = {};
  /// For Discord; without the token.
  lavapp::discord::GatewayOptions shard = {};
  /// Unset: until the user ends it.
  std::optional<std::chrono::milliseconds> duration = {};
  bool keep_session = false;

  bool fast = false;
  bool plain = false;
  bool debug = false;
};

/// Reads the command line; prints help and complaints itself. Otherwise the exit status: 0 after --help, 2 if the
/// command line was wrong.
/// \param token  what DISCORD_TOKEN is set to; empty: it is not
std::variant<Options, int> read_options(int argc, const char* const* argv, Secret token);

}  // namespace console::gateway
