// NetTest: a RuntimeTest with a strand, and ends of streams that remember.
#pragma once

#include <gtest/gtest.h>

#include "core/asio_strand.hpp"

#include <algorithm>

#include "core/strand.hpp"
#include "lavapp/core/runtime.hpp"
#include "net/byte_stream.hpp"
#include "net/resolver.hpp"
#include "support/runtime_test.hpp"

namespace lavapp::net {

using namespace std::chrono_literals;

class NetTest : public test::RuntimeTest {
 protected:
  NetTest() : strand(runtime.impl()) {}
  ~NetTest() override { poll(); }

  detail::Strand strand;
};

/// Reads all that comes, and remembers it and how it ended.
class Peer final : public ByteStreamHandler, public std::enable_shared_from_this<Peer> {
 public:
  explicit Peer(std::shared_ptr<ByteStream> s, std::size_t buffer_size = 4096)
      : stream(std::move(s)), buffer_(buffer_size) {}
  static std::shared_ptr<Peer> start(std::shared_ptr<ByteStream> stream, std::size_t buffer_size = 4096) {
    auto peer = std::make_shared<Peer>(std::move(stream), buffer_size);
    peer->read();
    return peer;
  }
  void read() {
    reading = true;
    stream->read_some(shared_from_this(), buffer_.data(), buffer_.size());
    EXPECT_TRUE(reading) << "on_read came inside read_some";
  }
  void write(std::string data) {
    out_ = std::move(data);
    stream->write(shared_from_this(), out_);
  }
  void on_read(const std::error_code& error, std::size_t size) override {
    reading = false;
    received.append(buffer_.data(), size);
    if (error) {
      EXPECT_EQ(size, 0u);
      ended = error;
      return;
    }
    if (go_on) read();
  }
  void on_written(const std::error_code& error) override {
    ++writes_ended;
    write_error = error;
  }

  std::shared_ptr<ByteStream> stream;
  std::string received;
  std::error_code ended, write_error;
  int writes_ended = 0;
  bool reading = false;
  bool go_on = true;

 private:
  std::vector<char> buffer_;
  std::string out_;
};

/// Answers as it is told to, or never.
class FakeResolver final : public Resolver {
 public:
  explicit FakeResolver(Addresses a = {}) : addresses(std::move(a)) {}
  Lookup resolve(const detail::Strand& strand, const std::string& host, Resolved resolved) override {
    asked.push_back(host);
    if (addresses.empty()) {
      waiting.push_back(std::move(resolved));
    } else {
      strand.post([a = addresses, resolved = std::move(resolved)]() mutable { resolved(std::move(a)); });
    }
    return Lookup(nullptr, [count = cancelled](void*) { ++*count; });
  }
  Addresses addresses;
  std::vector<std::string> asked;
  std::vector<Resolved> waiting;
  std::shared_ptr<int> cancelled = std::make_shared<int>(0);  ///< Lookups that were let go of, answered or not.
};

}  // namespace lavapp::net
