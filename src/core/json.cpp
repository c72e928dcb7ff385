#include "lavapp/json.hpp"

#include <nlohmann/json.hpp>

namespace lavapp {

nlohmann::json parse(const JsonText& text) {
  if (text.empty()) return nullptr;
  auto value = nlohmann::json::parse(text.text, nullptr, false);
  if (value.is_discarded()) throw Exception(Error(Errc::invalid_argument, "the text is no JSON"));
  return value;
}

JsonText to_json_text(const nlohmann::json& value) { return JsonText(value.dump()); }

}  // namespace lavapp
