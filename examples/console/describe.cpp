#include "describe.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "table.hpp"
#include "text.hpp"
#include "time_text.hpp"
#include "words.hpp"

namespace console {
namespace {

const Look plain{.colour = false, .unicode = false};

std::string megabytes(std::int64_t bytes) { return std::to_string(bytes / (1024 * 1024)) + " MB"; }

std::string percent(double part) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.0f %%", part * 100);
  return text.data();
}

std::string players(const lavapp::Stats& stats) {
  return count(stats.players, "player") + ", " + std::to_string(stats.playing_players) + " playing";
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text.append(text.empty() ? "" : ", ").append(printable(word));
  return text.empty() ? "none" : text;
}

}  // namespace

std::string name_of(const lavapp::Track& track, const Look& look) {
  auto name = printable(track.info.title);
  if (!track.info.author.empty()) name.append(look.dot()).append(printable(track.info.author));
  return name;
}

std::string length_of(const lavapp::TrackInfo& info) { return info.is_stream ? "live" : format_time(info.length); }

std::string reason_of(const lavapp::TrackException& exception) {
  std::string text = printable(exception.message.value_or(""));
  const auto cause = printable(exception.cause);
  if (text.empty()) return cause.empty() ? "no reason given" : cause;
  if (!cause.empty() && cause.find(text) == cause.npos) text += " (" + cause + ")";
  return text;
}

EventText describe(const lavapp::Ready& event) {
  return {"ready", "session " + printable(event.session_id) + (event.resumed ? ", resumed" : ", new")};
}
EventText describe(const lavapp::StatsUpdate& event) {
  const auto& stats = event.stats;
  return {"stats",
          players(stats) + ", CPU " + percent(stats.cpu.system_load) + ", memory " + megabytes(stats.memory.used)};
}
EventText describe(const lavapp::PlayerUpdate& event) {
  return {"playerUpdate", "guild " + event.guild_id.to_string() + " at " + format_time(event.state.position) +
                              (event.state.connected ? ", voice connected" : ", no voice")};
}
EventText describe(const lavapp::TrackStart& event) { return {"TrackStartEvent", name_of(event.track, plain)}; }
EventText describe(const lavapp::TrackEnd& event) {
  return {"TrackEndEvent", name_of(event.track, plain) + ": " + printable(event.reason.text)};
}
EventText describe(const lavapp::TrackFailed& event) {
  return {"TrackExceptionEvent", name_of(event.track, plain) + ": " + reason_of(event.exception)};
}
EventText describe(const lavapp::TrackStuck& event) {
  return {"TrackStuckEvent", name_of(event.track, plain) + ": no audio for " + format_span(event.threshold)};
}
EventText describe(const lavapp::VoiceClosed& event) {
  auto text = "code " + std::to_string(event.code) + (event.by_remote ? " by Discord" : " by the node");
  if (!event.reason.empty()) text += ": " + printable(event.reason);
  return {"WebSocketClosedEvent", std::move(text)};
}
EventText describe(const lavapp::UnknownMessage& event) {
  return {"unknown", printable(event.op + (event.type.empty() ? "" : " " + event.type))};
}
EventText describe(const lavapp::StateChange& event) {
  std::string text(to_string(event.to));
  if (!event.reason.empty()) text += ": " + printable(event.reason);
  return {"state", std::move(text)};
}
EventText describe(const lavapp::Reconnecting& event) {
  return {"reconnecting", "attempt " + std::to_string(event.attempt) + " in " + format_span(event.delay) + ": " +
                              printable(event.reason.what())};
}
EventText describe(const lavapp::Error& event) { return {"error", printable(event.what())}; }
EventText describe(const lavapp::Warning& event) { return {"warning", printable(event.error.what())}; }

std::vector<std::string> info_lines(const lavapp::Info& info, std::size_t columns, const Look& look) {
  std::vector<std::string> plugins;
  for (const auto& plugin : info.plugins) plugins.push_back(plugin.name + " " + plugin.version);
  return Table(columns, look)
      .row("Lavalink", printable(info.version.semver))
      .row("commit", printable(info.git.commit + " on " + info.git.branch))
      .row("JVM", printable(info.jvm))
      .row("Lavaplayer", printable(info.lavaplayer))
      .row("sources", join(info.source_managers))
      .row("filters", join(info.filters))
      .row("plugins", join(plugins))
      .lines();
}

std::vector<std::string> stats_lines(const lavapp::Stats& stats, std::size_t columns, const Look& look) {
  Table table(columns, look);
  table.row("players", std::to_string(stats.players) + ", " + std::to_string(stats.playing_players) + " playing")
      .row("uptime", format_span(stats.uptime))
      .row("CPU", count(stats.cpu.cores, "core") + ", system " + percent(stats.cpu.system_load) + ", Lavalink " +
                      percent(stats.cpu.lavalink_load))
      .row("memory", megabytes(stats.memory.used) + " used of " + megabytes(stats.memory.reservable));
  if (const auto& frames = stats.frame_stats) {
    table.row("frames", std::to_string(frames->sent) + " sent, " + std::to_string(frames->nulled) + " nulled, " +
                            std::to_string(frames->deficit) + " missing");
  }
  return table.lines();
}

std::vector<std::string> track_lines(lavapp::TrackSpan tracks, std::size_t limit, std::size_t columns,
                                     const Look& look) {
  std::vector<std::string> lines;
  const auto shown = std::min(limit, tracks.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& info = tracks[i].info;
    const auto number = pad(std::to_string(i + 1) + ".", shown < 10 ? 3 : 4);
    const auto length = length_of(info);
    const auto taken = 2 + number.size() + 2 + length.size() + 1;
    const auto name = name_of(tracks[i], look);
    const auto room = columns == 0 ? 60 : columns > taken ? columns - taken : 0;
    const auto title = fit(printable(info.title), room, look.ellipsis());
    const auto author =
        fit(std::string_view(name).substr(printable(info.title).size()), room - display_width(title), "");
    const bool whole = display_width(name) <= room;
    lines.push_back("  " + look.dim(number) +
                    pad(title + look.dim(whole ? author : std::string()), std::min<std::size_t>(room, 60)) + "  " +
                    look.dim(length));
  }
  if (tracks.size() > shown) {
    lines.push_back("  " +
                    look.dim(std::string(look.ellipsis()) + " and " + std::to_string(tracks.size() - shown) + " more"));
  }
  return lines;
}

}  // namespace console
