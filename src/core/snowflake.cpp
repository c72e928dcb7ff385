#include "lavapp/core/snowflake.hpp"

#include <boost/endian/conversion.hpp>

#include <limits>

namespace lavapp {
namespace {

unsigned digit_of(char character) { return static_cast<unsigned char>(character - '0'); }

/// Eight digits, the first one in the lowest byte, added up in pairs. False if one of them is no digit.
bool eight_digits(const char* text, std::uint64_t& value) {
  auto bytes = boost::endian::load_little_u64(reinterpret_cast<const unsigned char*>(text));
  constexpr std::uint64_t each = 0x0101010101010101;
  bytes -= each * '0';  // what borrows from its neighbour has its highest bit set, as what is more than 127 has
  if (((bytes | (bytes + each * (127 - 9))) & each * 128) != 0) return false;
  bytes = (bytes * 10 + (bytes >> 8)) & 0x00ff00ff00ff00ff;
  bytes = (bytes * 100 + (bytes >> 16)) & 0x0000ffff0000ffff;
  value = (bytes * 10'000 + (bytes >> 32)) & 0xffffffff;
  return true;
}

}  // namespace

std::optional<Snowflake> Snowflake::parse(std::string_view text) noexcept {
  if (text.empty()) return {};
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t value = 0, eight = 0;
  for (int i = 0; i < 2 && text.size() >= 8; ++i, text.remove_prefix(8)) {  // ids have 17 to 20 digits, and 16 always fit
    if (!eight_digits(text.data(), eight)) return {};
    value = value * 100'000'000 + eight;
  }
  for (const char character : text) {
    const auto digit = digit_of(character);
    if (digit > 9 || value > (most - digit) / 10) return {};
    value = value * 10 + digit;
  }
  return Snowflake(value);
}

std::string Snowflake::to_string() const { return std::to_string(value_); }

}  // namespace lavapp
