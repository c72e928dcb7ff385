// Secret: text that goes to the gateway, and nowhere else.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace console::gateway {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  bool empty() const { return text_.empty(); }
  /// For the gateway.
  const std::string& reveal() const { return text_; }
  /// `text` without it: what the other end says is shown, and may repeat what it was told.
  std::string hidden_in(std::string text) const {
    constexpr std::string_view instead = "[hidden]";
    if (empty()) return text;
    for (auto at = text.find(text_); at != text.npos; at = text.find(text_, at + instead.size())) {
      text.replace(at, text_.size(), instead);
    }
    return text;
  }

 private:
  std::string text_;
};

}  // namespace console::gateway
