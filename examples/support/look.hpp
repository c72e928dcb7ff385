// Look: what the output may use: colours, and characters beyond ASCII.
#pragma once

#include <string>
#include <string_view>

namespace console {

struct Look {
  bool colour = false;
  bool unicode = true;

  std::string bold(std::string_view text) const { return paint("1", text); }
  std::string dim(std::string_view text) const { return paint("2", text); }
  std::string red(std::string_view text) const { return paint("31", text); }
  std::string green(std::string_view text) const { return paint("32", text); }
  std::string yellow(std::string_view text) const { return paint("33", text); }
  std::string cyan(std::string_view text) const { return paint("36", text); }

  std::string_view dot() const { return unicode ? " · " : " - "; }
  std::string_view ellipsis() const { return unicode ? "…" : "..."; }
  std::string_view rule() const { return unicode ? "─" : "-"; }
  std::string good() const { return green(unicode ? "✓" : "ok"); }
  std::string bad() const { return red(unicode ? "✗" : "FAILED"); }
  std::string left_out() const { return dim(unicode ? "–" : "--"); }

 private:
  std::string paint(std::string_view code, std::string_view text) const {
    if (!colour || text.empty()) return std::string(text);
    return std::string("\x1b[").append(code).append("m").append(text).append("\x1b[0m");
  }
};

}  // namespace console
