// PayloadReader: op, s and t of a payload, and where its d is. Nothing else of it is read.
// https://discord.com/developers/docs/events/gateway-events#payload-structure
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "discord/scratch.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/core/snowflake.hpp"
#include "lavapp/discord/dispatch.hpp"
#include "lavapp/discord/gateway_options.hpp"

namespace lavapp::discord {

enum class Op : std::int64_t {
  dispatch = 0,
  heartbeat = 1,
  identify = 2,
  presence_update = 3,
  voice_state_update = 4,
  resume = 6,
  reconnect = 7,
  request_guild_members = 8,
  invalid_session = 9,
  hello = 10,
  heartbeat_ack = 11,
};

struct Payload {
  Op op = Op::dispatch;
  std::optional<std::uint64_t> s = {};
  std::string_view t = {};
  std::string_view d = {};  ///< JSON text, or a term; empty if there is none.
  /// The payload itself, if `d` has not been looked for: find_d() does.
  std::string_view unread = {};
};

/// Views are into what was read, or the reader, and valid as long as both are. All text has kPadding readable bytes behind it.
///
/// Discord puts `t`, `s` and `op` in front of `d`. An event of that shape is told by its front alone, and its `d` left unread:
/// whether that is JSON shows when somebody asks for it. Whatever looks otherwise is read to its end, and broken JSON refused.
class PayloadReader {
 public:
  static constexpr std::size_t kPadding = ScratchBuffer::kPadding;

  /// Error: `bad_payload`.
  Result<Payload> read(std::string_view payload, Encoding encoding);

 private:
  std::string t_;  ///< If it is not in the text as it is.
};

/// `d` of a payload in JSON; empty if there is none. Error: `bad_payload`.
Result<std::string_view> find_d(std::string_view payload);
/// `id` in `d` of a payload in JSON: of a guild. Nothing else of it is read. Error: `bad_payload`.
Result<Snowflake> find_id(std::string_view payload);

}  // namespace lavapp::discord
