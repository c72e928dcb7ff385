#include "sandbox/coerce.hpp"

#include <charconv>
#include <cmath>
#include <limits>

namespace lavapp::sandbox {

std::optional<std::int64_t> to_int64(const Json& json) {
  if (json.is_number_unsigned()) {
    const auto value = json.get<std::uint64_t>();
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    return static_cast<std::int64_t>(value);
  }
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (!json.is_string()) return std::nullopt;
  const auto& text = json.get_ref<const std::string&>();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int32_t> to_int32(const Json& json) {
  const auto value = to_int64(json);
  if (!value || *value < std::numeric_limits<std::int32_t>::min() || *value > std::numeric_limits<std::int32_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::int32_t>(*value);
}

std::optional<double> to_double(const Json& json) {
  if (json.is_number()) return json.get<double>();
  if (!json.is_string()) return std::nullopt;
  const auto& text = json.get_ref<const std::string&>();
  // Not by std::from_chars, which not all standard libraries have for floats.
  const auto number = Json::parse(text, nullptr, false);
  return number.is_number() ? std::optional(number.get<double>()) : std::nullopt;
}

std::optional<double> to_float(const Json& json) {
  const auto wide = to_double(json);
  if (!wide || std::abs(*wide) > static_cast<double>(std::numeric_limits<float>::max())) return std::nullopt;
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, static_cast<float>(*wide)).ptr;
  return Json::parse(digits, end).get<double>();
}

std::optional<bool> to_bool(const Json& json) {
  if (json.is_boolean()) return json.get<bool>();
  if (json == "true") return true;
  if (json == "false") return false;
  return std::nullopt;
}

std::optional<std::string> to_text(const Json& json) {
  if (!json.is_string()) return std::nullopt;
  return json.get<std::string>();
}

}  // namespace lavapp::sandbox
