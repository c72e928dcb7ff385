#include "server.hpp"

#include <utility>  // before Asio: Boost 1.74 needs std::exchange in C++20

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "../certificate.hpp"
#include "../file_limit.hpp"
#include "encoder.hpp"
#include "payloads.hpp"

namespace bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;
using PlainStream = websocket::stream<tcp::socket>;
using TlsStream = websocket::stream<asio::ssl::stream<tcp::socket>>;

/// The cycle of events as frames, and where each ends. It ends with a restart, and so can be sent over and over.
struct Cycle {
  explicit Cycle(GatewayEncoder& encoder) {
    const auto events = gateway_events();
    for (std::size_t i = 0; i < events.size(); ++i) {
      encoder.append(frames, gateway_payload(events[i], i + 2), i + 1 == events.size());
      ends.push_back(frames.size());
    }
  }
  std::string frames;
  std::vector<std::size_t> ends;
};

/// Up to READY: what a client says that is no identify is not answered.
template <class Stream>
void greet(Stream& stream, GatewayEncoder& encoder) {
  stream.accept();
  std::string frames;
  encoder.append(frames, gateway_hello(), true);
  asio::write(stream.next_layer(), asio::buffer(frames));
  for (bool identified = false; !identified;) {
    beast::flat_buffer buffer;
    stream.read(buffer);
    identified = beast::buffers_to_string(buffer.data()).find("\"op\":2") != std::string::npos;
  }
  frames.clear();
  encoder.append(frames, gateway_ready(), true);
  asio::write(stream.next_layer(), asio::buffer(frames));
}

template <class Stream>
void until_gone(Stream& stream) {
  beast::flat_buffer rest;
  beast::error_code error;
  while (!error) {
    stream.read(rest, error);
    rest.consume(rest.size());
  }
}

void flood(PlainStream& stream, const Load& load) {
  GatewayEncoder encoder(load.layer);
  greet(stream, encoder);
  const Cycle cycle(encoder);
  constexpr std::size_t kWrite = 256 * 1024;
  for (auto left = load.messages; left > 0;) {
    const auto count = std::min<std::uint64_t>(left, cycle.ends.size());
    const auto size = cycle.ends[count - 1];
    for (std::size_t at = 0; at < size; at += kWrite) {
      asio::write(stream.next_layer(), asio::buffer(cycle.frames.data() + at, std::min(kWrite, size - at)));
    }
    left -= count;
  }
  until_gone(stream);
}

template <class Stream, class Accept>
void keep_shards(const Load& load, Accept&& accept) {
  std::vector<std::unique_ptr<Stream>> streams;
  while (streams.size() < load.messages) {
    streams.push_back(accept());
    GatewayEncoder encoder(load.layer);
    greet(*streams.back(), encoder);
  }
  until_gone(*streams.front());
}

}  // namespace

int serve_gateway(const Load& load) {
  raise_file_limit();
  asio::io_context context;
  tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  std::printf("%u\n", static_cast<unsigned>(acceptor.local_endpoint().port()));
  std::fflush(stdout);

  if (load.kind != Kind::gateway_idle) {
    auto socket = acceptor.accept();
    socket.set_option(tcp::no_delay(true));
    PlainStream stream(std::move(socket));
    flood(stream, load);
  } else if (load.layer != Layer::tls) {
    keep_shards<PlainStream>(load, [&] { return std::make_unique<PlainStream>(acceptor.accept()); });
  } else {
    asio::ssl::context tls(asio::ssl::context::tls_server);
    const auto identity = make_identity();
    tls.use_certificate_chain(asio::buffer(identity.certificate_pem));
    tls.use_private_key(asio::buffer(identity.private_key_pem), asio::ssl::context::pem);
    keep_shards<TlsStream>(load, [&] {
      auto stream = std::make_unique<TlsStream>(acceptor.accept(), tls);
      stream->next_layer().handshake(asio::ssl::stream_base::server);
      return stream;
    });
  }
  return 0;
}

}  // namespace bench
