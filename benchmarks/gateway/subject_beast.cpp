#include <simdjson.h>
#include <zlib.h>
#include <zstd.h>

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
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "../file_limit.hpp"
#include "../meter.hpp"
#include "../subjects.hpp"
#include "subjects.hpp"

namespace bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
namespace sj = simdjson::ondemand;
using tcp = asio::ip::tcp;
using PlainStream = websocket::stream<beast::tcp_stream>;
using TlsStream = websocket::stream<beast::ssl_stream<beast::tcp_stream>>;

constexpr std::size_t kPadding = simdjson::SIMDJSON_PADDING;

/// A connection's stream; what comes out is in a buffer that all share.
class Decompressor {
 public:
  explicit Decompressor(Layer layer) {
    if (layer == Layer::zlib) {
      zlib_ = std::make_unique<z_stream>();
      if (inflateInit(zlib_.get()) != Z_OK) throw std::bad_alloc();
    } else if (layer == Layer::zstd) {
      zstd_.reset(ZSTD_createDStream());
      if (!zstd_) throw std::bad_alloc();
    }
  }
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;
  ~Decompressor() {
    if (zlib_) inflateEnd(zlib_.get());
  }
  explicit operator bool() const { return zlib_ || zstd_; }

  /// Followed by kPadding bytes.
  std::string_view run(std::string_view bytes) {
    std::size_t size = 0;
    do {
      if (size + kPadding >= out().size()) out().resize(2 * out().size());
      const auto room = out().size() - size - kPadding;
      const auto got = zlib_ ? inflate_some(bytes, out().data() + size, room) : decompress_some(bytes, out().data() + size, room);
      size += got;
      if (got < room) break;
    } while (true);
    return {out().data(), size};
  }

 private:
  static std::string& out() {
    static std::string buffer(512 * 1024, '\0');
    return buffer;
  }
  std::size_t inflate_some(std::string_view& bytes, char* to, std::size_t room) {
    zlib_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    zlib_->avail_in = static_cast<uInt>(bytes.size());
    zlib_->next_out = reinterpret_cast<Bytef*>(to);
    zlib_->avail_out = static_cast<uInt>(room);
    const int result = inflate(zlib_.get(), Z_SYNC_FLUSH);
    if (result != Z_OK && result != Z_BUF_ERROR) throw std::runtime_error("zlib");
    bytes.remove_prefix(bytes.size() - zlib_->avail_in);
    return room - zlib_->avail_out;
  }
  std::size_t decompress_some(std::string_view& bytes, char* to, std::size_t room) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    ZSTD_outBuffer into{to, room, 0};
    while (in.pos < in.size && into.pos < into.size) {
      if (ZSTD_isError(ZSTD_decompressStream(zstd_.get(), &into, &in))) throw std::runtime_error("zstd");
    }
    bytes.remove_prefix(in.pos);
    return into.pos;
  }

  struct Free {
    void operator()(ZSTD_DStream* stream) const noexcept { ZSTD_freeDStream(stream); }
  };
  std::unique_ptr<z_stream> zlib_;
  std::unique_ptr<ZSTD_DStream, Free> zstd_;
};

struct Payload {
  std::int64_t op = -1;
  std::uint64_t s = 0;
  std::string_view t = {}, d = {};
};

/// \param text  with kPadding bytes behind it
Payload read(std::string_view text, bool data) {
  static sj::parser parser;
  Payload payload;
  auto document = parser.iterate(text.data(), text.size(), text.size() + kPadding);
  int left = data ? 4 : 3;
  for (auto field : document.get_object()) {
    const auto key = field.key().value();
    if (key == "t") {
      if (field.value().get_string().get(payload.t)) payload.t = {};
    } else if (key == "s") {
      if (field.value().get_uint64().get(payload.s)) payload.s = 0;
    } else if (key == "op") {
      payload.op = field.value().get_int64();
    } else if (key == "d" && data) {
      payload.d = field.value().get_object().value().raw_json();
    } else {
      continue;
    }
    if (--left == 0) break;
  }
  return payload;
}

template <class Stream>
class Client {
 public:
  template <class... Args>
  explicit Client(const Load& load, Args&&... args)
      : stream_(std::forward<Args>(args)...), load_(load), decompressor_(load.layer), meter_(load.messages) {}

  void open(std::uint16_t port) {
    auto& lowest = beast::get_lowest_layer(stream_);
    lowest.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
    lowest.socket().set_option(tcp::no_delay(true));
    lowest.expires_never();
    if constexpr (std::is_same_v<Stream, TlsStream>) stream_.next_layer().handshake(asio::ssl::stream_base::client);
    stream_.read_message_max(64 * 1024 * 1024);
    stream_.handshake("127.0.0.1:" + std::to_string(port), "/?v=10&encoding=json");
    stream_.write(asio::buffer(std::string(R"({"op":2,"d":{"token":"benchmark","intents":641,"properties":{"os":"linux"}}})")));
  }
  void read_until_ready() {
    do {
      stream_.read(buffer_);
    } while (take().t != "READY");
    buffer_.shrink_to_fit();
  }
  void start() {
    stream_.async_read(buffer_, [this](beast::error_code error, std::size_t) {
      if (error) return;
      const auto event = take();
      if (event.op == 0 && meter_.hit(event.t.size() + event.d.size())) {
        finished_ = true;
        return beast::get_lowest_layer(stream_).close();
      }
      start();
    });
  }
  bool finished() const { return finished_; }
  const Meter& meter() const { return meter_; }

 private:
  /// Of the message that is in the buffer. Views are valid until the next one is.
  Payload take() {
    const auto size = buffer_.size();
    buffer_.prepare(kPadding);
    const std::string_view message(static_cast<const char*>(buffer_.data().data()), size);
    const auto payload = bench::read(decompressor_ ? decompressor_.run(message) : message, load_.kind == Kind::gateway_data);
    buffer_.consume(size);
    return payload;
  }

  Stream stream_;
  Load load_;
  Decompressor decompressor_;
  Meter meter_;
  beast::flat_buffer buffer_;
  bool finished_ = false;
};

template <class Stream, class... Args>
int run_idle(const Load& load, std::uint16_t port, Args&... args) {
  raise_file_limit();
  IdleMeter meter(load.messages - kIdleWarmUp);
  asio::io_context context{1};
  std::vector<std::unique_ptr<Client<Stream>>> all;
  while (all.size() < load.messages) {
    if (all.size() == kIdleWarmUp) meter.begin();
    all.push_back(std::make_unique<Client<Stream>>(load, context, args...));
    all.back()->open(port);
    all.back()->read_until_ready();
    all.back()->start();
    context.poll();
  }
  meter.open();
  context.run_for(std::chrono::seconds(kShardSeconds));
  meter.report(kShardSeconds);
  return 0;
}

}  // namespace

int run_gateway_beast(const Load& load, std::uint16_t port) {
  if (load.kind == Kind::gateway_idle && load.layer != Layer::tls) return run_idle<PlainStream>(load, port);
  if (load.kind == Kind::gateway_idle) {
    asio::ssl::context tls(asio::ssl::context::tls_client);
    tls.set_verify_mode(asio::ssl::verify_none);
    return run_idle<TlsStream>(load, port, tls);
  }
  asio::io_context context{1};
  Client<PlainStream> client(load, context);
  client.open(port);
  client.read_until_ready();
  client.start();
  context.run();
  if (!client.finished()) return 1;
  client.meter().report();
  return 0;
}

}  // namespace bench
