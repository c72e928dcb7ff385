#include "net/proxy_tunnel.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <optional>
#include <string>

#include "net/proxy.hpp"

namespace lavapp::net {
namespace {

using namespace std::string_literals;

/// A stream whose reads and writes end when the test says so.
struct HeldStream final : ByteStream {
  void read_some(std::shared_ptr<ByteStreamHandler> handler, char* buffer, std::size_t) override {
    handler_ = std::move(handler);
    buffer_ = buffer;
  }
  void write(std::shared_ptr<ByteStreamHandler> handler, std::string_view data) override {
    handler_ = std::move(handler);
    written += data;
    ++writes;
  }
  void close(bool) override { handler_.reset(); }
  void shutdown_send() override {}
  bool is_open() const override { return true; }
  Clock::time_point last_progress() const override { return {}; }

  void hear(const std::string& bytes) {
    std::memcpy(buffer_, bytes.data(), bytes.size());
    handler_->on_read({}, bytes.size());
  }
  void write_ends() { handler_->on_written({}); }

  std::string written;
  int writes = 0;

 private:
  std::shared_ptr<ByteStreamHandler> handler_;
  char* buffer_ = nullptr;
};

/// Opens a tunnel through a SOCKS5 proxy; `open` tells how it ended.
std::shared_ptr<HeldStream> start(std::optional<bool>& open) {
  auto stream = std::make_shared<HeldStream>();
  open_tunnel(stream, parse_proxy("socks5://proxy").value(), "127.0.0.1", 80,
              [&open](auto result) { open = result.has_value(); });
  return stream;
}

const std::string greeting = "\x05\x01\x00"s;
const std::string request = "\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x50"s;
const std::string reply = "\x05\x00\x00\x01\x7f\x00\x00\x01\x12\x34"s;

}  // namespace

TEST(ProxyTunnel, SaysOneThingAfterTheOther) {
  std::optional<bool> open;
  const auto stream = start(open);
  EXPECT_EQ(stream->written, greeting);
  stream->write_ends();
  stream->hear("\x05\x00"s);
  EXPECT_EQ(stream->written, greeting + request);
  stream->write_ends();
  EXPECT_FALSE(open);
  stream->hear(reply);
  EXPECT_EQ(open, true);
  stream->close(false);
}

TEST(ProxyTunnel, StandsOnlyWhenEverythingHasBeenWrittenEvenIfTheProxyAnswersBefore) {
  std::optional<bool> open;
  const auto stream = start(open);
  stream->hear("\x05\x00"s + reply);
  EXPECT_EQ(stream->written, greeting) << "one write at a time";
  EXPECT_FALSE(open);
  stream->write_ends();
  EXPECT_EQ(stream->written, greeting + request);
  EXPECT_FALSE(open);
  stream->write_ends();
  EXPECT_EQ(open, true);
  EXPECT_EQ(stream->writes, 2);
  stream->close(false);
}

TEST(ProxyTunnel, ARefusalEndsItAtOnce) {
  std::optional<bool> open;
  const auto stream = start(open);
  stream->hear("\x05\xff"s);
  EXPECT_EQ(open, false);
  stream->close(false);
}

}  // namespace lavapp::net
