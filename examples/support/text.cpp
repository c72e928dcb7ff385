#include "text.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace console {
namespace {

struct Range {
  char32_t first, last;
};

// Combining marks, joiners and variation selectors.
constexpr Range zero_width[] = {
    {0x300, 0x36F},   {0x483, 0x489},   {0x591, 0x5BD},   {0x5BF, 0x5BF},   {0x5C1, 0x5C2},   {0x5C4, 0x5C5},
    {0x610, 0x61A},   {0x64B, 0x65F},   {0x670, 0x670},   {0x6D6, 0x6DC},   {0x6DF, 0x6E4},   {0x900, 0x902},
    {0x93C, 0x93C},   {0x941, 0x948},   {0x94D, 0x94D},   {0xE31, 0xE31},   {0xE34, 0xE3A},   {0xE47, 0xE4E},
    {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x2069}, {0x20D0, 0x20FF},
    {0x302A, 0x302D}, {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0000, 0xE01EF}};

// East Asian wide and fullwidth, and what terminals show as emoji. https://www.unicode.org/reports/tr11/
constexpr Range double_width[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},   {0x23F0, 0x23F0},
    {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},   {0x2648, 0x2653},   {0x267F, 0x267F},
    {0x2693, 0x2693},   {0x26A1, 0x26A1},   {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},
    {0x26CE, 0x26CE},   {0x26D4, 0x26D4},   {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},
    {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},   {0x2728, 0x2728},
    {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},
    {0x27B0, 0x27B0},   {0x27BF, 0x27BF},   {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},
    {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0xA4CF},   {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE10, 0xFE19},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},   {0x16FE0, 0x18CFF}, {0x1B000, 0x1B2FF}, {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF},
    {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F7E0, 0x1F7EB},
    {0x1F900, 0x1F9FF}, {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD}};

template <std::size_t N>
bool contains(const Range (&ranges)[N], char32_t c) {
  const auto* range = std::lower_bound(std::begin(ranges), std::end(ranges), c,
                                       [](const Range& r, char32_t value) { return r.last < value; });
  return range != std::end(ranges) && range->first <= c;
}

constexpr char32_t broken = 0xFFFFFFFF;

/// One code point and its bytes; a byte that begins none is `broken` and one byte long.
struct CodePoint {
  char32_t value;
  std::size_t size;
};

CodePoint decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xC2 && lead < 0xE0   ? 2
                           : lead >= 0xE0 && lead < 0xF0 ? 3
                           : lead >= 0xF0 && lead < 0xF5 ? 4
                                                         : 0;
  if (size == 0 || text.size() < size) return {broken, 1};
  char32_t value = lead & (0x7Fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {broken, 1};
    value = (value << 6) | (byte(i) & 0x3Fu);
  }
  // Overlong forms, surrogates, and what lies beyond Unicode (RFC 3629 3).
  if ((size == 3 && value < 0x800) || (size == 4 && value < 0x10000) || (value >= 0xD800 && value <= 0xDFFF) ||
      value > 0x10FFFF) {
    return {broken, 1};
  }
  return {value, size};
}

std::size_t width_of(char32_t c) {
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return 0;
  if (c < 0x300 || c == broken) return 1;
  if (contains(zero_width, c)) return 0;
  return contains(double_width, c) ? 2 : 1;
}

/// Bytes of a colour sequence ("ESC [ ... m") at the front; 0 if there is none.
std::size_t colour_sequence(std::string_view text) {
  if (text.substr(0, 2) != "\x1b[") return 0;
  const auto end = text.find('m');
  return end == std::string_view::npos ? 0 : end + 1;
}

/// A character as people see it: a base, the marks on it, and what a zero width joiner ties to it.
CodePoint next_character(std::string_view text) {
  constexpr char32_t joiner = 0x200D;
  auto first = decode(text);
  CodePoint whole{static_cast<char32_t>(width_of(first.value)), first.size};  // value: the columns
  bool joined = false;
  while (whole.size < text.size()) {
    const auto next = decode(text.substr(whole.size));
    const auto width = width_of(next.value);
    const bool mark = width == 0 && next.value >= 0x300;
    if (!mark && !joined) break;
    joined = next.value == joiner;
    whole.value += static_cast<char32_t>(width);
    whole.size += next.size;
  }
  return whole;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    if (const auto skip = colour_sequence(text)) {
      text.remove_prefix(skip);
      continue;
    }
    const auto point = decode(text);
    width += width_of(point.value);
    text.remove_prefix(point.size);
  }
  return width;
}

std::string fit(std::string_view text, std::size_t width, std::string_view ellipsis) {
  if (display_width(text) <= width) return std::string(text);
  auto room = display_width(ellipsis);
  if (room > width) {
    ellipsis = {};
    room = 0;
  }
  std::string result;
  auto used = room;
  while (!text.empty()) {
    const auto character = next_character(text);
    if (used + character.value > width) break;
    used += character.value;
    result += text.substr(0, character.size);
    text.remove_prefix(character.size);
  }
  while (!result.empty() && result.back() == ' ') result.pop_back();
  return result.append(ellipsis);
}

std::string_view fit_end(std::string_view text, std::size_t width) {
  while (display_width(text) > width) text.remove_prefix(next_character(text).size);
  return text;
}

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto point = decode(text);
    const auto c = point.value;
    const bool turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F;
    if (c == broken) {
      result += "\xEF\xBF\xBD";
    } else if (c == '\n' || c == '\t' || c == '\r') {
      if (!result.empty() && result.back() != ' ') result += ' ';
    } else if (c >= 0x20 && c != 0x7F && !(c >= 0x80 && c < 0xA0) && !turns) {
      result += text.substr(0, point.size);
    }
    text.remove_prefix(point.size);
  }
  return result;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = fit(text.substr(0, end), width);
    auto& line = lines.back();
    const auto used = display_width(line);
    if (line.empty()) {
      line = word;
    } else if (used + 1 + display_width(word) <= width) {
      line.append(" ").append(word);
    } else {
      lines.push_back(word);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string pad(std::string text, std::size_t width) {
  const auto used = display_width(text);
  if (used < width) text.append(width - used, ' ');
  return text;
}

}  // namespace console
