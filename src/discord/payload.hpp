// PayloadReader: op, s and t of a payload, and where its d is. Nothing else of it is read.
// https://discord.com/developers/docs/events/gateway-events#payload-structure
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "discord/scratch.hpp"
#include "lavapp/core/result.hpp"
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
  std::optional<std::uint64_t> s;
  std::string_view t;
  std::string_view d;  ///< JSON text, or a term; empty if there is none.
};

/// Views are into what was read, and valid as long as that is.
class PayloadReader {
 public:
  PayloadReader();
  ~PayloadReader();
  /// \param bytes  with ScratchBuffer::kPadding behind them
  Result<Payload> read(const ScratchBuffer& bytes, Encoding encoding);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lavapp::discord
