#include <utility>  // before Asio: Boost 1.74 needs std::exchange in C++20

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "file_limit.hpp"
#include "meter.hpp"
#include "subjects.hpp"

namespace bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;
using PlainStream = websocket::stream<beast::tcp_stream>;
using TlsStream = websocket::stream<beast::ssl_stream<beast::tcp_stream>>;

template <class Stream>
class Client {
 public:
  template <class... Args>
  Client(const Load& load, Args&&... args)
      : stream_(std::forward<Args>(args)...), load_(load), meter_(load.messages), text_(load.size, 'x') {}

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
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      stream_.next_layer().async_handshake(asio::ssl::stream_base::client, [this, port](beast::error_code refused) {
        if (refused) return fail(refused);
        shake_hands(port);
      });
    } else {
      shake_hands(port);
    }
  }
  void shake_hands(std::uint16_t port) {
    stream_.set_option(websocket::stream_base::timeout::suggested(beast::role_type::client));
    if (load_.layer == Layer::deflate) {
      websocket::permessage_deflate deflate;
      deflate.client_enable = true;
      stream_.set_option(deflate);
    }
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

  Stream stream_;
  Load load_;
  Meter meter_;
  std::string text_;
  beast::flat_buffer buffer_;
  bool skip_ = false, finished_ = false;
};

template <class Stream>
int run(asio::io_context& context, Client<Stream>& client, std::uint16_t port) {
  client.start(port);
  context.run();
  if (!client.finished()) return 1;
  client.meter().report();
  return 0;
}

/// All of them wait for a message, as a client does.
int run_idle(const Load& load, std::uint16_t port) {
  struct Connection {
    explicit Connection(asio::io_context& context) : stream(context) {}
    PlainStream stream;
    beast::flat_buffer buffer;
  };
  raise_file_limit();
  IdleMeter meter(load.messages - kIdleWarmUp);
  asio::io_context context{1};
  std::vector<std::unique_ptr<Connection>> all;
  while (all.size() < load.messages) {
    if (all.size() == kIdleWarmUp) meter.begin();
    all.push_back(std::make_unique<Connection>(context));
    auto& one = *all.back();
    beast::get_lowest_layer(one.stream).connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
    one.stream.set_option(websocket::stream_base::timeout::suggested(beast::role_type::client));
    one.stream.handshake("127.0.0.1:" + std::to_string(port), "/");
    one.stream.async_read(one.buffer, [](beast::error_code, std::size_t) {});
    context.poll();
  }
  meter.open();
  context.run_for(std::chrono::seconds(kIdleSeconds));
  meter.report(kIdleSeconds);
  return 0;
}

/// Reads what is sent.
int run_players(const Load& load, std::uint16_t port) {
  IdleMeter meter(load.messages);
  asio::io_context context{1};
  PlainStream stream(context);
  beast::flat_buffer buffer;
  beast::get_lowest_layer(stream).connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
  stream.set_option(websocket::stream_base::timeout::suggested(beast::role_type::client));
  stream.handshake("127.0.0.1:" + std::to_string(port), "/");
  std::uint64_t seen = 0;
  const std::function<void()> read = [&] {
    stream.async_read(buffer, [&](beast::error_code error, std::size_t) {
      if (error) return;
      buffer.consume(buffer.size());
      if (seen++ == 0) meter.begin();  // `ready`
      if (seen == 1 + load.messages) meter.open();
      if (seen < 1 + 2 * load.messages) read();
    });
  };
  read();
  context.run();
  if (seen != 1 + 2 * load.messages) return 1;
  meter.report(kUpdateSeconds);
  return 0;
}

}  // namespace

int run_beast(const Load& load, std::uint16_t port) {
  if (load.kind == Kind::idle) return run_idle(load, port);
  if (load.kind == Kind::players) return run_players(load, port);
  asio::io_context context{1};
  if (load.layer != Layer::tls) {
    Client<PlainStream> client(load, context);
    return run(context, client, port);
  }
  asio::ssl::context tls(asio::ssl::context::tls_client);
  tls.set_verify_mode(asio::ssl::verify_none);
  Client<TlsStream> client(load, context, tls);
  return run(context, client, port);
}

}  // namespace bench
