// open_tunnel: the talk with a proxy, over a stream to it.
#pragma once

#include "net/byte_stream.hpp"
#include "net/proxy.hpp"

namespace lavapp::net {

/// `done` runs once, on the strand and never inside the call, with the stream, which now leads to `host` and `port`, or with
/// why it does not. There is no time limit: closing the stream ends it.
/// Errors: those of ProxyTalk; `connection_lost`.
void open_tunnel(std::shared_ptr<ByteStream> stream, const Proxy& proxy, const std::string& host, std::uint16_t port,
                 Dialer::Done done);

}  // namespace lavapp::net
