#include "screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "text.hpp"

namespace console {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// Whether the locale, where one is set at all, is in UTF-8.
bool speaks_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = environment(name);
    if (value.empty()) continue;
    return value.find("UTF-8") != value.npos || value.find("utf8") != value.npos || value.find("UTF8") != value.npos ||
           value.find("utf-8") != value.npos;
  }
  return true;  // nothing said: terminals are in UTF-8 today
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) return;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

Screen::Screen(bool plain) {
  const auto term = environment("TERM");
  redraws_ = !plain && ::isatty(STDOUT_FILENO) == 1 && !term.empty() && term != "dumb";
  look_.colour = redraws_ && environment("NO_COLOR").empty();  // https://no-color.org
  look_.unicode = !plain && speaks_utf8();
}

std::size_t Screen::columns() const {
  if (!redraws_) return 0;
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void Screen::line(std::string_view text) {
  write_all(STDOUT_FILENO, erasing().append(text).append("\n").append(drawing()));
}

void Screen::error(std::string_view text) {
  write_all(STDOUT_FILENO, erasing());
  const bool coloured = look_.colour && ::isatty(STDERR_FILENO) == 1;
  write_all(STDERR_FILENO,
            (coloured ? look_.red("error:") : std::string("error:")).append(" ").append(text).append("\n"));
  write_all(STDOUT_FILENO, drawing());
}

void Screen::live(std::vector<std::string> lines, std::optional<std::size_t> cursor) {
  if (!redraws_ || (lines == live_ && cursor == cursor_)) return;
  auto output = erasing();
  live_ = std::move(lines);
  cursor_ = cursor;
  write_all(STDOUT_FILENO, output + drawing());
}

void Screen::redraw() { write_all(STDOUT_FILENO, erasing() + drawing()); }

/// Goes up to where the live lines begin, and clears from there. A terminal that has become narrower has broken them
/// into more rows.
std::string Screen::erasing() const {
  if (live_.empty()) return {};
  const auto width = std::max<std::size_t>(columns(), 1);
  std::size_t rows = 0;
  for (const auto& line : live_) rows += std::max<std::size_t>((display_width(line) + width - 1) / width, 1);
  std::string output = "\r";
  if (rows > 1) output += "\x1b[" + std::to_string(rows - 1) + "A";
  return output + "\x1b[J" + "\x1b[?25h";
}

std::string Screen::drawing() const {
  if (live_.empty()) return {};
  std::string output = cursor_ ? "" : "\x1b[?25l";
  for (std::size_t i = 0; i < live_.size(); ++i) output.append(i ? "\n" : "").append(live_[i]);
  if (cursor_) output += *cursor_ ? "\r\x1b[" + std::to_string(*cursor_) + "C" : "\r";
  return output;
}

}  // namespace console
