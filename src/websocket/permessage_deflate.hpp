// The negotiation of permessage-deflate (RFC 7692 7.1): what a client offers, and which answers it accepts. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lavapp/core/result.hpp"
#include "lavapp/websocket.hpp"
#include "websocket/deflate.hpp"

namespace lavapp::websocket {

/// What both sides have agreed upon.
struct PermessageDeflate {
  DeflateParameters sending;    ///< The client's: for what we compress.
  DeflateParameters receiving;  ///< The server's.
};

/// What is wrong with the options, if anything is.
Result<void> check_compression(const CompressionOptions& options);

/// The value of Sec-WebSocket-Extensions; empty if nothing is offered.
std::string offer_extensions(const CompressionOptions& options);

/// Judges the Sec-WebSocket-Extensions of an answer, whose values stand in `fields` in their order. Nothing: no
/// compression was agreed upon.
/// Errors: `bad_handshake` for an extension or a parameter that was not offered, is there twice, or has a value that
/// RFC 7692 does not allow (7.1: the connection must be failed).
Result<std::optional<PermessageDeflate>> accept_extensions(const std::vector<std::string>& fields,
                                                           const CompressionOptions& offered);

}  // namespace lavapp::websocket
