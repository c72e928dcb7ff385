#include "command.hpp"

#include <lavapp/lavalink/filter_presets.hpp>

#include <algorithm>
#include <charconv>

#include "time_text.hpp"

namespace console {
namespace {

using Words = std::vector<std::string>;
using lavapp::Errc;
using lavapp::Error;
using lavapp::Result;

Error wrong(std::string message) { return {Errc::invalid_argument, std::move(message)}; }

/// Everything after the command's name, as one text.
std::string rest_of(const Words& words) {
  std::string text;
  for (std::size_t i = 1; i < words.size(); ++i) text.append(i > 1 ? " " : "").append(words[i]);
  return text;
}

template <class T>
Result<Command> alone(const Words& words) {
  if (words.size() > 1) return wrong("\"" + words[0] + "\" takes nothing after it, but got \"" + rest_of(words) + "\"");
  return Command(T{});
}

template <class T>
Result<Command> with_identifier(const Words& words) {
  auto identifier = rest_of(words);
  if (identifier.empty()) {
    return wrong("\"" + words[0] +
                 "\" needs what to look for: a link, or a search such as ytsearch:never gonna give you up");
  }
  return Command(T{std::move(identifier)});
}

template <class T>
Result<Command> with_optional_time(const Words& words) {
  if (words.size() == 1) return Command(T{});
  if (words.size() > 2) return wrong("\"" + words[0] + "\" takes one time at most, such as 30s");
  auto time = parse_time(words[1]);
  if (!time) return time.error();
  return Command(T{*time});
}

Result<Command> seek(const Words& words) {
  if (words.size() != 2) return wrong("\"seek\" needs one time: 1:30, 90s, or +10s and -10s from here");
  using From = command::Seek::From;
  std::string_view text = words[1];
  auto from = From::start;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    from = text.front() == '+' ? From::forward : From::back;
    text.remove_prefix(1);
  }
  auto time = parse_time(text);
  if (!time) return time.error();
  return Command(command::Seek{*time, from});
}

Result<Command> volume(const Words& words) {
  int percent = -1;
  if (words.size() == 2) {
    std::string_view text = words[1];
    if (text.size() > 1 && text.back() == '%') text.remove_suffix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
    if (error != std::errc() || end != text.data() + text.size()) percent = -1;
  }
  if (percent < 0 || percent > 1000) return wrong("\"volume\" needs a number from 0 to 1000; 100 is normal");
  return Command(command::Volume{percent});
}

Result<Command> filter(const Words& words) {
  if (words.size() == 1 || (words.size() == 2 && words[1] == "list")) return Command(command::ListFilters{});
  if (words.size() > 2) return wrong("\"filter\" takes one name; \"filter list\" shows them");
  if (words[1] == "off") return Command(command::Filter{});
  const auto* preset = lavapp::lavalink::presets::find(words[1]);
  if (!preset) return wrong("there is no filter \"" + words[1] + "\"; \"filter list\" shows them");
  return Command(command::Filter{std::string(preset->name)});
}

struct Entry {
  std::string_view name;
  Result<Command> (*parse)(const Words&);
  CommandHelp help;
};

const std::vector<Entry>& entries() {
  using namespace command;
  static const std::vector<Entry> all = {
      {"demo", alone<Demo>, {"demo", "show the whole of it in a quarter of a minute"}},
      {"info", alone<Info>, {"info", "what the node is and can do"}},
      {"stats", alone<Stats>, {"stats", "how the node is doing"}},
      {"load", with_identifier<Load>, {"load IDENTIFIER", "look up a link or a search, and list what is found"}},
      {"play", with_identifier<Play>, {"play IDENTIFIER", "look up, and play the first; a playlist plays through"}},
      {"next", alone<Next>, {"next", "go on to the playlist's next track"}},
      {"pause", alone<Pause>, {"pause", "hold the track where it is"}},
      {"resume", alone<Resume>, {"resume", "go on"}},
      {"seek", seek, {"seek TIME", "go to 1:30, 90s, 1m30s; +10s and -10s from here"}},
      {"volume", volume, {"volume 0-1000", "in percent; 100 is normal"}},
      {"filter", filter, {"filter NAME|list|off", "nightcore, bassboost, 8d, karaoke, tremolo, ..."}},
      {"stop", alone<Stop>, {"stop", "end the track"}},
      {"watch", with_optional_time<Watch>, {"watch [TIME]", "show the node's events as they come"}},
      {"wait", with_optional_time<Wait>, {"wait [TIME]", "until the track has ended, or so long; for scripts"}},
      {"prompt", alone<Prompt>, {"prompt", "type commands; or read them from a pipe"}},
      {"help", alone<Help>, {"help", "this list"}},
      {"quit", alone<Quit>, {"quit", "leave; so do Ctrl-C and Ctrl-D"}},
  };
  return all;
}

}  // namespace

Result<Command> parse_command(const Words& words) {
  if (words.empty()) return wrong("there is no command; try \"help\"");
  auto name = words[0];
  if (name == "exit") name = "quit";
  const auto found = std::find_if(entries().begin(), entries().end(), [&](const Entry& e) { return e.name == name; });
  if (found == entries().end()) return wrong("there is no command \"" + words[0] + "\"; try \"help\"");
  return found->parse(words);
}

Words split_words(std::string_view line) {
  Words words;
  constexpr std::string_view space = " \t\r\n";
  for (auto begin = line.find_first_not_of(space); begin != line.npos; begin = line.find_first_not_of(space, begin)) {
    const auto end = std::min(line.find_first_of(space, begin), line.size());
    words.emplace_back(line.substr(begin, end - begin));
    begin = end;
  }
  return words;
}

const std::vector<CommandHelp>& command_help() {
  static const std::vector<CommandHelp> all = [] {
    std::vector<CommandHelp> help;
    for (const auto& entry : entries()) help.push_back(entry.help);
    return help;
  }();
  return all;
}

}  // namespace console
