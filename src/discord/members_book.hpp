// MembersBook: collects the chunks that answer requests for members. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lavapp/core/result.hpp"
#include "lavapp/discord/members.hpp"

namespace lavapp::discord {

class MembersBook {
 public:
  /// At most as long as Discord hands a nonce back.
  static constexpr std::size_t kMaxNonce = 32;
  static constexpr std::size_t kMaxUserIds = 100;

  struct Begun {
    std::string nonce;
    std::string payload;  ///< op 8 as JSON text
  };
  /// Error: `invalid_argument` with the field's name.
  Result<Begun> begin(const MembersRequest& request);
  void forget(const std::string& nonce) { pending_.erase(nonce); }
  bool empty() const noexcept { return pending_.empty(); }

  struct Ended {
    std::string nonce;
    Result<Members> result;
  };
  /// \param d  of GUILD_MEMBERS_CHUNK, as JSON text. The answer, once it is whole. Chunks may come in any order, and twice.
  std::optional<Ended> chunk(std::string_view d);
  /// \param d  of RATE_LIMITED: `rate_limited` with retry_after for the request that it names
  std::optional<Ended> rate_limited(std::string_view d);

 private:
  struct Pending {
    Snowflake guild_id;
    std::map<int, Members> chunks;
  };
  std::map<std::string, Pending> pending_;
  std::uint64_t last_ = 0;
};

}  // namespace lavapp::discord
