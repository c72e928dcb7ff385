#include "shard_text.hpp"

#include <charconv>
#include <cstdint>

namespace console::gateway {
namespace {

/// All of `text` as a number.
bool read(std::string_view text, std::uint32_t& number) {
  const auto* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && last == end;
}

}  // namespace

lavapp::Result<lavapp::discord::Shard> parse_shard(std::string_view text) {
  lavapp::discord::Shard shard;
  const auto slash = text.find('/');
  if (slash != text.npos && read(text.substr(0, slash), shard.id) && read(text.substr(slash + 1), shard.count) &&
      shard.id < shard.count) {
    return shard;
  }
  return lavapp::Error(lavapp::Errc::invalid_argument,
                       "\"" + std::string(text) + "\" is no shard; write it as 0/4, the first less than the second");
}

std::string format_shard(const lavapp::discord::Shard& shard) {
  return std::to_string(shard.id) + "/" + std::to_string(shard.count);
}

}  // namespace console::gateway
