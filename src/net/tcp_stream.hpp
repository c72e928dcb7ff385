// TcpStream: a ByteStream on a connected socket.
#pragma once

#include "core/asio_strand.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "net/byte_stream.hpp"

namespace lavapp::net {

/// Its handlers run on the strand by themselves: the strand is the socket's executor.
using TcpSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, detail::AsioStrand>;

std::shared_ptr<ByteStream> make_tcp_stream(const detail::Strand& strand, TcpSocket socket);

}  // namespace lavapp::net
