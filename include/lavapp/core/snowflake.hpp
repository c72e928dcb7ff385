// Snowflake: the id of a guild, user or channel.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace lavapp {

/// Discord's 64-bit id. It prints and parses as the decimal string that the wire uses.
/// https://discord.com/developers/docs/reference#snowflakes
class Snowflake {
 public:
  constexpr Snowflake() = default;
  /// From any integer, so that an id can be written as a literal; also from `dpp::snowflake` through its conversion.
  template <class Integer, class = std::enable_if_t<std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>>>
  constexpr Snowflake(Integer value) noexcept : value_(static_cast<std::uint64_t>(value)) {}

  /// From the decimal string; nothing if it is empty, too large for 64 bits or holds anything but digits.
  static std::optional<Snowflake> parse(std::string_view text) noexcept;

  constexpr std::uint64_t value() const noexcept { return value_; }
  std::string to_string() const;

  friend constexpr bool operator==(Snowflake a, Snowflake b) noexcept { return a.value_ == b.value_; }
  friend constexpr bool operator!=(Snowflake a, Snowflake b) noexcept { return a.value_ != b.value_; }
  friend constexpr bool operator<(Snowflake a, Snowflake b) noexcept { return a.value_ < b.value_; }

 private:
  std::uint64_t value_ = 0;
};

}  // namespace lavapp

template <>
struct std::hash<lavapp::Snowflake> {
  std::size_t operator()(lavapp::Snowflake id) const noexcept { return std::hash<std::uint64_t>()(id.value()); }
};
