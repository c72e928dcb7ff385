#include "now_playing.hpp"

#include <algorithm>
#include <cmath>

#include "text.hpp"
#include "time_text.hpp"

namespace console {
namespace {

std::string_view icon(PlayStatus status, const Look& look) {
  switch (status) {
    case PlayStatus::playing:
      return look.unicode ? "▶" : ">";
    case PlayStatus::paused:
      return look.unicode ? "‖" : "=";
    case PlayStatus::stuck:
      return "!";
    case PlayStatus::reconnecting:
      return look.unicode ? "↻" : "~";
    case PlayStatus::nothing:
      break;
  }
  return look.unicode ? "■" : ".";
}

std::string paint(PlayStatus status, std::string_view text, const Look& look) {
  switch (status) {
    case PlayStatus::playing:
      return look.green(text);
    case PlayStatus::nothing:
      return look.dim(text);
    default:
      return look.yellow(text);
  }
}

double fraction(const NowPlaying& now) {
  if (now.length.count() <= 0) return 0;
  return std::clamp(static_cast<double>(now.position.count()) / static_cast<double>(now.length.count()), 0.0, 1.0);
}

/// What is out of the ordinary: " · volume 50 · nightcore".
std::string extras(const NowPlaying& now, const Look& look) {
  std::string text;
  if (now.volume != 100) text.append(look.dot()).append("volume ").append(std::to_string(now.volume));
  if (!now.filter.empty()) text.append(look.dot()).append(now.filter);
  return text;
}

std::string title_line(const NowPlaying& now, std::size_t width, const Look& look) {
  const std::string state(to_string(now.status));
  const auto latency = now.latency.count() > 0 ? std::string(look.dot()) + format_latency(now.latency) : std::string();
  constexpr std::size_t icon_width = 2, gap = 2, enough_title = 24;
  // The right side: state and latency, or state alone, or nothing, so that the title keeps enough room.
  std::string right = state + latency;
  for (const auto& shorter : {state, std::string()}) {
    if (right.empty() || width >= icon_width + enough_title + gap + display_width(right)) break;
    right = shorter;
  }
  const auto taken = icon_width + (right.empty() ? 0 : gap + display_width(right));
  const auto room = width > taken ? width - taken : 0;
  auto title = fit(printable(now.title), room, look.ellipsis());
  const auto author = now.author.empty() ? std::string() : std::string(look.dot()) + printable(now.author);
  const auto left = display_width(title);
  std::string by;
  if (!author.empty() && left + 8 <= room) by = fit(author, room - left, look.ellipsis());
  const auto used = left + display_width(by);

  std::string line = paint(now.status, icon(now.status, look), look) + " " + look.bold(title) + look.dim(by);
  if (right.empty()) return line;
  line.append(room - used + gap, ' ');
  line += paint(now.status, right.substr(0, state.size()), look);
  return line + look.dim(right.substr(state.size()));
}

std::string bar_line(const NowPlaying& now, std::size_t width, const Look& look) {
  const auto position = now.is_stream ? std::string() : format_time(now.position) + " ";
  const auto length = now.is_stream ? std::string("live") : format_time(now.length);
  auto more = extras(now, look);
  const auto times = 2 + position.size() + 1 + length.size();
  if (width < times + 24 + display_width(more)) more.clear();
  const auto taken = times + display_width(more);
  if (width < taken + 3) return fit("  " + (now.is_stream ? length : position + "/ " + length), width, "");
  return "  " + position + bar(now.is_stream ? 1.0 : fraction(now), width - taken, look) + " " + length + look.dim(more);
}

}  // namespace

std::string_view to_string(PlayStatus status) {
  switch (status) {
    case PlayStatus::nothing:
      return "stopped";
    case PlayStatus::playing:
      return "playing";
    case PlayStatus::paused:
      return "paused";
    case PlayStatus::stuck:
      return "stuck";
    case PlayStatus::reconnecting:
      return "reconnecting";
  }
  return "";
}

std::string bar(double fraction, std::size_t width, const Look& look) {
  if (width == 0) return {};
  const auto last = static_cast<double>(width - 1);
  const auto head = static_cast<std::size_t>(std::lround(std::clamp(fraction, 0.0, 1.0) * last));
  std::string before, after;
  for (std::size_t i = 0; i < head; ++i) before += look.unicode ? "━" : "=";
  for (std::size_t i = head + 1; i < width; ++i) after += look.unicode ? "─" : "-";
  return look.cyan(before + (look.unicode ? "●" : ">")) + look.dim(after);
}

std::vector<std::string> render(const NowPlaying& now, std::size_t columns, const Look& look) {
  if (now.status == PlayStatus::nothing || columns < 3) return {};
  return {title_line(now, columns - 1, look), bar_line(now, columns - 1, look)};
}

std::string plain_line(const NowPlaying& now, const Look& look) {
  std::string line = pad(std::string(to_string(now.status)), 7) + " ";
  if (now.status == PlayStatus::nothing) return std::string(to_string(now.status));
  line += "[" + bar(now.is_stream ? 1.0 : fraction(now), 20, look) + "] ";
  line += now.is_stream ? "live" : format_time(now.position) + " / " + format_time(now.length);
  line += "  ";
  line += printable(now.title);
  if (!now.author.empty()) line.append(look.dot()).append(printable(now.author));
  line += extras(now, look);
  if (now.latency.count() > 0) line.append(look.dot()).append("latency ").append(format_latency(now.latency));
  return line;
}

}  // namespace console
