#include "load_server.hpp"

#include <utility>  // before Asio: Boost 1.74 needs std::exchange in C++20

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstdio>
#include <string>
#include <vector>

namespace bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using Stream = beast::websocket::stream<tcp::socket>;

/// An unmasked, unfragmented text frame (RFC 6455 5.2).
void append_text_frame(std::string& out, const std::string& payload) {
  const auto size = payload.size();
  const auto put = [&](std::uint64_t value) { out.push_back(static_cast<char>(value & 0xff)); };
  put(0x81);
  if (size < 126) {
    put(size);
  } else if (size < 65'536) {
    put(126), put(size >> 8), put(size);
  } else {
    put(127);
    for (int shift = 56; shift >= 0; shift -= 8) put(size >> shift);
  }
  out += payload;
}

/// Sends the cycle over and over in large writes, straight to the socket: the frames are made before the clock runs.
void flood(Stream& stream, const Load& load) {
  std::string frames;
  std::vector<std::size_t> ends;
  for (const auto& message : cycle(load)) {
    append_text_frame(frames, message);
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

}  // namespace

int serve(const Load& load) {
  asio::io_context context;
  tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  std::printf("%u\n", static_cast<unsigned>(acceptor.local_endpoint().port()));
  std::fflush(stdout);

  Stream stream(acceptor.accept());
  stream.next_layer().set_option(tcp::no_delay(true));
  stream.accept();
  if (load.kind == Kind::lavalink) {
    stream.text(true);
    stream.write(asio::buffer(std::string(R"({"op":"ready","resumed":false,"sessionId":"la3kfsdf5eafe848"})")));
  }
  if (load.kind == Kind::echo)
    echo(stream, load);
  else
    flood(stream, load);

  // Until the client has gone: it hangs up when it has counted everything.
  beast::flat_buffer rest;
  beast::error_code error;
  while (!error) {
    stream.read(rest, error);
    rest.consume(rest.size());
  }
  return 0;
}

}  // namespace bench
