// TLS over any ByteStream.
#pragma once

#include "net/byte_stream.hpp"
#include "net/tls_context.hpp"

namespace lavapp::net {

/// Shakes hands on `beneath`. `done` runs once, on the strand and never inside the call, with the secured stream or why
/// there is none; `beneath` is closed then. There is no time limit: closing `beneath` ends it.
/// \param pins  which public keys the peer may have
/// Errors: `certificate_rejected` with the reason in words, `tls_failed` with the cause.
void shake_hands(const detail::Strand& strand, std::shared_ptr<ByteStream> beneath, TlsSession session,
                 Dialer::Done done, KeyPins pins = KeyPins());

}  // namespace lavapp::net
