#include "time_text.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>

namespace console {
namespace {

using Text = std::string_view;
constexpr std::int64_t longest = 1'000LL * 3'600'000;  // 1,000 hours in ms

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes a number with up to three decimals off the front of `text`, in thousandths.
std::optional<std::int64_t> take_number(Text& text) {
  std::int64_t value = 0;
  std::size_t i = 0;
  while (i < text.size() && is_digit(text[i])) {
    if (i == 10) return {};
    value = value * 10 + (text[i++] - '0');
  }
  if (i == 0) return {};
  value *= 1'000;
  if (i < text.size() && text[i] == '.') {
    const auto first = ++i;
    for (std::int64_t unit = 100; i < text.size() && is_digit(text[i]); unit /= 10) value += (text[i++] - '0') * unit;
    if (i == first) return {};
  }
  text.remove_prefix(i);
  return value;
}

/// "1:30", "1:02:03": whole parts, each but the first below 60; decimals in the last.
std::optional<std::int64_t> parse_clock(Text text) {
  std::int64_t total = 0;
  for (int parts = 1; parts <= 3; ++parts) {
    const auto colon = text.find(':');
    auto part = text.substr(0, colon);
    const bool last = colon == Text::npos;
    if (!last && part.find('.') != Text::npos) return {};
    const auto value = take_number(part);
    if (!value || !part.empty() || (parts > 1 && *value >= 60'000)) return {};
    total = total * 60 + *value;
    if (total > longest) return {};
    if (last) return total;
    text.remove_prefix(colon + 1);
  }
  return {};
}

/// "1h2m3s": units from large to small, each once; a number alone is seconds.
std::optional<std::int64_t> parse_units(Text text) {
  struct Unit {
    Text name;
    std::int64_t milliseconds;
  };
  static constexpr std::array<Unit, 4> units{{{"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
  std::int64_t total = 0;
  std::size_t next = 0;
  bool first = true;
  while (!text.empty()) {
    const auto value = take_number(text);
    if (!value) return {};
    if (text.empty() && first) return *value <= longest ? value : std::nullopt;
    std::size_t letters = 0;
    while (letters < text.size() && !is_digit(text[letters])) ++letters;
    while (next < units.size() && units[next].name != text.substr(0, letters)) ++next;
    if (next == units.size()) return {};
    const auto unit = units[next++].milliseconds;
    if (*value > longest * 1'000 / unit) return {};
    total += *value * unit / 1'000;
    if (total > longest) return {};
    text.remove_prefix(letters);
    first = false;
  }
  return first ? std::nullopt : std::optional(total);
}

template <class... Args>
std::string print(const char* format, Args... args) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, args...);
  return buffer.data();
}

}  // namespace

lavapp::Result<milliseconds> parse_time(Text text) {
  const auto time = text.find(':') != Text::npos ? parse_clock(text) : parse_units(text);
  if (time) return milliseconds(*time);
  return lavapp::Error(lavapp::Errc::invalid_argument,
                       "\"" + std::string(text) + "\" is no time; write it as 1:30, 90s, 1m30s or 1:02:03");
}

std::string format_time(milliseconds time) {
  const long long seconds = time.count() < 0 ? 0 : time.count() / 1'000;
  if (seconds < 3'600) return print("%lld:%02lld", seconds / 60, seconds % 60);
  return print("%lld:%02lld:%02lld", seconds / 3'600, seconds / 60 % 60, seconds % 60);
}

std::string format_latency(std::chrono::nanoseconds latency) {
  if (latency.count() <= 0) return "-";
  const double ms = static_cast<double>(latency.count()) / 1e6;
  return ms < 10 ? print("%.2f ms", ms) : print("%.0f ms", ms);
}

std::string format_span(milliseconds span) {
  const long long seconds = span.count() / 1'000;
  if (seconds < 60) return print("%.1f s", static_cast<double>(span.count()) / 1'000);
  if (seconds < 3'600) return print("%lld min %lld s", seconds / 60, seconds % 60);
  if (seconds < 86'400) return print("%lld h %lld min", seconds / 3'600, seconds / 60 % 60);
  return print("%lld d %lld h", seconds / 86'400, seconds / 3'600 % 24);
}

}  // namespace console
