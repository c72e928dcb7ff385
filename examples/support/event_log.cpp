#include "event_log.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "text.hpp"

namespace console {
namespace {

/// "12:43:07.120", local time.
std::string time_of_day() {
  const auto now = std::chrono::system_clock::now();
  const auto seconds = std::chrono::system_clock::to_time_t(now);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1'000;
  std::tm local{};
  ::localtime_r(&seconds, &local);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%02d:%02d:%02d.%03d", local.tm_hour, local.tm_min, local.tm_sec,
                static_cast<int>(ms));
  return text.data();
}

}  // namespace

void EventLog::add(Tell matters, const EventText& event) {
  if (matters > level_) return;
  const auto& look = screen_.look();
  const auto columns = screen_.columns();
  const auto stamp = stamps_ ? time_of_day() + "  " : std::string(look.unicode ? "    · " : "    - ");
  const bool narrow = columns != 0 && columns < 72;
  const auto name = stamps_ && !narrow ? pad(event.name, 20) : event.name;
  const auto taken = display_width(stamp) + display_width(name) + 2;
  const bool trouble = matters == Tell::trouble;
  auto begin = look.dim(stamp) + (trouble ? look.yellow(name) : look.cyan(name)) + "  ";
  if (columns == 0) return screen_.line(begin + event.text);
  const auto room = columns > taken ? columns - taken : 0;
  if (!trouble) return screen_.line(begin + fit(event.text, room, look.ellipsis()));
  // Trouble is told to its end. The first line has the name in it, what follows is set back a little.
  constexpr std::size_t least = 20, set_back = 6;
  auto lines = wrap(event.text, room >= least ? room : columns - 1 - std::min(set_back, columns - 1));
  if (room < least) lines.insert(lines.begin(), std::string());
  for (const auto& line : lines) {
    screen_.line(begin + line);
    begin.assign(room >= least ? taken - 1 : set_back, ' ');
  }
}

}  // namespace console
