// TLS over any ByteStream.
#pragma once

#include "net/byte_stream.hpp"

namespace lavapp::net {

/// Shakes hands as a client on `beneath`. `done` runs on the strand, never inside the call, once; it holds the secured
/// stream or why there is none. There is no time limit: closing `beneath` ends it.
void start_tls_client(const detail::Strand& strand, std::shared_ptr<ByteStream> beneath, const std::string& host,
                      const TlsOptions& options, Dialer::Done done);

}  // namespace lavapp::net
