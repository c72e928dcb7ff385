// Decompressor: the gateway's compressed transports, one context for a connection. Pure.
// https://discord.com/developers/docs/topics/gateway#transport-compression
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "discord/scratch.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/discord/gateway_options.hpp"

namespace lavapp::discord {

class Decompressor {
 public:
  virtual ~Decompressor() = default;
  /// Takes the payload of a binary message. True: `out` is a whole payload; false: more of it has to come. Error:
  /// `bad_payload`; nothing can be made of the stream any more.
  virtual Result<bool> feed(std::string_view bytes, ScratchBuffer& out) = 0;
};

/// \param limit  of what one payload may become, in bytes
/// Null for Compression::none.
std::unique_ptr<Decompressor> make_decompressor(Compression compression, std::size_t limit);

}  // namespace lavapp::discord
