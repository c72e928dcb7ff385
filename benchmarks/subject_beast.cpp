#include <utility>  // before Asio: Boost 1.74 needs std::exchange in C++20

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <cstdio>
#include <string>

#include "meter.hpp"
#include "subjects.hpp"

namespace bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;

class Client {
 public:
  Client(asio::io_context& context, const Load& load)
      : stream_(context), load_(load), meter_(load.messages), text_(load.size, 'x') {}

  void start(std::uint16_t port) {
    beast::get_lowest_layer(stream_).async_connect(
        tcp::endpoint(asio::ip::address_v4::loopback(), port),
        [this, port](beast::error_code error) { on_connected(error, port); });
  }
  bool finished() const { return finished_; }
  const Meter& meter() const { return meter_; }

 private:
  void on_connected(beast::error_code error, std::uint16_t port) {
    if (error) return fail(error);
    auto& lowest = beast::get_lowest_layer(stream_);
    lowest.socket().set_option(tcp::no_delay(true));
    lowest.expires_never();
    stream_.set_option(websocket::stream_base::timeout::suggested(beast::role_type::client));
    stream_.async_handshake("127.0.0.1:" + std::to_string(port), "/", [this](beast::error_code refused) {
      if (refused) return fail(refused);
      skip_ = load_.kind == Kind::lavalink;  // `ready` is not part of the load
      if (load_.kind == Kind::echo) send();
      read();
    });
  }
  void send() {
    stream_.text(true);
    stream_.async_write(asio::buffer(text_), [this](beast::error_code error, std::size_t) {
      if (error) fail(error);
    });
  }
  void read() {
    stream_.async_read(buffer_, [this](beast::error_code error, std::size_t size) {
      if (error) return fail(error);
      buffer_.consume(buffer_.size());
      if (std::exchange(skip_, false)) return read();
      finished_ = meter_.hit(size);
      if (finished_) return beast::get_lowest_layer(stream_).close();
      if (load_.kind == Kind::echo) send();
      read();
    });
  }
  void fail(beast::error_code error) {
    if (!finished_) std::fprintf(stderr, "beast: %s\n", error.message().c_str());
    beast::get_lowest_layer(stream_).close();
  }

  websocket::stream<beast::tcp_stream> stream_;
  Load load_;
  Meter meter_;
  std::string text_;
  beast::flat_buffer buffer_;
  bool skip_ = false, finished_ = false;
};

}  // namespace

int run_beast(const Load& load, std::uint16_t port) {
  asio::io_context context{1};
  Client client(context, load);
  client.start(port);
  context.run();
  if (!client.finished()) return 1;
  client.meter().report();
  return 0;
}

}  // namespace bench
