// HttpHead: the bytes of an HTTP/1 head, put by until they can be looked at.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace lavapp::net {

/// Beast is given a head in two parts: its first line, and its fields with the empty line behind them. Given less, it
/// looks at the bytes sooner or later, and counts them or not, as they happen to be cut (Boost 1.74 and 1.81).
class HttpHead {
 public:
  /// Takes from `bytes` until a part is whole; returns whether it is.
  bool take(std::string_view& bytes) {
    while (!bytes.empty()) {
      const auto newline = bytes.find('\n');
      const bool line_ends = newline != bytes.npos;
      const auto piece = bytes.substr(0, line_ends ? newline + 1 : newline);
      bytes.remove_prefix(piece.size());
      part_ += piece;
      size_ += piece.size();
      line_is_empty_ = line_is_empty_ && piece.find_first_not_of("\r\n") == piece.npos;
      if (!line_ends) return false;
      if (in_first_line_ || line_is_empty_) return true;
      line_is_empty_ = true;
    }
    return false;
  }
  /// The part that is whole; the next one begins.
  std::string next() {
    in_first_line_ = false;
    line_is_empty_ = true;
    return std::exchange(part_, {});
  }
  /// Whether it begins as a response does, as far as it is there: what is something else may have no line's end.
  bool may_be_response() const {
    constexpr std::string_view start = "HTTP/1.";
    return !in_first_line_ || part_.compare(0, start.size(), start.substr(0, part_.size())) == 0;
  }
  /// Of all that was taken.
  std::size_t size() const { return size_; }

 private:
  std::string part_;
  std::size_t size_ = 0;
  bool in_first_line_ = true;
  bool line_is_empty_ = true;
};

}  // namespace lavapp::net
