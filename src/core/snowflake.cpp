#include "lavapp/core/snowflake.hpp"

#include <charconv>

namespace lavapp {

std::optional<Snowflake> Snowflake::parse(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || text.empty()) return {};
  return Snowflake(value);
}

std::string Snowflake::to_string() const { return std::to_string(value_); }

}  // namespace lavapp
