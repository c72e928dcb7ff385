#include "lavapp/core/snowflake.hpp"

#include <limits>

namespace lavapp {

std::optional<Snowflake> Snowflake::parse(std::string_view text) noexcept {
  if (text.empty()) return {};
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  constexpr std::size_t fits = std::numeric_limits<std::uint64_t>::digits10;  // so many digits, whatever they are
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = static_cast<unsigned char>(text[i] - '0');
    if (digit > 9 || (i >= fits && value > (most - digit) / 10)) return {};
    value = value * 10 + digit;
  }
  return Snowflake(value);
}

std::string Snowflake::to_string() const { return std::to_string(value_); }

}  // namespace lavapp
