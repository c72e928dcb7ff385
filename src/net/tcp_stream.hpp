// A ByteStream on a connected socket: of TCP, or of the Unix domain where there is one.
#pragma once

#include "core/asio_strand.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "net/byte_stream.hpp"

namespace lavapp::net {

/// Its handlers run on the strand by themselves: the strand is the socket's executor.
using TcpSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, detail::AsioStrand>;

std::shared_ptr<ByteStream> make_tcp_stream(const detail::Strand& strand, TcpSocket socket);

#if defined(BOOST_ASIO_HAS_LOCAL_SOCKETS)
using LocalSocket = boost::asio::basic_stream_socket<boost::asio::local::stream_protocol, detail::AsioStrand>;
std::shared_ptr<ByteStream> make_local_stream(const detail::Strand& strand, LocalSocket socket);
#endif

}  // namespace lavapp::net
