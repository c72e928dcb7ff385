#include "sandbox/target.hpp"

namespace lavapp::sandbox {
namespace {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 1 < text.size() ? hex(text[i + 1]) : -1, low = i + 2 < text.size() ? hex(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high << 4 | low);
      i += 2;
    }
  }
  return out;
}

template <class Each>
bool split(std::string_view text, char separator, Each each) {
  for (;;) {
    const auto end = text.find(separator);
    if (!each(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::optional<Target> Target::parse(std::string_view target) {
  Target result;
  const auto mark = target.find('?');
  result.path_ = target.substr(0, mark);
  const bool path_ok = split(result.path_, '/', [&](std::string_view part) {
    auto decoded = decode(part, false);
    if (decoded) result.parts_.push_back(*std::move(decoded));
    return decoded.has_value();
  });
  if (!path_ok) return std::nullopt;
  if (mark == std::string_view::npos) return result;
  const bool query_ok = split(target.substr(mark + 1), '&', [&](std::string_view pair) {
    const auto equals = pair.find('=');
    auto name = decode(pair.substr(0, equals), true);
    auto value = equals == std::string_view::npos ? std::string() : decode(pair.substr(equals + 1), true);
    if (!name || !value) return false;
    result.query_.emplace_back(*std::move(name), *std::move(value));
    return true;
  });
  return query_ok ? std::optional(std::move(result)) : std::nullopt;
}

std::optional<std::string> Target::parameter(std::string_view name) const {
  std::optional<std::string> found;
  for (const auto& [key, value] : query_) {
    if (key != name) continue;
    found = found ? *found + ',' + value : value;
  }
  return found;
}

}  // namespace lavapp::sandbox
