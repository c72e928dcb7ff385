#include "event_log.hpp"

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
  const auto text = columns == 0 ? event.text : fit(event.text, columns > taken ? columns - taken : 0, look.ellipsis());
  screen_.line(look.dim(stamp) + (matters == Tell::trouble ? look.yellow(name) : look.cyan(name)) + "  " + text);
}

}  // namespace console
