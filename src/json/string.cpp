#include "json/string.hpp"

#include <cstdint>

#include "core/unicode.hpp"

namespace lavapp::json {
namespace {

constexpr std::uint32_t replacement = 0xFFFD;

/// Four hexadecimal digits at the front of `text`, or -1.
std::int32_t code_unit(std::string_view text) {
  if (text.size() < 4) return -1;
  std::int32_t unit = 0;
  for (const char c : text.substr(0, 4)) {
    if (c >= '0' && c <= '9')
      unit = unit * 16 + (c - '0');
    else if (c >= 'a' && c <= 'f')
      unit = unit * 16 + (c - 'a' + 10);
    else if (c >= 'A' && c <= 'F')
      unit = unit * 16 + (c - 'A' + 10);
    else
      return -1;
  }
  return unit;
}

/// What a single letter after the backslash stands for; 0 if nothing.
char simple_escape(char letter) {
  switch (letter) {
    case '"':
      return '"';
    case '\\':
      return '\\';
    case '/':
      return '/';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

/// `text` begins behind "\u". Takes what it reads off the front.
bool unicode_escape(std::string_view& text, std::string& out) {
  const auto unit = code_unit(text);
  if (unit < 0) return false;
  text.remove_prefix(4);
  auto point = static_cast<std::uint32_t>(unit);
  const auto low = text.substr(0, 2) == "\\u" ? static_cast<std::uint32_t>(code_unit(text.substr(2))) : 0;
  if (is_high_surrogate(point) && is_low_surrogate(low)) {
    point = join_surrogates(point, low);
    text.remove_prefix(6);
  } else if (is_high_surrogate(point) || is_low_surrogate(point)) {
    point = replacement;
  }
  append_utf8(point, out);
  return true;
}

}  // namespace

bool unescape(std::string_view escaped, std::string& out) {
  out.clear();
  while (!escaped.empty()) {
    const auto plain = escaped.substr(0, escaped.find('\\'));
    out += plain;
    escaped.remove_prefix(plain.size());
    if (escaped.empty()) break;
    if (escaped.size() < 2) return false;
    const char letter = escaped[1];
    escaped.remove_prefix(2);
    if (letter == 'u') {
      if (!unicode_escape(escaped, out)) return false;
    } else if (const char meant = simple_escape(letter)) {
      out += meant;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace lavapp::json
