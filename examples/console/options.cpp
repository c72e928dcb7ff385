#include "options.hpp"

#include <lavapp/version.hpp>

#include <CLI/CLI.hpp>

#include <fstream>
#include <iostream>
#include <memory>

#include "command.hpp"
#include "text.hpp"

namespace console {
namespace {

/// The message of a failed parse, as CLI11 wants it: empty if all is well.
template <class T>
std::string complaint(const lavapp::Result<T>& result) {
  return result ? std::string() : result.error().message;
}

std::string check_id(const std::string& text) {
  const auto id = lavapp::Snowflake::parse(text);
  return id && id->value() != 0 ? "" : "\"" + text + "\" is no Discord id: digits only, and not 0";
}

std::string check_file(const std::string& path) { return std::ifstream(path) ? "" : "\"" + path + "\" cannot be read"; }

/// Options without the list of what they need and exclude, which would bury the words.
class ShortFormatter : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_type_size() == 0 ? "" : " " + option->get_type_name();
  }
};

std::string footer() {
  std::string text = "Commands, here or at the prompt:\n";
  for (const auto& [usage, about] : command_help()) {
    text.append("  ").append(pad(std::string(usage), 22)).append(about).append("\n");
  }
  return text + R"(
Without any argument: demo. With options but no command: prompt.

Examples:
  console
      The demo, on the sandbox: no Lavalink, no Discord, no network needed.
  console play sandbox:1
      One track, until it ends or Ctrl-C.
  LAVALINK_PASSWORD=secret console --node localhost:2333 --user-id 170939974227541168 info
      Ask a real node.
  console --node "[2001:db8::7]:443" --secure --path-prefix /lavalink --user-id 170939974227541168
      A node behind a proxy with TLS, and a prompt to type at.
  printf 'play sandbox:2\nseek 1:00\nwait 3s\n' | console prompt
      A script: errors go to standard error, the exit status is 1 if a command failed.
  console --node localhost --user-id 170939974227541168 --keep-session play https://example.org/a.mp3
  console --node localhost --user-id 170939974227541168 --session ID --keep-session pause
      Leave the music on, and take the session up again later; its ID was told at the end.

Exit status: 0 all well, 1 something failed (told in one line on standard error), 2 wrong usage, 130 interrupted.
)";
}

}  // namespace

std::variant<Options, int> read_options(int argc, const char* const* argv) {
  Options options;
  std::string node, user_id, guild_id, channel_id;
  lavapp::lavalink::VoiceState voice;
  bool sandbox = false;

  CLI::App app("Plays music on a Lavalink v4 node, and shows what it does.", "console");
  app.formatter(std::make_shared<ShortFormatter>());
  app.get_formatter()->column_width(28);
  app.footer(footer());
  app.set_version_flag("--version", "lavapp console " LAVAPP_VERSION);
  app.add_option("command", options.words, "What to do; see below")->type_name("[WORD ...]");

  auto* in_sandbox = app.add_flag("--sandbox", sandbox, "A node in this program, invented tracks (default)");
  auto* at_node = app.add_option("--node", node, "A real Lavalink v4 node; port 2333 if none is given")
                      ->type_name("HOST[:PORT]")
                      ->excludes(in_sandbox)
                      ->check([](const std::string& text) { return complaint(parse_node_address(text)); });
  auto* password = app.add_option("--password", options.password, "Or LAVALINK_PASSWORD in the environment, unseen")
                       ->type_name("TEXT")
                       ->envname("LAVALINK_PASSWORD");
  auto* user = app.add_option("--user-id", user_id, "Your bot's user id; a real node asks for it")
                   ->type_name("ID")
                   ->check(check_id);
  auto* secure = app.add_flag("--secure", options.secure, "wss:// and https://")->needs(at_node);
  auto* ca_file = app.add_option("--ca-file", options.ca_file, "Authorities to trust instead of the system's")
                      ->type_name("FILE")
                      ->needs(secure)
                      ->check(check_file);
  auto* prefix = app.add_option("--path-prefix", options.path_prefix, "For a node behind a proxy: /lavalink")
                     ->type_name("PATH")
                     ->needs(at_node)
                     ->check([](const std::string& text) {
                       return text.empty() || text.front() == '/' ? "" : "it must begin with \"/\"";
                     });
  for (auto* option : {in_sandbox, at_node, password, user, secure, ca_file, prefix}) option->group("Node");

  auto* guild = app.add_option("--guild", guild_id, "The guild whose player this is")->type_name("ID")->check(check_id);
  auto* token = app.add_option("--voice-token", voice.token, "From Discord's VOICE_SERVER_UPDATE")->type_name("TEXT");
  auto* endpoint = app.add_option("--voice-endpoint", voice.endpoint, "From the same")->type_name("HOST");
  auto* session =
      app.add_option("--voice-session", voice.session_id, "From Discord's VOICE_STATE_UPDATE")->type_name("TEXT");
  auto* channel = app.add_option("--voice-channel", channel_id, "From the same")->type_name("ID")->check(check_id);
  for (auto* option : {token, endpoint, session, channel}) {
    for (auto* other : {guild, token, endpoint, session, channel}) {
      if (option != other) option->needs(other);
    }
  }
  for (auto* option : {guild, token, endpoint, session, channel}) {
    option->group("Voice (all five; without it a real node ends a track after a minute)");
  }

  app.add_option("--session", options.session_id, "Take up this session, kept earlier")
      ->type_name("ID")
      ->needs(at_node)
      ->group("Session");
  app.add_flag("--keep-session", options.keep_session, "Leave session and player on, for a minute")
      ->needs(at_node)
      ->group("Session");

  app.add_flag("--fast", options.fast, "The demo without its pauses for the eye")->group("Output and demo");
  app.add_option("--speed", options.speed, "How fast the sandbox's tracks play")
      ->type_name("X")
      ->check(CLI::Range(0.01, 1000.0).description(""))
      ->excludes(at_node)
      ->group("Output and demo");
  app.add_flag("--plain", options.plain, "Plain ASCII lines; NO_COLOR is respected too")->group("Output and demo");
  app.add_flag("--verbose", options.verbose, "The node's debug lines as well")->group("Output and demo");

  try {
    app.parse(argc, argv);
    if (*at_node && !*user) throw CLI::RequiredError("--user-id");
  } catch (const CLI::ParseError& error) {
    return app.exit(error, std::cout, std::cerr) == 0 ? 0 : 2;
  }

  if (*at_node) options.node = *parse_node_address(node);
  if (*user) options.user_id = *lavapp::Snowflake::parse(user_id);
  if (*guild) options.guild_id = *lavapp::Snowflake::parse(guild_id);
  if (*token) {
    voice.channel_id = lavapp::Snowflake::parse(channel_id);
    options.voice = std::move(voice);
  }
  if (argc == 1) options.words = {"demo"};
  return options;
}

}  // namespace console
