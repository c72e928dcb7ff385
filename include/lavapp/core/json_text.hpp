// JsonText: a piece of JSON that is handed on as it came.
#pragma once

#include <string>
#include <utility>

namespace lavapp {

/// JSON as text, unparsed: `pluginInfo`, `userData`, plugin filters. It is exactly what the wire carried or will carry.
/// <lavapp/json.hpp> turns it into a `nlohmann::json` and back.
struct JsonText {
  std::string text = {};

  JsonText() = default;
  explicit JsonText(std::string json) : text(std::move(json)) {}
  bool empty() const noexcept { return text.empty(); }
  friend bool operator==(const JsonText& a, const JsonText& b) noexcept { return a.text == b.text; }
  friend bool operator!=(const JsonText& a, const JsonText& b) noexcept { return a.text != b.text; }
};

}  // namespace lavapp
