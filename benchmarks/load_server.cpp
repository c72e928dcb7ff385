#include "load_server.hpp"

#include <utility>  // before Asio: Boost 1.74 needs std::exchange in C++20

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <zlib.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "certificate.hpp"
#include "file_limit.hpp"
#include "frame.hpp"
#include "gateway/server.hpp"

namespace bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;
using PlainStream = websocket::stream<tcp::socket>;
using TlsStream = websocket::stream<asio::ssl::stream<tcp::socket>>;

/// RFC 7692 7.2.1, each message for itself.
std::string deflated(const std::string& text) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::runtime_error("zlib");
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())) + 16, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_SYNC_FLUSH);
  out.resize(out.size() - stream.avail_out - 4);
  deflateEnd(&stream);
  return out;
}

/// Sends the cycle over and over in large writes, beneath the WebSocket stream: the frames are made before the clock runs.
template <class Stream>
void flood(Stream& stream, const Load& load) {
  const bool compressed = load.layer == Layer::deflate;
  std::string frames;
  std::vector<std::size_t> ends;
  for (const auto& message : cycle(load)) {
    append_frame(frames, compressed ? FirstByte::compressed_text : FirstByte::text, compressed ? deflated(message) : message);
    ends.push_back(frames.size());
  }
  constexpr std::size_t kWrite = 128 * 1024;
  auto left = load.messages;
  while (left > 0) {
    const auto count = std::min<std::uint64_t>(left, ends.size());
    const auto size = ends[count - 1];
    for (std::size_t at = 0; at < size; at += kWrite) {
      asio::write(stream.next_layer(), asio::buffer(frames.data() + at, std::min(kWrite, size - at)));
    }
    left -= count;
  }
}

/// A track for each player at once, then the updates, a hundredth of them at a time.
template <class Stream>
void play(Stream& stream, const Load& load) {
  constexpr std::uint64_t kSteps = 100;
  const auto messages = cycle(load);
  const auto send = [&](std::uint64_t first, std::uint64_t last) {
    std::string frames;
    for (auto i = first; i < last; ++i) append_frame(frames, FirstByte::text, messages[i]);
    asio::write(stream.next_layer(), asio::buffer(frames));
  };
  send(0, load.messages);
  asio::steady_timer timer(stream.get_executor(), std::chrono::seconds(1));  // so that the tracks are not part of what follows
  for (std::uint64_t step = 0; step < kSteps; ++step) {
    timer.wait();
    send(load.messages + load.messages * step / kSteps, load.messages + load.messages * (step + 1) / kSteps);
    timer.expires_at(timer.expiry() + std::chrono::milliseconds(kUpdateSeconds * 1'000 / kSteps));
  }
}

template <class Stream>
void echo(Stream& stream, const Load& load) {
  stream.auto_fragment(false);
  stream.write_buffer_bytes(256 * 1024);
  stream.text(true);
  beast::flat_buffer buffer;
  for (std::uint64_t i = 0; i < load.messages; ++i) {
    stream.read(buffer);
    stream.write(buffer.data());
    buffer.consume(buffer.size());
  }
}

template <class Stream>
void talk(Stream& stream, const Load& load) {
  if (load.layer == Layer::deflate) {
    websocket::permessage_deflate deflate;
    deflate.server_enable = true;
    deflate.server_no_context_takeover = true;  // so that one compressed cycle serves for all
    stream.set_option(deflate);
  }
  stream.accept();
  if (load.kind == Kind::lavalink || load.kind == Kind::players) {
    stream.text(true);
    stream.write(asio::buffer(std::string(R"({"op":"ready","resumed":false,"sessionId":"la3kfsdf5eafe848"})")));
  }
  if (load.kind == Kind::echo)
    echo(stream, load);
  else if (load.kind == Kind::players)
    play(stream, load);
  else
    flood(stream, load);

  // Until the client has gone: it hangs up when it has counted everything.
  beast::flat_buffer rest;
  beast::error_code error;
  while (!error) {
    stream.read(rest, error);
    rest.consume(rest.size());
  }
}

/// Accepts all, and keeps them until the first has gone.
void keep_idle(tcp::acceptor& acceptor, const Load& load) {
  std::vector<std::unique_ptr<PlainStream>> streams;
  while (streams.size() < load.messages) {
    streams.push_back(std::make_unique<PlainStream>(acceptor.accept()));
    streams.back()->accept();
  }
  beast::flat_buffer rest;
  beast::error_code error;
  while (!error) streams.front()->read(rest, error);
}

}  // namespace

int serve(const Load& load) {
  if (is_gateway(load.kind)) return serve_gateway(load);
  raise_file_limit();
  asio::io_context context;
  tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  std::printf("%u\n", static_cast<unsigned>(acceptor.local_endpoint().port()));
  std::fflush(stdout);

  if (load.kind == Kind::idle) return keep_idle(acceptor, load), 0;
  auto socket = acceptor.accept();
  socket.set_option(tcp::no_delay(true));
  if (load.layer != Layer::tls) {
    PlainStream stream(std::move(socket));
    return talk(stream, load), 0;
  }
  asio::ssl::context tls(asio::ssl::context::tls_server);
  const auto identity = make_identity();
  tls.use_certificate_chain(asio::buffer(identity.certificate_pem));
  tls.use_private_key(asio::buffer(identity.private_key_pem), asio::ssl::context::pem);
  TlsStream stream(std::move(socket), tls);
  stream.next_layer().handshake(asio::ssl::stream_base::server);
  return talk(stream, load), 0;
}

}  // namespace bench
