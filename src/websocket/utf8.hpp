// UTF-8 (RFC 3629), whole or in pieces.
#pragma once

#include <cstddef>
#include <string_view>

namespace lavapp::websocket {

bool valid_utf8(std::string_view text) noexcept;

/// Checks text that comes in pieces, and refuses it at the first byte that cannot belong to UTF-8.
class Utf8Checker {
 public:
  /// False once what came so far is the beginning of no UTF-8 text.
  bool feed(std::string_view piece) noexcept;
  /// The text is at its end. Begins anew afterwards.
  bool finish() noexcept;
  void reset() noexcept { held_ = 0; }

 private:
  char hold_[4] = {};  ///< A sequence cut by the end of the last piece.
  std::size_t held_ = 0;
};

}  // namespace lavapp::websocket
