#include "options.hpp"

#include <lavapp/version.hpp>

#include <CLI/CLI.hpp>

#include <iostream>
#include <map>
#include <sstream>
#include <utility>
#include <vector>

#include "intent_names.hpp"
#include "shard_text.hpp"
#include "time_text.hpp"

namespace console::gateway {
namespace {

namespace discord = lavapp::discord;

/// A check for CLI11: the message of a failed parse, empty if all is well.
template <class Parse>
auto parsed_by(Parse parse) {
  return [parse](const std::string& text) {
    const auto result = parse(text);
    return result ? std::string() : result.error().message;
  };
}

/// Names of an enum's values, for an option that takes one of them.
template <class T>
CLI::CheckedTransformer one_of(const std::map<std::string, T>& names) {
  CLI::CheckedTransformer check(names);
  check.description("");
  return check;
}

std::string footer() {
  return R"(The token is taken from DISCORD_TOKEN in the environment and from nowhere else, and is never shown. Without it
the demo runs: no Discord, no network needed.

Intents, with commas between them; or "music" (guilds and guild_voice_states), "unprivileged", or "all":
)" + list_intents("  ") +
         R"(  * privileged: to be switched on for the application in Discord's developer portal first

Examples:
  gateway_console
      The demo, on the sandbox.
  DISCORD_TOKEN=... gateway_console
      A bot's shard: its status, latency, guilds and events, until Ctrl-C.
  DISCORD_TOKEN=... gateway_console --intents guilds,guild_messages --encoding etf --compression zstd-stream
  DISCORD_TOKEN=... gateway_console --shard 3/16 --duration 10m --keep-session > events.log

Exit status: 0 all well, 1 something failed (told in one line on standard error), 2 wrong usage, 130 interrupted.
)";
}

/// Names what is no option, without what may stand behind it: it may be a token.
std::string stray(const std::vector<std::string>& arguments) {
  for (const auto& argument : arguments) {
    if (argument.starts_with('-')) return argument.substr(0, argument.find('=')) + " is no option";
  }
  return "there is a word that belongs to no option";
}

}  // namespace

std::variant<Options, int> read_options(int argc, const char* const* argv, Secret token) {
  Options options;
  std::string intents, shard, duration;
  bool sandbox = false;

  CLI::App app("Connects a shard to Discord's gateway, and shows what it does.", "gateway_console");
  app.get_formatter()->column_width(28);
  app.footer(footer());
  app.set_version_flag("--version", "lavapp gateway console " LAVAPP_VERSION);
  app.allow_extras();  // refused below

  app.add_flag("--sandbox", sandbox, "The demo, although there is a token")->group("Demo");
  app.add_flag("--fast", options.fast, "Without its pauses for the eye")->group("Demo");

  auto* with_intents = app.add_option("--intents", intents, "Which events to get: see below; default: music")
                           ->type_name("NAMES")
                           ->check(parsed_by(parse_intents));
  auto* of_shard = app.add_option("--shard", shard, "Which shard it is, of how many; default: 0/1")
                       ->type_name("I/N")
                       ->check(parsed_by(parse_shard));
  auto* encoding = app.add_option("--encoding", options.shard.encoding, "json (default) or etf")
                       ->type_name("NAME")
                       ->transform(one_of<discord::Encoding>({
                           {"json", discord::Encoding::json},
                           {"etf", discord::Encoding::etf},
                       }));
  auto* compression =
      app.add_option("--compression", options.shard.compression, "none, zlib-stream (default), zstd-stream, payload")
          ->type_name("NAME")
          ->transform(one_of<discord::Compression>({
              {"none", discord::Compression::none},
              {"zlib-stream", discord::Compression::zlib_stream},
              {"zstd-stream", discord::Compression::zstd_stream},
              {"payload", discord::Compression::payload},
          }));
  auto* url = app.add_option("--url", options.shard.url, "Another gateway; ws:// sends the token unencrypted")
                  ->type_name("URL");
  auto* for_so_long = app.add_option("--duration", duration, "End after so long: 90s, 10m")
                          ->type_name("TIME")
                          ->check(parsed_by(parse_time));
  auto* keep = app.add_flag("--keep-session", options.keep_session, "Leave the session on, for some minutes");
  const auto of_discord = {with_intents, of_shard, encoding, compression, url, for_so_long, keep};
  for (auto* option : of_discord) option->group("Discord");

  app.add_flag("--plain", options.plain, "Plain ASCII lines; NO_COLOR is respected too")->group("Output");
  app.add_flag("--debug", options.debug, "The gateway's debug lines as well")->group("Output");

  try {
    app.parse(argc, argv);
    if (const auto rest = app.remaining(); !rest.empty()) throw CLI::ValidationError(stray(rest));
    for (const auto* option : of_discord) {
      if (*option && (sandbox || token.empty())) {
        throw CLI::ValidationError(option->get_name() + " is for Discord, with DISCORD_TOKEN");
      }
    }
  } catch (const CLI::ParseError& error) {
    std::ostringstream complaint;
    const bool asked_for = app.exit(error, std::cout, complaint) == 0;
    std::cerr << token.hidden_in(complaint.str());
    return asked_for ? 0 : 2;
  }

  if (*with_intents) options.shard.intents = *parse_intents(intents);
  if (*of_shard) options.shard.shard = *parse_shard(shard);
  if (*for_so_long) options.duration = *parse_time(duration);
  if (!sandbox) options.token = std::move(token);
  return options;
}

}  // namespace console::gateway
